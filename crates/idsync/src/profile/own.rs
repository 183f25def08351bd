//! The project's own configuration file.
//!
//! ```toml
//! [profiles.basic]
//! region = "cn-north-4"
//! project_id = "0833a5737480d53b2f25c010dc1a7b88"
//! workspaces = ["f7bc8f2a3d2f4a4c8d2b3b3f0c1d2e3f"]
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

mod form;

use std::path::{Path, PathBuf};

use toml::Spanned;

use self::form::{Endpoints, File, Form, HealthOfProfiles};
use super::{Lookup, file, instead};
use crate::credentials::CredentialSource;
use crate::health::Rules;
use crate::region::{Environment, WrittenEndpoint};
use crate::{Error, ProjectId, Service, WorkspaceId};

/// The variable that names the file; without it, it is `idsync/config.toml` below `$XDG_CONFIG_HOME`, which is
/// `~/.config` if not set.
const FILE: &str = "IDSYNC_CONFIG";

/// The settings of a profile, checked.
#[derive(Debug)]
pub(crate) struct OwnProfile {
    /// Which profile of which file this is, in words.
    pub(crate) origin: String,
    pub(crate) region: Option<String>,
    pub(crate) project_id: Option<ProjectId>,
    pub(crate) workspaces: Vec<WorkspaceId>,
    pub(crate) endpoints: Vec<WrittenEndpoint>,
    pub(crate) credentials: Option<CredentialSource>,
    pub(crate) rules: Rules,
}

/// Reads the profile `name`.
pub(super) fn read(name: &str, environment: Environment<'_>) -> Result<Lookup<OwnProfile>, Error> {
    let Some((path, is_named)) = place(environment) else {
        let why = format!("no configuration file: neither {FILE} nor a home directory is set");
        return Ok(Lookup::Absent(why));
    };
    match file::read(&path)? {
        Some(text) => Text {
            path: &path,
            text: &text,
        }
        .profile(name),
        None if is_named => Err(Error::configuration(format!(
            "{}, which {FILE} names, does not exist",
            path.display()
        ))),
        None => Ok(Lookup::Absent(format!("{} does not exist", path.display()))),
    }
}

/// The path of the file, and whether somebody named it. A relative `XDG_CONFIG_HOME` does not count, as the XDG base
/// directory specification has it.
fn place(environment: Environment<'_>) -> Option<(PathBuf, bool)> {
    if let Some(path) = environment(FILE) {
        return Some((path.into(), true));
    }
    let directory = environment("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| Some(file::home(environment)?.join(".config")))?;
    Some((directory.join("idsync/config.toml"), false))
}

/// A file that was read, for errors that name its lines.
struct Text<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Text<'_> {
    fn profile(&self, name: &str) -> Result<Lookup<OwnProfile>, Error> {
        let mut file: File = toml::from_str(self.text).map_err(|error| self.unreadable(&error))?;
        let Some(form) = file.profiles.remove(name) else {
            let others = instead(file.profiles.keys().map(String::as_str));
            let path = self.path.display();
            return Ok(Lookup::Absent(format!(
                "{path} has no profile `{name}`; {others}"
            )));
        };
        let origin = format!("profile `{name}` of {}", self.path.display());
        let rules = self.rules(name)?;
        self.checked(form, rules, origin).map(Lookup::Found)
    }

    fn rules(&self, name: &str) -> Result<Rules, Error> {
        let mut file: HealthOfProfiles =
            toml::from_str(self.text).map_err(|error| self.error_of(&error, error.message()))?;
        let settings = file.profiles.remove(name);
        let settings = settings.map(|profile| profile.health).unwrap_or_default();
        Ok(settings.over(Rules::default()))
    }

    fn checked(&self, form: Form, rules: Rules, origin: String) -> Result<OwnProfile, Error> {
        let credentials = form.credentials.map(|form| self.credentials(form));
        let workspaces = form.workspaces.iter().map(|id| self.id(id));
        Ok(OwnProfile {
            region: form.region,
            project_id: form.project_id.map(|id| self.id(&id)).transpose()?,
            workspaces: workspaces.collect::<Result<_, _>>()?,
            endpoints: written(form.endpoints, &origin),
            credentials: credentials.transpose()?,
            rules,
            origin,
        })
    }

    fn credentials(&self, form: Spanned<form::Credentials>) -> Result<CredentialSource, Error> {
        let at = form.span().start;
        let source = form.into_inner().source();
        let source = source.map_err(|why| self.error_at(at, why))?;
        file::warn_if_exposed(self.path);
        Ok(source)
    }

    fn id<T: std::str::FromStr<Err = Error>>(&self, id: &Spanned<String>) -> Result<T, Error> {
        let parsed = id.get_ref().parse();
        parsed.map_err(|error: Error| self.error_at(id.span().start, error.message()))
    }

    /// What is wrong with the text. Only messages about keys are passed on: others may quote a value.
    fn unreadable(&self, error: &toml::de::Error) -> Error {
        let about_keys = ["unknown field", "missing field", "duplicate"];
        let message = error.message();
        let why = if about_keys.iter().any(|start| message.starts_with(start)) {
            message
        } else {
            "this is not valid TOML, or not the kind of value that belongs here"
        };
        self.error_of(error, why)
    }

    fn error_of(&self, error: &toml::de::Error, why: &str) -> Error {
        self.error_at(error.span().unwrap_or_default().start, why)
    }

    fn error_at(&self, offset: usize, why: &str) -> Error {
        let before = self.text.get(..offset).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        Error::configuration(format!("{}, line {line}: {why}", self.path.display()))
    }
}

fn written(endpoints: Endpoints, origin: &str) -> Vec<WrittenEndpoint> {
    let Endpoints {
        all,
        dataarts,
        dws,
        mrs,
        iam,
    } = endpoints;
    [
        (None, all),
        (Some(Service::DataArts), dataarts),
        (Some(Service::Dws), dws),
        (Some(Service::Mrs), mrs),
        (Some(Service::Iam), iam),
    ]
    .into_iter()
    .filter_map(|(service, url)| {
        let name = service.map_or("all", Service::as_str);
        Some(WrittenEndpoint {
            service,
            url: url?,
            origin: format!("the endpoint `{name}` in {origin}"),
        })
    })
    .collect()
}
