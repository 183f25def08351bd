//! Configuration, credentials and project, each checked by itself.

use idsync::{Client, Credentials, Error, ErrorKind};
use idsync_emulator::Emulator;

use super::{Check, DoctorTarget};
use crate::args::ConnectionArgs;
use crate::connect::{Connection, ENDPOINT, REGION, WORKSPACE, variable};
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

/// Checks each part, and completes the workspaces of `target`. There is a client if the configuration is valid; without
/// credentials or project, it must not be used for calls.
///
/// # Errors
///
/// If the demo cannot be started; everything else is a check that failed.
pub(super) async fn check(
    target: &mut DoctorTarget,
) -> Result<(Vec<Check>, Option<Client>), CliError> {
    let (configuration, client, missing) = if target.connection.demo {
        let demo = Connection::demo(&target.connection, Emulator::builder()).await?;
        target.workspaces = demo.workspaces(&target.workspaces);
        let configuration = Check::ok(CONFIGURATION, "the demo; the environment is ignored");
        (configuration, target.demo.insert(demo).client.clone(), None)
    } else {
        match configured(target) {
            Ok(configured) => configured,
            Err(error) => return Ok((not_configured(&error), None)),
        }
    };
    let (credentials, project) = match missing {
        None => (credentials(&client).await, project(&client).await),
        Some(error) => (
            no_credentials(&error),
            Check::needs(PROJECT_ID, CREDENTIALS),
        ),
    };
    Ok((vec![configuration, credentials, project], Some(client)))
}

/// The check of a configuration, and its client; if there are no credentials, one that can reach endpoints, and why.
fn configured(target: &mut DoctorTarget) -> Result<(Check, Client, Option<Error>), CliError> {
    let settings = target.connection.clone().with_environment()?;
    let (client, missing) = match settings.client().build() {
        Err(error) if error.kind() == ErrorKind::Credentials => {
            let client = settings.client().credentials(Credentials::token(STAND_IN));
            (client.project_id(STAND_IN).build()?, Some(error))
        }
        built => (built?, None),
    };
    let configuration = match client.warnings() {
        [] => Check::ok(CONFIGURATION, origins(&settings, target)),
        warnings => {
            Check::warn(CONFIGURATION, warnings.join("; ")).advised("correct or remove the setting")
        }
    };
    if target.workspaces.is_empty() && target.project.is_none() {
        target.workspaces = settings.workspaces;
    }
    if target.workspaces.is_empty() {
        target.workspaces = client.workspaces().to_vec();
    }
    Ok((configuration, client, missing))
}

fn not_configured(error: &CliError) -> Vec<Check> {
    let failed = Check::fail(CONFIGURATION, ErrorKind::Configuration, error.message())
        .advised("check --region and --endpoint, or IDSYNC_REGION and IDSYNC_ENDPOINT");
    let others = OTHERS.map(|name| Check::needs(name, CONFIGURATION));
    [vec![failed], others.to_vec()].concat()
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
fn origins(settings: &ConnectionArgs, target: &DoctorTarget) -> String {
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
    let region = settings.region.as_deref().unwrap_or_default();
    let found = [
        origin(&format!("region {region}"), flags.region.is_some(), REGION),
        origin("endpoint", !flags.endpoint.is_empty(), ENDPOINT),
        origin("workspace", !target.workspaces.is_empty(), WORKSPACE),
    ];
    let found: Vec<_> = found.into_iter().flatten().collect();
    found.join(", ")
}
