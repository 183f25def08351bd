//! The projects that one check covers.

use std::path::Path;

use idsync::health::{Checker, ClusterRef, Rules};
use idsync::{Client, WorkspaceId};

use crate::args::{ConnectionArgs, TargetArgs, with};
use crate::clock::{self, Clock};
use crate::connect::Connection;
use crate::errors::CliError;
use crate::fleet_file::{FleetFile, FleetProject, read_file};
use crate::output::Output;

/// The projects to check.
pub(crate) struct Targets {
    pub(crate) projects: Vec<TargetProject>,
    flags: TargetArgs,
    /// Clusters that must be in the report.
    expected: Vec<ClusterRef>,
    /// The region, the endpoint, the name of the fleet file, or `demo`.
    pub(crate) place: Option<String>,
    /// The connection of the flags; it keeps the services of `--demo` running.
    connection: Option<Connection>,
}

pub(crate) struct TargetProject {
    pub(crate) client: Client,
    pub(crate) workspaces: Vec<WorkspaceId>,
    clusters: Vec<ClusterRef>,
    rules: Rules,
}

impl Targets {
    /// Opens the targets of `args`, the fleet file and the environment.
    ///
    /// # Errors
    ///
    /// If something is missing or wrong.
    pub(crate) async fn open(args: &TargetArgs, output: &Output) -> Result<Self, CliError> {
        match &args.fleet {
            Some(path) => Self::of_file(path, args),
            None => Self::of_connection(args, Connection::open(&args.connection, output).await?),
        }
    }

    /// One client for each request counter; projects of one account share theirs.
    #[cfg(feature = "serve")]
    pub(crate) fn accounts(&self) -> Vec<Client> {
        let mut accounts: Vec<Client> = Vec::new();
        for TargetProject { client, .. } in &self.projects {
            if !accounts.iter().any(|known| known.counts_with(client)) {
                accounts.push(client.clone());
            }
        }
        accounts
    }

    /// Leaves out the projects of other shards, and expectations about all of them.
    ///
    /// # Errors
    ///
    /// If the id of a project cannot be found.
    #[cfg(feature = "serve")]
    pub(crate) async fn keep_shard(
        &mut self,
        shard: idsync_monitor::Shard,
        output: &Output,
    ) -> Result<(), CliError> {
        if shard.is_whole() {
            return Ok(());
        }
        let mut own = Vec::new();
        for project in self.projects.drain(..) {
            let id = project.client.project_id().await.map_err(|error| {
                let why = format!(
                    "--shard: the id of a project is not known: {}",
                    error.message()
                );
                CliError::configuration(why).with_hint("give every project its project_id")
            })?;
            if shard.has(id.as_str()) {
                own.push(project);
            }
        }
        self.projects = own;
        if !self.expected.is_empty() || self.flags.min_clusters.is_some() {
            output.warn("a sweep of one shard does not check which clusters are expected");
        }
        self.expected.clear();
        self.flags.min_clusters = None;
        Ok(())
    }

    /// The time of the services, running on from now.
    ///
    /// # Errors
    ///
    /// If their clock cannot be read.
    pub(crate) async fn time(&self) -> Result<Clock, CliError> {
        match &self.connection {
            Some(connection) => connection.time().await,
            None => clock::read().await,
        }
    }

    pub(crate) fn workspaces(&self) -> usize {
        self.projects.iter().map(|it| it.workspaces.len()).sum()
    }

    /// One check of all projects, and the time by which it judges.
    ///
    /// # Errors
    ///
    /// If there is no project, or the clock of the services cannot be read.
    pub(crate) async fn checker(&self) -> Result<(Checker, Clock), CliError> {
        let time = self.time().await?;
        let checkers = self.projects.iter().map(|it| it.checker(&self.flags));
        let checker = checkers.reduce(Checker::and).ok_or_else(nothing_to_check)?;
        let now = Clock::clone(&time);
        let checker = checker
            .clock(move || now())
            .expect_clusters(self.expected.iter().cloned())
            .min_clusters(self.flags.min_clusters.unwrap_or(0));
        let concurrency = self.flags.concurrency.map(usize::from);
        Ok((with(checker, concurrency, Checker::concurrency), time))
    }

    /// Every project of the flags, each with all workspaces and clusters of the flags.
    ///
    /// # Errors
    ///
    /// If there is nothing to check, or a flag is wrong.
    pub(crate) fn of_connection(
        args: &TargetArgs,
        connection: Connection,
    ) -> Result<Self, CliError> {
        let workspaces = connection.workspaces(&args.workspace);
        if workspaces.is_empty() && args.cluster.is_empty() {
            return Err(nothing_to_check());
        }
        let project = |client: Client| TargetProject {
            workspaces: workspaces.clone(),
            clusters: args.cluster.clone(),
            rules: client.rules().clone(),
            client,
        };
        let mut projects = vec![project(connection.client.clone())];
        for id in args.connection.project_id.iter().skip(1) {
            projects.push(project(connection.client.for_project(id)?));
        }
        Ok(Self {
            projects,
            flags: args.clone(),
            expected: args.expect.as_deref().map_or(Ok(Vec::new()), expected)?,
            place: connection.place.clone(),
            connection: Some(connection),
        })
    }

    /// The projects of a fleet file.
    ///
    /// # Errors
    ///
    /// If the file or a project in it is wrong.
    pub(crate) fn of_file(path: &Path, args: &TargetArgs) -> Result<Self, CliError> {
        let file = FleetFile::read(path)?;
        let expected = args.expect.as_deref().map_or(Ok(Vec::new()), expected)?;
        let name = path.file_name();
        let mut flags = args.clone();
        flags.min_clusters = args.min_clusters.or(file.min_clusters);
        Ok(Self {
            projects: targets(&file, &args.connection)?,
            flags,
            expected: [file.expect, expected].concat(),
            place: name.map(|name| name.to_string_lossy().into_owned()),
            connection: None,
        })
    }
}

impl TargetProject {
    /// The check of this project; the rules of the flags take precedence.
    fn checker(&self, args: &TargetArgs) -> Checker {
        let flags = &args.rules;
        let mut rules = Rules::default();
        rules.grace = flags.grace;
        rules.longest_run = flags.longest_run;
        rules.max_age = flags.max_age;
        rules.zone.clone_from(&flags.zone);
        rules.mass_deletion = flags.mass_deletion;
        rules.sources.clone_from(&args.sources);
        rules.ignore.clone_from(&flags.ignore);
        let mut checker = self.client.health().rules(rules.over(self.rules.clone()));
        for workspace in &self.workspaces {
            checker = checker.workspace(workspace);
        }
        let mut clusters = &self.clusters;
        if args.only_named {
            checker = checker.only_named();
            clusters = &args.cluster;
        }
        clusters.iter().cloned().fold(checker, Checker::cluster)
    }
}

/// The projects of a file; their rules take precedence over those of the file, and these over those of their profile.
fn targets(file: &FleetFile, flags: &ConnectionArgs) -> Result<Vec<TargetProject>, CliError> {
    let mut clients = Vec::new();
    let mut projects = Vec::new();
    for project in &file.projects {
        let client = client(project, flags, &mut clients)?;
        let mut workspaces = project.workspaces.clone();
        if workspaces.is_empty() && project.clusters.is_empty() {
            workspaces = client.workspaces().to_vec();
            if workspaces.is_empty() {
                let why = "this project has neither workspaces nor clusters; add one of them";
                return Err(project.wrong(why));
            }
        }
        let rules = file.rules.clone().over(client.rules().clone());
        projects.push(TargetProject {
            client,
            workspaces,
            clusters: project.clusters.clone(),
            rules: project.rules.clone().over(rules),
        });
    }
    Ok(projects)
}

/// The client of a project. Projects with the same connection share their client's limits and connections, and projects of
/// the same account count their requests together.
fn client(
    project: &FleetProject,
    flags: &ConnectionArgs,
    clients: &mut Vec<(ConnectionArgs, Client)>,
) -> Result<Client, CliError> {
    let mut args = project.connection(flags);
    let builder = args.clone().with_environment()?.client();
    args.project_id.clear();
    let mut shared = clients.iter().filter(|(other, _)| *other == args);
    let mut of_account = clients
        .iter()
        .filter(|(other, _)| (&other.profile, other.rate) == (&args.profile, args.rate));
    let client = match (shared.next(), &project.project_id, of_account.next()) {
        (Some((_, client)), Some(id), _) => client.for_project(id),
        (_, _, Some((_, client))) => builder.rate_of(client).build(),
        _ => builder.build(),
    };
    let client = client.map_err(|error| project.wrong(error.message()))?;
    clients.push((args, client.clone()));
    Ok(client)
}

/// The clusters of the file of `--expect`.
fn expected(path: &Path) -> Result<Vec<ClusterRef>, CliError> {
    let text = read_file(path)?;
    let lines = text.lines().enumerate();
    let lines = lines.map(|(at, line)| (at, line.split('#').next().unwrap_or_default().trim()));
    let lines = lines.filter(|(_, line)| !line.is_empty());
    let cluster = |(at, line): (usize, &str)| {
        line.parse().map_err(|error: idsync::Error| {
            let place = format!("{}:{}", path.display(), at + 1);
            CliError::configuration(format!("{place}: {}", error.message()))
        })
    };
    lines.map(cluster).collect()
}

pub(crate) fn nothing_to_check() -> CliError {
    CliError::configuration("no workspace and no cluster is given").with_hint(
        "give workspaces with --workspace or IDSYNC_WORKSPACE, clusters with --cluster dws:ID or mrs:ID, or try --demo",
    )
}
