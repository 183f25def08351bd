//! What the emulator plays: workspaces, clusters, their tasks and records, and what goes wrong by itself.

mod built_in;
mod cluster;
mod course;
mod demo;
mod file;
#[cfg(test)]
pub(crate) mod judge;
mod moment;
mod rhythm;
mod run;
mod schedule;
mod script;
mod sync_log;
mod task;
mod verdict;

pub(crate) use cluster::{Cluster, ClusterType, Flag};
pub(crate) use course::{Course, Lasting, Passage, Runs};
pub use file::ScenarioError;
pub(crate) use moment::{Moment, days, hours, minutes};
pub(crate) use rhythm::{Hours, Rhythm, Starts};
pub(crate) use run::{Ending, IdentitySource, Records, Run, SourceType};
pub(crate) use schedule::{Period, Schedule};
pub(crate) use script::{Script, Then};
pub(crate) use sync_log::SyncLog;
pub(crate) use task::{Task, TaskRun};
pub(crate) use verdict::Verdict;

use crate::calendar::TimedFault;
use crate::clock::Pace;

/// A fleet to play. Times in it are relative to the start of the emulator's clock.
#[derive(Clone, Debug)]
pub struct Scenario {
    pub(crate) name: String,
    /// Names of the workspaces. They belong to one DataArts Studio instance, so a task can be listed in several.
    pub(crate) workspaces: Vec<String>,
    pub(crate) clusters: Vec<Cluster>,
    pub(crate) generated: Generated,
    /// What the clock shows at the start, and how it runs.
    pub(crate) pace: Pace,
    /// Faults that are part of the scenario: clearing the scripted faults leaves them.
    pub(crate) faults: Vec<TimedFault>,
}

/// Most tasks that are generated. Their numbers are kept, four bytes each, in every order that is asked for.
pub const MAX_GENERATED_TASKS: u32 = 10_000_000;

/// How much data is generated on top of what a scenario lists.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Generated {
    /// Tasks in the first workspace, each with a cluster. Default: none.
    pub(crate) tasks: Option<u32>,
    /// Records that each generated DWS cluster has at the start. Default: 3.
    pub(crate) records_each: Option<u32>,
    /// Records of the first DWS cluster. Default: as listed.
    pub(crate) records: Option<u64>,
}

impl Scenario {
    /// The name it was found by.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How much there is in it, in a few words.
    pub fn summary(&self) -> String {
        let generated = self.generated.tasks.unwrap_or(0);
        format!(
            "workspaces: {}, clusters: {}, generated: {generated}, faults: {}",
            self.workspaces.len(),
            self.clusters.len(),
            self.faults.len()
        )
    }
}
