//! The configuration file of this project.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::IgnoredAny;
use toml::Spanned;

use super::{Lookup, Profile, at_line, instead};
use crate::config::{parse_rate, with_suggestion};
use crate::credentials::{CredentialProvider, check_secret};
use crate::endpoints::EndpointSetting;
use crate::health::Rules;
use crate::rate_limit::RateLimit;
use crate::{Credentials, Error, IamUser, Service};

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
    project_id: Option<Spanned<String>>,
    #[serde(default)]
    workspaces: Vec<Spanned<String>>,
    rate: Option<Spanned<String>>,
    #[serde(default)]
    endpoints: BTreeMap<EndpointKey, String>,
    credentials: Option<Spanned<CredentialsForm>>,
    /// Read by [`HealthOfProfiles`], whose errors may quote a value.
    #[serde(rename = "health")]
    _health: Option<IgnoredAny>,
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

/// One `[profiles.NAME.credentials]`: a key, a token, or a user.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CredentialsForm {
    ak: Option<Spanned<String>>,
    sk: Option<Spanned<String>>,
    security_token: Option<Spanned<String>>,
    token: Option<Spanned<String>>,
    user: Option<Spanned<String>>,
    domain: Option<Spanned<String>>,
    password: Option<Spanned<String>>,
}

/// The whole file again, with no more than `[profiles.NAME.health]`, which contains no secret.
#[derive(Deserialize)]
struct HealthOfProfiles {
    profiles: BTreeMap<String, HealthForm>,
}

#[derive(Deserialize)]
struct HealthForm {
    #[serde(default)]
    health: Rules,
}

/// Reads the profile `name`.
pub(super) fn read(text: &str, path: &Path, name: &str) -> Result<Lookup<Profile>, Error> {
    let file = ConfigText { path, text };
    let mut forms = toml::from_str::<ConfigFile>(text)
        .map_err(|error| file.unreadable(&error))?
        .profiles;
    let shown = path.display();
    let Some(form) = forms.remove(name) else {
        let others = instead(forms.into_keys());
        let why = format!("{shown} has no profile `{name}`; {others}");
        return Ok(Lookup::Absent(why));
    };
    let origin = format!("profile `{name}` of {shown}");
    let rules = file.rules(name)?;
    file.profile(form, rules, origin).map(Lookup::Found)
}

/// A file that was read, for errors that name its lines.
struct ConfigText<'a> {
    path: &'a Path,
    text: &'a str,
}

impl ConfigText<'_> {
    fn profile(&self, form: ProfileForm, rules: Rules, origin: String) -> Result<Profile, Error> {
        let id = form.project_id.filter(is_set);
        let workspaces = form.workspaces.iter().map(|id| self.parsed(id));
        let credentials = form.credentials.map(|form| self.credentials(form, &origin));
        Ok(Profile {
            region: form.region.filter(|region| !region.is_empty()),
            project_id: id.map(|id| self.parsed(&id)).transpose()?,
            workspaces: workspaces.collect::<Result<_, _>>()?,
            rate: form
                .rate
                .filter(is_set)
                .map(|rate| self.rate(&rate))
                .transpose()?,
            endpoints: endpoints(form.endpoints, &origin),
            credentials: credentials.transpose()?.flatten(),
            rules,
            origin,
        })
    }

    fn rules(&self, name: &str) -> Result<Rules, Error> {
        let mut file: HealthOfProfiles = toml::from_str(self.text)
            .map_err(|error| self.at(error.span(), &with_suggestion(error.message())))?;
        let profile = file.profiles.remove(name);
        Ok(profile.map(|profile| profile.health).unwrap_or_default())
    }

    fn rate(&self, rate: &Spanned<String>) -> Result<RateLimit, Error> {
        parse_rate(rate.get_ref())
            .and_then(|(requests, per)| RateLimit::new(requests, per))
            .map_err(|error| self.at(Some(rate.span()), error.message()))
    }

    fn credentials(
        &self,
        form: Spanned<CredentialsForm>,
        origin: &str,
    ) -> Result<Option<Arc<dyn CredentialProvider>>, Error> {
        let place = form.span();
        let form = form.into_inner();
        let secrets = [
            ("access key", &form.ak),
            ("secret key", &form.sk),
            ("security token", &form.security_token),
            ("IAM token", &form.token),
        ];
        for (what, value) in secrets {
            if let Some(value) = value.as_ref().filter(|value| is_set(value)) {
                check_secret(what, value.get_ref())
                    .map_err(|error| self.located(Some(value.span()), &error))?;
            }
        }
        let values = [
            form.ak,
            form.sk,
            form.security_token,
            form.token,
            form.user,
            form.domain,
            form.password,
        ];
        let values = values.map(|value| value.filter(is_set).map(Spanned::into_inner));
        Ok(Some(match values {
            [None, None, None, None, None, None, None] => return Ok(None),
            [Some(ak), Some(sk), None, None, None, None, None] => {
                Arc::new(Credentials::access_key(ak, sk))
            }
            [Some(ak), Some(sk), Some(token), None, None, None, None] => {
                Arc::new(Credentials::access_key(ak, sk).with_security_token(token))
            }
            [None, None, None, Some(token), None, None, None] => {
                Arc::new(Credentials::token(token))
            }
            [
                None,
                None,
                None,
                None,
                Some(user),
                Some(domain),
                Some(password),
            ] => Arc::new(IamUser::new(user, password, domain).with_origin(origin)),
            _ => {
                let why = "credentials are ak and sk, with security_token for a temporary key; or token; or user, domain \
                     and password; and no others beside them";
                return Err(self.at(Some(place), why));
            }
        }))
    }

    fn parsed<T: FromStr<Err = Error>>(&self, id: &Spanned<String>) -> Result<T, Error> {
        let parsed = id.get_ref().parse();
        parsed.map_err(|error: Error| self.at(Some(id.span()), error.message()))
    }

    /// What is wrong with the text. Only messages about keys are passed on: others may quote a value.
    fn unreadable(&self, error: &toml::de::Error) -> Error {
        const ABOUT_KEYS: [&str; 4] = [
            "unknown field",
            "unknown variant",
            "missing field",
            "duplicate",
        ];
        let message = error.message();
        let why = if ABOUT_KEYS.iter().any(|start| message.starts_with(start)) {
            with_suggestion(message)
        } else {
            "this is not valid TOML, or not the kind of value that belongs here".to_owned()
        };
        self.at(error.span(), &why)
    }

    fn at(&self, place: Option<Range<usize>>, why: &str) -> Error {
        self.located(place, &Error::configuration(why))
    }

    fn located(&self, place: Option<Range<usize>>, error: &Error) -> Error {
        let offset = place.map_or(0, |place| place.start);
        let before = self.text.get(..offset).unwrap_or_default();
        at_line(self.path, before.matches('\n').count() + 1, error)
    }
}

fn is_set(value: &Spanned<String>) -> bool {
    !value.get_ref().is_empty()
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
