//! Configuration, credentials and project, each checked by itself.

use idsync::{Client, Credentials, Error, ErrorKind};
use idsync_emulator::Emulator;

use super::{Check, DoctorTarget};
use crate::connect::{self, Connection, Settings, variable};
use crate::errors::CliError;

const CONFIGURATION: &str = "configuration";
const CREDENTIALS: &str = "credentials";
const PROJECT_ID: &str = "project_id";

/// Stands in for a missing project id or token; it is never sent.
const STAND_IN: &str = "none";

/// Stands in for a missing endpoint; nothing is sent there.
const NO_ENDPOINT: &str = "http://127.0.0.1:9";

/// What the other checks start from.
pub(super) struct Setup {
    pub(super) checks: Vec<Check>,
    /// Only if the configuration is valid. Without credentials or project, it must not be used for calls.
    pub(super) client: Option<Client>,
    /// Keeps the services of `--demo` running.
    _demo: Option<Connection>,
}

impl Setup {
    /// Checks each part, and completes the workspaces of `target`.
    ///
    /// # Errors
    ///
    /// If the demo cannot be started; everything else is a check that failed.
    pub(super) async fn check(target: &mut DoctorTarget) -> Result<Self, CliError> {
        if target.connection.demo {
            return Self::demo(target).await;
        }
        Ok(match Settings::new(&target.connection, variable) {
            Ok(settings) => Self::of(&settings, target).await,
            Err(error) => Self::without_client(not_configured(error.message()), None),
        })
    }

    /// The first part that is missing or wrong.
    pub(super) fn missing(&self) -> Option<&str> {
        let failed = self.checks.iter().find(|check| check.has_failed())?;
        Some(&failed.name)
    }

    async fn demo(target: &mut DoctorTarget) -> Result<Self, CliError> {
        let demo = Connection::demo(&target.connection, Emulator::builder()).await?;
        let project = demo.client.project_id().await?;
        target.workspaces = demo.workspaces(&target.workspaces);
        Ok(Self {
            checks: vec![
                Check::ok(CONFIGURATION, "the demo; the environment is ignored"),
                Check::ok(CREDENTIALS, "an access key of the demo"),
                Check::ok(PROJECT_ID, format!("{project}, of the demo")),
            ],
            client: Some(demo.client.clone()),
            _demo: Some(demo),
        })
    }

    async fn of(settings: &Settings, target: &mut DoctorTarget) -> Self {
        let origins = origins(settings, target);
        let whole = settings.client().build();
        let parts = match &whole {
            Ok(client) => [credentials(client).await, project(client).await],
            Err(_) => parts(settings).await,
        };
        let client = whole.or_else(|_| {
            let client = settings.client().credentials(Credentials::token(STAND_IN));
            client.project_id(STAND_IN).build()
        });
        let client = match client {
            Ok(client) => client,
            Err(error) => {
                return Self::without_client(not_configured(&error.to_string()), Some(parts));
            }
        };
        if target.workspaces.is_empty() && target.project.is_none() {
            target.workspaces.clone_from(&settings.workspaces);
        }
        if target.workspaces.is_empty() {
            target.workspaces = client.workspaces().to_vec();
        }
        let configuration = match client.warnings() {
            [] => Check::ok(CONFIGURATION, origins),
            warnings => Check::warn(CONFIGURATION, warnings.join("; "))
                .advised("correct or remove the setting"),
        };
        let [credentials, project] = parts;
        Self {
            checks: vec![configuration, credentials, project],
            client: Some(client),
            _demo: None,
        }
    }

    fn without_client(configuration: Check, parts: Option<[Check; 2]>) -> Self {
        let [credentials, project] = parts.unwrap_or_else(|| {
            [CREDENTIALS, PROJECT_ID].map(|name| Check::needs(name, CONFIGURATION))
        });
        Self {
            checks: vec![configuration, credentials, project],
            client: None,
            _demo: None,
        }
    }
}

fn not_configured(message: &str) -> Check {
    Check::fail(CONFIGURATION, ErrorKind::Configuration, message)
        .advised("check --region and --endpoint, or IDSYNC_REGION and IDSYNC_ENDPOINT")
}

fn no_credentials(error: &Error) -> Check {
    let advice =
        "`idsync help environment` lists the variables and files that credentials are read from";
    Check::failed(CREDENTIALS, error, advice)
}

fn no_project(error: &Error) -> Check {
    let advice = "give --project-id, or set HUAWEICLOUD_SDK_PROJECT_ID; a region is enough if IAM can be reached";
    Check::failed(PROJECT_ID, error, advice)
}

async fn credentials(client: &Client) -> Check {
    match client.authenticate().await {
        Ok(found) => {
            let message = format!("{}, from {}", found.kind(), client.credential_origin());
            Check::ok(CREDENTIALS, message)
        }
        Err(error) => no_credentials(&error),
    }
}

async fn project(client: &Client) -> Check {
    let is_given = client.known_project_id().is_some();
    match client.project_id().await {
        Ok(project) if is_given => Check::ok(PROJECT_ID, format!("{project}, as given")),
        Ok(project) => {
            let message = format!("{project}, looked up at IAM by the name of the region");
            Check::ok(PROJECT_ID, message)
        }
        Err(error) => no_project(&error),
    }
}

/// Credentials and project where not both are there: each with a stand-in for the other.
async fn parts(settings: &Settings) -> [Check; 2] {
    let builder = || settings.client().endpoint(NO_ENDPOINT);
    let credentials = match builder().project_id(STAND_IN).build() {
        Ok(client) => credentials(&client).await,
        Err(error) if error.kind() == ErrorKind::Credentials => no_credentials(&error),
        Err(_) => Check::needs(CREDENTIALS, CONFIGURATION),
    };
    let known = builder().credentials(Credentials::token(STAND_IN)).build();
    let project = match known.map(|client| client.known_project_id()) {
        Ok(Some(given)) => Check::ok(PROJECT_ID, format!("{given}, as given")),
        Ok(None) => Check::needs(PROJECT_ID, CREDENTIALS),
        Err(error) => no_project(&error),
    };
    [credentials, project]
}

/// Where region, endpoint and workspace come from.
fn origins(settings: &Settings, target: &DoctorTarget) -> String {
    if let Some(place) = &target.project {
        return format!("from {place}");
    }
    let connection = &target.connection;
    let region = format!("region {}", settings.region.as_deref().unwrap_or_default());
    let found = [
        (
            region.as_str(),
            connection.region.is_some(),
            connect::REGION,
        ),
        (
            "endpoint",
            !connection.endpoint.is_empty(),
            connect::ENDPOINT,
        ),
        (
            "workspace",
            !target.workspaces.is_empty(),
            connect::WORKSPACE,
        ),
    ];
    let found = found.into_iter().filter_map(|(what, is_flag, name)| {
        let flag = what.split(' ').next().map(|word| format!("--{word}"));
        let origin = flag
            .filter(|_| is_flag)
            .or(variable(name).map(|_| name.to_owned()))?;
        Some(format!("{what} from {origin}"))
    });
    found.collect::<Vec<_>>().join(", ")
}
