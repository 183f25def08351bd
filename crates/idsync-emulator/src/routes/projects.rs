//! IAM: the projects that the caller may use. Clients look up the project of a region here.

use http::StatusCode;
use serde_json::{Value, json};

use crate::account::REGION;
use crate::answer::{Answer, Refusal};
use crate::query::Query;
use crate::service::Call;
use crate::state::State;

const PARAMETERS: &[&str] = &[
    "domain_id",
    "name",
    "parent_id",
    "enabled",
    "is_domain",
    "page",
    "per_page",
];

/// Most projects on a page (IAM).
const LARGEST_PAGE: u64 = 5_000;

pub(crate) fn answer(state: &State, call: &Call) -> Result<Answer, Refusal> {
    let projects = Query::parse(call.parts.uri.query(), PARAMETERS)
        .and_then(|query| projects(state, &query))
        .map_err(|message| Refusal::identity(StatusCode::BAD_REQUEST, message))?;
    let links = json!({"next": null, "previous": null, "self": null});
    Ok(Answer::json(
        StatusCode::OK,
        &json!({"links": links, "projects": projects}),
    ))
}

fn projects(state: &State, query: &Query) -> Result<Vec<Value>, String> {
    let account = &state.world.account;
    let wants = |name: &str, value: &str| query.text(name).is_none_or(|wanted| wanted == value);
    let wanted = wants("name", REGION)
        && wants("domain_id", &account.domain_id)
        && wants("parent_id", &account.domain_id)
        && query.flag("enabled")?.unwrap_or(true)
        && !query.flag("is_domain")?.unwrap_or(false);
    query.number("per_page", 1..=LARGEST_PAGE)?;
    let first_page = query.number("page", 1..=u64::from(u32::MAX))?.unwrap_or(1) == 1;
    let project = json!({
        "id": account.project_id,
        "name": REGION,
        "domain_id": account.domain_id,
        "parent_id": account.domain_id,
        "description": "",
        "enabled": true,
        "is_domain": false,
        "links": {},
    });
    Ok(if wanted && first_page {
        vec![project]
    } else {
        Vec::new()
    })
}
