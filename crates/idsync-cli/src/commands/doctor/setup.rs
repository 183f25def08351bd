//! Configuration, credentials and project, each checked by itself.

use idsync::{Client, Credentials, Error, ErrorKind};
use idsync_emulator::Emulator;

use super::{Check, DoctorTarget};
use crate::connect::{Connection, ENDPOINT, REGION, Settings, WORKSPACE, variable};
use crate::errors::CliError;

const CONFIGURATION: &str = "configuration";
const CREDENTIALS: &str = "credentials";
const PROJECT_ID: &str = "project_id";

/// The checks that need a configuration.
const OTHERS: [&str; 9] = [
    CREDENTIALS,
    PROJECT_ID,
    "endpoint.dataarts",
    "endpoint.dws",
    "endpoint.mrs",
    "clock",
    "answer.dataarts",
    "answer.dws",
    "answer.mrs",
];

/// Stands in for a missing project id or token; it is never sent.
const STAND_IN: &str = "none";

/// What the checks of the services start from.
pub(super) struct Setup {
    /// All checks if there is no client.
    pub(super) checks: Vec<Check>,
    /// Only if the configuration is valid. Without credentials or project, it must not be used for calls.
    pub(super) client: Option<Client>,
    /// Keeps the services of `--demo` running.
    pub(super) _demo: Option<Connection>,
}

impl Setup {
    /// Checks each part, and completes the workspaces of `target`.
    ///
    /// # Errors
    ///
    /// If the demo cannot be started; everything else is a check that failed.
    pub(super) async fn check(target: &mut DoctorTarget) -> Result<Self, CliError> {
        if target.connection.demo {
            let demo = Connection::demo(&target.connection, Emulator::builder()).await?;
            target.workspaces = demo.workspaces(&target.workspaces);
            let configuration = Check::ok(CONFIGURATION, "the demo; the environment is ignored");
            let client = demo.client.clone();
            return Ok(Self::of(configuration, client, None, Some(demo)).await);
        }
        let settings = Settings::new(target.connection.clone());
        let (settings, client, missing) = match settings.and_then(built) {
            Ok(built) => built,
            Err(error) => return Ok(Self::not_configured(&error)),
        };
        let configuration = match client.warnings() {
            [] => Check::ok(CONFIGURATION, origins(&settings, target)),
            warnings => Check::warn(CONFIGURATION, warnings.join("; "))
                .advised("correct or remove the setting"),
        };
        if target.workspaces.is_empty() && target.project.is_none() {
            target.workspaces = settings.workspaces;
        }
        if target.workspaces.is_empty() {
            target.workspaces = client.workspaces().to_vec();
        }
        Ok(Self::of(configuration, client, missing, None).await)
    }

    fn not_configured(error: &CliError) -> Self {
        let failed = Check::fail(CONFIGURATION, ErrorKind::Configuration, error.message())
            .advised("check --region and --endpoint, or IDSYNC_REGION and IDSYNC_ENDPOINT");
        let others = OTHERS.map(|name| Check::needs(name, CONFIGURATION));
        Self {
            checks: [vec![failed], others.to_vec()].concat(),
            client: None,
            _demo: None,
        }
    }

    /// Adds the checks of credentials and project; `missing` is why there are no credentials.
    async fn of(
        configuration: Check,
        client: Client,
        missing: Option<Error>,
        demo: Option<Connection>,
    ) -> Self {
        let (credentials, project) = match missing {
            None => (credentials(&client).await, project(&client).await),
            Some(error) => (
                no_credentials(&error),
                Check::needs(PROJECT_ID, CREDENTIALS),
            ),
        };
        Self {
            checks: vec![configuration, credentials, project],
            client: Some(client),
            _demo: demo,
        }
    }
}

/// The client; if there are no credentials, one that can reach endpoints, and why.
fn built(settings: Settings) -> Result<(Settings, Client, Option<Error>), CliError> {
    let (client, missing) = match settings.args.client().build() {
        Err(error) if error.kind() == ErrorKind::Credentials => {
            let client = settings
                .args
                .client()
                .credentials(Credentials::token(STAND_IN));
            (client.project_id(STAND_IN).build()?, Some(error))
        }
        built => (built?, None),
    };
    Ok((settings, client, missing))
}

fn no_credentials(error: &Error) -> Check {
    let advice =
        "`idsync help environment` lists the variables and files that credentials are read from";
    Check::failed(CREDENTIALS, error, advice)
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
    let origin = match client.known_project_id() {
        Some(_) => "as given",
        None => "looked up at IAM by the name of the region",
    };
    match client.project_id().await {
        Ok(project) => Check::ok(PROJECT_ID, format!("{project}, {origin}")),
        Err(error) => {
            let advice = "give --project-id, or set HUAWEICLOUD_SDK_PROJECT_ID; a region is enough if IAM can be reached";
            Check::failed(PROJECT_ID, &error, advice)
        }
    }
}

/// Where region, endpoint and workspace come from.
fn origins(settings: &Settings, target: &DoctorTarget) -> String {
    if let Some(place) = &target.project {
        return format!("from {place}");
    }
    let flags = &target.connection;
    let origin = |what: &str, is_flag: bool, name: &str| {
        let flag = format!("--{}", what.split(' ').next()?);
        let name = variable(name).map(|_| name.to_owned());
        let origin = if is_flag { flag } else { name? };
        Some(format!("{what} from {origin}"))
    };
    let region = settings.args.region.as_deref().unwrap_or_default();
    let found = [
        origin(&format!("region {region}"), flags.region.is_some(), REGION),
        origin("endpoint", !flags.endpoint.is_empty(), ENDPOINT),
        origin("workspace", !target.workspaces.is_empty(), WORKSPACE),
    ];
    let found: Vec<_> = found.into_iter().flatten().collect();
    found.join(", ")
}
