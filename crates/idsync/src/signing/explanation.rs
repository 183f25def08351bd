//! How a signature comes about, in a form that may be shown to anybody.

use schemars::JsonSchema;
use serde::Serialize;

use super::canonical::Canonical;
use super::{Request, Scope, Signature, sign, sign_derived};
use crate::credentials::Secret;
use crate::error_body::Redaction;
use crate::{Credentials, Error, ErrorKind};

const MASK: &str = "***";

const SECURITY_TOKEN: &str = "x-security-token";

/// Headers whose values open something.
const CONFIDENTIAL: [&str; 6] = [
    "authorization",
    "cookie",
    "proxy-authorization",
    "x-auth-token",
    SECURITY_TOKEN,
    "x-subject-token",
];

/// The steps of a signature, to be compared with what a gateway computed; nothing in it is confidential.
///
/// Keys, tokens and the signature itself are masked, the latter because a signed request can be sent by anybody for 15
/// minutes. The hash at the end of [`string_to_sign`](Self::string_to_sign) is that of the true canonical request, with
/// nothing masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Explanation {
    /// The names of the signed headers: lower case, sorted, joined by `;`.
    pub signed_headers: String,
    /// The request in canonical form.
    pub canonical_request: String,
    /// What is fed to HMAC.
    pub string_to_sign: String,
    /// The value of the `Authorization` header.
    pub authorization: String,
}

/// Signs `request` as [`sign`] does, or [`sign_derived`] where there is a `scope`, and shows the steps.
///
/// The security token of temporary credentials is added to the headers unless it is among them.
///
/// ```
/// use idsync::Credentials;
/// use idsync::signing::{Request, explain};
///
/// let headers = [("host", "dws.cn-north-4.myhuaweicloud.com"), ("x-sdk-date", "20260108T123456Z")];
/// let request = Request { method: "GET", path: "/v1/x", query: &[], headers: &headers, body: b"" };
/// let steps = explain(&request, &Credentials::access_key("AKEXAMPLE", "an example secret"), None)?;
/// assert!(steps.string_to_sign.starts_with("SDK-HMAC-SHA256\n20260108T123456Z\n"));
/// assert!(!steps.authorization.contains("AKEXAMPLE"));
/// # Ok::<(), idsync::Error>(())
/// ```
///
/// # Errors
///
/// `Credentials` if there is nothing to sign with: an IAM token is sent as it is.
pub fn explain(
    request: &Request<'_>,
    credentials: &Credentials,
    scope: Option<Scope<'_>>,
) -> Result<Explanation, Error> {
    let Secret::AccessKey {
        access_key,
        secret_key,
        security_token,
    } = credentials.secret()
    else {
        return Err(Error::new(
            ErrorKind::Credentials,
            "an IAM token is sent as it is, and nothing is signed: give an access key and its secret",
        ));
    };
    credentials.fit_for_headers()?;
    let headers = with_security_token(request.headers, security_token.as_deref());
    let request = Request {
        headers: &headers,
        ..*request
    };
    let signature = scope.map_or_else(
        || sign(&request, access_key, secret_key),
        |scope| sign_derived(&request, access_key, secret_key, scope),
    );
    Ok(Explanation {
        authorization: without_key(&signature.authorization, access_key),
        ..masked(&request, &signature, credentials)
    })
}

fn with_security_token<'a>(
    headers: &[(&'a str, &'a str)],
    token: Option<&'a str>,
) -> Vec<(&'a str, &'a str)> {
    let mut headers = headers.to_vec();
    let has_one = headers
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case(SECURITY_TOKEN));
    if let Some(token) = token.filter(|_| !has_one) {
        headers.push((SECURITY_TOKEN, token));
    }
    headers
}

fn masked(request: &Request<'_>, signature: &Signature, credentials: &Credentials) -> Explanation {
    let is_confidential = |name: &str| {
        CONFIDENTIAL
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
    };
    let headers: Vec<_> = request
        .headers
        .iter()
        .map(|(name, value)| (*name, if is_confidential(name) { MASK } else { *value }))
        .collect();
    let shown = Canonical::of(&Request {
        headers: &headers,
        ..*request
    });
    let redaction = Redaction::new(credentials.secrets());
    Explanation {
        signed_headers: redaction.apply(&signature.signed_headers),
        canonical_request: redaction.apply(&shown.request),
        string_to_sign: redaction.apply(&signature.string_to_sign),
        authorization: MASK.to_owned(),
    }
}

/// The header without the key, of which even a part may be short or common, and without what only it could compute.
fn without_key(authorization: &str, access_key: &str) -> String {
    let (label, rest) = authorization.split_once('=').unwrap_or_default();
    let rest = rest.strip_prefix(access_key).unwrap_or_default();
    let (names, _) = rest.rsplit_once('=').unwrap_or_default();
    format!("{label}={MASK}{names}={MASK}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADERS: &[(&str, &str)] = &[
        ("Host", "h.example"),
        ("X-Sdk-Date", "20260108T123456Z"),
        ("X-Auth-Token", "TOKENSECRET"),
    ];

    const REQUEST: Request<'_> = Request {
        method: "GET",
        path: "/x",
        query: &[("a", "SKSECRET")],
        headers: HEADERS,
        body: b"",
    };

    fn credentials() -> Credentials {
        Credentials::access_key("AKSECRET", "SKSECRET").with_security_token("STSECRET")
    }

    #[test]
    fn no_step_shows_a_key_a_token_or_the_signature() {
        let scope = Scope {
            region: "cn-north-4",
            service: "dws",
        };
        for scope in [None, Some(scope)] {
            let steps = explain(&REQUEST, &credentials(), scope).unwrap();
            assert!(!format!("{steps:?}").contains("SECRET"), "{steps:?}");
            assert!(steps.canonical_request.contains("x-security-token:***\n"));
            assert!(steps.authorization.ends_with("Signature=***"));
        }
    }

    #[test]
    fn the_string_to_sign_is_that_of_the_true_request() {
        let headers = with_security_token(HEADERS, Some("STSECRET"));
        let request = Request {
            headers: &headers,
            ..REQUEST
        };
        let steps = explain(&REQUEST, &credentials(), None).unwrap();
        let signature = sign(&request, "AKSECRET", "SKSECRET");
        assert_eq!(steps.string_to_sign, signature.string_to_sign);
    }

    #[test]
    fn the_header_keeps_algorithm_scope_and_names() {
        let scope = Scope {
            region: "r",
            service: "s",
        };
        let steps = explain(&REQUEST, &credentials(), Some(scope)).unwrap();
        assert_eq!(
            steps.authorization,
            "V11-HMAC-SHA256 Credential=***/20260108/r/s, \
             SignedHeaders=host;x-auth-token;x-sdk-date;x-security-token, Signature=***"
        );
        let steps = explain(&REQUEST, &credentials(), None).unwrap();
        assert!(
            steps
                .authorization
                .starts_with("SDK-HMAC-SHA256 Access=***, SignedHeaders=host;")
        );
    }

    #[test]
    fn a_token_signs_nothing() {
        let error = explain(&REQUEST, &Credentials::token("TOKENSECRET"), None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials);
    }
}
