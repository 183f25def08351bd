//! The configuration file of this project.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::Range;
use std::path::Path;
use std::str::FromStr;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _};
use serde_path_to_error::Segment;
use toml::Spanned;

use super::{CredentialKeys, Lookup, Profile, at_line, available};
use crate::config::with_suggestion;
use crate::endpoints::EndpointSetting;
use crate::health::Rules;
use crate::rate_limit::RateLimit;
use crate::{Error, ProjectId, Service, WorkspaceId};

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfigFile {
    #[serde(default)]
    profiles: BTreeMap<String, ProfileForm>,
}

/// One `[profiles.NAME]`. An empty string counts as absent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileForm {
    region: Option<String>,
    #[serde(default, deserialize_with = "parsed")]
    project_id: Option<ProjectId>,
    #[serde(default)]
    workspaces: Vec<WorkspaceId>,
    #[serde(default, deserialize_with = "parsed")]
    rate: Option<RateLimit>,
    #[serde(default)]
    endpoints: BTreeMap<EndpointKey, String>,
    credentials: Option<Spanned<CredentialKeys>>,
    #[serde(default)]
    health: Rules,
}

/// The keys of `[profiles.NAME.endpoints]`.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
enum EndpointKey {
    DataArts,
    Dws,
    Mrs,
    Iam,
    All,
}

/// A value that is parsed from its text, unless that is empty.
fn parsed<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: Display>,
{
    let text = String::deserialize(deserializer)?;
    let value = (!text.is_empty()).then(|| text.parse());
    value.transpose().map_err(D::Error::custom)
}

/// Reads the profile `name`.
pub(super) fn read(text: &str, path: &Path, name: &str) -> Result<Lookup<Profile>, Error> {
    let at = |place: Option<Range<usize>>, error: &Error| {
        let before = text.get(..place.map_or(0, |place| place.start));
        let breaks = before.unwrap_or_default().matches('\n').count();
        at_line(path, breaks + 1, error)
    };
    let mut forms = parse(text)
        .map_err(|(place, why)| at(place, &Error::configuration(why)))?
        .profiles;
    let shown = path.display();
    let Some(form) = forms.remove(name) else {
        let others = available(forms.into_keys());
        return Ok(Err(format!("{shown} has no profile `{name}`; {others}")));
    };
    let origin = format!("profile `{name}` of {shown}");
    let credentials = form.credentials.map(|keys| {
        let place = keys.span();
        let provider = keys.into_inner().provider(&origin);
        provider.map_err(|error| at(Some(place), &error))
    });
    Ok(Ok(Profile {
        region: form.region.filter(|region| !region.is_empty()),
        project_id: form.project_id,
        workspaces: form.workspaces,
        rate: form.rate,
        endpoints: endpoints(form.endpoints, &origin),
        credentials: credentials.transpose()?.flatten(),
        rules: form.health,
        warnings: Vec::new(),
        origin,
    }))
}

/// The whole file, or where and why it cannot be read. No error quotes a value of the credentials.
fn parse(text: &str) -> Result<ConfigFile, (Option<Range<usize>>, String)> {
    let document = toml::Deserializer::parse(text).map_err(|error| {
        let message = Some(error.message()).filter(|message| message.starts_with("duplicate"));
        let why = message.unwrap_or("this is not valid TOML").to_owned();
        (error.span(), why)
    })?;
    serde_path_to_error::deserialize(document).map_err(|error| {
        let message = error.inner().message();
        let is_confidential = error
            .path()
            .iter()
            .any(|part| matches!(part, Segment::Map { key } if key == "credentials"));
        let why = if is_confidential && !message.starts_with("unknown field") {
            "this is not the kind of value that belongs here".to_owned()
        } else {
            with_suggestion(message)
        };
        (error.inner().span(), why)
    })
}

fn endpoints(urls: BTreeMap<EndpointKey, String>, origin: &str) -> Vec<EndpointSetting> {
    let setting = |(key, url)| {
        let service = match key {
            EndpointKey::All => None,
            EndpointKey::DataArts => Some(Service::DataArts),
            EndpointKey::Dws => Some(Service::Dws),
            EndpointKey::Mrs => Some(Service::Mrs),
            EndpointKey::Iam => Some(Service::Iam),
        };
        let name = service.map_or("all", Service::as_str);
        EndpointSetting {
            service,
            url,
            origin: format!("the endpoint `{name}` in {origin}"),
        }
    };
    let urls = urls.into_iter().filter(|(_, url)| !url.is_empty());
    urls.map(setting).collect()
}
