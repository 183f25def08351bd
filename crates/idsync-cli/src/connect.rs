//! From flags, environment and files to a client.

use std::collections::HashSet;
use std::fmt::Display;
use std::sync::Arc;

use idsync::dataarts::Task;
use idsync::health::ClusterRef;
use idsync::{Client, ClientBuilder, ClusterId, Credentials, Service, WorkspaceId};
use idsync_emulator::{Emulator, EmulatorBuilder};

use crate::args::{ConnectionArgs, values, with};
use crate::clock::{self, Clock, service_clock};
use crate::errors::CliError;
use crate::output::Output;

pub(crate) const REGION: &str = "IDSYNC_REGION";
pub(crate) const ENDPOINT: &str = "IDSYNC_ENDPOINT";
pub(crate) const WORKSPACE: &str = "IDSYNC_WORKSPACE";

/// An environment variable; an empty one counts as absent.
pub(crate) fn variable(name: &str) -> Option<String> {
    let value = std::env::var(name).ok();
    value.filter(|value| !value.trim().is_empty())
}

/// The items of a variable, separated by commas.
fn items<T, E: Display>(
    name: &str,
    read: impl Fn(&str) -> Result<T, E>,
) -> Result<Vec<T>, CliError> {
    let text = variable(name).unwrap_or_default();
    let items = text.split(',').map(str::trim).filter(|it| !it.is_empty());
    let items = items.map(|item| read(item).map_err(|why| wrong_variable(name, why)));
    items.collect()
}

pub(crate) fn wrong_variable(name: &str, why: impl Display) -> CliError {
    CliError::configuration(format!("{name}: {why}"))
}

impl ConnectionArgs {
    /// The flags combined with the environment: a flag takes precedence over a variable.
    ///
    /// # Errors
    ///
    /// If a variable cannot be read.
    pub(crate) fn with_environment(mut self) -> Result<Self, CliError> {
        // A flag for all services replaces the whole variable. The last endpoint of a service counts.
        if self.endpoint.iter().all(|(service, _)| service.is_some()) {
            self.endpoint
                .splice(..0, items(ENDPOINT, values::endpoint)?);
        }
        self.region = self.region.or_else(|| variable(REGION));
        self.workspaces = items(WORKSPACE, str::parse)?;
        // Read later, but refused before anything is sent.
        service_clock()?;
        Ok(self)
    }

    /// The region, else the URL of all services.
    fn place(&self) -> Option<String> {
        let mut endpoints = self.endpoint.iter().rev();
        let all = endpoints.find(|(service, _)| service.is_none());
        let region = self.region.clone();
        region.or_else(|| Some(all?.1.clone()))
    }

    /// A client with these settings.
    pub(crate) fn client(&self) -> ClientBuilder {
        let mut client = Client::builder().allow_plain_http(self.allow_plain_http);
        client = with(client, self.call_timeout, ClientBuilder::timeout);
        client = with(client, self.connect_timeout, ClientBuilder::connect_timeout);
        client = with(client, self.retries, ClientBuilder::retries);
        client = with(client, self.rate, |it, (number, per)| it.rate(number, per));
        client = with(client, self.ca_file.as_ref(), ClientBuilder::ca_file);
        client = with(client, self.profile.as_ref(), ClientBuilder::profile);
        client = with(client, self.region.as_ref(), ClientBuilder::region);
        client = with(client, self.project_id.first(), ClientBuilder::project_id);
        for (service, url) in &self.endpoint {
            client = match service {
                Some(service) => client.endpoint_for(*service, url),
                None => client.endpoint(url),
            };
        }
        client
    }
}

/// A client with the settings of a command.
pub(crate) struct Connection {
    pub(crate) client: Client,
    /// The region, the endpoint, or `demo`.
    pub(crate) place: Option<String>,
    /// The services of `--demo`, until the command ends.
    demo: Option<Arc<Emulator>>,
    /// The workspaces of the environment, the profile or the demo.
    workspaces: Vec<WorkspaceId>,
}

impl Connection {
    /// Builds a client from flags and environment, and checks its credentials.
    ///
    /// # Errors
    ///
    /// If something is missing or wrong, or the credentials cannot be obtained.
    pub(crate) async fn open(args: &ConnectionArgs, output: &Output) -> Result<Self, CliError> {
        if args.demo {
            return Self::demo(args, Emulator::builder()).await;
        }
        let settings = args.clone().with_environment()?;
        let client = settings.client().build()?;
        // Logs have them too.
        if !output.is_quiet && !output.format.is_json() && !output.is_logging {
            let warnings = client.warnings().iter();
            warnings.for_each(|warning| output.warn(warning));
        }
        // Once, so that a report does not repeat it for every cluster.
        client.authenticate().await?;
        client.project_id().await?;
        Ok(Self {
            place: settings.place(),
            demo: None,
            workspaces: match settings.workspaces.as_slice() {
                [] => client.workspaces().to_vec(),
                given => given.to_vec(),
            },
            client,
        })
    }

    /// Like [`open`](Self::open), for commands about one project.
    ///
    /// # Errors
    ///
    /// If several projects are given, too.
    pub(crate) async fn open_one(args: &ConnectionArgs, output: &Output) -> Result<Self, CliError> {
        if args.project_id.len() > 1 {
            let message =
                "--project-id: this command takes one project; `idsync status` takes several";
            return Err(CliError::usage(message));
        }
        Self::open(args, output).await
    }

    /// A connection to an emulator in this process.
    ///
    /// # Errors
    ///
    /// If it cannot be started.
    pub(crate) async fn demo(
        args: &ConnectionArgs,
        builder: EmulatorBuilder,
    ) -> Result<Self, CliError> {
        let emulator = builder.start().await;
        let emulator = emulator.map_err(|error| CliError::io("cannot start the demo", &error))?;
        let ready = emulator.ready();
        let client = args
            .client()
            .region(ready.region.as_str())
            .endpoint(&ready.url)
            .project_id(ready.project_id.as_str())
            .credentials(Credentials::access_key(&*ready.ak, &*ready.sk))
            .build()?;
        let workspaces = emulator.workspaces().iter().map(|id| id.parse());
        Ok(Self {
            client,
            place: Some("demo".to_owned()),
            workspaces: workspaces.collect::<Result<_, _>>()?,
            demo: Some(Arc::new(emulator)),
        })
    }

    /// The time of the services, running on from now.
    ///
    /// # Errors
    ///
    /// If their clock cannot be read.
    pub(crate) async fn time(&self) -> Result<Clock, CliError> {
        let Some(demo) = self.demo.clone() else {
            return clock::read().await;
        };
        Ok(Arc::new(move || demo.now()))
    }

    /// The workspaces of `flags`, else of the environment, the profile or the demo; each once.
    pub(crate) fn workspaces(&self, flags: &[WorkspaceId]) -> Vec<WorkspaceId> {
        let mut given = match flags {
            [] => self.workspaces.clone(),
            flags => flags.to_vec(),
        };
        let mut seen = HashSet::new();
        given.retain(|workspace| seen.insert(workspace.clone()));
        given
    }

    /// The one workspace of the flag, else of the environment or profile, else the first of the demo.
    ///
    /// # Errors
    ///
    /// If none is given, or several are.
    pub(crate) fn workspace(&self, flag: Option<&WorkspaceId>) -> Result<WorkspaceId, CliError> {
        let given = self.workspaces(flag.map(std::slice::from_ref).unwrap_or_default());
        let why = match given.as_slice() {
            [one] => return Ok(one.clone()),
            [first, ..] if self.demo.is_some() => return Ok(first.clone()),
            [] => "no workspace is given; give one with --workspace or IDSYNC_WORKSPACE",
            _ => {
                "IDSYNC_WORKSPACE or the profile names several workspaces; give one with --workspace"
            }
        };
        Err(CliError::usage(why))
    }

    /// The ids of the demo's clusters of `service`; none without a demo.
    pub(crate) fn demo_clusters(&self, service: Service) -> &[String] {
        match (&self.demo, service) {
            (Some(demo), Service::Dws) => &demo.ready().clusters.dws,
            (Some(demo), Service::Mrs) => &demo.ready().clusters.mrs,
            _ => &[],
        }
    }

    /// The id of the cluster of `service` that has `given` as its id or name; without one, the first of the demo.
    ///
    /// # Errors
    ///
    /// If the name stands for several clusters or for one of another service, or cannot be looked up.
    pub(crate) async fn cluster(
        &self,
        service: Service,
        given: Option<&ClusterId>,
        workspaces: &[WorkspaceId],
    ) -> Result<ClusterId, CliError> {
        let Some(given) = given else {
            let first = self.demo_clusters(service).first();
            let first = first.ok_or_else(|| CliError::usage("no cluster is given"))?;
            return Ok(first.parse()?);
        };
        match self.named(given, workspaces).await? {
            Some(cluster) if cluster.service() == service => Ok(cluster.id().clone()),
            Some(cluster) => Err(CliError::usage(format!(
                "{given} is {cluster}, a cluster of another service: `idsync records` is for DWS, `idsync syncing` for MRS"
            ))),
            None => Ok(given.clone()),
        }
    }

    /// The cluster that a task in a workspace calls `name`; none if `name` has the form of an id.
    ///
    /// # Errors
    ///
    /// If there are several, or the tasks cannot be read.
    pub(crate) async fn named(
        &self,
        name: &ClusterId,
        workspaces: &[WorkspaceId],
    ) -> Result<Option<ClusterRef>, CliError> {
        if is_uuid(name.as_str()) {
            return Ok(None);
        }
        let mut found = Vec::new();
        for workspace in self.workspaces(workspaces) {
            let tasks = self.client.dataarts(&workspace).tasks();
            let mut tasks = tasks.cluster_name(name.as_str()).items();
            while let Some(task) = tasks.try_next().await? {
                let is_named = task.cluster_name.as_deref() == Some(name.as_str());
                let cluster = cluster_of(&task).filter(|it| is_named && !found.contains(it));
                found.extend(cluster);
            }
        }
        if found.len() > 1 {
            let found: Vec<_> = found.iter().map(ClusterRef::to_string).collect();
            let message = format!("several clusters are named {name}: {}", found.join(", "));
            return Err(CliError::usage(message).with_hint("give the id of one of them"));
        }
        Ok(found.pop())
    }
}

/// The cluster of a task, if its service can be asked.
pub(crate) fn cluster_of(task: &Task) -> Option<ClusterRef> {
    let service = task.cluster_type.as_ref()?.as_str().to_lowercase();
    let id = task.cluster_id.as_deref()?;
    format!("{service}:{id}").parse().ok()
}

fn is_uuid(text: &str) -> bool {
    let parts = text.split('-').map(str::len);
    parts.eq([8, 4, 4, 4, 12]) && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}
