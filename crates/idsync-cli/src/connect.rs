//! From flags, environment and files to a client.

use std::collections::HashSet;
use std::fmt::Display;

use idsync::{Client, ClientBuilder, Credentials, Error, ErrorKind, Service, WorkspaceId};
use idsync_emulator::{Emulator, EmulatorBuilder};

use crate::args::ConnectionArgs;
use crate::args::values::{self, EndpointArg};
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
#[derive(Debug)]
pub(crate) struct Settings {
    args: ConnectionArgs,
    pub(crate) region: Option<String>,
    /// The last one for a service counts.
    endpoints: Vec<EndpointArg>,
    pub(crate) workspaces: Vec<WorkspaceId>,
    /// The clock of the services.
    pub(crate) clock: Option<ServiceClock>,
}

impl Settings {
    /// Combines `args` with the variables that `variable` gives.
    ///
    /// # Errors
    ///
    /// If a variable cannot be read.
    pub(crate) fn new(
        args: &ConnectionArgs,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, CliError> {
        let mut endpoints = Vec::new();
        // A flag for all services replaces the whole variable.
        if args.endpoint.iter().all(|flag| flag.service.is_some()) {
            endpoints = items(ENDPOINT, &variable, values::endpoint)?;
        }
        endpoints.extend(args.endpoint.iter().cloned());
        Ok(Self {
            args: args.clone(),
            region: args.region.clone().or_else(|| variable(REGION)),
            endpoints,
            workspaces: items(WORKSPACE, &variable, str::parse)?,
            clock: service_clock(&variable)?,
        })
    }

    /// The region, else the URL of all services.
    fn place(&self) -> Option<String> {
        let mut endpoints = self.endpoints.iter().rev();
        let all = endpoints.find(|endpoint| endpoint.service.is_none());
        self.region.clone().or(all.map(|all| all.url.clone()))
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
        for EndpointArg { service, url } in &self.endpoints {
            builder = match service {
                Some(service) => builder.endpoint_for(*service, url),
                None => builder.endpoint(url),
            };
        }
        if let Some(project_id) = args.project_id.first() {
            builder = builder.project_id(project_id);
        }
        builder
    }
}

/// The items of a variable, separated by commas.
fn items<T, E: Display>(
    name: &str,
    variable: impl Fn(&str) -> Option<String>,
    read: impl Fn(&str) -> Result<T, E>,
) -> Result<Vec<T>, CliError> {
    let text = variable(name).unwrap_or_default();
    let items = text.split(',').map(str::trim).filter(|it| !it.is_empty());
    items
        .map(|item| read(item).map_err(|why| wrong(name, why)))
        .collect()
}

fn wrong(variable: &str, why: impl Display) -> CliError {
    CliError::configuration(format!("{variable}: {why}"))
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
        // Logs have them too.
        if !output.is_quiet() && !output.format().is_json() && !output.is_logging {
            let warnings = client.warnings().iter();
            warnings.for_each(|warning| output.warn(warning));
        }
        // Once, so that a report does not repeat it for every cluster.
        client.authenticate().await.map_err(not_configured)?;
        client.project_id().await?;
        Ok(Self {
            place: settings.place(),
            demo: None,
            workspaces: match settings.workspaces.as_slice() {
                [] => client.workspaces().to_vec(),
                given => given.to_vec(),
            },
            clock: settings.clock,
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
        let given = if flags.is_empty() {
            &self.workspaces
        } else {
            flags
        };
        let mut seen = HashSet::new();
        let given = given
            .iter()
            .filter(|workspace| seen.insert(workspace.as_str()));
        given.cloned().collect()
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

/// Adds where settings are documented to an error about a missing one; an error about a wrong one names it.
fn not_configured(error: Error) -> CliError {
    let is_missing = error.message().starts_with("no ");
    let hint = match error.kind() {
        _ if error.hint().is_some() => return error.into(),
        ErrorKind::Credentials => {
            "set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, or IDSYNC_TOKEN; `idsync help environment` lists all variables and files; \
             `idsync status --demo` needs none"
        }
        ErrorKind::Configuration if is_missing => {
            "`idsync help environment` and `idsync help config` list all settings; `idsync status --demo` needs none"
        }
        _ => return error.into(),
    };
    CliError::from(error).with_hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(flags: &[&str], variables: &[(&str, &str)]) -> Result<Settings, CliError> {
        let endpoints = flags.iter().map(|flag| values::endpoint(flag).unwrap());
        let args = ConnectionArgs {
            endpoint: endpoints.collect(),
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
        let variable = [(ENDPOINT, "https://all,dws=https://dws")];
        let settings = settings(&["https://flag"], &variable).unwrap();
        assert_eq!(settings.place().as_deref(), Some("https://flag"));
        assert_eq!(settings.endpoints.len(), 1);
    }

    #[test]
    fn an_endpoint_flag_for_one_service_replaces_only_that_of_the_variable() {
        let variable = [(ENDPOINT, "https://all, dws=https://dws")];
        let settings = settings(&["DWS=https://flag/x?y=z"], &variable).unwrap();
        assert_eq!(settings.place().as_deref(), Some("https://all"));
        let last = settings.endpoints.last().unwrap();
        assert_eq!(last.service, Some(Service::Dws));
        assert_eq!(last.url, "https://flag/x?y=z");
    }

    #[test]
    fn a_wrong_variable_is_refused_by_its_name_without_its_url() {
        for (name, value, why) in [
            (ENDPOINT, "x=https://u:pw@h", "\"x\" is not a service"),
            (ENDPOINT, "mrs=", "give a URL"),
            (WORKSPACE, "a b", ""),
            (CLOCK, "noon", "give a URL"),
        ] {
            let error = settings(&[], &[(name, value)]).unwrap_err();
            let message = error.message();
            assert!(message.starts_with(&format!("{name}: {why}")), "{message}");
            assert!(!message.contains("pw"), "{message}");
        }
    }

    #[test]
    fn only_an_error_about_a_missing_setting_says_where_settings_are_documented() {
        let hint = |message: &str| {
            not_configured(Error::configuration(message))
                .hint()
                .is_some()
        };
        assert!(hint("no region and no endpoint for dws: give one of them"));
        assert!(!hint("/etc/config.toml, line 1: unknown field `x`"));
    }
}
