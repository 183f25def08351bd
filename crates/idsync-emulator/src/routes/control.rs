//! `/_emulator/*`: state, clock, faults and journal. No credentials are needed.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::{StatusCode, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::AppState;
use crate::auth::Auth;
use crate::clock::{ClockChange, ClockState};
use crate::faults::Fault;
use crate::gateway::ApiError;

/// Largest request body: a fault may contain a body of its own.
const BODY_LIMIT: usize = 1024 * 1024;

/// The OpenAPI document of the control paths.
const DOCUMENT: &str = include_str!("../../control.yaml");

/// Clusters listed without `limit`.
const DEFAULT_CLUSTERS: usize = 100;

const PATHS: &str = "GET /_emulator/health, GET /_emulator/openapi.yaml, GET /_emulator/state, POST /_emulator/reset, GET and PUT /_emulator/clock, \
    POST /_emulator/clock/advance, GET and DELETE /_emulator/requests, GET, POST and DELETE /_emulator/faults";

type App = State<Arc<AppState>>;

pub(super) fn router() -> Router<Arc<AppState>> {
    Router::new()
        .route("/_emulator/health", get(health))
        .route("/_emulator/openapi.yaml", get(document))
        .route("/_emulator/state", get(state))
        .route("/_emulator/reset", post(reset))
        .route("/_emulator/clock", get(clock).put(set_clock))
        .route("/_emulator/clock/advance", post(advance_clock))
        .route("/_emulator/requests", get(requests).delete(forget_requests))
        .route(
            "/_emulator/faults",
            get(faults).post(add_fault).delete(clear_faults),
        )
        .route("/_emulator/{*rest}", get(unknown).fallback(unknown))
        .method_not_allowed_fallback(unknown)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
}

/// An invalid request.
fn invalid(message: impl Into<String>) -> ApiError {
    let body = json!({ "error": message.into() });
    (StatusCode::BAD_REQUEST, Json(body))
}

/// A body of JSON, whatever its content type.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let read = Json::from_bytes(body).map(|Json(read)| read);
    read.map_err(|error| invalid(error.body_text()))
}

/// The query of `GET /_emulator/state`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StateQuery {
    limit: Option<usize>,
    offset: Option<usize>,
}

/// The body of `POST /_emulator/clock/advance`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AdvanceForm {
    /// Zero or more, with fractions.
    seconds: f64,
}

async fn health(State(app): App) -> Json<Value> {
    let auth = match app.settings.auth {
        Auth::Strict => "strict",
        Auth::Off => "off",
    };
    let now = app.live().clock.state().now;
    Json(json!({"status": "ok", "scenario": app.scenario, "auth": auth, "now": now}))
}

async fn document() -> Response {
    ([(header::CONTENT_TYPE, "application/yaml")], DOCUMENT).into_response()
}

async fn state(
    State(app): App,
    query: Result<Query<StateQuery>, QueryRejection>,
) -> Result<Json<Value>, ApiError> {
    let Query(query) = query.map_err(|error| invalid(error.body_text()))?;
    let limit = query.limit.unwrap_or(DEFAULT_CLUSTERS);
    let offset = query.offset.unwrap_or(0);
    let shown = offset..offset.saturating_add(limit);
    let time = app.live().clock.time();
    let mut body = app.state.snapshot(shown, time);
    body["scenario"] = json!(app.scenario);
    body["seed"] = json!(app.seed);
    body["now"] = json!(app.live().clock.state().now);
    body["limit"] = json!(limit);
    body["offset"] = json!(offset);
    Ok(Json(body))
}

async fn reset(State(app): App) -> Json<Value> {
    app.live().reset();
    Json(json!({ "now": app.live().clock.state().now }))
}

async fn clock(State(app): App) -> Json<ClockState> {
    Json(app.live().clock.state())
}

async fn set_clock(State(app): App, body: Bytes) -> Result<Json<ClockState>, ApiError> {
    let change: ClockChange = read(&body)?;
    app.live().clock.change(change).map_err(invalid)?;
    Ok(Json(app.live().clock.state()))
}

async fn advance_clock(State(app): App, body: Bytes) -> Result<Json<ClockState>, ApiError> {
    let AdvanceForm { seconds } = read(&body)?;
    let by = Duration::try_from_secs_f64(seconds).map_err(|_| {
        invalid(format!(
            "`seconds` is a number from 0, not {seconds}; set `now` to go back"
        ))
    })?;
    app.live().clock.advance(by);
    Ok(Json(app.live().clock.state()))
}

async fn requests(State(app): App) -> Json<Value> {
    let live = app.live();
    let mut body = json!(live.journal.counts);
    body["requests"] = json!(live.journal.requests);
    Json(body)
}

async fn forget_requests(State(app): App) -> Json<Value> {
    app.live().journal.reset();
    Json(json!({ "total": 0 }))
}

async fn faults(State(app): App) -> Json<Value> {
    let faults = app.live().faults.list();
    let shown: Vec<Value> = faults.iter().map(Fault::to_json).collect();
    Json(json!({ "faults": shown }))
}

async fn add_fault(State(app): App, body: Bytes) -> Result<Response, ApiError> {
    let fault = Fault::from_json(read(&body)?).map_err(invalid)?;
    app.live().faults.add(fault).map_err(invalid)?;
    Ok((StatusCode::CREATED, faults(State(app)).await).into_response())
}

async fn clear_faults(State(app): App) -> Json<Value> {
    app.live().faults.clear();
    faults(State(app)).await
}

async fn unknown() -> Response {
    let message = format!("unknown control path or method; there are: {PATHS}");
    (StatusCode::NOT_FOUND, Json(json!({ "error": message }))).into_response()
}
