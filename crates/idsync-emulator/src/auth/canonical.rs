//! The canonical form of a request, built from the bytes that were received.

use std::borrow::Cow;

use bytes::Bytes;
use http::Request;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, percent_encode};
use sha2::{Digest, Sha256};

/// All characters but letters, digits and `-_.~` are percent-encoded.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// Method, path, query, signed headers, their names and the hash of the body, one a line.
pub(crate) fn canonical_request(
    request: &Request<Bytes>,
    signed_headers: &str,
    body_hash: &str,
) -> Vec<u8> {
    let path = canonical_path(request.uri().path());
    let query = canonical_query(request.uri().query().unwrap_or_default());
    let mut text = format!("{}\n{path}\n{query}\n", request.method()).into_bytes();
    for name in signed_headers.split(';') {
        let values = request.headers().get_all(name).iter();
        let values: Vec<&[u8]> = values.map(|value| value.as_bytes().trim_ascii()).collect();
        // Several headers of one name are joined by commas (inferred).
        let value = values.join(&b',');
        text.extend([name.as_bytes(), b":", &value, b"\n"].concat());
    }
    text.extend(format!("\n{signed_headers}\n{body_hash}").into_bytes());
    text
}

/// Lower-case hexadecimal SHA-256.
pub(crate) fn hash(bytes: &[u8]) -> String {
    format!("{:x}", Bytes::copy_from_slice(&Sha256::digest(bytes)))
}

/// Decoded as a whole, then each segment encoded, always with a slash at the end.
///
/// An encoded slash becomes a plain one, as in the official Python client.
fn canonical_path(path: &str) -> String {
    let decoded = decode(path);
    let segments = decoded.split(|byte| *byte == b'/').map(encode);
    let mut path = segments.collect::<Vec<_>>().join("/");
    if !path.ends_with('/') {
        path.push('/');
    }
    path
}

/// Pairs sorted by decoded name, then value. A `+` is an ordinary character: clients sign a space as `%20`.
fn canonical_query(query: &str) -> String {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let mut pairs: Vec<_> = pairs
        .map(|(name, value)| (decode(name), decode(value)))
        .collect();
    pairs.sort();
    let pairs = pairs.iter();
    let pairs = pairs.map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn decode(text: &str) -> Cow<'_, [u8]> {
    percent_decode(text.as_bytes()).into()
}

fn encode(bytes: &[u8]) -> String {
    percent_encode(bytes, RESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

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
