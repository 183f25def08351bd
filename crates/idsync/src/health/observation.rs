//! What was seen of a cluster: the input of the judgement.

use std::mem::take;

use idsync_api::dataarts_studio::enums::ClusterType;
use jiff::Timestamp;

use super::{Problem, Rules, Source};
use crate::Error;
use crate::dataarts::Task;
use crate::dws::Record;

/// What asking one source came to. A source that could not be asked is a value, not a failure of the whole.
#[derive(Clone, Debug, Default)]
pub enum Reading<T> {
    /// Nobody asked.
    #[default]
    NotAsked,
    /// The source was asked in vain.
    Unavailable(Error),
    /// What the source says.
    Read(T),
}

impl<T> Reading<T> {
    /// The error of a source that was asked in vain.
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Unavailable(error) => Some(error),
            Self::NotAsked | Self::Read(_) => None,
        }
    }
}

impl<T> Reading<T> {
    /// This one if something was read, otherwise `earlier`.
    fn or(self, earlier: Self) -> Self {
        match self {
            Self::Read(_) => self,
            Self::NotAsked | Self::Unavailable(_) => earlier,
        }
    }
}

impl<T> From<Result<T, Error>> for Reading<T> {
    fn from(answer: Result<T, Error>) -> Self {
        answer.map_or_else(Self::Unavailable, Self::Read)
    }
}

/// The records of a DWS cluster, in any order.
#[derive(Clone, Debug, Default)]
pub struct RecordHistory {
    /// The records that could be read.
    pub records: Vec<Record>,
    /// One error for each record that could not.
    pub unreadable: Vec<Error>,
}

impl From<Vec<Record>> for RecordHistory {
    fn from(records: Vec<Record>) -> Self {
        Self {
            records,
            unreadable: Vec::new(),
        }
    }
}

/// All that is known of one cluster; by default nothing, and no source was asked.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ClusterObservation {
    /// The project that the cluster belongs to, where it is known: the same id in two projects is two clusters.
    pub project_id: Option<String>,
    /// The id of the cluster, where a source tells it.
    pub cluster_id: Option<String>,
    /// The name of the cluster, where a source tells it.
    pub cluster_name: Option<String>,
    /// The service of the cluster, where a source tells it.
    pub cluster_type: Option<ClusterType>,
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

    /// Sets the project.
    #[must_use]
    pub fn with_project(self, project_id: impl Into<String>) -> Self {
        Self {
            project_id: Some(project_id.into()),
            ..self
        }
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

    /// Takes out what the service of the cluster said.
    pub(super) fn take_readings(&mut self) -> (Reading<RecordHistory>, Reading<Option<bool>>) {
        (take(&mut self.records), take(&mut self.iam_sync))
    }

    /// With what was read earlier where a service did not answer again.
    pub(super) fn or_as_known(
        self,
        records: Reading<RecordHistory>,
        iam_sync: Reading<Option<bool>>,
    ) -> Self {
        Self {
            records: self.records.or(records),
            iam_sync: self.iam_sync.or(iam_sync),
            ..self
        }
    }

    /// Whether the rules leave the cluster out.
    pub(super) fn is_left_out(&self, rules: &Rules) -> bool {
        rules.leave_out(self.cluster_id.as_deref(), self.cluster_name.as_deref())
    }

    /// One problem for each source that could not be asked, and for each record that could not be read.
    pub fn problems(&self) -> Vec<Problem> {
        let unreadable = match &self.records {
            Reading::Read(history) => history.unreadable.as_slice(),
            Reading::NotAsked | Reading::Unavailable(_) => &[],
        };
        let of_tasks = self.tasks.error().into_iter();
        let of_dws = self.records.error().into_iter().chain(unreadable);
        let of_mrs = self.iam_sync.error().into_iter();
        let mut problems: Vec<_> = of_tasks
            .map(|error| (Source::DataArts, error))
            .chain(of_dws.map(|error| (Source::Dws, error)))
            .chain(of_mrs.map(|error| (Source::Mrs, error)))
            .map(|(source, error)| Problem {
                project_id: self.project_id.clone(),
                ..Problem::new(source, self.cluster_id.as_deref(), error)
            })
            .collect();
        problems.sort_by(|one, other| one.rank().cmp(&other.rank()));
        problems
    }
}
