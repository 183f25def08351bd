//! What flags and environment come to, part by part, so that each can be told on its own.

use std::time::Duration;

use idsync::doctor::Check;
use idsync::{Client, ClientBuilder, Credentials, Error, ErrorKind, WorkspaceId};

use super::settled::{self, Settled};
use super::{Context, configured};
use crate::args::ConnectionArgs;
use crate::failure::{Cause, Failure};

/// How long a check may take where nothing else is said: long enough for any network that is fit for use.
const PATIENCE: Duration = Duration::from_secs(10);

// The names of the checks.
const CONFIGURATION: &str = "configuration";
const CREDENTIALS: &str = "credentials";
const PROJECT_ID: &str = "project_id";

/// Stands in for a project id or a token that is missing; it is never sent.
const NOTHING: &str = "none";

/// Stands in for an endpoint that is missing; nothing is sent there.
const NOWHERE: &str = "http://127.0.0.1:9";

/// Configuration, credentials and project, each found or not.
pub(crate) struct Setup {
    /// One for each part.
    pub(crate) checks: Vec<Check>,
    /// Where the configuration is sound. Without credentials or project, it must not be used for calls.
    pub(crate) client: Option<Client>,
    /// The workspace to ask for.
    pub(crate) workspace: Option<WorkspaceId>,
    /// Plays the services until the command ends.
    _demo: Option<Context>,
}

impl Setup {
    /// Looks for all parts.
    ///
    /// # Errors
    ///
    /// If the demo cannot be started; whatever else is missing or wrong is a check that failed.
    pub(crate) async fn of(
        flags: &ConnectionArgs,
        workspace: Option<&WorkspaceId>,
    ) -> Result<Self, Failure> {
        let flags = &ConnectionArgs {
            timeout: flags.timeout.or(Some(PATIENCE)),
            ..flags.clone()
        };
        if flags.reach.demo {
            return Self::of_demo(flags, workspace).await;
        }
        let environment = |name: &str| {
            let value = std::env::var(name).ok();
            value.filter(|value| !value.trim().is_empty())
        };
        Ok(Self::found(flags, workspace, &environment).await)
    }

    /// The name of the first part that is missing or wrong.
    pub(crate) fn missing(&self) -> Option<&str> {
        let failed = self.checks.iter().find(|check| check.kind.is_some())?;
        Some(&failed.name)
    }

    async fn of_demo(
        flags: &ConnectionArgs,
        workspace: Option<&WorkspaceId>,
    ) -> Result<Self, Failure> {
        let context = Context::open(flags).await?;
        let project = context.client.project_id().await?;
        let checks = vec![
            Check::ok(CONFIGURATION, "the demo; the environment is not looked at"),
            Check::ok(CREDENTIALS, "an access key, of the demo"),
            Check::ok(PROJECT_ID, format!("{project}, of the demo")),
        ];
        Ok(Self {
            checks,
            client: Some(context.client.clone()),
            workspace: Some(context.workspace(workspace)?),
            _demo: Some(context),
        })
    }

    async fn found(
        flags: &ConnectionArgs,
        workspace: Option<&WorkspaceId>,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Self {
        let found = match configuration(flags, workspace, environment) {
            Ok(found) => found,
            Err(failure) => return Self::unsound(&failure),
        };
        let builder = || configured(flags, &found.settled);
        let whole = match builder().build() {
            Ok(client) => Whole {
                credentials: credentials(&client).await,
                project: project(&client).await,
                client: Ok(client),
            },
            Err(_) => Whole::by_parts(&builder).await,
        };
        let client = match whole.client {
            Ok(client) => client,
            Err(error) => {
                return Self {
                    checks: vec![
                        misconfigured(&Failure::from(error)),
                        whole.credentials,
                        whole.project,
                    ],
                    client: None,
                    workspace: None,
                    _demo: None,
                };
            }
        };
        let of_profile = || client.workspaces().first().cloned();
        Self {
            checks: vec![
                Check::ok(CONFIGURATION, found.origins),
                whole.credentials,
                whole.project,
            ],
            workspace: found.workspace.or_else(of_profile),
            client: Some(client),
            _demo: None,
        }
    }

    /// With a configuration that no client can be made of.
    fn unsound(failure: &Failure) -> Self {
        let skipped = |name: &str| waits_for(name, CONFIGURATION);
        Self {
            checks: vec![
                misconfigured(failure),
                skipped(CREDENTIALS),
                skipped(PROJECT_ID),
            ],
            client: None,
            workspace: None,
            _demo: None,
        }
    }
}

const CREDENTIALS_ADVICE: &str =
    "`idsync --help` lists the variables and files that credentials are read from";
const PROJECT_ADVICE: &str = "give --project-id, or set HUAWEICLOUD_SDK_PROJECT_ID; a region is enough where IAM can be asked";

async fn credentials(client: &Client) -> Check {
    match client.authenticate().await {
        Ok(found) => {
            let told = format!("{}, from {}", found.kind(), client.credential_origin());
            Check::ok(CREDENTIALS, told)
        }
        Err(error) => Check::failed_by(CREDENTIALS, &error, CREDENTIALS_ADVICE),
    }
}

async fn project(client: &Client) -> Check {
    let is_given = client.known_project_id().is_some();
    match client.project_id().await {
        Ok(project) if is_given => Check::ok(PROJECT_ID, format!("{project}, as given")),
        Ok(project) => {
            let told = format!("{project}, looked up at IAM by the name of the region");
            Check::ok(PROJECT_ID, told)
        }
        Err(error) => Check::failed_by(PROJECT_ID, &error, PROJECT_ADVICE),
    }
}

/// What became of the parts.
struct Whole {
    /// Fit for the network where only credentials or project are missing.
    client: Result<Client, Error>,
    credentials: Check,
    project: Check,
}

impl Whole {
    /// Looks at each part by itself, with something that stands in for the others, since not all are there.
    async fn by_parts(builder: &impl Fn() -> ClientBuilder) -> Self {
        let token = || Credentials::token(NOTHING);
        let alone = || builder().endpoint(NOWHERE);
        let credentials = match alone().project_id(NOTHING).build() {
            Ok(client) => credentials(&client).await,
            Err(error) if error.kind() == ErrorKind::Credentials => {
                Check::failed_by(CREDENTIALS, &error, CREDENTIALS_ADVICE)
            }
            Err(_) => waits_for(CREDENTIALS, CONFIGURATION),
        };
        let project = match alone()
            .credentials(token())
            .build()
            .map(|client| client.known_project_id())
        {
            Ok(Some(given)) => Check::ok(PROJECT_ID, format!("{given}, as given")),
            Ok(None) => waits_for(PROJECT_ID, CREDENTIALS),
            Err(error) => Check::failed_by(PROJECT_ID, &error, PROJECT_ADVICE),
        };
        let client = builder().credentials(token()).project_id(NOTHING).build();
        Self {
            client,
            credentials,
            project,
        }
    }
}

/// What the client is configured with, and where that was found.
struct Found {
    settled: Settled,
    workspace: Option<WorkspaceId>,
    origins: String,
}

fn configuration(
    flags: &ConnectionArgs,
    workspace: Option<&WorkspaceId>,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Found, Failure> {
    let settled = Settled::new(flags, environment)?;
    let listed = settled.workspaces.as_deref().unwrap_or_default();
    let listed: Vec<WorkspaceId> = settled::listed(settled::WORKSPACE, listed)?;
    let origin = |given: bool, flag, variable: &'static str| {
        if given {
            Some(flag)
        } else {
            environment(variable).map(|_| variable)
        }
    };
    let region = settled.region.as_deref().unwrap_or_default();
    let found = [
        (
            format!("region {region}"),
            origin(flags.reach.region.is_some(), "--region", settled::REGION),
        ),
        (
            "endpoint".to_owned(),
            origin(
                !flags.reach.endpoint.is_empty(),
                "--endpoint",
                settled::ENDPOINT,
            ),
        ),
        (
            "workspace".to_owned(),
            origin(workspace.is_some(), "--workspace", settled::WORKSPACE),
        ),
    ];
    let told: Vec<_> = found
        .into_iter()
        .filter_map(|(what, origin)| origin.map(|origin| format!("{what} from {origin}")))
        .collect();
    Ok(Found {
        workspace: workspace.cloned().or_else(|| listed.first().cloned()),
        settled,
        origins: told.join(", "),
    })
}

fn waits_for(name: &str, other: &str) -> Check {
    Check::skipped(name, format!("waits for {other}"))
}

fn misconfigured(failure: &Failure) -> Check {
    const ADVICE: &str = "check --region and --endpoint, or IDSYNC_REGION and IDSYNC_ENDPOINT";
    match &failure.cause {
        Cause::Call(error) => Check::failed_by(CONFIGURATION, error, ADVICE),
        Cause::Usage(message) | Cause::Surroundings(message) => {
            Check::misconfigured(CONFIGURATION, message, ADVICE)
        }
        Cause::Problem(_) | Cause::Unfinished { .. } | Cause::ClosedPipe => {
            Check::misconfigured(CONFIGURATION, "cannot be read", ADVICE)
        }
    }
}
