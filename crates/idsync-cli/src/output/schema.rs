//! The JSON Schema of each output, and of the scenarios that go in.

use clap::ValueEnum;
use idsync::dataarts::Task;
use idsync::doctor::{Check, Examination};
use idsync::dws::Record;
use idsync::health::{ClusterHealth, Report};
use idsync_emulator::{Ready, Scenario};
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};
use serde::Serialize;
use serde_json::Value;

use super::change::Change;
use super::error::ErrorLine;
use super::field::{Field, Fielded};
use super::signature::Signature;
use super::syncing::Syncing;
use super::table::{Column, Table};
use super::waited::Waited;
use crate::args::SchemaName;

/// The schema of what is called `name`.
pub(super) fn of(name: SchemaName) -> Value {
    let schema = match name {
        SchemaName::Status => value::<Report>(),
        SchemaName::StatusLine => value::<ClusterHealth>(),
        SchemaName::Tasks => value::<Vec<Task>>(),
        SchemaName::Task => value::<Task>(),
        SchemaName::Records => value::<Vec<Record>>(),
        SchemaName::Record => value::<Record>(),
        SchemaName::Syncing => value::<Syncing>(),
        SchemaName::WatchLine => value::<Change>(),
        SchemaName::Wait => value::<Waited>(),
        SchemaName::Doctor => value::<Examination>(),
        SchemaName::DoctorLine => value::<Check>(),
        SchemaName::Signature => value::<Signature>(),
        SchemaName::Error => value::<ErrorLine<'_>>(),
        SchemaName::EmulatorReady => value::<Ready>(),
        SchemaName::Scenario => Scenario::schema(),
    };
    identified(schema, name)
}

/// The schema of what `T` is serialized to.
pub(super) fn root<T: JsonSchema>() -> Schema {
    let settings = SchemaSettings::draft2020_12()
        .for_serialize()
        .with_transform(RecursiveTransform(without_links));
    settings.into_generator().into_root_schema_for::<T>()
}

fn value<T: JsonSchema>() -> Value {
    root::<T>().to_value()
}

/// Gives a schema the id and title of what it describes.
fn identified(mut schema: Value, name: SchemaName) -> Value {
    if let Some(members) = schema.as_object_mut() {
        members.insert("$id".to_owned(), id(name).into());
        members.insert("title".to_owned(), name.about().into());
    }
    schema.sort_all_objects();
    schema
}

/// A name and not an address: schemas come with the command.
fn id(name: SchemaName) -> String {
    format!("urn:idsync:{}:v1", name.name())
}

/// Takes the links of the documentation out of a description: they lead nowhere from here.
fn without_links(schema: &mut Schema) {
    if let Some(Value::String(text)) = schema.get_mut("description") {
        *text = unlinked(text);
    }
}

/// The text with the names in place of ``[`name`]`` and ``[`name`](path)``.
fn unlinked(text: &str) -> String {
    let mut rest = text;
    let mut plain = String::with_capacity(text.len());
    while let Some((before, link)) = rest.split_once("[`")
        && let Some((name, behind)) = link.split_once("`]")
    {
        plain.extend([before, "`", name, "`"]);
        let target = behind
            .strip_prefix('(')
            .and_then(|path| path.split_once(')'));
        rest = target.map_or(behind, |(_, behind)| behind);
    }
    plain + rest
}

/// An output, or an input, that has a schema.
#[derive(Debug, Serialize)]
pub(super) struct Entry {
    name: String,
    id: String,
    about: String,
}

impl Entry {
    /// All there are.
    pub(super) fn all() -> Vec<Self> {
        let entry = |name: &SchemaName| Self {
            name: name.name(),
            id: id(*name),
            about: name.about(),
        };
        SchemaName::value_variants().iter().map(entry).collect()
    }
}

/// What can be asked for, one line each; only the names if `bare`.
pub(super) fn render(entries: &[Entry], room: Option<usize>, bare: bool) -> String {
    if bare {
        return entries
            .iter()
            .map(|entry| entry.name.clone() + "\n")
            .collect();
    }
    let mut table = Table::new(vec![Column::new("NAME"), Column::new("OUTPUT")]);
    for entry in entries {
        table.push(vec![
            entry.name.as_str().into(),
            entry.about.as_str().into(),
        ]);
    }
    table.render(room)
}

impl Fielded for Entry {
    const FIELDS: &'static [Field<Self>] = &[
        Field::text("name", |entry| Some(&entry.name)),
        Field::text("id", |entry| Some(&entry.id)),
        Field::text("about", |entry| Some(&entry.about)),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_has_names_in_place_of_links() {
        assert_eq!(
            unlinked("than [`a::b`](super::Rules), of [`Error`]; [x] and `y`"),
            "than `a::b`, of `Error`; [x] and `y`"
        );
        assert_eq!(unlinked("[`open"), "[`open");
    }
}
