//! Access control: the checks before every response.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::{MonitorError, ServeSettings};

/// Only the style sheet of this host; no script, no frame, nothing else.
const POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The name that Basic authentication shows.
const REALM: &str = "Basic realm=\"idsync\", charset=\"UTF-8\"";

/// What a request must have.
pub(super) struct Guard {
    /// The hash of the secret, if there is one.
    secret: Option<[u8; 32]>,
    hosts: Vec<String>,
}

impl Guard {
    /// # Errors
    ///
    /// If others could read without a secret, or the secret cannot be read.
    pub(super) fn new(serve: &ServeSettings) -> Result<Self, MonitorError> {
        let secret = serve.token_file.as_ref().map(|path| {
            let secret = std::fs::read_to_string(path)
                .map_err(|error| MonitorError::of_file(path, "read", error))?;
            match secret.trim() {
                "" => Err(MonitorError::new(format!("{} is empty", path.display()))),
                secret => Ok(hash(secret)),
            }
        });
        let secret = secret.transpose()?;
        if secret.is_none() && !serve.public && !serve.listen.ip().is_loopback() {
            return Err(MonitorError::new(format!(
                "anyone who can reach {} could read: set token_file, or public = true",
                serve.listen
            )));
        }
        let hosts = serve.hosts.iter().map(|host| host.to_ascii_lowercase());
        let hosts = hosts.chain(["localhost".to_owned()]).collect();
        Ok(Self { secret, hosts })
    }

    /// By DNS rebinding, a page of another site can send requests here under a name of its own, but not under an IP address.
    fn knows(&self, host: &str) -> bool {
        let name = match host.rsplit_once(':') {
            Some((name, port)) if !port.contains(']') => name,
            _ => host,
        };
        let name = name.trim_matches(['[', ']']).to_ascii_lowercase();
        name.parse::<IpAddr>().is_ok() || self.hosts.contains(&name)
    }

    /// Whether the request carries the secret, as a bearer token or as the password of Basic.
    fn admits(&self, headers: &HeaderMap) -> bool {
        let Some(secret) = &self.secret else {
            return true;
        };
        let given = headers.get(header::AUTHORIZATION);
        let given = given.and_then(|value| value.to_str().ok());
        let Some((scheme, value)) = given.and_then(|given| given.split_once(' ')) else {
            return false;
        };
        let given = match scheme.to_ascii_lowercase().as_str() {
            "bearer" => Some(value.trim().to_owned()),
            "basic" => password(value.trim()),
            _ => None,
        };
        // Hashes are compared: how long that takes says nothing about the secret.
        given.is_some_and(|given| hash(&given) == *secret)
    }
}

fn password(encoded: &str) -> Option<String> {
    let decoded = STANDARD.decode(encoded).ok()?;
    let decoded = String::from_utf8(decoded).ok()?;
    Some(decoded.split_once(':')?.1.to_owned())
}

fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// Refuses other methods than GET and foreign hosts, and adds the headers of every response.
pub(super) async fn check(
    State(guard): State<Arc<Guard>>,
    request: Request,
    next: Next,
) -> Response {
    let host = request.headers().get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok());
    let is_known = host.is_some_and(|host| guard.knows(host));
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let mut response = if !is_read {
        let allowed = [(header::ALLOW, "GET, HEAD")];
        (StatusCode::METHOD_NOT_ALLOWED, allowed).into_response()
    } else if is_known {
        next.run(request).await
    } else {
        let why = "this host name is not configured: add it to hosts in the configuration\n";
        (StatusCode::MISDIRECTED_REQUEST, why).into_response()
    };
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
    response
}

/// Refuses requests without the secret.
pub(super) async fn authorize(
    State(guard): State<Arc<Guard>>,
    request: Request,
    next: Next,
) -> Response {
    if guard.admits(request.headers()) {
        return next.run(request).await;
    }
    let headers = [(header::WWW_AUTHENTICATE, REALM)];
    let why = "the secret is missing or wrong\n";
    (StatusCode::UNAUTHORIZED, headers, why).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_and_configured_names_are_hosts() {
        let serve = ServeSettings {
            hosts: vec!["Idsync.example.com".to_owned()],
            ..ServeSettings::default()
        };
        let guard = Guard::new(&serve).unwrap();
        for host in [
            "localhost",
            "127.0.0.1:9477",
            "[::1]:9477",
            "[::1]",
            "idsync.example.com:80",
        ] {
            assert!(guard.knows(host), "{host}");
        }
        for host in [
            "evil.example",
            "localhost.evil.example:9477",
            "",
            "127.0.0.1.evil.example",
        ] {
            assert!(!guard.knows(host), "{host}");
        }
    }

    #[test]
    fn the_secret_is_a_bearer_token_or_a_password() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        std::fs::write(&path, "s3cret\n").unwrap();
        let serve = ServeSettings {
            listen: "0.0.0.0:0".parse().unwrap(),
            token_file: Some(path),
            ..ServeSettings::default()
        };
        let guard = Guard::new(&serve).unwrap();
        let admits = |value: Option<&str>| {
            let mut headers = HeaderMap::new();
            if let Some(value) = value {
                headers.insert(header::AUTHORIZATION, value.parse().unwrap());
            }
            guard.admits(&headers)
        };
        assert!(admits(Some("Bearer s3cret")));
        assert!(admits(Some(&format!(
            "basic {}",
            STANDARD.encode("any:s3cret")
        ))));
        for wrong in [
            None,
            Some("Bearer other"),
            Some("s3cret"),
            Some("Basic s3cret"),
        ] {
            assert!(!admits(wrong), "{wrong:?}");
        }
    }

    #[test]
    fn an_open_address_needs_a_secret_or_the_word_of_the_operator() {
        let mut serve = ServeSettings {
            listen: "0.0.0.0:0".parse().unwrap(),
            ..ServeSettings::default()
        };
        assert!(Guard::new(&serve).is_err());
        serve.public = true;
        assert!(Guard::new(&serve).is_ok());
    }
}
