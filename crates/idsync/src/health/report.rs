//! The judgement of all clusters together.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::cluster::judge_cluster;
use super::{ClusterHealth, ClusterObservation, Problem, Rules, Verdict, words};
use crate::ErrorKind;

/// The name and version of the JSON form of a [`Report`].
const SCHEMA: &str = "idsync.status/v1";

/// The health of all clusters asked for, worst first.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Report {
    /// The name and version of this form.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// The time that the judgement took as the present, to the second.
    pub observed_at: Timestamp,
    /// The project that the clusters belong to; null where it is not known, or there are several.
    pub project_id: Option<String>,
    /// Whether every question was asked: false if the check was ended before. What was not asked is then a problem of
    /// kind `cancelled`.
    pub complete: bool,
    /// The worst verdict of the clusters; unknown where there is none.
    pub verdict: Verdict,
    /// How many clusters have each verdict.
    pub counts: Counts,
    /// How many clusters are left out by an [`IgnoreRule`](super::IgnoreRule).
    pub ignored: u64,
    /// The clusters: the worst verdict first, then by name, then by id, then by project.
    pub clusters: Vec<ClusterHealth>,
    /// What could not be asked or read: what concerns no single cluster first, the rest in the order of the clusters.
    pub problems: Vec<Problem>,
}

/// How many clusters have each verdict that occurs. In JSON an object from verdict to number, worst first.
#[derive(Clone, Debug, Default, PartialEq, Eq, JsonSchema)]
pub struct Counts(#[schemars(with = "BTreeMap<Verdict, u64>")] BTreeMap<Reverse<Verdict>, u64>);

impl Counts {
    /// How many clusters have `verdict`.
    pub fn get(&self, verdict: Verdict) -> u64 {
        self.0.get(&Reverse(verdict)).copied().unwrap_or_default()
    }

    /// Each verdict that occurs with its number, worst first.
    pub fn iter(&self) -> impl Iterator<Item = (Verdict, u64)> {
        self.0
            .iter()
            .map(|(Reverse(verdict), count)| (*verdict, *count))
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

impl Serialize for Counts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (verdict, count) in self.iter() {
            map.serialize_entry(verdict.as_str(), &count)?;
        }
        map.end()
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
    for cluster in clusters {
        let project_id = cluster.project_id.as_ref().or(project_id.as_ref());
        let cluster = ClusterObservation {
            project_id: project_id.cloned(),
            ..cluster.clone()
        };
        judged.add(&cluster, rules, now);
    }
    judged.into_report(project_id, now)
}

/// What has been judged so far.
#[derive(Debug, Default)]
pub(super) struct Judged {
    pub(super) clusters: Vec<(ClusterHealth, Vec<Problem>)>,
    /// What concerns no single cluster.
    pub(super) problems: Vec<Problem>,
    pub(super) ignored: u64,
}

impl Judged {
    fn add(&mut self, cluster: &ClusterObservation, rules: &Rules, now: Timestamp) {
        if cluster.is_left_out(rules) {
            self.ignored += 1;
        } else {
            let health = judge_cluster(cluster, rules, now);
            self.clusters.push((health, cluster.problems()));
        }
    }

    /// Both together.
    pub(super) fn and(mut self, other: Self) -> Self {
        self.clusters.extend(other.clusters);
        self.problems.extend(other.problems);
        self.ignored += other.ignored;
        self
    }

    /// The report on all of it.
    pub(super) fn into_report(mut self, project_id: Option<String>, now: Timestamp) -> Report {
        self.clusters
            .sort_by(|(one, _), (other, _)| compare(one, other));
        self.problems
            .sort_by(|one, other| one.rank().cmp(&other.rank()));
        let (clusters, of_clusters): (Vec<_>, Vec<_>) = self.clusters.into_iter().unzip();
        let of_clusters = of_clusters.into_iter().flatten();
        let problems: Vec<_> = self.problems.into_iter().chain(of_clusters).collect();
        let mut kinds = problems.iter().map(|problem| problem.error.kind);
        Report {
            schema: SCHEMA,
            observed_at: words::whole_second(now),
            project_id,
            complete: kinds.all(|kind| kind != ErrorKind::Cancelled),
            verdict: clusters
                .iter()
                .map(|cluster| cluster.verdict)
                .max()
                .unwrap_or(Verdict::Unknown),
            counts: clusters.iter().map(|cluster| cluster.verdict).collect(),
            ignored: self.ignored,
            clusters,
            problems,
        }
    }
}

/// The order of clusters: what is most urgent first, and the same whatever order they were judged in.
fn compare(one: &ClusterHealth, other: &ClusterHealth) -> Ordering {
    let text = |cluster: &ClusterHealth| serde_json::to_string(cluster).unwrap_or_default();
    rank(one)
        .cmp(&rank(other))
        // Two of one name, id and project are told apart by all the rest.
        .then_with(|| text(one).cmp(&text(other)))
}

/// What clusters are sorted by; those without a name or id come after those that have one.
fn rank(cluster: &ClusterHealth) -> impl Ord + '_ {
    let named = |text: &'_ Option<String>| text.is_none();
    (
        Reverse(cluster.verdict),
        named(&cluster.cluster_name),
        cluster.cluster_name.as_deref(),
        named(&cluster.cluster_id),
        cluster.cluster_id.as_deref(),
        cluster.project_id.as_deref(),
    )
}
