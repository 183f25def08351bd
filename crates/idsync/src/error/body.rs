//! What the services and the gateway in front of them write into the body of an error.

use serde_json::Value;

use super::ErrorKind;
use crate::Service;

/// How much of a body that cannot be read is kept, in bytes.
const KEPT: usize = 1024;

/// How much of a code or a request id is kept, in characters.
const LONGEST_NAME: usize = 128;

/// How deep the code and message are looked for.
const DEPTH: usize = 3;

/// Code, message and request id of an error body, in whichever of the known shapes it came.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct ServiceMessage {
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) request_id: Option<String>,
}

/// The key pairs seen in answers of the services, of the gateway and of IAM, best known first.
const PAIRS: [(&str, &str); 3] = [
    ("error_code", "error_msg"),
    ("errorCode", "errorMsg"),
    ("code", "message"),
];

impl ServiceMessage {
    /// Reads `body`; what is not there stays `None`.
    pub(crate) fn read(body: &[u8]) -> Self {
        serde_json::from_slice::<Value>(body)
            .map_or_else(|_| Self::default(), |value| Self::find(&value, DEPTH))
    }

    /// Looks in `value` first, then in the objects inside it: IAM nests its pair under `error`.
    fn find(value: &Value, depth: usize) -> Self {
        let mut found = PAIRS
            .iter()
            .map(|(code, message)| Self::pair(value, code, message))
            .find(|found| found.code.is_some() || found.message.is_some())
            .unwrap_or_default();
        found.request_id = value.get("request_id").and_then(name);
        if found.code.is_none()
            && found.message.is_none()
            && let (Some(object), 1..) = (value.as_object(), depth)
        {
            let inner = object
                .values()
                .filter(|value| value.is_object())
                .map(|value| Self::find(value, depth - 1));
            if let Some(inner) = inner
                .into_iter()
                .find(|inner| inner.code.is_some() || inner.message.is_some())
            {
                return Self {
                    request_id: found.request_id.or(inner.request_id),
                    ..inner
                };
            }
        }
        found
    }

    fn pair(value: &Value, code: &str, message: &str) -> Self {
        Self {
            code: value.get(code).and_then(name),
            message: value.get(message).and_then(text),
            request_id: None,
        }
    }

    /// What class of failure `status` and `code` mean for `service`.
    ///
    /// The service codes come first where the status lies: MRS answers 400 for a cluster that does not exist
    /// and 500 for an invalid token.
    pub(crate) fn kind(&self, service: Service, status: u16) -> ErrorKind {
        let code = self.code.as_deref().unwrap_or_default();
        if service == Service::Mrs {
            match code {
                "12000003" => return ErrorKind::NotFound,
                "12000052" | "12000136" => return ErrorKind::Permission,
                "130000002" => return ErrorKind::Authentication,
                _ => {}
            }
        }
        match status {
            401 => ErrorKind::Authentication,
            403 => ErrorKind::Permission,
            404 => ErrorKind::NotFound,
            429 => ErrorKind::Throttled,
            _ => ErrorKind::Service,
        }
    }
}

/// Text of a JSON scalar: IAM writes its code as a number.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A code or id, fit to be shown on a terminal.
fn name(value: &Value) -> Option<String> {
    text(value).map(|text| {
        text.chars()
            .filter(|c| !c.is_control())
            .take(LONGEST_NAME)
            .collect()
    })
}

/// The start of a text as one printable line, for errors about a body that cannot be read.
pub(crate) fn excerpt(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut printable: String = line.chars().filter(|c| !c.is_control()).collect();
    if printable.len() > KEPT {
        printable.truncate(printable.floor_char_boundary(KEPT));
        printable.push('…');
    }
    printable
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> (Option<String>, Option<String>, Option<String>) {
        let ServiceMessage {
            code,
            message,
            request_id,
        } = ServiceMessage::read(body.as_bytes());
        (code, message, request_id)
    }

    #[test]
    fn every_known_shape_gives_code_message_and_request_id() {
        let some = |text: &str| Some(text.to_owned());
        for (body, code, message, request_id) in [
            (
                r#"{"error_code":"DWS.5001","error_msg":"m"}"#,
                some("DWS.5001"),
                some("m"),
                None,
            ),
            (
                r#"{"error_msg":"m","error_code":"APIGW.0301","request_id":"r"}"#,
                some("APIGW.0301"),
                some("m"),
                some("r"),
            ),
            (
                r#"{"error":{"code":401,"message":"m","title":"t"}}"#,
                some("401"),
                some("m"),
                None,
            ),
            (
                r#"{"message":"m","request_id":"r"}"#,
                None,
                some("m"),
                some("r"),
            ),
            (
                r#"{"errorCode":"c","errorMsg":"m"}"#,
                some("c"),
                some("m"),
                None,
            ),
            (r#"{"code":"c","message":"m"}"#, some("c"), some("m"), None),
            ("<html>502</html>", None, None, None),
            ("", None, None, None),
            ("[1]", None, None, None),
            ("null", None, None, None),
        ] {
            assert_eq!(read(body), (code, message, request_id), "{body}");
        }
    }

    #[test]
    fn a_deeply_nested_body_is_not_followed_without_bound() {
        let body = format!(
            "{}{{\"code\":\"c\"}}{}",
            "{\"a\":".repeat(20),
            "}".repeat(20)
        );
        assert_eq!(read(&body), (None, None, None));
    }

    #[test]
    fn a_code_that_would_write_on_the_terminal_is_made_harmless() {
        let (code, _, request_id) =
            read(r#"{"error_code":"\u001b[31mX\n","error_msg":"m","request_id":"a\u0007b"}"#);
        assert_eq!(
            (code.as_deref(), request_id.as_deref()),
            (Some("[31mX"), Some("ab"))
        );
    }

    #[test]
    fn the_code_decides_the_kind_where_the_status_lies() {
        let kind = |service, status, code: &str| {
            ServiceMessage {
                code: Some(code.into()),
                ..Default::default()
            }
            .kind(service, status)
        };
        assert_eq!(kind(Service::Mrs, 400, "12000003"), ErrorKind::NotFound);
        assert_eq!(
            kind(Service::Mrs, 500, "130000002"),
            ErrorKind::Authentication
        );
        assert_eq!(kind(Service::Mrs, 400, "12000052"), ErrorKind::Permission);
        assert_eq!(kind(Service::Dws, 400, "12000003"), ErrorKind::Service);
        assert_eq!(kind(Service::Dws, 429, "APIGW.0308"), ErrorKind::Throttled);
    }

    #[test]
    fn an_excerpt_is_one_bounded_line() {
        assert_eq!(excerpt("<html>\n  <b>\x07no</b>\r\n"), "<html> <b>no</b>");
        let long = excerpt(&"x".repeat(5000));
        assert_eq!(long.chars().count(), KEPT + 1);
        assert!(long.ends_with('…'));
    }
}
