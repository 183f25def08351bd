//! The body of an error answer: which code and message it holds, what they mean, and what must not be shown of them.

use std::borrow::Cow;

use bytes::Bytes;
use http::Response;
use http::header::{HeaderMap, LOCATION};
use jiff::Timestamp;
use percent_encoding::{AsciiSet, utf8_percent_encode};
use serde_json::Value;
use url::Url;

use crate::http_client::request_id;
use crate::retry::retry_after;
use crate::signing::UNRESERVED;
use crate::{Error, ErrorKind, Service};

/// How much of a text is kept, in bytes.
const LONGEST_EXCERPT: usize = 1024;

/// How much of a code or a request id is kept, in characters.
const LONGEST_NAME: usize = 128;

/// The pairs of keys that the services, the gateway and IAM use, most common first.
const PAIRS: [(&str, &str); 3] = [
    ("error_code", "error_msg"),
    ("errorCode", "errorMsg"),
    ("code", "message"),
];

/// What the gateway writes before the signed request that it computed.
pub(crate) const ECHO: &str = "canonicalRequest:";

/// Code, message and request id of an error body, in any of the known shapes.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct ServiceMessage {
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) request_id: Option<String>,
}

impl ServiceMessage {
    /// Reads `body`; what is missing stays `None`. IAM nests its pair under `error`.
    pub(crate) fn read(body: &[u8]) -> Self {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let mut found = Self {
            request_id: body.get("request_id").and_then(name),
            ..Self::default()
        };
        for value in [&body, &body["error"]] {
            for (code, message) in PAIRS {
                if found.code.is_none() && found.message.is_none() {
                    found.code = value.get(code).and_then(name);
                    found.message = value.get(message).and_then(text);
                }
            }
        }
        found
    }

    /// The class of failure that `status` and the code mean for `service`.
    ///
    /// The code comes first where the status misleads: MRS answers 400 for a cluster that does not exist and 500 for
    /// an invalid token, DWS 400 for an id that no cluster can have.
    pub(crate) fn kind(&self, service: Service, status: u16) -> ErrorKind {
        let code = self.code.as_deref().unwrap_or_default();
        match (service, code, status) {
            (_, _, 300..=399) => ErrorKind::Redirect,
            (Service::Mrs, "12000003", _)
            | (Service::Dws, "DWS.5064", _)
            | (Service::DataArts, "DLS.0404", _) => ErrorKind::NotFound,
            (Service::Mrs, "130000002", _) | (_, _, 401) => ErrorKind::Authentication,
            (Service::Mrs, "12000052" | "12000136", _) | (_, _, 403) => ErrorKind::Permission,
            (_, _, 404) => ErrorKind::NotFound,
            (_, _, 429) => ErrorKind::Throttled,
            _ => ErrorKind::Service,
        }
    }
}

/// What an answer with another status than success means.
pub(crate) fn refusal(
    answer: &Response<Bytes>,
    service: Service,
    redaction: &Redaction<'_>,
) -> Error {
    let (status, headers) = (answer.status(), answer.headers());
    let found = ServiceMessage::read(answer.body());
    // Masked before it is cut, since a part of a secret is secret too.
    let message = match &found.message {
        _ if status.is_redirection() => redirect(headers),
        // The echo of the request is of no use to people.
        Some(message) => excerpt(&redaction.apply(match message.split_once(ECHO) {
            Some((before, _)) => before.trim_end_matches([',', ' ']),
            None => message,
        })),
        None => {
            let reason = status.canonical_reason().unwrap_or("unnamed status");
            let start = excerpt(&redaction.apply(&String::from_utf8_lossy(answer.body())));
            match answer.body().as_ref() {
                [] => format!("{reason}, with an empty body"),
                _ => format!("{reason}, with a body that is no known error: {start}"),
            }
        }
    };
    let mut error = Error::new(found.kind(service, status.as_u16()), message);
    let details = error.details();
    details.status = Some(status.as_u16());
    details.code = found.code;
    details.request_id = request_id(headers).or(found.request_id);
    details.retry_after = retry_after(headers, Timestamp::now());
    error
}

/// Names the host that a redirect points to, and no more of it: a path or query may contain anything.
fn redirect(headers: &HeaderMap) -> String {
    let target = headers
        .get(LOCATION)
        .and_then(|location| location.to_str().ok())
        .and_then(|text| text.parse::<Url>().ok());
    let host = target
        .as_ref()
        .and_then(Url::host_str)
        .unwrap_or("another address");
    format!(
        "a redirect to {host}, which is not followed: it would carry the credentials there; check the endpoint"
    )
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
    let text = text(value)?;
    let printable = text.chars().filter(|c| !c.is_control());
    Some(printable.take(LONGEST_NAME).collect())
}

/// The start of a text as one printable line.
pub(crate) fn excerpt(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut printable: String = line.chars().filter(|c| !c.is_control()).collect();
    if printable.len() > LONGEST_EXCERPT {
        let end = (0..=LONGEST_EXCERPT).rfind(|&end| printable.is_char_boundary(end));
        printable.truncate(end.unwrap_or_default());
        printable.push('…');
    }
    printable
}

pub(crate) const MASK: &str = "***";

/// Shorter values are not searched for: a mask over every `a` would tell more than it hides.
const SHORTEST_SECRET: usize = 4;

/// The start of a secret at the end of a cut text is masked from this length on, in bytes.
const SHORTEST_START: usize = 8;

/// What is not escaped in a path.
const IN_PATH: &AsciiSet = &UNRESERVED.remove(b'/');

/// Removes the secrets of one request from any text that came back.
pub(crate) struct Redaction<'a>(Vec<Cow<'a, str>>);

impl<'a> Redaction<'a> {
    /// Masks `secrets`, plain and as a URL or a JSON text writes them; longer ones first, so that one that contains
    /// another leaves no rest.
    pub(crate) fn new(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let mut secrets: Vec<_> = secrets
            .into_iter()
            .filter(|secret| secret.len() >= SHORTEST_SECRET)
            .flat_map(forms)
            .collect();
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        Self(secrets)
    }

    /// `text` without secrets, and cut where the echo of the signed request begins.
    pub(crate) fn apply(&self, text: &str) -> String {
        let mut shown = match text.split_once(ECHO) {
            Some((before, _)) => format!("{before}{ECHO} {MASK}"),
            None => text.to_owned(),
        };
        for secret in &self.0 {
            shown = shown.replace(&**secret, MASK);
        }
        for secret in &self.0 {
            // The start of a secret at the end of a text, which may have been cut.
            let end = shown.trim_end_matches('…').len();
            let kept = shown.get(..end).unwrap_or_default();
            let starts = (SHORTEST_START..secret.len()).rev();
            let mut starts = starts.filter_map(|length| secret.get(..length));
            if let Some(start) = starts.find(|start| kept.ends_with(start)) {
                shown.replace_range(end - start.len()..end, MASK);
            }
        }
        shown
    }
}

/// `secret` as it is, and escaped where that makes a difference. A plus sign in a query may be read as a blank.
fn forms(secret: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let with_blanks = secret.replace('+', " ");
    let escaped = [
        utf8_percent_encode(&with_blanks, UNRESERVED)
            .to_string()
            .into(),
        utf8_percent_encode(secret, UNRESERVED).into(),
        utf8_percent_encode(secret, IN_PATH).into(),
        Cow::from(secret.replace('/', "\\/")),
    ];
    let different = escaped.into_iter().filter(move |form| form != secret);
    [Cow::Borrowed(secret)].into_iter().chain(different)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> [Option<String>; 3] {
        let ServiceMessage {
            code,
            message,
            request_id,
        } = ServiceMessage::read(body.as_bytes());
        [code, message, request_id]
    }

    #[test]
    fn every_known_shape_gives_code_message_and_request_id() {
        for (body, expected) in [
            (
                r#"{"error_code":"DWS.5001","error_msg":"m"}"#,
                [Some("DWS.5001"), Some("m"), None],
            ),
            (
                r#"{"error_msg":"m","error_code":"APIGW.0301","request_id":"r"}"#,
                [Some("APIGW.0301"), Some("m"), Some("r")],
            ),
            (
                r#"{"error":{"code":401,"message":"m","title":"t"}}"#,
                [Some("401"), Some("m"), None],
            ),
            (
                r#"{"message":"m","request_id":"r"}"#,
                [None, Some("m"), Some("r")],
            ),
            (
                r#"{"errorCode":"c","errorMsg":"m"}"#,
                [Some("c"), Some("m"), None],
            ),
            ("<html>502</html>", [None; 3]),
            ("[1]", [None; 3]),
        ] {
            assert_eq!(read(body), expected.map(|text| text.map(str::to_owned)));
        }
    }

    #[test]
    fn a_code_that_would_write_on_the_terminal_is_made_harmless() {
        let [code, _, request_id] =
            read(r#"{"error_code":"\u001b[31mX\n","error_msg":"m","request_id":"a\u0007b"}"#);
        assert_eq!(
            (code.as_deref(), request_id.as_deref()),
            (Some("[31mX"), Some("ab"))
        );
    }

    #[test]
    fn the_code_decides_the_kind_where_the_status_misleads() {
        for (service, status, code, expected) in [
            (Service::Mrs, 400, "12000003", ErrorKind::NotFound),
            (Service::Mrs, 500, "130000002", ErrorKind::Authentication),
            (Service::Mrs, 400, "12000052", ErrorKind::Permission),
            (Service::Dws, 400, "12000003", ErrorKind::Service),
            (Service::Dws, 400, "DWS.5064", ErrorKind::NotFound),
            (Service::DataArts, 400, "DLS.0404", ErrorKind::NotFound),
            (Service::Dws, 429, "APIGW.0308", ErrorKind::Throttled),
        ] {
            let message = ServiceMessage {
                code: Some(code.into()),
                ..ServiceMessage::default()
            };
            assert_eq!(message.kind(service, status), expected, "{code}");
        }
    }

    #[test]
    fn an_excerpt_is_one_bounded_line() {
        assert_eq!(excerpt("<html>\n  <b>\x07no</b>\r\n"), "<html> <b>no</b>");
        let long = excerpt(&"x".repeat(5000));
        assert_eq!(long.chars().count(), LONGEST_EXCERPT + 1);
        assert!(long.ends_with('…'));
    }

    #[test]
    fn keys_tokens_and_the_echoed_request_are_masked() {
        let redaction = Redaction::new(["AKEXAMPLE", "AKEXAMPLEsecret", "abc"]);
        for (text, shown) in [
            ("ak AKEXAMPLE not exist", "ak *** not exist"),
            ("got AKEXAMPLEsecret", "got ***"),
            ("abc is too short", "abc is too short"),
            (
                "sign fail, canonicalRequest:GET|/v1/x|Access=OTHER",
                "sign fail, canonicalRequest: ***",
            ),
        ] {
            assert_eq!(redaction.apply(text), shown);
        }
    }

    #[test]
    fn a_secret_that_was_cut_is_masked_as_far_as_it_goes() {
        let redaction = Redaction::new(["SECRETKEYOFAGES"]);
        for (text, shown) in [
            ("got SECRETKEYOF…", "got ***…"),
            ("got SECRETKEY", "got ***"),
            ("got SECRET", "got SECRET"),
            ("SECRETKEY is a word", "SECRETKEY is a word"),
        ] {
            assert_eq!(redaction.apply(text), shown);
        }
    }

    #[test]
    fn a_secret_is_recognised_in_a_url_and_in_json() {
        let redaction = Redaction::new(["TOKEN+with/slash="]);
        for echo in [
            "TOKEN+with/slash=",
            "TOKEN%2Bwith%2Fslash%3D",
            "TOKEN%2Bwith/slash%3D",
            "TOKEN%20with%2Fslash%3D",
            "TOKEN+with\\/slash=",
        ] {
            assert_eq!(redaction.apply(&format!("a {echo} b")), "a *** b");
        }
    }
}
