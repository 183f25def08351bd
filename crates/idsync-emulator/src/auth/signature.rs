//! SDK-HMAC-SHA256, from the side of the verifier.

use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use sha2::Sha256;

use super::canonical::{canonical_request, hash};
use crate::ids::unhex;

const ALGORITHM: &str = "SDK-HMAC-SHA256";
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// The parts of a request that a signature covers, as they were received.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SignedRequest<'a> {
    pub(crate) method: &'a str,
    /// Path, still percent-encoded.
    pub(crate) path: &'a str,
    /// Query without its question mark, still percent-encoded.
    pub(crate) query: &'a str,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
}

/// The `Authorization` header, taken apart.
#[derive(Debug)]
pub(crate) struct Authorization<'a> {
    pub(crate) access_key: &'a str,
    /// Lower-case names, separated by semicolons.
    signed_headers: &'a str,
    signature: Vec<u8>,
}

/// The signature does not fit the request.
#[derive(Debug)]
pub(crate) enum Mismatch<'a> {
    /// This is what it should have been made of.
    Canonical(Vec<u8>),
    /// This header is said to be signed, but was not sent.
    NotSent(&'a str),
}

impl<'a> Authorization<'a> {
    /// Takes the header apart.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in words that repeat nothing of it.
    pub(crate) fn parse(value: &'a [u8]) -> Result<Self, &'static str> {
        let text =
            std::str::from_utf8(value).map_err(|_| "the Authorization header is not text")?;
        let (algorithm, fields) = text
            .split_once(' ')
            .ok_or("the Authorization header is incomplete")?;
        if algorithm != ALGORITHM {
            return Err(
                "the algorithm of the signature is not SDK-HMAC-SHA256, the only one that is checked here",
            );
        }
        // An access key may hold any character, so the fields are found from the end.
        let (fields, signature) = fields
            .rsplit_once("Signature=")
            .ok_or("the Authorization header names no Signature")?;
        let (access, signed_headers) = fields
            .rsplit_once("SignedHeaders=")
            .ok_or("the Authorization header names no SignedHeaders")?;
        let access_key = access
            .trim_start()
            .strip_prefix("Access=")
            .ok_or("the Authorization header names no Access")?;
        Ok(Self {
            access_key: without_comma(access_key),
            signed_headers: without_comma(signed_headers),
            signature: unhex(signature.trim()).ok_or("the Signature is not hexadecimal")?,
        })
    }

    /// When the request was signed.
    ///
    /// # Errors
    ///
    /// `X-Sdk-Date` is absent, not signed, or not of the form `20260131T235959Z`.
    pub(crate) fn date(&self, request: &SignedRequest<'_>) -> Result<Timestamp, &'static str> {
        if !self
            .signed_headers
            .split(';')
            .any(|name| name == "x-sdk-date")
        {
            return Err("x-sdk-date is not among the signed headers");
        }
        let value = sdk_date(request).ok_or("the X-Sdk-Date header is missing")?;
        DateTime::strptime("%Y%m%dT%H%M%SZ", value)
            .and_then(|civil| civil.to_zoned(TimeZone::UTC))
            .map(|zoned| zoned.timestamp())
            .map_err(|_| "the X-Sdk-Date header is not of the form 20260131T235959Z")
    }

    /// Checks the signature in constant time.
    ///
    /// # Errors
    ///
    /// [`Mismatch`] with the reason.
    pub(crate) fn verify(
        &self,
        request: &SignedRequest<'_>,
        secret: &str,
    ) -> Result<(), Mismatch<'a>> {
        let body_hash = hash(request.body);
        let canonical = canonical_request(request, self.signed_headers, &body_hash)
            .map_err(Mismatch::NotSent)?;
        if self.fits(request, &canonical, secret) || self.fits_unsigned(request, secret) {
            return Ok(());
        }
        Err(Mismatch::Canonical(canonical))
    }

    /// A client may leave the body out of the signature and say so. Official ones differ in what they then sign for an empty body.
    fn fits_unsigned(&self, request: &SignedRequest<'_>, secret: &str) -> bool {
        let declared = request.headers.get("x-sdk-content-sha256");
        declared.is_some_and(|value| value.as_bytes() == UNSIGNED.as_bytes())
            && canonical_request(request, self.signed_headers, UNSIGNED)
                .is_ok_and(|canonical| self.fits(request, &canonical, secret))
    }

    fn fits(&self, request: &SignedRequest<'_>, canonical: &[u8], secret: &str) -> bool {
        let Some(date) = sdk_date(request) else {
            return false;
        };
        let to_sign = format!("{ALGORITHM}\n{date}\n{}", hash(canonical));
        // HMAC takes keys of any length.
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).is_ok_and(|mac| {
            mac.chain_update(to_sign)
                .verify_slice(&self.signature)
                .is_ok()
        })
    }
}

fn sdk_date<'a>(request: &SignedRequest<'a>) -> Option<&'a str> {
    request
        .headers
        .get("x-sdk-date")?
        .to_str()
        .ok()
        .map(str::trim)
}

fn without_comma(field: &str) -> &str {
    let field = field.trim_end();
    field.strip_suffix(',').unwrap_or(field).trim_end()
}

#[cfg(test)]
mod tests;
