//! The metadata service of a cloud server: a token, and for it the temporary key of the server's agency.
//!
//! It plays the generation that requires the token. What it answers without one is inferred.

use http::{HeaderMap, StatusCode};
use serde_json::json;

use super::tokens::rfc3339;
use crate::account::{SECURITY_TOKEN, TEMPORARY_ACCESS_KEY, TEMPORARY_SECRET_KEY};
use crate::answer::{Answer, Refusal};
use crate::query::Query;
use crate::service::Call;

/// What opens the key. Public on purpose, as all secrets of the emulator.
const TOKEN: &str = "idsync-emulator-metadata-token";

/// Longest term of a token, in seconds (official Python SDK, which asks for it).
const LONGEST_TERM: u32 = 21_600;

/// A key is good for an hour (ECS guide).
const KEY_LIFETIME_MS: i64 = 60 * 60 * 1_000;

/// `PUT /meta-data/latest/api/token`: the token, as plain text.
pub(crate) fn token(call: &Call) -> Result<Answer, Refusal> {
    refuse_queries(call)?;
    let term = header(&call.parts.headers, "x-metadata-token-ttl-seconds");
    let seconds = term.and_then(|text| text.parse().ok());
    if !seconds.is_some_and(|seconds: u32| (1..=LONGEST_TERM).contains(&seconds)) {
        return Err(Refusal::identity(
            StatusCode::BAD_REQUEST,
            format!(
                "The header X-Metadata-Token-Ttl-Seconds is a whole number from 1 to {LONGEST_TERM}."
            ),
        ));
    }
    Ok(Answer::of(StatusCode::OK, "text/plain", TOKEN.into()))
}

/// `GET /openstack/latest/securitykey`: the temporary key, good for an hour.
pub(crate) fn key(call: &Call) -> Result<Answer, Refusal> {
    refuse_queries(call)?;
    if header(&call.parts.headers, "x-metadata-token") != Some(TOKEN) {
        return Err(Refusal::identity(
            StatusCode::UNAUTHORIZED,
            "The header X-Metadata-Token is missing or wrong.",
        ));
    }
    let key = json!({
        "access": TEMPORARY_ACCESS_KEY,
        "secret": TEMPORARY_SECRET_KEY,
        "securitytoken": SECURITY_TOKEN,
        "expires_at": rfc3339(call.now_ms.saturating_add(KEY_LIFETIME_MS)),
    });
    Ok(Answer::json(StatusCode::OK, &json!({ "credential": key })))
}

fn refuse_queries(call: &Call) -> Result<(), Refusal> {
    let query = Query::parse(call.parts.uri.query(), &[]);
    query
        .map(|_| ())
        .map_err(|message| Refusal::identity(StatusCode::BAD_REQUEST, message))
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
