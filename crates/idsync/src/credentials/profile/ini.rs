//! The credentials file of the official SDKs: a section for each profile.
//!
//! Read as Python's `configparser` reads it, which the SDK uses: no escapes, no quotes, comments on lines of their own.

use std::path::Path;

use super::{KeySection, Lookup, instead};
use crate::credentials::check_secret;
use crate::endpoints::EndpointSetting;
use crate::{Credentials, Error, Service};

/// One `[section]` with its keys.
#[derive(Default)]
struct Section<'a> {
    name: &'a str,
    entries: Vec<Entry<'a>>,
}

struct Entry<'a> {
    line: usize,
    key: &'a str,
    value: &'a str,
}

/// Reads the section `name`. Keys that are not known here are left to the SDKs, whose file it is.
pub(super) fn read(text: &str, path: &Path, name: &str) -> Result<Lookup<KeySection>, Error> {
    let sections = parse(text).map_err(|(line, why)| at(path, line, why))?;
    let shown = path.display();
    let Some(section) = sections.iter().find(|section| section.name == name) else {
        let others = instead(sections.iter().map(|section| section.name));
        let why = format!("{shown} has no section [{name}]; {others}");
        return Ok(Lookup::Absent(why));
    };
    let origin = format!("section [{name}] of {shown}");
    let Some(key) = access_key(section, path)? else {
        return Ok(Lookup::Absent(format!("{origin} has no ak and sk")));
    };
    let project_id = section.get("project_id").map(|entry| {
        let parsed = entry.value.parse();
        parsed.map_err(|error: Error| at(path, entry.line, error.message()))
    });
    Ok(Lookup::Found(KeySection {
        key,
        project_id: project_id.transpose()?,
        iam_endpoint: section.get("iam_endpoint").map(|entry| EndpointSetting {
            service: Some(Service::Iam),
            url: entry.value.to_owned(),
            origin: format!("the iam_endpoint of {origin}"),
        }),
        origin,
    }))
}

fn access_key(section: &Section<'_>, path: &Path) -> Result<Option<Credentials>, Error> {
    let refuse = |why: &str| Err(at(path, section.line(), why));
    let secret = |entry: &Entry<'_>, what| {
        let checked = check_secret(what, entry.value);
        let value = entry.value.to_owned();
        checked.map(|()| value).map_err(|error| {
            let message = at(path, entry.line, error.message()).message().to_owned();
            error.with_message(message)
        })
    };
    let (access_key, secret_key) = match (section.get("ak"), section.get("sk")) {
        (Some(access_key), Some(secret_key)) => (access_key, secret_key),
        (Some(_), None) => return refuse("it has an ak but no sk; give both"),
        (None, Some(_)) => return refuse("it has an sk but no ak; give both"),
        (None, None) if section.get("id_token_file").is_some() => {
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
    Error::configuration(format!("{}, line {line}: {why}", path.display()))
}

impl<'a> Section<'a> {
    /// The entry of a key in any case of letters; an empty value counts as absent.
    fn get(&self, key: &str) -> Option<&Entry<'a>> {
        let mut entries = self.entries.iter();
        let entry = entries.find(|entry| entry.key.eq_ignore_ascii_case(key))?;
        (!entry.value.is_empty()).then_some(entry)
    }

    /// The line of its first key.
    fn line(&self) -> usize {
        self.entries.first().map_or(1, |entry| entry.line)
    }

    fn add(&mut self, line: usize, text: &'a str) -> Result<(), &'static str> {
        let (key, value) = text
            .split_once(['=', ':'])
            .ok_or("it is neither [section], key = value nor a comment")?;
        let (key, value) = (key.trim(), value.trim());
        if key.is_empty() {
            return Err("it has a value without a key");
        }
        let is_known = |entry: &Entry<'_>| entry.key.eq_ignore_ascii_case(key);
        if self.entries.iter().any(is_known) {
            return Err("it repeats a key of its section");
        }
        self.entries.push(Entry { line, key, value });
        Ok(())
    }
}

/// Reads a whole file, or gives the first line that cannot be read, counted from 1, and why.
fn parse(text: &str) -> Result<Vec<Section<'_>>, (usize, &'static str)> {
    let mut sections: Vec<Section<'_>> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        let outcome = match line.strip_prefix('[') {
            _ if line.is_empty() || line.starts_with(['#', ';']) => Ok(()),
            Some(rest) => begin(&mut sections, rest),
            None => match sections.last_mut() {
                Some(section) => section.add(number, line),
                None => Err("it stands before the first [section]"),
            },
        };
        outcome.map_err(|why| (number, why))?;
    }
    Ok(sections)
}

fn begin<'a>(sections: &mut Vec<Section<'a>>, rest: &'a str) -> Result<(), &'static str> {
    let name = rest
        .strip_suffix(']')
        .ok_or("its section has no closing ]")?
        .trim();
    if sections.iter().any(|section| section.name == name) {
        return Err("it repeats a section");
    }
    sections.push(Section {
        name,
        entries: Vec::new(),
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_taken_as_they_stand() {
        let text = "# keys\n[basic]\r\nak = A\n SK: a=b;c#\\\"\nempty =\n\n; next\n[ prod ]\nak=P";
        let sections = parse(text).map_err(|(line, _)| line).unwrap();
        let [basic, prod] = sections.as_slice() else {
            panic!("two sections")
        };
        let value =
            |section: &Section<'_>, key| section.get(key).map(|entry| entry.value.to_owned());
        assert_eq!(
            (basic.name, value(basic, "ak").as_deref()),
            ("basic", Some("A"))
        );
        assert_eq!(value(basic, "sk").as_deref(), Some("a=b;c#\\\""));
        assert_eq!((value(basic, "empty"), value(basic, "none")), (None, None));
        assert_eq!(
            (prod.name, value(prod, "AK").as_deref()),
            ("prod", Some("P"))
        );
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
            let told = format!("keys, line {line}: ");
            let shown = format!("{error} {error:?}");
            assert!(
                shown.contains(&told) && shown.contains(why),
                "{text:?}: {shown}"
            );
            assert!(!shown.contains("SECRET"), "{shown}");
        }
    }
}
