//! The canonical form of a request, built from the bytes that were received.

use http::HeaderMap;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, percent_encode};
use sha2::{Digest, Sha256};

use super::SignedRequest;
use crate::ids::hex;

/// Everything but letters, digits and `-_.~` is percent-encoded.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

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
    let mut text = format!(
        "{}\n{}\n{}\n",
        request.method,
        canonical_path(request.path),
        canonical_query(request.query),
    )
    .into_bytes();
    for name in signed_headers.split(';') {
        text.extend_from_slice(name.as_bytes());
        text.push(b':');
        text.extend_from_slice(&header_value(request.headers, name).ok_or(name)?);
        text.push(b'\n');
    }
    text.extend_from_slice(format!("\n{signed_headers}\n{body_hash}").as_bytes());
    Ok(text)
}

/// Lower-case hexadecimal SHA-256.
pub(crate) fn hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Decoded as a whole, then each segment encoded anew, always with a slash at the end.
///
/// An encoded slash becomes a plain one on the way: that is how the official Python client signs it.
fn canonical_path(path: &str) -> String {
    let decoded = decode(path);
    let segments = decoded.split(|byte| *byte == b'/').map(encode);
    let mut canonical = segments.collect::<Vec<_>>().join("/");
    if !canonical.ends_with('/') {
        canonical.push('/');
    }
    canonical
}

/// Pairs sorted by decoded name, then value. A `+` is an ordinary character here: clients sign a blank as `%20`.
fn canonical_query(query: &str) -> String {
    let mut pairs: Vec<(Vec<u8>, Vec<u8>)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect();
    pairs.sort();
    let encoded = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    encoded.collect::<Vec<_>>().join("&")
}

/// Without the blanks around it; several headers of one name are joined by commas (inferred).
fn header_value(headers: &HeaderMap, name: &str) -> Option<Vec<u8>> {
    let values: Vec<&[u8]> = headers
        .get_all(name)
        .iter()
        .map(|value| value.as_bytes().trim_ascii())
        .collect();
    (!values.is_empty()).then(|| values.join(&b','))
}

fn decode(text: &str) -> Vec<u8> {
    percent_decode(text.as_bytes()).collect()
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
