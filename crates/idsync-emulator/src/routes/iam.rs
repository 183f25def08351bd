//! IAM: tokens for a user and password, projects, and the documents by which `OpenStack` clients find services.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State as Extract};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::AppState;
use crate::auth::{DOMAIN_NAME, PASSWORD, REGION, USER_NAME};
use crate::error::ApiError;

/// Most projects on a page (IAM).
const LARGEST_PAGE: u32 = 5_000;

/// Services of the catalogue: name, type, and the start of their paths.
const CATALOG: [(&str, &str, &str); 4] = [
    ("iam", "iam", "/v3"),
    ("dayu", "dayu", "/v1/{project_id}"),
    ("dws", "dws", "/v1/{project_id}"),
    ("mrs", "mrs", "/v2/{project_id}"),
];

#[derive(Deserialize)]
struct TokenRequest {
    auth: TokenAuth,
}

#[derive(Deserialize)]
struct TokenAuth {
    identity: Identity,
    scope: Option<TokenScope>,
}

#[derive(Deserialize)]
struct Identity {
    methods: Vec<String>,
    password: Option<PasswordIdentity>,
}

#[derive(Deserialize)]
struct PasswordIdentity {
    user: PasswordUser,
}

#[derive(Deserialize)]
struct PasswordUser {
    id: Option<String>,
    name: Option<String>,
    password: String,
    domain: Option<IdOrName>,
}

#[derive(Deserialize)]
struct TokenScope {
    project: Option<IdOrName>,
    domain: Option<IdOrName>,
}

#[derive(Deserialize)]
struct IdOrName {
    id: Option<String>,
    name: Option<String>,
}

impl IdOrName {
    /// Whether an id or name was given, and all that was given is right.
    fn is(&self, id: &str, name: &str) -> bool {
        (self.id.is_some() || self.name.is_some())
            && self.id.as_deref().is_none_or(|given| given == id)
            && self.name.as_deref().is_none_or(|given| given == name)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenQuery {
    nocatalog: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ProjectQuery {
    domain_id: Option<String>,
    name: Option<String>,
    parent_id: Option<String>,
    enabled: Option<bool>,
    is_domain: Option<bool>,
    page: Option<u32>,
    per_page: Option<u32>,
}

/// `POST /v3/auth/tokens`.
pub(super) async fn create_token(
    Extract(app): Extract<Arc<AppState>>,
    query: Result<Query<TokenQuery>, QueryRejection>,
    body: Bytes,
) -> Result<Response, ApiError> {
    let query = query.map_err(|error| bad_request(error.body_text()))?;
    let request: TokenRequest = serde_json::from_slice(&body).map_err(|error| {
        // The position is given, the text is not: it may hold the password.
        bad_request(format!(
            "The request body is invalid at line {} column {}.",
            error.line(),
            error.column()
        ))
    })?;
    check_user(&app, &request.auth.identity)?;
    let scope = scope(&app, request.auth.scope)?;
    Ok(issue(&app, scope, query.nocatalog.is_none()))
}

fn check_user(app: &AppState, identity: &Identity) -> Result<(), ApiError> {
    let user = match &identity.password {
        Some(password) if identity.methods == ["password"] => &password.user,
        _ => {
            return Err(bad_request(
                "The emulator has one method, password, which needs identity.password.",
            ));
        }
    };
    let named = IdOrName {
        id: user.id.clone(),
        name: user.name.clone(),
    };
    let domain = user.domain.as_ref();
    let is_right = named.is(&app.state.user_id, USER_NAME)
        && user.password == PASSWORD
        && domain.map_or(user.id.is_some(), |it| {
            it.is(&app.state.domain_id, DOMAIN_NAME)
        });
    if is_right {
        return Ok(());
    }
    Err(ApiError::identity(
        StatusCode::UNAUTHORIZED,
        "The username or password is wrong.",
    ))
}

/// The part of the token that says what it is for: a project or, if asked for or by default, the whole account.
fn scope(app: &AppState, scope: Option<TokenScope>) -> Result<(&'static str, Value), ApiError> {
    let domain = json!({"id": app.state.domain_id, "name": DOMAIN_NAME});
    let Some(scope) = scope else {
        return Ok(("domain", domain));
    };
    let found = match (scope.project, scope.domain) {
        (Some(asked), None) => {
            let mut projects = app.state.projects.iter();
            let found = projects.find(|project| asked.is(&project.id, &project.name));
            found.map(|project| {
                let project = json!({"id": project.id, "name": project.name, "domain": domain});
                ("project", project)
            })
        }
        (None, Some(asked)) => {
            let is_own = asked.is(&app.state.domain_id, DOMAIN_NAME);
            is_own.then_some(("domain", domain))
        }
        _ => return Err(bad_request("The scope is either a project or a domain.")),
    };
    found.ok_or_else(|| {
        ApiError::identity(
            StatusCode::UNAUTHORIZED,
            "The user has no access to the project or domain of the scope.",
        )
    })
}

fn issue(app: &AppState, (scope_name, scope): (&str, Value), with_catalog: bool) -> Response {
    let now_ms = app.gateway_clock.now().as_millisecond();
    let (token, expires_ms) = app.tokens.issue(now_ms);
    let project_id = (scope_name == "project").then(|| scope["id"].as_str().unwrap_or_default());
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
    let mut answer = (StatusCode::CREATED, Json(json!({ "token": body }))).into_response();
    if let Ok(mut value) = HeaderValue::from_str(&token) {
        value.set_sensitive(true);
        answer.headers_mut().insert("x-subject-token", value);
    }
    answer
}

/// Where the services of a project are; without a project, those of the account.
fn catalog(url: &str, project_id: Option<&str>) -> Value {
    let services = CATALOG.iter().filter_map(|(name, kind, path)| {
        let path = match project_id {
            Some(id) => path.replace("{project_id}", id),
            None if path.contains("{project_id}") => return None,
            None => (*path).to_owned(),
        };
        let endpoint = json!({
            "id": name,
            "interface": "public",
            "region": REGION,
            "region_id": REGION,
            "url": format!("{url}{path}"),
        });
        Some(json!({"id": name, "name": name, "type": kind, "endpoints": [endpoint]}))
    });
    services.collect()
}

/// `GET /v3/projects` and `GET /v3/auth/projects`: the projects of the account. Clients look up the project of a region here.
pub(super) async fn list_projects(
    Extract(app): Extract<Arc<AppState>>,
    query: Result<Query<ProjectQuery>, QueryRejection>,
) -> Result<Json<Value>, ApiError> {
    let Query(query) = query.map_err(|error| bad_request(error.body_text()))?;
    let per_page = query.per_page.unwrap_or(LARGEST_PAGE);
    let page = query.page.unwrap_or(1);
    if !(1..=LARGEST_PAGE).contains(&per_page) || page == 0 {
        let message = format!("`page` is 1 or more, `per_page` from 1 to {LARGEST_PAGE}");
        return Err(bad_request(message));
    }
    let domain_id = &app.state.domain_id;
    let is = |wanted: &Option<String>, value: &String| wanted.as_ref().is_none_or(|it| it == value);
    let is_wanted = is(&query.domain_id, domain_id)
        && is(&query.parent_id, domain_id)
        && query.enabled != Some(false)
        && query.is_domain != Some(true);
    let projects = app.state.projects.iter();
    let projects = projects.filter(|project| is_wanted && is(&query.name, &project.name));
    let (skip, take) = (u64::from(page - 1) * u64::from(per_page), per_page as usize);
    let projects = projects.skip(usize::try_from(skip).unwrap_or(usize::MAX));
    let projects = projects.take(take).map(|project| {
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

/// `GET /`: the versions of IAM, from which `OpenStack` clients choose.
pub(super) async fn list_versions(Extract(app): Extract<Arc<AppState>>) -> Response {
    let versions = json!({"versions": {"values": [version(&app.url)]}});
    (StatusCode::MULTIPLE_CHOICES, Json(versions)).into_response()
}

/// `GET /v3`.
pub(super) async fn show_version(Extract(app): Extract<Arc<AppState>>) -> Json<Value> {
    Json(json!({ "version": version(&app.url) }))
}

fn version(url: &str) -> Value {
    json!({
        "id": "v3.6",
        "status": "stable",
        "updated": "2016-04-04T00:00:00Z",
        "links": [{"rel": "self", "href": format!("{url}/v3/")}],
        "media-types": [{
            "base": "application/json",
            "type": "application/vnd.openstack.identity-v3+json",
        }],
    })
}

/// Six digits of fraction, as IAM writes its times.
pub(super) fn rfc3339(ms: i64) -> String {
    let time = Timestamp::from_millisecond(ms);
    time.map(|time| format!("{time:.6}")).unwrap_or_default()
}

fn bad_request(message: impl Into<String>) -> ApiError {
    ApiError::identity(StatusCode::BAD_REQUEST, message)
}
