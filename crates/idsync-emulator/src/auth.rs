//! Authentication: one account with a permanent key, a temporary key and a user, and the checks of the gateway.
//!
//! The secrets are public on purpose: they are valid at emulators only.

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::{Request, StatusCode};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use sha2::{Digest, Sha256};

use crate::gateway::{ApiError, gateway_error};
use crate::ids::{hex32, salt};

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
pub(crate) const TOKEN_LIFETIME_MS: i64 = 24 * 60 * 60 * 1_000;

const ALGORITHM: &str = "SDK-HMAC-SHA256";
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// All characters but letters, digits and `-_.~` are percent-encoded.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// In a path, slashes are not either.
const PATH: &AsciiSet = &RESERVED.remove(b'/');

/// The token that expires at a time in milliseconds since the epoch. It is checked by computing it again, so none is stored.
pub(crate) fn token(seed: u64, expires_ms: i64) -> String {
    let claim = format!("MIIDemo{expires_ms:016x}");
    let proof = hex32(salt(seed, &claim), 0);
    claim + &proof
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

/// A parsed `Authorization` header.
#[derive(Debug)]
struct Authorization<'a> {
    access_key: &'a str,
    /// Lower-case names, separated by semicolons.
    signed_headers: &'a str,
    /// Hexadecimal digits.
    signature: &'a str,
}

impl<'a> Authorization<'a> {
    /// # Errors
    ///
    /// What is wrong with it, without repeating any of it.
    fn parse(value: &'a [u8]) -> Result<Self, &'static str> {
        let text = std::str::from_utf8(value).ok();
        let fields = text.and_then(|text| text.strip_prefix(ALGORITHM)?.strip_prefix(' '));
        // An access key may contain any character, so the fields are found from the end.
        let parsed = fields.and_then(|fields| {
            let (fields, signature) = fields.rsplit_once("Signature=")?;
            let (access, signed_headers) = fields.rsplit_once("SignedHeaders=")?;
            let access_key = access.trim_start().strip_prefix("Access=")?;
            Some(Self {
                access_key: without_comma(access_key),
                signed_headers: without_comma(signed_headers),
                signature: signature.trim(),
            })
        });
        parsed.ok_or(
            "the Authorization header is not of the form SDK-HMAC-SHA256 Access=AK, SignedHeaders=NAMES, Signature=HEX",
        )
    }

    /// When the request was signed.
    ///
    /// # Errors
    ///
    /// `X-Sdk-Date` is absent, not signed, or not of the form `20260131T235959Z`.
    fn date(&self, request: &Request<Bytes>) -> Result<Timestamp, &'static str> {
        let mut names = self.signed_headers.split(';');
        if !names.any(|name| name == "x-sdk-date") {
            return Err("x-sdk-date is not among the signed headers");
        }
        let date = request.headers().get("x-sdk-date");
        let date = date.and_then(|date| date.to_str().ok());
        DateTime::strptime("%Y%m%dT%H%M%SZ", date.unwrap_or_default().trim())
            .and_then(|civil| civil.to_zoned(TimeZone::UTC))
            .map(|zoned| zoned.timestamp())
            .map_err(|_| "the X-Sdk-Date header is not of the form 20260131T235959Z")
    }

    /// Checks the signature.
    ///
    /// # Errors
    ///
    /// The canonical request, if the signature is wrong or a signed header was not sent.
    fn verify(&self, request: &Request<Bytes>, secret: &str) -> Result<(), Vec<u8>> {
        let canonical = |body: &str| canonical_request(request, self.signed_headers, body);
        let date = request.headers().get("x-sdk-date");
        let date = date.map_or(&b""[..], |date| date.as_bytes().trim_ascii());
        let matches = |canonical: &[u8]| {
            let hash = hash(canonical);
            let to_sign = [ALGORITHM.as_bytes(), date, hash.as_bytes()].join(&b'\n');
            // HMAC takes keys of any length.
            Hmac::<Sha256>::new_from_slice(secret.as_bytes()).is_ok_and(|mac| {
                let expected = mac.chain_update(to_sign).finalize().into_bytes();
                let expected = format!("{:x}", Bytes::copy_from_slice(&expected));
                expected.eq_ignore_ascii_case(self.signature)
            })
        };
        let signed = canonical(&hash(request.body()));
        let mut names = self.signed_headers.split(';');
        let is_complete = names.all(|name| request.headers().contains_key(name));
        // A client may exclude the body from the signature and say so. Official ones differ in what they then sign for an empty body.
        let declared = request.headers().get("x-sdk-content-sha256");
        let is_unsigned = declared.is_some_and(|it| it == UNSIGNED);
        if is_complete && (matches(&signed) || is_unsigned && matches(&canonical(UNSIGNED))) {
            return Ok(());
        }
        Err(signed)
    }
}

fn without_comma(field: &str) -> &str {
    let field = field.trim_end();
    field.strip_suffix(',').unwrap_or(field).trim_end()
}

/// Method, path, query, signed headers, their names and the hash of the body, one a line.
fn canonical_request(request: &Request<Bytes>, signed_headers: &str, body_hash: &str) -> Vec<u8> {
    let path = canonical_path(request.uri().path());
    let query = canonical_query(request.uri().query().unwrap_or_default());
    let mut text = format!("{}\n{path}\n{query}\n", request.method()).into_bytes();
    for name in signed_headers.split(';') {
        let values = request.headers().get_all(name).iter();
        let values: Vec<&[u8]> = values.map(|value| value.as_bytes().trim_ascii()).collect();
        // Several headers of one name are joined by commas (inferred).
        let value = values.join(&b',');
        text.extend([name.as_bytes(), b":", &value, b"\n"].concat());
    }
    text.extend(format!("\n{signed_headers}\n{body_hash}").into_bytes());
    text
}

/// Lower-case hexadecimal SHA-256.
fn hash(bytes: &[u8]) -> String {
    format!("{:x}", Bytes::copy_from_slice(&Sha256::digest(bytes)))
}

/// Decoded as a whole, then encoded but for its slashes, always with a slash at the end.
///
/// An encoded slash becomes a plain one, as in the official Python client.
fn canonical_path(path: &str) -> String {
    let decoded: Vec<u8> = percent_decode_str(path).collect();
    let mut path = percent_encode(&decoded, PATH).to_string();
    if !path.ends_with('/') {
        path.push('/');
    }
    path
}

/// Pairs sorted by decoded name, then value. A `+` is an ordinary character: clients sign a space as `%20`.
fn canonical_query(query: &str) -> String {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        [name, value].map(|text| percent_decode_str(text).collect::<Vec<u8>>())
    });
    let mut pairs: Vec<_> = pairs.collect();
    pairs.sort();
    let pairs = pairs.iter();
    let pairs = pairs.map(|[name, value]| {
        let [name, value] = [name, value].map(|text| percent_encode(text, RESERVED));
        format!("{name}={value}")
    });
    pairs.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests;
