//! The judgement of all clusters together.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::cluster::judge_cluster;
use super::{ClusterHealth, ClusterObservation, Problem, Rules, Verdict, words};

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
    /// The project that the clusters belong to, where it is known.
    pub project_id: Option<String>,
    /// The worst verdict of the clusters; unknown where there is none.
    pub verdict: Verdict,
    /// How many clusters have each verdict.
    pub counts: Counts,
    /// The clusters: the worst verdict first, then by name, then by id.
    pub clusters: Vec<ClusterHealth>,
    /// What could not be asked or read.
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
/// `problems` are those that concern no single cluster; those of the clusters are added to them. The result does not
/// depend on the order of `clusters`, as long as no two of them have the same name and id.
pub fn judge(
    project_id: Option<&str>,
    clusters: &[ClusterObservation],
    problems: Vec<Problem>,
    rules: &Rules,
    now: Timestamp,
) -> Report {
    let judged = clusters
        .iter()
        .map(|cluster| (judge_cluster(cluster, rules, now), cluster.problems()));
    let mut judged: Vec<_> = judged.collect();
    judged.sort_by(|(one, _), (other, _)| rank(one).cmp(&rank(other)));
    let (clusters, of_clusters): (Vec<_>, Vec<_>) = judged.into_iter().unzip();
    Report {
        schema: SCHEMA,
        observed_at: words::whole_second(now),
        project_id: project_id.map(str::to_owned),
        verdict: clusters
            .iter()
            .map(|cluster| cluster.verdict)
            .max()
            .unwrap_or(Verdict::Unknown),
        counts: clusters.iter().map(|cluster| cluster.verdict).collect(),
        clusters,
        problems: problems
            .into_iter()
            .chain(of_clusters.into_iter().flatten())
            .collect(),
    }
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
    )
}
