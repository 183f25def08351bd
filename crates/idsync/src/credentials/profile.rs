//! Settings and credentials in files, by profile: the configuration file of this project, and the credentials file of
//! the official SDKs.
//! [`ClientBuilder`](crate::ClientBuilder) documents their form and where they are found.

mod ini;
#[cfg(feature = "config-files")]
mod toml_file;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;

use super::{CredentialProvider, Credentials, Found, IamUser};
use crate::config::Environment;
use crate::endpoints::EndpointSetting;
use crate::health::Rules;
use crate::rate_limit::RateLimit;
use crate::{Error, ProjectId, WorkspaceId};

/// The variable that names the project where the caller does not.
pub(crate) const PROJECT: &str = "HUAWEICLOUD_SDK_PROJECT_ID";

/// The variable that names the profile where the caller does not.
const PROFILE: &str = "IDSYNC_PROFILE";

/// The default profile: the section that the official SDKs read.
const DEFAULT: &str = "basic";

/// The variable that names the configuration file; without it, it is `idsync/config.toml` below `$XDG_CONFIG_HOME`,
/// which is `~/.config` if not set.
const CONFIG_FILE: &str = "IDSYNC_CONFIG";

/// The variable that names the credentials file; without it, it is `~/.huaweicloud/credentials`.
const CREDENTIALS_FILE: &str = "HUAWEICLOUD_SDK_CREDENTIALS_FILE";

/// What was looked for, or why it is absent.
pub(crate) type Lookup<T> = Result<T, String>;

/// A profile of the configuration file, or a section of the credentials file, checked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Profile {
    /// Its name and file, for messages.
    pub(crate) origin: String,
    pub(crate) region: Option<String>,
    pub(crate) project_id: Option<ProjectId>,
    pub(crate) workspaces: Vec<WorkspaceId>,
    pub(crate) endpoints: Vec<EndpointSetting>,
    pub(crate) rate: Option<RateLimit>,
    pub(crate) rules: Rules,
    pub(crate) credentials: Option<Arc<dyn CredentialProvider>>,
    /// What is unsafe about its file, one sentence each.
    pub(crate) warnings: Vec<String>,
}

/// One profile, as both files have it.
#[derive(Debug)]
pub(crate) struct Profiles {
    /// That of the configuration file.
    pub(crate) own: Lookup<Profile>,
    /// An error in the credentials file matters only if its key is needed.
    pub(crate) keys: Result<Lookup<Profile>, Error>,
    /// Whether the caller chose the profile, which then beats the environment.
    pub(crate) is_chosen: bool,
}

impl Profiles {
    /// Reads the profile named `chosen`, else by the variable `IDSYNC_PROFILE`, else `basic`.
    ///
    /// # Errors
    ///
    /// `Configuration`, with file and line and no value, if the configuration file is there and cannot be used, or if it
    /// or the profile was named and does not exist.
    pub(crate) fn read(chosen: Option<&str>, environment: Environment<'_>) -> Result<Self, Error> {
        let named = chosen.map(str::to_owned).or_else(|| environment(PROFILE));
        let name = named.as_deref().unwrap_or(DEFAULT);
        // A relative path does not count, as the XDG base directory specification has it.
        let xdg = environment("XDG_CONFIG_HOME").map(PathBuf::from);
        let directory = xdg.filter(|path| path.is_absolute());
        let directory = directory.or_else(|| Some(home(environment)?.join(".config")));
        let directory = directory.map(|it| it.join("idsync/config.toml"));
        #[cfg(feature = "config-files")]
        let parse = |text: &str, path: &Path| toml_file::read(text, path, name);
        #[cfg(not(feature = "config-files"))]
        let parse = |_: &str, path: &Path| Ok(Err(path.display().to_string()));
        let own = read_file(CONFIG_FILE, environment, directory, parse)?;
        let directory = home(environment).map(|it| it.join(".huaweicloud/credentials"));
        let parse = |text: &str, path: &Path| ini::read(text, path, name);
        let keys = read_file(CREDENTIALS_FILE, environment, directory, parse);
        if let (Some(name), Err(own), Ok(Err(keys))) = (&named, &own, &keys) {
            return Err(Error::configuration(format!(
                "the profile {name:?} cannot be used: {own}; {keys}"
            )));
        }
        Ok(Self {
            own,
            keys,
            is_chosen: chosen.is_some(),
        })
    }

    /// The project that the environment or the profile names; the profile first if the caller chose it.
    pub(crate) fn project_id(
        &self,
        environment: Environment<'_>,
    ) -> Result<Option<ProjectId>, Error> {
        let own = self.own.as_ref().ok();
        let own = own.and_then(|own| own.project_id.clone());
        if own.is_some() && self.is_chosen {
            return Ok(own);
        }
        let named = environment(PROJECT).map(|id| {
            id.parse().map_err(|error: Error| {
                Error::configuration(format!("the variable {PROJECT}: {}", error.message()))
            })
        });
        Ok(named.transpose()?.or(own))
    }

    /// The credentials of the configuration file, else of the credentials file.
    pub(super) fn credentials(&self) -> Result<Lookup<Found<'_>>, Error> {
        let mut tried = Vec::new();
        for profile in [Ok(&self.own), self.keys.as_ref()] {
            match profile.map_err(Clone::clone)? {
                Err(why) => tried.push(why.clone()),
                Ok(profile) => match &profile.credentials {
                    None => tried.push(format!("{} has no credentials", profile.origin)),
                    Some(provider) => {
                        return Ok(Ok(Found {
                            provider: Arc::clone(provider),
                            origin: profile.origin.clone(),
                            profile: Some(profile),
                        }));
                    }
                },
            }
        }
        Ok(Err(tried.join("; ")))
    }
}

/// A key, a token, or a user, as both files write them.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct CredentialKeys {
    ak: Option<String>,
    sk: Option<String>,
    security_token: Option<String>,
    token: Option<String>,
    user: Option<String>,
    domain: Option<String>,
    password: Option<String>,
}

impl CredentialKeys {
    /// The credentials; `None` if no key has a value.
    ///
    /// # Errors
    ///
    /// `Configuration` or `Credentials`, without a value, if they are incomplete or cannot be sent.
    fn provider(self, origin: &str) -> Result<Option<Arc<dyn CredentialProvider>>, Error> {
        let set = |value: Option<String>| value.filter(|value| !value.is_empty());
        let key = (set(self.ak), set(self.sk), set(self.security_token));
        let user = (set(self.user), set(self.domain), set(self.password));
        let provider: Arc<dyn CredentialProvider> = match (key, set(self.token), user) {
            ((None, None, None), None, (None, None, None)) => return Ok(None),
            ((Some(ak), Some(sk), token), None, (None, None, None)) => {
                Arc::new(Credentials::key(ak, sk, token))
            }
            ((None, None, None), Some(token), (None, None, None)) => {
                Arc::new(Credentials::token(token))
            }
            ((None, None, None), None, (Some(user), Some(domain), Some(password))) => {
                Arc::new(IamUser::new(user, password, domain).with_origin(origin))
            }
            _ => {
                return Err(Error::configuration(
                    "credentials are ak and sk, with security_token for a temporary key; or token; or user, domain and \
                     password; and no others beside them",
                ));
            }
        };
        provider.check()?;
        Ok(Some(provider))
    }
}

/// Reads the file that `variable` names, which must exist, or else the one at `usual`. Warns if it has credentials and other
/// users can read it.
fn read_file(
    variable: &str,
    environment: Environment<'_>,
    usual: Option<PathBuf>,
    parse: impl FnOnce(&str, &Path) -> Result<Lookup<Profile>, Error>,
) -> Result<Lookup<Profile>, Error> {
    /// In bytes.
    const LARGEST_FILE: usize = 1024 * 1024;
    if cfg!(not(feature = "config-files")) {
        let why = format!("{variable} is not read: the feature `config-files` is off");
        return Ok(Err(why));
    }
    let named = environment(variable).map(PathBuf::from);
    let is_named = named.is_some();
    let Some(path) = named.or(usual) else {
        let why = format!("no file: neither {variable} nor a home directory is set");
        return Ok(Err(why));
    };
    let shown = path.display();
    let mut profile = match crate::config::read_file(&path, LARGEST_FILE)? {
        Some(text) => parse(&text, &path)?,
        None if is_named => {
            let why = format!("{shown}, which {variable} names, does not exist");
            return Err(Error::configuration(why));
        }
        None => return Ok(Err(format!("{shown} does not exist"))),
    };
    if let Ok(profile) = &mut profile
        && profile.credentials.is_some()
        && is_exposed(&path)
    {
        profile.warnings.push(format!(
            "{shown} contains secrets and can be read by other users: run `chmod 600 {shown}`"
        ));
    }
    Ok(profile)
}

fn home(environment: Environment<'_>) -> Option<PathBuf> {
    let home = environment("HOME").or_else(|| environment("USERPROFILE"))?;
    Some(PathBuf::from(home))
}

/// Adds to an error about a file where in it the mistake is.
fn at_line(path: &Path, line: usize, error: &Error) -> Error {
    let message = format!("{}, line {line}: {}", path.display(), error.message());
    error.clone().with_message(message)
}

/// The names that there are, for an error about a missing one.
fn available(names: impl Iterator<Item = impl AsRef<str>>) -> String {
    let names: Vec<_> = names.map(|name| name.as_ref().to_owned()).collect();
    if names.is_empty() {
        "it has none".to_owned()
    } else {
        format!("it has: {}", names.join(", "))
    }
}

#[cfg(unix)]
fn is_exposed(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;

    const READABLE_BY_OTHERS: u32 = 0o044;
    std::fs::metadata(path).is_ok_and(|file| file.permissions().mode() & READABLE_BY_OTHERS != 0)
}

/// Other platforms have no permission bits that show this.
#[cfg(not(unix))]
fn is_exposed(_: &Path) -> bool {
    false
}

#[cfg(feature = "config-files")]
#[cfg(test)]
mod tests;
