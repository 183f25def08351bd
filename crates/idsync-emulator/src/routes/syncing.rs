//! MRS: whether a cluster is synchronizing IAM users now.

use http::StatusCode;

use crate::answer::{Answer, Refusal};
use crate::query::Query;
use crate::service::Call;
use crate::state::State;

/// Both codes are from the error table of MRS, which answers them with 400.
const INVALID_PARAMETER: &str = "12000002";
const UNKNOWN_CLUSTER: &str = "12000003";

pub(crate) fn answer(state: &State, call: &Call) -> Result<Answer, Refusal> {
    Query::parse(call.parts.uri.query(), &[]).map_err(invalid)?;
    let cluster_id = call.route.cluster_id.as_deref().unwrap_or_default();
    check_range(cluster_id)?;
    let body = state.world.syncing(cluster_id, call.time).ok_or_else(|| {
        Refusal::service(
            StatusCode::BAD_REQUEST,
            UNKNOWN_CLUSTER,
            "The cluster does not exist.",
        )
    })?;
    Ok(Answer::json(StatusCode::OK, &body))
}

/// 1 to 64 letters, digits, `_` and `-` (reference page).
fn check_range(cluster_id: &str) -> Result<(), Refusal> {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if (1..=64).contains(&cluster_id.len()) && cluster_id.bytes().all(known) {
        return Ok(());
    }
    Err(invalid(
        "Invalid cluster ID: it has 1 to 64 letters, digits, underscores and hyphens.",
    ))
}

fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::service(StatusCode::BAD_REQUEST, INVALID_PARAMETER, message)
}
