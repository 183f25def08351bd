//! What the emulator plays: workspaces, clusters, their tasks and records, and what goes wrong by itself.

mod cluster;
mod course;
mod demo;
mod moment;
mod rhythm;
mod run;
mod schedule;
mod script;
mod sync_log;
mod task;
mod verdict;

use std::fmt;

pub(crate) use cluster::{Cluster, ClusterType, Flag};
pub(crate) use course::{Course, Lasting, Passage, Runs};
pub(crate) use moment::{Moment, days, hours, minutes};
pub(crate) use rhythm::{Hours, Rhythm, Starts};
pub(crate) use run::{Ending, IdentitySource, Records, Run, SourceType};
pub(crate) use schedule::Schedule;
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
    /// Names that [`Scenario::named`] knows.
    pub const NAMES: &'static [&'static str] = &["demo"];

    /// A fleet of 24 clusters over two workspaces in which every verdict occurs, and every reason for one.
    ///
    /// Nothing in it changes by itself within an hour: runs in progress are followed by the next before they count as overrun.
    pub fn demo() -> Self {
        demo::scenario()
    }

    /// The built-in scenario of a name.
    ///
    /// # Errors
    ///
    /// [`UnknownScenario`] for a name that is not in [`Scenario::NAMES`].
    pub fn named(name: &str) -> Result<Self, UnknownScenario> {
        match name {
            "demo" => Ok(Self::demo()),
            _ => Err(UnknownScenario {
                name: name.to_owned(),
            }),
        }
    }

    /// The name it was found by.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// A scenario was asked for by a name that does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownScenario {
    name: String,
}

impl fmt::Display for UnknownScenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = Scenario::NAMES.join(", ");
        write!(
            f,
            "no scenario is named {:?}; the built-in ones are: {known}",
            self.name
        )
    }
}

impl std::error::Error for UnknownScenario {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_name_is_found_under_that_name() {
        for name in Scenario::NAMES {
            assert_eq!(Scenario::named(name).unwrap().name(), *name);
        }
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_list_of_names() {
        let error = Scenario::named("dmeo").unwrap_err().to_string();
        assert!(
            error.contains("\"dmeo\"") && error.contains("demo"),
            "{error}"
        );
    }
}
