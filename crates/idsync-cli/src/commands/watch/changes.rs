//! Changes of verdicts between two checks.

use std::collections::{HashMap, HashSet};

use idsync::health::{ClusterHealth, Reason, Report, Verdict};
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

    fn of(cluster: Option<&ClusterHealth>, report: &Report) -> Self {
        Self {
            schema: SCHEMA,
            observed_at: report.observed_at,
            subject: cluster.map_or(ChangeSubject::Whole, |_| ChangeSubject::Cluster),
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

/// The changes from `before` to `after`: clusters that are gone, then the others in the order of the report, then the whole.
pub(super) fn changes(before: Option<&Report>, after: &Report) -> Vec<VerdictChange> {
    let known = before.map_or(&[][..], |report| &report.clusters);
    let known = known.iter().map(|cluster| (identity(cluster), cluster));
    let mut known: HashMap<_, _> = known.collect();
    let mut changes = Vec::new();
    for cluster in &after.clusters {
        let from = known.remove(&identity(cluster));
        let from = from.map(|cluster| cluster.verdict);
        if from != Some(cluster.verdict) {
            changes.push(VerdictChange {
                from,
                to: Some(cluster.verdict),
                reasons: cluster.reasons.clone(),
                ..VerdictChange::of(Some(cluster), after)
            });
        }
    }
    let mut gone: Vec<_> = known.into_iter().collect();
    gone.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    let gone = gone.into_iter().map(|(_, cluster)| VerdictChange {
        from: Some(cluster.verdict),
        ..VerdictChange::of(Some(cluster), after)
    });
    changes.splice(..0, gone);
    let from = before.map(|report| report.verdict);
    if from != Some(after.verdict) {
        changes.push(VerdictChange {
            from,
            to: Some(after.verdict),
            ..VerdictChange::of(None, after)
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
