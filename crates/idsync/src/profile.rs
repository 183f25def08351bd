//! Settings that stand in files, by profile: the configuration of this project, and the credentials file that the
//! official SDKs read.

mod file;
mod ini;
mod own;
mod shared;

pub(crate) use self::file::{home, read as read_file};
use self::own::OwnProfile;
use self::shared::SharedProfile;
use crate::Error;
use crate::region::Environment;

/// The variable that names the profile where the caller does not.
const PROFILE: &str = "IDSYNC_PROFILE";

/// The profile where nobody names one: the section in which the official SDKs look.
const DEFAULT: &str = "basic";

/// What was looked for, or why it is not there.
#[derive(Debug)]
pub(crate) enum Lookup<T> {
    Found(T),
    Absent(String),
}

/// One profile, as both files have it.
#[derive(Debug)]
pub(crate) struct Profiles {
    pub(crate) own: Lookup<OwnProfile>,
    /// What is wrong with it matters only to those who get so far.
    pub(crate) shared: Result<Lookup<SharedProfile>, Error>,
    is_chosen: bool,
}

impl Profiles {
    /// Reads the profile named `chosen`, else by the variable `IDSYNC_PROFILE`, else `basic`.
    ///
    /// # Errors
    ///
    /// `Usage` if the configuration file is there and cannot be used, or it or the profile was named and does not exist;
    /// with file and line, and no value.
    pub(crate) fn read(chosen: Option<&str>, environment: Environment<'_>) -> Result<Self, Error> {
        let named = chosen.map(str::to_owned).or_else(|| environment(PROFILE));
        let name = named.as_deref().unwrap_or(DEFAULT);
        let profiles = Self {
            own: own::read(name, environment)?,
            shared: shared::read(name, environment),
            is_chosen: chosen.is_some(),
        };
        match (&named, &profiles.own, &profiles.shared) {
            (Some(name), Lookup::Absent(own), Ok(Lookup::Absent(shared))) => {
                Err(Error::configuration(format!(
                    "the profile {name:?} cannot be used: {own}; {shared}"
                )))
            }
            _ => Ok(profiles),
        }
    }

    /// No profile, where nothing is needed of one.
    pub(crate) fn unread() -> Self {
        let absent = || "no file is read, since everything is given".to_owned();
        Self {
            own: Lookup::Absent(absent()),
            shared: Ok(Lookup::Absent(absent())),
            is_chosen: false,
        }
    }

    /// Whether the caller chose the profile, which then comes before the environment.
    pub(crate) fn is_chosen(&self) -> bool {
        self.is_chosen
    }

    /// The profile of the project's own configuration.
    pub(crate) fn own(&self) -> Option<&OwnProfile> {
        match &self.own {
            Lookup::Found(profile) => Some(profile),
            Lookup::Absent(_) => None,
        }
    }
}

/// The names of the profiles that there are instead, for whoever misspelt one.
fn instead<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.collect();
    if names.is_empty() {
        "it has none".to_owned()
    } else {
        format!("it has: {}", names.join(", "))
    }
}

#[cfg(test)]
mod tests;
