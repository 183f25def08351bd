//! What a client needs to know to use a running emulator.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

/// Address, credentials and ids. Serialized, it is the line that the command prints first.
///
/// The secrets in it are in the JSON, as they must be, but in no debug output.
#[derive(Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Ready {
    /// Always true.
    #[schemars(extend("const" = true))]
    pub ready: bool,
    /// Endpoint of every emulated service, without a slash at the end.
    pub url: String,
    /// Region that is played.
    pub region: String,
    /// The only project.
    pub project_id: String,
    /// Id of the first workspace.
    pub workspace: String,
    /// Permanent access key.
    pub ak: String,
    /// Secret of the access key.
    pub sk: String,
    /// A token for `X-Auth-Token`, good for 24 hours by the emulator's clock.
    pub token: String,
    /// Ids of the scenario's own clusters.
    pub clusters: ReadyClusters,
}

/// Ids of clusters, by service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct ReadyClusters {
    /// DWS clusters.
    pub dws: Vec<String>,
    /// MRS clusters.
    pub mrs: Vec<String>,
}

impl fmt::Debug for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ready")
            .field("url", &self.url)
            .field("region", &self.region)
            .field("project_id", &self.project_id)
            .field("workspace", &self.workspace)
            .field("clusters", &self.clusters)
            .finish_non_exhaustive()
    }
}
