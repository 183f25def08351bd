//! `idsync doctor`: checks everything that a call depends on.

mod assumptions;
mod check;
mod evidence;
mod services;
mod setup;

use std::time::Duration;

use idsync::WorkspaceId;
use idsync::health::ClusterRef;
use tokio::task::JoinSet;

pub(crate) use self::assumptions::AssumptionReport;
pub(crate) use self::check::{Check, DoctorReport};
use self::setup::Setup;
use crate::args::{ConnectionArgs, DoctorArgs};
use crate::errors::{CliError, Exit};
use crate::fleet_file::FleetFile;
use crate::output::Output;

/// Timeout of a check, unless another one is given.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Checks, and prints the results.
pub(super) async fn run(args: &DoctorArgs, output: &Output) -> Result<Exit, CliError> {
    if args.assumptions {
        return assumptions::run(args, output).await;
    }
    let mut projects = JoinSet::new();
    for (place, mut target) in targets(args)?.into_iter().enumerate() {
        target.connection.call_timeout.get_or_insert(TIMEOUT);
        projects.spawn(async move { (place, checks(target).await) });
    }
    let mut checked = projects.join_all().await;
    checked.sort_by_key(|(place, _)| *place);
    let mut checks = Vec::new();
    for (_, project) in checked {
        checks.extend(project?);
    }
    let report = DoctorReport::new(checks);
    let fields = ["project", "name", "status", "message", "advice"];
    output.print(&report, &fields, &report.checks, || report.text(output))?;
    Ok(report.exit())
}

/// A project to check.
struct DoctorTarget {
    /// File and line of a project of `--fleet`.
    project: Option<String>,
    connection: ConnectionArgs,
    workspaces: Vec<WorkspaceId>,
    clusters: Vec<ClusterRef>,
}

/// The projects of `--fleet`, else the one of the flags and the environment.
fn targets(args: &DoctorArgs) -> Result<Vec<DoctorTarget>, CliError> {
    let Some(path) = &args.fleet else {
        return Ok(vec![DoctorTarget {
            project: None,
            connection: args.connection.clone(),
            workspaces: args.workspace.clone(),
            clusters: args.cluster.clone(),
        }]);
    };
    let projects = FleetFile::read(path)?.projects();
    let targets = projects.into_iter().map(|project| DoctorTarget {
        connection: project.connection(&args.connection),
        project: Some(project.place),
        workspaces: project.workspaces,
        clusters: project.clusters,
    });
    Ok(targets.collect())
}

/// The checks of one project.
async fn checks(mut target: DoctorTarget) -> Result<Vec<Check>, CliError> {
    let setup = Setup::check(&mut target).await?;
    let services = services::check(&setup, &target).await;
    let mut checks = [setup.checks.to_vec(), services].concat();
    for check in &mut checks {
        check.project.clone_from(&target.project);
    }
    Ok(checks)
}
