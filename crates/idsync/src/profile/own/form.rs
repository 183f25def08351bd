//! What may stand in the configuration file: anything else is refused by name.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use toml::Spanned;

use crate::IamUser;
use crate::credentials::CredentialSource;
use crate::health::RuleSettings;

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    #[serde(default)]
    pub(super) profiles: BTreeMap<String, Form>,
}

/// One `[profiles.NAME]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    pub(super) region: Option<String>,
    pub(super) project_id: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) workspaces: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) endpoints: Endpoints,
    pub(super) credentials: Option<Spanned<Credentials>>,
    /// Read by [`HealthOfProfiles`], whose errors may quote a value.
    #[serde(rename = "health")]
    _health: Option<IgnoredAny>,
}

/// The whole file again, with no more than `[profiles.NAME.health]`, which holds nothing that is secret.
#[derive(Deserialize)]
pub(super) struct HealthOfProfiles {
    pub(super) profiles: BTreeMap<String, Health>,
}

/// One `[profiles.NAME.health]`.
#[derive(Deserialize)]
pub(super) struct Health {
    #[serde(default)]
    pub(super) health: RuleSettings,
}

/// One `[profiles.NAME.endpoints]`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Endpoints {
    pub(super) all: Option<String>,
    pub(super) dataarts: Option<String>,
    pub(super) dws: Option<String>,
    pub(super) mrs: Option<String>,
    pub(super) iam: Option<String>,
}

/// One `[profiles.NAME.credentials]`: a key, a token, or a user.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Credentials {
    ak: Option<String>,
    sk: Option<String>,
    security_token: Option<String>,
    token: Option<String>,
    user: Option<String>,
    domain: Option<String>,
    password: Option<String>,
}

impl Credentials {
    /// The credentials, if the keys that are there make up one of the three kinds and no more.
    pub(super) fn source(self) -> Result<CredentialSource, &'static str> {
        match self {
            Self {
                ak: Some(ak),
                sk: Some(sk),
                security_token,
                token: None,
                user: None,
                domain: None,
                password: None,
            } => {
                let key = crate::Credentials::access_key(ak, sk);
                Ok(match security_token {
                    Some(token) => key.with_security_token(token).into(),
                    None => key.into(),
                })
            }
            Self {
                ak: None,
                sk: None,
                security_token: None,
                token: Some(token),
                user: None,
                domain: None,
                password: None,
            } => Ok(crate::Credentials::token(token).into()),
            Self {
                ak: None,
                sk: None,
                security_token: None,
                token: None,
                user: Some(user),
                domain: Some(domain),
                password: Some(password),
            } => Ok(IamUser::new(user, password, domain).into()),
            _ => Err(
                "credentials are ak and sk, with security_token for a temporary key; or token; or user, domain \
                 and password; and no others beside them",
            ),
        }
    }
}
