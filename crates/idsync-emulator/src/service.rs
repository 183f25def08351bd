//! The way of one request: found, noted, struck by a fault or not, checked, answered.

use std::time::Duration;

use axum::extract::Request;
use axum::response::Response;
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use jiff::Timestamp;
use jiff::fmt::rfc2822;

use crate::answer::{Answer, Refusal};
use crate::auth::{Auth, SignedRequest, authenticate};
use crate::clock::Time;
use crate::connection::Seizure;
use crate::faults::{Strike, deliver};
use crate::limits;
use crate::operation::{Operation, Route};
use crate::routes;
use crate::state::State;

/// A request whose path leads somewhere, with everything its operation may look at.
pub(crate) struct Call {
    pub(crate) route: Route,
    pub(crate) parts: Parts,
    pub(crate) body: Bytes,
    /// Milliseconds since the epoch at which it is answered, by the gateway's clock.
    pub(crate) now_ms: i64,
    /// The same by the clock of the services.
    pub(crate) time: Time,
}

/// Answers every request outside of the control paths. Its body must arrive within `patience`.
pub(crate) async fn serve(
    state: &State,
    seizure: &Seizure,
    patience: Duration,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let request_id = state.request_ids.next();
    let route = Route::find(&parts.method, parts.uri.path());
    let operation = route.as_ref().map(|route| route.operation);
    let note = state.journal.arrived(&parts, operation);
    let strike = route.as_ref().and_then(|route| state.strike(route));

    let delay = strike.as_ref().map(Strike::delay).unwrap_or_default();
    state.pauses.pause(state.behaviour.latency + delay).await;

    let replaced = strike
        .as_ref()
        .and_then(|strike| strike.replacement(&request_id));
    let mut answer = if let Some(answer) = replaced {
        answer
    } else {
        let outcome = answer_truly(state, route, parts, limits::read(body, patience)).await;
        outcome.unwrap_or_else(|refusal| refusal.into_answer(&request_id))
    };
    stamp(
        &mut answer,
        operation,
        &request_id,
        state.gateway_clock.now(),
    );
    if !strike.as_ref().is_some_and(Strike::is_unanswered) {
        state.journal.answered(note, answer.status);
    }
    if let Some(raw) = strike.as_ref().and_then(Strike::raw) {
        seizure.seize(raw.clone());
    }
    deliver(answer, strike.as_ref(), &state.pauses)
}

/// Adds what every answer of the gateway carries, and what IAM adds; the date is that of the gateway's own clock.
fn stamp(answer: &mut Answer, operation: Option<Operation>, request_id: &str, now: Timestamp) {
    if let Ok(value) = HeaderValue::from_str(request_id) {
        if matches!(operation, Some(Operation::Token | Operation::Projects)) {
            answer.headers.insert("x-iam-trace-id", value.clone());
        }
        answer.headers.insert("x-request-id", value);
    }
    let date = rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&now);
    if let Some(value) = date.ok().and_then(|date| HeaderValue::from_str(&date).ok()) {
        answer.headers.insert(http::header::DATE, value);
    }
    answer.headers.insert(
        http::header::SERVER,
        HeaderValue::from_static("api-gateway"),
    );
}

async fn answer_truly(
    state: &State,
    route: Option<Route>,
    parts: Parts,
    body: impl Future<Output = Result<Bytes, Refusal>>,
) -> Result<Answer, Refusal> {
    limits::check_head(&parts)?;
    let route = route.ok_or_else(|| no_such_api(&parts))?;
    let body = body.await?;
    let call = Call {
        route,
        parts,
        body,
        now_ms: state.gateway_clock.now_ms(),
        time: state.clock.time(),
    };
    check_caller(state, &call)?;
    check_project(state, &call)?;
    match call.route.operation {
        Operation::Tasks => routes::tasks::answer(state, &call),
        Operation::Records => routes::records::answer(state, &call),
        Operation::Syncing => routes::syncing::answer(state, &call),
        Operation::Token => routes::tokens::answer(state, &call),
        Operation::Projects => routes::projects::answer(state, &call),
        Operation::MetadataToken => routes::metadata::token(&call),
        Operation::MetadataKey => routes::metadata::key(&call),
    }
}

fn no_such_api(parts: &Parts) -> Refusal {
    let (method, path) = (&parts.method, parts.uri.path());
    let shown: String = path.chars().take(200).collect();
    let hint = if let Some(right) = Route::method_of(path) {
        format!("That path takes {right} only.")
    } else {
        let known = Operation::ALL.map(Operation::template).join(", ");
        format!("This emulator serves: {known}.")
    };
    let message = format!("The API does not exist: {method} {shown}. {hint}");
    Refusal::gateway(StatusCode::NOT_FOUND, "APIGW.0101", message)
}

fn check_caller(state: &State, call: &Call) -> Result<(), Refusal> {
    let hands_out_credentials = matches!(
        call.route.operation,
        Operation::Token | Operation::MetadataToken | Operation::MetadataKey
    );
    if state.behaviour.auth == Auth::Off || hands_out_credentials {
        return Ok(());
    }
    let request = SignedRequest {
        method: call.parts.method.as_str(),
        path: call.parts.uri.path(),
        query: call.parts.uri.query().unwrap_or_default(),
        headers: &call.parts.headers,
        body: &call.body,
    };
    authenticate(&request, &state.tokens, state.gateway_clock.now())
}

/// The account has one project; which code the gateway uses for another one is inferred.
fn check_project(state: &State, call: &Call) -> Result<(), Refusal> {
    match &call.route.project_id {
        Some(project_id) if *project_id != state.world.account.project_id => Err(Refusal::gateway(
            StatusCode::FORBIDDEN,
            "APIGW.0302",
            "The IAM user is not authorized to access the API in this project.",
        )),
        _ => Ok(()),
    }
}
