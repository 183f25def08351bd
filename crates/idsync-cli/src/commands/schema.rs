//! `idsync schema`: the JSON Schema of each output, and of the input files.

use clap::ValueEnum;
use clap::builder::PossibleValue;
use idsync::dataarts::Task;
use idsync::dws::Record;
use idsync::health::{ClusterHealth, Comparison, Report};
use idsync_emulator::{Ready, Scenario};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde_json::Value;

use super::debug::SignatureSteps;
use super::doctor::{AssumptionReport, Check, DoctorReport};
use super::syncing::SyncingState;
use super::wait::WaitResult;
use super::watch::VerdictChange;
use crate::errors::{CliError, ErrorLine, Exit};
use crate::output::{Cell, Layout, Output};

/// The schemas of the TOML files; they are not derived, because a value can have several forms.
const INPUTS: &str = include_str!("schema/inputs.json");

/// Outputs and inputs that have a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaName {
    /// The health report: `idsync status` as json or yaml
    Status,
    /// One cluster of the report: a line of `idsync status -o ndjson`
    StatusLine,
    /// Changes since an earlier report: `idsync status --compare` as json or yaml
    Compare,
    /// All tasks: `idsync tasks` as json or yaml
    Tasks,
    /// One task: a line of `idsync tasks -o ndjson`
    Task,
    /// All records: `idsync records` as json or yaml
    Records,
    /// One record: a line of `idsync records -o ndjson`
    Record,
    /// Whether an MRS cluster is copying IAM users: `idsync syncing`
    Syncing,
    /// A change of a verdict: a line of `idsync watch`
    WatchLine,
    /// The result of a wait: `idsync wait`
    Wait,
    /// All checks: `idsync doctor` as json or yaml
    Doctor,
    /// One check: a line of `idsync doctor -o ndjson`
    DoctorLine,
    /// Whether each inference holds: `idsync doctor --assumptions` as json or yaml
    Assumptions,
    /// The steps of a signature: `idsync debug sign`
    Signature,
    /// An error: a line on stderr with json or ndjson
    Error,
    /// The history of one cluster: `idsync history` as json or yaml
    #[cfg(feature = "serve")]
    History,
    /// A spell of one verdict: a line of `idsync history -o ndjson`
    #[cfg(feature = "serve")]
    HistoryLine,
    /// A message of `idsync serve` to a webhook
    #[cfg(feature = "serve")]
    Alert,
    /// Address, credentials and ids of an emulator: the first line of `idsync emulator`
    EmulatorReady,
    /// A scenario: a YAML file for `idsync emulator --scenario`
    Scenario,
    /// The configuration file, in TOML: see `idsync help config`
    Config,
    /// The file of --fleet, in TOML: see `idsync help fleet`
    Fleet,
}

impl SchemaName {
    fn entry(self) -> SchemaEntry {
        let value = self
            .to_possible_value()
            .unwrap_or_else(|| PossibleValue::new(""));
        let name = value.get_name();
        SchemaEntry {
            // A name and not a URL: the schemas come with the command.
            id: format!("urn:idsync:{name}:v1"),
            about: value
                .get_help()
                .map_or_else(String::new, ToString::to_string),
            name: name.to_owned(),
        }
    }

    fn schema(self) -> Value {
        let mut schema = match self {
            Self::Status => of::<Report>(),
            Self::StatusLine => of::<ClusterHealth>(),
            Self::Compare => of::<Comparison>(),
            Self::Tasks => of::<Vec<Task>>(),
            Self::Task => of::<Task>(),
            Self::Records => of::<Vec<Record>>(),
            Self::Record => of::<Record>(),
            Self::Syncing => of::<SyncingState>(),
            Self::WatchLine => of::<VerdictChange>(),
            Self::Wait => of::<WaitResult>(),
            Self::Doctor => of::<DoctorReport>(),
            Self::DoctorLine => of::<Check>(),
            Self::Assumptions => of::<AssumptionReport>(),
            Self::Signature => of::<SignatureSteps>(),
            Self::Error => of::<ErrorLine<'_>>(),
            #[cfg(feature = "serve")]
            Self::History => of::<idsync_monitor::ClusterHistory>(),
            #[cfg(feature = "serve")]
            Self::HistoryLine => of::<idsync_monitor::HistorySpell>(),
            #[cfg(feature = "serve")]
            Self::Alert => of::<idsync_monitor::AlertMessage>(),
            Self::EmulatorReady => of::<Ready>(),
            Self::Scenario => Scenario::schema(),
            Self::Config => input("config"),
            Self::Fleet => input("fleet"),
        };
        let entry = self.entry();
        schema["$id"] = entry.id.into();
        schema["title"] = entry.about.into();
        remove_links(&mut schema);
        schema.sort_all_objects();
        schema
    }
}

/// The schema of an input file that is written in [`INPUTS`], with the definitions of all of them.
fn input(name: &str) -> Value {
    let mut inputs: Value = serde_json::from_str(INPUTS).unwrap_or_default();
    let definitions = inputs["$defs"].take();
    let mut schema = inputs[name].take();
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
    schema["$defs"] = definitions;
    schema
}

/// The schema of the JSON form of `T`.
fn of<T: JsonSchema>() -> Value {
    SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value()
}

/// Replaces documentation links in descriptions, which have no target in a schema, by their text.
fn remove_links(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::String(text)) = members.get_mut("description") {
                let mut parts = text.split("`](");
                let mut plain = parts.next().unwrap_or_default().to_owned();
                for part in parts {
                    let after = part.split_once(')').map_or(part, |(_, after)| after);
                    plain.extend(["`", after]);
                }
                *text = plain.replace("[`", "`").replace("`]", "`");
            }
            members.values_mut().for_each(remove_links);
        }
        Value::Array(items) => items.iter_mut().for_each(remove_links),
        _ => {}
    }
}

/// One line of the list of schemas.
#[derive(Debug, Serialize)]
struct SchemaEntry {
    name: String,
    id: String,
    about: String,
}

/// Prints one schema, or the list of them.
pub(super) fn run(name: Option<SchemaName>, output: &Output) -> Result<Exit, CliError> {
    if let Some(name) = name {
        output.write(&format!("{:#}\n", name.schema()))?;
        return Ok(Exit::Done);
    }
    let names = SchemaName::value_variants().iter();
    let entries: Vec<_> = names.map(|name| name.entry()).collect();
    let row = |entry: &SchemaEntry| {
        let name = Cell::new("NAME", &entry.name);
        vec![name, Cell::new("OUTPUT", &entry.about)]
    };
    output.print(&entries, "name,id,about", &entries, || {
        if output.is_quiet {
            let names = entries.iter().map(|entry| entry.name.clone() + "\n");
            return names.collect();
        }
        let rows: Vec<_> = entries.iter().map(row).collect();
        Layout::new(&rows, output.width).text(&rows)
    })?;
    Ok(Exit::Done)
}
