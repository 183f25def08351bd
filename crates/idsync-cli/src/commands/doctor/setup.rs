//! Configuration, credentials and project, each checked by itself.

use std::time::Duration;

use idsync::{Client, ClientBuilder, Credentials, ErrorKind, WorkspaceId};

use super::Check;
use crate::args::{ConnectionArgs, DoctorArgs};
use crate::connect::{self, Connection, Settings, variable};
use crate::errors::CliError;

/// Timeout of a check, unless another one is given.
const TIMEOUT: Duration = Duration::from_secs(10);

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
    pub(super) workspace: Option<WorkspaceId>,
    /// Keeps the services of `--demo` running.
    _demo: Option<Connection>,
}

impl Setup {
    /// Checks each part.
    ///
    /// # Errors
    ///
    /// If the demo cannot be started; everything else is a check that failed.
    pub(super) async fn check(args: &DoctorArgs) -> Result<Self, CliError> {
        let mut connection = args.connection.clone();
        connection.call_timeout = connection.call_timeout.or(Some(TIMEOUT));
        if connection.demo {
            return Self::demo(&connection, args.workspace.as_ref()).await;
        }
        Ok(match Settings::new(&connection, variable) {
            Ok(settings) => Self::of(&settings, args).await,
            Err(error) => Self::not_configured(error.message()),
        })
    }

    /// The first part that is missing or wrong.
    pub(super) fn missing(&self) -> Option<&str> {
        let failed = self.checks.iter().find(|check| check.kind.is_some())?;
        Some(&failed.name)
    }

    async fn demo(
        connection: &ConnectionArgs,
        workspace: Option<&WorkspaceId>,
    ) -> Result<Self, CliError> {
        let demo = Connection::demo(connection).await?;
        let project = demo.client.project_id().await?;
        let checks = vec![
            Check::ok(CONFIGURATION, "the demo; the environment is ignored"),
            Check::ok(CREDENTIALS, "an access key of the demo"),
            Check::ok(PROJECT_ID, format!("{project}, of the demo")),
        ];
        Ok(Self {
            checks,
            client: Some(demo.client.clone()),
            workspace: Some(demo.workspace(workspace)?),
            _demo: Some(demo),
        })
    }

    async fn of(settings: &Settings, args: &DoctorArgs) -> Self {
        let whole = settings.client().build();
        let (credentials, project) = match &whole {
            Ok(client) => (credentials(client).await, project(client).await),
            Err(_) => parts(settings).await,
        };
        let stand_in = || {
            let token = Credentials::token(STAND_IN);
            settings
                .client()
                .credentials(token)
                .project_id(STAND_IN)
                .build()
        };
        let client = match whole.or_else(|_| stand_in()) {
            Ok(client) => client,
            Err(error) => {
                let mut setup = Self::not_configured(&error.to_string());
                setup.checks.splice(1.., [credentials, project]);
                return setup;
            }
        };
        let workspaces = args.workspace.iter().chain(&settings.workspaces);
        let workspace = workspaces.chain(client.workspaces()).next().cloned();
        Self {
            checks: vec![
                configuration(&client, origins(settings, args)),
                credentials,
                project,
            ],
            client: Some(client),
            workspace,
            _demo: None,
        }
    }

    fn not_configured(message: &str) -> Self {
        let advice = "check --region and --endpoint, or IDSYNC_REGION and IDSYNC_ENDPOINT";
        Self {
            checks: vec![
                Check::fail(CONFIGURATION, ErrorKind::Configuration, message).advised(advice),
                Check::needs(CREDENTIALS, CONFIGURATION),
                Check::needs(PROJECT_ID, CONFIGURATION),
            ],
            client: None,
            workspace: None,
            _demo: None,
        }
    }
}

/// Where the configuration comes from, and which settings are unsafe or have no effect.
fn configuration(client: &Client, origins: String) -> Check {
    match client.warnings() {
        [] => Check::ok(CONFIGURATION, origins),
        warnings => {
            Check::warn(CONFIGURATION, warnings.join("; ")).advised("correct or remove the setting")
        }
    }
}

const CREDENTIALS_ADVICE: &str =
    "`idsync help environment` lists the variables and files that credentials are read from";
const PROJECT_ADVICE: &str = "give --project-id, or set HUAWEICLOUD_SDK_PROJECT_ID; a region is enough if IAM can be reached";

async fn credentials(client: &Client) -> Check {
    match client.authenticate().await {
        Ok(found) => {
            let message = format!("{}, from {}", found.kind(), client.credential_origin());
            Check::ok(CREDENTIALS, message)
        }
        Err(error) => Check::failed(CREDENTIALS, &error, CREDENTIALS_ADVICE),
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
        Err(error) => Check::failed(PROJECT_ID, &error, PROJECT_ADVICE),
    }
}

/// Credentials and project where not both are there: each with a stand-in for the other.
async fn parts(settings: &Settings) -> (Check, Check) {
    let builder = || -> ClientBuilder { settings.client().endpoint(NO_ENDPOINT) };
    let credentials = match builder().project_id(STAND_IN).build() {
        Ok(client) => credentials(&client).await,
        Err(error) if error.kind() == ErrorKind::Credentials => {
            Check::failed(CREDENTIALS, &error, CREDENTIALS_ADVICE)
        }
        Err(_) => Check::needs(CREDENTIALS, CONFIGURATION),
    };
    let token = Credentials::token(STAND_IN);
    let known = builder().credentials(token).build();
    let project = match known.map(|client| client.known_project_id()) {
        Ok(Some(given)) => Check::ok(PROJECT_ID, format!("{given}, as given")),
        Ok(None) => Check::needs(PROJECT_ID, CREDENTIALS),
        Err(error) => Check::failed(PROJECT_ID, &error, PROJECT_ADVICE),
    };
    (credentials, project)
}

/// Where region, endpoint and workspace come from.
fn origins(settings: &Settings, args: &DoctorArgs) -> String {
    let origin = |is_flag: bool, flag, name: &'static str| {
        is_flag.then_some(flag).or(variable(name).map(|_| name))
    };
    let connection = &args.connection;
    let region = settings.region.as_deref().unwrap_or_default();
    let found = [
        (
            format!("region {region}"),
            origin(connection.region.is_some(), "--region", connect::REGION),
        ),
        (
            "endpoint".to_owned(),
            origin(
                !connection.endpoint.is_empty(),
                "--endpoint",
                connect::ENDPOINT,
            ),
        ),
        (
            "workspace".to_owned(),
            origin(args.workspace.is_some(), "--workspace", connect::WORKSPACE),
        ),
    ];
    let found = found
        .into_iter()
        .filter_map(|(what, origin)| Some(format!("{what} from {}", origin?)));
    found.collect::<Vec<_>>().join(", ")
}
