//! All printing: data to stdout, talk to stderr.

mod change;
mod channel;
mod csv;
mod error;
mod examination;
#[cfg(unix)]
mod exports;
mod field;
mod fields;
mod frame;
mod json;
mod list;
mod listed;
mod lookout;
mod page;
mod problems;
mod progress;
mod refusal;
mod report;
mod resizes;
mod schema;
mod screen;
mod selection;
mod signature;
mod style;
mod syncing;
mod table;
mod text;
mod time;
mod view;
mod waited;
mod yaml;

use std::io::{self, IsTerminal};

use clap::builder::StyledStr;
use idsync::doctor::Examination;
use idsync::health::{ClusterHealth, Report};
use idsync::signing::Explanation;
use idsync_emulator::Ready;
use jiff::tz::TimeZone;
use serde::Serialize;

pub(crate) use self::change::identity;
use self::error::ErrorFacts;
#[cfg(unix)]
pub(crate) use self::exports::Served;
use self::field::Fielded;
use self::list::List;
pub(crate) use self::listed::Listed;
pub(crate) use self::lookout::Lookout;
pub(crate) use self::progress::ProgressLine;
pub(crate) use self::refusal::refuse;
pub(crate) use self::report::Scope;
pub(crate) use self::resizes::Resizes;
use self::screen::Screen;
pub(crate) use self::selection::Selection;
use self::signature::Signature;
pub(crate) use self::syncing::Syncing;
use self::text::plain;
pub(crate) use self::waited::{Outcome, Waited, WaitedCluster};
use crate::args::{Format, PresentationArgs, SchemaName, SelectionArgs};
use crate::exit::Exit;
use crate::failure::{Cause, Failure};

/// Where results and failures go, in the form that was asked for.
pub(crate) struct Output {
    flags: PresentationArgs,
    /// Whether stdout is a terminal.
    interactive: bool,
}

impl Output {
    /// Prints as `flags` say.
    pub(crate) fn new(flags: PresentationArgs) -> Self {
        Self {
            flags,
            interactive: io::stdout().is_terminal(),
        }
    }

    /// Prints text for people.
    pub(crate) fn text(&self, text: &StyledStr) -> Result<Exit, Failure> {
        self.styled(&text.ansi().to_string())?;
        Ok(Exit::Done)
    }

    /// Reads what of a list is to be shown.
    ///
    /// # Errors
    ///
    /// If a field or a value cannot be.
    pub(crate) fn selection<T: Fielded>(
        &self,
        args: &SelectionArgs,
    ) -> Result<Selection<T>, Failure> {
        Selection::read(args, self.flags.output, &self.zone())
    }

    /// In which zone people are told of times.
    pub(crate) fn zone(&self) -> TimeZone {
        self.flags.zone()
    }

    /// Prints what has its form already.
    pub(crate) fn verbatim(&self, text: &str) -> Result<Exit, Failure> {
        self.write(text)?;
        Ok(Exit::Done)
    }

    /// Prints a health report with those clusters that are selected.
    pub(crate) fn report(
        &self,
        report: &Report,
        scope: &Scope,
        selection: &Selection<ClusterHealth>,
    ) -> Result<(), Failure> {
        match self.flags.output {
            Format::Table => self.report_table(report, scope, selection),
            Format::Json => self.document(&report::selected(report, selection)),
            Format::Yaml => self.yaml(&report::selected(report, selection)),
            Format::Ndjson => self.lines(selection.of(&report.clusters)),
            Format::Csv => self.rows(selection.of(&report.clusters), selection.fields()),
        }?;
        self.tell_problems(report);
        Ok(())
    }

    /// Shows how far a command has come, where somebody looks.
    pub(crate) fn progress(&self) -> ProgressLine {
        ProgressLine::new(self.flags.quiet)
    }

    /// Begins to show what is watched: on the terminal, or by lines for programs.
    pub(crate) fn lookout(&self, scope: Scope) -> Result<Lookout<'_>, Failure> {
        if matches!(self.flags.output, Format::Csv | Format::Yaml) {
            return Err(Failure::usage(
                "a watch has the form table, on a terminal, or json and ndjson, which are one line for each change",
            ));
        }
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let is_drawn = self.interactive && !is_dumb && self.flags.output == Format::Table;
        let screen = is_drawn.then(|| Screen::open(self.flags.color()));
        Ok(Lookout::new(self, scope, screen.transpose()?))
    }

    /// Prints what a wait came to.
    pub(crate) fn waited(&self, waited: &Waited) -> Result<(), Failure> {
        match self.flags.output {
            Format::Table => self.styled(&waited::render(waited, self.room(), self.flags.quiet)),
            Format::Json => self.document(waited),
            Format::Ndjson => self.lines([waited]),
            Format::Yaml => self.yaml(waited),
            Format::Csv => self.rows(&waited.clusters, Fielded::FIELDS),
        }?;
        Ok(())
    }

    /// Begins a list that is printed as it arrives.
    pub(crate) fn list<T: Listed + Serialize>(&self, selection: Selection<T>) -> List<'_, T> {
        List::new(self, selection)
    }

    /// Prints whether a cluster is copying IAM users.
    pub(crate) fn syncing(&self, syncing: &Syncing) -> Result<Exit, Failure> {
        match self.flags.output {
            Format::Table => self.styled(&syncing::render(syncing, self.room())),
            Format::Json | Format::Ndjson => self.lines([syncing]),
            Format::Yaml => self.yaml(syncing),
            Format::Csv => self.rows([syncing], Syncing::FIELDS),
        }?;
        Ok(Exit::Done)
    }

    /// Prints what a check-up came to.
    pub(crate) fn examination(&self, examination: &Examination) -> Result<(), Failure> {
        let quiet = self.flags.quiet;
        match self.flags.output {
            Format::Table => self.styled(&examination::render(examination, self.room(), quiet)),
            Format::Json => self.document(examination),
            Format::Ndjson => self.lines(&examination.checks),
            Format::Yaml => self.yaml(examination),
            Format::Csv => self.rows(&examination.checks, Fielded::FIELDS),
        }?;
        Ok(())
    }

    /// Prints how a request is signed.
    pub(crate) fn signature(&self, steps: &Explanation) -> Result<Exit, Failure> {
        let signature = Signature::from(steps);
        match self.flags.output {
            Format::Table => self.styled(&signature::render(steps)),
            Format::Json => self.document(&signature),
            Format::Ndjson => self.lines([&signature]),
            Format::Yaml => self.yaml(&signature),
            Format::Csv => self.rows([&signature], Fielded::FIELDS),
        }?;
        Ok(Exit::Done)
    }

    /// Prints the schema of an output, laid out like the files that are kept.
    pub(crate) fn schema(&self, name: SchemaName) -> Result<(), Failure> {
        Ok(self.write(&(json::spread_out(&schema::of(name))? + "\n"))?)
    }

    /// Prints which outputs have a schema.
    pub(crate) fn schemas(&self) -> Result<(), Failure> {
        let entries = schema::Entry::all();
        match self.flags.output {
            Format::Table => self.styled(&schema::render(&entries, self.room(), self.flags.quiet)),
            Format::Json => self.document(&entries),
            Format::Ndjson => self.lines(&entries),
            Format::Yaml => self.yaml(&entries),
            Format::Csv => self.rows(&entries, Fielded::FIELDS),
        }?;
        Ok(())
    }

    /// Prints the line that tells how to use a running emulator.
    pub(crate) fn ready(&self, ready: &Ready) -> Result<(), Failure> {
        Ok(self.lines([ready])?)
    }

    /// Prints what makes a shell talk to the emulator of a process.
    #[cfg(unix)]
    pub(crate) fn exports(&self, served: &Served, process: u32) -> Result<Exit, Failure> {
        self.styled(&exports::render(served, process))?;
        Ok(Exit::Done)
    }

    /// Hands on to stderr what another process said there.
    #[cfg(unix)]
    pub(crate) fn pass_on(&self, text: &str) {
        self.say(text);
    }

    /// Says on stderr what somebody has to know, wanted or not.
    pub(crate) fn warn(&self, message: &str) {
        self.say(&format!("idsync: warning: {}\n", plain(message)));
    }

    /// Says on stderr what goes on.
    pub(crate) fn log(&self, message: &str) {
        if !self.flags.quiet {
            self.say(&format!("idsync: {}\n", plain(message)));
        }
    }

    /// Says on stderr why the work is not done, and gives the code to end with.
    pub(crate) fn fail(&self, failure: &Failure) -> Exit {
        match &failure.cause {
            Cause::ClosedPipe => {}
            cause if self.flags.output.is_json() => self.say(&ErrorFacts::from(cause).line()),
            _ => self.say(&error::text(failure, self.flags.quiet)),
        }
        failure.exit()
    }

    /// Says on stderr what could not be asked or read, where the form of the report has no place for it.
    fn tell_problems(&self, report: &Report) {
        if self.flags.quiet {
            return;
        }
        match self.flags.output {
            Format::Csv => {
                self.say(&report::partial(report, None));
                self.say(&problems::lines(&report.problems, None));
            }
            Format::Ndjson => {
                for problem in &report.problems {
                    self.say(&ErrorFacts::from(problem).line());
                }
            }
            Format::Table | Format::Json | Format::Yaml => {}
        }
    }

    /// The report for people; without title and summary where those are not wanted.
    fn report_table(
        &self,
        report: &Report,
        scope: &Scope,
        selection: &Selection<ClusterHealth>,
    ) -> io::Result<()> {
        let (view, room) = (report::view(report, scope, selection), self.room());
        let table = view.render(room);
        if self.flags.quiet {
            return self.styled(&table);
        }
        self.styled(&report::render(report, scope, selection, &table, room))?;
        self.complain(&view, room);
        Ok(())
    }
}
