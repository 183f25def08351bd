//! What makes a cluster the same in two sweeps.

use idsync::Service;
use idsync::dataarts::ClusterType;
use idsync::health::{ClusterHealth, ClusterObservation};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

/// Bytes of a text in an index: four of them fit into the page of an index of `PostgreSQL`.
const MOST_BYTES: usize = 600;

/// Which cluster a history or a message is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ClusterIdentity {
    /// The project that the cluster belongs to.
    pub project_id: String,
    /// The id of the cluster.
    pub cluster_id: String,
    /// The service of the cluster: `dws` or `mrs`.
    pub cluster_type: String,
    /// The name of the cluster.
    pub cluster_name: Option<String>,
}

/// The identity of a cluster: its id within its service and project.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(from = "(String, String, String)")]
pub(crate) struct ClusterKey {
    pub(crate) project_id: String,
    /// `dws`, `mrs`, or the type as the service wrote it.
    pub(crate) cluster_type: String,
    /// The id; for a cluster without one, the ids of its tasks.
    pub(crate) cluster_id: String,
}

impl ClusterKey {
    pub(crate) fn of(health: &ClusterHealth) -> Self {
        let service = health.service().map(Service::as_str);
        let raw = health.cluster_type.as_ref().map(ClusterType::as_str);
        let tasks = || format!("task:{}", health.tasks.join(","));
        Self {
            project_id: indexable(health.project_id.as_deref().unwrap_or_default()),
            cluster_type: indexable(service.or(raw).unwrap_or_default()),
            cluster_id: indexable(&health.cluster_id.clone().unwrap_or_else(tasks)),
        }
    }

    /// The key of a cluster that its own service can be asked about.
    pub(crate) fn of_askable(cluster: &ClusterObservation) -> Option<Self> {
        Some(Self {
            project_id: indexable(cluster.project_id.as_deref().unwrap_or_default()),
            cluster_type: cluster.service()?.as_str().to_owned(),
            cluster_id: indexable(cluster.cluster_id.as_deref()?),
        })
    }

    /// The URL of its page under `base`; a project that is not known is a dash.
    pub(crate) fn page(&self, base: &Url) -> Url {
        let project = match self.project_id.as_str() {
            "" => "-",
            project => project,
        };
        let mut url = base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty();
            path.extend(["clusters", project, &self.cluster_type, &self.cluster_id]);
        }
        url
    }

    /// The primary key of the cluster: it follows from the identity, so that several writers agree without a counter.
    pub(crate) fn row(&self) -> i64 {
        let (project, cluster) = (&self.project_id, &self.cluster_id);
        let identity = format!("{project}\0{}\0{cluster}\0", self.cluster_type);
        number(identity.as_bytes()).cast_signed() & i64::MAX
    }
}

impl From<(String, String, String)> for ClusterKey {
    /// From the segments of a path: project, type and id.
    fn from((project, cluster_type, cluster_id): (String, String, String)) -> Self {
        Self {
            project_id: Some(project).filter(|id| id != "-").unwrap_or_default(),
            cluster_type,
            cluster_id,
        }
    }
}

/// A number that follows from `bytes`: the first 8 bytes, big-endian, of their SHA-256.
pub(crate) fn number(bytes: &[u8]) -> u64 {
    let digest = Sha256::digest(bytes);
    digest.first_chunk().copied().map_or(0, u64::from_be_bytes)
}

/// The text as both databases can have it in an index: without NUL, and a longer one by its beginning and its digest.
pub(crate) fn indexable(text: &str) -> String {
    let text = text.replace('\0', "\u{fffd}");
    if text.len() <= MOST_BYTES {
        return text;
    }
    let start: String = text.chars().take(100).collect();
    let number = number(format!("{text}\0").as_bytes()) & (u64::MAX >> 1);
    format!("{start}…{number:x}")
}
