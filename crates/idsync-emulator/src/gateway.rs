//! The API gateway in front of the services: it records each request, applies faults, checks credentials and project, and sets the
//! common headers of a response.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::rejection::PathRejection;
use axum::extract::{MatchedPath, Path, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::StatusCode;
use http::request::Parts;
use jiff::fmt::rfc2822;
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::auth::{Auth, authenticate};
use crate::faults::{Fault, FaultKind, FaultTarget};
use crate::ids::{hex32, salt};
use crate::routes::{AppState, Operation, PATHS};
use crate::server::Takeover;

/// Largest request body: 12 MB.
const BODY_LIMIT: usize = 12 * 1024 * 1024;

/// An error response in one of the formats of the services.
pub(crate) type ApiError = (StatusCode, Json<Value>);

/// `error_code` and `error_msg`, the format of the API gateway and, with 400, of DataArts Studio, DWS and MRS.
pub(crate) fn gateway_error(
    status: StatusCode,
    code: &str,
    message: impl Into<String>,
) -> ApiError {
    let body = json!({"error_code": code, "error_msg": message.into()});
    (status, Json(body))
}

/// 400 from DataArts Studio, DWS or MRS.
pub(crate) fn service_error(code: &str, message: impl Into<String>) -> ApiError {
    gateway_error(StatusCode::BAD_REQUEST, code, message)
}

/// A nested object whose code is the status, the format of IAM and the metadata service.
pub(crate) fn identity_error(status: StatusCode, message: impl Into<String>) -> ApiError {
    let title = status.canonical_reason().unwrap_or("Error");
    let error = json!({"code": status.as_u16(), "message": message.into(), "title": title});
    (status, Json(json!({ "error": error })))
}

/// Handles every request except control requests.
pub(crate) async fn gateway(
    State(app): State<Arc<AppState>>,
    Extension(takeover): Extension<Takeover>,
    path: Option<MatchedPath>,
    parameters: Result<Path<HashMap<String, String>>, PathRejection>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let path = path.as_ref().map_or("", MatchedPath::as_str);
    let mut known = PATHS.iter();
    let found = known.find(|(_, method, template)| parts.method == *method && path == *template);
    let operation = found.map(|(operation, ..)| *operation);
    let parameters = parameters.map(|Path(parameters)| parameters);
    let target = fault_target(operation, parameters.unwrap_or_default(), &parts);
    let (key, fault) = {
        let mut live = app.live();
        let time = live.clock.time();
        let key = live.journal.add(&parts, operation);
        let fault = operation.and_then(|_| live.faults.apply(&target, time));
        (key, fault)
    };
    let request_id = hex32(salt(app.seed, "requests"), key.1);

    let mut pause = app.settings.latency;
    if let Some(FaultKind::Delay { ms }) = fault.as_ref().map(|fault| &fault.kind) {
        pause += Duration::from_millis(*ms);
    }
    if !pause.is_zero() {
        app.stop.run_until_cancelled(sleep(pause)).await;
    }
    if let Some(raw) = fault.as_ref().and_then(Fault::raw) {
        // The connection drops this request when it has received the answer.
        let _ = takeover.send(raw).await;
        return std::future::pending().await;
    }
    let answer = match fault.as_ref().and_then(Fault::replacement) {
        Some(answer) => answer,
        None => match admit(&app, operation, &target, parts, body).await {
            Ok(request) => Ok(next.run(request).await),
            Err(error) => Err(error),
        },
    };
    let answer = answer.unwrap_or_else(|(status, Json(mut body))| {
        body["request_id"] = request_id.as_str().into();
        (status, Json(body)).into_response()
    });
    let answer = with_headers(&app, answer, operation, &request_id);
    app.live().journal.set_status(key, answer.status());
    match fault {
        Some(fault) => fault.deliver(answer).await,
        None => answer,
    }
}

fn fault_target(
    operation: Option<Operation>,
    mut parameters: HashMap<String, String>,
    parts: &Parts,
) -> FaultTarget {
    let workspace = parts.headers.get("workspace");
    FaultTarget {
        operation: operation.unwrap_or_default(),
        project_id: parameters.remove("project_id"),
        cluster_id: parameters.remove("cluster_id"),
        workspace: workspace.and_then(|id| Some(id.to_str().ok()?.to_owned())),
    }
}

/// The response with the headers that every one of the gateway and of IAM has. The date is that of the gateway's clock.
fn with_headers(
    app: &AppState,
    answer: Response,
    operation: Option<Operation>,
    request_id: &str,
) -> Response {
    let now = app.gateway_clock.state().now;
    let date = rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&now);
    let date = date.unwrap_or_default();
    let common = [
        ("server", "api-gateway"),
        ("date", &date),
        ("x-request-id", request_id),
    ];
    let has_trace = matches!(operation, Some(Operation::Token | Operation::Projects));
    let trace = has_trace.then_some([("x-iam-trace-id", request_id)]);
    (common, trace, answer).into_response()
}

/// The request with its whole body, if the gateway accepts it.
async fn admit(
    app: &AppState,
    operation: Option<Operation>,
    target: &FaultTarget,
    parts: Parts,
    body: Body,
) -> Result<Request, ApiError> {
    let operation = operation.ok_or_else(|| no_such_api(&parts))?;
    let too_large = || {
        let status = StatusCode::PAYLOAD_TOO_LARGE;
        gateway_error(status, "APIGW.0201", "Request body too large.")
    };
    if body.size_hint().lower() > BODY_LIMIT as u64 {
        return Err(too_large());
    }
    let body = to_bytes(body, BODY_LIMIT).await.map_err(|_| too_large())?;
    let request = Request::from_parts(parts, body);
    let is_public = matches!(
        operation,
        Operation::Token | Operation::MetadataToken | Operation::MetadataKey
    );
    if app.settings.auth == Auth::Strict && !is_public {
        authenticate(&request, app.seed, app.gateway_clock.state().now)?;
    }
    let projects = &app.state.projects;
    let is_known = |id: &String| projects.iter().any(|project| project.id == *id);
    if !target.project_id.as_ref().is_none_or(is_known) {
        // Which code the gateway uses for the project of another account is inferred.
        return Err(gateway_error(
            StatusCode::FORBIDDEN,
            "APIGW.0302",
            "The IAM user is not authorized to access the API in this project.",
        ));
    }
    Ok(request.map(Body::from))
}

fn no_such_api(parts: &Parts) -> ApiError {
    let shown: String = parts.uri.path().chars().take(200).collect();
    let served = PATHS.map(|(_, method, path)| format!("{method} {path}"));
    let message = format!(
        "The API does not exist: {} {shown}. This emulator serves: {}.",
        parts.method,
        served.join(", ")
    );
    gateway_error(StatusCode::NOT_FOUND, "APIGW.0101", message)
}
