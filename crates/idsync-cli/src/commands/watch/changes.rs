//! Changes of verdicts between two checks.

use std::collections::HashSet;

use idsync::health::{Change, ClusterHealth, Reason, Report, Verdict};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// The name and version of the JSON form of a [`VerdictChange`].
const SCHEMA: &str = "idsync.watch/v1";

/// A verdict that is new, has changed, or is gone.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub(crate) struct VerdictChange {
    /// The name and version of this form.
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    /// When it was observed.
    pub(super) observed_at: Timestamp,
    /// The subject of the verdict.
    subject: ChangeSubject,
    /// The project of the cluster, if it is known.
    project_id: Option<String>,
    /// The id of the cluster; null for the whole report.
    pub(super) cluster_id: Option<String>,
    /// The name of the cluster; null for the whole report.
    pub(super) cluster_name: Option<String>,
    /// The verdict of the check before; null if the cluster is new, and at the first check.
    pub(super) from: Option<Verdict>,
    /// The verdict now; null if the cluster is gone.
    pub(super) to: Option<Verdict>,
    /// The reasons for the verdict; empty for the whole report and for a cluster that is gone.
    pub(super) reasons: Vec<Reason>,
}

/// The subject of a changed verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum ChangeSubject {
    /// One cluster.
    Cluster,
    /// The whole report.
    Whole,
}

impl VerdictChange {
    /// The fields of a row in CSV.
    pub(super) const FIELDS: &'static [&'static str] = &[
        "schema",
        "observed_at",
        "subject",
        "project_id",
        "cluster_id",
        "cluster_name",
        "from",
        "to",
        "reasons",
        "reasons.message",
    ];

    fn of(change: Change, observed_at: Timestamp) -> Self {
        Self {
            schema: SCHEMA,
            observed_at,
            subject: ChangeSubject::Cluster,
            project_id: change.project_id,
            cluster_id: change.cluster_id,
            cluster_name: change.cluster_name,
            from: change.from,
            to: change.to,
            reasons: change.reasons,
        }
    }
}

/// The changes from `before` to `after`: those of clusters in the order of a comparison, then that of the whole.
pub(super) fn changes(before: Option<&Report>, after: &Report) -> Vec<VerdictChange> {
    let at = after.observed_at;
    let mut nothing = after.clone();
    nothing.clusters.clear();
    let comparison = after.compare(before.unwrap_or(&nothing));
    let clusters = comparison.changes.into_iter();
    let mut changes: Vec<_> = clusters.map(|it| VerdictChange::of(it, at)).collect();
    let from = before.map(|report| report.verdict);
    if from != Some(after.verdict) {
        changes.push(VerdictChange {
            schema: SCHEMA,
            observed_at: at,
            subject: ChangeSubject::Whole,
            project_id: after.project_id.clone(),
            cluster_id: None,
            cluster_name: None,
            from,
            to: Some(after.verdict),
            reasons: Vec::new(),
        });
    }
    changes
}

/// The unique key of a cluster: its id within its project, or its name and tasks if it has no id.
fn identity(cluster: &ClusterHealth) -> impl Ord + std::hash::Hash + '_ {
    let without_id = cluster
        .cluster_id
        .is_none()
        .then_some((&cluster.cluster_name, &cluster.tasks));
    (&cluster.project_id, &cluster.cluster_id, without_id)
}

/// Adds to `fresh` the clusters of `before` that it lacks but that are not gone; they become unknown, for the reasons of the
/// report. A cluster is gone if its own workspaces were listed in full without it.
pub(super) fn merged(before: Option<&Report>, mut fresh: Report) -> Report {
    let Some(before) = before else { return fresh };
    let listed: HashSet<_> = fresh.clusters.iter().map(identity).collect();
    let missing = before.clusters.iter();
    let missing = missing.filter(|cluster| !listed.contains(&identity(cluster)));
    let unseen = missing.filter(|cluster| !fresh.is_listed(cluster));
    let unseen: Vec<_> = unseen.cloned().collect();
    drop(listed);
    fresh.add_unlisted(unseen);
    fresh
}
