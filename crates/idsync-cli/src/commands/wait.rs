//! `idsync wait`: until clusters are idle or healthy.

mod result;
mod state;

use idsync::health::{ClusterRef, Report};
use tokio::time::{Instant, sleep, sleep_until};

pub(crate) use self::result::WaitResult;
use self::result::{Outcome, WaitedCluster};
use self::state::{GoalState, find, state};
use super::repeat::Backoff;
use super::signals::Interrupt;
use crate::args::{Goal, WaitArgs};
use crate::connect::Connection;
use crate::errors::{CliError, Exit};
use crate::output::Output;
use crate::output::progress::ProgressLine;

/// Checks until the clusters are in the state, or will not be.
pub(super) async fn run(args: &WaitArgs, output: &Output) -> Result<Exit, CliError> {
    let began = Instant::now();
    let connection = Connection::open_one(&args.connection, output).await?;
    let mut interrupt = Interrupt::once()?;
    let mut wait = Wait::new(args, &connection);
    wait.refuse_mrs_alone()?;
    let progress = ProgressLine::new(output.is_quiet());
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
struct Wait<'a> {
    connection: &'a Connection,
    workspaces: Vec<idsync::WorkspaceId>,
    clusters: Vec<ClusterRef>,
    goal: Goal,
    /// Number of checks that are done.
    checks: u64,
    last: Option<Report>,
}

impl<'a> Wait<'a> {
    fn new(args: &WaitArgs, connection: &'a Connection) -> Self {
        let mut clusters: Vec<ClusterRef> = Vec::with_capacity(args.cluster.len());
        for cluster in &args.cluster {
            if !clusters.contains(cluster) {
                clusters.push(cluster.clone());
            }
        }
        Self {
            connection,
            workspaces: connection.workspaces(&args.workspace),
            clusters,
            goal: args.until,
            checks: 0,
            last: None,
        }
    }

    /// MRS alone never reports that a cluster is healthy.
    fn refuse_mrs_alone(&self) -> Result<(), CliError> {
        let mut clusters = self.clusters.iter();
        let mrs = clusters.find(|cluster| matches!(cluster, ClusterRef::Mrs(_)));
        match mrs {
            Some(cluster) if self.goal == Goal::Healthy && self.workspaces.is_empty() => {
                Err(CliError::usage(format!(
                    "MRS reports only whether {cluster} is idle, not whether it is healthy; give a workspace with a task for \
                     it with --workspace or IDSYNC_WORKSPACE, or wait --until idle"
                )))
            }
            _ => Ok(()),
        }
    }

    async fn check_repeatedly(
        &mut self,
        mut backoff: Backoff,
        progress: &ProgressLine,
    ) -> Result<Outcome, CliError> {
        loop {
            let report = self.check().await?;
            self.checks += 1;
            let has_tasks = !self.workspaces.is_empty();
            let clusters = self.clusters.iter();
            let states = clusters.map(|cluster| state(self.goal, cluster, &report, has_tasks));
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

    /// Checks these clusters and no others.
    async fn check(&self) -> Result<Report, CliError> {
        let time = self.connection.time().await?;
        let checker = self.connection.client.health().only_named();
        let mut checker = checker.clock(move || time.now());
        for workspace in &self.workspaces {
            checker = checker.workspace(workspace);
        }
        for cluster in &self.clusters {
            checker = checker.cluster(cluster.clone());
        }
        Ok(checker.check().await?)
    }

    fn result(&self, outcome: Outcome, elapsed: std::time::Duration) -> WaitResult {
        let report = self.last.as_ref();
        let has_tasks = !self.workspaces.is_empty();
        let clusters = self.clusters.iter().map(|cluster| {
            let state = report.map(|report| state(self.goal, cluster, report, has_tasks));
            WaitedCluster {
                cluster: cluster.to_string(),
                reached: matches!(state, Some(Ok(GoalState::Reached))),
                health: report.and_then(|report| find(cluster, report)).cloned(),
            }
        });
        WaitResult::new(self.goal.as_str(), outcome, clusters.collect()).after(
            self.checks,
            elapsed,
            report,
        )
    }
}
