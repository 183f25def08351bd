//! `idsync wait`: until clusters are idle or healthy.

mod standing;

use idsync::health::{ClusterRef, Problem, Report};
use tokio::time::{Instant, sleep, sleep_until};

use self::standing::Standing;
use super::interruption::Interruption;
use super::pace::Pace;
use crate::args::{Goal, WaitArgs};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Outcome, Output, ProgressLine, Waited, WaitedCluster};

/// Looks until the clusters are in the state that is waited for, or will not be.
pub(super) async fn run(args: &WaitArgs, output: &mut Output) -> Result<Exit, Failure> {
    let began = Instant::now();
    let context = Context::open(&args.connection()).await?;
    let mut interruption = Interruption::expected_once()?;
    let mut wait = Wait {
        context: &context,
        workspaces: context.workspaces(&args.workspace)?,
        clusters: distinct(&args.cluster),
        goal: args.until,
        looks: 0,
        last: None,
    };
    wait.refuse_if_vain()?;
    let progress = output.progress();
    let outcome = tokio::select! {
        outcome = wait.look_again_and_again(Pace::new(args.interval), &progress) => outcome?,
        () = sleep_until(began + args.timeout) => Outcome::TimedOut,
        _ = interruption.received() => Outcome::Interrupted,
    };
    drop(progress);
    output.waited(&wait.into_waited(outcome, began.elapsed()))?;
    Ok(match outcome {
        Outcome::Reached => Exit::Done,
        Outcome::Failing => Exit::Matched,
        Outcome::TimedOut => Exit::TimedOut,
        Outcome::Interrupted => Exit::Failed,
    })
}

/// The clusters, each once.
fn distinct(clusters: &[ClusterRef]) -> Vec<ClusterRef> {
    let mut once = Vec::with_capacity(clusters.len());
    for cluster in clusters {
        if !once.contains(cluster) {
            once.push(cluster.clone());
        }
    }
    once
}

/// A wait that goes on.
struct Wait<'a> {
    context: &'a Context,
    workspaces: Vec<idsync::WorkspaceId>,
    clusters: Vec<ClusterRef>,
    goal: Goal,
    /// How many looks have come to an end.
    looks: u64,
    /// What the last of them saw.
    last: Option<Report>,
}

impl Wait<'_> {
    /// # Errors
    ///
    /// If it is known beforehand that a cluster cannot be seen to be in the state that is waited for.
    fn refuse_if_vain(&self) -> Result<(), Failure> {
        let mut clusters = self.clusters.iter();
        let vain = |cluster: &&ClusterRef| matches!(cluster, ClusterRef::Mrs(_));
        match clusters.find(vain) {
            Some(cluster) if self.goal == Goal::Healthy && self.workspaces.is_empty() => {
                Err(Failure::usage(format!(
                    "MRS tells only whether {cluster} is idle, not whether it is healthy; name a workspace that has a task \
                     for it with --workspace or IDSYNC_WORKSPACE, or wait --until idle"
                )))
            }
            _ => Ok(()),
        }
    }

    /// Looks until there is no need to look again.
    async fn look_again_and_again(
        &mut self,
        mut pace: Pace,
        progress: &ProgressLine,
    ) -> Result<Outcome, Failure> {
        loop {
            let report = self.look().await?;
            self.looks += 1;
            let report = self.last.insert(report);
            let standings = self.clusters.iter().map(|cluster| {
                standing::of(self.goal, cluster, report, !self.workspaces.is_empty())
            });
            let standings = standings.collect::<Result<Vec<_>, _>>()?;
            if standings.contains(&Standing::Failing) {
                return Ok(Outcome::Failing);
            }
            let reached = standings
                .iter()
                .filter(|standing| **standing == Standing::Reached)
                .count();
            if reached == standings.len() {
                return Ok(Outcome::Reached);
            }
            let goal = self.goal.as_str();
            progress.say(format!("{reached} of {} {goal}", standings.len()));
            sleep(pace.after(&report.problems)).await;
        }
    }

    /// Asks for the clusters, and no others.
    async fn look(&self) -> Result<Report, Failure> {
        let time = self.context.time().await?;
        let check = self.context.client.health().only_named();
        let mut check = check.clock(move || time.now());
        for workspace in &self.workspaces {
            check = check.workspace(workspace);
        }
        for cluster in &self.clusters {
            check = check.cluster(cluster.clone());
        }
        Ok(check.check().await?)
    }

    fn into_waited(self, outcome: Outcome, elapsed: std::time::Duration) -> Waited {
        let report = self.last.as_ref();
        let clusters = self.clusters.iter().map(|cluster| {
            let standing = report.map(|report| {
                standing::of(self.goal, cluster, report, !self.workspaces.is_empty())
            });
            WaitedCluster {
                cluster: cluster.to_string(),
                reached: matches!(standing, Some(Ok(Standing::Reached))),
                health: report
                    .and_then(|report| standing::find(cluster, report))
                    .cloned(),
            }
        });
        let clusters = clusters.collect();
        let problems: Vec<Problem> = report.map_or_else(Vec::new, |report| report.problems.clone());
        Waited::new(self.goal.as_str(), outcome, clusters)
            .after(self.looks, elapsed, report.map(|report| report.observed_at))
            .with_problems(problems)
    }
}
