//! The verifier against signatures that official clients made.

use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use super::*;

/// Requests as the official Python client signed them and, where it signs other headers, the official Go client.
const VECTORS: &str = include_str!("../../../../../tests/fixtures/sign-vectors.jsonl");

/// Requests as two official clients put them on the wire: the Python client 3.1.219 and the Go client v0.1.207.
const CAPTURED: &str = include_str!("../../../tests/fixtures/captured-requests.jsonl");

fn vectors() -> Vec<Value> {
    let vectors: Vec<Value> = VECTORS
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(vectors.len() >= 64);
    vectors
}

/// A request as a server receives it.
struct Received {
    method: String,
    target: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Received {
    fn of(vector: &Value, target_field: &str) -> Self {
        let text = |name: &str| vector[name].as_str().unwrap().to_owned();
        let mut headers = HeaderMap::new();
        for (name, value) in vector["sent_headers"].as_object().unwrap() {
            let name: HeaderName = name.parse().unwrap();
            let value = HeaderValue::from_bytes(value.as_str().unwrap().as_bytes()).unwrap();
            headers.insert(name, value);
        }
        Self {
            // Both clients put the method on the wire in capitals, however the caller wrote it.
            method: text("method").to_uppercase(),
            target: text(target_field),
            headers,
            body: text("body").into_bytes(),
        }
    }

    fn verify(&self, authorization: &str, secret: &str) -> Result<(), Vec<u8>> {
        let body = Bytes::from(self.body.clone());
        let request = Request::builder().method(&*self.method).uri(&self.target);
        let mut request = request.body(body).unwrap();
        *request.headers_mut() = self.headers.clone();
        let parsed = Authorization::parse(authorization.as_bytes()).unwrap();
        parsed.date(&request).unwrap();
        parsed.verify(&request, secret)
    }
}

fn text<'a>(vector: &'a Value, name: &str) -> &'a str {
    vector[name].as_str().unwrap()
}

#[test]
fn every_signature_of_the_python_client_verifies_with_its_canonical_request() {
    for vector in vectors() {
        let received = Received::of(&vector, "wire_target");
        let result = received.verify(text(&vector, "authorization"), text(&vector, "sk"));
        assert!(result.is_ok(), "{}: {result:?}", vector["name"]);

        let mismatch = received.verify(text(&vector, "authorization"), "another");
        let canonical = String::from_utf8(mismatch.unwrap_err()).unwrap();
        assert_eq!(
            canonical,
            text(&vector, "canonical_request"),
            "{}",
            vector["name"]
        );
    }
}

#[test]
fn every_signature_of_the_go_client_verifies_though_it_signs_fewer_headers() {
    for vector in vectors() {
        // This client signs the method as the caller wrote it, which the request does not show.
        if vector["name"] == "method_lowercase_get" || vector["go_wire_target"].is_null() {
            continue;
        }
        let received = Received::of(&vector, "go_wire_target");
        let result = received.verify(
            text(&vector, "go_authorization_native"),
            text(&vector, "sk"),
        );
        assert!(result.is_ok(), "{}: {result:?}", vector["name"]);
    }
}

#[test]
fn a_request_changed_on_the_way_does_not_verify() {
    for vector in vectors() {
        let name = &vector["name"];
        let verify = |received: &Received| {
            received.verify(text(&vector, "authorization"), text(&vector, "sk"))
        };
        let mut received = Received::of(&vector, "wire_target");
        received.method.push('X');
        assert!(verify(&received).is_err(), "method of {name}");

        let mut received = Received::of(&vector, "wire_target");
        received.target.insert(1, '0');
        assert!(verify(&received).is_err(), "path of {name}");

        let mut received = Received::of(&vector, "wire_target");
        received.target.push_str(if received.target.contains('?') {
            "&zz=1"
        } else {
            "?zz=1"
        });
        assert!(verify(&received).is_err(), "query of {name}");

        let mut received = Received::of(&vector, "wire_target");
        received
            .headers
            .insert("x-sdk-date", HeaderValue::from_static("20260108T123457Z"));
        assert!(verify(&received).is_err(), "date of {name}");

        let mut received = Received::of(&vector, "wire_target");
        received.body.push(b' ');
        assert!(verify(&received).is_err(), "body of {name}");
    }
}

#[test]
fn an_unparsable_header_is_refused_without_repeating_it() {
    let cases: [&[u8]; 7] = [
        b"",
        b"Basic dXNlcjpzZWNyZXQ=",
        b"SDK-HMAC-SHA256",
        b"SDK-HMAC-SHA256 Access=secret",
        b"SDK-HMAC-SHA256 Access=secret, Signature=00",
        b"SDK-HMAC-SHA256 Key=secret, SignedHeaders=x-sdk-date, Signature=00",
        b"\xff\xfe",
    ];
    for case in cases {
        let reason = Authorization::parse(case).unwrap_err();
        assert!(!reason.contains("secret"), "{reason}");
    }
}

#[test]
fn every_request_that_was_captured_from_a_client_verifies_unless_it_was_signed_wrongly() {
    for line in CAPTURED.lines() {
        let captured: Value = serde_json::from_str(line).unwrap();
        // The fixture has one character for each byte that was received.
        let bytes = |value: &Value| -> Vec<u8> {
            let text = value.as_str().unwrap().chars();
            text.map(|c| u8::try_from(c).unwrap()).collect()
        };
        let mut headers = HeaderMap::new();
        for pair in captured["headers"].as_array().unwrap() {
            let name = HeaderName::from_bytes(&bytes(&pair[0])).unwrap();
            headers.append(name, HeaderValue::from_bytes(&bytes(&pair[1])).unwrap());
        }
        let received = Received {
            method: text(&captured, "method").to_owned(),
            target: String::from_utf8(bytes(&captured["target"])).unwrap(),
            headers,
            body: Vec::new(),
        };
        let authorization = received.headers["authorization"].to_str().unwrap();
        let verified = received.verify(authorization, "SKEXAMPLE").is_ok();
        // A client whose HTTP library shortens `/x/../` signs another path than it sends.
        let case = text(&captured, "case");
        let is_wrong = captured["sdk"] == "python" && case.ends_with("cid_dotdot");
        assert_eq!(verified, !is_wrong, "{case}");
    }
}
