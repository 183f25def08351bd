//! `idsync wait`: until clusters are idle or healthy.

mod result;

use std::time::Duration;

use idsync::ErrorKind;
use idsync::health::{
    ClusterHealth, ClusterRef, NoteCode, Problem, ReasonCode, Report, Source, Verdict,
};
use tokio::time::{Instant, sleep, sleep_until};

pub(crate) use self::result::WaitResult;
use self::result::{Outcome, SCHEMA, WaitedCluster};
use super::signals::Interrupt;
use crate::args::values::ClusterArg;
use crate::args::{Goal, TargetArgs, WaitArgs};
use crate::connect::Connection;
use crate::errors::{CliError, Exit};
use crate::output::Output;
use crate::output::progress::ProgressLine;
use crate::targets::Targets;

/// Checks until the clusters reach the state, or cannot reach it.
pub(super) async fn run(args: &WaitArgs, output: &Output) -> Result<Exit, CliError> {
    let began = Instant::now();
    let connection = Connection::open_one(&args.connection, output).await?;
    let mut interrupt = Interrupt::once()?;
    let mut wait = Wait::new(args, connection).await?;
    let progress = ProgressLine::new(output);
    let outcome = tokio::select! {
        outcome = wait.check_repeatedly(Backoff::new(args.interval), &progress) => outcome?,
        () = sleep_until(began + args.timeout) => Outcome::TimedOut,
        _ = interrupt.received() => Outcome::Interrupted,
    };
    drop(progress);
    wait.result(outcome, began.elapsed()).print(output)?;
    Ok(match outcome {
        Outcome::Reached => Exit::Done,
        Outcome::Failing => Exit::Matched,
        Outcome::TimedOut => Exit::TimedOut,
        Outcome::Interrupted => Exit::Failed,
    })
}

/// A wait in progress.
struct Wait {
    targets: Targets,
    clusters: Vec<ClusterRef>,
    goal: Goal,
    /// Number of checks that are done.
    checks: u64,
    last: Option<Report>,
}

impl Wait {
    async fn new(args: &WaitArgs, connection: Connection) -> Result<Self, CliError> {
        let mut clusters = Vec::with_capacity(args.cluster.len());
        for given in &args.cluster {
            let cluster = match given {
                ClusterArg::Id(cluster) => cluster.clone(),
                ClusterArg::Name(name) => {
                    let named = connection.named(name, &args.workspace).await?;
                    named.ok_or_else(|| {
                        CliError::usage(format!("no task in a workspace names a cluster {name}"))
                            .with_hint("give dws:ID or mrs:ID, or its workspace with --workspace")
                    })?
                }
            };
            if !clusters.contains(&cluster) {
                clusters.push(cluster);
            }
        }
        let targets = TargetArgs {
            workspace: args.workspace.clone(),
            cluster: clusters.clone(),
            only_named: true,
            ..TargetArgs::default()
        };
        Ok(Self {
            targets: Targets::of_connection(&targets, connection)?,
            clusters,
            goal: args.until,
            checks: 0,
            last: None,
        })
    }

    async fn check_repeatedly(
        &mut self,
        mut backoff: Backoff,
        progress: &ProgressLine,
    ) -> Result<Outcome, CliError> {
        loop {
            let report = self.targets.checker().await?.check().await?;
            self.checks += 1;
            let clusters = self.clusters.iter();
            let states = clusters.map(|cluster| self.state(cluster, &report));
            let states: Vec<GoalState> = states.collect::<Result<_, _>>()?;
            let pause = backoff.after(&report.problems);
            self.last = Some(report);
            if states.contains(&GoalState::Failing) {
                return Ok(Outcome::Failing);
            }
            let reached = states.iter().filter(|state| **state == GoalState::Reached);
            let reached = reached.count();
            if reached == states.len() {
                return Ok(Outcome::Reached);
            }
            let goal = self.goal.as_str();
            progress.show(format!("{reached} of {} {goal}", states.len()));
            sleep(pause).await;
        }
    }

    fn result(&self, outcome: Outcome, elapsed: Duration) -> WaitResult {
        let report = self.last.as_ref();
        let clusters = self.clusters.iter().map(|cluster| {
            let state = report.map(|report| self.state(cluster, report));
            WaitedCluster {
                cluster: cluster.to_string(),
                reached: matches!(state, Some(Ok(GoalState::Reached))),
                health: report.and_then(|report| find(cluster, report)).cloned(),
            }
        });
        WaitResult {
            schema: SCHEMA,
            until: self.goal.as_str(),
            outcome,
            looks: self.checks,
            elapsed_seconds: (elapsed.as_secs_f64() * 1000.0).round() / 1000.0,
            observed_at: report.map(|report| report.observed_at),
            clusters: clusters.collect(),
            problems: report.map_or_else(Vec::new, |report| report.problems.clone()),
        }
    }

    /// The state of `cluster` in `report`.
    ///
    /// # Errors
    ///
    /// A permanent problem that prevents reading the cluster.
    fn state(&self, cluster: &ClusterRef, report: &Report) -> Result<GoalState, CliError> {
        let mut problems = report.problems.iter();
        if let Some(problem) = problems.clone().find(|problem| is_permanent(problem)) {
            return Err(explained(problem));
        }
        let Some(health) = find(cluster, report) else {
            let message = format!("{cluster} is ignored by a rule of the profile; remove the rule");
            return Err(CliError::unfinished(UNANSWERABLE, message));
        };
        let tasks_are_unknown = problems.any(|problem| problem.source == Source::DataArts);
        let is_reached = match self.goal {
            Goal::Idle => {
                is_idle(cluster, health) && !(self.targets.workspaces() > 0 && tasks_are_unknown)
            }
            Goal::Healthy => health.verdict == Verdict::Healthy,
        };
        let is_unknown = health.verdict == Verdict::Unknown;
        match (self.goal, cluster) {
            _ if is_reached => Ok(GoalState::Reached),
            (Goal::Healthy, _) if health.verdict == Verdict::Failing => Ok(GoalState::Failing),
            (Goal::Healthy, ClusterRef::Mrs(_))
                if is_unknown && health.tasks.is_empty() && !tasks_are_unknown =>
            {
                let message = format!(
                    "MRS reports only whether {cluster} is idle, and no workspace has a task for it that reports whether it is healthy"
                );
                let error = CliError::unfinished(UNANSWERABLE, message);
                Err(error.with_hint("check --workspace, or wait --until idle"))
            }
            _ => Ok(GoalState::Pending),
        }
    }
}

/// Whether a cluster is in the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum GoalState {
    /// It is.
    Reached,
    /// It is not, or could not be read.
    Pending,
    /// It is failing, and waiting will not help.
    Failing,
}

/// The kind of an error about a state that waiting cannot reach.
const UNANSWERABLE: &str = "unanswerable";

/// The health of `cluster`.
fn find<'a>(cluster: &ClusterRef, report: &'a Report) -> Option<&'a ClusterHealth> {
    let id = cluster.id().as_str();
    let mut clusters = report.clusters.iter();
    clusters.find(|health| health.cluster_id.as_deref() == Some(id))
}

/// Whether the service of the cluster reports no run, and no other source reports one.
fn is_idle(cluster: &ClusterRef, health: &ClusterHealth) -> bool {
    let own = Source::from(cluster.service());
    let ignored = health.notes.iter();
    let ignored = ignored.filter_map(|note| Some((note.source, note.reason?)));
    let reasons = health.reasons.iter();
    let reasons = reasons.map(|reason| (reason.source, reason.code));
    let codes: Vec<_> = reasons.chain(ignored).collect();
    let is_open = codes.iter().any(|(_, code)| match code {
        // These do not hide whether a run is in progress.
        ReasonCode::ScheduleNotUnderstood
        | ReasonCode::TimeImplausible
        | ReasonCode::NoEvidence => false,
        code => matches!(
            code.verdict(),
            Verdict::Running | Verdict::Stuck | Verdict::Unknown
        ),
    });
    let mut known = codes.iter();
    let is_known = known.any(|(source, code)| *source == own && *code != ReasonCode::NoEvidence);
    let mut notes = health.notes.iter().map(|note| note.code);
    let has_no_run = notes.any(|code| {
        matches!(
            code,
            NoteCode::NoRecords | NoteCode::IamSyncIdle | NoteCode::SourceNotSupported
        )
    });
    (is_known || has_no_run) && !is_open
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

/// Longest pause after throttling, unless the interval itself is longer.
const MAX_PAUSE: Duration = Duration::from_secs(600);

/// The pause between two checks: the interval, doubled after each check that was throttled.
#[derive(Debug)]
pub(crate) struct Backoff {
    interval: Duration,
    pause: Duration,
}

impl Backoff {
    pub(crate) fn new(interval: Duration) -> Self {
        Self {
            interval,
            pause: interval,
        }
    }

    /// The pause after a check with `problems`.
    pub(crate) fn after(&mut self, problems: &[Problem]) -> Duration {
        let is_throttled = problems
            .iter()
            .any(|problem| problem.error.kind == ErrorKind::Throttled);
        self.pause = if is_throttled {
            (self.pause * 2).min(MAX_PAUSE).max(self.interval)
        } else {
            self.interval
        };
        self.pause
    }
}

/// Whether a problem persists until someone fixes it; all others may be transient.
pub(crate) fn is_permanent(problem: &Problem) -> bool {
    let error = &problem.error;
    match error.kind {
        ErrorKind::InvalidInput
        | ErrorKind::Configuration
        | ErrorKind::Credentials
        | ErrorKind::Authentication
        | ErrorKind::Permission
        | ErrorKind::NotFound
        | ErrorKind::Redirect => true,
        // The service rejects the request, as DWS does for an unknown cluster.
        ErrorKind::Service => error
            .status
            .is_some_and(|status| (400..500).contains(&status)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn problem(kind: ErrorKind) -> Problem {
        let any = "a/b".parse::<idsync::ClusterId>().unwrap_err();
        let mut problem = Problem::new(Source::Dws, None, &any);
        problem.error.kind = kind;
        problem
    }

    #[test]
    fn throttled_checks_in_a_row_double_the_pause_up_to_a_bound() {
        let throttled = [problem(ErrorKind::Connect), problem(ErrorKind::Throttled)];
        let mut backoff = Backoff::new(SECOND);
        assert_eq!(backoff.after(&[]), SECOND);
        assert_eq!(backoff.after(&throttled), 2 * SECOND);
        assert_eq!(backoff.after(&throttled), 4 * SECOND);
        assert_eq!(backoff.after(&[problem(ErrorKind::Connect)]), SECOND);
        for _ in 0..100 {
            assert!(backoff.after(&throttled) <= MAX_PAUSE);
        }
        assert_eq!(backoff.after(&throttled), MAX_PAUSE);
        let day = Duration::from_hours(24);
        assert_eq!(Backoff::new(day).after(&throttled), day);
    }
}
