//! Errors of the emulator, and error responses of the emulated services.

use std::fmt;

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};

/// An invalid setting, fault, time or scenario, or an address that cannot be listened on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmulatorError(String);

impl EmulatorError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for EmulatorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for EmulatorError {}

/// An error response in one of the formats of the services.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ApiError {
    status: StatusCode,
    body: Value,
}

impl ApiError {
    /// `error_code`, `error_msg` and `request_id`, the format of the API gateway.
    pub(crate) fn gateway(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            status,
            body: json!({"error_code": code, "error_msg": message, "request_id": null}),
        }
    }

    /// 400 with `error_code` and `error_msg`, the format of DataArts Studio, DWS and MRS.
    pub(crate) fn service(code: &str, message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            body: json!({"error_code": code, "error_msg": message.into()}),
        }
    }

    /// A nested object whose code is the status, the format of IAM and the metadata service.
    pub(crate) fn identity(status: StatusCode, message: impl Into<String>) -> Self {
        let title = status.canonical_reason().unwrap_or("Error");
        let error = json!({"code": status.as_u16(), "message": message.into(), "title": title});
        Self {
            status,
            body: json!({ "error": error }),
        }
    }

    /// The response; the gateway repeats the request id in the body.
    pub(crate) fn respond(mut self, request_id: &str) -> Response {
        if let Some(id) = self.body.get_mut("request_id") {
            *id = request_id.into();
        }
        self.into_response()
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        (self.status, Json(self.body)).into_response()
    }
}
