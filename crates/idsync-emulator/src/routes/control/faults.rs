//! Scripted faults.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State as Extract;
use axum::response::Response;
use http::StatusCode;
use serde_json::json;

use super::{body_of, refuse, respond};
use crate::faults::{Fault, FaultForm};
use crate::state::State;

pub(super) async fn list(Extract(state): Extract<Arc<State>>) -> Response {
    respond(&state, StatusCode::OK, &listed(&state))
}

pub(super) async fn add(Extract(state): Extract<Arc<State>>, body: Bytes) -> Response {
    let added = body_of::<FaultForm>(&body).and_then(|form| {
        let fault = Fault::try_from(form).map_err(|error| error.to_string())?;
        state.faults.add(fault).map_err(|error| error.to_string())
    });
    match added {
        Ok(()) => respond(&state, StatusCode::CREATED, &listed(&state)),
        Err(message) => refuse(&state, message),
    }
}

pub(super) async fn clear(Extract(state): Extract<Arc<State>>) -> Response {
    state.faults.clear();
    respond(&state, StatusCode::OK, &listed(&state))
}

fn listed(state: &State) -> serde_json::Value {
    let faults: Vec<FaultForm> = state.faults.list().iter().map(FaultForm::from).collect();
    json!({ "faults": faults })
}
