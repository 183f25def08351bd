//! Which cluster a command is about.

use idsync::{ClusterId, Error, ErrorKind, Service};

use crate::context::Context;
use crate::failure::{Cause, Failure};

/// How DWS answers to the id of a cluster that it does not have.
const NO_DWS_CLUSTER: &str = "DWS.5064";

/// The cluster given, else the demo's first of `service`.
///
/// # Errors
///
/// If there is none.
pub(super) fn chosen(
    given: Option<&ClusterId>,
    service: Service,
    context: &Context,
) -> Result<ClusterId, Failure> {
    if let Some(cluster) = given {
        return Ok(cluster.clone());
    }
    match context.demo_clusters(service).first() {
        Some(first) => Ok(first.parse()?),
        None => Err(Failure::usage("no cluster is given")),
    }
}

/// Adds to a failure where clusters are found, if `cluster` is none of those that `service` has.
pub(super) fn explained(
    failure: Failure,
    cluster: &ClusterId,
    service: Service,
    context: &Context,
) -> Failure {
    let known = context.demo_clusters(service);
    if known.is_empty() {
        return with_the_other_service(failure, service);
    }
    if known.iter().any(|id| id == cluster.as_str()) {
        return failure;
    }
    let name = service.as_str().to_ascii_uppercase();
    failure.with_hint(format!(
        "the {name} clusters of the demo are {}",
        known.join(", ")
    ))
}

/// Ids of both services look alike, so a cluster may have been looked for where it is not.
fn with_the_other_service(failure: Failure, service: Service) -> Failure {
    let is_elsewhere = matches!(&failure.cause, Cause::Call(error) if is_unknown_cluster(error));
    let other = match service {
        Service::Dws if is_elsewhere => {
            "give the id of a DWS cluster; one of MRS is asked about with `idsync syncing`"
        }
        Service::Mrs if is_elsewhere => {
            "give the id of an MRS cluster; one of DWS is asked about with `idsync records`"
        }
        _ => return failure,
    };
    failure.with_hint(format!("{other}, and `idsync tasks` shows which is which"))
}

fn is_unknown_cluster(error: &Error) -> bool {
    error.kind() == ErrorKind::NotFound || error.code() == Some(NO_DWS_CLUSTER)
}
