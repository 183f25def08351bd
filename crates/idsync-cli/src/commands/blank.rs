//! Reports that know nothing.

use idsync::health::{ClusterHealth, Problem, ReasonCode, Report};

use crate::exit::Exit;

/// The problem that stands for all, if they left nothing known of any cluster: one of credentials only where all are.
pub(super) fn why_nothing_is_known(report: &Report) -> Option<&Problem> {
    if !report.clusters.iter().all(is_unread) {
        return None;
    }
    let worldly = report
        .problems
        .iter()
        .find(|problem| Exit::from(problem.error.kind) != Exit::Refused);
    worldly.or(report.problems.first())
}

/// Whether no source said anything of the cluster.
fn is_unread(cluster: &ClusterHealth) -> bool {
    !cluster.reasons.is_empty()
        && cluster
            .reasons
            .iter()
            .all(|reason| reason.code == ReasonCode::SourceUnavailable)
}
