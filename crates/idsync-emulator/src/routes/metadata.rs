//! The metadata service of a cloud server: a token, and with it the temporary key of the server's agency.
//!
//! It is the version that requires the token. Its response without one is inferred.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::HeaderMap;
use serde_json::{Value, json};

use super::AppState;
use super::iam::{bad_request, rfc3339, unauthorized};
use crate::auth::{SECURITY_TOKEN, TEMPORARY_ACCESS_KEY, TEMPORARY_SECRET_KEY};
use crate::gateway::ApiError;

pub(super) const TOKEN_PATH: &str = "/meta-data/latest/api/token";
pub(super) const KEY_PATH: &str = "/openstack/latest/securitykey";

/// Public on purpose, as all secrets of the emulator.
const TOKEN: &str = "idsync-emulator-metadata-token";

/// Longest lifetime of a token, in seconds (the official Python SDK requests it).
const MAX_LIFETIME: u32 = 21_600;

/// A key is valid for an hour (ECS guide).
const KEY_LIFETIME_MS: i64 = 60 * 60 * 1_000;

/// The token, as plain text.
pub(super) async fn create_token(headers: HeaderMap) -> Result<&'static str, ApiError> {
    let seconds = header(&headers, "x-metadata-token-ttl-seconds");
    let seconds = seconds.and_then(|text| text.parse().ok());
    if seconds.is_some_and(|seconds: u32| (1..=MAX_LIFETIME).contains(&seconds)) {
        return Ok(TOKEN);
    }
    let message = format!(
        "The header X-Metadata-Token-Ttl-Seconds is a whole number from 1 to {MAX_LIFETIME}."
    );
    Err(bad_request(message))
}

/// The temporary key of the server's agency.
pub(super) async fn show_key(
    State(app): State<Arc<AppState>>,
    headers: HeaderMap,
) -> Result<Json<Value>, ApiError> {
    if header(&headers, "x-metadata-token") != Some(TOKEN) {
        let message = "The header X-Metadata-Token is missing or wrong.";
        return Err(unauthorized(message));
    }
    let now_ms = app.gateway_clock.time().now_ms;
    let key = json!({
        "access": TEMPORARY_ACCESS_KEY,
        "secret": TEMPORARY_SECRET_KEY,
        "securitytoken": SECURITY_TOKEN,
        "expires_at": rfc3339(now_ms.saturating_add(KEY_LIFETIME_MS)),
    });
    Ok(Json(json!({ "credential": key })))
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
