//! What flags and environment come to, part by part, so that each can be told on its own.

use std::time::Duration;

use idsync::doctor::Check;
use idsync::{Client, CredentialProvider, Credentials, Error, ProjectId, WorkspaceId};

use super::settled::{self, Settled};
use super::{Context, configured};
use crate::args::ConnectionArgs;
use crate::failure::{Cause, Failure};

/// How long a check may take where nothing else is said: long enough for any network that is fit for use.
const PATIENCE: Duration = Duration::from_secs(10);

const PROJECT: &str = "HUAWEICLOUD_SDK_PROJECT_ID";

// The names of the checks.
const CONFIGURATION: &str = "configuration";
const CREDENTIALS: &str = "credentials";
const PROJECT_ID: &str = "project_id";

/// Stands in for a project id or a token that is missing; it is never sent.
const NOTHING: &str = "none";

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
        if flags.demo {
            return Self::of_demo(flags, workspace).await;
        }
        Ok(Self::found(flags, workspace, &|name| {
            std::env::var(name)
                .ok()
                .filter(|value| !value.trim().is_empty())
        }))
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
        let project = context.client.project_id();
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

    fn found(
        flags: &ConnectionArgs,
        workspace: Option<&WorkspaceId>,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Self {
        let credentials = Part::of(CREDENTIALS, credentials());
        let project = Part::of(PROJECT_ID, project(flags, environment));
        let token = || Credentials::token(NOTHING);
        let sound = configuration(flags, workspace, environment).and_then(|found| {
            let builder = configured(flags, &found.settled)
                .credentials(credentials.found.unwrap_or_else(token));
            let builder = match &project.found {
                Some(project) => builder.project_id(project),
                None => builder.project_id(NOTHING),
            };
            Ok((builder.build()?, found))
        });
        let (configuration, client, workspace) = match sound {
            Ok((client, found)) => (
                Check::ok(CONFIGURATION, found.origins),
                Some(client),
                found.workspace,
            ),
            Err(failure) => (misconfigured(&failure), None, None),
        };
        Self {
            checks: vec![configuration, credentials.check, project.check],
            client,
            workspace,
            _demo: None,
        }
    }
}

/// One part that was looked for: what was found, and what is told of it.
struct Part<T> {
    check: Check,
    found: Option<T>,
}

impl<T> Part<T> {
    fn of(name: &str, found: Result<(T, String), Check>) -> Self {
        match found {
            Ok((found, told)) => Self {
                check: Check::ok(name, told),
                found: Some(found),
            },
            Err(check) => Self { check, found: None },
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
            origin(flags.region.is_some(), "--region", settled::REGION),
        ),
        (
            "endpoint".to_owned(),
            origin(!flags.endpoint.is_empty(), "--endpoint", settled::ENDPOINT),
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

fn credentials() -> Result<(Credentials, String), Check> {
    const ADVICE: &str = "`idsync --help` lists the variables that credentials are read from";
    let unusable = |error| Check::failed_by(CREDENTIALS, &error, ADVICE);
    let found = Credentials::from_environment().map_err(unusable)?;
    found.check().map_err(unusable)?;
    let origin = match found.kind() {
        "IAM token" => "IDSYNC_TOKEN",
        _ => "HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK",
    };
    let told = format!("{} from {origin}", found.kind());
    Ok((found, told))
}

fn project(
    flags: &ConnectionArgs,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<(ProjectId, String), Check> {
    const ADVICE: &str = "give --project-id, or set HUAWEICLOUD_SDK_PROJECT_ID";
    let (project, origin) = match (&flags.project_id, environment(PROJECT)) {
        (Some(flag), _) => (Ok(flag.clone()), "--project-id"),
        (None, Some(variable)) => (variable.parse(), PROJECT),
        (None, None) => {
            return Err(Check::misconfigured(
                PROJECT_ID,
                "no project id is given",
                ADVICE,
            ));
        }
    };
    let project = project.map_err(|error: Error| Check::failed_by(PROJECT_ID, &error, ADVICE))?;
    let told = format!("{project} from {origin}");
    Ok((project, told))
}

fn misconfigured(failure: &Failure) -> Check {
    const ADVICE: &str = "check --region and --endpoint, or IDSYNC_REGION and IDSYNC_ENDPOINT";
    match &failure.cause {
        Cause::Call(error) => Check::failed_by(CONFIGURATION, error, ADVICE),
        Cause::Usage(message) | Cause::Surroundings(message) => {
            Check::misconfigured(CONFIGURATION, message, ADVICE)
        }
        Cause::Problem(_) | Cause::ClosedPipe => {
            Check::misconfigured(CONFIGURATION, "cannot be read", ADVICE)
        }
    }
}
