//! Scenarios: YAML files with workspaces, clusters, tasks, records and faults.

pub(crate) mod form;
pub(crate) mod values;

use std::fmt::Display;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::Deserialize;
use serde_saphyr::{Location, MergeKeyPolicy, Options};

use crate::clock::Clock;
use crate::error::EmulatorError;
use crate::faults::FaultList;
use crate::state::ServiceState;
use form::{GeneratedForm, ScenarioForm};

/// Largest scenario file, in bytes.
const SIZE_LIMIT: usize = 1024 * 1024;

/// Deepest nesting: a field of a run within a cluster within the list of the document takes eight levels.
const DEPTH_LIMIT: usize = 12;

/// Most tasks that are generated.
pub const MAX_GENERATED_TASKS: u32 = 10_000;

/// Names and YAML of the built-in scenarios.
const BUILT_IN: [(&str, &str); 11] = [
    ("demo", include_str!("scenarios/demo.yaml")),
    ("healthy", include_str!("scenarios/healthy.yaml")),
    ("outage", include_str!("scenarios/outage.yaml")),
    ("quiet-life", include_str!("scenarios/quiet-life.yaml")),
    ("blind", include_str!("scenarios/blind.yaml")),
    ("two-sources", include_str!("scenarios/two-sources.yaml")),
    ("stale", include_str!("scenarios/stale.yaml")),
    (
        "odd-schedules",
        include_str!("scenarios/odd-schedules.yaml"),
    ),
    ("fleet-10k", include_str!("scenarios/fleet-10k.yaml")),
    ("paging-1m", include_str!("scenarios/paging-1m.yaml")),
    ("pages", include_str!("scenarios/pages.yaml")),
];

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
    pub const NAMES: &'static [&'static str] = &{
        let mut names = [""; BUILT_IN.len()];
        let mut at = 0;
        while at < names.len() {
            names[at] = BUILT_IN[at].0;
            at += 1;
        }
        names
    };

    /// The built-in scenario of a name.
    ///
    /// # Errors
    ///
    /// For a name that is not in [`Scenario::NAMES`].
    pub fn named(name: &str) -> Result<Self, EmulatorError> {
        let Some(yaml) = Self::yaml(name) else {
            let known = Self::NAMES.join(", ");
            let message = format!("{name}: no such scenario; the built-in ones are: {known}");
            return Err(EmulatorError::new(message));
        };
        Self::from_yaml(yaml, name)
    }

    /// The YAML of a built-in scenario, to start from; `None` for unknown names.
    pub fn yaml(name: &str) -> Option<&'static str> {
        let found = BUILT_IN.iter().find(|(known, _)| *known == name);
        found.map(|(_, yaml)| *yaml)
    }

    /// Reads a scenario from YAML; the format is that of [`Scenario::schema`]. `name` is the file name in errors.
    ///
    /// # Errors
    ///
    /// With line and field for an invalid scenario: invalid YAML, unknown keys, wrong types, values out of range, unknown or
    /// duplicate names, more than 1 MiB.
    pub fn from_yaml(text: &str, name: &str) -> Result<Self, EmulatorError> {
        let form = read(text).map_err(|error| error.in_file(name))?;
        check(&form).map_err(|error| error.in_file(name))?;
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
        let text = text_of(path).map_err(|error| error.in_file(&file))?;
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

/// Checks what reading cannot: values that depend on each other.
fn check(form: &ScenarioForm) -> Result<(), InvalidScenario> {
    Clock::new(form.clock).map_err(|error| InvalidScenario::new(format!("clock: {error}")))?;
    let (_, faults) = ServiceState::new(form, 0, GeneratedForm::default())?;
    for (at, (fault, form)) in faults.into_iter().zip(&form.faults).enumerate() {
        FaultList::new(0, Vec::new(), vec![fault]).map_err(|error| {
            InvalidScenario::at(form.referenced, format!("faults[{at}].fault: {error}"))
        })?;
    }
    Ok(())
}

/// An error in a scenario: its line and column, if known, and a message. The file name goes in front.
#[derive(Debug)]
pub(crate) struct InvalidScenario(String);

impl InvalidScenario {
    pub(crate) fn new(message: impl Display) -> Self {
        Self(format!(": {message}"))
    }

    pub(crate) fn at(location: Location, message: impl Display) -> Self {
        Self(format!(
            ":{}:{}: {message}",
            location.line(),
            location.column()
        ))
    }

    pub(crate) fn in_file(self, file: &str) -> EmulatorError {
        EmulatorError::new(format!("{file}{}", self.0))
    }
}

fn text_of(path: &Path) -> Result<String, InvalidScenario> {
    let mut text = String::new();
    // One byte above the limit shows that there is more.
    let limit = SIZE_LIMIT as u64 + 1;
    let read = File::open(path).and_then(|file| file.take(limit).read_to_string(&mut text));
    read.map_err(|error| InvalidScenario::new(format!("cannot be read: {error}")))?;
    check_size(text.len())?;
    Ok(text)
}

/// What a YAML document says, before values that depend on each other are checked.
pub(crate) fn read(text: &str) -> Result<ScenarioForm, InvalidScenario> {
    check_size(text.len())?;
    let mut path = None;
    let form = serde_saphyr::with_deserializer_from_str_with_options(text, options(), |yaml| {
        let mut track = serde_path_to_error::Track::new();
        let tracked = serde_path_to_error::Deserializer::new(yaml, &mut track);
        let form = ScenarioForm::deserialize(tracked);
        path = form.is_err().then(|| track.path().to_string());
        form
    });
    form.map_err(|error| {
        // A value that is kept with its location has that wrapper in its path.
        let field = path.unwrap_or_default().replace(".value", "");
        let message = error.without_snippet().to_string();
        // The location precedes the message.
        let message = message.split(" at line ").next().unwrap_or_default();
        let message = match field.as_str() {
            "" | "." | "?" => message.to_owned(),
            field => format!("{field}: {message}"),
        };
        match error.location().filter(|at| at.line() > 0) {
            Some(location) => InvalidScenario::at(location, message),
            None => InvalidScenario::new(message),
        }
    })
}

fn check_size(bytes: usize) -> Result<(), InvalidScenario> {
    if bytes <= SIZE_LIMIT {
        return Ok(());
    }
    Err(InvalidScenario::new(format!(
        "is larger than {SIZE_LIMIT} bytes; use `generated` for large fleets"
    )))
}

/// Anchors are refused: a few lines of them expand to gigabytes.
fn options() -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: DEPTH_LIMIT,
            flow_nesting_limit: DEPTH_LIMIT,
            max_anchors: 0,
            max_aliases: 0,
        },
        merge_keys: MergeKeyPolicy::Error,
        strict_booleans: true,
        with_snippet: false,
    }
}

#[cfg(test)]
mod tests;
