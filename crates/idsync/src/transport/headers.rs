//! What is put on a request before it is sent, and read off an answer.

use http::header::{AUTHORIZATION, HOST, HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;
use url::Url;

use crate::credentials::Secret;
use crate::signing::{self, DATE_HEADER, Signature};
use crate::{Credentials, Error, ProjectId};

const TOKEN: HeaderName = HeaderName::from_static("x-auth-token");
const SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-security-token");
const PROJECT: HeaderName = HeaderName::from_static("x-project-id");
const DATE: HeaderName = HeaderName::from_static(DATE_HEADER);

/// Adds the token, or the signature over everything else that the request carries; then gives the canonical request
/// that was signed.
///
/// The project goes along as `X-Project-Id`, as the official SDKs do: some operations do not find a workspace
/// without it.
pub(super) fn authorize(
    request: &mut reqwest::Request,
    credentials: &Credentials,
    project_id: Option<&ProjectId>,
    now: Timestamp,
) -> Result<Option<String>, Error> {
    if let Some(project_id) = project_id {
        let value = value(project_id.as_str())?;
        request.headers_mut().insert(PROJECT, value);
    }
    credentials.fit_for_headers()?;
    match credentials.secret() {
        Secret::Token(token) => {
            request.headers_mut().insert(TOKEN, secret(token)?);
            Ok(None)
        }
        Secret::AccessKey {
            access_key,
            secret_key,
            security_token,
        } => {
            if let Some(token) = security_token {
                request.headers_mut().insert(SECURITY_TOKEN, secret(token)?);
            }
            request
                .headers_mut()
                .insert(DATE, value(&now.strftime("%Y%m%dT%H%M%SZ").to_string())?);
            let signature = sign(request, access_key, secret_key)?;
            request
                .headers_mut()
                .insert(AUTHORIZATION, secret(&signature.authorization)?);
            Ok(Some(signature.canonical_request))
        }
    }
}

/// The signature of a request that is otherwise complete.
fn sign(
    request: &reqwest::Request,
    access_key: &str,
    secret_key: &str,
) -> Result<Signature, Error> {
    let host = host(request.url());
    let mut headers = vec![(HOST.as_str(), host.as_str())];
    for (name, value) in request.headers() {
        let text = value.to_str().map_err(|_| {
            Error::invalid_input(format!(
                "the header {name} cannot be signed: it is not text"
            ))
        })?;
        headers.push((name.as_str(), text));
    }
    let pairs: Vec<_> = request.url().query_pairs().collect();
    let query: Vec<_> = pairs
        .iter()
        .map(|(name, value)| (name.as_ref(), value.as_ref()))
        .collect();
    let plain = signing::Request {
        method: request.method().as_str(),
        path: request.url().path(),
        query: &query,
        headers: &headers,
        body: request
            .body()
            .and_then(reqwest::Body::as_bytes)
            .unwrap_or_default(),
    };
    Ok(signing::sign(&plain, access_key, secret_key))
}

/// The `Host` header as the HTTP library will send it: with the port only where it is not the scheme's own.
fn host(url: &Url) -> String {
    let name = url.host_str().unwrap_or_default();
    url.port()
        .map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"))
}

fn value(text: &str) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(text)
        .map_err(|_| Error::invalid_input("a header value has a character that cannot be sent"))
}

/// A value that the HTTP library must not show either.
fn secret(text: &str) -> Result<HeaderValue, Error> {
    let mut value = value(text)?;
    value.set_sensitive(true);
    Ok(value)
}

/// The id under which the service can find the request.
pub(super) fn request_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get("x-request-id")?.to_str().ok()?;
    (!id.is_empty()).then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authorized(url: &str, credentials: &Credentials) -> reqwest::Request {
        let mut request = reqwest::Request::new(http::Method::GET, url.parse().unwrap());
        let now = "2026-01-08T12:34:56Z".parse().unwrap();
        let project_id = "p1".parse().unwrap();
        authorize(&mut request, credentials, Some(&project_id), now).unwrap();
        request
    }

    #[test]
    fn a_token_is_sent_and_nothing_is_signed() {
        let request = authorized("https://h.example/x", &Credentials::token("t"));
        assert_eq!(request.headers()[&TOKEN], "t");
        assert!(request.headers()[&TOKEN].is_sensitive());
        assert!(!request.headers().contains_key(AUTHORIZATION));
    }

    #[test]
    fn an_access_key_signs_host_date_project_and_security_token() {
        let credentials = Credentials::access_key("AK", "SK").with_security_token("st");
        let request = authorized("http://127.0.0.1:81/x?a=1", &credentials);
        let authorization = request.headers()[AUTHORIZATION].to_str().unwrap();
        assert!(
            authorization.contains("SignedHeaders=host;x-project-id;x-sdk-date;x-security-token,"),
            "{authorization}"
        );
        assert_eq!(request.headers()[&DATE], "20260108T123456Z");
        assert!(!format!("{request:?}").contains("Signature="));
    }

    #[test]
    fn the_port_is_part_of_the_host_only_where_it_is_not_the_default() {
        for (url, expected) in [
            ("https://h.example/x", "h.example"),
            ("https://h.example:443/x", "h.example"),
            ("http://h.example:443/x", "h.example:443"),
            ("http://[::1]:80/x", "[::1]"),
        ] {
            assert_eq!(host(&url.parse().unwrap()), expected);
        }
    }
}
