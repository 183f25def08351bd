//! What each service answers to a call with credentials.

use idsync_api::dataarts_studio::enums::ClusterType;

use super::Check;
use crate::dataarts::Task;
use crate::health::ClusterRef;
use crate::{Client, ClusterId, Error, ErrorKind, Service, WorkspaceId};

/// A well-formed id that no cluster has.
const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

/// Codes of the gateway begin so; the service behind it has not spoken then.
const GATEWAY: &str = "APIGW.";

/// Asks the services, for the clusters that were named.
pub(super) struct Answers<'a> {
    pub(super) client: &'a Client,
    pub(super) clusters: &'a [ClusterRef],
}

/// One cluster of each service, as the tasks of DataArts Studio name them.
#[derive(Debug, Default)]
pub(super) struct Listed {
    pub(super) dws: Option<ClusterId>,
    pub(super) mrs: Option<ClusterId>,
}

/// Whether a service can be asked, or why not.
type Open = Result<(), String>;

impl Answers<'_> {
    /// Asks for the tasks of `workspace`.
    pub(super) async fn of_dataarts(
        &self,
        open: Open,
        workspace: Option<&Result<WorkspaceId, Error>>,
    ) -> (Check, Listed) {
        let name = name(Service::DataArts);
        let unasked = |why: String| (Check::skipped(name.clone(), why), Listed::default());
        let workspace = match (open, workspace) {
            (Err(why), _) => return unasked(why),
            (Ok(()), None) => {
                let (check, listed) = unasked("no workspace is given".to_owned());
                return (
                    check.advised("name a workspace to have DataArts Studio asked"),
                    listed,
                );
            }
            (Ok(()), Some(workspace)) => workspace.clone(),
        };
        let page = match workspace {
            Ok(workspace) => self.client.dataarts(workspace).tasks().send().await,
            Err(error) => Err(error),
        };
        match page {
            Ok(page) => {
                let total = page.total().unwrap_or(page.len() as u64);
                let listed = Listed::among(|| page.items());
                (readable(name, total, "task", page.errors().next()), listed)
            }
            Err(error) => (refused(name, &error), Listed::default()),
        }
    }

    /// Asks for the records of each DWS cluster that was named, else of `listed`, else of nobody's.
    pub(super) async fn of_dws(&self, open: Open, listed: Option<ClusterId>) -> Vec<Check> {
        let name = name(Service::Dws);
        if let Err(why) = open {
            return vec![Check::skipped(name, why)];
        }
        let mut checks = Vec::new();
        for subject in self.subjects(Service::Dws, listed) {
            let records = self.client.dws().sync_records(subject.id()).send().await;
            checks.push(subject.judge(&name, records, |page| {
                let total = page.total().unwrap_or(page.len() as u64);
                readable(name.clone(), total, "record", page.errors().next())
            }));
        }
        checks
    }

    /// Asks for the flag of each MRS cluster that was named, else of `listed`, else of nobody's.
    pub(super) async fn of_mrs(&self, open: Open, listed: Option<ClusterId>) -> Vec<Check> {
        let name = name(Service::Mrs);
        if let Err(why) = open {
            return vec![Check::skipped(name, why)];
        }
        let mut checks = Vec::new();
        for subject in self.subjects(Service::Mrs, listed) {
            let flag = self.client.mrs().is_synchronizing(subject.id()).await;
            checks.push(subject.judge(&name, flag, |flag| {
                let told = match flag {
                    Some(true) => "is synchronizing now",
                    Some(false) => "is idle",
                    None => "does not say whether it is synchronizing",
                };
                Check::ok(name.clone(), format!("answered: the cluster {told}"))
            }));
        }
        checks
    }

    fn subjects(&self, service: Service, listed: Option<ClusterId>) -> Vec<Subject> {
        let named = self.clusters.iter().filter_map(|cluster| match cluster {
            ClusterRef::Dws(id) if service == Service::Dws => Some(Subject::Known(id.clone())),
            ClusterRef::Mrs(id) if service == Service::Mrs => Some(Subject::Known(id.clone())),
            _ => None,
        });
        let named: Vec<_> = named.collect();
        if named.is_empty() {
            vec![listed.map_or(Subject::Nobody, Subject::Known)]
        } else {
            named
        }
    }
}

/// Whom a service is asked about.
#[derive(Debug, PartialEq)]
enum Subject {
    Known(ClusterId),
    Nobody,
}

impl Subject {
    fn id(&self) -> &str {
        match self {
            Self::Known(id) => id.as_str(),
            Self::Nobody => NOBODY,
        }
    }

    /// What the answer shows. About nobody, even a refusal shows that everything works, if it is the service that
    /// refuses, and not the gateway before it.
    fn judge<T>(
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

impl Listed {
    fn among<'a, I: Iterator<Item = &'a Task>>(tasks: impl Fn() -> I) -> Self {
        let first = |wanted: &ClusterType| {
            tasks()
                .filter(|task| task.cluster_type.as_ref() == Some(wanted))
                .find_map(|task| task.cluster_id.as_deref()?.parse().ok())
        };
        Self {
            dws: first(&ClusterType::Dws),
            mrs: first(&ClusterType::Mrs),
        }
    }
}

fn name(service: Service) -> String {
    format!("answer.{service}")
}

/// A list was read; one item that could not be is worth a look.
fn readable(name: String, total: u64, noun: &str, unreadable: Option<&Error>) -> Check {
    let plural = if total == 1 { "" } else { "s" };
    let message = format!("answered: {total} {noun}{plural}");
    match unreadable {
        None => Check::ok(name, message),
        Some(error) => Check::warn(
            name,
            format!("{message}, but one cannot be read: {error}"),
            "it is left out of reports; the service may be newer than this program",
        ),
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

fn refused(name: String, error: &Error) -> Check {
    Check::failed_by(name, error, advice(error.kind()))
}

/// What usually helps.
fn advice(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Usage => "check the flags and variables",
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
        Err(Error::new(kind, "x")
            .with_status(status)
            .with_code(code.map(Into::into)))
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

    #[test]
    fn the_first_cluster_of_each_service_is_taken_from_the_tasks() {
        let task = |cluster_type, id: &str| Task {
            cluster_type: Some(cluster_type),
            cluster_id: Some(id.to_owned()),
            ..Task::default()
        };
        let tasks = [
            task(ClusterType::Dws, "not/an/id"),
            task(ClusterType::Dws, "d1"),
            task(ClusterType::Dws, "d2"),
        ];
        let listed = Listed::among(|| tasks.iter());
        assert_eq!(listed.dws.unwrap().as_str(), "d1");
        assert!(listed.mrs.is_none());
    }
}
