//! The services that this crate calls.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::open_words;

/// A Huawei Cloud service that takes part in identity synchronization, or says who asks for it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
#[schemars(transform = open_words)]
#[non_exhaustive]
pub enum Service {
    /// DataArts Studio, which pushes users and groups into MRS and DWS clusters.
    DataArts,
    /// Data Warehouse Service, which pulls identities from LDAP or OneAccess.
    Dws,
    /// MapReduce Service, which copies IAM users into a cluster.
    Mrs,
    /// Identity and Access Management, which issues tokens and knows the projects.
    Iam,
}

impl Service {
    /// The services that synchronize identities, in the order in which a report asks them.
    pub const ALL: [Self; 3] = [Self::DataArts, Self::Dws, Self::Mrs];

    /// The name that flags, environment variables and outputs use: `dataarts`, `dws`, `mrs` or `iam`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DataArts => "dataarts",
            Self::Dws => "dws",
            Self::Mrs => "mrs",
            Self::Iam => "iam",
        }
    }

    /// The name in the official SDKs' endpoint variables, such as
    /// `HUAWEICLOUD_SDK_REGION_DATAARTSSTUDIO_CN_NORTH_4`.
    pub(crate) fn sdk_name(self) -> &'static str {
        match self {
            Self::DataArts => "DATAARTSSTUDIO",
            Self::Dws => "DWS",
            Self::Mrs => "MRS",
            Self::Iam => "IAM",
        }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
