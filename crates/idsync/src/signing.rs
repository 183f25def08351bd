//! The SDK-HMAC-SHA256 signature.
//!
//! A request is reduced to a canonical text, the text to a string to sign, and that to the `Authorization` header.
//! The steps are those of the official Python SDK, whose answers serve as test vectors. [`sign`] works on plain data:
//! it knows nothing of HTTP types, clocks or stored secrets.

mod explanation;

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use http::header::HOST;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::Serialize;
use sha2::{Digest, Sha256};

pub use self::explanation::explain;
pub(crate) use self::explanation::explain_refusal;
use crate::Error;
use crate::http_client::authority;

const ALGORITHM: &str = "SDK-HMAC-SHA256";

/// SHA-256 of an empty body.
const EMPTY_SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// The header that carries the signing time.
pub(crate) const DATE_HEADER: &str = "x-sdk-date";

/// What RFC 3986 leaves unescaped.
pub(crate) const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// A request as it is signed.
///
/// All parts are as they go over the wire, except that `query` contains decoded pairs and that the value of a header may
/// still have surrounding white space.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The method; canonical is upper case.
    pub method: &'a str,
    /// The path as sent, percent-encoded, without the query.
    pub path: &'a str,
    /// The decoded query pairs, in any order.
    pub query: &'a [(&'a str, &'a str)],
    /// Every header that is sent and must be signed, `host` and `x-sdk-date` among them.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body; empty for a GET.
    pub body: &'a [u8],
}

/// The steps of a signature, to be compared with what a gateway computed.
///
/// Those of [`sign`] contain the access key and the tokens of the request, and are valid for 15 minutes; in those of
/// [`explain`] all secrets are masked.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Signature {
    /// The names of the signed headers: lower case, sorted, joined by `;`.
    pub signed_headers: String,
    /// The request in canonical form.
    pub canonical_request: String,
    /// What is fed to HMAC.
    pub string_to_sign: String,
    /// The value of the `Authorization` header.
    pub authorization: String,
}

/// Signs `request` with an access key and its secret.
///
/// ```
/// use idsync::signing::{Request, sign};
///
/// let headers = [("host", "dws.cn-north-4.myhuaweicloud.com"), ("x-sdk-date", "20260108T123456Z")];
/// let request = Request { method: "GET", path: "/v1/x", query: &[("limit", "10")], headers: &headers, body: b"" };
/// let signature = sign(&request, "AKEXAMPLE", "an example secret");
/// assert_eq!(signature.signed_headers, "host;x-sdk-date");
/// assert!(signature.canonical_request.starts_with("GET\n/v1/x/\nlimit=10\n"));
/// ```
pub fn sign(request: &Request<'_>, access_key: &str, secret_key: &str) -> Signature {
    // Names with an underscore are never signed: gateways drop such headers.
    let headers = request.headers.iter();
    let mut headers: Vec<_> = headers
        .filter(|(name, _)| !name.contains('_'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim()))
        .collect();
    headers.sort_unstable();
    let names: Vec<_> = headers.iter().map(|(name, _)| name.as_str()).collect();
    let signed_headers = names.join(";");
    let canonical_request = canonical_request(request, &headers, &signed_headers);
    let date = header(&headers, DATE_HEADER).unwrap_or_default();
    let mut string_to_sign = format!("{ALGORITHM}\n{date}\n");
    push_hex(&mut string_to_sign, &Sha256::digest(&canonical_request));
    let mut authorization =
        format!("{ALGORITHM} Access={access_key}, SignedHeaders={signed_headers}, Signature=");
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret_key.as_bytes()) else {
        unreachable!("HMAC takes a key of any length")
    };
    mac.update(string_to_sign.as_bytes());
    push_hex(&mut authorization, &mac.finalize().into_bytes());
    Signature {
        signed_headers,
        canonical_request,
        string_to_sign,
        authorization,
    }
}

/// The signature of an HTTP request that is otherwise complete.
///
/// # Errors
///
/// `InvalidInput` if a header is not text.
pub(crate) fn sign_http(
    request: &reqwest::Request,
    access_key: &str,
    secret_key: &str,
) -> Result<Signature, Error> {
    let host = authority(request.url());
    let mut headers = vec![(HOST.as_str(), host.as_str())];
    for (name, value) in request.headers() {
        let text = value.to_str().map_err(|_| {
            Error::invalid_input(format!(
                "the header {name} cannot be signed: it is not text"
            ))
        })?;
        headers.push((name.as_str(), text));
    }
    let pairs: Vec<_> = request.url().query_pairs().collect();
    let query: Vec<_> = pairs
        .iter()
        .map(|(name, value)| (name.as_ref(), value.as_ref()))
        .collect();
    let body = request.body().and_then(reqwest::Body::as_bytes);
    let plain = Request {
        method: request.method().as_str(),
        path: request.url().path(),
        query: &query,
        headers: &headers,
        body: body.unwrap_or_default(),
    };
    Ok(sign(&plain, access_key, secret_key))
}

fn canonical_request(request: &Request<'_>, headers: &[(String, &str)], names: &str) -> String {
    let mut text = String::with_capacity(1024);
    text.push_str(request.method);
    text.make_ascii_uppercase();
    text.push('\n');
    push_canonical_path(&mut text, request.path);
    text.push('\n');
    // Pairs sorted by decoded name, then decoded value; then encoded.
    let mut pairs = request.query.to_vec();
    pairs.sort_unstable();
    for (index, (name, value)) in pairs.into_iter().enumerate() {
        if index > 0 {
            text.push('&');
        }
        text.extend(utf8_percent_encode(name, UNRESERVED));
        text.push('=');
        text.extend(utf8_percent_encode(value, UNRESERVED));
    }
    text.push('\n');
    for (name, value) in headers {
        text.extend([name.as_str(), ":", value, "\n"]);
    }
    text.extend(["\n", names, "\n"]);
    // A hash that the request declares for its body is taken as it is; an empty body is always hashed.
    match header(headers, "x-sdk-content-sha256") {
        _ if request.body.is_empty() => text.push_str(EMPTY_SHA256),
        Some(declared) => text.push_str(declared),
        None => push_hex(&mut text, &Sha256::digest(request.body)),
    }
    text
}

/// The whole path is decoded before it is split, so that an encoded slash ends a segment; then each segment is encoded
/// again, and a slash ends the path.
fn push_canonical_path(text: &mut String, path: &str) {
    let decoded = percent_decode_str(path).decode_utf8_lossy();
    for segment in decoded.split('/') {
        text.extend(utf8_percent_encode(segment, UNRESERVED));
        text.push('/');
    }
    if decoded.ends_with('/') {
        text.pop();
    }
}

fn header<'a>(headers: &[(String, &'a str)], name: &str) -> Option<&'a str> {
    let mut headers = headers.iter();
    headers
        .find(|(found, _)| found == name)
        .map(|(_, value)| *value)
}

fn push_hex(text: &mut String, bytes: &[u8]) {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    text.extend(digits.filter_map(|digit| char::from_digit(digit.into(), 16)));
}

/// Shows the method, the path and the names of the headers: their values may be tokens.
impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("headers", &names)
            .finish_non_exhaustive()
    }
}

/// Shows the names of the signed headers: the canonical request may contain tokens.
impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signature")
            .field("signed_headers", &self.signed_headers)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(url: &str) -> Signature {
        let url = url.parse().unwrap();
        let mut request = reqwest::Request::new(http::Method::GET, url);
        let date = http::HeaderValue::from_static("20260108T123456Z");
        request.headers_mut().insert(DATE_HEADER, date);
        sign_http(&request, "AK", "SK").unwrap()
    }

    #[test]
    fn the_port_is_part_of_the_signed_host_only_where_it_is_not_the_default() {
        for (url, host) in [
            ("https://h.example/x", "h.example"),
            ("https://h.example:443/x", "h.example"),
            ("http://h.example:443/x", "h.example:443"),
            ("http://[::1]:80/x", "[::1]"),
        ] {
            let canonical = signed(url).canonical_request;
            assert!(
                canonical.contains(&format!("\nhost:{host}\n")),
                "{canonical}"
            );
        }
    }

    #[test]
    fn an_encoded_slash_ends_a_segment() {
        let canonical = |path: &str| {
            let mut text = String::new();
            push_canonical_path(&mut text, path);
            text
        };
        for (path, expected) in [
            ("/v1/a%2Fb/c", "/v1/a/b/c/"),
            ("/v1/a%2fb%2f", "/v1/a/b/"),
            ("/v1/%7Ea%20b", "/v1/~a%20b/"),
            ("/", "/"),
        ] {
            assert_eq!(canonical(path), expected, "{path}");
        }
    }
}
