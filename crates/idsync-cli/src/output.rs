//! All printing: data to stdout, messages to stderr.

pub(crate) mod json;
mod report;
mod row;
mod table;
mod text;
mod time;
mod writer;

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use anstream::{AutoStream, ColorChoice};
use idsync::health::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use self::json::Jq;
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

/// Redraws per second.
const RATE: u8 = 10;
/// Longest time between two redraws.
const TICK: Duration = Duration::from_millis(250);

/// A transient line on stderr; hidden unless stderr is a terminal.
pub(crate) struct ProgressLine(ProgressBar);

impl ProgressLine {
    /// Hidden too where logs are written to stderr, or the output is quiet.
    pub(crate) fn new(output: &Output) -> Self {
        let target = if output.is_quiet || output.is_logging {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr_with_hz(RATE)
        };
        let bar = ProgressBar::with_draw_target(None, target);
        bar.set_style(ProgressStyle::default_spinner());
        bar.enable_steady_tick(TICK);
        Self(bar)
    }

    pub(crate) fn show(&self, message: String) {
        self.0.set_message(message);
    }

    /// A hook that shows the progress of a check.
    pub(crate) fn hook(&self) -> impl Fn(Progress) + Send + Sync + 'static {
        let bar = self.0.clone();
        move |progress| bar.set_message(sentence(&progress))
    }
}

impl Drop for ProgressLine {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// The progress in words.
fn sentence(progress: &Progress) -> String {
    let listing = (progress.listed < progress.workspaces).then(|| {
        let workspaces = counted(progress.workspaces, "workspace");
        format!("{} of {workspaces} listed", progress.listed)
    });
    let checked = (progress.known > 0).then(|| {
        let clusters = counted(progress.known, "cluster");
        format!("{} of {clusters} checked", progress.asked)
    });
    let problems = (progress.problems > 0).then(|| counted(progress.problems, "problem"));
    let parts: Vec<_> = [listing, checked, problems].into_iter().flatten().collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_shows_lists_until_all_are_read_and_problems_once_there_are_some() {
        let mut progress = Progress::default();
        progress.workspaces = 2;
        assert_eq!(sentence(&progress), "0 of 2 workspaces listed");
        (progress.listed, progress.known, progress.asked) = (1, 24, 3);
        assert_eq!(
            sentence(&progress),
            "1 of 2 workspaces listed, 3 of 24 clusters checked"
        );
        (progress.listed, progress.problems) = (2, 1);
        assert_eq!(sentence(&progress), "3 of 24 clusters checked, 1 problem");
    }
}
