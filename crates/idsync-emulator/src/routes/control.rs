//! `/_emulator/*`: what is going on inside, and the switches. No credentials are needed.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{DefaultBodyLimit, Query, State as Extract};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::{StatusCode, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::AppState;
use crate::auth::Auth;
use crate::clock::{ClockChange, ClockReading};
use crate::faults::{Fault, FaultForm};

/// A fault is a small object, but may bring a body of its own.
const BODY_LIMIT: usize = 1024 * 1024;

/// The OpenAPI document of the control paths.
const DOCUMENT: &str = include_str!("../../control.yaml");

/// Clusters that are shown if no limit is given.
const DEFAULT_CLUSTERS: usize = 100;

/// Clusters that are shown at most.
const MAX_CLUSTERS: usize = 10_000;

const PATHS: &str = "GET /_emulator/health, GET /_emulator/openapi.yaml, GET /_emulator/state, POST /_emulator/reset, GET and PUT /_emulator/clock, \
    POST /_emulator/clock/advance, GET and DELETE /_emulator/requests, GET, POST and DELETE /_emulator/faults";

type App = Extract<Arc<AppState>>;

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

/// A request that makes no sense, and what would.
struct ControlError(String);

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        (StatusCode::BAD_REQUEST, Json(json!({ "error": self.0 }))).into_response()
    }
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
    /// Zero or more; fractions count.
    seconds: f64,
}

async fn health(Extract(app): App) -> Json<Value> {
    let auth = match app.auth {
        Auth::Strict => "strict",
        Auth::Off => "off",
    };
    let now = app.clock.read().now;
    Json(json!({"status": "ok", "scenario": app.scenario, "auth": auth, "now": now}))
}

async fn document() -> Response {
    ([(header::CONTENT_TYPE, "application/yaml")], DOCUMENT).into_response()
}

async fn state(
    Extract(app): App,
    query: Result<Query<StateQuery>, QueryRejection>,
) -> Result<Json<Value>, ControlError> {
    let query = query.map_err(|error| ControlError(error.body_text()))?;
    let limit = query.limit.unwrap_or(DEFAULT_CLUSTERS);
    let offset = query.offset.unwrap_or(0);
    if limit > MAX_CLUSTERS {
        let message = format!("`limit` is a whole number from 0 to {MAX_CLUSTERS}");
        return Err(ControlError(message));
    }
    let shown = offset..offset.saturating_add(limit);
    let mut body = app.state.snapshot(shown, app.clock.time());
    for (name, value) in [
        ("scenario", json!(app.scenario)),
        ("seed", json!(app.seed)),
        ("now", json!(app.clock.read().now)),
        ("limit", json!(limit)),
        ("offset", json!(offset)),
    ] {
        body[name] = value;
    }
    Ok(Json(body))
}

async fn reset(Extract(app): App) -> Json<Value> {
    app.reset();
    Json(json!({ "now": app.clock.read().now }))
}

async fn clock(Extract(app): App) -> Json<ClockReading> {
    Json(app.clock.read())
}

async fn set_clock(Extract(app): App, body: Bytes) -> Result<Json<ClockReading>, ControlError> {
    let change: ClockChange = read(&body)?;
    let changed = app.clock.change(change);
    changed.map_err(|error| ControlError(error.to_string()))?;
    Ok(Json(app.clock.read()))
}

async fn advance_clock(Extract(app): App, body: Bytes) -> Result<Json<ClockReading>, ControlError> {
    let AdvanceForm { seconds } = read(&body)?;
    let by = Duration::try_from_secs_f64(seconds).map_err(|_| {
        ControlError(format!(
            "`seconds` is a number from 0 up, not {seconds}; set `now` to go back"
        ))
    })?;
    app.clock.advance(by);
    Ok(Json(app.clock.read()))
}

async fn requests(Extract(app): App) -> Json<Value> {
    let counts = app.journal.counts();
    Json(json!({
        "total": counts.total,
        "operations": counts.operations,
        "unknown": counts.unknown,
        "requests": app.journal.requests(),
    }))
}

async fn forget_requests(Extract(app): App) -> Json<Value> {
    app.journal.reset();
    Json(json!({ "total": 0 }))
}

async fn faults(Extract(app): App) -> Json<Value> {
    let faults = app.faults.list();
    let shown: Vec<Value> = faults.iter().map(Fault::to_json).collect();
    Json(json!({ "faults": shown }))
}

async fn add_fault(Extract(app): App, body: Bytes) -> Result<Response, ControlError> {
    let form: FaultForm = read(&body)?;
    Fault::try_from(form)
        .and_then(|fault| app.faults.add(fault))
        .map_err(|error| ControlError(error.to_string()))?;
    Ok((StatusCode::CREATED, faults(Extract(app)).await).into_response())
}

async fn clear_faults(Extract(app): App) -> Json<Value> {
    app.faults.clear();
    faults(Extract(app)).await
}

async fn unknown() -> Response {
    let message = format!("no such control path or method; there are: {PATHS}");
    (StatusCode::NOT_FOUND, Json(json!({ "error": message }))).into_response()
}

/// Reads a JSON body, whatever its content type.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ControlError> {
    match Json::from_bytes(body) {
        Ok(Json(value)) => Ok(value),
        Err(error) => Err(ControlError(error.body_text())),
    }
}
