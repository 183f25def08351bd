//! The judgement of all clusters together.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize, Serializer};

use super::cluster::judge_cluster;
use super::coverage::unanswered;
use super::{
    ClusterHealth, ClusterObservation, Problem, Reason, ReasonCode, Rules, Source, Verdict, text,
};

/// The name and version of the JSON form of a [`Report`].
const SCHEMA: &str = "idsync.status/v1";

/// The health of all clusters asked for, worst first.
///
/// It is saved and read back as JSON, and [compared](Self::compare) with an earlier one:
///
/// ```
/// use idsync::health::{Report, Rules, judge};
///
/// let report = judge(None, &[], Vec::new(), &Rules::new(), jiff::Timestamp::now());
/// let saved = serde_json::to_string(&report)?;
/// let earlier: Report = serde_json::from_str(&saved)?;
/// assert!(report.compare(&earlier).changes.is_empty());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Report {
    /// The name and version of this form.
    #[cfg_attr(feature = "schemars", schemars(extend("const" = SCHEMA)))]
    pub schema: String,
    /// The time of the judgement, to the second.
    pub observed_at: Timestamp,
    /// The project that the clusters belong to; null where it is not known, or there are several.
    pub project_id: Option<String>,
    /// Whether every reading was complete and understood, and nothing interrupted the check.
    pub complete: bool,
    /// Number of readings that were not complete or not understood.
    #[serde(default)]
    pub unanswered: u64,
    /// The services that the rules ask. A service that is left out by choice is not missing evidence.
    #[serde(default)]
    pub sources: Vec<Source>,
    /// The worst verdict of the clusters and of `reasons`.
    pub verdict: Verdict,
    /// Number of clusters of each verdict that occurs; in JSON, worst first.
    #[serde(serialize_with = "worst_first")]
    pub counts: BTreeMap<Verdict, u64>,
    /// Number of clusters that an [`IgnoreRule`](super::IgnoreRule) leaves out.
    pub ignored: u64,
    /// What concerns no single cluster: a workspace or a project that could not be listed, or that there is nothing to
    /// judge.
    #[serde(default)]
    pub reasons: Vec<Reason>,
    /// The clusters: the worst verdict first, then by name, then by id, then by project.
    pub clusters: Vec<ClusterHealth>,
    /// The sources that could not be read: those that concern no single cluster first, then in the order of the clusters.
    pub problems: Vec<Problem>,
}

impl Report {
    /// Whether nothing that affects the verdicts is unknown, so that the absence of a bad verdict is reliable.
    ///
    /// A reason that an [`IgnoreRule`](super::IgnoreRule) leaves out does not count, nor does the flag of MRS for a cluster
    /// that DataArts Studio judges.
    pub fn is_conclusive(&self) -> bool {
        let clusters = self.clusters.iter().flat_map(|cluster| &cluster.reasons);
        let mut reasons = self.reasons.iter().chain(clusters);
        self.verdict != Verdict::Unknown && reasons.all(|reason| reason.verdict != Verdict::Unknown)
    }

    /// Whether nothing could be read: something failed, and no source answered for any cluster.
    pub fn answered_nothing(&self) -> bool {
        !self.problems.is_empty() && self.clusters.iter().all(ClusterHealth::is_unread)
    }

    /// Whether each workspace that lists `cluster` was listed in full for this report, so that it is gone if the report
    /// lacks it.
    pub fn is_listed(&self, cluster: &ClusterHealth) -> bool {
        let mut problems = self.problems.iter().filter(|problem| {
            problem.cluster_id.is_none() && problem.project_id == cluster.project_id
        });
        problems.all(|problem| {
            let workspace = problem.workspace_id.as_ref();
            workspace.is_some_and(|workspace| !cluster.workspaces.contains(workspace))
        })
    }

    /// Adds clusters that could not be listed: they are unknown, for the reasons of the report.
    pub fn add_unlisted(&mut self, clusters: impl IntoIterator<Item = ClusterHealth>) {
        for mut cluster in clusters {
            cluster.verdict = Verdict::Unknown;
            cluster.reasons.clone_from(&self.reasons);
            cluster.diagnosis = None;
            self.verdict = self.verdict.max(cluster.verdict);
            *self.counts.entry(cluster.verdict).or_default() += 1;
            self.clusters.push(cluster);
        }
        self.clusters.sort_unstable_by(compare);
    }
}

fn worst_first<S: Serializer>(
    counts: &BTreeMap<Verdict, u64>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(counts.iter().rev())
}

/// Judges all clusters: a pure function of the observations, the rules and the time.
///
/// `project_id` is that of the report, and of each cluster without one. `problems` are those that concern no single
/// cluster; those of the clusters are added. The result does not depend on the order of the arguments' items.
///
/// ```
/// use idsync::dws::Record;
/// use idsync::health::{ClusterObservation, Reading, RecordHistory, Rules, Verdict, judge};
///
/// let now = "2026-11-22T06:00:00Z".parse()?;
/// let mut record = Record::default();
/// record.status = Some("RUNNING".into());
/// record.start_time = Some("2026-11-22T05:50:00Z".parse()?);
/// let records = Reading::Read(RecordHistory::of([record], now));
/// let cluster = ClusterObservation::new("cc6588d6").with_type("DWS".into()).with_records(records);
///
/// let report = judge(Some("0833a573"), &[cluster], Vec::new(), &Rules::new(), now);
/// assert_eq!(report.verdict, Verdict::Running);
/// # Ok::<(), jiff::Error>(())
/// ```
pub fn judge(
    project_id: Option<&str>,
    clusters: &[ClusterObservation],
    problems: Vec<Problem>,
    rules: &Rules,
    now: Timestamp,
) -> Report {
    let mut judged = Judged {
        problems,
        ..Judged::default()
    };
    judged.add_sources(rules);
    for cluster in clusters {
        if rules.ignores(cluster) {
            judged.ignored += 1;
        } else {
            let mut health = judge_cluster(cluster, rules, now);
            let mut problems = Problem::of(cluster);
            let project_id = cluster.project_id.as_deref().or(project_id);
            health.project_id = project_id.map(str::to_owned);
            for problem in &mut problems {
                problem.project_id.clone_from(&health.project_id);
            }
            judged.clusters.push((health, problems));
        }
    }
    judged.into_report(project_id.map(str::to_owned), now)
}

/// The results so far.
#[derive(Debug, Default)]
pub(super) struct Judged {
    pub(super) clusters: Vec<(ClusterHealth, Vec<Problem>)>,
    /// Problems that concern no single cluster.
    pub(super) problems: Vec<Problem>,
    /// Other reasons that concern no single cluster.
    pub(super) reasons: Vec<Reason>,
    pub(super) ignored: u64,
    sources: Vec<Source>,
}

impl Judged {
    /// Adds the services that `rules` ask.
    pub(super) fn add_sources(&mut self, rules: &Rules) {
        let services = Source::SERVICES.into_iter();
        let asked = services.filter(|source| rules.asks(*source));
        self.sources.extend(asked);
        self.sources.sort_unstable();
        self.sources.dedup();
    }

    /// Makes the report.
    pub(super) fn into_report(mut self, project_id: Option<String>, now: Timestamp) -> Report {
        // A stable sort needs as much memory again; clusters that compare equal are equal.
        self.clusters
            .sort_unstable_by(|(one, _), (other, _)| compare(one, other));
        self.merge_problems();
        self.add_reasons(now);
        let is_list = |it: &&Problem| matches!(it.source, Source::DataArts | Source::All);
        let lists = self.problems.iter().filter(is_list).count() as u64;
        let open = self.clusters.iter();
        let open = open.map(|(cluster, _)| unanswered(cluster, lists > 0));
        let unanswered = lists + open.sum::<u64>();
        let (clusters, of_clusters): (Vec<_>, Vec<_>) = self.clusters.into_iter().unzip();
        let of_clusters = of_clusters.into_iter().flatten();
        let covered = |it: &Problem| self.problems.iter().any(|whole| whole.covers(it));
        let of_clusters: Vec<_> = of_clusters.filter(|it| !covered(it)).collect();
        let mut problems = self.problems;
        problems.extend(of_clusters);
        let mut counts = BTreeMap::new();
        for cluster in &clusters {
            *counts.entry(cluster.verdict).or_default() += 1;
        }
        let verdicts = counts.keys().copied();
        let reasons = self.reasons.iter().map(|reason| reason.verdict);
        let worst = verdicts.chain(reasons).max();
        Report {
            schema: SCHEMA.to_owned(),
            observed_at: text::whole_second(now),
            project_id,
            complete: unanswered == 0,
            unanswered,
            sources: self.sources,
            verdict: worst.unwrap_or(Verdict::Unknown),
            counts,
            ignored: self.ignored,
            reasons: self.reasons,
            clusters,
            problems,
        }
    }

    /// Sorts the problems that concern no single cluster, each once; a problem of a service includes those of its lists.
    fn merge_problems(&mut self) {
        self.problems.sort_unstable();
        self.problems.dedup();
        let problems = self.problems.iter();
        let of_services = problems.filter(|problem| problem.workspace_id.is_none());
        let of_services: Vec<_> = of_services.cloned().collect();
        self.problems.retain(|problem| {
            problem.workspace_id.is_none() || !of_services.iter().any(|it| it.covers(problem))
        });
    }

    /// Adds a reason for each problem, and one if there is nothing to judge.
    fn add_reasons(&mut self, now: Timestamp) {
        let problems = self.problems.iter();
        self.reasons
            .extend(problems.map(|problem| problem.reason(now)));
        if self.clusters.is_empty() && self.reasons.is_empty() {
            let why = match self.ignored {
                0 => "the workspaces have no tasks".to_owned(),
                1 => "1 is ignored by rule".to_owned(),
                ignored => format!("{ignored} are ignored by rule"),
            };
            let message = format!("there is no cluster to judge: {why}");
            let code = ReasonCode::NothingToJudge;
            let reason = Reason::new(code, Source::All, message, now);
            self.reasons.push(reason);
        }
    }
}

/// The order of clusters: worst first, independent of the order in which they were judged. Those without a
/// name or id come after those that have one.
fn compare(one: &ClusterHealth, other: &ClusterHealth) -> Ordering {
    let text = |cluster: &ClusterHealth| serde_json::to_string(cluster).unwrap_or_default();
    // Clusters of the same name, id and project differ in other fields.
    (rank(one).cmp(&rank(other))).then_with(|| text(one).cmp(&text(other)))
}

fn rank(cluster: &ClusterHealth) -> impl Ord + '_ {
    let (name, id) = (&cluster.cluster_name, &cluster.cluster_id);
    let identity = (name.is_none(), name, id.is_none(), id, &cluster.project_id);
    (Reverse(cluster.verdict), identity)
}
