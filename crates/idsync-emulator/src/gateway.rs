//! The API gateway in front of the services: it notes each request, applies faults, checks limits, credentials and project, and
//! adds the headers that every answer has.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::RequestExt;
use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::{ConnectInfo, MatchedPath, RawPathParams, Request, State as Extract};
use axum::middleware::Next;
use axum::response::Response;
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};
use jiff::Timestamp;
use jiff::fmt::rfc2822;

use crate::auth::{Auth, SignedRequest, authenticate};
use crate::connection::ConnectionTakeover;
use crate::error::ApiError;
use crate::faults::{FaultAction, FaultTarget};
use crate::ids::{hex32, salt};
use crate::routes::{AppState, Operation};

/// Largest request body, as at the gateway: 12 MB.
const BODY_LIMIT: usize = 12 * 1024 * 1024;

/// Longest target and longest header, as at the gateway: 32 KB.
const LINE_LIMIT: usize = 32 * 1024;

/// Most bytes of all headers together, as at the gateway: 128 KB.
const HEADERS_LIMIT: usize = 128 * 1024;

/// Answers every request outside of the control paths.
pub(crate) async fn gateway(
    Extract(app): Extract<Arc<AppState>>,
    ConnectInfo(takeover): ConnectInfo<ConnectionTakeover>,
    path: Option<MatchedPath>,
    mut request: Request,
    next: Next,
) -> Response {
    let number = app.counters.requests.fetch_add(1, Ordering::Relaxed);
    let request_id = hex32(salt(app.seed, "requests"), number);
    let parameters = request.extract_parts::<RawPathParams>().await.ok();
    let (parts, body) = request.into_parts();
    let template = path.as_ref().map(MatchedPath::as_str);
    let found = Operation::find(parts.method.as_str(), template);
    let target = fault_target(found.as_ref().ok(), parameters.as_ref(), &parts);
    let key = app.journal.arrived(&parts, target.operation);
    let action = target
        .operation
        .and_then(|_| app.faults.apply(&target, app.clock.time()));

    let delay = action.as_ref().map(FaultAction::delay).unwrap_or_default();
    app.stop.pause(app.latency + delay).await;

    let replaced = action.as_ref().and_then(|it| it.replacement(&request_id));
    let mut answer = match replaced {
        Some(answer) => answer,
        None => match admit(&app, found, &target, parts, body).await {
            Ok(request) => next.run(request).await,
            Err(error) => error.respond(&request_id),
        },
    };
    stamp(
        &mut answer,
        target.operation,
        &request_id,
        app.gateway_clock.now(),
    );
    let Some(action) = action else {
        app.journal.answered(key, answer.status());
        return answer;
    };
    if !action.is_unanswered() {
        app.journal.answered(key, answer.status());
    }
    if let Some(raw) = action.raw() {
        takeover.request(raw.clone());
    }
    action.deliver(answer, &app.stop).await
}

fn fault_target(
    operation: Option<&Operation>,
    parameters: Option<&RawPathParams>,
    parts: &Parts,
) -> FaultTarget {
    let parameter = |wanted: &str| {
        let mut pairs = parameters.into_iter().flatten();
        let found = pairs.find(|(name, _)| *name == wanted);
        found.map(|(_, value)| value.to_owned())
    };
    let workspace = parts.headers.get("workspace");
    FaultTarget {
        operation: operation.copied(),
        project_id: parameter("project_id"),
        cluster_id: parameter("cluster_id"),
        workspace: workspace.and_then(|id| Some(id.to_str().ok()?.to_owned())),
    }
}

/// Adds the headers of every answer of the gateway, and of IAM; the date is that of the gateway's own clock.
fn stamp(answer: &mut Response, operation: Option<Operation>, request_id: &str, now: Timestamp) {
    let headers = answer.headers_mut();
    if let Ok(value) = HeaderValue::from_str(request_id) {
        if matches!(operation, Some(Operation::Token | Operation::Projects)) {
            headers.insert("x-iam-trace-id", value.clone());
        }
        headers.insert("x-request-id", value);
    }
    let date = rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&now);
    if let Some(value) = date.ok().and_then(|date| HeaderValue::from_str(&date).ok()) {
        headers.insert(header::DATE, value);
    }
    headers.insert(header::SERVER, HeaderValue::from_static("api-gateway"));
}

/// The request with its whole body, if the gateway lets it pass.
async fn admit(
    app: &AppState,
    found: Result<Operation, String>,
    target: &FaultTarget,
    parts: Parts,
    body: Body,
) -> Result<Request, ApiError> {
    check_head(&parts)?;
    let operation = found.map_err(|hint| no_such_api(&parts, &hint))?;
    let body = read_body(body).await?;
    let is_public = matches!(
        operation,
        Operation::Token | Operation::Versions | Operation::MetadataToken | Operation::MetadataKey
    );
    if app.auth == Auth::Strict && !is_public {
        let request = SignedRequest {
            method: parts.method.as_str(),
            path: parts.uri.path(),
            query: parts.uri.query().unwrap_or_default(),
            headers: &parts.headers,
            body: &body,
        };
        authenticate(&request, &app.tokens, app.gateway_clock.now())?;
    }
    check_project(app, target)?;
    Ok(Request::from_parts(parts, Body::from(body)))
}

/// The gateway's limits to the head of a request. 494 is its own status for headers.
fn check_head(parts: &Parts) -> Result<(), ApiError> {
    let target = parts.uri.path_and_query().map_or(0, |it| it.as_str().len());
    if target > LINE_LIMIT {
        let message = format!("Request URI too large: {target} bytes, more than {LINE_LIMIT}.");
        return Err(out_of_bounds(StatusCode::URI_TOO_LONG, message));
    }
    let headers = parts.headers.iter();
    let sizes = headers.map(|(name, value)| name.as_str().len() + value.len());
    let (longest, total) = sizes.fold((0, 0), |(longest, total): (usize, usize), size| {
        (longest.max(size), total + size)
    });
    if longest <= LINE_LIMIT && total <= HEADERS_LIMIT {
        return Ok(());
    }
    let message = format!(
        "Request headers too large: {total} bytes, the longest {longest}; at most {HEADERS_LIMIT} and {LINE_LIMIT}."
    );
    let status = StatusCode::from_u16(494).unwrap_or(StatusCode::BAD_REQUEST);
    Err(out_of_bounds(status, message))
}

fn out_of_bounds(status: StatusCode, message: String) -> ApiError {
    ApiError::gateway(status, "APIGW.0201", message)
}

/// The body, if it is not too large and does not end before its declared length.
async fn read_body(body: Body) -> Result<axum::body::Bytes, ApiError> {
    let refuse = || {
        let message =
            format!("The request body could not be read, or is larger than {BODY_LIMIT} bytes.");
        out_of_bounds(StatusCode::PAYLOAD_TOO_LARGE, message)
    };
    // A declared length is enough to refuse: nothing needs to arrive.
    if body.size_hint().lower() > BODY_LIMIT as u64 {
        return Err(refuse());
    }
    to_bytes(body, BODY_LIMIT).await.map_err(|_| refuse())
}

fn no_such_api(parts: &Parts, hint: &str) -> ApiError {
    let shown: String = parts.uri.path().chars().take(200).collect();
    let message = format!("The API does not exist: {} {shown}. {hint}", parts.method);
    ApiError::gateway(StatusCode::NOT_FOUND, "APIGW.0101", message)
}

/// Which code the gateway uses for the project of another account is inferred.
fn check_project(app: &AppState, target: &FaultTarget) -> Result<(), ApiError> {
    let known = |id: &String| app.state.projects.iter().any(|project| project.id == *id);
    match &target.project_id {
        Some(id) if !known(id) => Err(ApiError::gateway(
            StatusCode::FORBIDDEN,
            "APIGW.0302",
            "The IAM user is not authorized to access the API in this project.",
        )),
        _ => Ok(()),
    }
}
