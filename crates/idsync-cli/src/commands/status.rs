//! `idsync status`: one verdict over all clusters.

use idsync::health::{ClusterHealth, Problem, ReasonCode, Report, Verdict};

use crate::args::StatusArgs;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Output, Scope};

/// Asks, judges, and prints the report.
pub(super) async fn run(args: &StatusArgs, output: &mut Output) -> Result<Exit, Failure> {
    let selection = output.selection(&args.selection)?;
    let context = Context::open(&args.connection).await?;
    let workspaces = context.workspaces(&args.workspace)?;
    if workspaces.is_empty() && args.cluster.is_empty() {
        return Err(nothing_to_ask());
    }
    let scope = Scope {
        place: context.place.clone(),
        workspaces: workspaces.len(),
        zone: output.zone(),
    };
    let mut check = context.client.health();
    for workspace in workspaces {
        check = check.workspace(workspace);
    }
    for cluster in &args.cluster {
        check = check.cluster(cluster.clone());
    }
    if let Some(concurrency) = args.concurrency {
        check = check.concurrency(concurrency.into());
    }
    let report = check.check().await?;
    output.report(&report, &scope, &selection)?;
    match why_nothing_is_known(&report) {
        Some(problem) => Err(problem.clone().into()),
        None if matches(&report, &args.fail_on) => Ok(Exit::Matched),
        None => Ok(Exit::Done),
    }
}

fn nothing_to_ask() -> Failure {
    Failure::usage("neither a workspace nor a cluster is given").with_hint(
        "name workspaces with --workspace or IDSYNC_WORKSPACE, clusters with --cluster dws:ID or mrs:ID, or try --demo",
    )
}

/// The problem that stands for all, if they left nothing known of any cluster: one of credentials only where all are.
fn why_nothing_is_known(report: &Report) -> Option<&Problem> {
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

fn matches(report: &Report, wanted: &[Verdict]) -> bool {
    let clusters = report.clusters.iter().map(|cluster| cluster.verdict);
    clusters
        .chain([report.verdict])
        .any(|verdict| wanted.contains(&verdict))
}
