//! Which cluster a command is about.

use idsync::{ClusterId, Service};

use crate::context::Context;
use crate::failure::Failure;

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

/// Adds to a failure which clusters the demo has, if `cluster` is not one of them.
pub(super) fn explained(
    failure: Failure,
    cluster: &ClusterId,
    service: Service,
    context: &Context,
) -> Failure {
    let known = context.demo_clusters(service);
    if known.is_empty() || known.iter().any(|id| id == cluster.as_str()) {
        return failure;
    }
    let name = service.as_str().to_ascii_uppercase();
    failure.with_hint(format!(
        "the {name} clusters of the demo are {}",
        known.join(", ")
    ))
}
