//! Errors for people and for programs.

use idsync::health::{Problem, Source};
use idsync::{Error, ErrorKind, Service};
use schemars::JsonSchema;
use serde::Serialize;

use super::json;
use super::style::{BAD, FAINT, paint};
use super::text::plain;
use crate::failure::{Cause, Failure};

/// A failure as text: one line, and one with a hint unless hints are `unwanted`.
pub(super) fn text(failure: &Failure, unwanted: bool) -> String {
    let line = format!(
        "{} {}\n",
        paint(BAD, "idsync:"),
        plain(&sentence(&failure.cause))
    );
    match &failure.hint {
        Some(hint) if !unwanted => format!("{line}{} {}\n", paint(FAINT, "hint:"), plain(hint)),
        _ => line,
    }
}

fn sentence(cause: &Cause) -> String {
    match cause {
        Cause::Call(error) => error.to_string(),
        Cause::Problem(problem) => problem_sentence(problem),
        Cause::Usage(message)
        | Cause::Surroundings(message)
        | Cause::Unfinished { message, .. } => message.clone(),
        Cause::ClosedPipe => String::new(),
    }
}

/// The same sentence that the error had before it became part of a report.
fn problem_sentence(problem: &Problem) -> String {
    let error = &problem.error;
    let operation = operation(problem.source).map(|operation| format!("{operation} failed:"));
    let status = error.status.map(|status| status.to_string());
    let request = error
        .request_id
        .as_ref()
        .map(|id| format!("(request {id})"));
    let parts = [
        operation,
        status,
        error.code.clone(),
        Some(error.message.clone()),
        request,
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The one operation that a report asks of each service.
fn operation(source: Source) -> Option<&'static str> {
    match source {
        Source::DataArts => Some("listSecurityMemberSyncTasks"),
        Source::Dws => Some("listSyncRecords"),
        Source::Mrs => Some("listClusterSyncTaskStatus"),
        _ => None,
    }
}

/// An error as programs are told of it: a line on stderr.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ErrorLine<'a> {
    /// What is known of it.
    error: &'a ErrorFacts<'a>,
}

/// What is known of an error; null stands for what is not known, or does not apply.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub(super) struct ErrorFacts<'a> {
    /// The coarse kind, such as `throttled`; `io` for what has to do with this machine.
    #[schemars(with = "ErrorKind")]
    kind: &'a str,
    /// The service that was asked.
    #[schemars(with = "Option<Service>")]
    service: Option<&'static str>,
    /// The operation, by its id in the OpenAPI document.
    operation: Option<&'static str>,
    /// The HTTP status, where an answer arrived.
    status: Option<u16>,
    /// The service's own error code.
    code: Option<&'a str>,
    /// What happened, in words.
    message: &'a str,
    /// The id under which the service can find the request.
    request_id: Option<&'a str>,
    /// How many requests were sent; 0 if none was.
    attempts: Option<u32>,
    /// Whether the same request may succeed later.
    retryable: Option<bool>,
    /// Where in the answer reading failed, such as `sync_records[3].start_time`.
    path: Option<&'a str>,
}

impl<'a> ErrorFacts<'a> {
    /// Of wrong flags or variables.
    pub(super) fn usage(message: &'a str) -> Self {
        Self {
            kind: "usage",
            message,
            attempts: Some(0),
            retryable: Some(false),
            ..Self::default()
        }
    }

    /// The error as one line of JSON.
    pub(super) fn line(&self) -> String {
        // Text and numbers always have a JSON form, so there is no error to tell of.
        json::line(&ErrorLine { error: self }).unwrap_or_default() + "\n"
    }
}

impl<'a> From<&'a Cause> for ErrorFacts<'a> {
    fn from(cause: &'a Cause) -> Self {
        match cause {
            Cause::Call(error) => error.into(),
            Cause::Problem(problem) => problem.as_ref().into(),
            Cause::Usage(message) => Self::usage(message),
            Cause::Surroundings(message) => Self {
                kind: "io",
                ..Self::usage(message)
            },
            Cause::Unfinished { kind, message } => Self {
                kind,
                ..Self::usage(message)
            },
            Cause::ClosedPipe => Self {
                kind: "io",
                ..Self::default()
            },
        }
    }
}

impl<'a> From<&'a Error> for ErrorFacts<'a> {
    fn from(error: &'a Error) -> Self {
        Self {
            kind: error.kind().as_str(),
            service: error.service().map(Service::as_str),
            operation: error.operation(),
            status: error.status(),
            code: error.code(),
            message: error.message(),
            request_id: error.request_id(),
            attempts: Some(error.attempts()),
            retryable: Some(error.is_retryable()),
            path: error.path(),
        }
    }
}

impl<'a> From<&'a Problem> for ErrorFacts<'a> {
    fn from(problem: &'a Problem) -> Self {
        let error = &problem.error;
        Self {
            kind: error.kind.as_str(),
            service: operation(problem.source).map(|_| problem.source.as_str()),
            operation: operation(problem.source),
            status: error.status,
            code: error.code.as_deref(),
            message: &error.message,
            request_id: error.request_id.as_deref(),
            ..Self::default()
        }
    }
}

/// What is wrong with a command line, in one line without the usage that follows it.
pub(super) fn complaint(refusal: &clap::Error) -> String {
    let rendered = refusal.render().to_string();
    let told = rendered.split("\n\nUsage:").next().unwrap_or_default();
    let told = told
        .split("\n\nFor more information")
        .next()
        .unwrap_or_default();
    plain(told.strip_prefix("error: ").unwrap_or(told))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(failure: &Failure, unwanted: bool) -> String {
        anstream::adapter::strip_str(&text(failure, unwanted)).to_string()
    }

    #[test]
    fn a_failure_is_one_line_and_its_hint_another() {
        let failure = Failure::usage("a\n\u{1b}[2Jb").with_hint("do\nthis");
        assert_eq!(shown(&failure, false), "idsync: a [2Jb\nhint: do this\n");
        assert_eq!(shown(&failure, true), "idsync: a [2Jb\n");
    }

    #[test]
    fn what_is_not_known_is_null() {
        let line = ErrorFacts::from(&Cause::Surroundings("no room".to_owned())).line();
        assert_eq!(
            line,
            "{\"error\":{\"kind\":\"io\",\"service\":null,\"operation\":null,\"status\":null,\"code\":null,\
             \"message\":\"no room\",\"request_id\":null,\"attempts\":0,\"retryable\":false,\"path\":null}}\n"
        );
    }
}
