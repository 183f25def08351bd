//! What the services say, before it is put on the wire: an answer, or a refusal in one of their three error shapes.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::json;

/// A complete answer. Faults may still change how it is delivered.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// A JSON body with its content type.
    pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(bytes) => Self::of(status, "application/json", bytes.into()),
            Err(error) => Self::of(
                StatusCode::INTERNAL_SERVER_ERROR,
                "text/plain",
                format!("the emulator could not write its answer: {error}").into(),
            ),
        }
    }

    /// A body of a given content type.
    pub(crate) fn of(status: StatusCode, content_type: &'static str, body: Bytes) -> Self {
        let mut headers = HeaderMap::with_capacity(4);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        Self {
            status,
            headers,
            body,
        }
    }
}

/// An error answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    status: StatusCode,
    code: String,
    message: String,
    shape: Shape,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// `error_code`, `error_msg` and `request_id`: the API gateway in front of every service.
    Gateway,
    /// `error_code` and `error_msg`: DataArts Studio, DWS and MRS.
    Service,
    /// A nested object whose code is the status as a number: the token operation of IAM.
    Identity,
}

impl Refusal {
    /// Said by the gateway, for example with code `APIGW.0301`.
    pub(crate) fn gateway(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.into(),
            message: message.into(),
            shape: Shape::Gateway,
        }
    }

    /// Said by the service behind the gateway.
    pub(crate) fn service(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.into(),
            message: message.into(),
            shape: Shape::Service,
        }
    }

    /// Said by IAM when a token is asked for.
    pub(crate) fn identity(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            code: String::new(),
            message: message.into(),
            shape: Shape::Identity,
        }
    }

    pub(crate) fn into_answer(self, request_id: &str) -> Answer {
        let Self {
            status,
            code,
            message,
            shape,
        } = self;
        match shape {
            Shape::Gateway => Answer::json(
                status,
                &json!({"error_msg": message, "error_code": code, "request_id": request_id}),
            ),
            Shape::Service => {
                Answer::json(status, &json!({"error_code": code, "error_msg": message}))
            }
            Shape::Identity => {
                let title = status.canonical_reason().unwrap_or("Error");
                let error = json!({"code": status.as_u16(), "message": message, "title": title});
                Answer::json(status, &json!({ "error": error }))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(refusal: Refusal) -> String {
        String::from_utf8(refusal.into_answer("r-1").body.to_vec()).unwrap()
    }

    #[test]
    fn the_gateway_repeats_the_request_id_in_the_body() {
        let text = body(Refusal::gateway(
            StatusCode::NOT_FOUND,
            "APIGW.0101",
            "gone",
        ));
        assert_eq!(
            text,
            r#"{"error_code":"APIGW.0101","error_msg":"gone","request_id":"r-1"}"#
        );
    }

    #[test]
    fn a_service_gives_code_and_message_only() {
        let text = body(Refusal::service(
            StatusCode::BAD_REQUEST,
            "12000003",
            "none",
        ));
        assert_eq!(text, r#"{"error_code":"12000003","error_msg":"none"}"#);
    }

    #[test]
    fn the_token_operation_gives_its_code_as_a_number() {
        let text = body(Refusal::identity(StatusCode::UNAUTHORIZED, "no"));
        assert_eq!(
            text,
            r#"{"error":{"code":401,"message":"no","title":"Unauthorized"}}"#
        );
    }
}
