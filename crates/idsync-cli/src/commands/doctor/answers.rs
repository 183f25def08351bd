//! The response of each service to an authenticated call.

use idsync::dataarts::{ClusterType, Task};
use idsync::health::ClusterRef;
use idsync::list::Page;
use idsync::{Client, ClusterId, Error, ErrorKind, Service, WorkspaceId};

use super::Check;
use super::route::Route;
use crate::output::text::counted;

/// A valid id that no cluster has.
const NO_CLUSTER: &str = "00000000-0000-0000-0000-000000000000";

/// Calls the services.
pub(super) struct Answers<'a> {
    pub(super) client: &'a Client,
    pub(super) clusters: &'a [ClusterRef],
    /// What is missing for calls.
    pub(super) missing: Option<&'a str>,
}

impl Answers<'_> {
    /// One check for DataArts Studio, and one for each cluster that DWS and MRS are called with.
    pub(super) async fn check(
        &self,
        routes: &[Route; 3],
        workspace: Option<&WorkspaceId>,
    ) -> Vec<Check> {
        let needs = |route: &Route| {
            let missing = self.missing.map(str::to_owned);
            missing.or_else(|| route.blocked_by.clone())
        };
        let [dataarts, dws, mrs] = routes.each_ref().map(needs);
        let (check, tasks) = self.dataarts(dataarts, workspace).await;
        let mut checks = vec![check];
        for (service, needs) in [(Service::Dws, dws), (Service::Mrs, mrs)] {
            let name = format!("answer.{service}");
            if let Some(needs) = needs {
                checks.push(Check::needs(name, &needs));
                continue;
            }
            for cluster in self.subjects(service, &tasks) {
                checks.push(self.cluster(&name, service, cluster).await);
            }
        }
        checks
    }

    async fn dataarts(
        &self,
        needs: Option<String>,
        workspace: Option<&WorkspaceId>,
    ) -> (Check, Vec<Task>) {
        let name = "answer.dataarts";
        let skipped = |check| (check, Vec::new());
        let workspace = match (needs, workspace) {
            (Some(needs), _) => return skipped(Check::needs(name, &needs)),
            (None, None) => {
                let check = Check::skipped(name, "no workspace is given");
                return skipped(check.advised("give --workspace to call DataArts Studio"));
            }
            (None, Some(workspace)) => workspace,
        };
        match self.client.dataarts(workspace).tasks().send().await {
            Ok(page) => (readable(name, &page, "task"), page.into_items()),
            Err(error) => skipped(rejected(name, &error)),
        }
    }

    /// The clusters of the flags, else one that a task names, else none.
    fn subjects(&self, service: Service, tasks: &[Task]) -> Vec<Option<ClusterId>> {
        let named = self.clusters.iter();
        let named = named.filter(|cluster| cluster.service() == service);
        let named: Vec<_> = named.map(|cluster| Some(cluster.id().clone())).collect();
        if !named.is_empty() {
            return named;
        }
        let wanted = match service {
            Service::Dws => ClusterType::Dws,
            _ => ClusterType::Mrs,
        };
        let mut tasks = tasks.iter();
        vec![tasks.find_map(|task| {
            let is_wanted = task.cluster_type.as_ref() == Some(&wanted);
            task.cluster_id
                .as_deref()
                .filter(|_| is_wanted)?
                .parse()
                .ok()
        })]
    }

    async fn cluster(&self, name: &str, service: Service, cluster: Option<ClusterId>) -> Check {
        let id = cluster.as_ref().map_or(NO_CLUSTER, ClusterId::as_str);
        let answer = if service == Service::Dws {
            let page = self.client.dws().sync_records(id).send().await;
            page.map(|page| readable(name, &page, "record"))
        } else {
            let flag = self.client.mrs().is_synchronizing(id).await;
            flag.map(|flag| {
                let state = match flag {
                    Some(true) => "is copying IAM users",
                    Some(false) => "is idle",
                    None => "does not report whether it is copying IAM users",
                };
                Check::ok(name, format!("answered: the cluster {state}"))
            })
        };
        match (cluster, answer) {
            (Some(_), Ok(check)) => check,
            (None, Ok(_)) => Check::ok(
                name,
                "answered for an id that no cluster has: host, route and credentials work",
            ),
            (None, Err(error)) if is_of_service(&error) => Check::ok(
                name,
                format!(
                    "rejected an id that no cluster has, as expected ({error}): host, route and credentials work"
                ),
            ),
            (Some(id), Err(error)) if error.is_not_found() => {
                Check::warn(name, format!("the cluster {id} does not exist: {error}"))
                    .advised("check the cluster id, the region and the project; the route works")
            }
            (_, Err(error)) => rejected(name, &error),
        }
    }
}

/// Whether the service itself, not its gateway, rejected the id.
fn is_of_service(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Service)
        && matches!(error.status(), Some(400..=499))
        && error.code().is_some()
        && !error.is_gateway()
}

fn rejected(name: &str, error: &Error) -> Check {
    Check::failed(
        name,
        error,
        "see the message; with the request id, the provider can find the call",
    )
}

/// A page was read; something unreadable on it is a warning.
fn readable<T>(name: &str, page: &Page<T>, noun: &str) -> Check {
    let total = page.total().unwrap_or(page.len() as u64);
    let message = format!("answered: {}", counted(total, noun));
    match page.errors().next() {
        None => Check::ok(name, message),
        Some(error) => Check::warn(
            name,
            format!("{message}, one of which cannot be read: {error}"),
        )
        .advised("reports treat it as unknown; the service may be newer than this program"),
    }
}
