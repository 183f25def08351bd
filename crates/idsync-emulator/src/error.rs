//! Errors of the emulator, and error responses of the emulated services.

use std::fmt;

use axum::Json;
use http::StatusCode;
use serde_json::{Value, json};

/// An invalid setting, fault, time or scenario, or an address that cannot be listened on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmulatorError(String);

impl From<String> for EmulatorError {
    fn from(message: String) -> Self {
        Self(message)
    }
}

impl fmt::Display for EmulatorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for EmulatorError {}

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
