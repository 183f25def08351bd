//! What was seen of a cluster: the input of the judgement.

use idsync_api::dataarts_studio::enums::ClusterType;
use jiff::Timestamp;

use super::rules::ClusterName;
use super::{ClusterRef, RecordHistory, Source};
use crate::dataarts::Task;
use crate::{Error, Service};

/// What a source answered. A source that could not be asked is a value, not a failure of the whole.
#[derive(Clone, Debug, Default)]
pub enum Reading<T> {
    /// The source was not asked, because it does not apply or by choice.
    #[default]
    NotAsked,
    /// The source could not be asked.
    Unavailable(Error),
    /// What could be read, and why the rest could not.
    Partial(T, Error),
    /// Everything that the source says.
    Read(T),
}

impl<T> Reading<T> {
    /// What was read.
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
}

impl<T> From<Result<T, Error>> for Reading<T> {
    fn from(answer: Result<T, Error>) -> Self {
        answer.map_or_else(Self::Unavailable, Self::Read)
    }
}

/// All that is known of one cluster; by default nothing, and no source was asked.
#[derive(Clone, Debug, Default)]
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
    /// When the tasks were read, if that was long before the judgement: they are judged as of then.
    pub tasks_read_at: Option<Timestamp>,
    /// The records of DWS.
    pub records: Reading<RecordHistory>,
    /// The flag of MRS; `None` where its answer left the flag out.
    pub iam_sync: Reading<Option<bool>>,
}

impl ClusterObservation {
    /// A cluster of which only the id is known.
    pub fn new(cluster_id: impl Into<String>) -> Self {
        Self {
            cluster_id: Some(cluster_id.into()),
            ..Self::default()
        }
    }

    /// A cluster of which only what names it is known.
    pub(super) fn named(cluster: &ClusterRef) -> Self {
        Self::new(cluster.id().as_str()).with_type(cluster.cluster_type())
    }

    /// Sets the name.
    #[must_use]
    pub fn with_name(self, name: impl Into<String>) -> Self {
        Self {
            cluster_name: Some(name.into()),
            ..self
        }
    }

    /// Sets the service of the cluster.
    #[must_use]
    pub fn with_type(self, cluster_type: ClusterType) -> Self {
        Self {
            cluster_type: Some(cluster_type),
            ..self
        }
    }

    /// Sets what DataArts Studio says.
    #[must_use]
    pub fn with_tasks(self, tasks: Reading<Vec<Task>>) -> Self {
        Self { tasks, ..self }
    }

    /// Sets what DWS says.
    #[must_use]
    pub fn with_records(self, records: Reading<RecordHistory>) -> Self {
        Self { records, ..self }
    }

    /// Sets what MRS says.
    #[must_use]
    pub fn with_iam_sync(self, iam_sync: Reading<Option<bool>>) -> Self {
        Self { iam_sync, ..self }
    }

    /// The service that can be asked about the cluster itself.
    pub(super) fn service(&self) -> Option<Service> {
        self.cluster_id.as_ref()?;
        service_of(self.cluster_type.as_ref()?)
    }

    /// What ignore rules and rules for some clusters can match.
    pub(super) fn name(&self) -> ClusterName<'_> {
        ClusterName {
            id: self.cluster_id.as_deref(),
            name: self.cluster_name.as_deref(),
        }
    }

    /// What kept each source from being read in full.
    pub(super) fn errors(&self) -> impl Iterator<Item = (Source, &Error)> {
        let errors = [
            (Source::DataArts, self.tasks.error()),
            (Source::Dws, self.records.error()),
            (Source::Mrs, self.iam_sync.error()),
        ];
        errors
            .into_iter()
            .filter_map(|(source, error)| Some((source, error?)))
    }
}

/// The service that a cluster type means. The reference page has several forms: `DWS`, `DWS cluster`,
/// `GaussDB(DWS) cluster`, `MRS cluster`.
pub(super) fn service_of(cluster_type: &ClusterType) -> Option<Service> {
    let text = cluster_type.as_str().to_uppercase();
    let means = |words: [&str; 2]| words.iter().any(|word| text.contains(word));
    match (means(["DWS", "GAUSSDB"]), means(["MRS", "MAPREDUCE"])) {
        (true, false) => Some(Service::Dws),
        (false, true) => Some(Service::Mrs),
        _ => None,
    }
}
