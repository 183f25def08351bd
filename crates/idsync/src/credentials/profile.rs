//! Settings and credentials in files, by profile: the configuration file of this project, and the credentials file of
//! the official SDKs.
//!
//! ```toml
//! [profiles.basic]
//! region = "cn-north-4"
//! project_id = "0833a5737480d53b2f25c010dc1a7b88"
//! workspaces = ["f7bc8f2a3d2f4a4c8d2b3b3f0c1d2e3f"]
//! rate = "200/5m"
//!
//! [profiles.basic.endpoints]
//! dws = "https://dws.example.com"
//!
//! [profiles.basic.credentials]
//! ak = "…"
//! sk = "…"
//!
//! [profiles.basic.health]
//! grace = "45m"
//! ```

#[cfg(feature = "config-files")]
mod ini;
#[cfg(feature = "config-files")]
mod toml_file;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::CredentialProvider;
use super::chain::Found;
use crate::config::Environment;
use crate::endpoints::EndpointSetting;
use crate::health::Rules;
use crate::rate_limit::RateLimit;
use crate::{Error, ProjectId, WorkspaceId};

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
#[derive(Debug)]
pub(crate) enum Lookup<T> {
    Found(T),
    Absent(String),
}

/// A profile of the configuration file, checked.
#[derive(Debug, Default)]
pub(crate) struct Profile {
    /// Which profile of which file this is, in words.
    pub(crate) origin: String,
    pub(crate) region: Option<String>,
    pub(crate) project_id: Option<ProjectId>,
    pub(crate) workspaces: Vec<WorkspaceId>,
    pub(crate) endpoints: Vec<EndpointSetting>,
    pub(crate) rate: Option<RateLimit>,
    pub(crate) rules: Rules,
    pub(crate) credentials: Option<Arc<dyn CredentialProvider>>,
}

/// A section of the credentials file: an access key, and what is written beside it.
#[derive(Debug)]
pub(crate) struct KeySection {
    pub(crate) origin: String,
    pub(crate) key: super::Credentials,
    pub(crate) project_id: Option<ProjectId>,
    pub(crate) iam_endpoint: Option<EndpointSetting>,
}

/// One profile, as both files have it.
#[derive(Debug)]
pub(crate) struct Profiles {
    own: Lookup<Profile>,
    /// An error in the credentials file matters only if its key is needed.
    keys: Result<Lookup<KeySection>, Error>,
    is_chosen: bool,
    /// What is unsafe about the files, one sentence each.
    pub(crate) warnings: Vec<String>,
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
        let config = FileLocation::of(
            CONFIG_FILE,
            environment,
            config_directory,
            "idsync/config.toml",
        );
        let own = config.read(|text, path| read_config(text, path, name))?;
        let place = FileLocation::of(
            CREDENTIALS_FILE,
            environment,
            home,
            ".huaweicloud/credentials",
        );
        let keys = place.read(|text, path| read_keys(text, path, name));
        if let (Some(name), Lookup::Absent(own), Ok(Lookup::Absent(keys))) = (&named, &own, &keys) {
            return Err(Error::configuration(format!(
                "the profile {name:?} cannot be used: {own}; {keys}"
            )));
        }
        let mut warnings = Vec::new();
        if matches!(&own, Lookup::Found(profile) if profile.credentials.is_some()) {
            warnings.extend(config.exposure());
        }
        if matches!(&keys, Ok(Lookup::Found(_))) {
            warnings.extend(place.exposure());
        }
        Ok(Self {
            own,
            keys,
            is_chosen: chosen.is_some(),
            warnings,
        })
    }

    /// No profile, for a client that needs nothing of one.
    pub(crate) fn none() -> Self {
        let absent = || "no file is read, since everything is given".to_owned();
        Self {
            own: Lookup::Absent(absent()),
            keys: Ok(Lookup::Absent(absent())),
            is_chosen: false,
            warnings: Vec::new(),
        }
    }

    /// Whether the caller chose the profile, which then beats the environment.
    pub(crate) fn is_chosen(&self) -> bool {
        self.is_chosen
    }

    /// The profile of the configuration file.
    pub(crate) fn own(&self) -> Option<&Profile> {
        match &self.own {
            Lookup::Found(profile) => Some(profile),
            Lookup::Absent(_) => None,
        }
    }

    /// The credentials of the configuration file, else of the credentials file.
    pub(super) fn credentials(&self) -> Result<Lookup<Found>, Error> {
        let without = match &self.own {
            Lookup::Found(profile) => match &profile.credentials {
                Some(provider) => {
                    let found = Found::new(Arc::clone(provider), profile.origin.clone());
                    return Ok(Lookup::Found(found));
                }
                None => format!("{} has no credentials", profile.origin),
            },
            Lookup::Absent(why) => why.clone(),
        };
        Ok(match self.keys.as_ref().map_err(Clone::clone)? {
            Lookup::Found(section) => Lookup::Found(Found {
                project_id: section.project_id.clone(),
                iam_endpoint: section.iam_endpoint.clone(),
                ..Found::new(Arc::new(section.key.clone()), section.origin.clone())
            }),
            Lookup::Absent(why) => Lookup::Absent(format!("{without}; {why}")),
        })
    }
}

/// Where a file is expected.
struct FileLocation {
    path: Option<PathBuf>,
    variable: &'static str,
    #[cfg(feature = "config-files")]
    is_named: bool,
}

impl FileLocation {
    fn of(
        variable: &'static str,
        environment: Environment<'_>,
        directory: fn(Environment<'_>) -> Option<PathBuf>,
        name: &str,
    ) -> Self {
        let named = environment(variable).map(PathBuf::from);
        Self {
            #[cfg(feature = "config-files")]
            is_named: named.is_some(),
            path: named.or_else(|| Some(directory(environment)?.join(name))),
            variable,
        }
    }

    #[cfg(feature = "config-files")]
    fn read<T>(
        &self,
        parse: impl FnOnce(&str, &Path) -> Result<Lookup<T>, Error>,
    ) -> Result<Lookup<T>, Error> {
        /// In bytes.
        const LARGEST_FILE: usize = 1024 * 1024;
        let Some(path) = &self.path else {
            let variable = self.variable;
            let why = format!("no file: neither {variable} nor a home directory is set");
            return Ok(Lookup::Absent(why));
        };
        let shown = path.display();
        match crate::config::read_file(path, LARGEST_FILE)? {
            Some(text) => parse(&text, path),
            None if self.is_named => Err(Error::configuration(format!(
                "{shown}, which {} names, does not exist",
                self.variable
            ))),
            None => Ok(Lookup::Absent(format!("{shown} does not exist"))),
        }
    }

    #[cfg(not(feature = "config-files"))]
    fn read<T>(
        &self,
        _: impl FnOnce(&str, &Path) -> Result<Lookup<T>, Error>,
    ) -> Result<Lookup<T>, Error> {
        Ok(Lookup::Absent(format!(
            "{} is not read: the feature `config-files` is off",
            self.variable
        )))
    }

    /// A warning if other users of the machine can read the file.
    fn exposure(&self) -> Option<String> {
        let path = self.path.as_deref().filter(|path| is_exposed(path))?;
        let path = path.display();
        Some(format!(
            "{path} contains secrets and can be read by other users: run `chmod 600 {path}`"
        ))
    }
}

/// A relative `XDG_CONFIG_HOME` does not count, as the XDG base directory specification has it.
fn config_directory(environment: Environment<'_>) -> Option<PathBuf> {
    environment("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| Some(home(environment)?.join(".config")))
}

fn home(environment: Environment<'_>) -> Option<PathBuf> {
    let home = environment("HOME").or_else(|| environment("USERPROFILE"))?;
    Some(PathBuf::from(home))
}

#[cfg(feature = "config-files")]
fn read_config(text: &str, path: &Path, name: &str) -> Result<Lookup<Profile>, Error> {
    toml_file::read(text, path, name)
}

#[cfg(feature = "config-files")]
fn read_keys(text: &str, path: &Path, name: &str) -> Result<Lookup<KeySection>, Error> {
    ini::read(text, path, name)
}

#[cfg(not(feature = "config-files"))]
fn read_config(_: &str, _: &Path, _: &str) -> Result<Lookup<Profile>, Error> {
    Ok(Lookup::Absent(String::new()))
}

#[cfg(not(feature = "config-files"))]
fn read_keys(_: &str, _: &Path, _: &str) -> Result<Lookup<KeySection>, Error> {
    Ok(Lookup::Absent(String::new()))
}

/// The names that there are instead of a missing one.
#[cfg(feature = "config-files")]
fn instead<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.collect();
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

/// Elsewhere, who can read a file is not told by a few bits.
#[cfg(not(unix))]
fn is_exposed(_: &Path) -> bool {
    false
}

#[cfg(feature = "config-files")]
#[cfg(test)]
mod tests;
