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
    /// The time of the present report.
    pub observed_at: Timestamp,
    /// The verdict of the earlier report.
    pub verdict_from: Verdict,
    /// The verdict of the present report.
    pub verdict_to: Verdict,
    /// The clusters that changed: what is gone first, then what is worse, each worst first.
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
    /// The present verdict; null for a cluster that is gone.
    pub to: Option<Verdict>,
    /// What the present verdict rests on.
    pub reasons: Vec<Reason>,
}

/// How a cluster has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ChangeKind {
    /// Its own workspaces do not list it any more.
    Gone,
    /// Its verdict is worse, or not known any more.
    Worse,
    /// It was not there before.
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
        let clusters = self.clusters.iter();
        let changes = clusters.filter_map(|it| changed(known.remove(&identity(it)), it));
        let mut changes: Vec<_> = changes.collect();
        changes.extend(known.into_values().filter_map(|it| self.missing(it)));
        changes.sort_by(|one, other| rank(one).cmp(&rank(other)));
        Comparison {
            earlier_at: earlier.observed_at,
            observed_at: self.observed_at,
            verdict_from: earlier.verdict,
            verdict_to: self.verdict,
            changes,
        }
    }

    /// What has become of a cluster that this report lacks.
    fn missing(&self, cluster: &ClusterHealth) -> Option<Change> {
        let from = Some(cluster.verdict);
        if self.is_listed(cluster) {
            return Some(Change::of(cluster, ChangeKind::Gone, from, None, &[]));
        }
        let to = Some(Verdict::Unknown);
        (from != to).then(|| Change::of(cluster, ChangeKind::Worse, from, to, &self.reasons))
    }
}

impl Comparison {
    /// Whether something got worse: a cluster that is worse or gone, a new one that is worse than running, or the whole.
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
    fn of(
        cluster: &ClusterHealth,
        change: ChangeKind,
        from: Option<Verdict>,
        to: Option<Verdict>,
        reasons: &[Reason],
    ) -> Self {
        Self {
            change,
            project_id: cluster.project_id.clone(),
            cluster_id: cluster.cluster_id.clone(),
            cluster_name: cluster.cluster_name.clone(),
            cluster_type: cluster.cluster_type.clone(),
            from,
            to,
            reasons: reasons.to_vec(),
        }
    }
}

fn changed(before: Option<&ClusterHealth>, cluster: &ClusterHealth) -> Option<Change> {
    let (from, to) = (before.map(|before| before.verdict), cluster.verdict);
    let change = match from {
        None => ChangeKind::New,
        Some(from) if from == to => return None,
        Some(from) if is_worse(from, to) => ChangeKind::Worse,
        Some(_) => ChangeKind::Better,
    };
    Some(Change::of(
        cluster,
        change,
        from,
        Some(to),
        &cluster.reasons,
    ))
}

/// To lose sight of something is never an improvement.
fn is_worse(from: Verdict, to: Verdict) -> bool {
    from != to && (to == Verdict::Unknown || to > from)
}

/// What makes a cluster the same in two reports: its id within its project, or what is left for one without an id.
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
