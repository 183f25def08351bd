//! The verifier against requests as two official clients put them on the wire.
//!
//! Caught from the Python client 3.1.219 and the Go client v0.1.207; headers that are not signed are left out.

use http::{HeaderName, HeaderValue};
use serde_json::Value;

use super::*;

const CAPTURED: &str = include_str!("../../../tests/fixtures/captured-requests.jsonl");

/// The key that all of them were signed with.
const ACCESS_KEY: &str = "AKEXAMPLE";
const SECRET: &str = "SKEXAMPLE";

/// A request, taken apart so that one byte of it can be changed.
#[derive(Clone, Debug)]
struct Captured {
    sdk: String,
    case: String,
    /// Method, target, and then name and value of each header.
    parts: Vec<Vec<u8>>,
}

impl Captured {
    fn all() -> Vec<Self> {
        let lines = CAPTURED.lines();
        let requests: Vec<Self> = lines
            .map(|line| Self::of(&serde_json::from_str(line).unwrap()))
            .collect();
        assert_eq!(requests.len(), 184);
        requests
    }

    fn of(line: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        // The fixture has one character for each byte that was received.
        let bytes = |value: &Value| {
            let text = text(value);
            text.chars().map(|c| u8::try_from(c).unwrap()).collect()
        };
        let mut parts: Vec<Vec<u8>> = vec![bytes(&line["method"]), bytes(&line["target"])];
        for header in line["headers"].as_array().unwrap() {
            parts.extend([bytes(&header[0]), bytes(&header[1])]);
        }
        Self {
            sdk: text(&line["sdk"]),
            case: text(&line["case"]),
            parts,
        }
    }

    /// Whether the verifier takes it, with this body.
    fn is_accepted(&self, body: &[u8]) -> bool {
        self.try_verify(body).is_some()
    }

    fn try_verify(&self, body: &[u8]) -> Option<()> {
        let [method, target, headers @ ..] = self.parts.as_slice() else {
            return None;
        };
        let target = std::str::from_utf8(target).ok()?;
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let headers = headers_of(headers)?;
        let request = SignedRequest {
            method: std::str::from_utf8(method).ok()?,
            path,
            query,
            headers: &headers,
            body,
        };
        let value = headers.get(http::header::AUTHORIZATION)?.as_bytes();
        let authorization = Authorization::parse(value).ok()?;
        authorization.date(&request).ok()?;
        (authorization.access_key == ACCESS_KEY).then_some(())?;
        authorization.verify(&request, SECRET).ok()
    }

    /// The same with the last bit of one byte turned over.
    fn changed(&self, part: usize, byte: usize) -> Self {
        let mut changed = self.clone();
        changed.parts[part][byte] ^= 1;
        changed
    }

    /// A client whose HTTP library shortens `/x/../` signs another path than it sends.
    fn is_signed_wrongly(&self) -> bool {
        self.sdk == "python" && self.case.ends_with("cid_dotdot")
    }
}

fn headers_of(parts: &[Vec<u8>]) -> Option<HeaderMap> {
    let pairs = parts.chunks_exact(2).map(|pair| {
        let name = HeaderName::from_bytes(&pair[0]).ok()?;
        Some((name, HeaderValue::from_bytes(&pair[1]).ok()?))
    });
    pairs.collect()
}

#[test]
fn every_captured_request_is_accepted_but_those_that_were_signed_wrongly() {
    for request in Captured::all() {
        assert_eq!(
            request.is_accepted(b""),
            !request.is_signed_wrongly(),
            "{} {}",
            request.sdk,
            request.case
        );
    }
}

#[test]
fn a_captured_request_with_any_one_byte_changed_is_refused() {
    for request in Captured::all() {
        assert!(!request.is_accepted(b" "), "body of {request:?}");
        for (part, bytes) in request.parts.iter().enumerate() {
            for byte in 0..bytes.len() {
                let changed = request.changed(part, byte);
                assert!(!changed.is_accepted(b""), "{byte} of {part}: {request:?}");
            }
        }
    }
}
