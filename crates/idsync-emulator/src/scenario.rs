//! Scenarios: YAML files with workspaces, clusters, tasks, records and faults.

pub(crate) mod form;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde_saphyr::MergeKeyPolicy;

use crate::builder::EmulatorError;
use crate::clock::Clock;
use crate::state::ServiceState;
use form::{GeneratedForm, ScenarioForm};

/// Largest scenario file, in bytes.
const SIZE_LIMIT: usize = 1024 * 1024;

/// Deepest nesting: a field of a run within a cluster within the list of the document takes eight levels.
const DEPTH_LIMIT: usize = 12;

/// Most tasks that are generated.
pub const MAX_GENERATED_TASKS: u32 = 10_000;

/// The state of the services over time. Its times are relative to the start of the services' clock.
#[derive(Clone, Debug)]
pub struct Scenario {
    pub(crate) name: String,
    pub(crate) form: ScenarioForm,
}

impl Scenario {
    /// Names of the built-in scenarios:
    ///
    /// | name | content |
    /// |---|---|
    /// | `demo` | every verdict and every reason |
    /// | `healthy`, `quiet-life` | only healthy clusters |
    /// | `outage` | failures that begin and end within two hours |
    /// | `blind` | services and a workspace that cannot be read |
    /// | `two-sources` | clusters with two identity sources |
    /// | `stale` | old successes |
    /// | `odd-schedules` | schedules with unusual values |
    /// | `fleet-10k` | ten thousand clusters |
    /// | `paging-1m` | a million records |
    /// | `pages` | responses as in the examples of the reference pages |
    pub const NAMES: &'static [&'static str] = &[
        "demo",
        "healthy",
        "outage",
        "quiet-life",
        "blind",
        "two-sources",
        "stale",
        "odd-schedules",
        "fleet-10k",
        "paging-1m",
        "pages",
    ];

    /// The built-in scenario of a name.
    ///
    /// # Errors
    ///
    /// For a name that is not in [`Scenario::NAMES`].
    pub fn named(name: &str) -> Result<Self, EmulatorError> {
        let Some(yaml) = Self::yaml(name) else {
            let known = Self::NAMES.join(", ");
            let message = format!("{name}: no such scenario; the built-in ones are: {known}");
            return Err(message.into());
        };
        Self::from_yaml(yaml, name)
    }

    /// The YAML of a built-in scenario, to start from; `None` for unknown names.
    pub fn yaml(name: &str) -> Option<&'static str> {
        Some(match name {
            "demo" => include_str!("scenarios/demo.yaml"),
            "healthy" => include_str!("scenarios/healthy.yaml"),
            "outage" => include_str!("scenarios/outage.yaml"),
            "quiet-life" => include_str!("scenarios/quiet-life.yaml"),
            "blind" => include_str!("scenarios/blind.yaml"),
            "two-sources" => include_str!("scenarios/two-sources.yaml"),
            "stale" => include_str!("scenarios/stale.yaml"),
            "odd-schedules" => include_str!("scenarios/odd-schedules.yaml"),
            "fleet-10k" => include_str!("scenarios/fleet-10k.yaml"),
            "paging-1m" => include_str!("scenarios/paging-1m.yaml"),
            "pages" => include_str!("scenarios/pages.yaml"),
            _ => return None,
        })
    }

    /// Reads a scenario from YAML; the format is that of [`Scenario::schema`]. `name` is the file name in errors.
    ///
    /// # Errors
    ///
    /// For an invalid scenario: invalid YAML, unknown keys or wrong types, with the line; values out of range, unknown or duplicate
    /// names, with the field; more than 1 MiB.
    pub fn from_yaml(text: &str, name: &str) -> Result<Self, EmulatorError> {
        let invalid = |error: String| format!("{name}: {error}");
        if text.len() > SIZE_LIMIT {
            let message = "is larger than 1 MiB; use `generated` for large fleets";
            return Err(invalid(message.to_owned()).into());
        }
        let form = read(text).map_err(invalid)?;
        Clock::new(form.clock).map_err(|error| invalid(format!("clock: {error}")))?;
        // Names, and values that depend on each other, are checked where they are used.
        ServiceState::new(&form, 0, GeneratedForm::default()).map_err(invalid)?;
        let name = name.to_owned();
        Ok(Self { name, form })
    }

    /// Reads a scenario from a YAML file. Its name is the file name without the extension.
    ///
    /// # Errors
    ///
    /// As [`Scenario::from_yaml`], and if the file cannot be read.
    pub fn from_file(path: &Path) -> Result<Self, EmulatorError> {
        let file = path.display().to_string();
        let mut text = String::new();
        // One byte above the limit shows that there is more.
        let limit = SIZE_LIMIT as u64 + 1;
        File::open(path)
            .and_then(|file| file.take(limit).read_to_string(&mut text))
            .map_err(|error| format!("{file}: cannot be read: {error}"))?;
        let name = path.file_stem().unwrap_or(path.as_os_str());
        Ok(Self {
            name: name.to_string_lossy().into_owned(),
            ..Self::from_yaml(&text, &file)?
        })
    }

    /// The JSON Schema of a scenario file.
    pub fn schema() -> serde_json::Value {
        schemars::schema_for!(ScenarioForm).to_value()
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Numbers of workspaces, clusters, generated clusters and faults, in one line.
    pub fn summary(&self) -> String {
        format!(
            "workspaces: {}, clusters: {}, generated: {}, faults: {}",
            self.form.workspaces.len(),
            self.form.clusters.len(),
            self.form.generated.tasks.unwrap_or(0),
            self.form.faults.len()
        )
    }
}

/// The form in a YAML document, before names and values that depend on each other are checked.
pub(crate) fn read(text: &str) -> Result<ScenarioForm, String> {
    // Anchors are refused: a few lines of them expand to gigabytes.
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: DEPTH_LIMIT,
            flow_nesting_limit: DEPTH_LIMIT,
            max_anchors: 0,
            max_aliases: 0,
        },
        merge_keys: MergeKeyPolicy::Error,
        strict_booleans: true,
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests;
