//! What the metadata service writes about a key.

use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;

use crate::{Credentials, Error, ErrorKind};

/// How long a key is kept that says nothing of its term; the service documents one hour.
const ASSUMED_LIFETIME: Duration = Duration::from_mins(20);

/// Field names as the official SDKs accept them: they differ between generations of the service.
#[derive(Deserialize)]
struct Answer {
    #[serde(alias = "credentials")]
    credential: Key,
}

#[derive(Deserialize)]
struct Key {
    #[serde(alias = "accessKeyId", alias = "access_key_id")]
    access: String,
    #[serde(alias = "secretAccessKey", alias = "secret_access_key")]
    secret: String,
    #[serde(alias = "securityToken", alias = "security_token")]
    securitytoken: Option<String>,
    #[serde(alias = "expiration")]
    expires_at: Option<Timestamp>,
}

/// The key and for how long it is good.
///
/// # Errors
///
/// `Decode`, with the place but no word of what is written there.
pub(super) fn key_in(body: &[u8]) -> Result<(Credentials, Duration), Error> {
    let Answer { credential: key } = serde_json::from_slice(body).map_err(|error| {
        let message = format!(
            "the answer holds no readable key (line {}, column {})",
            error.line(),
            error.column()
        );
        Error::new(ErrorKind::Decode, message)
    })?;
    let credentials = Credentials::access_key(key.access, key.secret);
    let credentials = match key.securitytoken {
        Some(token) => credentials.with_security_token(token),
        None => credentials,
    };
    credentials.fit_for_headers()?;
    let lifetime = key.expires_at.map_or(ASSUMED_LIFETIME, |end| {
        Duration::try_from(end.duration_since(Timestamp::now())).unwrap_or_default()
    });
    Ok((credentials, lifetime))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_generations_of_field_names_are_read() {
        for body in [
            r#"{"credential": {"access": "A", "secret": "S", "securitytoken": "T",
                "expires_at": "2999-04-17T07:55:18.575000Z"}}"#,
            r#"{"credentials": {"accessKeyId": "A", "secretAccessKey": "S", "securityToken": "T",
                "expiration": "2999-04-17T07:55:18.575000Z"}}"#,
        ] {
            let (key, lifetime) = key_in(body.as_bytes()).unwrap();
            assert_eq!(
                key,
                Credentials::access_key("A", "S").with_security_token("T")
            );
            assert!(lifetime > Duration::from_hours(1));
        }
    }

    #[test]
    fn a_key_past_its_end_or_without_one_is_not_kept_for_long() {
        let with_end = |end: &str| {
            let body = format!(r#"{{"credential": {{"access": "A", "secret": "S"{end}}}}}"#);
            key_in(body.as_bytes()).unwrap().1
        };
        assert_eq!(
            with_end(r#", "expires_at": "2017-04-17T07:55:18.575000Z""#),
            Duration::ZERO
        );
        assert_eq!(with_end(""), ASSUMED_LIFETIME);
    }

    #[test]
    fn an_answer_that_cannot_be_read_is_not_repeated() {
        for body in [
            r#"{"credential": {"access": "AKSECRET", "secret": 5}}"#,
            r#"{"credential": {"access": "AKSECRET", "secret": "S", "expires_at": "SECRET"}}"#,
            "SECRET",
            "",
        ] {
            let error = key_in(body.as_bytes()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Decode);
            assert!(!format!("{error} {error:?}").contains("SECRET"), "{error}");
        }
    }
}
