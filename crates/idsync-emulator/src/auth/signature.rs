//! Verification of SDK-HMAC-SHA256 signatures.

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::Request;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use sha2::Sha256;

use super::canonical::{canonical_request, hash};

const ALGORITHM: &str = "SDK-HMAC-SHA256";
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// A parsed `Authorization` header.
#[derive(Debug)]
pub(crate) struct Authorization<'a> {
    pub(crate) access_key: &'a str,
    /// Lower-case names, separated by semicolons.
    signed_headers: &'a str,
    /// Hexadecimal digits.
    signature: &'a str,
}

impl<'a> Authorization<'a> {
    /// # Errors
    ///
    /// What is wrong with it, without repeating any of it.
    pub(crate) fn parse(value: &'a [u8]) -> Result<Self, &'static str> {
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
    pub(crate) fn date(&self, request: &Request<Bytes>) -> Result<Timestamp, &'static str> {
        let mut names = self.signed_headers.split(';');
        if !names.any(|name| name == "x-sdk-date") {
            return Err("x-sdk-date is not among the signed headers");
        }
        let date = sdk_date(request).unwrap_or_default();
        DateTime::strptime("%Y%m%dT%H%M%SZ", date)
            .and_then(|civil| civil.to_zoned(TimeZone::UTC))
            .map(|zoned| zoned.timestamp())
            .map_err(|_| "the X-Sdk-Date header is not of the form 20260131T235959Z")
    }

    /// Checks the signature.
    ///
    /// # Errors
    ///
    /// The canonical request, if the signature is wrong or a signed header was not sent.
    pub(crate) fn verify(&self, request: &Request<Bytes>, secret: &str) -> Result<(), Vec<u8>> {
        let canonical = |body: &str| canonical_request(request, self.signed_headers, body);
        let matches = |canonical: &[u8]| self.matches(request, canonical, secret);
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

    fn matches(&self, request: &Request<Bytes>, canonical: &[u8], secret: &str) -> bool {
        let date = sdk_date(request).unwrap_or_default();
        let to_sign = format!("{ALGORITHM}\n{date}\n{}", hash(canonical));
        // HMAC takes keys of any length.
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).is_ok_and(|mac| {
            let expected = mac.chain_update(to_sign).finalize().into_bytes();
            format!("{:x}", Bytes::copy_from_slice(&expected)).eq_ignore_ascii_case(self.signature)
        })
    }
}

fn sdk_date(request: &Request<Bytes>) -> Option<&str> {
    let date = request.headers().get("x-sdk-date")?;
    date.to_str().ok().map(str::trim)
}

fn without_comma(field: &str) -> &str {
    let field = field.trim_end();
    field.strip_suffix(',').unwrap_or(field).trim_end()
}

#[cfg(test)]
mod tests;
