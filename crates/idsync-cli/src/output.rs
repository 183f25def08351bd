//! All printing: data to stdout, messages to stderr.

pub(crate) mod json;
pub(crate) mod list;
pub(crate) mod problems;
pub(crate) mod progress;
pub(crate) mod report;
pub(crate) mod row;
pub(crate) mod style;
pub(crate) mod table;
pub(crate) mod text;
pub(crate) mod time;
pub(crate) mod writer;

use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use self::json::Jq;
use self::row::View;
use self::style::paint;
use self::table::{Cell, Layout};
use self::text::plain;
use self::time::Times;
use self::writer::{RowWriter, TextWriter, write_yaml};
use crate::args::{Format, OutputArgs};
use crate::errors::{CliError, Exit, PREFIX};

/// Prints results in the requested format.
pub(crate) struct Output {
    args: OutputArgs,
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
    pub(crate) fn new(args: OutputArgs, is_logging: bool) -> Result<Self, CliError> {
        let jq = args.jq.as_deref().map(|expression| {
            if !args.format().is_json() {
                return Err(CliError::usage("--jq needs -o json or -o ndjson"));
            }
            Jq::compile(expression).map_err(|why| CliError::usage(format!("--jq: {why}")))
        });
        let is_terminal = io::stdout().is_terminal();
        let size = is_terminal.then(terminal_size::terminal_size).flatten();
        Ok(Self {
            jq: jq.transpose()?,
            is_logging,
            is_terminal,
            width: size.map(|(terminal_size::Width(columns), _)| columns.into()),
            args,
        })
    }

    pub(crate) fn format(&self) -> Format {
        self.args.format()
    }

    /// The format, if one was given.
    pub(crate) fn chosen_format(&self) -> Option<Format> {
        self.args.output
    }

    pub(crate) fn is_quiet(&self) -> bool {
        self.args.quiet
    }

    pub(crate) fn color(&self) -> ColorChoice {
        self.args.color()
    }

    /// The time zone of tables and messages.
    pub(crate) fn zone(&self) -> TimeZone {
        self.args.zone()
    }

    /// Times relative to `now`.
    pub(crate) fn times(&self, now: Timestamp) -> Times {
        Times {
            now,
            zone: self.zone(),
        }
    }

    /// Prints a result: `text` for people, `document` as JSON and YAML, `rows` with `fields` as NDJSON and CSV.
    pub(crate) fn print<D: Serialize, R: Serialize>(
        &self,
        document: &D,
        fields: &[&'static str],
        rows: impl IntoIterator<Item = R>,
        text: impl FnOnce() -> String,
    ) -> Result<(), CliError> {
        match self.format() {
            Format::Table => self.styled(&text())?,
            Format::Json if self.jq.is_some() => self.lines([document])?,
            Format::Json => self.json(document, self.is_terminal)?,
            Format::Yaml => {
                let mut out = TextWriter::new(Format::Yaml, self.is_terminal);
                write_yaml(&mut out, document)?;
                out.flush()?;
            }
            format @ (Format::Ndjson | Format::Csv) => {
                RowWriter::new(self, format, fields.to_vec()).write_all(rows)?;
            }
            // `status` writes its metrics by itself, and no other command has any.
            #[cfg(feature = "serve")]
            Format::Prometheus => {}
        }
        Ok(())
    }

    /// One JSON document, indented if it `is_pretty`.
    pub(crate) fn json<T: Serialize>(&self, value: &T, is_pretty: bool) -> io::Result<()> {
        let mut out = TextWriter::new(Format::Json, self.is_terminal);
        if is_pretty {
            serde_json::to_writer_pretty(&mut out, value)?;
        } else {
            serde_json::to_writer(&mut out, value)?;
        }
        out.write_all(b"\n")?;
        out.flush()
    }

    /// One JSON object per line.
    pub(crate) fn lines<T: Serialize>(
        &self,
        values: impl IntoIterator<Item = T>,
    ) -> io::Result<()> {
        RowWriter::new(self, Format::Ndjson, Vec::new()).write_all(values)
    }

    /// Text, with colours if they are enabled.
    pub(crate) fn styled(&self, text: &str) -> io::Result<()> {
        let mut stdout = AutoStream::new(io::stdout().lock(), self.color());
        stdout.write_all(text.as_bytes())?;
        stdout.flush()
    }

    /// Text as it is.
    #[allow(clippy::unused_self, reason = "only an output prints")]
    pub(crate) fn write(&self, text: &str) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(text.as_bytes())?;
        stdout.flush()
    }

    /// Writes to stderr; there is no other stream to report a failure of stderr on.
    pub(crate) fn say(&self, text: &str) {
        let mut stderr = AutoStream::new(io::stderr().lock(), self.color());
        let _ = stderr
            .write_all(text.as_bytes())
            .and_then(|()| stderr.flush());
    }

    /// A message that is written even if the output is quiet.
    pub(crate) fn warn(&self, message: &str) {
        let warning = paint(style::WARNING, "warning:");
        self.say(&format!("{PREFIX} {warning} {}\n", plain(message)));
    }

    /// An informational message.
    pub(crate) fn log(&self, message: &str) {
        if !self.is_quiet() {
            self.say(&format!("{PREFIX} {}\n", plain(message)));
        }
    }

    /// Writes why the work failed, and gives the exit code.
    pub(crate) fn fail(&self, error: &CliError) -> Exit {
        error.report(self.format(), self.color(), self.is_quiet())
    }

    /// The layout of a table that begins with `rows`. Logs which of the chosen columns have no room; the others may be left
    /// out silently.
    fn layout(&self, rows: &[Vec<Cell>], view: &View, width: Option<usize>) -> Layout {
        let layout = Layout::new(rows, width);
        let left_out = layout.left_out();
        if view.has_columns() && !left_out.is_empty() {
            let names = left_out.join(", ");
            self.log(&format!("no room on this terminal for {names}"));
        }
        layout
    }
}
