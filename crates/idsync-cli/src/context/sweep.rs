//! What one look at many clusters asks, project by project.

use std::path::Path;

use idsync::health::{ClusterRef, Fleet, HealthCheck, RuleSettings};
use idsync::{Client, WorkspaceId};
use jiff::tz::TimeZone;

use super::clock::{ServiceClock, read};
use super::fleet_file::{FleetFile, FleetProject};
use super::settled::Settled;
use super::{Context, configured};
use crate::args::{ConnectionArgs, ReachArgs, ScopeArgs};
use crate::failure::Failure;
use crate::output::Scope;

/// The projects to look at, each with what is asked of it.
pub(crate) struct Sweep {
    projects: Vec<Project>,
    /// Where is asked, in a word or two.
    place: Option<String>,
    /// How many questions each service is asked at once.
    concurrency: Option<u16>,
    /// Rules of the file, and over them those of the flags.
    rules: [RuleSettings; 2],
    clock: Option<ServiceClock>,
    /// Plays the services until the command ends.
    _demo: Option<Context>,
}

struct Project {
    client: Client,
    workspaces: Vec<WorkspaceId>,
    clusters: Vec<ClusterRef>,
}

impl Sweep {
    /// Sets up what `args`, the file they name, and the environment say.
    ///
    /// # Errors
    ///
    /// If something is missing or wrong; no service was asked for a cluster.
    pub(crate) async fn open(args: &ScopeArgs) -> Result<Self, Failure> {
        match &args.fleet {
            Some(path) => Self::of_file(path, args),
            None => Self::of_flags(args).await,
        }
    }

    /// What is asked, for titles; times of day are told in `zone`.
    pub(crate) fn scope(&self, zone: TimeZone) -> Scope {
        let workspaces = self.projects.iter().map(|project| project.workspaces.len());
        Scope {
            place: self.place.clone(),
            projects: self.projects.len(),
            workspaces: workspaces.sum(),
            zone,
        }
    }

    /// One look at everything, by the time of the services.
    ///
    /// # Errors
    ///
    /// If their clock cannot be read.
    pub(crate) async fn fleet(&self) -> Result<Fleet, Failure> {
        let time = read(self.clock.as_ref()).await?;
        let checks = self.projects.iter().map(|project| self.check(project));
        let fleet = checks
            .fold(Fleet::new(), Fleet::add)
            .clock(move || time.now());
        Ok(match self.concurrency {
            Some(questions) => fleet.concurrency(questions.into()),
            None => fleet,
        })
    }

    /// The question for one project. The rules are those of its profile, with those of the file and the flags over them.
    fn check(&self, project: &Project) -> HealthCheck {
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

    /// Every project that the flags name is asked for everything that they name.
    async fn of_flags(args: &ScopeArgs) -> Result<Self, Failure> {
        let connection = ConnectionArgs {
            reach: args.reach.clone(),
            project_id: args.project_id.first().cloned(),
            timeout: args.timeout,
        };
        let context = Context::open(&connection).await?;
        let workspaces = context.workspaces(&args.workspace)?;
        if workspaces.is_empty() && args.cluster.is_empty() {
            return Err(nothing_to_ask());
        }
        let project = |client| Project {
            client,
            workspaces: workspaces.clone(),
            clusters: args.cluster.clone(),
        };
        let mut projects = vec![project(context.client.clone())];
        // One that is named twice is asked once: checks of the same project are one.
        for id in args.project_id.iter().skip(1) {
            projects.push(project(context.client.for_project(id)?));
        }
        Ok(Self {
            projects,
            place: context.place.clone(),
            rules: [RuleSettings::default(), (&args.judgement).into()],
            concurrency: args.concurrency,
            clock: context.clock.clone(),
            _demo: Some(context),
        })
    }

    fn of_file(path: &Path, args: &ScopeArgs) -> Result<Self, Failure> {
        let file = FleetFile::read(path)?;
        let mut known: Vec<(ReachArgs, Client)> = Vec::new();
        let mut projects = Vec::with_capacity(file.projects.len());
        for project in file.projects {
            projects.push(connected(project, args, &mut known)?);
        }
        Ok(Self {
            projects,
            place: path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned()),
            rules: [file.rules, (&args.judgement).into()],
            concurrency: args.concurrency,
            clock: Settled::new(&ConnectionArgs::default(), &environment)?.clock,
            _demo: None,
        })
    }
}

/// A project of a fleet with its client; projects that are reached in the same way share their connections and limits.
fn connected(
    project: FleetProject,
    args: &ScopeArgs,
    known: &mut Vec<(ReachArgs, Client)>,
) -> Result<Project, Failure> {
    let reach = reached(&project, &args.reach);
    let shared = known.iter().find(|(other, _)| *other == reach);
    let client = if let (Some((_, client)), Some(id)) = (shared, &project.project_id) {
        client.for_project(id)
    } else {
        let flags = ConnectionArgs {
            reach: reach.clone(),
            project_id: project.project_id.clone(),
            timeout: args.timeout,
        };
        let settled = Settled::new(&flags, &environment)?;
        configured(&flags, &settled).build()
    };
    let client = client.map_err(|error| project.refused(error.message()))?;
    let is_alone = project.workspaces.is_empty() && project.clusters.is_empty();
    let workspaces = if is_alone {
        client.workspaces().to_vec()
    } else {
        project.workspaces.clone()
    };
    if is_alone && workspaces.is_empty() {
        return Err(
            project.refused("this project has neither workspaces nor clusters; give one of them")
        );
    }
    known.push((reach, client.clone()));
    Ok(Project {
        client,
        workspaces,
        clusters: project.clusters,
    })
}

fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// How a project is reached: a flag beats what the file says of it.
fn reached(project: &FleetProject, flags: &ReachArgs) -> ReachArgs {
    let mut reach = flags.clone();
    reach.region = reach.region.or_else(|| project.region.clone());
    reach.profile = reach.profile.or_else(|| project.profile.clone());
    if reach.endpoint.is_empty() {
        reach.endpoint.clone_from(&project.endpoints);
    }
    reach
}

fn nothing_to_ask() -> Failure {
    Failure::usage("neither a workspace nor a cluster is given").with_hint(
        "name workspaces with --workspace or IDSYNC_WORKSPACE, clusters with --cluster dws:ID or mrs:ID, or try --demo",
    )
}
