//! How results are shown.

use anstream::ColorChoice;
use clap::{Args, ValueEnum};

/// Flags of every command about what its output looks like.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct PresentationArgs {
    /// The form of results, and of errors: with `json` and `ndjson` each error is one JSON object on stderr
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        value_enum,
        default_value_t,
        global = true
    )]
    pub(crate) output: Format,

    /// When to use colours; `auto` means on a terminal, unless `NO_COLOR` is set
    #[arg(long, value_name = "WHEN", value_enum, default_value_t, global = true)]
    color: When,

    /// Leaves out titles, summaries, hints and logs
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
}

/// The form of results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Table,
    /// One JSON document.
    Json,
    /// One JSON object a line, as it arrives.
    Ndjson,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum When {
    #[default]
    Auto,
    Always,
    Never,
}

impl PresentationArgs {
    /// When to use colours.
    pub(crate) fn color(self) -> ColorChoice {
        match self.color {
            When::Auto => ColorChoice::Auto,
            When::Always => ColorChoice::Always,
            When::Never => ColorChoice::Never,
        }
    }
}

impl Format {
    /// The form that a command line asks for which is otherwise wrong: even that complaint should come in it.
    pub(crate) fn asked_for(arguments: impl IntoIterator<Item = String>) -> Self {
        let mut arguments = arguments
            .into_iter()
            .take_while(|argument| argument != "--");
        let mut asked = Self::default();
        while let Some(argument) = arguments.next() {
            let value = match argument.as_str() {
                "-o" | "--output" => arguments.next(),
                other => attached(other).map(str::to_owned),
            };
            if let Some(format) = value.and_then(|value| Self::from_str(&value, false).ok()) {
                asked = format;
            }
        }
        asked
    }
}

/// The value in `--output=json`, `-o=json` or `-ojson`.
fn attached(argument: &str) -> Option<&str> {
    let short = || {
        argument
            .strip_prefix("-o")
            .map(|value| value.strip_prefix('=').unwrap_or(value))
    };
    argument.strip_prefix("--output=").or_else(short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_found_in_a_wrong_command_line_however_it_is_written() {
        for (line, expected) in [
            ("status -o json --wrong", Format::Json),
            ("-ojson status", Format::Json),
            ("status --output=ndjson", Format::Ndjson),
            ("status --output ndjson", Format::Ndjson),
            ("status -o=json", Format::Json),
            ("status -o yaml", Format::Table),
            ("status -- -o json", Format::Table),
            ("status -o", Format::Table),
            ("", Format::Table),
        ] {
            assert_eq!(
                Format::asked_for(line.split(' ').map(str::to_owned)),
                expected,
                "{line}"
            );
        }
    }
}
