//! `/_emulator/*`: what is going on inside, and the switches. No credentials are asked for.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State as Extract};
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use serde_json::json;

use crate::answer::Answer;
use crate::auth::Auth;
use crate::faults::{Fault, FaultForm, deliver};
use crate::state::State;

/// A fault is a small object, but may bring a body of its own.
const BODY_LIMIT: usize = 1024 * 1024;

const PATHS: &str = "GET /_emulator/health, GET and DELETE /_emulator/requests, GET, POST and DELETE /_emulator/faults";

pub(crate) fn router() -> Router<Arc<State>> {
    Router::new()
        .route("/_emulator/health", get(health))
        .route("/_emulator/requests", get(requests).delete(reset_requests))
        .route(
            "/_emulator/faults",
            get(faults).post(add_fault).delete(clear_faults),
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
    let now = state.clock.now().to_string();
    respond(
        &state,
        StatusCode::OK,
        &json!({"status": "ok", "scenario": state.scenario, "auth": auth, "now": now}),
    )
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

async fn faults(Extract(state): Extract<Arc<State>>) -> Response {
    respond(&state, StatusCode::OK, &listed(&state))
}

async fn add_fault(Extract(state): Extract<Arc<State>>, body: Bytes) -> Response {
    let read = serde_json::from_slice::<FaultForm>(&body).map_err(|error| error.to_string());
    let added = read.and_then(|form| {
        let fault = Fault::try_from(form).map_err(|error| error.to_string())?;
        state.faults.add(fault).map_err(|error| error.to_string())
    });
    match added {
        Ok(()) => respond(&state, StatusCode::CREATED, &listed(&state)),
        Err(message) => respond(
            &state,
            StatusCode::BAD_REQUEST,
            &json!({ "error": message }),
        ),
    }
}

async fn clear_faults(Extract(state): Extract<Arc<State>>) -> Response {
    state.faults.clear();
    respond(&state, StatusCode::OK, &listed(&state))
}

async fn unknown(Extract(state): Extract<Arc<State>>) -> Response {
    let message = format!("no such control path or method; there are: {PATHS}");
    respond(&state, StatusCode::NOT_FOUND, &json!({ "error": message }))
}

fn listed(state: &State) -> serde_json::Value {
    let faults: Vec<FaultForm> = state.faults.list().iter().map(FaultForm::from).collect();
    json!({ "faults": faults })
}

fn respond(state: &State, status: StatusCode, body: &serde_json::Value) -> Response {
    deliver(Answer::json(status, body), None, &state.pauses)
}
