//! What has changed between two reports.

use std::cmp::Reverse;
use std::collections::HashMap;

use idsync_api::dataarts_studio::enums::ClusterType;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ClusterHealth, Reason, Report, Verdict};

/// What has changed since an earlier report.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Comparison {
    /// The time of the earlier report.
    pub earlier_at: Timestamp,
    /// The time of this report.
    pub observed_at: Timestamp,
    /// The verdict of the earlier report.
    pub verdict_from: Verdict,
    /// The verdict of this report.
    pub verdict_to: Verdict,
    /// The clusters that changed: gone, worse, new, then better, each worst first.
    pub changes: Vec<Change>,
}

/// One cluster that has changed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Change {
    /// How it has changed.
    pub change: ChangeKind,
    /// The project of the cluster, where it is known.
    pub project_id: Option<String>,
    /// The id of the cluster.
    pub cluster_id: Option<String>,
    /// The name of the cluster.
    pub cluster_name: Option<String>,
    /// The service of the cluster.
    pub cluster_type: Option<ClusterType>,
    /// The earlier verdict; null for a cluster that is new.
    pub from: Option<Verdict>,
    /// The current verdict; null for a cluster that is gone.
    pub to: Option<Verdict>,
    /// The reasons for the current verdict.
    pub reasons: Vec<Reason>,
}

/// How a cluster has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ChangeKind {
    /// Its workspaces no longer list it.
    Gone,
    /// Its verdict is worse, or no longer known.
    Worse,
    /// The earlier report does not have it.
    New,
    /// Its verdict is better.
    Better,
}

impl Report {
    /// What has changed since `earlier`.
    ///
    /// A cluster that this report lacks is gone if its own workspaces were listed in full, and has become unknown
    /// otherwise. A verdict that becomes unknown is worse, whatever it was.
    pub fn compare(&self, earlier: &Self) -> Comparison {
        let known = earlier.clusters.iter().map(|it| (identity(it), it));
        let mut known: HashMap<_, _> = known.collect();
        let mut changes = Vec::new();
        for cluster in &self.clusters {
            let from = known.remove(&identity(cluster)).map(|it| it.verdict);
            let to = Some(cluster.verdict);
            changes.extend(Change::between(cluster, from, to, &cluster.reasons));
        }
        for cluster in known.into_values() {
            let from = Some(cluster.verdict);
            changes.extend(if self.is_listed(cluster) {
                Change::between(cluster, from, None, &[])
            } else {
                Change::between(cluster, from, Some(Verdict::Unknown), &self.reasons)
            });
        }
        changes.sort_by(|one, other| rank(one).cmp(&rank(other)));
        Comparison {
            earlier_at: earlier.observed_at,
            observed_at: self.observed_at,
            verdict_from: earlier.verdict,
            verdict_to: self.verdict,
            changes,
        }
    }
}

impl Comparison {
    /// Whether something got worse: a cluster is worse or gone, a new one is worse than running, or the verdict of the report is.
    pub fn is_worse(&self) -> bool {
        let mut changes = self.changes.iter();
        is_worse(self.verdict_from, self.verdict_to)
            || changes.any(|change| match change.change {
                ChangeKind::Gone | ChangeKind::Worse => true,
                ChangeKind::New => change.to > Some(Verdict::Running),
                ChangeKind::Better => false,
            })
    }
}

impl Change {
    fn between(
        cluster: &ClusterHealth,
        from: Option<Verdict>,
        to: Option<Verdict>,
        reasons: &[Reason],
    ) -> Option<Self> {
        let change = match (from, to) {
            (_, None) => ChangeKind::Gone,
            (None, _) => ChangeKind::New,
            (Some(from), Some(to)) if from == to => return None,
            (Some(from), Some(to)) if is_worse(from, to) => ChangeKind::Worse,
            _ => ChangeKind::Better,
        };
        Some(Self {
            change,
            project_id: cluster.project_id.clone(),
            cluster_id: cluster.cluster_id.clone(),
            cluster_name: cluster.cluster_name.clone(),
            cluster_type: cluster.cluster_type.clone(),
            from,
            to,
            reasons: reasons.to_vec(),
        })
    }
}

/// A verdict that becomes unknown is never an improvement.
fn is_worse(from: Verdict, to: Verdict) -> bool {
    from != to && (to == Verdict::Unknown || to > from)
}

/// The key of a cluster in two reports: its id within its project, or name and tasks of one without an id.
fn identity(cluster: &ClusterHealth) -> impl Eq + std::hash::Hash + '_ {
    let rest = cluster
        .cluster_id
        .is_none()
        .then_some((&cluster.cluster_name, &cluster.tasks));
    (&cluster.project_id, &cluster.cluster_id, rest)
}

fn rank(change: &Change) -> impl Ord + '_ {
    (
        (change.change, Reverse(change.to), Reverse(change.from)),
        (&change.cluster_name, &change.cluster_id, &change.project_id),
    )
}
