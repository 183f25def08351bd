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
use crate::auth::{DOMAIN_NAME, PASSWORD, REGION, USER_NAME, issue_token};
use crate::error::{ApiError, identity_error};

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
    domain_id: Option<String>,
    name: Option<String>,
    parent_id: Option<String>,
    enabled: Option<bool>,
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
    let is_user = is(user, &app.state.user_id, USER_NAME);
    let is_domain =
        user["id"].is_string() || is(&user["domain"], &app.state.domain_id, DOMAIN_NAME);
    if !is_user || !is_domain || user["password"] != PASSWORD {
        return Err(unauthorized("The username or password is wrong."));
    }
    let scope = scope(&app, &request["auth"]["scope"])?;
    Ok(issue(&app, scope, query.nocatalog.is_none()))
}

/// Whether an id or name is given, and what is given matches.
fn is(given: &Value, id: &str, name: &str) -> bool {
    let fits = |given: &Value, right: &str| given.is_null() || given == right;
    let is_given = given["id"].is_string() || given["name"].is_string();
    is_given && fits(&given["id"], id) && fits(&given["name"], name)
}

/// The scope of the token: a project, or the account, which is the default.
fn scope(app: &AppState, asked: &Value) -> Result<(&'static str, Value), ApiError> {
    let domain = json!({"id": app.state.domain_id, "name": DOMAIN_NAME});
    let found = match (&asked["project"], &asked["domain"]) {
        _ if asked.is_null() => Some(("domain", domain)),
        (project, Value::Null) if project.is_object() => {
            let mut projects = app.state.projects.iter();
            let found = projects.find(|it| is(project, &it.id, &it.name));
            found.map(|it| {
                (
                    "project",
                    json!({"id": it.id, "name": it.name, "domain": domain}),
                )
            })
        }
        (Value::Null, asked) if asked.is_object() => {
            is(asked, &app.state.domain_id, DOMAIN_NAME).then_some(("domain", domain))
        }
        _ => return Err(bad_request("The scope is either a project or a domain.")),
    };
    found.ok_or_else(|| {
        unauthorized("The user has no access to the project or domain of the scope.")
    })
}

fn issue(app: &AppState, (scope_name, scope): (&str, Value), with_catalog: bool) -> Response {
    let now_ms = app.gateway_clock.time().now_ms;
    let (token, expires_ms) = issue_token(app.settings.seed_or_default(), now_ms);
    let project_id = scope["id"].as_str().filter(|_| scope_name == "project");
    let catalog = with_catalog.then(|| catalog(&app.url, project_id));
    let mut body = json!({
        "expires_at": rfc3339(expires_ms),
        "issued_at": rfc3339(now_ms),
        "methods": ["password"],
        "roles": [],
        "user": {
            "id": app.state.user_id,
            "name": USER_NAME,
            "password_expires_at": "",
            "domain": {"id": app.state.domain_id, "name": DOMAIN_NAME},
        },
    });
    body[scope_name] = scope;
    if let Some(catalog) = catalog {
        body["catalog"] = catalog;
    }
    let body = Json(json!({ "token": body }));
    (StatusCode::CREATED, [("x-subject-token", token)], body).into_response()
}

/// Endpoints of the services of a project; without a project, of the account.
fn catalog(url: &str, project_id: Option<&str>) -> Value {
    let paths = CATALOG.iter();
    let paths = paths.filter(|(_, path)| project_id.is_some() || !path.contains('{'));
    let services = paths.map(|(kind, path)| {
        let path = path.replace("{project_id}", project_id.unwrap_or_default());
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
    let is = |wanted: &Option<String>, value: &String| wanted.as_ref().is_none_or(|it| it == value);
    let is_wanted = is(&query.domain_id, domain_id)
        && is(&query.parent_id, domain_id)
        && query.enabled != Some(false);
    let projects = app.state.projects.iter();
    let projects = projects.filter(|project| is_wanted && is(&query.name, &project.name));
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

fn bad_request(message: impl Into<String>) -> ApiError {
    identity_error(StatusCode::BAD_REQUEST, message)
}

fn unauthorized(message: &str) -> ApiError {
    identity_error(StatusCode::UNAUTHORIZED, message)
}
