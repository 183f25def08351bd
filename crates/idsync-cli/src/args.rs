//! What can be typed: the command line, read and checked before anything else happens.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are the help, which shows every backtick"
)]

mod clusters;
mod completions;
mod connection;
mod debug;
mod doctor;
mod duration;
mod emulator;
mod endpoint;
mod help;
mod judgement;
mod logging;
mod man;
mod presentation;
mod schema;
mod scope;
mod selection;
mod status;
mod subject;
mod tasks;
mod topics;
mod wait;
mod watch;

use clap::builder::StyledStr;
use clap::{CommandFactory, Parser, Subcommand};

pub(crate) use self::clusters::{RecordsArgs, SyncingArgs};
pub(crate) use self::completions::CompletionsArgs;
pub(crate) use self::connection::{ConnectionArgs, ReachArgs};
pub(crate) use self::debug::{Algorithm, DebugCommand, SignArgs};
pub(crate) use self::doctor::DoctorArgs;
pub(crate) use self::emulator::{DataArtsOffsetArg, DwsOffsetArg, EmulatorArgs, Protection};
pub(crate) use self::endpoint::EndpointArg;
pub(crate) use self::judgement::JudgementArgs;
pub(crate) use self::logging::LoggingArgs;
pub(crate) use self::man::ManArgs;
pub(crate) use self::presentation::{Format, PresentationArgs, color_asked_for};
pub(crate) use self::schema::{SchemaArgs, SchemaName};
pub(crate) use self::scope::ScopeArgs;
pub(crate) use self::selection::SelectionArgs;
pub(crate) use self::status::StatusArgs;
pub(crate) use self::subject::HelpArgs;
pub(crate) use self::tasks::TasksArgs;
pub(crate) use self::topics::Topic;
pub(crate) use self::wait::{Goal, WaitArgs};
pub(crate) use self::watch::WatchArgs;

/// Is identity synchronization healthy?
///
/// Reads how users and groups come into clusters: pushed by DataArts Studio into MRS and DWS, pulled by DWS from LDAP
/// or OneAccess, copied by MRS from IAM. Gives one verdict over all of them, with the evidence.
///
/// Try `idsync status --demo`: it needs no account.
#[derive(Debug, Parser)]
#[command(
    name = "idsync",
    version,
    after_help = help::SHORT,
    after_long_help = help::long(),
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) presentation: PresentationArgs,
    #[command(flatten)]
    pub(crate) logging: LoggingArgs,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// The things one can ask for.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// One verdict over all clusters, worst first
    ///
    /// Every cluster that the workspaces have tasks for is asked at its own service too. What could not be asked is part
    /// of the report; it is an error only where nothing at all is known.
    Status(StatusArgs),
    /// Judges again and again, and shows what changes
    ///
    /// On a terminal, the report is drawn over the one before. Otherwise each change of a verdict is one line of JSON; the
    /// first look gives every cluster, with `from` null. Ctrl-C ends it with code 0. A look that comes to nothing leaves
    /// what is known, and says so.
    Watch(WatchArgs),
    /// Waits until clusters are idle or healthy
    ///
    /// All clusters have to be so at the same look.
    Wait(WaitArgs),
    /// The synchronization tasks of DataArts Studio
    Tasks(TasksArgs),
    /// The synchronization records of a DWS cluster
    Records(RecordsArgs),
    /// Whether an MRS cluster is copying IAM users now
    ///
    /// The answer is true, false, or that the service does not say. False means idle: it tells nothing of how the last
    /// time went.
    Syncing(SyncingArgs),
    /// The three services on one local port, for trials and tests
    ///
    /// The first line on stdout is one JSON object with the address, the ids and the credentials; it is written when
    /// the emulator accepts requests. Logs go to stderr. SIGINT or SIGTERM ends it.
    Emulator(EmulatorArgs),
    /// Checks everything that a call depends on, and says what to mend
    ///
    /// Configuration, credentials, then for each service its endpoint, name resolution, connection and TLS, then the clock,
    /// and last what each service answers to a call with the credentials. Each check ends within --timeout, which is 10s
    /// here unless given; what depends on a failed one is skipped.
    Doctor(DoctorArgs),
    /// The JSON Schema of an output
    ///
    /// Of the draft 2020-12, whatever --output says. Fields may be added to an output; none is taken away or changes its
    /// meaning while the version in the id stays the same.
    Schema(SchemaArgs),
    /// Looks behind the scenes
    #[command(subcommand)]
    Debug(DebugCommand),
    /// Prints what a shell needs to complete the command line
    Completions(CompletionsArgs),
    /// Prints the manual page, or writes one for each command
    Man(ManArgs),
    /// Explains a topic or a command
    Help(HelpArgs),
}

impl Cli {
    /// The short help, as printed where no command is given.
    pub(crate) fn short_help() -> StyledStr {
        Self::command().render_help()
    }

    /// The whole definition, with the flags of every command in each.
    pub(crate) fn definition() -> clap::Command {
        let mut command = Self::command();
        command.build();
        command
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_of_the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
