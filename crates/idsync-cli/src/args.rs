//! The command line: commands, and the flags that several of them share.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are the help, which shows every backtick"
)]

mod commands;
#[cfg(feature = "serve")]
mod monitor;
mod targets;
pub(crate) mod values;

use std::path::PathBuf;
use std::time::Duration;

use anstream::ColorChoice;
use clap::builder::PossibleValuesParser;
use clap::{ArgAction, Args, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use idsync::{ProjectId, WorkspaceId};

pub(crate) use self::commands::{
    DebugCommand, DoctorArgs, EmulatorArgs, Goal, RangeArgs, RecordsArgs, SignArgs, StatusArgs,
    SyncingArgs, TasksArgs, WaitArgs, WatchArgs,
};
#[cfg(feature = "serve")]
pub(crate) use self::monitor::{ExportArgs, HistoryArgs, ServeArgs, SweepArgs};
pub(crate) use self::targets::TargetArgs;
use crate::commands::schema::SchemaName;
use crate::output::Row;

/// Is identity synchronization healthy?
///
/// Reads how users and groups get into clusters: pushed by DataArts Studio into MRS and DWS, pulled by DWS from LDAP or
/// OneAccess, copied by MRS from IAM. Gives one verdict for all of them, with the evidence.
///
/// Try `idsync status --demo`: it needs no account.
#[derive(Parser)]
#[command(
    name = "idsync",
    version,
    after_help = include_str!("help/short.txt"),
    after_long_help = concat!(
        include_str!("help/topics.txt"),
        "\nExit codes:\n\n",
        include_str!("help/exit-codes.txt"),
        "\nEnvironment:\n\n",
        include_str!("help/environment.txt"),
        "\n",
        include_str!("help/examples.txt"),
    ),
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) output: OutputArgs,
    #[command(flatten)]
    pub(crate) logging: LoggingArgs,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// The commands.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Shows the health of all clusters, worst first
    ///
    /// Every cluster that has a task in one of the workspaces is also checked at its own service. The report includes read
    /// failures; the command fails only if nothing could be read.
    Status(StatusArgs),
    /// Checks repeatedly and shows changes
    ///
    /// On a terminal, the report is redrawn in place until Ctrl-C. Otherwise each change of a verdict is one line of JSON, or a
    /// row in the format of --output; the first check prints every cluster, with `from` null.
    Watch(WatchArgs),
    /// Waits until clusters are idle or healthy
    ///
    /// All clusters must be in that state in the same check.
    Wait(WaitArgs),
    /// Lists the synchronization tasks of DataArts Studio
    Tasks(TasksArgs),
    /// Lists the synchronization records of a DWS cluster
    Records(RecordsArgs),
    /// Shows whether an MRS cluster is copying IAM users now
    ///
    /// The answer is true, false, or null if the service does not report it. False means idle; it does not show whether the
    /// last run succeeded.
    Syncing(SyncingArgs),
    /// Monitors continuously, with a status page, history, metrics and alerts
    ///
    /// Sweeps once per interval and stores changes. The page, the metrics and the JSON API are read-only and listen on a
    /// loopback address unless configured otherwise. SIGINT or SIGTERM stops it. `idsync help monitor` shows every key of its
    /// configuration.
    #[cfg(feature = "serve")]
    Serve(ServeArgs),
    /// Makes one sweep and stores changes, for use with your own scheduler
    #[cfg(feature = "serve")]
    Sweep(SweepArgs),
    /// Shows the history of one cluster: the spells of each verdict, and the runs
    ///
    /// Reads the store of `idsync serve` and `idsync sweep`.
    #[cfg(feature = "serve")]
    History(HistoryArgs),
    /// Writes one day of the history as Parquet files, for a data lake
    ///
    /// The tables are `spells`, `runs` and `sweeps`. Files appear when all are complete, and replace earlier ones. A day that
    /// is over gives the same bytes whenever it is exported. `docs/postgresql-and-shards.md` describes the columns.
    #[cfg(feature = "serve")]
    Export(ExportArgs),
    /// Runs the three services on one local port, for trials and tests
    ///
    /// When the emulator accepts requests, its address, ids and credentials are written to stdout: one line of JSON, or a
    /// summary on a terminal unless `-o json` is given. Logs go to stderr. SIGINT or SIGTERM stops it.
    Emulator(EmulatorArgs),
    /// Checks everything that a call depends on, and suggests fixes
    ///
    /// Checks configuration and credentials, then whether the endpoint of each service can be reached (name resolution,
    /// proxy, connection, TLS), then the clock, and finally the response of each service to an authenticated call. Each
    /// check ends within --timeout, which is 10s here unless given; checks that depend on a failed one are skipped.
    Doctor(DoctorArgs),
    /// Prints the JSON Schema of an output or of an input file
    ///
    /// The schema is JSON in draft 2020-12, regardless of --output. Within one version of an id, fields may be added to an
    /// output, but none is removed or changes its meaning.
    Schema {
        /// Output or input; if omitted, all schemas are listed
        #[arg(value_name = "NAME")]
        name: Option<SchemaName>,
    },
    /// Debugging tools
    #[command(subcommand)]
    Debug(DebugCommand),
    /// Prints the completion script of a shell
    #[command(after_long_help = include_str!("help/completions.txt"))]
    Completions {
        /// Shell
        #[arg(value_name = "SHELL")]
        shell: Shell,
    },
    /// Prints the manual page, or writes one for each command
    Man {
        /// Folder for one page per command, created if needed; without it, the main page goes to stdout
        #[arg(long, value_name = "FOLDER")]
        out: Option<PathBuf>,
    },
    /// Explains a topic or a command
    Help {
        /// Topic, or a command such as `status` or `debug sign`
        #[arg(value_name = "TOPIC|COMMAND")]
        subject: Vec<String>,
    },
}

impl Cli {
    /// The definition of the command line, with value lists that the derive macro cannot express.
    pub(crate) fn definition() -> clap::Command {
        let columns = |fields: &'static str| {
            move |command: clap::Command| {
                command.mut_arg("columns", |arg| {
                    arg.value_parser(PossibleValuesParser::new(fields.split(',')))
                })
            }
        };
        let command = Self::command();
        let subjects = PossibleValuesParser::new(subjects(&command));
        command
            .mut_subcommand("help", |help| {
                help.mut_arg("subject", |arg| arg.value_parser(subjects))
            })
            .mut_subcommand("status", columns(idsync::health::ClusterHealth::FIELDS))
            .mut_subcommand("tasks", columns(idsync::dataarts::Task::FIELDS))
            .mut_subcommand("records", columns(idsync::dws::Record::FIELDS))
            // For a wait, --timeout is the whole wait.
            .mut_subcommand("wait", |wait| {
                wait.mut_arg("call_timeout", |arg| arg.long("call-timeout"))
            })
    }

    /// The definition with the shared flags added to every command.
    pub(crate) fn built() -> clap::Command {
        let mut command = Self::definition();
        command.build();
        command
    }
}

/// Flags of every command about its output.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputArgs {
    /// Format of results and errors [default: table]
    ///
    /// With json and ndjson, each error is one JSON object on stderr.
    #[arg(short, long, value_name = "FORMAT", value_enum, global = true)]
    pub(crate) output: Option<Format>,

    /// jq expression that is applied to each object of json and ndjson, such as '.clusters[].verdict'
    ///
    /// The object of `status` is the report with json and a cluster with ndjson; that of `tasks` and `records` is one item.
    #[arg(long, value_name = "EXPR", global = true)]
    pub(crate) jq: Option<String>,

    /// When to use colours; `auto` means on a terminal, unless NO_COLOR is set
    #[arg(long, value_name = "WHEN", default_value = "auto", value_parser = values::choice(WHEN), global = true)]
    pub(crate) color: ColorChoice,

    /// Show the times of tables and messages in UTC instead of local time; other formats always use UTC
    #[arg(long, global = true)]
    pub(crate) utc: bool,

    /// Print no titles, summaries, hints or logs
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
}

/// The format of results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Table,
    /// One JSON document
    Json,
    /// One JSON object per line, as it arrives
    Ndjson,
    /// RFC 4180 rows with a header, as they arrive; text that a spreadsheet would run as a formula begins with an apostrophe
    Csv,
    /// One YAML document, lists as they arrive
    Yaml,
    /// Metrics of `idsync status`, for the textfile collector of Prometheus
    #[cfg(feature = "serve")]
    Prometheus,
}

impl Format {
    /// Whether errors are JSON.
    pub(crate) fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::Ndjson)
    }
}

/// When colours are used.
const WHEN: [(&str, ColorChoice); 3] = [
    ("auto", ColorChoice::Auto),
    ("always", ColorChoice::Always),
    ("never", ColorChoice::Never),
];

/// The format of a command line that may be wrong, for the error about it: the last valid one.
pub(crate) fn lenient_format(arguments: &[String]) -> Format {
    let given = arguments.split(|it| it == "--").next().unwrap_or_default();
    let format = |(at, argument): (usize, &String)| {
        let value = argument.strip_prefix("--output");
        let value = match value.or_else(|| argument.strip_prefix("-o"))? {
            "" => given.get(at + 1)?,
            value => value.trim_start_matches('='),
        };
        Format::from_str(value, false).ok()
    };
    let mut formats = given.iter().enumerate().filter_map(format);
    formats.next_back().unwrap_or_default()
}

/// Flags of every command about logs.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Logs")]
pub(crate) struct LoggingArgs {
    /// Log failed calls on stderr; -vv each call and attempt, -vvv everything
    #[arg(short, long, action = ArgAction::Count, global = true, conflicts_with = "quiet")]
    pub(crate) verbose: u8,

    /// Write the logs of -vvv to this file, one JSON object a line
    ///
    /// The file is created readable by its owner only. A file that exists and is not empty is refused with code 2.
    #[arg(long, value_name = "PATH", global = true)]
    pub(crate) trace_file: Option<PathBuf>,
}

/// Flags of every command that calls the services.
#[derive(Clone, Debug, Default, PartialEq, Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct ConnectionArgs {
    /// Use an emulator inside this process, with sample clusters; the environment is ignored
    #[arg(long, conflicts_with_all = ["profile", "region", "project_id", "endpoint"])]
    pub(crate) demo: bool,

    /// Profile of the configuration or credentials file [env: IDSYNC_PROFILE] [default: basic]
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,

    /// Region whose endpoints are used, such as cn-north-4 [env: IDSYNC_REGION]
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<String>,

    /// Project that holds the clusters [default: looked up by the name of the region] [env: HUAWEICLOUD_SDK_PROJECT_ID]
    ///
    /// Repeatable where several projects can be checked.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub(crate) project_id: Vec<ProjectId>,

    /// URL of all services, or of one as `dws=https://…`; repeatable [env: IDSYNC_ENDPOINT]
    #[arg(long, value_name = "[SERVICE=]URL", value_parser = values::endpoint)]
    pub(crate) endpoint: Vec<values::EndpointArg>,

    /// Timeout of one call, retries included, such as 3s or 500ms [default: 60s]
    #[arg(long = "timeout", value_name = "DURATION", value_parser = values::timeout, allow_hyphen_values = true)]
    pub(crate) call_timeout: Option<Duration>,

    /// Connect timeout [default: 10s]
    #[arg(long, value_name = "DURATION", value_parser = values::timeout, allow_hyphen_values = true)]
    pub(crate) connect_timeout: Option<Duration>,

    /// Maximum retries for transient failures [default: 2]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100))]
    pub(crate) retries: Option<u32>,

    /// Maximum rate of requests, such as 200/5m; shared by all projects of one connection
    #[arg(long, value_name = "N/DURATION", value_parser = values::rate)]
    pub(crate) rate: Option<values::Rate>,

    /// PEM file of certificates that are trusted in addition to those of the system
    #[arg(long, value_name = "PATH")]
    pub(crate) ca_file: Option<PathBuf>,

    /// Allow plain http to other hosts: credentials are then sent unencrypted
    #[arg(long)]
    pub(crate) allow_plain_http: bool,

    /// The workspaces of the environment.
    #[arg(skip)]
    pub(crate) workspaces: Vec<WorkspaceId>,
}

/// Flags of commands that print lists.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Selection")]
pub(crate) struct ViewArgs {
    /// Fields to show with table and csv, by their names in JSON and in this order
    ///
    /// In a table, times are then absolute. A wrong name is answered with the list of names.
    #[arg(
        long,
        value_name = "FIELD,…",
        value_delimiter = ',',
        hide_possible_values = true
    )]
    pub(crate) columns: Vec<String>,

    /// Sort by a field, ascending unless `:desc` is added
    ///
    /// Verdicts sort from healthy to failing; rows without a value come last. All rows are read and held in memory before
    /// the first is printed.
    #[arg(long, value_name = "FIELD[:asc|desc]")]
    pub(crate) sort: Option<String>,
}

/// `builder` with the value of a flag, if it was given.
pub(crate) fn with<B, T>(builder: B, value: Option<T>, set: impl FnOnce(B, T) -> B) -> B {
    match value {
        Some(value) => set(builder, value),
        None => builder,
    }
}

/// A subject of `idsync help` that is not a command: its name, and its text.
pub(crate) const TOPICS: &[(&str, &str)] = &[
    ("config", include_str!("help/config.txt")),
    ("environment", include_str!("help/environment.txt")),
    ("exit-codes", include_str!("help/exit-codes.txt")),
    ("fleet", include_str!("help/fleet.txt")),
    #[cfg(feature = "serve")]
    ("monitor", include_str!("help/monitor.txt")),
    ("verdicts", include_str!("help/verdicts.txt")),
];

/// The subjects of `idsync help`: topics, commands and their subcommands.
fn subjects(command: &clap::Command) -> Vec<String> {
    let topics = TOPICS.iter().map(|(name, _)| *name);
    let commands = command.get_subcommands().flat_map(|command| {
        let nested = command.get_subcommands().map(clap::Command::get_name);
        std::iter::once(command.get_name()).chain(nested)
    });
    topics.chain(commands).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_of_the_command_line_is_valid() {
        Cli::definition().debug_assert();
    }

    #[test]
    fn no_line_of_a_topic_is_longer_than_100_columns() {
        for (name, text) in TOPICS {
            assert!(text.ends_with('\n'), "{name}");
            for line in text.lines() {
                assert!(line.chars().count() <= 100, "{name}: {line}");
            }
        }
    }

    #[test]
    fn the_format_is_found_in_a_wrong_command_line() {
        for (line, format) in [
            ("status -o json --wrong", Format::Json),
            ("-ojson status --limit x --color=never", Format::Json),
            ("status --output=ndjson --retries x", Format::Ndjson),
            ("nothing --output yaml", Format::Yaml),
            ("status -- -o json", Format::Table),
            ("status --colors=never -o", Format::Table),
        ] {
            let arguments: Vec<_> = line.split(' ').map(str::to_owned).collect();
            assert_eq!(lenient_format(&arguments), format, "{line}");
        }
    }
}
