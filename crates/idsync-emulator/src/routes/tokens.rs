//! IAM: a token for a user and password.

use http::{HeaderValue, StatusCode};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::account::{DOMAIN_NAME, PASSWORD, REGION, USER_NAME};
use crate::answer::{Answer, Refusal};
use crate::query::Query;
use crate::service::Call;
use crate::state::State;

#[derive(Deserialize)]
struct TokenRequest {
    auth: AuthPart,
}

#[derive(Deserialize)]
struct AuthPart {
    identity: Identity,
    scope: Option<Scope>,
}

#[derive(Deserialize)]
struct Identity {
    methods: Vec<String>,
    password: Option<PasswordPart>,
}

#[derive(Deserialize)]
struct PasswordPart {
    user: User,
}

#[derive(Deserialize)]
struct User {
    name: String,
    password: String,
    domain: Named,
}

#[derive(Deserialize)]
struct Scope {
    project: Option<Named>,
    domain: Option<Named>,
}

#[derive(Deserialize)]
struct Named {
    id: Option<String>,
    name: Option<String>,
}

impl Named {
    /// Whether a name or id was given, and what was given is right.
    fn is(&self, id: &str, name: &str) -> bool {
        let given = self.id.is_some() || self.name.is_some();
        given
            && self.id.as_deref().is_none_or(|given| given == id)
            && self.name.as_deref().is_none_or(|given| given == name)
    }
}

pub(crate) fn answer(state: &State, call: &Call) -> Result<Answer, Refusal> {
    let query = Query::parse(call.parts.uri.query(), &["nocatalog"]).map_err(bad_request)?;
    let request: TokenRequest = serde_json::from_slice(&call.body).map_err(|error| {
        // The position is told, the text is not: it may hold the password.
        bad_request(format!(
            "The request body is invalid at line {} column {}.",
            error.line(),
            error.column()
        ))
    })?;
    let user = password_of(request.auth.identity)?;
    check_user(state, &user)?;
    let scope = scope_of(state, request.auth.scope)?;
    let with_catalog = query.text("nocatalog").is_none();
    Ok(issue(state, call.now_ms, scope, with_catalog))
}

fn password_of(identity: Identity) -> Result<User, Refusal> {
    match identity.password {
        Some(password) if identity.methods == ["password"] => Ok(password.user),
        _ => Err(bad_request(
            "The emulator knows one method, password, which needs identity.password.",
        )),
    }
}

fn check_user(state: &State, user: &User) -> Result<(), Refusal> {
    let right = user.name == USER_NAME
        && user.password == PASSWORD
        && user.domain.is(&state.world.account.domain_id, DOMAIN_NAME);
    if right {
        Ok(())
    } else {
        Err(Refusal::identity(
            StatusCode::UNAUTHORIZED,
            "The username or password is wrong.",
        ))
    }
}

/// The part of the token that tells what it is for: the project or, if asked for or by default, the whole account.
fn scope_of(state: &State, scope: Option<Scope>) -> Result<(&'static str, Value), Refusal> {
    let account = &state.world.account;
    let domain = json!({"id": account.domain_id, "name": DOMAIN_NAME});
    let Some(scope) = scope else {
        return Ok(("domain", domain));
    };
    match (scope.project, scope.domain) {
        (Some(project), None) if project.is(&account.project_id, REGION) => Ok((
            "project",
            json!({"id": account.project_id, "name": REGION, "domain": domain}),
        )),
        (None, Some(asked)) if asked.is(&account.domain_id, DOMAIN_NAME) => Ok(("domain", domain)),
        (Some(_), Some(_)) | (None, None) => {
            Err(bad_request("The scope is either a project or a domain."))
        }
        _ => Err(Refusal::identity(
            StatusCode::UNAUTHORIZED,
            "The user has no access to the project or domain of the scope.",
        )),
    }
}

fn issue(
    state: &State,
    now_ms: i64,
    (scope_name, scope): (&str, Value),
    with_catalog: bool,
) -> Answer {
    let (token, expires_ms) = state.tokens.issue(now_ms);
    let account = &state.world.account;
    let mut body = json!({
        "expires_at": rfc3339(expires_ms),
        "issued_at": rfc3339(now_ms),
        "methods": ["password"],
        "roles": [],
        "user": {
            "id": account.user_id,
            "name": USER_NAME,
            "password_expires_at": "",
            "domain": {"id": account.domain_id, "name": DOMAIN_NAME},
        },
    });
    if let Some(fields) = body.as_object_mut() {
        fields.insert(scope_name.to_owned(), scope);
        if with_catalog {
            fields.insert("catalog".to_owned(), json!([]));
        }
    }
    let mut answer = Answer::json(StatusCode::CREATED, &json!({ "token": body }));
    if let Ok(mut value) = HeaderValue::from_str(&token) {
        value.set_sensitive(true);
        answer.headers.insert("x-subject-token", value);
    }
    answer
}

/// Six digits of fraction, as IAM writes its times.
pub(super) fn rfc3339(ms: i64) -> String {
    Timestamp::from_millisecond(ms)
        .map(|time| format!("{time:.6}"))
        .unwrap_or_default()
}

fn bad_request(message: impl Into<String>) -> Refusal {
    Refusal::identity(StatusCode::BAD_REQUEST, message)
}
