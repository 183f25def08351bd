//! `idsync wait`: until clusters are idle or healthy.

use std::io;
use std::time::Duration;

use idsync::health::{
    ClusterHealth, ClusterRef, NoteCode, Problem, ReasonCode, Report, Source, Verdict,
};
use idsync::{ErrorKind, Service};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use tokio::time::{Instant, sleep, sleep_until};

use super::signals::Interrupt;
use crate::args::values::ClusterArg;
use crate::args::{Format, Goal, TargetArgs, WaitArgs};
use crate::connect::Connection;
use crate::errors::{CliError, Exit};
use crate::output::{
    FAINT, Output, ProgressLine, Times, WARNING, counted, duration, in_zone, look, paint, plain,
    problem_lines, why, words,
};
use crate::targets::Targets;

/// Checks until the clusters reach the state, or cannot reach it.
pub(super) async fn run(args: &WaitArgs, output: &Output) -> Result<Exit, CliError> {
    let began = Instant::now();
    let connection = Connection::open_one(&args.connection, output).await?;
    let mut interrupt = Interrupt::once()?;
    let mut wait = Wait::new(args, connection).await?;
    let progress = ProgressLine::new(output);
    let outcome = tokio::select! {
        outcome = wait.check_repeatedly(args.interval, &progress) => outcome?,
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
        interval: Duration,
        progress: &ProgressLine,
    ) -> Result<Outcome, CliError> {
        let mut pause = interval;
        loop {
            let (checker, _) = self.targets.checker().await?;
            let report = checker.check().await?;
            self.checks += 1;
            let clusters = self.clusters.iter();
            let states = clusters.map(|cluster| self.state(cluster, &report));
            let states: Vec<_> = states.collect::<Result<_, _>>()?;
            pause = pause_after(&report.problems, pause, interval);
            self.last = Some(report);
            if states.contains(&Some(Outcome::Failing)) {
                return Ok(Outcome::Failing);
            }
            let reached = states.iter().flatten().count();
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
                reached: matches!(state, Some(Ok(Some(Outcome::Reached)))),
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

    /// How `report` ends the wait for `cluster`; not at all while it is not in the state, or could not be read.
    ///
    /// # Errors
    ///
    /// A permanent problem that prevents reading the cluster.
    fn state(&self, cluster: &ClusterRef, report: &Report) -> Result<Option<Outcome>, CliError> {
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
            Goal::Idle if self.targets.workspaces() > 0 && tasks_are_unknown => false,
            Goal::Idle => is_idle(cluster, health),
            Goal::Healthy => health.verdict == Verdict::Healthy,
        };
        let is_without_tasks = health.tasks.is_empty() && !tasks_are_unknown;
        match health.verdict {
            _ if is_reached => Ok(Some(Outcome::Reached)),
            _ if self.goal == Goal::Idle => Ok(None),
            Verdict::Failing => Ok(Some(Outcome::Failing)),
            Verdict::Unknown if is_without_tasks && cluster.service() == Service::Mrs => {
                let message = format!(
                    "MRS reports only whether {cluster} is idle, and no workspace has a task for it that reports whether it is healthy"
                );
                let error = CliError::unfinished(UNANSWERABLE, message);
                Err(error.with_hint("check --workspace, or wait --until idle"))
            }
            _ => Ok(None),
        }
    }
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
    let notes = health.notes.iter();
    let ignored = notes.clone().filter_map(|it| Some((it.source, it.reason?)));
    let reasons = health.reasons.iter().map(|it| (it.source, it.code));
    let is_open = |code: ReasonCode| match code {
        // These do not hide whether a run is in progress.
        ReasonCode::ScheduleNotUnderstood
        | ReasonCode::TimeImplausible
        | ReasonCode::NoEvidence => false,
        _ => matches!(
            code.verdict(),
            Verdict::Running | Verdict::Stuck | Verdict::Unknown
        ),
    };
    let own = Source::from(cluster.service());
    let mut is_known = notes.map(|note| note.code).any(|code| {
        matches!(
            code,
            NoteCode::NoRecords | NoteCode::IamSyncIdle | NoteCode::SourceNotSupported
        )
    });
    for (source, code) in reasons.chain(ignored) {
        if is_open(code) {
            return false;
        }
        is_known |= source == own && code != ReasonCode::NoEvidence;
    }
    is_known
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

/// The pause after a check with `problems`: `interval`, or twice the `last` pause if a service throttled.
pub(crate) fn pause_after(problems: &[Problem], last: Duration, interval: Duration) -> Duration {
    let mut kinds = problems.iter().map(|problem| problem.error.kind);
    if kinds.any(|kind| kind == ErrorKind::Throttled) {
        return (last * 2).min(MAX_PAUSE).max(interval);
    }
    interval
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
        ErrorKind::Service => matches!(error.status, Some(400..=499)),
        _ => false,
    }
}

/// The name and version of the JSON form of a [`WaitResult`].
const SCHEMA: &str = "idsync.wait/v1";

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    /// Every cluster is in the state.
    Reached,
    /// A cluster is failing.
    Failing,
    /// The timeout was reached first.
    TimedOut,
    /// A signal ended it first.
    Interrupted,
}

/// The result of a wait, with the result of the last check.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub(crate) struct WaitResult {
    /// The name and version of this form.
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    /// The state: `idle` or `healthy`.
    until: &'static str,
    /// How the wait ended.
    outcome: Outcome,
    /// Number of checks that were done.
    looks: u64,
    /// Duration in seconds.
    elapsed_seconds: f64,
    /// When the last check was done; null if none was.
    observed_at: Option<Timestamp>,
    /// The clusters, in the order of the command line.
    clusters: Vec<WaitedCluster>,
    /// The read failures of the last check.
    problems: Vec<Problem>,
}

/// A cluster of a wait.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
struct WaitedCluster {
    /// The cluster as it was given.
    cluster: String,
    /// Whether it was in the state at the last check.
    reached: bool,
    /// Its health at the last check; null if no check was done.
    health: Option<ClusterHealth>,
}

impl WaitResult {
    fn print(&self, output: &Output) -> io::Result<()> {
        let fields = "cluster,reached,health.cluster_name,health.verdict,health.reasons.message";
        if output.format == Format::Ndjson {
            return output.lines([self]);
        }
        output.print(self, fields, &self.clusters, || self.text(output))
    }

    /// One line for each cluster, then how the wait ended unless the output is quiet.
    fn text(&self, output: &Output) -> String {
        let clusters = self.clusters.iter();
        let times = output.times(self.observed_at.unwrap_or_else(Timestamp::now));
        let lines = clusters.map(|cluster| line(cluster, self.until, &times));
        let lines: String = lines.collect();
        if output.is_quiet {
            return lines;
        }
        let problems = problem_lines(&self.problems, output.width);
        format!("{lines}{}\n{problems}", paint(FAINT, &self.ending()))
    }

    fn ending(&self) -> String {
        let how = match self.outcome {
            Outcome::Reached => "reached",
            Outcome::Failing => "stopped, because a cluster is failing,",
            Outcome::TimedOut => "timed out",
            Outcome::Interrupted => "interrupted",
        };
        let checks = counted(self.looks, "check");
        let elapsed = Duration::try_from_secs_f64(self.elapsed_seconds).unwrap_or_default();
        format!("{how} after {checks} in {}", duration(elapsed))
    }
}

fn line(cluster: &WaitedCluster, until: &str, times: &Times) -> String {
    let id = &cluster.cluster;
    let Some(health) = &cluster.health else {
        return format!("{} {id} has not been checked\n", paint(WARNING, "?"));
    };
    let not = if cluster.reached { "" } else { "not " };
    let (symbol, style) = look(health.verdict);
    let symbol = paint(style, &symbol.to_string());
    let name = health.cluster_name.as_deref().map(plain);
    let name = name.map(|name| format!(" ({name})")).unwrap_or_default();
    let why = match in_zone(&plain(&why(health, false)), times) {
        why if why.is_empty() => why,
        why => format!(", {why}"),
    };
    format!(
        "{symbol} {id}{name} is {not}{until}: {}{why}\n",
        words(health.verdict)
    )
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
        let others = [problem(ErrorKind::Connect)];
        let after = |last: Duration| pause_after(&throttled, last, SECOND);
        assert_eq!(after(SECOND), 2 * SECOND);
        assert_eq!(after(2 * SECOND), 4 * SECOND);
        assert_eq!(after(MAX_PAUSE), MAX_PAUSE);
        assert_eq!(pause_after(&others, 4 * SECOND, SECOND), SECOND);
        let day = Duration::from_hours(24);
        assert_eq!(pause_after(&throttled, day, day), day);
    }
}
