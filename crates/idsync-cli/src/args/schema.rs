//! Arguments of `idsync schema`.

use clap::{Args, ValueEnum};

/// Arguments of `idsync schema`.
#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// Which output, or `scenario`; without it, all of them are listed
    #[arg(value_name = "NAME", value_enum)]
    pub(crate) name: Option<SchemaName>,
}

/// The outputs that have a schema, and the one input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaName {
    /// The health report: `idsync status` as json or yaml.
    Status,
    /// One cluster of the report: a line of `idsync status -o ndjson`.
    StatusLine,
    /// All tasks: `idsync tasks` as json or yaml.
    Tasks,
    /// One task: a line of `idsync tasks -o ndjson`.
    Task,
    /// All records: `idsync records` as json or yaml.
    Records,
    /// One record: a line of `idsync records -o ndjson`.
    Record,
    /// Whether an MRS cluster is copying IAM users: `idsync syncing`.
    Syncing,
    /// A change of a verdict: a line of `idsync watch`.
    WatchLine,
    /// What a wait came to: `idsync wait`.
    Wait,
    /// The check-up: `idsync doctor` as json or yaml.
    Doctor,
    /// One check: a line of `idsync doctor -o ndjson`.
    DoctorLine,
    /// The steps of a signature: `idsync debug sign`.
    Signature,
    /// An error: a line on stderr where json or ndjson is asked for.
    Error,
    /// How to use a running emulator: the first line of `idsync emulator`.
    EmulatorReady,
    /// What is played: a YAML file for `idsync emulator --scenario`.
    Scenario,
}

impl SchemaName {
    /// The name as it is typed.
    pub(crate) fn name(self) -> String {
        self.to_possible_value()
            .map(|value| value.get_name().to_owned())
            .unwrap_or_default()
    }

    /// What it tells and where it comes from.
    pub(crate) fn about(self) -> String {
        self.to_possible_value()
            .and_then(|value| value.get_help().map(ToString::to_string))
            .unwrap_or_default()
    }
}
