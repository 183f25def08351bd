//! One cluster of a scenario.

use serde::Serialize;

use super::{Run, Task};

/// Which service a cluster belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum ClusterType {
    Dws,
    Mrs,
}

impl ClusterType {
    /// The value on the wire.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Dws => "DWS",
            Self::Mrs => "MRS",
        }
    }
}

/// A cluster, the task that pushes users into it, and what its own service tells.
#[derive(Clone, Debug)]
pub(crate) struct Cluster {
    pub(crate) name: String,
    pub(crate) kind: ClusterType,
    pub(crate) task: Task,
    /// Positions of the workspaces that list the task.
    pub(crate) workspaces: Vec<usize>,
    /// DWS: in the order in which the service lists them, which need not be by time.
    pub(crate) records: Vec<Run>,
    /// MRS: the flag; `None` leaves the field out of the answer.
    pub(crate) syncing: Option<bool>,
}

impl Cluster {
    /// A DWS cluster with its records.
    pub(crate) fn dws(name: &str, task: Task, records: Vec<Run>) -> Self {
        Self::new(name, ClusterType::Dws, task, records, None)
    }

    /// An MRS cluster with its flag.
    pub(crate) fn mrs(name: &str, task: Task, syncing: Option<bool>) -> Self {
        Self::new(name, ClusterType::Mrs, task, Vec::new(), syncing)
    }

    fn new(
        name: &str,
        kind: ClusterType,
        task: Task,
        records: Vec<Run>,
        syncing: Option<bool>,
    ) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            task,
            workspaces: vec![0],
            records,
            syncing,
        }
    }

    /// Lists the task in these workspaces instead of the first one only.
    pub(crate) fn listed_in(mut self, workspaces: &[usize]) -> Self {
        self.workspaces = workspaces.to_vec();
        self
    }
}
