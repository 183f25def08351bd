//! Errors of a command: the sentence for people, the JSON object for programs, and the exit code.

use std::io::{self, Write};
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};
use idsync::health::{Problem, Source};
use idsync::{Error, ErrorKind, Service};
use schemars::JsonSchema;
use serde::Serialize;

use crate::args::Format;
use crate::output::style::{BAD, FAINT, paint};
use crate::output::{json, text};

/// Exit codes; `idsync help exit-codes` documents them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Done.
    Done = 0,
    /// The work failed, or a part of a response could not be read.
    Failed = 1,
    /// Wrong usage or configuration; nothing was sent.
    Usage = 2,
    /// A condition that was asked for with `--fail-on` holds.
    Matched = 3,
    /// The service rejected the credentials, or they lack a permission.
    Rejected = 4,
    /// `wait` ran out of time.
    TimedOut = 5,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl From<ErrorKind> for Exit {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::InvalidInput | ErrorKind::Configuration | ErrorKind::Credentials => {
                Self::Usage
            }
            ErrorKind::Authentication | ErrorKind::Permission => Self::Rejected,
            _ => Self::Failed,
        }
    }
}

/// Why a command failed.
#[derive(Debug)]
pub(crate) struct CliError {
    exit: Exit,
    /// What people read; empty for a closed pipe, which is not reported.
    sentence: String,
    facts: Box<ErrorFacts>,
    /// What to do next, in one sentence.
    hint: Option<String>,
}

#[cfg(feature = "serve")]
impl From<idsync_monitor::MonitorError> for CliError {
    fn from(error: idsync_monitor::MonitorError) -> Self {
        Self::unfinished("history", error.to_string())
    }
}

impl CliError {
    /// Wrong flags; nothing was sent.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::local(Exit::Usage, "invalid_input", message.into())
    }

    /// A wrong or missing variable or file; nothing was sent.
    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Self::local(Exit::Usage, "configuration", message.into())
    }

    /// A local operation, described by `what`, failed with `error`.
    pub(crate) fn io(what: &str, error: &dyn std::error::Error) -> Self {
        let errors = std::iter::successors(Some(error), |error| error.source());
        let message = errors.fold(what.to_owned(), |message, error| {
            format!("{message}: {error}")
        });
        Self::local(Exit::Failed, "io", message)
    }

    /// The command ended early, for a reason of this `kind`, such as `cancelled`.
    pub(crate) fn unfinished(kind: &str, message: impl Into<String>) -> Self {
        Self::local(Exit::Failed, kind, message.into())
    }

    fn local(exit: Exit, kind: &str, message: String) -> Self {
        Self {
            exit,
            sentence: message.clone(),
            facts: Box::new(ErrorFacts {
                kind: kind.to_owned(),
                message,
                attempts: Some(0),
                retryable: Some(false),
                ..ErrorFacts::default()
            }),
            hint: None,
        }
    }

    /// Replaces the general hint.
    pub(crate) fn with_hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }

    /// The error without its hint.
    pub(crate) fn message(&self) -> &str {
        &self.sentence
    }

    #[cfg(test)]
    pub(crate) fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// Writes the error to stderr: one JSON object where `format` is JSON, else a sentence and a hint unless `quiet`.
    pub(crate) fn report(&self, format: Format, color: ColorChoice, quiet: bool) -> Exit {
        if !self.sentence.is_empty() {
            let mut stderr = AutoStream::new(io::stderr().lock(), color);
            let text = if format.is_json() {
                // Strings and numbers always serialize.
                json::line(&ErrorLine { error: &self.facts }).unwrap_or_default() + "\n"
            } else {
                self.lines(quiet)
            };
            // There is no other stream to report a failure of stderr on.
            let _ = stderr.write_all(text.as_bytes());
        }
        self.exit
    }

    fn lines(&self, quiet: bool) -> String {
        let line = format!("{} {}\n", paint(BAD, PREFIX), text::plain(&self.sentence));
        match &self.hint {
            Some(hint) if !quiet => {
                format!("{line}{} {}\n", paint(FAINT, "hint:"), text::plain(hint))
            }
            _ => line,
        }
    }
}

/// Prefix of every message on stderr.
pub(crate) const PREFIX: &str = "idsync:";

impl From<Error> for CliError {
    fn from(error: Error) -> Self {
        let is_timeout = error.kind() == ErrorKind::Timeout;
        let more_time = is_timeout.then_some("allow more time with --timeout");
        Self {
            exit: error.kind().into(),
            sentence: error.to_string(),
            hint: error.hint().or(more_time).map(str::to_owned),
            facts: Box::new(ErrorFacts::from(&error)),
        }
    }
}

/// Restores the error; a report does not keep the number of attempts.
impl From<&Problem> for CliError {
    fn from(problem: &Problem) -> Self {
        let known = &problem.error;
        let mut error = Error::new(known.kind, &*known.message);
        if let Some((service, operation)) = operation(problem.source) {
            error = error.with_operation(service, operation);
        }
        error = known.status.into_iter().fold(error, Error::with_status);
        error = known.code.iter().fold(error, Error::with_code);
        error = known.request_id.iter().fold(error, Error::with_request_id);
        error = known.hint.iter().fold(error, Error::with_hint);
        let mut error = Self::from(error);
        error.facts.attempts = None;
        error.facts.retryable = None;
        error
    }
}

impl From<io::Error> for CliError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::local(Exit::Done, "io", String::new()),
            _ => Self::io("cannot write the output", &error),
        }
    }
}

/// The operation of each service that a report calls.
fn operation(source: Source) -> Option<(Service, &'static str)> {
    match source {
        Source::DataArts => Some((Service::DataArts, "listSecurityMemberSyncTasks")),
        Source::Dws => Some((Service::Dws, "listSyncRecords")),
        Source::Mrs => Some((Service::Mrs, "listClusterSyncTaskStatus")),
        _ => None,
    }
}

/// An error as one line of JSON on stderr.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ErrorLine<'a> {
    /// The details of the error.
    error: &'a ErrorFacts,
}

/// The details of an error; null where unknown or not applicable.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub(crate) struct ErrorFacts {
    /// The coarse kind, such as `throttled`; `io` for a failure of this machine.
    #[schemars(with = "ErrorKind")]
    kind: String,
    /// The service that was called.
    #[schemars(with = "Option<Service>")]
    service: Option<&'static str>,
    /// The operation, by its id in the OpenAPI document.
    operation: Option<String>,
    /// The HTTP status, if a response arrived.
    status: Option<u16>,
    /// The error code of the service.
    code: Option<String>,
    /// What happened, in words.
    message: String,
    /// The id under which the service can find the request.
    request_id: Option<String>,
    /// Number of requests sent; 0 if none was.
    attempts: Option<u32>,
    /// Whether the same request may succeed later.
    retryable: Option<bool>,
    /// Where in the response reading failed, such as `sync_records[3].start_time`.
    path: Option<String>,
}

impl From<&Error> for ErrorFacts {
    fn from(error: &Error) -> Self {
        let text = |text: Option<&str>| text.map(str::to_owned);
        Self {
            kind: error.kind().as_str().to_owned(),
            service: error.service().map(Service::as_str),
            operation: text(error.operation()),
            status: error.status(),
            code: text(error.code()),
            message: error.message().to_owned(),
            request_id: text(error.request_id()),
            attempts: Some(error.attempts()),
            retryable: Some(error.is_retryable()),
            path: text(error.path()),
        }
    }
}

/// Answers a command line that is wrong, or that asks for help or the version.
pub(crate) fn answer_clap(error: &clap::Error, (format, color): (Format, ColorChoice)) -> Exit {
    if !error.use_stderr() {
        let mut stdout = AutoStream::new(io::stdout().lock(), color);
        let written = write!(stdout, "{}", error.render().ansi()).and_then(|()| stdout.flush());
        return written.map_or_else(
            |error| CliError::from(error).report(format, color, false),
            |()| Exit::Done,
        );
    }
    let rendered = without_passwords(&error.render().to_string());
    let message = rendered.strip_prefix("error: ").unwrap_or(&rendered);
    if format.is_json() {
        let end = ["\n\nUsage:", "\n\nFor more"]
            .iter()
            .filter_map(|end| message.find(end))
            .min();
        let message = &message[..end.unwrap_or(message.len())];
        return CliError::usage(text::plain(message)).report(format, color, false);
    }
    let mut stderr = AutoStream::new(io::stderr().lock(), color);
    let _ = write!(stderr, "{} {message}", paint(BAD, PREFIX));
    Exit::Usage
}

/// `text` without what stands before the last `@` of a line with a URL: it may be a password.
fn without_passwords(text: &str) -> String {
    let masked = |line: &str| match (line.find("://"), line.rfind('@')) {
        (Some(scheme), Some(at)) if scheme < at => {
            format!("{}://***{}", &line[..scheme], &line[at..])
        }
        _ => line.to_owned(),
    };
    text.split_inclusive('\n').map(masked).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_pipe_is_not_a_failure_and_a_full_disk_is_one() {
        let exit = |kind| CliError::from(io::Error::from(kind)).exit;
        assert_eq!(exit(io::ErrorKind::BrokenPipe), Exit::Done);
        assert_eq!(exit(io::ErrorKind::StorageFull), Exit::Failed);
    }

    #[test]
    fn the_user_and_password_of_a_url_are_masked() {
        assert_eq!(
            without_passwords("a 'dsw=https://u:p/ w#'1@h/x' for me\nmail@c and http://b"),
            "a 'dsw=https://***@h/x' for me\nmail@c and http://b"
        );
    }
}
