//! What is remembered of headers: no secret, and nothing endless.

use std::borrow::Cow;

use http::{HeaderMap, HeaderValue};

/// Longest header value that is remembered, in characters.
const VALUE_LIMIT: usize = 1_024;

/// Room for the headers of an official client, in bytes.
const USUAL_HEADERS: usize = 384;

const MASK: &str = "***";

/// One `name:value` a line. Neither can hold a line break, nor a name a colon.
pub(super) fn masked(headers: &HeaderMap) -> String {
    let mut text = String::with_capacity(USUAL_HEADERS);
    for (name, value) in headers {
        text.push_str(name.as_str());
        text.push(':');
        text.push_str(&mask(name.as_str(), value));
        text.push('\n');
    }
    text
}

fn mask<'a>(name: &str, value: &'a HeaderValue) -> Cow<'a, str> {
    match name {
        "authorization" => mask_authorization(value).into(),
        "x-auth-token"
        | "x-security-token"
        | "x-subject-token"
        | "x-metadata-token"
        | "proxy-authorization"
        | "cookie" => MASK.into(),
        _ => start_of(String::from_utf8_lossy(value.as_bytes())),
    }
}

/// As much of a value as is remembered.
fn start_of(value: Cow<'_, str>) -> Cow<'_, str> {
    if value.len() <= VALUE_LIMIT {
        return value;
    }
    value.chars().take(VALUE_LIMIT).collect()
}

/// Keeps the names of the signed headers, which are no secret, and nothing else.
fn mask_authorization(value: &HeaderValue) -> String {
    let signed = value
        .to_str()
        .ok()
        .and_then(|text| text.strip_prefix("SDK-HMAC-SHA256 "))
        .and_then(|text| text.split_once("SignedHeaders="))
        .and_then(|(_, rest)| rest.split_once(','));
    match signed {
        Some((names, _)) if names.bytes().all(is_name_byte) => {
            format!("SDK-HMAC-SHA256 Access={MASK}, SignedHeaders={names}, Signature={MASK}")
        }
        _ => MASK.to_owned(),
    }
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b';')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_forms_of_authorization_are_masked_whole() {
        for value in [
            "Basic c2VjcmV0",
            "SDK-HMAC-SHA256 Access=secret",
            "SDK-HMAC-SHA256 SignedHeaders=SECRET!, x",
        ] {
            let value = HeaderValue::from_static(value);
            assert_eq!(mask_authorization(&value), MASK);
        }
    }

    #[test]
    fn a_long_value_is_remembered_by_its_start() {
        let long = "é".repeat(VALUE_LIMIT + 1);
        let value = HeaderValue::from_bytes(long.as_bytes()).unwrap();
        assert_eq!(mask("x", &value), "é".repeat(VALUE_LIMIT));
        assert_eq!(mask("x", &HeaderValue::from_static("short")), "short");
    }
}
