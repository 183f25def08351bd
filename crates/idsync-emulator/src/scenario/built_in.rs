//! The scenarios that come with the emulator.

use super::{Scenario, ScenarioError, demo};

/// The YAML of each that is a file, by name.
const FILES: [(&str, &str); 5] = [
    ("healthy", include_str!("../../scenarios/healthy.yaml")),
    ("outage", include_str!("../../scenarios/outage.yaml")),
    ("fleet-10k", include_str!("../../scenarios/fleet-10k.yaml")),
    ("paging-1m", include_str!("../../scenarios/paging-1m.yaml")),
    ("pages", include_str!("../../scenarios/pages.yaml")),
];

impl Scenario {
    /// Names that [`Scenario::named`] knows: `demo` has every verdict and every reason for one; `healthy` is well; `outage` goes
    /// wrong and recovers within two hours; `fleet-10k` has ten thousand clusters; `paging-1m` a million records and tasks;
    /// `pages` answers in the shape of the examples of the reference pages.
    pub const NAMES: &'static [&'static str] = &[
        "demo",
        "healthy",
        "outage",
        "fleet-10k",
        "paging-1m",
        "pages",
    ];

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
    /// [`ScenarioError`] for a name that is not in [`Scenario::NAMES`].
    pub fn named(name: &str) -> Result<Self, ScenarioError> {
        match Self::yaml(name) {
            Some(yaml) => Self::from_yaml(yaml, name),
            None if name == "demo" => Ok(Self::demo()),
            None => Err(ScenarioError::unknown(name, Self::NAMES)),
        }
    }

    /// The YAML of a built-in scenario, to start one's own from; `None` for `demo`, which is no file, and for unknown names.
    pub fn yaml(name: &str) -> Option<&'static str> {
        let mut files = FILES.iter();
        files
            .find(|(known, _)| *known == name)
            .map(|(_, yaml)| *yaml)
    }
}

#[cfg(test)]
mod tests;
