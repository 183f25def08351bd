//! Configuration, credentials and project, each checked by itself.

use idsync::{Client, Credentials, Error, ErrorKind};
use idsync_emulator::Emulator;

use super::check::CheckStatus;
use super::{Check, DoctorTarget};
use crate::connect::{self, Connection, Settings, variable};
use crate::errors::CliError;

pub(super) const CONFIGURATION: &str = "configuration";
const CREDENTIALS: &str = "credentials";
const PROJECT_ID: &str = "project_id";

/// Stands in for a missing project id or token; it is never sent.
const STAND_IN: &str = "none";

/// What the other checks start from.
pub(super) struct Setup {
    pub(super) checks: [Check; 3],
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
        let settings = match Settings::new(&target.connection, variable) {
            Ok(settings) => settings,
            Err(error) => return Ok(Self::not_configured(error.message())),
        };
        let (built, needed) = match settings.client().build() {
            Err(error) if error.kind() == ErrorKind::Credentials => {
                let client = settings.client().credentials(Credentials::token(STAND_IN));
                (client.project_id(STAND_IN).build(), Some(error))
            }
            built => (built, None),
        };
        Ok(match (built, needed) {
            (Err(error), _) => Self::not_configured(&error.to_string()),
            (Ok(client), Some(error)) => {
                let project = Check::needs(PROJECT_ID, CREDENTIALS);
                Self::of(&settings, target, client, [no_credentials(&error), project])
            }
            (Ok(client), None) => {
                let parts = [credentials(&client).await, project(&client).await];
                Self::of(&settings, target, client, parts)
            }
        })
    }

    /// The first part that is missing or wrong.
    pub(super) fn missing(&self) -> Option<&str> {
        let mut checks = self.checks.iter();
        let failed = checks.find(|check| check.status == CheckStatus::Fail)?;
        Some(&failed.name)
    }

    async fn demo(target: &mut DoctorTarget) -> Result<Self, CliError> {
        let demo = Connection::demo(&target.connection, Emulator::builder()).await?;
        let project = demo.client.project_id().await?;
        target.workspaces = demo.workspaces(&target.workspaces);
        Ok(Self {
            checks: [
                Check::ok(CONFIGURATION, "the demo; the environment is ignored"),
                Check::ok(CREDENTIALS, "an access key of the demo"),
                Check::ok(PROJECT_ID, format!("{project}, of the demo")),
            ],
            client: Some(demo.client.clone()),
            _demo: Some(demo),
        })
    }

    fn not_configured(message: &str) -> Self {
        let configuration = Check::fail(CONFIGURATION, ErrorKind::Configuration, message)
            .advised("check --region and --endpoint, or IDSYNC_REGION and IDSYNC_ENDPOINT");
        let [credentials, project] =
            [CREDENTIALS, PROJECT_ID].map(|name| Check::needs(name, CONFIGURATION));
        Self {
            checks: [configuration, credentials, project],
            client: None,
            _demo: None,
        }
    }

    fn of(
        settings: &Settings,
        target: &mut DoctorTarget,
        client: Client,
        [credentials, project]: [Check; 2],
    ) -> Self {
        let configuration = match client.warnings() {
            [] => Check::ok(CONFIGURATION, origins(settings, target)),
            warnings => Check::warn(CONFIGURATION, warnings.join("; "))
                .advised("correct or remove the setting"),
        };
        if target.workspaces.is_empty() && target.project.is_none() {
            target.workspaces.clone_from(&settings.workspaces);
        }
        if target.workspaces.is_empty() {
            target.workspaces = client.workspaces().to_vec();
        }
        Self {
            checks: [configuration, credentials, project],
            client: Some(client),
            _demo: None,
        }
    }
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
    let region = settings.region.as_deref().unwrap_or_default();
    let found = [
        ("region", flags.region.is_some(), connect::REGION),
        ("endpoint", !flags.endpoint.is_empty(), connect::ENDPOINT),
        (
            "workspace",
            !target.workspaces.is_empty(),
            connect::WORKSPACE,
        ),
    ];
    let found = found.into_iter().filter_map(|(what, is_flag, name)| {
        let origin = match (is_flag, variable(name)) {
            (true, _) => format!("--{what}"),
            (false, Some(_)) => name.to_owned(),
            (false, None) => return None,
        };
        let value = if what == "region" { region } else { "" };
        Some(format!(
            "{} from {origin}",
            format!("{what} {value}").trim_end()
        ))
    });
    found.collect::<Vec<_>>().join(", ")
}
