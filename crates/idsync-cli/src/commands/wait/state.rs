//! Whether a cluster is in the state that a wait is for.

use idsync::ErrorKind;
use idsync::health::{
    ClusterHealth, ClusterRef, NoteCode, Problem, ReasonCode, Report, Source, Verdict,
};

use crate::args::Goal;
use crate::commands::repeat::is_permanent;
use crate::errors::CliError;

/// Whether a cluster is in the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GoalState {
    /// It is.
    Reached,
    /// It is not, or could not be read.
    Pending,
    /// It is failing, and waiting will not help.
    Failing,
}

/// The state of `cluster` in `report`.
///
/// # Errors
///
/// A permanent problem that prevents reading the cluster.
pub(super) fn state(
    goal: Goal,
    cluster: &ClusterRef,
    report: &Report,
    has_tasks: bool,
) -> Result<GoalState, CliError> {
    if let Some(problem) = report.problems.iter().find(|problem| is_permanent(problem)) {
        return Err(explained(problem));
    }
    let Some(health) = find(cluster, report) else {
        return Err(left_out(cluster));
    };
    let tasks_are_unknown = report
        .problems
        .iter()
        .any(|problem| problem.source == Source::DataArts);
    match goal {
        Goal::Idle if has_tasks && tasks_are_unknown => Ok(GoalState::Pending),
        Goal::Idle if is_idle(cluster, health) => Ok(GoalState::Reached),
        Goal::Idle => Ok(GoalState::Pending),
        Goal::Healthy => match health.verdict {
            Verdict::Healthy => Ok(GoalState::Reached),
            Verdict::Failing => Ok(GoalState::Failing),
            Verdict::Unknown if is_without_task(cluster, health) && !tasks_are_unknown => {
                Err(without_task(cluster))
            }
            _ => Ok(GoalState::Pending),
        },
    }
}

/// The health of `cluster`.
pub(super) fn find<'a>(cluster: &ClusterRef, report: &'a Report) -> Option<&'a ClusterHealth> {
    let id = cluster.id().as_str();
    report
        .clusters
        .iter()
        .find(|health| health.cluster_id.as_deref() == Some(id))
}

/// Whether the service of the cluster reports no run, and no other source reports one.
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
                | Code::ClusterNotFound
                | Code::ClusterNotAskable
        )
    });
    let is_known = codes
        .iter()
        .any(|(source, code)| *source == own && *code != Code::NoEvidence)
        || health.notes.iter().any(|note| {
            matches!(
                note.code,
                NoteCode::NoRecords | NoteCode::IamSyncIdle | NoteCode::SourceNotSupported
            )
        });
    is_known && !is_open
}

/// Whether only the flag of MRS can be known of the cluster.
fn is_without_task(cluster: &ClusterRef, health: &ClusterHealth) -> bool {
    matches!(cluster, ClusterRef::Mrs(_)) && health.tasks.is_empty()
}

/// The problem as an error; an unknown cluster may belong to the other service.
fn explained(problem: &Problem) -> CliError {
    let error = CliError::from(problem);
    let is_unknown = matches!(problem.error.kind, ErrorKind::NotFound | ErrorKind::Service);
    if !is_unknown || problem.cluster_id.is_none() {
        return error;
    }
    let (here, there) = match problem.source {
        Source::Mrs => ("MRS", "DWS, which is written dws:ID"),
        _ => ("DWS", "MRS, which is written mrs:ID"),
    };
    error.with_hint(format!(
        "check that the cluster belongs to {here} and not to {there}, and check the project"
    ))
}

fn left_out(cluster: &ClusterRef) -> CliError {
    unanswerable(format!(
        "{cluster} is ignored by a rule of the profile, so nothing is known of it; remove the rule"
    ))
}

fn without_task(cluster: &ClusterRef) -> CliError {
    unanswerable(format!(
        "no workspace has a task for {cluster}, and MRS reports only whether it is idle, not whether it is healthy"
    ))
    .with_hint("check --workspace, or wait --until idle")
}

/// Waiting longer would not answer the question.
fn unanswerable(message: String) -> CliError {
    CliError::unfinished("unanswerable", message)
}
