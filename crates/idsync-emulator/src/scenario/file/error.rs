//! Why a file is no scenario.

use std::fmt;

use serde_saphyr::Location;
use serde_saphyr::budget::BudgetBreach;

/// A file, or a text, that is no scenario. It tells where, and what is expected there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioError {
    file: String,
    complaint: Complaint,
}

/// What is wrong, and where in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Complaint {
    /// Line and column, from 1.
    at: Option<(u64, u64)>,
    /// Such as `clusters[3].task.first_run`.
    field: Option<String>,
    message: String,
}

impl ScenarioError {
    /// Nothing is built in under this name.
    pub(in crate::scenario) fn unknown(name: &str, known: &[&str]) -> Self {
        let known = known.join(", ");
        let message = format!("no scenario has this name; the built-in ones are: {known}");
        Self::new(name, Complaint::of_file(message))
    }

    pub(super) fn new(file: &str, complaint: Complaint) -> Self {
        Self {
            file: file.to_owned(),
            complaint,
        }
    }
}

impl Complaint {
    /// About the file as a whole.
    pub(super) fn of_file(message: String) -> Self {
        Self {
            at: None,
            field: None,
            message,
        }
    }

    /// About one value.
    pub(super) fn of_value(at: Location, field: String, message: impl Into<String>) -> Self {
        Self {
            at: position(at),
            field: Some(field),
            message: message.into(),
        }
    }

    /// What the parser says, in a field that was being read.
    pub(super) fn of_yaml(error: &serde_saphyr::Error, path: Option<&str>) -> Self {
        // Where a value is kept with its position, the path passes through that wrapper.
        let field = path.map(|path| path.replace(".value", ""));
        Self {
            at: error.location().and_then(position),
            field: field.filter(|field| field != "." && field != "?"),
            message: words(error.without_snippet()),
        }
    }
}

fn position(at: Location) -> Option<(u64, u64)> {
    (at.line() > 0).then_some((at.line(), at.column()))
}

fn words(error: &serde_saphyr::Error) -> String {
    match error {
        serde_saphyr::Error::Unexpected { expected, .. } => shape(expected),
        serde_saphyr::Error::InvalidScalar { ty, .. } => scalar(ty),
        serde_saphyr::Error::InvalidBooleanStrict { .. } => "give true or false".to_owned(),
        serde_saphyr::Error::Eof { .. } => {
            "there is nothing here; a scenario begins with `workspaces:`".to_owned()
        }
        serde_saphyr::Error::MultipleDocuments { .. } => {
            "a scenario is one document; put the others into files of their own".to_owned()
        }
        serde_saphyr::Error::DuplicateMappingKey { key, .. } => {
            let key = key.as_deref().unwrap_or("a key");
            format!("`{key}` is given twice")
        }
        serde_saphyr::Error::Budget { breach, .. } => match breach {
            BudgetBreach::Anchors { .. } | BudgetBreach::Aliases { .. } => {
                "anchors and aliases are not accepted; write the value out".to_owned()
            }
            BudgetBreach::Depth { .. } => "this is nested too deeply".to_owned(),
            _ => "this is too large; `generated` makes large fleets out of small files".to_owned(),
        },
        _ => without_position(&error.to_string()),
    }
}

/// What to write where the parser misses a part of YAML.
fn shape(expected: &str) -> String {
    match expected {
        "sequence start" => "give a list, such as [a, b], or items that begin with a hyphen".into(),
        "mapping start" => "give `name: value` here, one or more of them".into(),
        other => format!("{other} is expected here"),
    }
}

/// What to write where the parser misses a type of Rust.
fn scalar(missed: &str) -> String {
    match missed {
        "u8" | "u16" | "u32" | "u64" => "give a whole number from 0 on, such as 3".into(),
        "floating point" => "give a number, such as 0.05".into(),
        other => format!("this is no {other}"),
    }
}

/// The parser ends its messages with the position, which is told in front here.
fn without_position(message: &str) -> String {
    let end = message.rfind(" at line ").unwrap_or(message.len());
    message.get(..end).unwrap_or(message).to_owned()
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some((line, column)) = self.complaint.at {
            write!(f, ":{line}:{column}")?;
        }
        if let Some(field) = &self.complaint.field {
            write!(f, ": {field}")?;
        }
        write!(f, ": {}", self.complaint.message)
    }
}

impl std::error::Error for ScenarioError {}
