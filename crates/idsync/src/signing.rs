//! The SDK-HMAC-SHA256 signature, over plain data.
//!
//! A request is reduced to a canonical text, the text to a string to sign, and that to the `Authorization` header.
//! The steps are those of the official Python SDK, whose answers serve as test vectors; nothing here knows of HTTP
//! types, clocks or secrets at rest.

use std::fmt::{self, Write as _};

use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::{Digest, Sha256};

const ALGORITHM: &str = "SDK-HMAC-SHA256";

/// The header that carries the signing time.
pub(crate) const DATE_HEADER: &str = "x-sdk-date";

/// What RFC 3986 leaves unescaped.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// A request as it is signed.
///
/// All parts are as they go over the wire, except that `query` holds decoded pairs and that a header's value may
/// still carry surrounding white space.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The method; canonical is upper case.
    pub method: &'a str,
    /// The path as sent, percent-encoded, without the query.
    pub path: &'a str,
    /// The decoded query pairs, in any order.
    pub query: &'a [(&'a str, &'a str)],
    /// Every header that is sent and shall be signed, `host` and `x-sdk-date` among them.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body; empty for a GET.
    pub body: &'a [u8],
}

/// The intermediate results of signing, each fit to be compared with what a server computed.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Signature {
    /// The names of the signed headers: lower case, sorted, joined by `;`.
    pub signed_headers: String,
    /// The request in canonical form.
    pub canonical_request: String,
    /// What is fed to HMAC.
    pub string_to_sign: String,
    /// The value of the `Authorization` header. Not secret by itself, but good for the next 15 minutes.
    pub authorization: String,
}

/// Shows the method, the path and the names of the headers: their values may be tokens.
impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("path", &self.path)
            .field(
                "headers",
                &self
                    .headers
                    .iter()
                    .map(|(name, _)| name)
                    .collect::<Vec<_>>(),
            )
            .finish_non_exhaustive()
    }
}

/// Shows the names of the signed headers: the canonical request may hold tokens.
impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signature")
            .field("signed_headers", &self.signed_headers)
            .finish_non_exhaustive()
    }
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
    let headers = signed_headers(request.headers);
    let names = headers
        .iter()
        .map(|(name, _)| name.as_str())
        .collect::<Vec<_>>()
        .join(";");
    let canonical_request = canonical_request(request, &headers, &names);
    let string_to_sign = string_to_sign(&canonical_request, &headers);
    let signature = hex(&hmac(secret_key.as_bytes(), string_to_sign.as_bytes()));
    let authorization =
        format!("{ALGORITHM} Access={access_key}, SignedHeaders={names}, Signature={signature}");
    Signature {
        signed_headers: names,
        canonical_request,
        string_to_sign,
        authorization,
    }
}

fn canonical_request(request: &Request<'_>, headers: &[(String, &str)], names: &str) -> String {
    let mut text = String::with_capacity(512);
    text.push_str(&request.method.to_ascii_uppercase());
    text.push('\n');
    push_canonical_path(&mut text, request.path);
    text.push('\n');
    push_canonical_query(&mut text, request.query);
    text.push('\n');
    for (name, value) in headers {
        text.extend([name, ":", value, "\n"]);
    }
    text.extend(["\n", names, "\n", &payload_hash(request, headers)]);
    text
}

fn string_to_sign(canonical_request: &str, headers: &[(String, &str)]) -> String {
    let date = header(headers, DATE_HEADER).unwrap_or_default();
    format!(
        "{ALGORITHM}\n{date}\n{}",
        hex(&Sha256::digest(canonical_request))
    )
}

/// Each segment decoded and encoded again, so that `%7E` and `~` sign alike; a slash ends the path.
fn push_canonical_path(text: &mut String, path: &str) {
    for segment in path.split('/') {
        let decoded = percent_decode_str(segment).decode_utf8_lossy();
        text.extend(utf8_percent_encode(&decoded, UNRESERVED));
        text.push('/');
    }
    if path.ends_with('/') {
        text.pop();
    }
}

/// Pairs sorted by decoded name, then decoded value; then encoded.
fn push_canonical_query(text: &mut String, query: &[(&str, &str)]) {
    let mut pairs = query.to_vec();
    pairs.sort_unstable();
    for (index, (name, value)) in pairs.into_iter().enumerate() {
        if index > 0 {
            text.push('&');
        }
        text.extend(utf8_percent_encode(name, UNRESERVED));
        text.push('=');
        text.extend(utf8_percent_encode(value, UNRESERVED));
    }
}

/// Lower-cased, trimmed, sorted. Names with an underscore are never signed: gateways drop such headers.
fn signed_headers<'a>(headers: &[(&str, &'a str)]) -> Vec<(String, &'a str)> {
    let mut signed: Vec<_> = headers
        .iter()
        .filter(|(name, _)| !name.contains('_'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim()))
        .collect();
    signed.sort();
    signed
}

fn header<'a>(headers: &[(String, &'a str)], name: &str) -> Option<&'a str> {
    headers
        .iter()
        .find(|(found, _)| found == name)
        .map(|(_, value)| *value)
}

/// A hash that the request declares for its body is taken as it is; an empty body is always hashed.
fn payload_hash(request: &Request<'_>, headers: &[(String, &str)]) -> String {
    match header(headers, "x-sdk-content-sha256") {
        Some(declared) if !request.body.is_empty() => declared.to_owned(),
        _ => hex(&Sha256::digest(request.body)),
    }
}

fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        unreachable!("HMAC takes a key of any length")
    };
    mac.update(message);
    mac.finalize().into_bytes().into()
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing into a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}
