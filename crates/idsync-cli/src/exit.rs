//! Exit codes.

use std::process::ExitCode;

use idsync::ErrorKind;

/// How a run ended; the help documents the codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Done.
    Done = 0,
    /// The work failed, or a part of an answer could not be read.
    Failed = 1,
    /// Wrong usage or configuration; nothing was sent.
    Usage = 2,
    /// Done, and a verdict that was asked for with `--fail-on` was found, or that `wait` hoped not to find.
    Matched = 3,
    /// The service refused the credentials, or they lack a permission.
    Refused = 4,
    /// The time was up before what was waited for.
    TimedOut = 5,
}

impl Exit {
    /// Every code, in their order.
    pub(crate) const ALL: [Self; 6] = [
        Self::Done,
        Self::Failed,
        Self::Usage,
        Self::Matched,
        Self::Refused,
        Self::TimedOut,
    ];
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
            ErrorKind::Authentication | ErrorKind::Permission => Self::Refused,
            _ => Self::Failed,
        }
    }
}
