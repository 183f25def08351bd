//! What the emulator cannot do, and the error answers of the emulated services.

use std::fmt;

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};

/// A setting, fault, time or scenario that the emulator cannot use, or an address that it cannot listen on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmulatorError {
    message: String,
}

impl EmulatorError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
        }
    }
}

impl fmt::Display for EmulatorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for EmulatorError {}

/// An error answer in one of the shapes of the services.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ApiError {
    status: StatusCode,
    body: Value,
    is_from_gateway: bool,
}

impl ApiError {
    /// `error_code`, `error_msg` and `request_id`, as the API gateway answers in front of every service.
    pub(crate) fn gateway(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self {
            is_from_gateway: true,
            ..Self::service(status, code, message)
        }
    }

    /// `error_code` and `error_msg`, as DataArts Studio, DWS and MRS answer.
    pub(crate) fn service(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            body: json!({"error_code": code, "error_msg": message.into()}),
            is_from_gateway: false,
        }
    }

    /// A nested object whose code is the status as a number, as IAM and the metadata service answer.
    pub(crate) fn identity(status: StatusCode, message: impl Into<String>) -> Self {
        let title = status.canonical_reason().unwrap_or("Error");
        let error = json!({"code": status.as_u16(), "message": message.into(), "title": title});
        Self {
            status,
            body: json!({ "error": error }),
            is_from_gateway: false,
        }
    }

    /// The answer; the gateway repeats the request id in the body.
    pub(crate) fn respond(mut self, request_id: &str) -> Response {
        if self.is_from_gateway {
            self.body["request_id"] = request_id.into();
        }
        self.into_response()
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        (self.status, Json(self.body)).into_response()
    }
}
