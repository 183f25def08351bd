//! What is told of a watch, line by line: each change of a verdict.

use std::collections::HashMap;

use idsync::health::{ClusterHealth, Reason, Report, Verdict};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// The name and version of the JSON form of a [`Change`].
const SCHEMA: &str = "idsync.watch/v1";

/// A verdict that is new, has changed, or is gone.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub(crate) struct Change {
    /// The name and version of this form.
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    /// When it was noticed.
    observed_at: Timestamp,
    /// Whose verdict it is.
    subject: Subject,
    /// The project of the cluster, where it is known.
    project_id: Option<String>,
    /// The id of the cluster; null for the whole.
    cluster_id: Option<String>,
    /// The name of the cluster; null for the whole.
    cluster_name: Option<String>,
    /// The verdict at the look before; null for what was not there, and so at the first look.
    from: Option<Verdict>,
    /// The verdict now; null for a cluster that is gone.
    to: Option<Verdict>,
    /// What the verdict rests on now; empty for the whole and for a cluster that is gone.
    reasons: Vec<Reason>,
}

/// Whose verdict has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Subject {
    /// One cluster.
    Cluster,
    /// All clusters together.
    Whole,
}

/// What `after` has that `before` had not: clusters that are gone, then the others as the report has them, then the whole.
pub(crate) fn changes(before: Option<&Report>, after: &Report) -> Vec<Change> {
    let known = before.map_or(&[][..], |report| &report.clusters);
    let mut known: HashMap<_, _> = known
        .iter()
        .map(|cluster| (identity(cluster), cluster))
        .collect();
    let mut changes = Vec::new();
    for cluster in &after.clusters {
        let from = known
            .remove(&identity(cluster))
            .map(|cluster| cluster.verdict);
        if from != Some(cluster.verdict) {
            changes.push(Change {
                from,
                to: Some(cluster.verdict),
                reasons: cluster.reasons.clone(),
                ..Change::of(Some(cluster), after)
            });
        }
    }
    let mut gone: Vec<_> = known.into_iter().collect();
    gone.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    let gone = gone.into_iter().map(|(_, cluster)| Change {
        from: Some(cluster.verdict),
        ..Change::of(Some(cluster), after)
    });
    changes.splice(..0, gone);
    let from = before.map(|report| report.verdict);
    if from != Some(after.verdict) {
        changes.push(Change {
            from,
            to: Some(after.verdict),
            ..Change::of(None, after)
        });
    }
    changes
}

/// What tells a cluster from every other: its id within its project, and what is left for one without an id.
pub(crate) fn identity(cluster: &ClusterHealth) -> impl Ord + std::hash::Hash + '_ {
    let otherwise = cluster
        .cluster_id
        .is_none()
        .then_some((&cluster.cluster_name, &cluster.tasks));
    (&cluster.project_id, &cluster.cluster_id, otherwise)
}

impl Change {
    fn of(cluster: Option<&ClusterHealth>, report: &Report) -> Self {
        Self {
            schema: SCHEMA,
            observed_at: report.observed_at,
            subject: cluster.map_or(Subject::Whole, |_| Subject::Cluster),
            project_id: cluster
                .map_or(&report.project_id, |cluster| &cluster.project_id)
                .clone(),
            cluster_id: cluster.and_then(|cluster| cluster.cluster_id.clone()),
            cluster_name: cluster.and_then(|cluster| cluster.cluster_name.clone()),
            from: None,
            to: None,
            reasons: Vec::new(),
        }
    }
}
