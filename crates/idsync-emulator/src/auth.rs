//! Authentication: one account with a permanent key, a temporary key and a user, and the checks of the gateway.
//!
//! The secrets are public on purpose: they are valid at emulators only.

mod canonical;
mod signature;

use bytes::Bytes;
use http::{Request, StatusCode};
use jiff::Timestamp;

use crate::error::{ApiError, gateway_error};
use crate::ids::{hex32, salt};
use signature::Authorization;

/// Region of the emulator; also the name of its first project.
pub const REGION: &str = "cn-north-4";
/// Permanent access key.
pub const ACCESS_KEY: &str = "IDSYNCEMULATORACCESS";
/// Secret of [`ACCESS_KEY`].
pub const SECRET_KEY: &str = "idsyncEmulatorSecretKeyOpensNothingElse1";
/// Temporary access key: requests signed with it must carry [`SECURITY_TOKEN`] in `X-Security-Token`.
pub const TEMPORARY_ACCESS_KEY: &str = "IDSYNCEMULATORTEMPOR";
/// Secret of [`TEMPORARY_ACCESS_KEY`].
pub const TEMPORARY_SECRET_KEY: &str = "idsyncEmulatorTemporarySecretKeyOfTheDay";
/// Security token of [`TEMPORARY_ACCESS_KEY`].
pub const SECURITY_TOKEN: &str = "idsync-emulator-security-token/A1+b2=";
/// User who may obtain tokens at `POST /v3/auth/tokens`.
pub const USER_NAME: &str = "demo-operator";
/// Password of [`USER_NAME`].
pub const PASSWORD: &str = "Emulator-Passw0rd";
/// Account (domain) that [`USER_NAME`] belongs to.
pub const DOMAIN_NAME: &str = "demo-company";

/// Whether credentials are checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Auth {
    /// Signatures, dates and tokens are checked.
    #[default]
    Strict,
    /// Credentials are not checked. The project in the path must still be one of the account.
    Off,
}

/// Maximum difference between `X-Sdk-Date` and the gateway's clock, in seconds (API signing guide: 15 minutes).
const MAX_SKEW_SECONDS: i64 = 15 * 60;

/// Maximum number of characters of a request that an error repeats.
const ECHO_LIMIT: usize = 4_096;

/// A token is valid for a day (IAM).
const TOKEN_LIFETIME_MS: i64 = 24 * 60 * 60 * 1_000;

/// The token that expires at a time in milliseconds since the epoch. It is checked by computing it again, so none is stored.
fn token(seed: u64, expires_ms: i64) -> String {
    let claim = format!("MIIDemo{expires_ms:016x}");
    let proof = hex32(salt(seed, &claim), 0);
    claim + &proof
}

/// A token, and its expiry in milliseconds since the epoch.
pub(crate) fn issue_token(seed: u64, now_ms: i64) -> (String, i64) {
    let expires_ms = now_ms.saturating_add(TOKEN_LIFETIME_MS);
    (token(seed, expires_ms), expires_ms)
}

fn is_valid_token(seed: u64, given: &str, now_ms: i64) -> bool {
    let digits = given.get(7..23).unwrap_or_default();
    i64::from_str_radix(digits, 16)
        .is_ok_and(|expires_ms| now_ms < expires_ms && given == token(seed, expires_ms))
}

/// Accepts a request that is signed or has a token of this seed. With both, the signature is checked.
///
/// # Errors
///
/// 401 with the gateway's code and one of its messages. Like the real one, the message about a wrong signature repeats the
/// canonical request, and the one about an unknown access key repeats that key.
pub(crate) fn authenticate(
    request: &Request<Bytes>,
    seed: u64,
    now: Timestamp,
) -> Result<(), ApiError> {
    if let Some(value) = request.headers().get(http::header::AUTHORIZATION) {
        return check_signature(request, value.as_bytes(), now);
    }
    let token = request.headers().get("x-auth-token");
    match token.map(|token| token.to_str().unwrap_or_default()) {
        Some(token) if is_valid_token(seed, token, now.as_millisecond()) => Ok(()),
        Some(_) => Err(gateway_error(
            StatusCode::UNAUTHORIZED,
            "APIGW.0307",
            "The token must be updated.",
        )),
        None => Err(unauthorized(
            "neither an Authorization nor an X-Auth-Token header was sent",
        )),
    }
}

fn check_signature(request: &Request<Bytes>, value: &[u8], now: Timestamp) -> Result<(), ApiError> {
    let authorization = Authorization::parse(value).map_err(unauthorized)?;
    let signed = authorization.date(request).map_err(unauthorized)?;
    if (now.as_second() - signed.as_second()).abs() > MAX_SKEW_SECONDS {
        return Err(unauthorized("calc ak sk signature fail:signature expired"));
    }
    let (secret, security_token) = match authorization.access_key {
        ACCESS_KEY => (SECRET_KEY, None),
        TEMPORARY_ACCESS_KEY => (TEMPORARY_SECRET_KEY, Some(SECURITY_TOKEN)),
        ak => {
            let reason = format!("Get secretKey failed,ak:{ak},err:ak not exist");
            return Err(unauthorized(&reason));
        }
    };
    // A security token with a permanent key is ignored (inferred).
    let sent = request.headers().get("x-security-token");
    if security_token.is_some_and(|token| sent.is_none_or(|sent| sent != token)) {
        return Err(unauthorized(
            "the temporary access key needs its own X-Security-Token",
        ));
    }
    authorization.verify(request, secret).map_err(|canonical| {
        let canonical = String::from_utf8_lossy(&canonical);
        let shown: String = canonical.chars().take(ECHO_LIMIT).collect();
        unauthorized(&format!(
            "verify aksk signature fail, canonicalRequest:{shown}"
        ))
    })
}

fn unauthorized(reason: &str) -> ApiError {
    let message = format!("Incorrect IAM authentication information: {reason}");
    gateway_error(StatusCode::UNAUTHORIZED, "APIGW.0301", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_valid_until_it_expires_and_only_where_it_was_issued() {
        let (token, expires) = issue_token(1, 5);
        assert_eq!(expires, 5 + TOKEN_LIFETIME_MS);
        assert!(is_valid_token(1, &token, expires - 1));
        assert!(!is_valid_token(1, &token, expires));
        assert!(!is_valid_token(2, &token, 5));
        let later = token.replacen("MIIDemo00", "MIIDemo01", 1);
        for forged in ["", "MIIDemo", &later, &token[..token.len() - 2], "é"] {
            assert!(!is_valid_token(1, forged, 5), "{forged}");
        }
    }
}
