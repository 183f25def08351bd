//! The credentials file of the official SDKs: a section for each profile.
//!
//! Read as Python's `configparser` reads it, which the SDK uses: no escapes, no quotes, comments on lines of their own.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::{Found, Lookup, at_line, instead};
use crate::credentials::check_secret;
use crate::endpoints::EndpointSetting;
use crate::{Credentials, Error, Service};

/// The settings of one `[section]` by key, in lower case. An empty value counts as absent.
type Settings<'a> = BTreeMap<String, Setting<'a>>;

struct Setting<'a> {
    line: usize,
    value: &'a str,
}

/// Reads the section `name`. Keys that are not known here are left to the SDKs, whose file it is.
pub(super) fn read(text: &str, path: &Path, name: &str) -> Result<Lookup<Found>, Error> {
    let mut sections = parse(text).map_err(|(line, why)| at(path, line, why))?;
    let shown = path.display();
    let Some(mut section) = sections.remove(name) else {
        let others = instead(sections.into_keys());
        let why = format!("{shown} has no section [{name}]; {others}");
        return Ok(Lookup::Absent(why));
    };
    let origin = format!("section [{name}] of {shown}");
    section.retain(|_, setting| !setting.value.is_empty());
    let Some(key) = access_key(&section, path)? else {
        return Ok(Lookup::Absent(format!("{origin} has no ak and sk")));
    };
    let project_id = section.get("project_id").map(|setting| {
        let parsed = setting.value.parse();
        parsed.map_err(|error: Error| at(path, setting.line, error.message()))
    });
    Ok(Lookup::Found(Found {
        provider: Arc::new(key),
        project_id: project_id.transpose()?,
        iam_endpoint: section.get("iam_endpoint").map(|setting| EndpointSetting {
            service: Some(Service::Iam),
            url: setting.value.to_owned(),
            origin: format!("the iam_endpoint of {origin}"),
        }),
        origin,
    }))
}

fn access_key(section: &Settings<'_>, path: &Path) -> Result<Option<Credentials>, Error> {
    let first_line = section.values().map(|setting| setting.line).min();
    let refuse = |why: &str| Err(at(path, first_line.unwrap_or(1), why));
    let secret = |setting: &Setting<'_>, what| {
        let checked = check_secret(what, setting.value);
        let value = setting.value.to_owned();
        checked
            .map(|()| value)
            .map_err(|error| at_line(path, setting.line, &error))
    };
    let (access_key, secret_key) = match (section.get("ak"), section.get("sk")) {
        (Some(access_key), Some(secret_key)) => (access_key, secret_key),
        (Some(_), None) => return refuse("it has an ak but no sk; give both"),
        (None, Some(_)) => return refuse("it has an sk but no ak; give both"),
        (None, None) if section.contains_key("id_token_file") => {
            return refuse(
                "it uses the token of an identity provider, which is not supported; give an ak and sk",
            );
        }
        (None, None) => return Ok(None),
    };
    let key = Credentials::access_key(
        secret(access_key, "access key")?,
        secret(secret_key, "secret key")?,
    );
    Ok(Some(match section.get("security_token") {
        Some(token) => key.with_security_token(secret(token, "security token")?),
        None => key,
    }))
}

fn at(path: &Path, line: usize, why: &str) -> Error {
    at_line(path, line, &Error::configuration(why))
}

/// Reads a whole file, or gives the first line that cannot be read, counted from 1, and why.
fn parse(text: &str) -> Result<BTreeMap<&str, Settings<'_>>, (usize, &'static str)> {
    let mut sections = BTreeMap::new();
    let mut current = None;
    for (line, text) in (1..).zip(text.lines().map(str::trim)) {
        if text.is_empty() || text.starts_with(['#', ';']) {
            continue;
        }
        if let Some(rest) = text.strip_prefix('[') {
            let name = rest.strip_suffix(']').map(str::trim);
            let name = name.ok_or((line, "its section has no closing ]"))?;
            if sections.insert(name, Settings::new()).is_some() {
                return Err((line, "it repeats a section"));
            }
            current = Some(name);
            continue;
        }
        let section = current.and_then(|name| sections.get_mut(name));
        let section = section.ok_or((line, "it stands before the first [section]"))?;
        let (key, value) = text
            .split_once(['=', ':'])
            .ok_or((line, "it is neither [section], key = value nor a comment"))?;
        let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
        if key.is_empty() {
            return Err((line, "it has a value without a key"));
        }
        if section.insert(key, Setting { line, value }).is_some() {
            return Err((line, "it repeats a key of its section"));
        }
    }
    Ok(sections)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_taken_as_they_stand() {
        let text = "# keys\n[basic]\r\nak = A\n SK: a=b;c#\\\"\nempty =\n\n; next\n[ prod ]\nak=P";
        let sections = parse(text).map_err(|(line, _)| line).unwrap();
        for (name, key, value) in [
            ("basic", "ak", "A"),
            ("basic", "sk", "a=b;c#\\\""),
            ("basic", "empty", ""),
            ("prod", "ak", "P"),
        ] {
            assert_eq!(sections[name][key].value, value, "{name}: {key}");
        }
    }

    #[test]
    fn what_cannot_be_used_is_told_with_its_line_and_without_a_value() {
        for (text, line, why) in [
            ("ak = 1", 1, "before the first"),
            ("[basic]\n\nSECRET", 3, "neither"),
            ("[basic\nak = 1", 1, "no closing"),
            ("[basic]\n= 1", 2, "without a key"),
            ("[basic]\nak = 1\nAK = 2", 3, "repeats a key"),
            ("[basic]\n[basic]", 2, "repeats a section"),
            ("[basic]\nak = AKSECRET", 2, "has an ak but no sk"),
            ("[basic]\nid_token_file = /SECRET", 2, "identity provider"),
            (
                "[basic]\nak = a\nsk = SECRET # prod",
                3,
                "the secret key has a comment",
            ),
            (
                "[basic]\nak = \"SECRET\"\nsk = b",
                2,
                "the access key has a quotation mark",
            ),
            (
                "[basic]\nak = a\nsk = b\nproject_id = ../x",
                4,
                "project id",
            ),
        ] {
            let error = read(text, Path::new("keys"), "basic")
                .map(|_| ())
                .unwrap_err();
            let place = format!("keys, line {line}: ");
            let shown = format!("{error} {error:?}");
            assert!(
                shown.contains(&place) && shown.contains(why),
                "{text:?}: {shown}"
            );
            assert!(!shown.contains("SECRET"), "{shown}");
        }
    }
}
