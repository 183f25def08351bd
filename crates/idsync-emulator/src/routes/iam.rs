//! IAM: tokens for a user and password, with the catalogue of services, and projects.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::AppState;
use crate::auth::{DOMAIN_NAME, PASSWORD, REGION, TOKEN_LIFETIME_MS, USER_NAME, token};
use crate::gateway::{ApiError, identity_error};
use crate::server::ReadyProject;

/// Services of the catalogue: type, and path of their endpoint.
const CATALOG: [(&str, &str); 5] = [
    ("identity", "/v3"),
    ("iam", "/v3"),
    ("dayu", "/v1/{project_id}"),
    ("dws", "/v1/{project_id}"),
    ("mrs", "/v2/{project_id}"),
];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenQuery {
    nocatalog: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProjectQuery {
    name: Option<String>,
}

/// `POST /v3/auth/tokens`.
pub(super) async fn create_token(
    State(app): State<Arc<AppState>>,
    query: Result<Query<TokenQuery>, QueryRejection>,
    body: Bytes,
) -> Result<Response, ApiError> {
    let query = query.map_err(|error| bad_request(error.body_text()))?;
    let request: Value = serde_json::from_slice(&body).map_err(|error| {
        // Without the text, which may contain the password.
        let (line, column) = (error.line(), error.column());
        bad_request(format!(
            "The request body is invalid at line {line} column {column}."
        ))
    })?;
    let identity = &request["auth"]["identity"];
    let user = &identity["password"]["user"];
    if identity["methods"] != json!(["password"]) || !user.is_object() {
        return Err(bad_request(
            "The only supported method is password, with identity.password.",
        ));
    }
    let is_domain = user["domain"]["name"] == DOMAIN_NAME;
    if user["name"] != USER_NAME || user["password"] != PASSWORD || !is_domain {
        return Err(unauthorized("The username or password is wrong."));
    }
    let project = project(&app, &request["auth"]["scope"])?;
    Ok(issue(&app, project, query.nocatalog.is_none()))
}

/// The project of a scope, by its id or name; `None` without a scope: the token is then one of the account.
fn project<'a>(app: &'a AppState, scope: &Value) -> Result<Option<&'a ReadyProject>, ApiError> {
    if scope.is_null() {
        return Ok(None);
    }
    let (id, name) = (&scope["project"]["id"], &scope["project"]["name"]);
    if !id.is_string() && !name.is_string() {
        return Err(bad_request("The scope is a project with an id or a name."));
    }
    let fits = |given: &Value, value: &str| given.is_null() || given == value;
    let mut projects = app.state.projects.iter();
    let found = projects.find(|it| fits(id, &it.id) && fits(name, &it.name));
    let refused = || unauthorized("The user has no access to the project of the scope.");
    Ok(Some(found.ok_or_else(refused)?))
}

fn issue(app: &AppState, project: Option<&ReadyProject>, with_catalog: bool) -> Response {
    let now_ms = app.gateway_clock.time().now_ms;
    let expires_ms = now_ms.saturating_add(TOKEN_LIFETIME_MS);
    let token = token(app.seed, expires_ms);
    let domain = json!({"id": app.state.domain_id, "name": DOMAIN_NAME});
    let mut body = json!({
        "expires_at": rfc3339(expires_ms),
        "issued_at": rfc3339(now_ms),
        "methods": ["password"],
        "roles": [],
        "user": {
            "id": app.state.user_id,
            "name": USER_NAME,
            "password_expires_at": "",
            "domain": domain,
        },
    });
    match project {
        Some(it) => body["project"] = json!({"id": it.id, "name": it.name, "domain": domain}),
        None => body["domain"] = domain,
    }
    if with_catalog {
        body["catalog"] = catalog(&app.url, project);
    }
    let body = Json(json!({ "token": body }));
    (StatusCode::CREATED, [("x-subject-token", token)], body).into_response()
}

/// Endpoints of the services of a project; without a project, of the account.
fn catalog(url: &str, project: Option<&ReadyProject>) -> Value {
    let paths = CATALOG.iter();
    let paths = paths.filter(|(_, path)| project.is_some() || !path.contains('{'));
    let services = paths.map(|(kind, path)| {
        let id = project.map_or("", |project| &project.id);
        let path = path.replace("{project_id}", id);
        let endpoint = json!({
            "id": kind,
            "interface": "public",
            "region": REGION,
            "region_id": REGION,
            "url": format!("{url}{path}"),
        });
        json!({"id": kind, "name": kind, "type": kind, "endpoints": [endpoint]})
    });
    services.collect()
}

/// `GET /v3/projects` and `GET /v3/auth/projects`: the projects of the account. Clients look up a region's project here.
pub(super) async fn list_projects(
    State(app): State<Arc<AppState>>,
    query: Result<Query<ProjectQuery>, QueryRejection>,
) -> Result<Json<Value>, ApiError> {
    let Query(query) = query.map_err(|error| bad_request(error.body_text()))?;
    let domain_id = &app.state.domain_id;
    let projects = app.state.projects.iter();
    let projects = projects.filter(|it| query.name.as_ref().is_none_or(|name| *name == it.name));
    let projects = projects.map(|project| {
        json!({
            "id": project.id,
            "name": project.name,
            "domain_id": domain_id,
            "parent_id": domain_id,
            "description": "",
            "enabled": true,
            "is_domain": false,
            "links": {},
        })
    });
    let projects: Vec<Value> = projects.collect();
    let links = json!({"next": null, "previous": null, "self": null});
    Ok(Json(json!({"links": links, "projects": projects})))
}

/// Six digits of fraction, as IAM writes its times.
pub(super) fn rfc3339(ms: i64) -> String {
    let time = Timestamp::from_millisecond(ms);
    time.map(|time| format!("{time:.6}")).unwrap_or_default()
}

pub(super) fn bad_request(message: impl Into<String>) -> ApiError {
    identity_error(StatusCode::BAD_REQUEST, message)
}

pub(super) fn unauthorized(message: &str) -> ApiError {
    identity_error(StatusCode::UNAUTHORIZED, message)
}
