//! The V11-HMAC-SHA256 signature, whose key is derived for one day, region and service.

use super::canonical::Canonical;
use super::{Request, Signature, hex, hmac};

const ALGORITHM: &str = "V11-HMAC-SHA256";

/// What a derived key is good for, besides one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope<'a> {
    /// The region, such as `cn-north-4`; `globe` for services without one.
    pub region: &'a str,
    /// The service, such as `dws`.
    pub service: &'a str,
}

/// Signs `request` with a key derived from the secret, for gateways that ask for it.
///
/// The day is that of the request's `x-sdk-date`. What is signed differs from [`sign`](super::sign) only in the
/// string to sign, which names the scope.
///
/// ```
/// use idsync::signing::{Request, Scope, sign_derived};
///
/// let headers = [("host", "dws.cn-north-4.myhuaweicloud.com"), ("x-sdk-date", "20260108T123456Z")];
/// let request = Request { method: "GET", path: "/v1/x", query: &[], headers: &headers, body: b"" };
/// let scope = Scope { region: "cn-north-4", service: "dws" };
/// let signature = sign_derived(&request, "AKEXAMPLE", "an example secret", scope);
/// assert!(signature.string_to_sign.starts_with("V11-HMAC-SHA256\n20260108T123456Z\n20260108/cn-north-4/dws\n"));
/// ```
pub fn sign_derived(
    request: &Request<'_>,
    access_key: &str,
    secret_key: &str,
    scope: Scope<'_>,
) -> Signature {
    let canonical = Canonical::of(request);
    let day = canonical.date.get(..8).unwrap_or(&canonical.date);
    let scope = format!("{day}/{}/{}", scope.region, scope.service);
    let string_to_sign = format!(
        "{ALGORITHM}\n{}\n{scope}\n{}",
        canonical.date,
        canonical.hash()
    );
    let key = derived_key(access_key, secret_key, &scope);
    let signature = hex(&hmac(key.as_bytes(), string_to_sign.as_bytes()));
    let names = &canonical.signed_headers;
    Signature {
        authorization: format!(
            "{ALGORITHM} Credential={access_key}/{scope}, SignedHeaders={names}, Signature={signature}"
        ),
        signed_headers: canonical.signed_headers,
        canonical_request: canonical.request,
        string_to_sign,
    }
}

/// HKDF of RFC 5869 over SHA-256, salted with the access key: one block is all that is needed. Used in hexadecimal.
fn derived_key(access_key: &str, secret_key: &str, scope: &str) -> String {
    const FIRST_BLOCK: u8 = 1;
    let extracted = hmac(access_key.as_bytes(), secret_key.as_bytes());
    let mut info = scope.as_bytes().to_vec();
    info.push(FIRST_BLOCK);
    hex(&hmac(&extracted, &info))
}
