//! Whom a service is asked about, and what its answer then shows.

use super::Check;
use crate::{ClusterId, Error, ErrorKind};

/// A well-formed id that no cluster has.
const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

/// Codes of the gateway begin so; the service behind it has not spoken then.
const GATEWAY: &str = "APIGW.";

/// Whom a service is asked about.
#[derive(Debug, PartialEq)]
pub(super) enum Subject {
    Known(ClusterId),
    Nobody,
}

impl Subject {
    pub(super) fn id(&self) -> &str {
        match self {
            Self::Known(id) => id.as_str(),
            Self::Nobody => NOBODY,
        }
    }

    /// What the answer shows. About nobody, even a refusal shows that everything works, if it is the service that
    /// refuses, and not the gateway before it.
    pub(super) fn judge<T>(
        &self,
        name: &str,
        answer: Result<T, Error>,
        read: impl FnOnce(T) -> Check,
    ) -> Check {
        match (self, answer) {
            (Self::Nobody, Ok(_)) => Check::ok(
                name,
                "answered for a cluster id that nobody has: host, route and credentials work",
            ),
            (Self::Nobody, Err(error)) if is_of_the_service(&error) => Check::ok(
                name,
                format!(
                    "refused a cluster id that nobody has, as it should ({}): host, route and credentials work",
                    told(&error)
                ),
            ),
            (Self::Known(id), Err(error)) if error.is_not_found() && is_of_the_service(&error) => {
                Check::warn(
                    name,
                    format!("answered that cluster {id} does not exist: {error}"),
                    "check the cluster id, the region and the project; the way to the service works",
                )
            }
            (_, Ok(answer)) => read(answer),
            (_, Err(error)) => refused(name.to_owned(), &error),
        }
    }
}

/// Whether `error` is an answer of the service itself to what was asked of it.
fn is_of_the_service(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Service)
        && matches!(error.status(), Some(400..=499))
        && error.code().is_some_and(|code| !code.starts_with(GATEWAY))
}

fn told(error: &Error) -> String {
    let status = error.status().map(|status| status.to_string());
    let parts = [status.as_deref(), error.code()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// A call failed, and nothing good can be said of it.
pub(super) fn refused(name: String, error: &Error) -> Check {
    Check::failed_by(name, error, advice(error.kind()))
}

/// What usually helps.
fn advice(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::InvalidInput | ErrorKind::Configuration => "check the flags and variables",
        ErrorKind::Credentials | ErrorKind::Authentication => {
            "check the credentials, and the clock if requests are signed; temporary ones may have expired"
        }
        ErrorKind::Permission => {
            "ask for a permission to read in this project, or check the project id"
        }
        ErrorKind::NotFound => {
            "check the endpoint and the region: the operation is not known there"
        }
        ErrorKind::Throttled => "wait, and ask for less at a time",
        ErrorKind::Redirect => {
            "check the endpoint: something else answers there, such as a login page"
        }
        ErrorKind::Timeout => "give more time with --timeout, or check the network",
        ErrorKind::Connect => "check the network, and proxies on the way",
        ErrorKind::Decode | ErrorKind::TooLarge => {
            "check the endpoint: what answers there does not speak as the service does"
        }
        _ => "try again later; with the request id, the provider's support can find the call",
    }
}

#[cfg(test)]
mod tests {
    use super::super::CheckStatus;
    use super::*;

    fn refusal(kind: ErrorKind, status: u16, code: Option<&str>) -> Result<(), Error> {
        let error = Error::new(kind, "x").with_status(status);
        Err(match code {
            Some(code) => error.with_code(code),
            None => error,
        })
    }

    fn judged(subject: &Subject, answer: Result<(), Error>) -> CheckStatus {
        subject
            .judge("answer.x", answer, |()| Check::ok("answer.x", "read"))
            .status
    }

    #[test]
    fn about_nobody_a_refusal_of_the_service_proves_the_way_and_one_of_the_gateway_does_not() {
        use ErrorKind::{Authentication, NotFound, Permission, Service};
        for (kind, status, code, expected) in [
            (NotFound, 400, Some("12000003"), CheckStatus::Ok),
            (Service, 400, Some("DWS.5064"), CheckStatus::Ok),
            (NotFound, 404, Some("DWS.5021"), CheckStatus::Ok),
            (NotFound, 404, Some("APIGW.0101"), CheckStatus::Fail),
            (NotFound, 404, None, CheckStatus::Fail),
            (Service, 502, Some("DWS.5000"), CheckStatus::Fail),
            (Authentication, 401, Some("12000001"), CheckStatus::Fail),
            (Permission, 403, Some("DWS.5036"), CheckStatus::Fail),
        ] {
            let status_of = judged(&Subject::Nobody, refusal(kind, status, code));
            assert_eq!(status_of, expected, "{status} {code:?}");
        }
        assert_eq!(judged(&Subject::Nobody, Ok(())), CheckStatus::Ok);
    }

    #[test]
    fn a_cluster_that_the_service_does_not_know_is_worth_a_look() {
        let known = Subject::Known("c1".parse().unwrap());
        let gone = refusal(ErrorKind::NotFound, 400, Some("12000003"));
        assert_eq!(judged(&known, gone), CheckStatus::Warn);
        let no_route = refusal(ErrorKind::NotFound, 404, Some("APIGW.0101"));
        assert_eq!(judged(&known, no_route), CheckStatus::Fail);
        assert_eq!(judged(&known, Ok(())), CheckStatus::Ok);
    }
}
