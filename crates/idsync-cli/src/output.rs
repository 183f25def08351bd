//! All printing: data to stdout, talk to stderr.

mod error;
mod examination;
#[cfg(unix)]
mod exports;
mod list;
mod listed;
mod problems;
mod report;
mod signature;
mod style;
mod table;
mod text;
mod time;

use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

use anstream::AutoStream;
use clap::builder::StyledStr;
use idsync::doctor::Examination;
use idsync::health::Report;
use idsync::signing::Explanation;
use idsync_emulator::Ready;
use serde::Serialize;

use self::error::ErrorFacts;
#[cfg(unix)]
pub(crate) use self::exports::Served;
use self::list::List;
pub(crate) use self::listed::Listed;
pub(crate) use self::report::Scope;
use self::signature::Signature;
use crate::args::{Format, PresentationArgs};
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

    /// Prints a health report.
    pub(crate) fn report(&self, report: &Report, scope: &Scope) -> Result<(), Failure> {
        match self.flags.output {
            Format::Table => self.styled(&report::render(
                report,
                scope,
                self.room(),
                self.flags.quiet,
            )),
            Format::Json => self.document(report),
            Format::Ndjson => self.lines(&report.clusters),
        }?;
        Ok(())
    }

    /// Begins a list that is printed as it arrives.
    pub(crate) fn list<T: Listed + Serialize>(&self) -> List<'_, T> {
        List::new(self)
    }

    /// Prints whether `cluster_id` is copying IAM users.
    pub(crate) fn syncing(
        &self,
        cluster_id: &str,
        is_synchronizing: Option<bool>,
    ) -> Result<Exit, Failure> {
        #[derive(Serialize)]
        struct Syncing<'a> {
            cluster_id: &'a str,
            is_synchronizing: Option<bool>,
        }
        match self.flags.output {
            Format::Table => self.styled(&report::syncing(cluster_id, is_synchronizing)),
            Format::Json | Format::Ndjson => self.lines(&[Syncing {
                cluster_id,
                is_synchronizing,
            }]),
        }?;
        Ok(Exit::Done)
    }

    /// Prints what a check-up came to.
    pub(crate) fn examination(&self, examination: &Examination) -> Result<(), Failure> {
        match self.flags.output {
            Format::Table => self.styled(&examination::render(examination, self.flags.quiet)),
            Format::Json => self.document(examination),
            Format::Ndjson => self.lines(&examination.checks),
        }?;
        Ok(())
    }

    /// Prints how a request is signed.
    pub(crate) fn signature(&self, steps: &Explanation) -> Result<Exit, Failure> {
        match self.flags.output {
            Format::Table => self.styled(&signature::render(steps)),
            Format::Json => self.document(&Signature::from(steps)),
            Format::Ndjson => self.lines(&[Signature::from(steps)]),
        }?;
        Ok(Exit::Done)
    }

    /// Prints the line that tells how to use a running emulator.
    pub(crate) fn ready(&self, ready: &Ready) -> Result<(), Failure> {
        Ok(self.lines(&[ready])?)
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
        self.say(&format!("idsync: warning: {message}\n"));
    }

    /// Says on stderr what goes on.
    pub(crate) fn log(&self, message: &str) {
        if !self.flags.quiet {
            self.say(&format!("idsync: {message}\n"));
        }
    }

    /// Says on stderr why the work is not done, and gives the code to end with.
    pub(crate) fn fail(&self, failure: &Failure) -> Exit {
        match (&failure.cause, self.flags.output) {
            (Cause::ClosedPipe, _) => {}
            (_, Format::Table) => self.say(&error::text(failure, self.flags.quiet)),
            (_, Format::Json | Format::Ndjson) => {
                self.say(&ErrorFacts::from(&failure.cause).line());
            }
        }
        failure.exit()
    }

    /// How many columns a line may have; no bound where nobody looks at a screen.
    fn room(&self) -> Option<usize> {
        let size = if self.interactive {
            terminal_size::terminal_size()
        } else {
            None
        };
        size.map(|(terminal_size::Width(columns), _)| columns.into())
    }

    fn styled(&self, text: &str) -> io::Result<()> {
        let mut stdout = AutoStream::new(io::stdout().lock(), self.flags.color());
        stdout.write_all(text.as_bytes())?;
        stdout.flush()
    }

    /// One JSON document: spread out for eyes on a terminal, on one line for programs.
    fn document<T: Serialize>(&self, value: &T) -> io::Result<()> {
        let mut stdout = data();
        if self.interactive {
            serde_json::to_writer_pretty(&mut stdout, value)?;
        } else {
            serde_json::to_writer(&mut stdout, value)?;
        }
        stdout.write_all(b"\n")?;
        stdout.flush()
    }

    /// One JSON object a line.
    #[allow(clippy::unused_self, reason = "printing is the business of an output")]
    fn lines<T: Serialize>(&self, values: &[T]) -> io::Result<()> {
        let mut stdout = data();
        for value in values {
            serde_json::to_writer(&mut stdout, value)?;
            stdout.write_all(b"\n")?;
        }
        stdout.flush()
    }

    /// Writes to stderr. That it cannot be written to can be told to nobody.
    fn say(&self, text: &str) {
        let mut stderr = AutoStream::new(io::stderr().lock(), self.flags.color());
        let _ = stderr
            .write_all(text.as_bytes())
            .and_then(|()| stderr.flush());
    }
}

fn data() -> BufWriter<StdoutLock<'static>> {
    BufWriter::new(io::stdout().lock())
}

/// Answers a command line that could not be read, or that asks for help or the version.
pub(crate) fn refuse(refusal: &clap::Error) -> Exit {
    let asked_for = Format::asked_for(
        std::env::args_os().map(|argument| argument.to_string_lossy().into_owned()),
    );
    if refusal.use_stderr() && asked_for != Format::Table {
        let line = ErrorFacts::usage(&error::complaint(refusal)).line();
        let _ = io::stderr().lock().write_all(line.as_bytes());
    } else {
        let _ = refusal.print();
    }
    if refusal.use_stderr() {
        Exit::Usage
    } else {
        Exit::Done
    }
}
