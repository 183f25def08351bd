//! All printing: data to stdout, messages to stderr.

pub(crate) mod json;
mod progress;
mod report;
mod row;
mod table;
mod text;
mod time;
mod writer;

use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use self::json::Jq;
pub(crate) use self::progress::ProgressLine;
pub(crate) use self::report::{ReportText, details, in_zone, problem_kind, problem_lines, why};
pub(crate) use self::row::{Row, View};
pub(crate) use self::table::{Cell, Layout};
pub(crate) use self::text::{
    ACTIVE, BAD, DOT, FAINT, GOOD, STRONG, WARNING, counted, look, paint, plain, words, wrapped,
};
#[cfg(feature = "serve")]
pub(crate) use self::time::minute;
pub(crate) use self::time::{NONE, SECOND, TIME_OF_DAY, Times, between, duration, instant, shown};
pub(crate) use self::writer::RowWriter;
use self::writer::{DocumentWriter, write_yaml};
use crate::args::{Format, OutputArgs};
use crate::errors::{CliError, Exit, PREFIX};

/// Prints results in the requested format.
pub(crate) struct Output {
    /// The format, if one was given.
    pub(crate) chosen_format: Option<Format>,
    pub(crate) format: Format,
    pub(crate) is_quiet: bool,
    color: ColorChoice,
    /// The time zone of tables and messages.
    pub(crate) zone: TimeZone,
    jq: Option<Jq>,
    /// Whether logs are written to stderr.
    pub(crate) is_logging: bool,
    /// Whether stdout is a terminal.
    pub(crate) is_terminal: bool,
    /// Columns of the terminal; none if stdout is not a terminal.
    pub(crate) width: Option<usize>,
}

impl Output {
    /// An output configured by `args`; `is_logging` if logs are written to stderr.
    ///
    /// # Errors
    ///
    /// If the `--jq` expression is wrong, or the format is not JSON.
    pub(crate) fn new(args: &OutputArgs, is_logging: bool) -> Result<Self, CliError> {
        let format = args.output.unwrap_or_default();
        let jq = args.jq.as_deref().map(|expression| {
            if !format.is_json() {
                return Err(CliError::usage("--jq needs -o json or -o ndjson"));
            }
            Jq::compile(expression).map_err(|why| CliError::usage(format!("--jq: {why}")))
        });
        let zone = (!args.utc).then(|| TimeZone::try_system().ok()).flatten();
        let is_terminal = io::stdout().is_terminal();
        let size = is_terminal.then(terminal_size::terminal_size).flatten();
        Ok(Self {
            chosen_format: args.output,
            format,
            is_quiet: args.quiet,
            color: args.color,
            zone: zone.unwrap_or(TimeZone::UTC),
            jq: jq.transpose()?,
            is_logging,
            is_terminal,
            width: size.map(|(terminal_size::Width(columns), _)| columns.into()),
        })
    }

    /// Times relative to `now`.
    pub(crate) fn times(&self, now: Timestamp) -> Times {
        let zone = self.zone.clone();
        Times { now, zone }
    }

    /// Prints a result: `text` for people, `document` as JSON and YAML, `rows` as NDJSON, and as CSV with
    /// `fields`, which are separated by commas.
    pub(crate) fn print<D: Serialize, R: Serialize>(
        &self,
        document: &D,
        fields: &str,
        rows: impl IntoIterator<Item = R>,
        text: impl FnOnce() -> String,
    ) -> io::Result<()> {
        let mut out = match self.format {
            Format::Table => return self.write(&text()),
            Format::Ndjson | Format::Csv => {
                return RowWriter::new(self, self.format, fields).write_all(rows);
            }
            Format::Json if self.jq.is_some() => return self.lines([document]),
            // `status` writes its metrics by itself, and no other command has any.
            #[cfg(feature = "serve")]
            Format::Prometheus => return Ok(()),
            Format::Json | Format::Yaml => DocumentWriter::new(self.format, self.is_terminal),
        };
        if self.format == Format::Yaml {
            write_yaml(&mut out, document)?;
        } else if self.is_terminal {
            serde_json::to_writer_pretty(&mut out, document)?;
            out.write_all(b"\n")?;
        } else {
            serde_json::to_writer(&mut out, document)?;
            out.write_all(b"\n")?;
        }
        out.flush()
    }

    /// One JSON object per line.
    pub(crate) fn lines<T: Serialize>(
        &self,
        values: impl IntoIterator<Item = T>,
    ) -> io::Result<()> {
        RowWriter::new(self, Format::Ndjson, "").write_all(values)
    }

    /// Text, with its colours if they are enabled.
    pub(crate) fn write(&self, text: &str) -> io::Result<()> {
        let mut stdout = AutoStream::new(io::stdout().lock(), self.color);
        stdout.write_all(text.as_bytes())?;
        stdout.flush()
    }

    /// Writes to stderr; there is no other stream to report a failure of stderr on.
    pub(crate) fn say(&self, text: &str) {
        let mut stderr = AutoStream::new(io::stderr().lock(), self.color);
        let _ = write!(stderr, "{text}").and_then(|()| stderr.flush());
    }

    /// A message that is written even if the output is quiet.
    pub(crate) fn warn(&self, message: &str) {
        let warning = paint(WARNING, "warning:");
        self.say(&format!("{PREFIX} {warning} {}\n", plain(message)));
    }

    /// An informational message.
    pub(crate) fn log(&self, message: &str) {
        if !self.is_quiet {
            self.say(&format!("{PREFIX} {}\n", plain(message)));
        }
    }

    /// Writes why the work failed, and gives the exit code.
    pub(crate) fn fail(&self, error: &CliError) -> Exit {
        error.report(self.format, self.color, self.is_quiet)
    }
}
