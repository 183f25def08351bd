//! The API gateway in front of the services: it records each request, applies faults, checks limits, credentials and project,
//! and sets the common headers of a response.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::{MatchedPath, Path, State};
use axum::middleware::Next;
use axum::response::Response;
use axum::{Extension, RequestExt};
use http::request::Parts;
use http::{HeaderValue, Request, StatusCode, header};
use jiff::fmt::rfc2822;
use tokio::time::sleep;

use crate::auth::{Auth, authenticate};
use crate::connection::Takeover;
use crate::error::ApiError;
use crate::faults::{FaultAction, FaultTarget};
use crate::ids::{hex32, salt};
use crate::routes::{AppState, Operation};

/// Largest request body: 12 MB.
const BODY_LIMIT: usize = 12 * 1024 * 1024;

/// Longest target and longest header: 32 KB.
const LINE_LIMIT: usize = 32 * 1024;

/// Most bytes of all headers together: 128 KB.
const HEADERS_LIMIT: usize = 128 * 1024;

/// Handles every request except control requests.
pub(crate) async fn gateway(
    State(app): State<Arc<AppState>>,
    Extension(takeover): Extension<Takeover>,
    path: Option<MatchedPath>,
    mut request: Request<Body>,
    next: Next,
) -> Response {
    let number = app.request_count.fetch_add(1, Ordering::Relaxed);
    let request_id = hex32(salt(app.seed, "requests"), number);
    let parameters = request.extract_parts::<Path<HashMap<String, String>>>();
    let parameters = parameters.await.map(|Path(parameters)| parameters);
    let (parts, body) = request.into_parts();
    let template = path.as_ref().map(MatchedPath::as_str);
    let found = Operation::find(parts.method.as_str(), template);
    let operation = found.as_ref().ok().copied();
    let target = fault_target(operation, parameters.unwrap_or_default(), &parts);
    let key = app.journal.add(&parts, operation);
    let action = operation.and_then(|_| app.faults.apply(&target, app.clock.time()));

    let pause = app.latency + action.as_ref().map(FaultAction::delay).unwrap_or_default();
    if !pause.is_zero() {
        app.stop.run_until_cancelled(sleep(pause)).await;
    }
    if let Some(raw) = action.as_ref().and_then(FaultAction::raw) {
        // The connection drops this request when it has received the answer.
        let _ = takeover.send(raw).await;
        return std::future::pending().await;
    }
    let replaced = action.as_ref().and_then(|it| it.replacement(&request_id));
    let mut answer = match replaced {
        Some(answer) => answer,
        None => match admit(&app, found, &target, parts, body).await {
            Ok(request) => next.run(request).await,
            Err(error) => error.respond(&request_id),
        },
    };
    set_headers(&app, &mut answer, operation, &request_id);
    app.journal.set_status(key, answer.status());
    match action {
        Some(action) => action.deliver(answer, &app.stop).await,
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
        operation,
        project_id: parameters.remove("project_id"),
        cluster_id: parameters.remove("cluster_id"),
        workspace: workspace.and_then(|id| Some(id.to_str().ok()?.to_owned())),
    }
}

/// Sets the headers of every response of the gateway and of IAM. The date is that of the gateway's clock.
fn set_headers(
    app: &AppState,
    answer: &mut Response,
    operation: Option<Operation>,
    request_id: &str,
) {
    let headers = answer.headers_mut();
    if let Ok(value) = HeaderValue::from_str(request_id) {
        if matches!(operation, Some(Operation::Token | Operation::Projects)) {
            headers.insert("x-iam-trace-id", value.clone());
        }
        headers.insert("x-request-id", value);
    }
    let date =
        rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&app.gateway_clock.state().now);
    if let Ok(value) = HeaderValue::from_str(&date.unwrap_or_default()) {
        headers.insert(header::DATE, value);
    }
    headers.insert(header::SERVER, HeaderValue::from_static("api-gateway"));
}

/// The request with its whole body, if the gateway accepts it.
async fn admit(
    app: &AppState,
    found: Result<Operation, String>,
    target: &FaultTarget,
    parts: Parts,
    body: Body,
) -> Result<Request<Body>, ApiError> {
    check_size(&parts, &body)?;
    let operation = found.map_err(|hint| no_such_api(&parts, &hint))?;
    let body = to_bytes(body, BODY_LIMIT).await;
    let body = body.map_err(|_| too_large(413, "body"))?;
    let request = Request::from_parts(parts, body);
    let is_public = matches!(
        operation,
        Operation::Token | Operation::Versions | Operation::MetadataToken | Operation::MetadataKey
    );
    if app.auth == Auth::Strict && !is_public {
        authenticate(&request, &app.tokens, app.gateway_clock.state().now)?;
    }
    check_project(app, target)?;
    Ok(request.map(Body::from))
}

/// The limits of the gateway. A body can be refused by its declared length alone.
fn check_size(parts: &Parts, body: &Body) -> Result<(), ApiError> {
    let target = parts.uri.path_and_query().map_or(0, |it| it.as_str().len());
    let headers = parts.headers.iter();
    let headers = headers.map(|(name, value)| name.as_str().len() + value.len());
    let headers: Vec<usize> = headers.collect();
    if target > LINE_LIMIT {
        Err(too_large(414, "URI"))
    } else if headers.iter().any(|size| *size > LINE_LIMIT)
        || headers.iter().sum::<usize>() > HEADERS_LIMIT
    {
        Err(too_large(494, "headers"))
    } else if body.size_hint().lower() > BODY_LIMIT as u64 {
        Err(too_large(413, "body"))
    } else {
        Ok(())
    }
}

fn too_large(status: u16, part: &str) -> ApiError {
    let status = StatusCode::from_u16(status).unwrap_or_default();
    ApiError::gateway(status, "APIGW.0201", format!("Request {part} too large."))
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
