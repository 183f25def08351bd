//! The services whose reading operations this crate calls.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A Huawei Cloud service that takes part in identity synchronization.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Service {
    /// DataArts Studio, which pushes users and groups into MRS and DWS clusters.
    DataArts,
    /// Data Warehouse Service, which pulls identities from LDAP or OneAccess.
    Dws,
    /// MapReduce Service, which copies IAM users into a cluster.
    Mrs,
}

impl Service {
    /// Every service, in the order in which a report asks them.
    pub const ALL: [Self; 3] = [Self::DataArts, Self::Dws, Self::Mrs];

    /// The name that flags, environment variables and outputs use: `dataarts`, `dws` or `mrs`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DataArts => "dataarts",
            Self::Dws => "dws",
            Self::Mrs => "mrs",
        }
    }

    /// The name in the official SDKs' endpoint variables, such as
    /// `HUAWEICLOUD_SDK_REGION_DATAARTSSTUDIO_CN_NORTH_4`.
    pub(crate) fn sdk_name(self) -> &'static str {
        match self {
            Self::DataArts => "DATAARTSSTUDIO",
            Self::Dws => "DWS",
            Self::Mrs => "MRS",
        }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
