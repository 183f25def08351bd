//! What was signed, in a form that can be shown, and why a gateway refused it.

use bytes::Bytes;
use http::Response;
use http::header::DATE;
use jiff::{SignedDuration, Timestamp};

use super::{Request, Signature, sign};
use crate::credentials::Secret;
use crate::error_body::{ECHO, MASK, Redaction, ServiceMessage};
use crate::retry::http_date;
use crate::{CredentialProvider, Credentials, Error, ErrorKind};

const SECURITY_TOKEN: &str = "x-security-token";

/// The gateway refuses a signature whose date is further off (API signing guide).
const LARGEST_SKEW: SignedDuration = SignedDuration::from_mins(15);

/// Headers whose values are secrets.
const CONFIDENTIAL: [&str; 6] = [
    "authorization",
    "cookie",
    "proxy-authorization",
    "x-auth-token",
    SECURITY_TOKEN,
    "x-subject-token",
];

/// Signs `request` as [`sign`] does, and masks keys, tokens and the signature in the steps.
///
/// The hash at the end of `string_to_sign` is that of the true canonical request, with nothing masked.
/// The security token of temporary credentials is added to the headers unless it is among them.
///
/// ```
/// use idsync::Credentials;
/// use idsync::signing::{Request, explain};
///
/// let headers = [("host", "dws.cn-north-4.myhuaweicloud.com"), ("x-sdk-date", "20260108T123456Z")];
/// let request = Request { method: "GET", path: "/v1/x", query: &[], headers: &headers, body: b"" };
/// let steps = explain(&request, &Credentials::access_key("AKEXAMPLE", "an example secret"))?;
/// assert!(steps.string_to_sign.starts_with("SDK-HMAC-SHA256\n20260108T123456Z\n"));
/// assert!(!steps.authorization.contains("AKEXAMPLE"));
/// # Ok::<(), idsync::Error>(())
/// ```
///
/// # Errors
///
/// `Credentials` if there is nothing to sign with: an IAM token is sent as it is.
pub fn explain(request: &Request<'_>, credentials: &Credentials) -> Result<Signature, Error> {
    let Secret::AccessKey(key) = &*credentials.0 else {
        return Err(Error::new(
            ErrorKind::Credentials,
            "an IAM token is sent as it is, and nothing is signed: give an access key and its secret",
        ));
    };
    credentials.check()?;
    let mut headers = request.headers.to_vec();
    if let Some(token) = &key.security_token
        && !headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case(SECURITY_TOKEN))
    {
        headers.push((SECURITY_TOKEN, token));
    }
    let request = Request {
        headers: &headers,
        ..*request
    };
    let steps = sign(&request, &key.id, &key.secret);
    let is_confidential = |name: &str| CONFIDENTIAL.iter().any(|it| it.eq_ignore_ascii_case(name));
    let confidential = headers
        .iter()
        .filter(|(name, _)| is_confidential(name))
        .map(|(_, value)| value.trim());
    let secrets = credentials.secrets().map(|(_, value)| value);
    let redaction = Redaction::new(secrets.chain(confidential));
    let signed_headers = redaction.apply(&steps.signed_headers);
    Ok(Signature {
        authorization: format!(
            "{} Access={MASK}, SignedHeaders={signed_headers}, Signature={MASK}",
            super::ALGORITHM
        ),
        canonical_request: redaction.apply(&steps.canonical_request),
        string_to_sign: redaction.apply(&steps.string_to_sign),
        signed_headers,
    })
}

/// Why a gateway answered 401 to a signature over the canonical request `signed`, if its answer shows it: the clock of this
/// machine is wrong, or a part of the request differs.
pub(crate) fn explain_refusal(
    signed: &str,
    answer: &Response<Bytes>,
    now: Timestamp,
) -> Option<String> {
    let skew = http_date(answer.headers(), DATE)
        .map(|date| now.duration_since(date))
        .filter(|skew| skew.abs() > LARGEST_SKEW);
    if let Some(skew) = skew {
        let direction = if skew.is_negative() {
            "behind"
        } else {
            "ahead"
        };
        return Some(format!(
            "the clock of this machine is {:#} {direction}, and a signature is valid for 15 minutes: set the clock",
            SignedDuration::from_secs(skew.abs().as_secs())
        ));
    }
    let message = ServiceMessage::read(answer.body()).message?;
    let (_, echo) = message.split_once(ECHO)?;
    Some(difference(signed, echo))
}

/// The first part in which the canonical request that was signed differs from the one that a gateway echoes. No value is
/// shown, since some are secrets.
fn difference(signed: &str, echo: &str) -> String {
    const FIRST: [&str; 3] = ["method", "path", "query"];
    // Gateways write the line breaks as such or as bars (inferred from messages that users posted).
    let received = echo.trim().split(['\n', '|']);
    let mut lines = signed.split('\n').zip(received).enumerate();
    let Some((line, (ours, _))) = lines.find(|(_, (ours, theirs))| ours != theirs) else {
        return "the service computed over the same request, so the secret key is wrong".to_owned();
    };
    let part = match (FIRST.get(line), ours.split_once(':')) {
        (Some(part), _) => (*part).to_owned(),
        (None, Some((header, _))) => format!("header {header}"),
        (None, None) => "list of signed headers or the hash of the body".to_owned(),
    };
    format!("the {part} that arrived differs from what was signed: something on the way changed it")
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

    #[test]
    fn no_step_shows_a_key_a_token_or_the_signature() {
        let credentials =
            Credentials::access_key("AKSECRET", "SKSECRET").with_security_token("STSECRET");
        let steps = explain(&REQUEST, &credentials).unwrap();
        let shown = serde_json::to_string(&steps).unwrap();
        assert!(!shown.contains("SECRET"), "{shown}");
        assert!(steps.canonical_request.contains("x-security-token:***\n"));
        assert_eq!(
            steps.authorization,
            "SDK-HMAC-SHA256 Access=***, \
             SignedHeaders=host;x-auth-token;x-sdk-date;x-security-token, Signature=***"
        );
        let headers = [HEADERS, &[(SECURITY_TOKEN, "STSECRET")]].concat();
        let request = Request {
            headers: &headers,
            ..REQUEST
        };
        let signature = sign(&request, "AKSECRET", "SKSECRET");
        assert_eq!(steps.string_to_sign, signature.string_to_sign);
    }

    #[test]
    fn a_token_signs_nothing() {
        let error = explain(&REQUEST, &Credentials::token("TOKENSECRET")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials);
    }

    const SIGNED: &str =
        "GET\n/v2/p/\na=1\nhost:h\nx-security-token:SECRET\n\nhost;x-security-token\ne3b0";

    #[test]
    fn the_first_part_that_differs_from_the_echo_is_named_without_values() {
        let cause = |change: &str, to: &str| {
            let echo = SIGNED.replace(change, to);
            let [cause, same] = [&echo, &echo.replace('\n', "|")].map(|it| difference(SIGNED, it));
            assert!(cause == same && !cause.contains("SECRET"), "{cause}");
            cause
        };
        assert!(cause("GET", "POST").starts_with("the method "));
        assert!(cause("/v2/p/", "/v2/q/").starts_with("the path "));
        assert!(cause("a=1", "a=1&b=2").starts_with("the query "));
        let token = cause("SECRET", "OTHERSECRET");
        assert!(token.starts_with("the header x-security-token "), "{token}");
        assert!(cause("e3b0", "ffff").contains("the hash of the body"));
        assert!(cause("e3b0", "e3b0").contains("the secret key is wrong"));
    }

    #[test]
    fn a_clock_that_is_too_far_off_is_reported_with_the_difference() {
        let answer = Response::builder()
            .status(401)
            .header(DATE, "Sun, 22 Nov 2026 06:00:00 GMT")
            .body(Bytes::new())
            .unwrap();
        let cause = |now: &str| explain_refusal(SIGNED, &answer, now.parse().unwrap());
        assert!(cause("2026-11-22T09:00:00Z").unwrap().contains("3h ahead"));
        assert!(
            cause("2026-11-22T05:40:00Z")
                .unwrap()
                .contains("20m behind")
        );
        assert_eq!(cause("2026-11-22T06:14:00Z"), None);
    }
}
