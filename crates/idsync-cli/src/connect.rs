//! From flags, environment and files to a client.

use idsync::{Client, ClientBuilder, Credentials, Error, ErrorKind, Service, WorkspaceId};
use idsync_emulator::{Emulator, EmulatorBuilder};

use crate::args::ConnectionArgs;
use crate::clock::{self, ClockReading, ServiceClock};
use crate::errors::CliError;
use crate::output::Output;

pub(crate) const REGION: &str = "IDSYNC_REGION";
pub(crate) const ENDPOINT: &str = "IDSYNC_ENDPOINT";
pub(crate) const WORKSPACE: &str = "IDSYNC_WORKSPACE";
const CLOCK: &str = "IDSYNC_CLOCK";

/// The clock that the environment names, if it names one.
///
/// # Errors
///
/// If it is not a URL.
pub(crate) fn service_clock(
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Option<ServiceClock>, CliError> {
    let clock = variable(CLOCK).map(|url| url.parse());
    clock.transpose().map_err(|why| wrong(CLOCK, why))
}

/// An environment variable; an empty one counts as absent.
pub(crate) fn variable(name: &str) -> Option<String> {
    let value = std::env::var(name).ok();
    value.filter(|value| !value.trim().is_empty())
}

/// Flags and environment combined: a flag takes precedence over a variable.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Settings {
    args: ConnectionArgs,
    pub(crate) region: Option<String>,
    /// URL of all services.
    pub(crate) endpoint: Option<String>,
    /// URLs of single services; the last one counts.
    pub(crate) service_endpoints: Vec<(Service, String)>,
    pub(crate) workspaces: Vec<WorkspaceId>,
    /// The clock of the services.
    pub(crate) clock: Option<ServiceClock>,
}

impl Settings {
    /// Combines `args` with the variables that `variable` gives.
    ///
    /// # Errors
    ///
    /// If a flag or variable cannot be read.
    pub(crate) fn new(
        args: &ConnectionArgs,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, CliError> {
        let clock = service_clock(&variable)?;
        let workspaces = variable(WORKSPACE).unwrap_or_default();
        let workspaces = workspaces.split(',').map(str::trim);
        let workspaces = workspaces.filter(|id| !id.is_empty());
        let workspaces: Result<_, _> = workspaces.map(str::parse).collect();
        let mut settings = Self {
            args: args.clone(),
            region: args.region.clone().or_else(|| variable(REGION)),
            workspaces: workspaces.map_err(|error: Error| wrong(WORKSPACE, error))?,
            clock,
            ..Self::default()
        };
        let flags: Vec<_> = args.endpoint.iter().map(String::as_str).collect();
        let flags = endpoints("--endpoint", &flags)?;
        // A flag for all services replaces the whole variable.
        if flags.iter().all(|(service, _)| service.is_some()) {
            let variable = variable(ENDPOINT).unwrap_or_default();
            settings.add(endpoints(
                ENDPOINT,
                &variable.split(',').collect::<Vec<_>>(),
            )?);
        }
        settings.add(flags);
        Ok(settings)
    }

    fn add(&mut self, endpoints: Vec<(Option<Service>, String)>) {
        for (service, url) in endpoints {
            match service {
                Some(service) => self.service_endpoints.push((service, url)),
                None => self.endpoint = Some(url),
            }
        }
    }

    /// A client with these settings.
    pub(crate) fn client(&self) -> ClientBuilder {
        let args = &self.args;
        let mut builder = limits(args, Client::builder()).allow_plain_http(args.allow_plain_http);
        if let Some(path) = &args.ca_file {
            builder = builder.ca_file(path);
        }
        if let Some(profile) = &args.profile {
            builder = builder.profile(profile);
        }
        if let Some(region) = &self.region {
            builder = builder.region(region);
        }
        if let Some(url) = &self.endpoint {
            builder = builder.endpoint(url);
        }
        for (service, url) in &self.service_endpoints {
            builder = builder.endpoint_for(*service, url);
        }
        if let Some(project_id) = args.project_id.first() {
            builder = builder.project_id(project_id);
        }
        builder
    }
}

/// Timeouts and retries, where they are given.
fn limits(args: &ConnectionArgs, mut builder: ClientBuilder) -> ClientBuilder {
    if let Some(timeout) = args.call_timeout {
        builder = builder.timeout(timeout);
    }
    if let Some(timeout) = args.connect_timeout {
        builder = builder.connect_timeout(timeout);
    }
    if let Some(retries) = args.retries {
        builder = builder.retries(retries);
    }
    if let Some((requests, per)) = args.rate {
        builder = builder.rate(requests, per);
    }
    builder
}

/// Reads `URL` or `SERVICE=URL` items. An error does not repeat the URL, which may hold a password.
fn endpoints(origin: &str, items: &[&str]) -> Result<Vec<(Option<Service>, String)>, CliError> {
    let items = items.iter().map(|item| item.trim());
    let items = items.filter(|item| !item.is_empty() || origin.starts_with("--"));
    let endpoint = |item: &str| {
        let (service, url) = match item.split_once('=') {
            // After a scheme, `=` belongs to the URL.
            Some((name, url)) if !name.contains("://") => (Some(service(name.trim())?), url.trim()),
            _ => (None, item),
        };
        if url.is_empty() {
            return Err("give a URL, such as https://dws.example.com".to_owned());
        }
        Ok((service, url.to_owned()))
    };
    let endpoints: Result<_, String> = items.map(endpoint).collect();
    endpoints.map_err(|why| wrong(origin, why))
}

fn service(name: &str) -> Result<Service, String> {
    let services = || Service::ALL.into_iter();
    let known = services().find(|service| service.as_str() == name.to_ascii_lowercase());
    known.ok_or_else(|| {
        let names: Vec<_> = services().map(Service::as_str).collect();
        let names = names.join(", ");
        format!("{name:?} is not a service; give one of {names}, or a URL alone")
    })
}

fn wrong(origin: &str, why: impl std::fmt::Display) -> CliError {
    let message = format!("{origin}: {why}");
    if origin.starts_with("--") {
        CliError::usage(message)
    } else {
        CliError::configuration(message)
    }
}

/// A client with the settings of a command.
pub(crate) struct Connection {
    pub(crate) client: Client,
    /// The region, the endpoint, or `demo`.
    pub(crate) place: Option<String>,
    /// The services of `--demo`, until the command ends.
    demo: Option<Emulator>,
    /// The workspaces of the environment, the profile or the demo.
    workspaces: Vec<WorkspaceId>,
    /// The clock of the services.
    pub(crate) clock: Option<ServiceClock>,
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
        let settings = Settings::new(args, variable)?;
        let client = settings.client().build().map_err(not_configured)?;
        if !output.is_quiet() && !output.format().is_json() {
            client
                .warnings()
                .iter()
                .for_each(|warning| output.warn(warning));
        }
        // Once, so that a report does not repeat it for every cluster.
        client.authenticate().await.map_err(not_configured)?;
        client.project_id().await?;
        let workspaces = if settings.workspaces.is_empty() {
            client.workspaces().to_vec()
        } else {
            settings.workspaces
        };
        Ok(Self {
            client,
            place: settings.region.or(settings.endpoint),
            demo: None,
            workspaces,
            clock: settings.clock,
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

    /// A connection to an emulator in this process, with its clock.
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
        let client = limits(args, Client::builder())
            .region(ready.region.as_str())
            .endpoint(emulator.url())
            .project_id(ready.project_id.as_str())
            .credentials(Credentials::access_key(
                ready.ak.as_str(),
                ready.sk.as_str(),
            ))
            .build()?;
        let workspaces = emulator.workspaces().iter().map(|id| id.parse());
        Ok(Self {
            client,
            place: Some("demo".to_owned()),
            workspaces: workspaces.collect::<Result<_, _>>()?,
            clock: format!("{}/_emulator/clock", emulator.url()).parse().ok(),
            demo: Some(emulator),
        })
    }

    /// The time of the services, running on from now.
    ///
    /// # Errors
    ///
    /// If their clock cannot be read.
    pub(crate) async fn time(&self) -> Result<ClockReading, CliError> {
        clock::read(self.clock.as_ref()).await
    }

    /// The workspaces of `flags`, else of the environment, the profile or the demo; each once.
    pub(crate) fn workspaces(&self, flags: &[WorkspaceId]) -> Vec<WorkspaceId> {
        let mut workspaces = Vec::new();
        for workspace in if flags.is_empty() {
            &self.workspaces
        } else {
            flags
        } {
            if !workspaces.contains(workspace) {
                workspaces.push(workspace.clone());
            }
        }
        workspaces
    }

    /// The one workspace of the flag, else of the environment or profile, else the first of the demo.
    ///
    /// # Errors
    ///
    /// If none is given, or several are.
    pub(crate) fn workspace(&self, flag: Option<&WorkspaceId>) -> Result<WorkspaceId, CliError> {
        let given = self.workspaces(flag.map(std::slice::from_ref).unwrap_or_default());
        match given.as_slice() {
            [one] => Ok(one.clone()),
            [first, ..] if self.demo.is_some() => Ok(first.clone()),
            [] => Err(CliError::usage(format!(
                "no workspace is given; give one with --workspace or {WORKSPACE}"
            ))),
            _ => Err(CliError::usage(format!(
                "{WORKSPACE} or the profile names several workspaces; give one with --workspace"
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

fn not_configured(error: Error) -> CliError {
    let hint = match (error.hint(), error.kind()) {
        (Some(_), _) => return error.into(),
        (None, ErrorKind::Credentials) => {
            "set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, or IDSYNC_TOKEN; `idsync help environment` lists all variables and files; \
             `idsync status --demo` needs none"
        }
        (None, _) => {
            "`idsync help environment` and `idsync help config` list all settings, `idsync doctor` checks them; \
             `idsync status --demo` needs none"
        }
    };
    CliError::from(error).with_hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(flags: &[&str], variables: &[(&str, &str)]) -> Result<Settings, CliError> {
        let args = ConnectionArgs {
            endpoint: flags.iter().map(|flag| (*flag).to_owned()).collect(),
            ..ConnectionArgs::default()
        };
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Settings::new(&args, variable)
    }

    #[test]
    fn an_endpoint_flag_for_all_services_replaces_the_variable() {
        let settings = settings(
            &["https://flag"],
            &[(ENDPOINT, "https://all,dws=https://dws")],
        );
        let settings = settings.unwrap();
        assert_eq!(settings.endpoint.as_deref(), Some("https://flag"));
        assert_eq!(settings.service_endpoints, []);
    }

    #[test]
    fn an_endpoint_flag_for_one_service_replaces_only_that_of_the_variable() {
        let settings = settings(
            &["DWS=https://flag/x?y=z"],
            &[(ENDPOINT, "https://all, dws=https://dws")],
        );
        let settings = settings.unwrap();
        assert_eq!(settings.endpoint.as_deref(), Some("https://all"));
        let last = settings.service_endpoints.last().unwrap();
        assert_eq!(*last, (Service::Dws, "https://flag/x?y=z".to_owned()));
    }

    #[test]
    fn a_wrong_endpoint_is_refused_by_its_origin_without_its_url() {
        for (flags, variables, words) in [
            (
                &["obs=https://u:pw@h"][..],
                &[][..],
                "--endpoint: \"obs\" is not a service",
            ),
            (&["mrs="], &[], "--endpoint: give a URL"),
            (&[""], &[], "--endpoint: give a URL"),
            (
                &[],
                &[(ENDPOINT, "x=https://u:pw@h")],
                "IDSYNC_ENDPOINT: \"x\" is not a service",
            ),
            (&[], &[(WORKSPACE, "a b")], WORKSPACE),
            (&[], &[(CLOCK, "noon")], CLOCK),
        ] {
            let error = settings(flags, variables).unwrap_err();
            let message = error.message();
            assert!(
                message.starts_with(words) && !message.contains("pw"),
                "{message}"
            );
        }
    }
}
