//! From flags and environment to a client.

mod clock;
mod fleet_file;
mod settled;
mod setup;
mod sweep;

use idsync::{Client, ClientBuilder, Credentials, Service, WorkspaceId};
use idsync_emulator::Emulator;

pub(crate) use self::clock::Time;
use self::clock::{ServiceClock, read};
use self::settled::{Settled, WORKSPACE, listed};
pub(crate) use self::setup::Setup;
pub(crate) use self::sweep::Sweep;
use crate::args::ConnectionArgs;
use crate::failure::Failure;

/// What a reading command works with.
pub(crate) struct Context {
    pub(crate) client: Client,
    /// Where is asked, in a word or two: a region, a host, or that it is a demo.
    pub(crate) place: Option<String>,
    /// Plays the services until the command ends.
    demo: Option<Emulator>,
    /// Given by the environment or the profile.
    workspaces: Option<String>,
    /// By which the services live, if not by the time of this machine.
    clock: Option<ServiceClock>,
}

impl Context {
    /// Sets up what `flags` and the environment say.
    ///
    /// # Errors
    ///
    /// If something is missing or wrong; nothing was sent.
    pub(crate) async fn open(flags: &ConnectionArgs) -> Result<Self, Failure> {
        if flags.reach.demo {
            return Self::open_demo(flags).await;
        }
        let settled = Settled::new(flags, &|name| std::env::var(name).ok())?;
        let client = configured(flags, &settled).build().map_err(unconfigured)?;
        // Asked for once, so that a sweep does not tell of it cluster by cluster.
        client.authenticate().await.map_err(unconfigured)?;
        client.project_id().await?;
        let place = settled.region.or(settled.for_all);
        Ok(Self {
            workspaces: settled.workspaces.or_else(|| of_profile(&client)),
            client,
            place,
            demo: None,
            clock: settled.clock,
        })
    }

    async fn open_demo(flags: &ConnectionArgs) -> Result<Self, Failure> {
        let emulator = Emulator::builder().start().await;
        let emulator =
            emulator.map_err(|error| Failure::surroundings("cannot start the demo", &error))?;
        let ready = emulator.ready();
        let client = patience(flags, Client::builder())
            .endpoint(emulator.url())
            .project_id(ready.project_id.as_str())
            .credentials(Credentials::access_key(
                ready.ak.as_str(),
                ready.sk.as_str(),
            ))
            .build()?;
        let workspaces = Some(emulator.workspaces().join(","));
        Ok(Self {
            client,
            place: Some("demo".to_owned()),
            demo: Some(emulator),
            workspaces,
            clock: None,
        })
    }

    /// The time of the services, as it goes on from now.
    ///
    /// # Errors
    ///
    /// If their clock cannot be read.
    pub(crate) async fn time(&self) -> Result<Time, Failure> {
        read(self.clock.as_ref()).await
    }

    /// The workspaces given by flags, else by the environment, the profile or the demo; each once.
    ///
    /// # Errors
    ///
    /// If the environment names one that cannot be.
    pub(crate) fn workspaces(&self, flags: &[WorkspaceId]) -> Result<Vec<WorkspaceId>, Failure> {
        let given = match &self.workspaces {
            Some(list) if flags.is_empty() => listed(WORKSPACE, list)?,
            _ => flags.to_vec(),
        };
        let mut once = Vec::with_capacity(given.len());
        for workspace in given {
            if !once.contains(&workspace) {
                once.push(workspace);
            }
        }
        Ok(once)
    }

    /// The one workspace that is asked: of the flag, else of the environment, else the demo's first.
    ///
    /// # Errors
    ///
    /// If none is given, or the environment gives several.
    pub(crate) fn workspace(&self, flag: Option<&WorkspaceId>) -> Result<WorkspaceId, Failure> {
        let given = self.workspaces(flag.map(std::slice::from_ref).unwrap_or_default())?;
        match given.as_slice() {
            [one] => Ok(one.clone()),
            [first, ..] if self.demo.is_some() => Ok(first.clone()),
            [] => Err(Failure::usage(format!(
                "no workspace is given; name one with --workspace or {WORKSPACE}"
            ))),
            _ => Err(Failure::usage(format!(
                "{WORKSPACE} names several workspaces; name one with --workspace"
            ))),
        }
    }

    /// The ids of the demo's clusters of `service`; none without a demo.
    pub(crate) fn demo_clusters(&self, service: Service) -> &[String] {
        match (&self.demo, service) {
            (Some(demo), Service::Dws) => &demo.ready().clusters.dws,
            (Some(demo), Service::Mrs) => &demo.ready().clusters.mrs,
            _ => &[],
        }
    }
}

/// The workspaces that the profile lists.
fn of_profile(client: &Client) -> Option<String> {
    let listed: Vec<_> = client
        .workspaces()
        .iter()
        .map(WorkspaceId::as_str)
        .collect();
    (!listed.is_empty()).then(|| listed.join(","))
}

/// A client as flags and environment have it.
fn configured(flags: &ConnectionArgs, settled: &Settled) -> ClientBuilder {
    let mut builder =
        patience(flags, Client::builder()).allow_plain_http(flags.reach.allow_plain_http);
    if let Some(path) = &flags.reach.ca_file {
        builder = builder.ca_file(path);
    }
    if let Some(profile) = &flags.reach.profile {
        builder = builder.profile(profile);
    }
    if let Some(region) = &settled.region {
        builder = builder.region(region);
    }
    if let Some(url) = &settled.for_all {
        builder = builder.endpoint(url);
    }
    for (service, url) in &settled.for_one {
        builder = builder.endpoint_for(*service, url);
    }
    if let Some(project_id) = &flags.project_id {
        builder = builder.project_id(project_id);
    }
    builder
}

/// That the client cannot be made has to do with flags and variables only.
fn unconfigured(error: idsync::Error) -> Failure {
    Failure::from(error)
        .with_hint("`idsync --help` lists flags and variables; `idsync status --demo` needs none")
}

/// Timeouts and retries, where they are given.
fn patience(flags: &ConnectionArgs, mut builder: ClientBuilder) -> ClientBuilder {
    if let Some(timeout) = flags.timeout {
        builder = builder.timeout(timeout);
    }
    if let Some(timeout) = flags.reach.connect_timeout {
        builder = builder.connect_timeout(timeout);
    }
    if let Some(retries) = flags.reach.retries {
        builder = builder.retries(retries);
    }
    builder
}
