//! Flags about the output.

use anstream::ColorChoice;
use clap::{Args, ValueEnum};
use jiff::tz::TimeZone;

use super::values;

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
    utc: bool,

    /// Print no titles, summaries, hints or logs
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
}

impl OutputArgs {
    /// The time zone of tables and messages.
    pub(crate) fn zone(&self) -> TimeZone {
        if self.utc {
            TimeZone::UTC
        } else {
            TimeZone::try_system().unwrap_or(TimeZone::UTC)
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

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
