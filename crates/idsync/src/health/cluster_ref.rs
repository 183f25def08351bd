//! A cluster that is named by hand.

use std::fmt;
use std::str::FromStr;

use idsync_api::dataarts_studio::enums::ClusterType;
use serde::{Deserialize, Serialize};

use crate::{ClusterId, Error, Service};

/// A cluster that is named by hand, so that it is asked whether DataArts Studio knows it or not.
///
/// Written `dws:ID` or `mrs:ID`.
///
/// ```
/// use idsync::health::ClusterRef;
///
/// let cluster: ClusterRef = "dws:cc6588d6-8301-4c9a-b0c0-186bb824e8c0".parse()?;
/// assert_eq!(cluster.to_string(), "dws:cc6588d6-8301-4c9a-b0c0-186bb824e8c0");
/// # Ok::<(), idsync::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[non_exhaustive]
pub enum ClusterRef {
    /// A cluster of Data Warehouse Service.
    Dws(ClusterId),
    /// A cluster of MapReduce Service.
    Mrs(ClusterId),
}

impl ClusterRef {
    /// The id without the service.
    pub fn id(&self) -> &ClusterId {
        match self {
            Self::Dws(id) | Self::Mrs(id) => id,
        }
    }

    /// The service of the cluster.
    pub fn service(&self) -> Service {
        match self {
            Self::Dws(_) => Service::Dws,
            Self::Mrs(_) => Service::Mrs,
        }
    }

    pub(super) fn cluster_type(&self) -> ClusterType {
        match self {
            Self::Dws(_) => ClusterType::Dws,
            Self::Mrs(_) => ClusterType::Mrs,
        }
    }
}

impl FromStr for ClusterRef {
    type Err = Error;

    /// # Errors
    ///
    /// An error of kind `InvalidInput` if the service is neither `dws` nor `mrs`, or the id is not valid.
    fn from_str(text: &str) -> Result<Self, Error> {
        match text.split_once(':') {
            Some(("dws", id)) => Ok(Self::Dws(id.parse()?)),
            Some(("mrs", id)) => Ok(Self::Mrs(id.parse()?)),
            _ => Err(Error::invalid_input(format!(
                "the cluster {text:?} names no service; write dws:ID or mrs:ID"
            ))),
        }
    }
}

impl TryFrom<String> for ClusterRef {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<ClusterRef> for String {
    fn from(cluster: ClusterRef) -> Self {
        cluster.to_string()
    }
}

impl fmt::Display for ClusterRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.service(), self.id())
    }
}
