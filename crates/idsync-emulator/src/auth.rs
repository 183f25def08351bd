//! Who may ask: one account with a permanent key, a temporary key and a user, and the checks that the gateway makes.
//!
//! The secrets are public on purpose. They open nothing but an emulator.

mod canonical;
mod signature;

use std::sync::atomic::{AtomicU64, Ordering};

use hmac::digest::Key;
use hmac::{Hmac, KeyInit, Mac};
use http::StatusCode;
use jiff::Timestamp;
use sha2::Sha256;

pub(crate) use signature::SignedRequest;

use crate::error::ApiError;
use crate::ids::{hex, unhex};
use signature::{Authorization, Mismatch};

/// Region that the emulator plays; also the name of its first project.
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

/// Whether requests must prove who sends them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Auth {
    /// Signatures, dates and tokens are checked.
    #[default]
    Strict,
    /// Credentials are not checked. The project in the path must still be one of the account.
    Off,
}

/// Furthest that `X-Sdk-Date` may lie from the gateway's clock, in seconds (API signing guide: 15 minutes).
const MAX_SKEW_SECONDS: i64 = 15 * 60;

/// Most that an error repeats of a request, in characters.
const ECHO_LIMIT: usize = 4_096;

/// A token is valid for a day (IAM).
const TOKEN_LIFETIME_MS: i64 = 24 * 60 * 60 * 1_000;

/// What every token begins with.
const TOKEN_START: &str = "MIIDemo";

/// Issues and checks the tokens of `POST /v3/auth/tokens`. A token carries its own proof, so that none has to be remembered.
pub(crate) struct Tokens {
    key: u64,
    count: AtomicU64,
}

impl Tokens {
    pub(crate) fn new(key: u64) -> Self {
        let count = AtomicU64::new(0);
        Self { key, count }
    }

    /// A new token, and when it expires in milliseconds since the epoch.
    pub(crate) fn issue(&self, now_ms: i64) -> (String, i64) {
        let expires_ms = now_ms.saturating_add(TOKEN_LIFETIME_MS);
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let claim = u128::from(expires_ms.unsigned_abs()) << 64 | u128::from(number);
        let claim = claim.to_be_bytes();
        let proof = self.mac(&claim).finalize().into_bytes();
        let token = format!("{TOKEN_START}{}{}", hex(&claim), hex(&proof));
        (token, expires_ms)
    }

    /// Whether a token was issued here and has not expired.
    pub(crate) fn is_valid(&self, token: &[u8], now_ms: i64) -> bool {
        let text = std::str::from_utf8(token).ok();
        let bytes = text.and_then(|text| unhex(text.strip_prefix(TOKEN_START)?));
        let Some((claim, proof)) = bytes.as_deref().and_then(<[u8]>::split_first_chunk) else {
            return false;
        };
        let is_genuine = self.mac(claim).verify_slice(proof).is_ok();
        is_genuine && u128::from(now_ms.unsigned_abs()) < u128::from_be_bytes(*claim) >> 64
    }

    fn mac(&self, claim: &[u8; 16]) -> Hmac<Sha256> {
        // The secret is part of the message: unlike a key, it may have any length here.
        Hmac::<Sha256>::new(&Key::<Hmac<Sha256>>::default())
            .chain_update(self.key.to_be_bytes())
            .chain_update(claim)
    }
}

/// Access key, its secret, and the token that must come with a temporary key.
const KEYS: [(&str, &str, Option<&str>); 2] = [
    (ACCESS_KEY, SECRET_KEY, None),
    (
        TEMPORARY_ACCESS_KEY,
        TEMPORARY_SECRET_KEY,
        Some(SECURITY_TOKEN),
    ),
];

/// Accepts a request that is signed, or carries a token; the signature counts if both are there.
///
/// # Errors
///
/// 401 with the gateway's code and one of its messages. Like the real one, the message about a wrong signature repeats the
/// canonical request, and the one about an unknown access key repeats that key.
pub(crate) fn authenticate(
    request: &SignedRequest<'_>,
    tokens: &Tokens,
    now: Timestamp,
) -> Result<(), ApiError> {
    if let Some(value) = request.headers.get(http::header::AUTHORIZATION) {
        return check_signature(request, value.as_bytes(), now);
    }
    match request.headers.get("x-auth-token") {
        Some(token) if tokens.is_valid(token.as_bytes(), now.as_millisecond()) => Ok(()),
        Some(_) => Err(ApiError::gateway(
            StatusCode::UNAUTHORIZED,
            "APIGW.0307",
            "The token must be updated.",
        )),
        None => Err(unauthorized(
            "neither an Authorization nor an X-Auth-Token header was sent",
        )),
    }
}

fn check_signature(
    request: &SignedRequest<'_>,
    value: &[u8],
    now: Timestamp,
) -> Result<(), ApiError> {
    let authorization = Authorization::parse(value).map_err(unauthorized)?;
    let signed = authorization.date(request).map_err(unauthorized)?;
    if (now.as_second() - signed.as_second()).abs() > MAX_SKEW_SECONDS {
        return Err(unauthorized("calc ak sk signature fail:signature expired"));
    }
    let ak = authorization.access_key;
    let Some((_, secret, security_token)) = KEYS.iter().find(|(known, ..)| *known == ak) else {
        let reason = format!("Get secretKey failed,ak:{ak},err:ak not exist");
        return Err(unauthorized(&reason));
    };
    // A temporary key is worth nothing without its token. A token beside a permanent key is not looked at (inferred).
    let sent = request.headers.get("x-security-token");
    if security_token.is_some_and(|token| sent.is_none_or(|sent| sent != token)) {
        return Err(unauthorized(
            "the temporary access key needs its own X-Security-Token",
        ));
    }
    let verified = authorization.verify(request, secret);
    verified.map_err(|mismatch| unauthorized(&explain(&mismatch)))
}

fn explain(mismatch: &Mismatch<'_>) -> String {
    let (text, bytes) = match mismatch {
        Mismatch::Canonical(bytes) => ("canonicalRequest:", bytes.as_slice()),
        Mismatch::NotSent(name) => ("signed, but not sent:", name.as_bytes()),
    };
    let text_of_bytes = String::from_utf8_lossy(bytes);
    let echo: String = text_of_bytes.chars().take(ECHO_LIMIT).collect();
    format!("verify aksk signature fail, {text}{echo}")
}

fn unauthorized(reason: &str) -> ApiError {
    let message = format!("Incorrect IAM authentication information: {reason}");
    ApiError::gateway(StatusCode::UNAUTHORIZED, "APIGW.0301", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_valid_until_it_expires_and_only_where_it_was_issued() {
        let (tokens, others) = (Tokens::new(1), Tokens::new(2));
        let (token, expires) = tokens.issue(5);
        assert_eq!(expires, 5 + TOKEN_LIFETIME_MS);
        assert!(tokens.is_valid(token.as_bytes(), expires - 1));
        assert!(!tokens.is_valid(token.as_bytes(), expires));
        assert!(!others.is_valid(token.as_bytes(), 5));
        let later = token.replacen("MIIDemo00", "MIIDemo01", 1);
        for forged in ["", "MIIDemo", &later, &token[..token.len() - 2], "é"] {
            assert!(!tokens.is_valid(forged.as_bytes(), 5), "{forged}");
        }
    }
}
