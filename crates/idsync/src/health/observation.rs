//! The observation of a cluster: the input of the judgement.

use std::fmt;
use std::str::FromStr;

use idsync_api::dataarts_studio::enums::ClusterType;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use wildmatch::WildMatch;

use super::{RecordHistory, Source};
use crate::dataarts::Task;
use crate::{ClusterId, Error, Service};

/// The answer of a source. A source that could not be asked is a value, not an error.
#[derive(Clone, Debug, Default)]
pub enum Reading<T> {
    /// The source was not asked, because it does not apply or by choice.
    #[default]
    NotAsked,
    /// The source could not be asked.
    Unavailable(Error),
    /// What could be read, and why the rest could not be.
    Partial(T, Error),
    /// The complete answer.
    Read(T),
}

impl<T> Reading<T> {
    /// The part that was read.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Partial(value, _) | Self::Read(value) => Some(value),
            Self::NotAsked | Self::Unavailable(_) => None,
        }
    }

    /// Why something could not be read.
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Unavailable(error) | Self::Partial(_, error) => Some(error),
            Self::NotAsked | Self::Read(_) => None,
        }
    }

    /// The source, if it was asked, and the error if it was not read in full.
    fn asked(&self, source: Source) -> Option<(Source, Option<&Error>)> {
        let is_asked = !matches!(self, Self::NotAsked);
        is_asked.then(|| (source, self.error()))
    }
}

/// What is known of one cluster; by default nothing, and no source was asked.
#[derive(Clone, Debug, Default)]
#[must_use]
#[non_exhaustive]
pub struct ClusterObservation {
    /// The project that the cluster belongs to, where it is known: the same id in two projects is two clusters.
    pub project_id: Option<String>,
    /// The id of the cluster, where a source gives it.
    pub cluster_id: Option<String>,
    /// The name of the cluster, where a source gives it.
    pub cluster_name: Option<String>,
    /// The service of the cluster, where a source gives it.
    pub cluster_type: Option<ClusterType>,
    /// The workspaces that list a task for the cluster.
    pub workspaces: Vec<String>,
    /// The tasks by which DataArts Studio pushes into the cluster. One that is listed twice is judged once.
    pub tasks: Reading<Vec<Task>>,
    /// When the tasks were read, if not at the time of the judgement: they are judged as of then.
    pub tasks_read_at: Option<Timestamp>,
    /// The records of DWS.
    pub records: Reading<RecordHistory>,
    /// The flag of MRS; `None` where its answer left the flag out.
    pub iam_sync: Reading<Option<bool>>,
    /// Since when the flag of MRS has been true in consecutive readings, if there were earlier ones.
    pub iam_sync_since: Option<Timestamp>,
}

impl ClusterObservation {
    /// A cluster of which only the id is known.
    pub fn new(cluster_id: impl Into<String>) -> Self {
        Self {
            cluster_id: Some(cluster_id.into()),
            ..Self::default()
        }
    }

    /// Sets the service of the cluster.
    pub fn with_type(self, cluster_type: ClusterType) -> Self {
        Self {
            cluster_type: Some(cluster_type),
            ..self
        }
    }

    /// Sets the reading of DataArts Studio.
    pub fn with_tasks(self, tasks: Reading<Vec<Task>>) -> Self {
        Self { tasks, ..self }
    }

    /// Sets the reading of DWS.
    pub fn with_records(self, records: Reading<RecordHistory>) -> Self {
        Self { records, ..self }
    }

    /// Sets the reading of MRS.
    pub fn with_iam_sync(self, iam_sync: Reading<Option<bool>>) -> Self {
        Self { iam_sync, ..self }
    }

    /// The tasks that were read.
    pub(super) fn known_tasks(&self) -> &[Task] {
        self.tasks.value().map_or(&[], Vec::as_slice)
    }

    /// The service that can be asked about the cluster itself.
    pub fn service(&self) -> Option<Service> {
        self.cluster_id.as_ref()?;
        service_of(self.cluster_type.as_ref()?)
    }

    /// Whether the whole id or the whole name matches a pattern of a rule.
    pub(super) fn matches(&self, pattern: &str) -> bool {
        let pattern = WildMatch::new(pattern);
        let mut names = self.cluster_id.iter().chain(&self.cluster_name);
        names.any(|name| pattern.matches(name))
    }

    /// Each source that was asked, and the error if it was not read in full.
    pub(super) fn asked(&self) -> impl Iterator<Item = (Source, Option<&Error>)> {
        let sources = [
            self.tasks.asked(Source::DataArts),
            self.records.asked(Source::Dws),
            self.iam_sync.asked(Source::Mrs),
        ];
        sources.into_iter().flatten()
    }
}

/// The service that a cluster type means. The reference page has several forms: `DWS`, `DWS cluster`,
/// `GaussDB(DWS) cluster`, `MRS cluster`.
pub(super) fn service_of(cluster_type: &ClusterType) -> Option<Service> {
    match cluster_type {
        ClusterType::Dws => return Some(Service::Dws),
        ClusterType::Mrs => return Some(Service::Mrs),
        _ => {}
    }
    let text = cluster_type.as_str().to_uppercase();
    let means = |words: [&str; 2]| words.iter().any(|word| text.contains(word));
    match (means(["DWS", "GAUSSDB"]), means(["MRS", "MAPREDUCE"])) {
        (true, false) => Some(Service::Dws),
        (false, true) => Some(Service::Mrs),
        _ => None,
    }
}

/// A cluster that is named, so that it is checked whether DataArts Studio lists it or not.
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
