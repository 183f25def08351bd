//! Whether a cluster is in the state that is waited for.

use idsync::ErrorKind;
use idsync::health::{
    ClusterHealth, ClusterRef, NoteCode, Problem, ReasonCode, Report, Source, Verdict,
};

use super::super::lasting::is_lasting;
use crate::args::Goal;
use crate::failure::Failure;

/// Where a cluster stands on the way to the state that is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Reached,
    /// Not there, or not seen to be there.
    Pending,
    /// Waiting will not help.
    Failing,
}

/// Where `cluster` stands by `report`.
///
/// # Errors
///
/// What keeps the cluster from being seen at all, and does not pass.
pub(super) fn of(
    goal: Goal,
    cluster: &ClusterRef,
    report: &Report,
    tasks_count: bool,
) -> Result<Standing, Failure> {
    if let Some(problem) = report.problems.iter().find(|problem| is_lasting(problem)) {
        return Err(told(problem));
    }
    let Some(health) = find(cluster, report) else {
        return Err(left_out(cluster));
    };
    let tasks_are_unknown = report
        .problems
        .iter()
        .any(|problem| problem.source == Source::DataArts);
    match goal {
        Goal::Idle if tasks_count && tasks_are_unknown => Ok(Standing::Pending),
        Goal::Idle if is_idle(cluster, health) => Ok(Standing::Reached),
        Goal::Idle => Ok(Standing::Pending),
        Goal::Healthy => match health.verdict {
            Verdict::Healthy => Ok(Standing::Reached),
            Verdict::Failing => Ok(Standing::Failing),
            Verdict::Unknown if is_without_task(cluster, health) && !tasks_are_unknown => {
                Err(without_task(cluster))
            }
            _ => Ok(Standing::Pending),
        },
    }
}

/// What the report says of `cluster`.
pub(super) fn find<'a>(cluster: &ClusterRef, report: &'a Report) -> Option<&'a ClusterHealth> {
    let id = cluster.id().as_str();
    report
        .clusters
        .iter()
        .find(|health| health.cluster_id.as_deref() == Some(id))
}

/// Whether the cluster's own service is known to run nothing, and no other is known to run something.
fn is_idle(cluster: &ClusterRef, health: &ClusterHealth) -> bool {
    use ReasonCode as Code;

    let own = Source::from(cluster.service());
    let ignored = health
        .notes
        .iter()
        .filter_map(|note| Some((note.source, note.reason?)));
    let reasons = health
        .reasons
        .iter()
        .map(|reason| (reason.source, reason.code));
    let codes: Vec<_> = reasons.chain(ignored).collect();
    let is_open = codes.iter().any(|(_, code)| {
        matches!(
            code,
            Code::TaskRunning
                | Code::TaskOverrun
                | Code::TaskStatusUnknown
                | Code::IdentitySourceRunning
                | Code::IdentitySourceOverrun
                | Code::RecordStatusUnknown
                | Code::IamSyncRunning
                | Code::SourceUnavailable
        )
    });
    let is_known = codes.iter().any(|(source, _)| *source == own)
        || health
            .notes
            .iter()
            .any(|note| matches!(note.code, NoteCode::NoRecords | NoteCode::IamSyncIdle));
    is_known && !is_open
}

/// Whether nothing but the flag of MRS can ever be known of the cluster.
fn is_without_task(cluster: &ClusterRef, health: &ClusterHealth) -> bool {
    matches!(cluster, ClusterRef::Mrs(_)) && health.tasks.is_empty() && health.reasons.is_empty()
}

/// What keeps the cluster from being seen; where its service does not know it, that may be the wrong one.
fn told(problem: &Problem) -> Failure {
    let failure = Failure::from(problem.clone());
    let is_unknown = matches!(problem.error.kind, ErrorKind::NotFound | ErrorKind::Service);
    if !is_unknown || problem.cluster_id.is_none() {
        return failure;
    }
    let (here, there) = match problem.source {
        Source::Mrs => ("MRS", "DWS, which is written dws:ID"),
        _ => ("DWS", "MRS, which is written mrs:ID"),
    };
    failure.with_hint(format!(
        "check that the cluster is one of {here} and not of {there}, and check the project"
    ))
}

fn left_out(cluster: &ClusterRef) -> Failure {
    unanswerable(format!(
        "{cluster} is left out by an ignore rule of the profile, so nothing is known of it; take the rule out"
    ))
}

fn without_task(cluster: &ClusterRef) -> Failure {
    unanswerable(format!(
        "no workspace has a task for {cluster}, and MRS tells only whether it is idle, not whether it is healthy"
    ))
    .with_hint("check --workspace, or wait --until idle")
}

/// The question has no answer, however long one waits.
fn unanswerable(message: String) -> Failure {
    Failure::unfinished("unanswerable", message)
}
