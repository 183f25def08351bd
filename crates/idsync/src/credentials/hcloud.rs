//! The configuration of `KooCLI` (`hcloud`), as far as its access keys are not encrypted.
//!
//! The shape of the file is inferred from programs that read it; it is not documented.

use serde::Deserialize;
use serde_json::Value;

use super::Credentials;
use crate::profile::{Lookup, home, read_file};
use crate::region::Environment;
use crate::{Error, ErrorKind};

/// An access key, and where it stands.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) credentials: Credentials,
    pub(super) origin: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Config {
    current: Option<String>,
    /// Text or a flag; secrets are encrypted unless it says no.
    auth_encrypt: Option<Value>,
    #[serde(default)]
    profiles: Vec<Profile>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Profile {
    name: Option<String>,
    mode: Option<String>,
    access_key_id: Option<String>,
    secret_access_key: Option<String>,
    security_token: Option<String>,
}

/// The access key of the current profile.
///
/// # Errors
///
/// `Credentials` if the file cannot be read, or its secrets are encrypted.
pub(super) fn read(environment: Environment<'_>) -> Result<Lookup<Key>, Error> {
    let Some(home) = home(environment) else {
        let why = "KooCLI is not looked for without a home directory";
        return Ok(Lookup::Absent(why.into()));
    };
    let path = home.join(".hcloud/config.json");
    let file = path.display().to_string();
    let Some(text) = read_file(&path)? else {
        return Ok(Lookup::Absent(format!("{file} (KooCLI) does not exist")));
    };
    let config: Config = serde_json::from_str(&text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        refused(&format!(
            "{file} (KooCLI) cannot be read: line {line}, column {column}"
        ))
    })?;
    let encrypted = config.is_encrypted();
    let Some(profile) = config.current_profile() else {
        return Ok(Lookup::Absent(format!(
            "{file} (KooCLI) has no current profile"
        )));
    };
    profile.key(&file, encrypted)
}

impl Config {
    fn is_encrypted(&self) -> bool {
        match &self.auth_encrypt {
            Some(Value::Bool(encrypted)) => *encrypted,
            Some(Value::String(text)) => !text.eq_ignore_ascii_case("false"),
            _ => true,
        }
    }

    fn current_profile(self) -> Option<Profile> {
        let current = self.current?;
        self.profiles
            .into_iter()
            .find(|profile| profile.name.as_deref() == Some(&current))
    }
}

impl Profile {
    fn key(self, file: &str, encrypted: bool) -> Result<Lookup<Key>, Error> {
        let name = self.name.unwrap_or_default();
        let origin = format!("profile `{name}` of {file} (KooCLI)");
        let mode = self.mode.unwrap_or_default();
        if !mode.is_empty() && !mode.eq_ignore_ascii_case("AKSK") {
            let why = format!("{origin} has the mode {mode:?}, of which only AKSK is read");
            return Ok(Lookup::Absent(why));
        }
        let given = |value: Option<String>| value.filter(|text| !text.is_empty());
        let (Some(access_key), Some(secret_key)) =
            (given(self.access_key_id), given(self.secret_access_key))
        else {
            return Ok(Lookup::Absent(format!("{origin} has no access key")));
        };
        if encrypted {
            return Err(refused(&format!(
                "{origin} holds encrypted secrets, which only KooCLI can read: set HUAWEICLOUD_SDK_AK and \
                 HUAWEICLOUD_SDK_SK, or let KooCLI keep them in clear with `hcloud configure set \
                 --cli-auth-encrypt=false` and configure the key again"
            )));
        }
        let credentials = Credentials::access_key(access_key, secret_key);
        let credentials = match given(self.security_token) {
            Some(token) => credentials.with_security_token(token),
            None => credentials,
        };
        Ok(Lookup::Found(Key {
            credentials,
            origin,
        }))
    }
}

fn refused(message: &str) -> Error {
    Error::new(ErrorKind::Credentials, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_config(config: &str) -> Result<String, String> {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join(".hcloud")).unwrap();
        std::fs::write(home.path().join(".hcloud/config.json"), config).unwrap();
        let directory = home.path().display().to_string();
        let lookup = read(&|name| (name == "HOME").then(|| directory.clone()));
        match lookup {
            Ok(Lookup::Found(key)) => Ok(format!("{key:?}")),
            Ok(Lookup::Absent(why)) => Ok(why),
            Err(error) => Err(format!("{error} {error:?}")),
        }
    }

    fn config(encrypt: &str, mode: &str) -> String {
        format!(
            r#"{{"current": "work", {encrypt} "profiles": [
                {{"name": "other", "accessKeyId": "x"}},
                {{"name": "work", "mode": "{mode}", "accessKeyId": "AKSECRET", "secretAccessKey": "SKSECRET",
                  "securityToken": "", "region": "cn-north-4"}}]}}"#
        )
    }

    #[test]
    fn a_key_in_clear_is_read_from_the_current_profile() {
        for encrypt in [r#""authEncrypt": "false","#, r#""authEncrypt": false,"#] {
            let found = read_config(&config(encrypt, "AKSK")).unwrap();
            assert!(
                found.contains("Credentials(access key)") && found.contains("profile `work`"),
                "{found}"
            );
            assert!(!found.contains("SECRET"), "{found}");
        }
    }

    #[test]
    fn encrypted_secrets_are_refused_with_what_to_do() {
        for encrypt in [r#""authEncrypt": "true","#, r#""authEncrypt": true,"#, ""] {
            let error = read_config(&config(encrypt, "AKSK")).unwrap_err();
            assert!(
                error.contains("encrypted") && error.contains("--cli-auth-encrypt=false"),
                "{error}"
            );
            assert!(!error.contains("SECRET"), "{error}");
        }
    }

    #[test]
    fn another_mode_an_empty_profile_and_no_profile_are_passed_over() {
        let sso = read_config(&config("", "SSO")).unwrap();
        assert!(sso.contains(r#""SSO""#), "{sso}");
        let empty = read_config(r#"{"current": "a", "profiles": [{"name": "a"}]}"#).unwrap();
        assert!(empty.contains("no access key"), "{empty}");
        let none = read_config(r#"{"current": "a"}"#).unwrap();
        assert!(none.contains("no current profile"), "{none}");
    }

    #[test]
    fn a_file_that_cannot_be_read_is_told_by_its_place_alone() {
        let error = read_config("{\"current\":\n SECRET}").unwrap_err();
        assert!(
            error.contains("line 2") && !error.contains("SECRET"),
            "{error}"
        );
    }

    #[test]
    fn without_the_file_it_is_passed_over() {
        let home = tempfile::tempdir().unwrap();
        let directory = home.path().display().to_string();
        let lookup = read(&|name| (name == "HOME").then(|| directory.clone())).unwrap();
        assert!(matches!(lookup, Lookup::Absent(why) if why.contains("does not exist")));
        assert!(
            matches!(read(&|_| None).unwrap(), Lookup::Absent(why) if why.contains("home directory"))
        );
    }
}
