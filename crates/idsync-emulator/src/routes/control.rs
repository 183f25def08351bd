//! `/_emulator/*`: what is going on inside, and the switches. No credentials are asked for.

mod clock;
mod faults;
mod world;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State as Extract};
use axum::response::Response;
use axum::routing::{get, post};
use http::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::answer::Answer;
use crate::auth::Auth;
use crate::faults::deliver;
use crate::state::State;

/// A fault is a small object, but may bring a body of its own.
const BODY_LIMIT: usize = 1024 * 1024;

/// What the control paths take and give.
const DOCUMENT: &str = include_str!("../../control.yaml");

const PATHS: &str = "GET /_emulator/health, GET /_emulator/openapi.yaml, GET /_emulator/state, POST /_emulator/reset, GET and PUT /_emulator/clock, \
    POST /_emulator/clock/advance, GET and DELETE /_emulator/requests, GET, POST and DELETE /_emulator/faults";

pub(crate) fn router() -> Router<Arc<State>> {
    Router::new()
        .route("/_emulator/health", get(health))
        .route("/_emulator/openapi.yaml", get(document))
        .route("/_emulator/state", get(world::state))
        .route("/_emulator/reset", post(world::reset))
        .route("/_emulator/clock", get(clock::read).put(clock::set))
        .route("/_emulator/clock/advance", post(clock::advance))
        .route("/_emulator/requests", get(requests).delete(reset_requests))
        .route(
            "/_emulator/faults",
            get(faults::list).post(faults::add).delete(faults::clear),
        )
        .route("/_emulator/{*rest}", get(unknown))
        .method_not_allowed_fallback(unknown)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
}

async fn health(Extract(state): Extract<Arc<State>>) -> Response {
    let auth = match state.behaviour.auth {
        Auth::Strict => "strict",
        Auth::Off => "off",
    };
    let now = state.clock.read().now.to_string();
    respond(
        &state,
        StatusCode::OK,
        &json!({"status": "ok", "scenario": state.scenario, "auth": auth, "now": now}),
    )
}

async fn document(Extract(state): Extract<Arc<State>>) -> Response {
    let answer = Answer::of(StatusCode::OK, "application/yaml", DOCUMENT.into());
    deliver(answer, None, &state.pauses)
}

async fn requests(Extract(state): Extract<Arc<State>>) -> Response {
    let counts = state.journal.counts();
    let body = json!({
        "total": counts.total,
        "operations": counts.operations,
        "unknown": counts.unknown,
        "requests": state.journal.requests(),
    });
    respond(&state, StatusCode::OK, &body)
}

async fn reset_requests(Extract(state): Extract<Arc<State>>) -> Response {
    state.journal.reset();
    respond(&state, StatusCode::OK, &json!({"total": 0}))
}

async fn unknown(Extract(state): Extract<Arc<State>>) -> Response {
    let message = format!("no such control path or method; there are: {PATHS}");
    respond(&state, StatusCode::NOT_FOUND, &json!({ "error": message }))
}

/// Reads a JSON body.
///
/// # Errors
///
/// A sentence that names the field.
fn body_of<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let read = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        match path.as_str() {
            "." => error.into_inner().to_string(),
            _ => format!("`{path}`: {}", error.into_inner()),
        }
    })?;
    reader.end().map_err(|error| error.to_string())?;
    Ok(read)
}

fn refuse(state: &State, message: impl Into<String>) -> Response {
    let body = json!({ "error": message.into() });
    respond(state, StatusCode::BAD_REQUEST, &body)
}

fn respond(state: &State, status: StatusCode, body: &impl serde::Serialize) -> Response {
    deliver(Answer::json(status, body), None, &state.pauses)
}
