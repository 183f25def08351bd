//! One cluster of a scenario.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Records, Run, Task, Verdict};

/// Which service a cluster belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum ClusterType {
    /// A data warehouse.
    Dws,
    /// A cluster of MapReduce Service.
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
    /// `None` if DataArts Studio does not know the cluster.
    pub(crate) task: Option<Task>,
    /// Positions of the workspaces that list the task.
    pub(crate) workspaces: Vec<usize>,
    /// DWS: what the identity sources left behind.
    pub(crate) records: Records,
    /// MRS: the flag.
    pub(crate) syncing: Flag,
    /// What a health check has to say at the start of the clock, where that is known.
    pub(crate) verdict: Option<Verdict>,
}

/// Whether MRS tells that it synchronizes IAM users.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Flag {
    /// The answer is always true.
    Always,
    /// The answer is always false.
    Never,
    /// The field is left out of the answer.
    Unreported,
    /// True as long as the task of the cluster runs.
    WithTask,
}

impl Cluster {
    /// A DWS cluster with its records.
    pub(crate) fn dws(name: &str, task: Task, records: Vec<Run>) -> Self {
        Self {
            records: Records::Held(records),
            ..Self::new(name, ClusterType::Dws, Some(task))
        }
    }

    /// An MRS cluster with its flag.
    pub(crate) fn mrs(name: &str, task: Task, syncing: Flag) -> Self {
        Self {
            syncing,
            ..Self::new(name, ClusterType::Mrs, Some(task))
        }
    }

    /// A cluster of which its own service has nothing to tell.
    pub(crate) fn new(name: &str, kind: ClusterType, task: Option<Task>) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            task,
            workspaces: vec![0],
            records: Records::Held(Vec::new()),
            syncing: Flag::Never,
            verdict: None,
        }
    }

    /// Lists the task in these workspaces instead of the first one only.
    pub(crate) fn listed_in(mut self, workspaces: &[usize]) -> Self {
        self.workspaces = workspaces.to_vec();
        self
    }
}
