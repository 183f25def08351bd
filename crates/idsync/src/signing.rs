//! The SDK-HMAC-SHA256 signature and its derived variant V11-HMAC-SHA256, over plain data.
//!
//! A request is reduced to a canonical text, the text to a string to sign, and that to the `Authorization` header.
//! The steps are those of the official Python SDK, whose answers serve as test vectors; nothing here knows of HTTP
//! types, clocks or secrets at rest.

mod canonical;
mod derived;
mod explanation;
mod mismatch;

use std::fmt::{self, Write as _};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use self::canonical::Canonical;
pub use self::derived::{Scope, sign_derived};
pub use self::explanation::{Explanation, explain};
pub(crate) use self::mismatch::{difference, without_echo};

const ALGORITHM: &str = "SDK-HMAC-SHA256";

/// The header that carries the signing time.
pub(crate) const DATE_HEADER: &str = "x-sdk-date";

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
    let canonical = Canonical::of(request);
    let string_to_sign = format!("{ALGORITHM}\n{}\n{}", canonical.date, canonical.hash());
    let signature = hex(&hmac(secret_key.as_bytes(), string_to_sign.as_bytes()));
    let names = &canonical.signed_headers;
    Signature {
        authorization: format!(
            "{ALGORITHM} Access={access_key}, SignedHeaders={names}, Signature={signature}"
        ),
        signed_headers: canonical.signed_headers,
        canonical_request: canonical.request,
        string_to_sign,
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
