//! The clock of the services.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State as Extract;
use axum::response::Response;
use http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::{body_of, refuse, respond};
use crate::clock::Adjustment;
use crate::state::State;

/// The body of `PUT /_emulator/clock`: what is left out stays as it is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockForm {
    now: Option<Timestamp>,
    scale: Option<f64>,
    running: Option<bool>,
}

/// The body of `POST /_emulator/clock/advance`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AdvanceForm {
    /// Zero or more; fractions count.
    seconds: f64,
}

pub(super) async fn read(Extract(state): Extract<Arc<State>>) -> Response {
    shown(&state)
}

pub(super) async fn set(Extract(state): Extract<Arc<State>>, body: Bytes) -> Response {
    let adjusted = body_of::<ClockForm>(&body)
        .and_then(ClockForm::adjustment)
        .and_then(|adjustment| {
            let adjusted = state.clock.adjust(adjustment);
            adjusted.map_err(|error| error.to_string())
        });
    match adjusted {
        Ok(()) => shown(&state),
        Err(message) => refuse(&state, message),
    }
}

pub(super) async fn advance(Extract(state): Extract<Arc<State>>, body: Bytes) -> Response {
    match body_of::<AdvanceForm>(&body).and_then(|form| form.duration()) {
        Ok(by) => {
            state.clock.advance(by);
            shown(&state)
        }
        Err(message) => refuse(&state, message),
    }
}

impl ClockForm {
    fn adjustment(self) -> Result<Adjustment, String> {
        let adjustment = Adjustment {
            now: self.now,
            scale: self.scale,
            running: self.running,
        };
        if adjustment == Adjustment::default() {
            return Err("give at least one of `now`, `scale` and `running`".to_owned());
        }
        Ok(adjustment)
    }
}

impl AdvanceForm {
    fn duration(&self) -> Result<Duration, String> {
        let seconds = self.seconds;
        Duration::try_from_secs_f64(seconds).map_err(|_| {
            format!("`seconds` is a number from 0 up, not {seconds}; set `now` to go back")
        })
    }
}

fn shown(state: &State) -> Response {
    let reading = state.clock.read();
    let body = json!({
        "now": reading.now.to_string(),
        "scale": reading.scale,
        "running": reading.running,
    });
    respond(state, StatusCode::OK, &body)
}
