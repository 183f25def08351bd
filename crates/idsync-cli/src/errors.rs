//! Errors of a command: the sentence for people, the JSON object for programs, and the exit code.

use std::io::{self, Write};

use anstream::{AutoStream, ColorChoice};
use idsync::health::Problem;
use idsync::{Error, ErrorKind, Service};
use schemars::JsonSchema;
use serde::Serialize;

use crate::args::Format;
use crate::output::{BAD, FAINT, json, paint, plain};

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
    /// The kind that programs read.
    kind: &'static str,
    /// Its text is empty for a closed pipe, which is not reported.
    error: Error,
    /// Whether the attempts are not known, because the error comes from a report.
    is_reported: bool,
    /// What to do next, in one sentence.
    hint: Option<String>,
}

#[cfg(feature = "serve")]
impl From<idsync_monitor::MonitorError> for CliError {
    fn from(error: idsync_monitor::MonitorError) -> Self {
        let hint = "`idsync serve` and `idsync sweep` create a history; --store names another one";
        Self {
            hint: error.is_missing().then(|| hint.to_owned()),
            ..Self::unfinished("history", error.to_string())
        }
    }
}

impl CliError {
    /// Wrong flags; nothing was sent.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Error::invalid_input(message).into()
    }

    /// A wrong or missing variable or file; nothing was sent.
    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Self {
            hint: None,
            ..Error::configuration(message).into()
        }
    }

    /// A local operation, described by `what`, failed with `error`.
    pub(crate) fn io(what: &str, error: &dyn std::error::Error) -> Self {
        let errors = std::iter::successors(Some(error), |error| error.source());
        let message = errors.fold(what.to_owned(), |message, error| {
            format!("{message}: {error}")
        });
        Self::unfinished("io", message)
    }

    /// The command ended early, for a reason of this `kind`, such as `cancelled`.
    pub(crate) fn unfinished(kind: &'static str, message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Failed,
            kind,
            ..Self::usage(message)
        }
    }

    /// Replaces the general hint.
    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The error without its hint.
    pub(crate) fn message(&self) -> String {
        self.error.to_string()
    }

    /// Writes the error to stderr: one JSON object where `format` is JSON, else a sentence and a hint unless `quiet`.
    pub(crate) fn report(&self, format: Format, color: ColorChoice, quiet: bool) -> Exit {
        let mut stderr = AutoStream::new(io::stderr().lock(), color);
        let text = match self.message() {
            message if message.is_empty() => return self.exit,
            // Strings and numbers always serialize.
            _ if format.is_json() => json::line(&self.line()).unwrap_or_default() + "\n",
            message => format!("{} {}\n", paint(BAD, PREFIX), plain(&message)),
        };
        let hint = self.hint.as_ref().filter(|_| !quiet && !format.is_json());
        let hint = hint.map(|hint| format!("{} {}\n", paint(FAINT, "hint:"), plain(hint)));
        // There is no other stream to report a failure of stderr on.
        let _ = write!(stderr, "{text}{}", hint.unwrap_or_default());
        self.exit
    }

    fn line(&self) -> ErrorLine<'_> {
        let error = &self.error;
        ErrorLine {
            error: ErrorFacts {
                kind: self.kind,
                service: error.service().map(Service::as_str),
                operation: error.operation(),
                status: error.status(),
                code: error.code(),
                message: error.message(),
                request_id: error.request_id(),
                attempts: (!self.is_reported).then(|| error.attempts()),
                retryable: (!self.is_reported).then(|| error.is_retryable()),
                path: error.path(),
            },
        }
    }
}

/// Prefix of every message on stderr.
pub(crate) const PREFIX: &str = "idsync:";

impl From<Error> for CliError {
    fn from(error: Error) -> Self {
        let hint = match error.kind() {
            ErrorKind::Timeout => Some("allow more time with --timeout"),
            ErrorKind::Credentials => Some(
                "set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, or IDSYNC_TOKEN; `idsync help environment` lists all variables and files; \
                 `idsync status --demo` needs none",
            ),
            ErrorKind::Configuration => Some(
                "`idsync help environment` and `idsync help config` list all settings; `idsync status --demo` needs none",
            ),
            _ => None,
        };
        Self {
            exit: error.kind().into(),
            kind: error.kind().as_str(),
            hint: error.hint().or(hint).map(str::to_owned),
            is_reported: false,
            error,
        }
    }
}

/// A report does not keep the number of attempts.
impl From<&Problem> for CliError {
    fn from(problem: &Problem) -> Self {
        Self {
            is_reported: true,
            ..Error::from(problem).into()
        }
    }
}

impl From<io::Error> for CliError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self {
                exit: Exit::Done,
                ..Self::usage("")
            },
            _ => Self::io("cannot write the output", &error),
        }
    }
}

/// An error as one line of JSON on stderr.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ErrorLine<'a> {
    /// The details of the error.
    error: ErrorFacts<'a>,
}

/// The details of an error; null where unknown or not applicable.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ErrorFacts<'a> {
    /// The coarse kind, such as `throttled`; `io` for a failure of this machine.
    #[schemars(with = "ErrorKind")]
    kind: &'static str,
    /// The service that was called.
    #[schemars(with = "Option<Service>")]
    service: Option<&'static str>,
    /// The operation, by its id in the OpenAPI document.
    operation: Option<&'static str>,
    /// The HTTP status, if a response arrived.
    status: Option<u16>,
    /// The error code of the service.
    code: Option<&'a str>,
    /// What happened, in words.
    message: &'a str,
    /// The id under which the service can find the request.
    request_id: Option<&'a str>,
    /// Number of requests sent; 0 if none was.
    attempts: Option<u32>,
    /// Whether the same request may succeed later.
    retryable: Option<bool>,
    /// Where in the response reading failed, such as `sync_records[3].start_time`.
    path: Option<&'a str>,
}

/// Answers a command line that is wrong, or that asks for help or the version.
pub(crate) fn answer_clap(error: &clap::Error, format: Format) -> Exit {
    let color = ColorChoice::Auto;
    if !error.use_stderr() {
        let mut stdout = AutoStream::new(io::stdout().lock(), color);
        let written = write!(stdout, "{}", error.render().ansi()).and_then(|()| stdout.flush());
        let written = written.map_err(|error| CliError::from(error).report(format, color, false));
        return written.map_or_else(|exit| exit, |()| Exit::Done);
    }
    let rendered = without_passwords(&error.render().to_string());
    let mut message = rendered.strip_prefix("error: ").unwrap_or(&rendered);
    if format.is_json() {
        for end in ["\n\nUsage:", "\n\nFor more"] {
            message = message.split(end).next().unwrap_or(message);
        }
        return CliError::usage(plain(message)).report(format, color, false);
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
    fn the_user_and_password_of_a_url_are_masked() {
        assert_eq!(
            without_passwords("a 'dsw=https://u:p/ w#'1@h/x' for me\nmail@c and http://b"),
            "a 'dsw=https://***@h/x' for me\nmail@c and http://b"
        );
    }
}
