//! The verifier against signatures that official clients made, canonical forms, and tokens.

use http::{HeaderName, HeaderValue};
use serde_json::Value;

use super::*;

/// Requests as the official Python client signed them and, where it signs other headers, the official Go client.
const VECTORS: &str = include_str!("../../../../tests/fixtures/sign-vectors.jsonl");

/// Requests as two official clients put them on the wire: the Python client 3.1.219 and the Go client v0.1.207.
const CAPTURED: &str = include_str!("../../tests/fixtures/captured-requests.jsonl");

fn lines(text: &str) -> impl Iterator<Item = Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap())
}

fn text<'a>(vector: &'a Value, name: &str) -> &'a str {
    vector[name].as_str().unwrap()
}

/// A request of a vector as a server receives it.
fn received(vector: &Value, target: &str) -> Request<Bytes> {
    // Both clients put the method on the wire in capitals, however the caller wrote it.
    let method = text(vector, "method").to_uppercase();
    let request = Request::builder().method(&*method).uri(target);
    let headers = vector["sent_headers"].as_object().unwrap().iter();
    let request = headers.fold(request, |request, (name, value)| {
        let value = HeaderValue::from_bytes(value.as_str().unwrap().as_bytes());
        request.header(name, value.unwrap())
    });
    request
        .body(text(vector, "body").to_owned().into())
        .unwrap()
}

fn verify(request: &Request<Bytes>, authorization: &str, secret: &str) -> Result<(), Vec<u8>> {
    let parsed = Authorization::parse(authorization.as_bytes()).unwrap();
    parsed.date(request).unwrap();
    parsed.verify(request, secret)
}

#[test]
fn every_signature_of_the_official_clients_verifies_with_its_canonical_request() {
    let mut count = 0;
    for vector in lines(VECTORS) {
        count += 1;
        let name = text(&vector, "name");
        let secret = text(&vector, "sk");
        let authorization = text(&vector, "authorization");
        let request = received(&vector, text(&vector, "wire_target"));
        assert_eq!(verify(&request, authorization, secret), Ok(()), "{name}");
        let canonical = verify(&request, authorization, "another").unwrap_err();
        let expected = text(&vector, "canonical_request");
        assert_eq!(String::from_utf8(canonical).unwrap(), expected, "{name}");

        // The Go client signs fewer headers, and the method as the caller wrote it, which the request does not show.
        if let Some(target) = vector["go_wire_target"].as_str()
            && name != "method_lowercase_get"
        {
            let authorization = text(&vector, "go_authorization_native");
            let request = received(&vector, target);
            assert_eq!(verify(&request, authorization, secret), Ok(()), "{name}");
        }
    }
    assert!(count >= 64);
}

#[test]
fn a_request_changed_on_the_way_does_not_verify() {
    for vector in lines(VECTORS) {
        let target = text(&vector, "wire_target");
        let is_refused = |request: &Request<Bytes>, part: &str| {
            let verified = verify(request, text(&vector, "authorization"), text(&vector, "sk"));
            assert!(verified.is_err(), "{part} of {}", vector["name"]);
        };
        let mut request = received(&vector, target);
        let method = format!("{}X", request.method());
        *request.method_mut() = method.parse().unwrap();
        is_refused(&request, "method");

        let more = if target.contains('?') { '&' } else { '?' };
        is_refused(&received(&vector, &target.replacen('/', "/0", 1)), "path");
        is_refused(&received(&vector, &format!("{target}{more}zz=1")), "query");

        let mut request = received(&vector, target);
        let date = HeaderValue::from_static("20260108T123457Z");
        request.headers_mut().insert("x-sdk-date", date);
        is_refused(&request, "date");

        let request = received(&vector, target);
        is_refused(
            &request.map(|body| [&body[..], b" "].concat().into()),
            "body",
        );
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
    for captured in lines(CAPTURED) {
        // The fixture has one character for each byte that was received.
        let bytes = |value: &Value| -> Vec<u8> {
            let text = value.as_str().unwrap().chars();
            text.map(|c| u8::try_from(c).unwrap()).collect()
        };
        let request = Request::builder().method(text(&captured, "method"));
        let mut request = request.uri(bytes(&captured["target"]));
        for pair in captured["headers"].as_array().unwrap() {
            let name = HeaderName::from_bytes(&bytes(&pair[0])).unwrap();
            request = request.header(name, bytes(&pair[1]));
        }
        let request = request.body(Bytes::new()).unwrap();
        let authorization = request.headers()["authorization"].to_str().unwrap();
        let verified = verify(&request, authorization, "SKEXAMPLE").is_ok();
        // A client whose HTTP library shortens `/x/../` signs another path than it sends.
        let case = text(&captured, "case");
        let is_wrong = captured["sdk"] == "python" && case.ends_with("cid_dotdot");
        assert_eq!(verified, !is_wrong, "{case}");
    }
}

#[test]
fn a_path_ends_with_one_slash_and_is_encoded_anew() {
    assert_eq!(canonical_path("/v1/x"), "/v1/x/");
    assert_eq!(canonical_path("/v1/x/"), "/v1/x/");
    assert_eq!(canonical_path("/"), "/");
    assert_eq!(
        canonical_path("/a%7Eb/%e9%9b%86/+*"),
        "/a~b/%E9%9B%86/%2B%2A/"
    );
    assert_eq!(canonical_path("/a%2Fb%252Fc"), "/a/b%252Fc/");
}

#[test]
fn a_query_is_sorted_by_what_it_means_and_a_missing_value_is_empty() {
    assert_eq!(canonical_query("b=2&a=z&a=1&c"), "a=1&a=z&b=2&c=");
    assert_eq!(canonical_query("z=1&%61=2"), "a=2&z=1");
    assert_eq!(canonical_query("q=a+b%20c"), "q=a%2Bb%20c");
    assert_eq!(canonical_query(""), "");
}

#[test]
fn a_token_is_valid_until_it_expires_and_only_where_it_was_issued() {
    let expires = 5 + TOKEN_LIFETIME_MS;
    let token = token(1, expires);
    assert!(is_valid_token(1, &token, expires - 1));
    assert!(!is_valid_token(1, &token, expires));
    assert!(!is_valid_token(2, &token, 5));
    let later = token.replacen("MIIDemo00", "MIIDemo01", 1);
    for forged in ["", "MIIDemo", &later, &token[..token.len() - 2], "é"] {
        assert!(!is_valid_token(1, forged, 5), "{forged}");
    }
}
