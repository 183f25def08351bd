//! DataArts Studio: the user synchronization tasks of a workspace.

use http::StatusCode;

use crate::answer::{Answer, Refusal};
use crate::query::Query;
use crate::service::Call;
use crate::state::{DataArtsOffset, State};
use crate::world::{Filter, Order, OrderBy, Window};

const PARAMETERS: &[&str] = &[
    "limit",
    "offset",
    "cluster_type",
    "cluster_name",
    "sync_status",
    "schedule_status",
    "order_by",
    "order_by_asc",
];

/// Items of a page if no limit is given. Not documented; sibling operations use 10.
const DEFAULT_LIMIT: u64 = 10;

/// A larger limit gives pages of this many items. Not documented; inferred.
const LARGEST_PAGE: u64 = 1_000;

/// No error codes are published for this operation; clients can only show them.
const INVALID_PARAMETER: &str = "DLS.0400";
const UNKNOWN_WORKSPACE: &str = "DLS.0404";

pub(crate) fn answer(state: &State, call: &Call) -> Result<Answer, Refusal> {
    let workspace = workspace(call)?;
    let request = Query::parse(call.parts.uri.query(), PARAMETERS)
        .and_then(|query| Asked::read(&query, state.behaviour.dataarts_offset))
        .map_err(|message| refuse(INVALID_PARAMETER, message))?;
    let page = state.world.tasks(
        workspace,
        &request.filter,
        request.order,
        request.window,
        call.time,
    );
    let page = page.ok_or_else(unknown_workspace)?;
    Ok(Answer::json(StatusCode::OK, &page))
}

fn workspace(call: &Call) -> Result<&str, Refusal> {
    let header = call.parts.headers.get("workspace");
    let id = header.filter(|id| !id.is_empty()).ok_or_else(|| {
        refuse(
            INVALID_PARAMETER,
            "The request header workspace is missing or empty.",
        )
    })?;
    // What is no ASCII is no id of a workspace either.
    id.to_str().map_err(|_| unknown_workspace())
}

fn unknown_workspace() -> Refusal {
    refuse(
        UNKNOWN_WORKSPACE,
        "Workspace does not exists. Check the header workspace, and X-Project-Id.",
    )
}

fn refuse(code: &str, message: impl Into<String>) -> Refusal {
    Refusal::service(StatusCode::BAD_REQUEST, code, message)
}

/// What the query asks for.
struct Asked {
    filter: Filter,
    order: Option<Order>,
    window: Window,
}

impl Asked {
    fn read(query: &Query, mode: DataArtsOffset) -> Result<Self, String> {
        let given = |value: Option<&str>| value.map(str::to_owned);
        Ok(Self {
            filter: Filter {
                cluster_type: given(query.word("cluster_type", &["MRS", "DWS"])?),
                cluster_name: given(query.text("cluster_name")),
                sync_status: given(query.word(
                    "sync_status",
                    &[
                        "UNKNOWN",
                        "NOT_SYNC",
                        "SYNCING",
                        "SYNC_SUCCESS",
                        "SYNC_FAIL",
                    ],
                )?),
                schedule_status: given(
                    query.word("schedule_status", &["NOT_SCHEDULE", "SCHEDULING"])?,
                ),
            },
            order: order(query)?,
            window: window(query, mode)?,
        })
    }
}

/// Ascending unless told otherwise (inferred); a direction without a field means nothing.
fn order(query: &Query) -> Result<Option<Order>, String> {
    let ascending = query.flag("order_by_asc")?.unwrap_or(true);
    let by = query
        .word("order_by", OrderBy::NAMES)?
        .and_then(OrderBy::named);
    Ok(by.map(|by| Order { by, ascending }))
}

fn window(query: &Query, mode: DataArtsOffset) -> Result<Window, String> {
    let limit = query
        .number("limit", 1..=i32::MAX as u64)?
        .unwrap_or(DEFAULT_LIMIT);
    let take = limit.min(LARGEST_PAGE);
    let offset = query.number("offset", 0..=i32::MAX as u64)?.unwrap_or(0);
    let skip = match mode {
        DataArtsOffset::Exact => offset,
        DataArtsOffset::Floor => offset - offset % take,
    };
    Ok(Window { skip, take })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str, mode: DataArtsOffset) -> Result<Asked, String> {
        Asked::read(&Query::parse(Some(query), PARAMETERS)?, mode)
    }

    fn window_of(query: &str, mode: DataArtsOffset) -> (u64, u64) {
        let window = read(query, mode).unwrap().window;
        (window.skip, window.take)
    }

    #[test]
    fn an_offset_is_a_position_or_rounded_down_to_a_whole_page() {
        assert_eq!(
            window_of("limit=10&offset=25", DataArtsOffset::Exact),
            (25, 10)
        );
        assert_eq!(
            window_of("limit=10&offset=25", DataArtsOffset::Floor),
            (20, 10)
        );
        assert_eq!(
            window_of("limit=10&offset=9", DataArtsOffset::Floor),
            (0, 10)
        );
    }

    #[test]
    fn without_a_limit_a_page_has_ten_items_and_no_limit_makes_it_larger_than_a_thousand() {
        assert_eq!(window_of("", DataArtsOffset::Exact), (0, 10));
        assert_eq!(
            window_of("limit=2147483647", DataArtsOffset::Exact),
            (0, 1_000)
        );
    }

    #[test]
    fn a_direction_counts_only_beside_a_field() {
        assert_eq!(
            read("order_by_asc=false", DataArtsOffset::Exact)
                .unwrap()
                .order,
            None
        );
        let order = read(
            "order_by=SYNC_TIME&order_by_asc=false",
            DataArtsOffset::Exact,
        )
        .unwrap()
        .order;
        assert_eq!(
            order,
            Some(Order {
                by: OrderBy::SyncTime,
                ascending: false
            })
        );
    }

    #[test]
    fn values_that_are_not_documented_are_refused() {
        for query in [
            "limit=0",
            "limit=2147483648",
            "offset=-1",
            "offset=x",
            "cluster_type=DLI",
            "sync_status=sync_fail",
            "schedule_status=",
            "order_by=NAME",
            "order_by_asc=True",
        ] {
            assert!(read(query, DataArtsOffset::Exact).is_err(), "{query}");
        }
    }
}
