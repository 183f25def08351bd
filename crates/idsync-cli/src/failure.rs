//! Why a command did not do its work.

use std::io;

use idsync::health::Problem;
use idsync::{Error, ErrorKind};

use crate::exit::Exit;

/// Why a command did not do its work, and what may help.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) cause: Cause,
    /// What to do next, in one sentence.
    pub(crate) hint: Option<String>,
}

/// What went wrong.
#[derive(Debug)]
pub(crate) enum Cause {
    /// A call, or the setting up of the client.
    Call(Error),
    /// What kept a report from knowing anything.
    Problem(Box<Problem>),
    /// The flags or the environment.
    Usage(String),
    /// The surroundings: an address in use, a disk that is full.
    Surroundings(String),
    /// What was begun came to no end: `kind` is `cancelled` or `unanswerable`.
    Unfinished { kind: &'static str, message: String },
    /// Whoever read the output has gone, which is their right.
    ClosedPipe,
}

impl Failure {
    /// The flags or the environment do not add up.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self {
            cause: Cause::Usage(message.into()),
            hint: None,
        }
    }

    /// The surroundings do not allow `what`, because of `error` and what is behind it.
    pub(crate) fn surroundings(what: &str, error: &dyn std::error::Error) -> Self {
        let errors = std::iter::successors(Some(error), |error| error.source());
        let message = errors.fold(what.to_owned(), |message, error| {
            format!("{message}: {error}")
        });
        Self {
            cause: Cause::Surroundings(message),
            hint: None,
        }
    }

    /// What was begun came to no end, for a reason of this `kind`.
    pub(crate) fn unfinished(kind: &'static str, message: impl Into<String>) -> Self {
        Self {
            cause: Cause::Unfinished {
                kind,
                message: message.into(),
            },
            hint: None,
        }
    }

    /// Adds what may help, in place of the general hint.
    pub(crate) fn with_hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }

    /// The code to end with.
    pub(crate) fn exit(&self) -> Exit {
        match &self.cause {
            Cause::Call(error) => error.kind().into(),
            Cause::Problem(problem) => problem.error.kind.into(),
            Cause::Usage(_) => Exit::Usage,
            Cause::Surroundings(_) | Cause::Unfinished { .. } => Exit::Failed,
            Cause::ClosedPipe => Exit::Done,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self {
            hint: error
                .hint()
                .map(str::to_owned)
                .or_else(|| hint(error.kind())),
            cause: Cause::Call(error),
        }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self {
            hint: hint(problem.error.kind),
            cause: Cause::Problem(Box::new(problem)),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self {
                cause: Cause::ClosedPipe,
                hint: None,
            },
            _ => Self::surroundings("cannot write the output", &error),
        }
    }
}

/// What usually helps against an error of this kind, where its message cannot say so.
fn hint(kind: ErrorKind) -> Option<String> {
    let hint = match kind {
        ErrorKind::Authentication => {
            "check HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, or IDSYNC_TOKEN, and the clock of this machine"
        }
        ErrorKind::Permission => {
            "ask for a permission to read in this project, or check --project-id"
        }
        ErrorKind::Throttled => "wait, or ask for less at a time",
        ErrorKind::Timeout => "give more time with --timeout",
        ErrorKind::Connect => "check --region or --endpoint, and the network",
        ErrorKind::Redirect => {
            "check --endpoint: redirects are not followed, since they would carry credentials elsewhere"
        }
        _ => return None,
    };
    Some(hint.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_pipe_is_no_failure_and_a_full_disk_is_one() {
        assert_eq!(
            Failure::from(io::Error::from(io::ErrorKind::BrokenPipe)).exit(),
            Exit::Done
        );
        assert_eq!(
            Failure::from(io::Error::from(io::ErrorKind::StorageFull)).exit(),
            Exit::Failed
        );
        assert_eq!(Failure::usage("x").exit(), Exit::Usage);
    }

    #[test]
    fn the_kind_of_an_error_decides_the_exit_code() {
        for (kind, exit) in [
            (ErrorKind::InvalidInput, Exit::Usage),
            (ErrorKind::Credentials, Exit::Usage),
            (ErrorKind::Authentication, Exit::Refused),
            (ErrorKind::Permission, Exit::Refused),
            (ErrorKind::NotFound, Exit::Failed),
            (ErrorKind::Decode, Exit::Failed),
            (ErrorKind::Throttled, Exit::Failed),
        ] {
            assert_eq!(Exit::from(kind), exit, "{kind}");
        }
    }
}
