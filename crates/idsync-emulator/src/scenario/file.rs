//! Scenarios as YAML: what is accepted, and what is said of the rest.

mod build;
mod error;
mod form;
mod source;
mod task;
mod values;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::Deserialize;
use serde_saphyr::{MergeKeyPolicy, Options};

use super::Scenario;
use build::build;
use error::Complaint;
pub use error::ScenarioError;
use form::ScenarioForm;

/// Largest scenario file, in bytes. What a larger one would list is better generated.
const SIZE_LIMIT: usize = 1024 * 1024;

/// Deepest nesting: a fault within a timed fault within the list of the document takes five levels.
const DEPTH_LIMIT: usize = 12;

impl Scenario {
    /// Reads a scenario from YAML; its JSON Schema is that of [`Scenario::schema`]. `name` stands for the file in errors.
    ///
    /// # Errors
    ///
    /// [`ScenarioError`], with line and field, for anything that is no scenario: wrong YAML, unknown keys, wrong types, values
    /// out of range, names that do not exist, names that exist twice, more than 1 MiB.
    pub fn from_yaml(text: &str, name: &str) -> Result<Self, ScenarioError> {
        let scenario = read(text).map_err(|complaint| ScenarioError::new(name, complaint))?;
        Ok(Self {
            name: name.to_owned(),
            ..scenario
        })
    }

    /// Reads a scenario from a YAML file, and takes its name from that of the file.
    ///
    /// # Errors
    ///
    /// As [`Scenario::from_yaml`], and if the file can not be read.
    pub fn from_file(path: &Path) -> Result<Self, ScenarioError> {
        let refuse = |complaint| ScenarioError::new(&path.display().to_string(), complaint);
        let scenario = text_of(path).and_then(|text| read(&text)).map_err(refuse)?;
        let name = path.file_stem().unwrap_or(path.as_os_str());
        Ok(Self {
            name: name.to_string_lossy().into_owned(),
            ..scenario
        })
    }

    /// The JSON Schema of a scenario file, for editors that check while one writes.
    pub fn schema() -> serde_json::Value {
        schemars::schema_for!(ScenarioForm).to_value()
    }
}

fn text_of(path: &Path) -> Result<String, Complaint> {
    let unreadable =
        |error: std::io::Error| Complaint::of_file(format!("can not be read: {error}"));
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    // One byte more than is allowed tells that there is more.
    let limit = SIZE_LIMIT as u64 + 1;
    file.take(limit)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    check_size(bytes.len())?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Complaint::of_file(format!("is not UTF-8 from byte {at} on"))
    })
}

fn read(text: &str) -> Result<Scenario, Complaint> {
    check_size(text.len())?;
    let mut path = None;
    let form = serde_saphyr::with_deserializer_from_str_with_options(text, options(), |yaml| {
        let mut track = serde_path_to_error::Track::new();
        let tracked = serde_path_to_error::Deserializer::new(yaml, &mut track);
        let form = ScenarioForm::deserialize(tracked);
        path = form.is_err().then(|| track.path().to_string());
        form
    });
    build(form.map_err(|error| Complaint::of_yaml(&error, path.as_deref()))?)
}

fn check_size(bytes: usize) -> Result<(), Complaint> {
    if bytes > SIZE_LIMIT {
        return Err(Complaint::of_file(format!(
            "is larger than {SIZE_LIMIT} bytes; `generated` makes large fleets out of small files"
        )));
    }
    Ok(())
}

/// Anchors are refused altogether: a few lines of them unfold to gigabytes.
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
