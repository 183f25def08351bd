//! The response of each service to an authenticated call.

use idsync::dataarts::{ClusterType, Task};
use idsync::list::Page;
use idsync::{Client, ClusterId, Error, ErrorKind, Service};

use super::route::Route;
use super::{Check, DoctorTarget};
use crate::output::text::counted;

/// A valid id that no cluster has.
const NO_CLUSTER: &str = "00000000-0000-0000-0000-000000000000";

/// One check for each workspace, and one for each cluster at DWS or MRS; `missing` is the failed check that all of them
/// need.
pub(super) async fn check(
    client: &Client,
    target: &DoctorTarget,
    missing: Option<&str>,
    routes: &[Route; 3],
) -> Vec<Check> {
    let needs = routes
        .each_ref()
        .map(|it| missing.or(it.blocked_by.as_deref()));
    let [dataarts, dws, mrs] = needs;
    let (mut checks, tasks) = call_dataarts(client, target, dataarts).await;
    for (service, needs) in [(Service::Dws, dws), (Service::Mrs, mrs)] {
        let name = format!("answer.{service}");
        if let Some(needs) = needs {
            checks.push(Check::needs(name, needs));
            continue;
        }
        for cluster in clusters(target, service, &tasks) {
            checks.push(call_cluster(client, &name, service, cluster).await);
        }
    }
    checks
}

async fn call_dataarts(
    client: &Client,
    target: &DoctorTarget,
    needs: Option<&str>,
) -> (Vec<Check>, Vec<Task>) {
    let name = "answer.dataarts";
    if let Some(needs) = needs {
        return (vec![Check::needs(name, needs)], Vec::new());
    }
    if target.workspaces.is_empty() {
        let check = Check::skipped(name, "no workspace is given");
        let advice = "give --workspace to call DataArts Studio";
        return (vec![check.advised(advice)], Vec::new());
    }
    let (mut checks, mut tasks) = (Vec::new(), Vec::new());
    for workspace in &target.workspaces {
        match client.dataarts(workspace).tasks().send().await {
            Ok(page) => {
                checks.push(readable(name, &page, "task"));
                tasks.extend(page.into_items());
            }
            Err(error) => checks.push(rejected(name, &error)),
        }
    }
    (checks, tasks)
}

/// The clusters of the flags, else one of a task, else none.
fn clusters(target: &DoctorTarget, service: Service, tasks: &[Task]) -> Vec<Option<ClusterId>> {
    let given = target.clusters.iter();
    let given = given.filter(|cluster| cluster.service() == service);
    let given: Vec<_> = given.map(|cluster| Some(cluster.id().clone())).collect();
    if !given.is_empty() {
        return given;
    }
    let wanted = match service {
        Service::Dws => ClusterType::Dws,
        _ => ClusterType::Mrs,
    };
    let mut tasks = tasks
        .iter()
        .filter(|task| task.cluster_type.as_ref() == Some(&wanted));
    vec![tasks.find_map(|task| task.cluster_id.as_deref()?.parse().ok())]
}

async fn call_cluster(
    client: &Client,
    name: &str,
    service: Service,
    cluster: Option<ClusterId>,
) -> Check {
    let id = cluster.as_ref().map_or(NO_CLUSTER, ClusterId::as_str);
    let answer = if service == Service::Dws {
        let page = client.dws().sync_records(id).send().await;
        page.map(|page| readable(name, &page, "record"))
    } else {
        let flag = client.mrs().is_synchronizing(id).await;
        flag.map(|flag| Check::ok(name, flag_sentence(flag)))
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

fn flag_sentence(flag: Option<bool>) -> &'static str {
    match flag {
        Some(true) => "answered: the cluster is copying IAM users",
        Some(false) => "answered: the cluster is idle",
        None => "answered: the cluster does not report whether it is copying IAM users",
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
