//! The endpoint of each service, its clock, and its response to an authenticated call.

use std::collections::HashSet;

use idsync::dataarts::Task;
use idsync::health::ClusterRef;
use idsync::list::Page;
use idsync::{Client, ClusterId, Error, ErrorKind, Service};
use jiff::{SignedDuration, Timestamp};

use super::check::CheckStatus;
use super::{Check, DoctorTarget};
use crate::connect::cluster_of;
use crate::output::counted;

/// A valid id that no cluster has.
const NO_CLUSTER: &str = "00000000-0000-0000-0000-000000000000";
/// What a call with that id shows.
const WORKS: &str = "host, route and credentials work";
/// Smaller differences of clocks are harmless.
const WARN_SKEW: SignedDuration = SignedDuration::from_mins(5);
/// Gateways reject signatures that are further off.
const MAX_SKEW: SignedDuration = SignedDuration::from_mins(15);

/// The checks of all services; calls need that nothing is `missing`, and their endpoint.
pub(super) async fn check(
    client: &Client,
    target: &DoctorTarget,
    missing: Option<&str>,
) -> Vec<Check> {
    let [dataarts, dws, mrs] = Service::SYNCHRONIZING.map(|service| endpoint(client, service));
    let endpoints: [(Check, Option<SignedDuration>); 3] = tokio::join!(dataarts, dws, mrs).into();
    let skew = endpoints.iter().find_map(|(_, skew)| *skew);
    let endpoints = endpoints.map(|(check, _)| check);
    let [dataarts, dws, mrs] = endpoints.each_ref().map(|endpoint| {
        let blocked_by = (endpoint.status != CheckStatus::Ok).then_some(&*endpoint.name);
        missing.or(blocked_by)
    });
    let (mut answers, tasks) = call_dataarts(client, target, dataarts).await;
    for (service, needs) in [(Service::Dws, dws), (Service::Mrs, mrs)] {
        let name = format!("answer.{service}");
        if let Some(needs) = needs {
            answers.push(Check::needs(name, needs));
            continue;
        }
        let clusters = clusters(&target.clusters, service, &tasks, 1);
        if clusters.is_empty() {
            answers.push(call_cluster(client, &name, service, None).await);
        }
        for cluster in &clusters {
            answers.push(call_cluster(client, &name, service, Some(cluster)).await);
        }
    }
    [endpoints.to_vec(), vec![clock(skew)], answers].concat()
}

/// Any HTTP response shows that name resolution, connection, proxy and TLS work, and has the time of the server: also gives
/// by how much the clock of this machine is ahead of it.
async fn endpoint(client: &Client, service: Service) -> (Check, Option<SignedDuration>) {
    let name = format!("endpoint.{service}");
    let url = match client.endpoint(service) {
        Ok(url) => url.trim_end_matches('/'),
        // A region without one of the services is not a mistake.
        Err(error) => {
            let advice = format!("to use {service} in this region, give --endpoint");
            return (Check::warn(name, error.to_string()).advised(advice), None);
        }
    };
    let proxy = client.proxy(service);
    let proxy = proxy.map_or_else(String::new, |proxy| format!(" through the proxy {proxy}"));
    let sent = Timestamp::now();
    match client.ping(service).await {
        Ok(server) => (
            Check::ok(name, format!("{url} answers{proxy}")),
            server.map(|server| sent.duration_since(server)),
        ),
        Err(error) => {
            let advice = "check --region, --endpoint, --ca-file, the clock and the network";
            (Check::failed(name, &error, advice), None)
        }
    }
}

/// How far the clock of this machine is ahead of that of the services; a second is the precision of their header.
fn clock(skew: Option<SignedDuration>) -> Check {
    let name = "clock";
    let Some(skew) = skew else {
        return Check::skipped(name, "no server reported its time");
    };
    let size = SignedDuration::from_secs(skew.abs().as_secs());
    if size.is_zero() {
        return Check::ok(name, "agrees with the services to the second");
    }
    let is_late = skew.is_negative();
    let direction = if is_late { "behind" } else { "ahead" };
    let message = format!("the clock of this machine is {size:#} {direction}");
    if size < WARN_SKEW {
        return Check::ok(name, format!("{message}, which is harmless"));
    }
    let message = format!("{message}; signatures more than 15 min off are rejected");
    let check = if size > MAX_SKEW {
        Check::fail(name, ErrorKind::Service, message)
    } else {
        Check::warn(name, message)
    };
    check.advised("set the clock of this machine, such as with NTP")
}

/// One check for each workspace, and the tasks.
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

/// The clusters of `service` among those that are `given`, else the first `most` of `tasks`.
pub(super) fn clusters(
    given: &[ClusterRef],
    service: Service,
    tasks: &[Task],
    most: usize,
) -> Vec<ClusterId> {
    let of_service = |it: ClusterRef| (it.service() == service).then(|| it.id().clone());
    let given = given.iter().cloned();
    let mut clusters: Vec<_> = given.filter_map(of_service).collect();
    if clusters.is_empty() {
        let of_tasks = tasks.iter().filter_map(cluster_of).filter_map(of_service);
        let mut seen = HashSet::new();
        clusters.extend(of_tasks.filter(|id| seen.insert(id.clone())).take(most));
    }
    clusters
}

async fn call_cluster(
    client: &Client,
    name: &str,
    service: Service,
    cluster: Option<&ClusterId>,
) -> Check {
    let id = cluster.map_or(NO_CLUSTER, ClusterId::as_str);
    let answer = if service == Service::Dws {
        let page = client.dws().sync_records(id).send().await;
        page.map(|page| readable(name, &page, "record"))
    } else {
        let flag = client.mrs().is_synchronizing(id).await;
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
        (None, Ok(_)) => Check::ok(name, format!("answered for an unused id: {WORKS}")),
        (None, Err(error)) if is_of_service(&error) => {
            let rejected = "rejected an unused id, as expected";
            Check::ok(name, format!("{rejected} ({error}): {WORKS}"))
        }
        (Some(id), Err(error)) if error.is_not_found() => {
            Check::warn(name, format!("the cluster {id} does not exist: {error}"))
                .advised("check the cluster id, the region and the project; the route works")
        }
        (_, Err(error)) => rejected(name, &error),
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
    let advice = "see the message; with the request id, the provider can find the call";
    Check::failed(name, error, advice)
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
