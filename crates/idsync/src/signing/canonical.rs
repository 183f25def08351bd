//! The canonical form of a request, which every algorithm signs.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::{Digest, Sha256};

use super::{DATE_HEADER, Request, hex};

/// What RFC 3986 leaves unescaped.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// A request in canonical form.
pub(super) struct Canonical {
    /// The names of the signed headers: lower case, sorted, joined by `;`.
    pub(super) signed_headers: String,
    pub(super) request: String,
    /// The value of `x-sdk-date`; empty if the request carries none.
    pub(super) date: String,
}

impl Canonical {
    pub(super) fn of(request: &Request<'_>) -> Self {
        let headers = signed_headers(request.headers);
        let names: Vec<_> = headers.iter().map(|(name, _)| name.as_str()).collect();
        let names = names.join(";");
        Self {
            request: canonical_request(request, &headers, &names),
            date: header(&headers, DATE_HEADER).unwrap_or_default().to_owned(),
            signed_headers: names,
        }
    }

    /// The hash of the canonical request, as it enters the string to sign.
    pub(super) fn hash(&self) -> String {
        hex(&Sha256::digest(&self.request))
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
