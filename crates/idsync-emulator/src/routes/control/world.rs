//! What is played, as it stands now.

use std::sync::Arc;

use axum::extract::{RawQuery, State as Extract};
use axum::response::Response;
use http::StatusCode;
use serde::Serialize;

use super::{refuse, respond};
use crate::query::Query;
use crate::state::State;
use crate::world::{Census, Window};

/// Clusters that are told if no limit is given.
const DEFAULT_LIMIT: u64 = 100;

/// Clusters that are told at most.
const LARGEST_LIMIT: u64 = 10_000;

/// The answer of `GET /_emulator/state`.
#[derive(Serialize)]
struct StateBody<'a> {
    scenario: &'a str,
    seed: u64,
    now: String,
    limit: u64,
    offset: u64,
    #[serde(flatten)]
    census: Census<'a>,
}

pub(super) async fn state(
    Extract(state): Extract<Arc<State>>,
    RawQuery(query): RawQuery,
) -> Response {
    let window = match window(query.as_deref()) {
        Ok(window) => window,
        Err(message) => return refuse(&state, message),
    };
    let body = StateBody {
        scenario: &state.scenario,
        seed: state.seed,
        now: state.clock.read().now.to_string(),
        limit: window.take,
        offset: window.skip,
        census: state.world.census(window, state.clock.time()),
    };
    respond(&state, StatusCode::OK, &body)
}

pub(super) async fn reset(Extract(state): Extract<Arc<State>>) -> Response {
    state.reset();
    let body = serde_json::json!({ "now": state.clock.read().now.to_string() });
    respond(&state, StatusCode::OK, &body)
}

fn window(query: Option<&str>) -> Result<Window, String> {
    let query = Query::parse(query, &["limit", "offset"])?;
    let limit = query.number("limit", 0..=LARGEST_LIMIT)?;
    let offset = query.number("offset", 0..=u64::from(u32::MAX))?;
    Ok(Window {
        skip: offset.unwrap_or(0),
        take: limit.unwrap_or(DEFAULT_LIMIT),
    })
}
