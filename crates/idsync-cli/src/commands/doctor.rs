//! `idsync doctor`: checks everything that a call depends on.

mod assumptions;
mod check;
mod services;
mod setup;

use std::time::Duration;

use idsync::WorkspaceId;
use idsync::health::ClusterRef;

pub(crate) use self::assumptions::AssumptionReport;
use self::check::CheckStatus;
pub(crate) use self::check::{Check, DoctorReport};
use crate::args::{ConnectionArgs, DoctorArgs};
use crate::connect::Connection;
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
    let projects = targets(args)?.into_iter().map(|mut target| {
        target.connection.call_timeout.get_or_insert(TIMEOUT);
        tokio::spawn(checks(target))
    });
    let projects: Vec<_> = projects.collect();
    let mut checks = Vec::new();
    for project in projects {
        let project = project.await;
        checks.extend(project.map_err(|error| CliError::io("a check failed", &error))??);
    }
    let report = DoctorReport::new(checks);
    let fields = "project,name,status,message,advice";
    output.print(&report, fields, &report.checks, || report.text(output))?;
    Ok(report.exit())
}

/// A project to check.
struct DoctorTarget {
    /// File and line of a project of `--fleet`.
    project: Option<String>,
    connection: ConnectionArgs,
    workspaces: Vec<WorkspaceId>,
    clusters: Vec<ClusterRef>,
    /// Keeps the services of `--demo` running.
    demo: Option<Connection>,
}

/// The projects of `--fleet`, else the one of the flags and the environment.
fn targets(args: &DoctorArgs) -> Result<Vec<DoctorTarget>, CliError> {
    let Some(path) = &args.fleet else {
        return Ok(vec![DoctorTarget {
            project: None,
            connection: args.connection.clone(),
            workspaces: args.workspace.clone(),
            clusters: args.cluster.clone(),
            demo: None,
        }]);
    };
    let projects = FleetFile::read(path)?.projects.into_iter();
    let targets = projects.map(|project| DoctorTarget {
        connection: project.connection(&args.connection),
        project: Some(project.place),
        workspaces: project.workspaces,
        clusters: project.clusters,
        demo: None,
    });
    Ok(targets.collect())
}

/// The checks of one project.
async fn checks(mut target: DoctorTarget) -> Result<Vec<Check>, CliError> {
    let (mut checks, client) = setup::check(&mut target).await?;
    if let Some(client) = client {
        let mut failed = checks.iter().filter(|it| it.status == CheckStatus::Fail);
        let missing = failed.next().map(|check| check.name.clone());
        checks.extend(services::check(&client, &target, missing.as_deref()).await);
    }
    for check in &mut checks {
        check.project.clone_from(&target.project);
    }
    Ok(checks)
}
