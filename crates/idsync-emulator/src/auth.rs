//! Who asks: the checks that the gateway makes before a service is reached.

mod canonical;
mod signature;
mod tokens;

use http::{HeaderMap, StatusCode};
use jiff::Timestamp;

pub(crate) use signature::SignedRequest;
pub(crate) use tokens::Tokens;

use crate::account::{self, Key};
use crate::answer::Refusal;
use signature::{Authorization, Mismatch};

/// Whether requests must prove who sends them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Auth {
    /// Signatures, dates and tokens are checked.
    #[default]
    Strict,
    /// Nobody is asked for credentials, and none that come are looked at. The project in the path must still be the right one.
    Off,
}

/// Furthest that `X-Sdk-Date` may lie from the gateway's clock, in seconds (API signing guide: 15 minutes).
const MAX_SKEW_SECONDS: i64 = 15 * 60;

/// Most that a refusal repeats of a request, in characters.
const ECHO_LIMIT: usize = 4_096;

/// Lets a request pass that is signed, or carries a token; a signature counts if both are there.
///
/// # Errors
///
/// 401 with the gateway's code and one of its messages. Like the real one, the message about a wrong signature repeats the
/// canonical request, and the one about an unknown access key repeats that key.
pub(crate) fn authenticate(
    request: &SignedRequest<'_>,
    tokens: &Tokens,
    now: Timestamp,
) -> Result<(), Refusal> {
    if let Some(value) = request.headers.get(http::header::AUTHORIZATION) {
        return check_signature(request, value.as_bytes(), now);
    }
    match request.headers.get("x-auth-token") {
        Some(token) if tokens.is_valid(token.as_bytes(), now.as_millisecond()) => Ok(()),
        Some(_) => Err(Refusal::gateway(
            StatusCode::UNAUTHORIZED,
            "APIGW.0307",
            "The token must be updated.",
        )),
        None => Err(refuse(
            "neither an Authorization nor an X-Auth-Token header was sent",
        )),
    }
}

fn check_signature(
    request: &SignedRequest<'_>,
    value: &[u8],
    now: Timestamp,
) -> Result<(), Refusal> {
    let authorization = Authorization::parse(value).map_err(refuse)?;
    check_date(request, &authorization, now)?;
    let Some(key) = account::find_key(authorization.access_key) else {
        let ak = authorization.access_key;
        return Err(refuse(&format!(
            "Get secretKey failed,ak:{ak},err:ak not exist"
        )));
    };
    check_security_token(request.headers, &key)?;
    let verified = authorization.verify(request, key.secret);
    verified.map_err(|mismatch| refuse(&reason(&mismatch)))
}

fn reason(mismatch: &Mismatch<'_>) -> String {
    let (text, bytes) = match mismatch {
        Mismatch::Canonical(bytes) => ("canonicalRequest:", bytes.as_slice()),
        Mismatch::NotSent(name) => ("signed, but not sent:", name.as_bytes()),
    };
    let echo: String = String::from_utf8_lossy(bytes)
        .chars()
        .take(ECHO_LIMIT)
        .collect();
    format!("verify aksk signature fail, {text}{echo}")
}

fn check_date(
    request: &SignedRequest<'_>,
    authorization: &Authorization<'_>,
    now: Timestamp,
) -> Result<(), Refusal> {
    let signed = authorization.date(request).map_err(refuse)?;
    if (now.as_second() - signed.as_second()).abs() > MAX_SKEW_SECONDS {
        return Err(refuse("calc ak sk signature fail:signature expired"));
    }
    Ok(())
}

/// A temporary key is worth nothing without its token. A token beside a permanent key is not looked at (inferred).
fn check_security_token(headers: &HeaderMap, key: &Key) -> Result<(), Refusal> {
    let sent = headers
        .get("x-security-token")
        .map(http::HeaderValue::as_bytes);
    match key.security_token {
        Some(expected) if sent != Some(expected.as_bytes()) => Err(refuse(
            "the temporary access key needs its own X-Security-Token",
        )),
        _ => Ok(()),
    }
}

fn refuse(reason: &str) -> Refusal {
    let message = format!("Incorrect IAM authentication information: {reason}");
    Refusal::gateway(StatusCode::UNAUTHORIZED, "APIGW.0301", message)
}
