//! Address, credentials and ids of a running emulator.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

use crate::auth::{ACCESS_KEY, DOMAIN_NAME, PASSWORD, REGION, SECRET_KEY, USER_NAME, issue_token};
use crate::routes::AppState;

/// Address, credentials and ids. As JSON, it is the first line that the command prints.
///
/// Debug output has no secrets.
#[derive(Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Ready {
    /// Always true.
    #[schemars(extend("const" = true))]
    pub ready: bool,
    /// Endpoint of every service, without a slash at the end.
    pub url: String,
    /// Region.
    pub region: String,
    /// A token for `X-Auth-Token`, valid for 24 hours.
    pub token: String,
    /// Permanent access key.
    pub ak: String,
    /// Secret of the access key.
    pub sk: String,
    /// User for `POST /v3/auth/tokens`.
    pub user: String,
    /// Password of the user.
    pub password: String,
    /// Account (domain) of the user.
    pub domain: String,
    /// Id of the first project.
    pub project_id: String,
    /// Id of the first workspace.
    pub workspace: String,
    /// Ids of the clusters in the first project, without generated ones.
    pub clusters: ReadyClusters,
    /// All projects.
    pub projects: Vec<ReadyProject>,
    /// URL of the OpenAPI document of the control paths.
    pub control: String,
}

/// Ids of clusters, by service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct ReadyClusters {
    /// DWS clusters.
    pub dws: Vec<String>,
    /// MRS clusters.
    pub mrs: Vec<String>,
}

/// A project of the account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct ReadyProject {
    /// Its id.
    pub id: String,
    /// Its name; the first project has that of the region.
    pub name: String,
    /// Ids of its workspaces.
    pub workspaces: Vec<String>,
    /// Ids of its clusters, without generated ones.
    pub clusters: ReadyClusters,
}

impl Ready {
    pub(crate) fn new(app: &AppState) -> Self {
        let now_ms = app.gateway_clock.time().now_ms;
        let projects = app.state.projects.clone();
        let first = projects.first().cloned().unwrap_or_default();
        Self {
            ready: true,
            url: app.url.clone(),
            region: REGION.to_owned(),
            token: issue_token(app.settings.seed_or_default(), now_ms).0,
            ak: ACCESS_KEY.to_owned(),
            sk: SECRET_KEY.to_owned(),
            user: USER_NAME.to_owned(),
            password: PASSWORD.to_owned(),
            domain: DOMAIN_NAME.to_owned(),
            project_id: first.id,
            workspace: first.workspaces.into_iter().next().unwrap_or_default(),
            clusters: first.clusters,
            projects,
            control: format!("{}/_emulator/openapi.yaml", app.url),
        }
    }
}

impl fmt::Debug for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ready")
            .field("url", &self.url)
            .field("projects", &self.projects)
            .finish_non_exhaustive()
    }
}
