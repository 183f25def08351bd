//! Who may ask: one account with a permanent key, a temporary key and a user.
//!
//! The values are public on purpose. They open nothing but an emulator.

use crate::ids::Ids;

/// Region that the emulator plays; also the name of its only project.
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

/// The ids of the account, which follow from the seed.
#[derive(Clone, Debug)]
#[allow(
    clippy::struct_field_names,
    reason = "these are the services' own names"
)]
pub(crate) struct Account {
    pub(crate) project_id: String,
    pub(crate) domain_id: String,
    pub(crate) user_id: String,
    pub(crate) instance_id: String,
}

impl Account {
    pub(crate) fn new(ids: Ids) -> Self {
        Self {
            project_id: ids.hex32("project"),
            domain_id: ids.hex32("domain"),
            user_id: ids.hex32("user"),
            instance_id: ids.hex32("instance"),
        }
    }
}

/// What a signature made with an access key is checked against.
pub(crate) struct Key {
    pub(crate) secret: &'static str,
    /// The token that must come with a temporary key.
    pub(crate) security_token: Option<&'static str>,
}

/// The key that belongs to an access key, if the emulator knows it.
pub(crate) fn find_key(access_key: &str) -> Option<Key> {
    match access_key {
        ACCESS_KEY => Some(Key {
            secret: SECRET_KEY,
            security_token: None,
        }),
        TEMPORARY_ACCESS_KEY => Some(Key {
            secret: TEMPORARY_SECRET_KEY,
            security_token: Some(SECURITY_TOKEN),
        }),
        _ => None,
    }
}
