//! The coarse classes of failure.

use std::fmt;

use schemars::JsonSchema;

use crate::open_words::open_words;

/// What class of failure an [`Error`](crate::Error) is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, JsonSchema)]
#[schemars(rename_all = "snake_case", transform = open_words)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A parameter or a setting is wrong; nothing was sent.
    Usage,
    /// No usable credentials were found; nothing was sent.
    Credentials,
    /// The service does not accept the credentials.
    Authentication,
    /// The credentials are accepted but do not allow this operation.
    Permission,
    /// The cluster, the workspace or the operation does not exist there.
    NotFound,
    /// The service refused for now because of too many requests.
    Throttled,
    /// The service answered with another error.
    #[default]
    Service,
    /// The service answered with a redirect, which is never followed: it would carry credentials to another host.
    Redirect,
    /// The deadline passed.
    Timeout,
    /// No connection, or it broke before the answer was complete.
    Connect,
    /// The answer is not what the operation documents.
    Decode,
    /// The answer is larger than the configured bound.
    TooLarge,
    /// The caller gave up first.
    Cancelled,
}

impl ErrorKind {
    /// The name that machine-readable outputs use, such as `not_found`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Credentials => "credentials",
            Self::Authentication => "authentication",
            Self::Permission => "permission",
            Self::NotFound => "not_found",
            Self::Throttled => "throttled",
            Self::Service => "service",
            Self::Redirect => "redirect",
            Self::Timeout => "timeout",
            Self::Connect => "connect",
            Self::Decode => "decode",
            Self::TooLarge => "too_large",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
