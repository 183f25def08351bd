//! DWS: the synchronization records of a cluster's identity sources.

use http::StatusCode;

use crate::answer::{Answer, Refusal};
use crate::query::Query;
use crate::service::Call;
use crate::state::{DwsOffset, State};
use crate::world::Window;

const PARAMETERS: &[&str] = &["offset", "limit"];

/// Size of a page if no limit is given (reference page).
const DEFAULT_LIMIT: u64 = 1_000;

/// A larger limit gives pages of this many records. The page names no maximum; inferred.
const LARGEST_PAGE: u64 = 10_000;

/// DWS publishes this code for values out of range.
const INVALID_PARAMETER: &str = "DWS.5038";

/// DWS publishes no code for a cluster that does not exist and no 404 for this operation: its code for a bad id is
/// used, with 400 (inferred).
const UNKNOWN_CLUSTER: &str = "DWS.5064";

pub(crate) fn answer(state: &State, call: &Call) -> Result<Answer, Refusal> {
    let window = Query::parse(call.parts.uri.query(), PARAMETERS)
        .and_then(|query| window(&query, state.behaviour.dws_offset))
        .map_err(|message| refuse(INVALID_PARAMETER, message))?;
    let cluster_id = call.route.cluster_id.as_deref().unwrap_or_default();
    let page = state
        .world
        .records(cluster_id, window, call.time)
        .ok_or_else(|| refuse(UNKNOWN_CLUSTER, "Invalid UUID: no DWS cluster has this ID."))?;
    Ok(Answer::json(StatusCode::OK, &page))
}

fn refuse(code: &str, message: impl Into<String>) -> Refusal {
    Refusal::service(StatusCode::BAD_REQUEST, code, message)
}

fn window(query: &Query, mode: DwsOffset) -> Result<Window, String> {
    let limit = query
        .number("limit", 1..=i32::MAX as u64)?
        .unwrap_or(DEFAULT_LIMIT);
    let take = limit.min(LARGEST_PAGE);
    let offset = query.number("offset", 0..=i32::MAX as u64)?.unwrap_or(0);
    let skip = match mode {
        DwsOffset::Page => offset.saturating_mul(take),
        DwsOffset::Record => offset,
    };
    Ok(Window { skip, take })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window_of(raw: &str, mode: DwsOffset) -> Result<(u64, u64), String> {
        let window = window(&Query::parse(Some(raw), PARAMETERS)?, mode)?;
        Ok((window.skip, window.take))
    }

    #[test]
    fn an_offset_counts_pages_or_records() {
        assert_eq!(
            window_of("limit=50&offset=3", DwsOffset::Page),
            Ok((150, 50))
        );
        assert_eq!(
            window_of("limit=50&offset=3", DwsOffset::Record),
            Ok((3, 50))
        );
    }

    #[test]
    fn without_parameters_the_first_thousand_records_are_given() {
        assert_eq!(window_of("", DwsOffset::Page), Ok((0, 1_000)));
    }

    #[test]
    fn the_largest_values_do_not_overflow() {
        let far = window_of("limit=2147483647&offset=2147483647", DwsOffset::Page);
        assert_eq!(far, Ok((2_147_483_647 * 10_000, 10_000)));
        assert!(window_of("offset=2147483648", DwsOffset::Page).is_err());
        assert!(window_of("limit=0", DwsOffset::Page).is_err());
    }
}
