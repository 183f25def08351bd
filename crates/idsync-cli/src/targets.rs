//! The projects that one check covers.

use std::path::Path;

use idsync::health::{ClusterRef, Fleet, HealthCheck, RuleSettings};
use idsync::{Client, WorkspaceId};

use crate::args::{ConnectionArgs, TargetArgs};
use crate::clock::{self, ServiceClock};
use crate::connect::{Connection, Settings, variable};
use crate::errors::CliError;
use crate::fleet_file::{FleetFile, FleetProject};

/// The projects to check.
pub(crate) struct Targets {
    projects: Vec<TargetProject>,
    /// The region, the endpoint, the name of the fleet file, or `demo`.
    pub(crate) place: Option<String>,
    concurrency: Option<u16>,
    /// Rules of the file, then those of the flags, which take precedence.
    rules: [RuleSettings; 2],
    clock: Option<ServiceClock>,
    /// Keeps the services of `--demo` running.
    _demo: Option<Connection>,
}

struct TargetProject {
    client: Client,
    workspaces: Vec<WorkspaceId>,
    clusters: Vec<ClusterRef>,
}

impl Targets {
    /// Sets up what `args`, the fleet file and the environment say.
    ///
    /// # Errors
    ///
    /// If something is missing or wrong.
    pub(crate) async fn open(args: &TargetArgs) -> Result<Self, CliError> {
        match &args.fleet {
            Some(path) => Self::of_file(path, args),
            None => Self::of_flags(args).await,
        }
    }

    pub(crate) fn projects(&self) -> usize {
        self.projects.len()
    }

    pub(crate) fn workspaces(&self) -> usize {
        let workspaces = self.projects.iter().map(|project| project.workspaces.len());
        workspaces.sum()
    }

    /// One check of all projects, by the time of the services.
    ///
    /// # Errors
    ///
    /// If their clock cannot be read.
    pub(crate) async fn checker(&self) -> Result<Fleet, CliError> {
        let time = clock::read(self.clock.as_ref()).await?;
        let checks = self.projects.iter().map(|project| self.check(project));
        let fleet = checks
            .fold(Fleet::new(), Fleet::add)
            .clock(move || time.now());
        Ok(match self.concurrency {
            Some(calls) => fleet.concurrency(calls.into()),
            None => fleet,
        })
    }

    fn check(&self, project: &TargetProject) -> HealthCheck {
        let layers = self.rules.iter().cloned();
        let rules = layers.fold(project.client.rules().clone(), |rules, layer| {
            layer.over(rules)
        });
        let mut check = project.client.health().rules(rules);
        for workspace in &project.workspaces {
            check = check.workspace(workspace);
        }
        let clusters = project.clusters.iter().cloned();
        clusters.fold(check, HealthCheck::cluster)
    }

    /// Every project of the flags, each with all workspaces and clusters of the flags.
    async fn of_flags(args: &TargetArgs) -> Result<Self, CliError> {
        let connection = Connection::open(&args.connection).await?;
        let workspaces = connection.workspaces(&args.workspace);
        if workspaces.is_empty() && args.cluster.is_empty() {
            return Err(CliError::usage("no workspace and no cluster is given").with_hint(
                "give workspaces with --workspace or IDSYNC_WORKSPACE, clusters with --cluster dws:ID or mrs:ID, or try --demo",
            ));
        }
        let project = |client| TargetProject {
            client,
            workspaces: workspaces.clone(),
            clusters: args.cluster.clone(),
        };
        let mut projects = vec![project(connection.client.clone())];
        for id in args.connection.project_id.iter().skip(1) {
            projects.push(project(connection.client.for_project(id)?));
        }
        Ok(Self {
            projects,
            place: connection.place.clone(),
            rules: [RuleSettings::default(), (&args.rules).into()],
            concurrency: args.concurrency,
            clock: connection.clock().cloned(),
            _demo: Some(connection),
        })
    }

    fn of_file(path: &Path, args: &TargetArgs) -> Result<Self, CliError> {
        let file = FleetFile::read(path)?;
        let mut clients = Vec::new();
        let mut projects = Vec::with_capacity(file.projects.len());
        for project in file.projects {
            projects.push(target(project, &args.connection, &mut clients)?);
        }
        let name = path.file_name();
        let settings = Settings::new(&ConnectionArgs::default(), variable)?;
        Ok(Self {
            projects,
            place: name.map(|name| name.to_string_lossy().into_owned()),
            rules: [file.rules, (&args.rules).into()],
            concurrency: args.concurrency,
            clock: settings.clock().cloned(),
            _demo: None,
        })
    }
}

/// A project of a fleet with its client. Projects with the same connection share their client's limits and connections.
fn target(
    project: FleetProject,
    flags: &ConnectionArgs,
    clients: &mut Vec<(ConnectionArgs, Client)>,
) -> Result<TargetProject, CliError> {
    let args = project.connection(flags);
    let shared = clients.iter().find(|(other, _)| *other == args);
    let client = if let (Some((_, client)), Some(id)) = (shared, &project.project_id) {
        client.for_project(id)
    } else {
        let mut args = args.clone();
        args.project_id = project.project_id.iter().cloned().collect();
        Settings::new(&args, variable)?.client().build()
    };
    let client = client.map_err(|error| project.wrong(error.message()))?;
    let mut workspaces = project.workspaces.clone();
    if workspaces.is_empty() && project.clusters.is_empty() {
        workspaces = client.workspaces().to_vec();
        if workspaces.is_empty() {
            let why = "this project has neither workspaces nor clusters; add one of them";
            return Err(project.wrong(why));
        }
    }
    clients.push((args, client.clone()));
    Ok(TargetProject {
        client,
        workspaces,
        clusters: project.clusters,
    })
}
