//! The judgement of all clusters together.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::cluster::{judge_cluster, worst_of};
use super::coverage::unanswered;
use super::{
    ClusterHealth, ClusterObservation, Problem, Reason, ReasonCode, Rules, Source, Verdict, words,
};

/// The name and version of the JSON form of a [`Report`].
const SCHEMA: &str = "idsync.status/v1";

/// The health of all clusters asked for, worst first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// Which services are asked by choice. One that is left out is no gap in the evidence.
    #[serde(default)]
    pub sources: Vec<Source>,
    /// The worst verdict of the clusters and of `reasons`.
    pub verdict: Verdict,
    /// How many clusters have each verdict.
    pub counts: Counts,
    /// How many clusters are left out by an [`IgnoreRule`](super::IgnoreRule).
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
pub fn judge(
    project_id: Option<&str>,
    clusters: &[ClusterObservation],
    problems: Vec<Problem>,
    rules: &Rules,
    now: Timestamp,
) -> Report {
    let project_id = project_id.map(str::to_owned);
    let mut judged = Judged {
        problems,
        ..Judged::default()
    };
    judged.allow(rules);
    for cluster in clusters {
        let project_id = cluster.project_id.as_ref().or(project_id.as_ref());
        let cluster = ClusterObservation {
            project_id: project_id.cloned(),
            ..cluster.clone()
        };
        if rules.leave_out(cluster.name()) {
            judged.ignored += 1;
        } else {
            let health = judge_cluster(&cluster, rules, now);
            judged.clusters.push((health, Problem::of(&cluster)));
        }
    }
    judged.into_report(project_id, now)
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
    pub(super) sources: Vec<Source>,
}

impl Judged {
    /// Notes which services `rules` ask.
    pub(super) fn allow(&mut self, rules: &Rules) {
        let asked = Source::SERVICES
            .into_iter()
            .filter(|source| rules.asks(*source));
        self.sources.extend(asked);
        self.sources.sort_unstable();
        self.sources.dedup();
    }

    /// The report on all of it.
    pub(super) fn into_report(mut self, project_id: Option<String>, now: Timestamp) -> Report {
        self.clusters
            .sort_by(|(one, _), (other, _)| compare(one, other));
        self.problems
            .sort_by(|one, other| one.rank().cmp(&other.rank()));
        self.problems.dedup();
        let services: Vec<_> = self
            .problems
            .iter()
            .filter(|problem| problem.workspace_id.is_none())
            .cloned()
            .collect();
        self.problems.retain(|problem| {
            problem.workspace_id.is_none()
                || !services.iter().any(|service| service.covers(problem))
        });
        let reasons = self.whole(now);
        let unanswered = self.unanswered();
        let (clusters, of_clusters): (Vec<_>, Vec<_>) = self.clusters.into_iter().unzip();
        let of_clusters: Vec<_> = of_clusters
            .into_iter()
            .flatten()
            .filter(|problem| !self.problems.iter().any(|whole| whole.covers(problem)))
            .collect();
        let verdicts = clusters.iter().map(|cluster| cluster.verdict);
        let whole = (!reasons.is_empty()).then(|| worst_of(&reasons));
        Report {
            schema: SCHEMA.to_owned(),
            observed_at: words::whole_second(now),
            project_id,
            complete: unanswered == 0,
            unanswered,
            sources: self.sources,
            verdict: verdicts
                .clone()
                .chain(whole)
                .max()
                .unwrap_or(Verdict::Unknown),
            counts: verdicts.collect(),
            ignored: self.ignored,
            reasons,
            clusters,
            problems: self.problems.into_iter().chain(of_clusters).collect(),
        }
    }

    /// The reasons that concern the whole.
    fn whole(&mut self, now: Timestamp) -> Vec<Reason> {
        let mut reasons = std::mem::take(&mut self.reasons);
        reasons.extend(self.problems.iter().map(|problem| problem.reason(now)));
        if self.clusters.is_empty() && reasons.is_empty() {
            let message = match self.ignored {
                0 => "there is no cluster to judge: the workspaces have no tasks".to_owned(),
                1 => "there is no cluster to judge: 1 is ignored by rule".to_owned(),
                ignored => format!("there is no cluster to judge: {ignored} are ignored by rule"),
            };
            let code = ReasonCode::NothingToJudge;
            reasons.push(Reason::new(code, Source::All, message, now));
        }
        reasons
    }

    fn unanswered(&self) -> u64 {
        let is_list = |problem: &&Problem| matches!(problem.source, Source::DataArts | Source::All);
        let lists: Vec<_> = self.problems.iter().filter(is_list).collect();
        let clusters = self.clusters.iter().map(|(cluster, _)| {
            let is_list_counted = lists
                .iter()
                .any(|list| list.project_id == cluster.project_id);
            unanswered(cluster, is_list_counted)
        });
        lists.len() as u64 + clusters.sum::<u64>()
    }
}

/// The order of clusters: what is most urgent first, and the same whatever order they were judged in.
fn compare(one: &ClusterHealth, other: &ClusterHealth) -> Ordering {
    let text = |cluster: &ClusterHealth| serde_json::to_string(cluster).unwrap_or_default();
    rank(one)
        .cmp(&rank(other))
        // Two of one name, id and project differ in the rest.
        .then_with(|| text(one).cmp(&text(other)))
}

/// What clusters are sorted by; those without a name or id come after those that have one.
fn rank(cluster: &ClusterHealth) -> impl Ord + '_ {
    let is_absent = |text: &'_ Option<String>| text.is_none();
    (
        Reverse(cluster.verdict),
        is_absent(&cluster.cluster_name),
        &cluster.cluster_name,
        is_absent(&cluster.cluster_id),
        &cluster.cluster_id,
        &cluster.project_id,
    )
}
