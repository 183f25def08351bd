//! What the emulator plays: workspaces, clusters, their tasks and records, and what goes wrong by itself.

mod cluster;
mod demo;
mod moment;
mod run;
mod task;

use std::fmt;

pub(crate) use cluster::{Cluster, ClusterType};
pub(crate) use moment::{Moment, days, hours, minutes};
pub(crate) use run::Run;
pub(crate) use task::{Schedule, Task};

use crate::faults::Fault;

/// A fleet to play. Times in it are relative to the start of the emulator's clock.
#[derive(Clone, Debug)]
pub struct Scenario {
    pub(crate) name: String,
    /// Names of the workspaces. They belong to one DataArts Studio instance, so a task can be listed in several.
    pub(crate) workspaces: Vec<String>,
    pub(crate) clusters: Vec<Cluster>,
    /// Faults that are part of the scenario: clearing the scripted faults leaves them.
    pub(crate) faults: Vec<Fault>,
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
