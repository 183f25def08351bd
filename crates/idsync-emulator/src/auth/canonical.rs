//! The canonical form of a request, built from the bytes that were received.

use std::borrow::Cow;

use http::HeaderMap;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, percent_encode};
use sha2::{Digest, Sha256};

use super::SignedRequest;
use crate::ids::hex;

/// All characters but letters, digits and `-_.~` are percent-encoded.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// Room for the request of an official client, in bytes.
const USUAL_LENGTH: usize = 512;

/// Method, path, query, signed headers, their names and the hash of the body, one a line.
///
/// # Errors
///
/// The name of a header that is said to be signed and was not sent.
pub(crate) fn canonical_request<'a>(
    request: &SignedRequest<'_>,
    signed_headers: &'a str,
    body_hash: &str,
) -> Result<Vec<u8>, &'a str> {
    let mut text = Vec::with_capacity(USUAL_LENGTH);
    text.extend_from_slice(request.method.as_bytes());
    text.push(b'\n');
    push_path(&mut text, request.path);
    text.push(b'\n');
    push_query(&mut text, request.query);
    text.push(b'\n');
    for name in signed_headers.split(';') {
        text.extend_from_slice(name.as_bytes());
        text.push(b':');
        push_header(&mut text, request.headers, name).ok_or(name)?;
        text.push(b'\n');
    }
    for part in ["\n", signed_headers, "\n", body_hash] {
        text.extend_from_slice(part.as_bytes());
    }
    Ok(text)
}

/// Lower-case hexadecimal SHA-256.
pub(crate) fn hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Decoded as a whole, then each segment encoded anew, always with a slash at the end.
///
/// An encoded slash becomes a plain one on the way: that is how the official Python client signs it.
fn push_path(text: &mut Vec<u8>, path: &str) {
    let decoded = decode(path);
    for (at, segment) in decoded.split(|byte| *byte == b'/').enumerate() {
        if at > 0 {
            text.push(b'/');
        }
        push_encoded(text, segment);
    }
    if !text.ends_with(b"/") {
        text.push(b'/');
    }
}

/// Pairs sorted by decoded name, then value. A `+` is an ordinary character here: clients sign a blank as `%20`.
fn push_query(text: &mut Vec<u8>, query: &str) {
    let mut pairs: Vec<_> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect();
    pairs.sort();
    for (at, (name, value)) in pairs.iter().enumerate() {
        if at > 0 {
            text.push(b'&');
        }
        push_encoded(text, name);
        text.push(b'=');
        push_encoded(text, value);
    }
}

/// Without the blanks around it; several headers of one name are joined by commas (inferred). `None` if there is none.
fn push_header(text: &mut Vec<u8>, headers: &HeaderMap, name: &str) -> Option<()> {
    let mut values = headers.get_all(name).iter();
    text.extend_from_slice(values.next()?.as_bytes().trim_ascii());
    for value in values {
        text.push(b',');
        text.extend_from_slice(value.as_bytes().trim_ascii());
    }
    Some(())
}

fn decode(text: &str) -> Cow<'_, [u8]> {
    percent_decode(text.as_bytes()).into()
}

fn push_encoded(text: &mut Vec<u8>, bytes: &[u8]) {
    for piece in percent_encode(bytes, RESERVED) {
        text.extend_from_slice(piece.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical_path(path: &str) -> String {
        let mut text = Vec::new();
        push_path(&mut text, path);
        String::from_utf8(text).unwrap()
    }

    fn canonical_query(query: &str) -> String {
        let mut text = Vec::new();
        push_query(&mut text, query);
        String::from_utf8(text).unwrap()
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
}
