//! The judgement of all clusters together.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

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
    /// The time that the judgement took as the present, to the second.
    pub observed_at: Timestamp,
    /// The project that the clusters belong to; null where it is not known, or there are several.
    pub project_id: Option<String>,
    /// Whether every question was answered and understood, and nothing interrupted the check.
    pub complete: bool,
    /// How many questions were not answered, or not understood.
    #[serde(default)]
    pub unanswered: u64,
    /// Which services the rules ask. One that is left out is no gap in the evidence.
    #[serde(default)]
    pub sources: Vec<Source>,
    /// The worst verdict of the clusters and of `reasons`.
    pub verdict: Verdict,
    /// How many clusters have each verdict.
    pub counts: Counts,
    /// How many clusters are ignored by an [`IgnoreRule`](super::IgnoreRule).
    pub ignored: u64,
    /// What is not known of the whole: a workspace or a project that could not be listed, or that there is nothing to
    /// judge.
    #[serde(default)]
    pub reasons: Vec<Reason>,
    /// The clusters: the worst verdict first, then by name, then by id, then by project.
    pub clusters: Vec<ClusterHealth>,
    /// What could not be asked or read: what concerns no single cluster first, the rest in the order of the clusters.
    pub problems: Vec<Problem>,
}

impl Report {
    /// Whether nothing that bears on the verdicts is unknown, so that the absence of a bad verdict means something.
    ///
    /// A reason that an [`IgnoreRule`](super::IgnoreRule) leaves out does not count, nor does the flag of MRS for a cluster
    /// that DataArts Studio judges.
    pub fn is_conclusive(&self) -> bool {
        let clusters = self.clusters.iter().flat_map(|cluster| &cluster.reasons);
        let mut reasons = self.reasons.iter().chain(clusters);
        self.verdict != Verdict::Unknown && reasons.all(|reason| reason.verdict != Verdict::Unknown)
    }

    /// Whether nothing at all could be learned: something failed, and no source said anything of any cluster.
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
}

/// How many clusters have each verdict that occurs. In JSON an object from verdict to number, worst first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Counts(
    #[cfg_attr(feature = "schemars", schemars(with = "BTreeMap<Verdict, u64>"))]
    BTreeMap<Reverse<Verdict>, u64>,
);

impl Counts {
    /// How many clusters have `verdict`.
    pub fn get(&self, verdict: Verdict) -> u64 {
        self.0.get(&Reverse(verdict)).copied().unwrap_or_default()
    }

    /// Each verdict that occurs with its number, worst first.
    pub fn iter(&self) -> impl Iterator<Item = (Verdict, u64)> {
        let counts = self.0.iter();
        counts.map(|(Reverse(verdict), count)| (*verdict, *count))
    }
}

impl FromIterator<Verdict> for Counts {
    fn from_iter<I: IntoIterator<Item = Verdict>>(verdicts: I) -> Self {
        let mut counts = BTreeMap::new();
        for verdict in verdicts {
            *counts.entry(Reverse(verdict)).or_default() += 1;
        }
        Self(counts)
    }
}

/// Judges all clusters: a pure function of what was seen, the rules, and the time.
///
/// `project_id` is that of the report, and of each cluster that names none. `problems` are those that concern no single
/// cluster; those of the clusters are added to them. The order of what is given has no bearing on the result.
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
        if rules.ignores(cluster.name()) {
            judged.ignored += 1;
        } else {
            let mut health = judge_cluster(cluster, rules, now);
            let mut problems = Problem::of(cluster);
            if let (None, Some(project_id)) = (&cluster.project_id, project_id) {
                health.project_id = Some(project_id.to_owned());
                for problem in &mut problems {
                    problem.project_id = Some(project_id.to_owned());
                }
            }
            judged.clusters.push((health, problems));
        }
    }
    judged.into_report(project_id.map(str::to_owned), now)
}

/// What has been judged so far.
#[derive(Debug, Default)]
pub(super) struct Judged {
    pub(super) clusters: Vec<(ClusterHealth, Vec<Problem>)>,
    /// What concerns no single cluster.
    pub(super) problems: Vec<Problem>,
    /// What else is not known of the whole.
    pub(super) reasons: Vec<Reason>,
    pub(super) ignored: u64,
    sources: Vec<Source>,
}

impl Judged {
    /// Notes which services `rules` ask.
    pub(super) fn add_sources(&mut self, rules: &Rules) {
        let services = Source::SERVICES.into_iter();
        let asked = services.filter(|source| rules.asks(*source));
        self.sources.extend(asked);
        self.sources.sort_unstable();
        self.sources.dedup();
    }

    /// The report on all of it.
    pub(super) fn into_report(mut self, project_id: Option<String>, now: Timestamp) -> Report {
        // A stable sort takes as much memory again; clusters that compare equal are the same in all.
        self.clusters
            .sort_unstable_by(|(one, _), (other, _)| compare(one, other));
        self.merge_problems();
        self.add_reasons(now);
        let unanswered = self.unanswered();
        let mut problems = self.problems;
        let mut of_clusters = Vec::new();
        let clusters = self.clusters.into_iter().map(|(cluster, problems)| {
            of_clusters.extend(problems);
            cluster
        });
        let clusters: Vec<_> = clusters.collect();
        of_clusters.retain(|problem| !problems.iter().any(|whole| whole.covers(problem)));
        problems.extend(of_clusters);
        let verdicts = clusters.iter().map(|cluster| cluster.verdict);
        let reasons = self.reasons.iter().map(|reason| reason.verdict);
        let worst = verdicts.clone().chain(reasons).max();
        Report {
            schema: SCHEMA.to_owned(),
            observed_at: text::whole_second(now),
            project_id,
            complete: unanswered == 0,
            unanswered,
            sources: self.sources,
            verdict: worst.unwrap_or(Verdict::Unknown),
            counts: verdicts.collect(),
            ignored: self.ignored,
            reasons: self.reasons,
            clusters,
            problems,
        }
    }

    /// Sorts what concerns no single cluster, each once; a problem of a service stands for the same in its lists.
    fn merge_problems(&mut self) {
        self.problems
            .sort_by(|one, other| one.rank().cmp(&other.rank()));
        self.problems.dedup();
        let problems = self.problems.iter();
        let of_services = problems.filter(|problem| problem.workspace_id.is_none());
        let of_services: Vec<_> = of_services.cloned().collect();
        self.problems.retain(|problem| {
            problem.workspace_id.is_none() || !of_services.iter().any(|it| it.covers(problem))
        });
    }

    /// Adds what the problems mean for the whole, and whether there is anything to judge.
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

    fn unanswered(&self) -> u64 {
        let is_list = |problem: &&Problem| matches!(problem.source, Source::DataArts | Source::All);
        let lists: Vec<_> = self.problems.iter().filter(is_list).collect();
        let clusters = self.clusters.iter().map(|(cluster, _)| {
            let mut lists = lists.iter();
            let is_list_counted = lists.any(|list| list.project_id == cluster.project_id);
            unanswered(cluster, is_list_counted)
        });
        lists.len() as u64 + clusters.sum::<u64>()
    }
}

/// The order of clusters: what is most urgent first, and the same whatever order they were judged in. Those without a
/// name or id come after those that have one.
fn compare(one: &ClusterHealth, other: &ClusterHealth) -> Ordering {
    let (name, id) = (&one.cluster_name, &one.cluster_id);
    let (other_name, other_id) = (&other.cluster_name, &other.cluster_id);
    let text = |cluster: &ClusterHealth| serde_json::to_string(cluster).unwrap_or_default();
    (other.verdict.cmp(&one.verdict))
        .then_with(|| (name.is_none(), name).cmp(&(other_name.is_none(), other_name)))
        .then_with(|| (id.is_none(), id).cmp(&(other_id.is_none(), other_id)))
        .then_with(|| one.project_id.cmp(&other.project_id))
        // Two of one name, id and project differ in the rest.
        .then_with(|| text(one).cmp(&text(other)))
}
