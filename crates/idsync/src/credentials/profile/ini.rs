//! The credentials file of the official SDKs: a section for each profile.
//!
//! Read as Python's `configparser` reads it, which the SDK uses: no escapes, no quotes, comments on lines of their own.

use std::collections::BTreeMap;
use std::path::Path;

use super::{CredentialKeys, Lookup, Profile, at_line, available};
use crate::endpoints::EndpointSetting;
use crate::{Error, Service};

/// Reads the section `name`. Keys that are not known here are left to the SDKs, whose file it is.
pub(super) fn read(text: &str, path: &Path, name: &str) -> Result<Lookup<Profile>, Error> {
    let mut sections = parse(text).map_err(|line| {
        let why = "it is neither a [section], nor `key = value` in one, nor a comment";
        at_line(path, line, &Error::configuration(why))
    })?;
    let shown = path.display();
    let Some(mut section) = sections.remove(name) else {
        let others = available(sections.into_keys());
        return Ok(Err(format!("{shown} has no section [{name}]; {others}")));
    };
    let origin = format!("section [{name}] of {shown}");
    let mut take = |key| section.remove(key).map(str::to_owned);
    let keys = CredentialKeys {
        ak: take("ak"),
        sk: take("sk"),
        security_token: take("security_token"),
        ..CredentialKeys::default()
    };
    let in_section = |error: Error| {
        let message = format!("{origin}: {}", error.message());
        error.with_message(message)
    };
    let Some(credentials) = keys.provider(&origin).map_err(in_section)? else {
        return Ok(Err(format!("{origin} has no ak and sk")));
    };
    let project_id = take("project_id").map(|id| id.parse().map_err(in_section));
    let iam = take("iam_endpoint").map(|url| EndpointSetting {
        service: Some(Service::Iam),
        url,
        origin: format!("the iam_endpoint of {origin}"),
    });
    Ok(Ok(Profile {
        project_id: project_id.transpose()?,
        endpoints: iam.into_iter().collect(),
        credentials: Some(credentials),
        origin,
        ..Profile::default()
    }))
}

/// The values that are not empty, by section and key in lower case; or the first line that cannot be read, from 1.
fn parse(text: &str) -> Result<BTreeMap<&str, BTreeMap<String, &str>>, usize> {
    let mut sections = BTreeMap::<_, BTreeMap<_, _>>::new();
    let mut current = None;
    for (line, text) in (1_usize..).zip(text.lines().map(str::trim)) {
        if text.is_empty() || text.starts_with(['#', ';']) {
            continue;
        }
        if let Some(rest) = text.strip_prefix('[') {
            let name = rest.strip_suffix(']').ok_or(line)?.trim();
            current = Some(sections.entry(name).or_default());
            continue;
        }
        let (key, value) = text.split_once(['=', ':']).ok_or(line)?;
        let section = current.as_mut().ok_or(line)?;
        if !value.trim().is_empty() {
            section.insert(key.trim().to_ascii_lowercase(), value.trim());
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
        let sections = parse(text).unwrap();
        assert_eq!(sections["basic"]["ak"], "A");
        assert_eq!(sections["basic"]["sk"], "a=b;c#\\\"");
        assert_eq!(sections["basic"].len(), 2);
        assert_eq!(sections["prod"]["ak"], "P");
    }

    #[test]
    fn an_error_names_the_line_or_section_and_shows_no_value() {
        for (text, place, why) in [
            ("ak = 1", "keys, line 1", "neither"),
            ("[basic]\n\nSECRET", "keys, line 3", "neither"),
            ("[basic\nak = 1", "keys, line 1", "neither"),
            ("[basic]\nak = AKSECRET", "[basic] of keys", "ak and sk"),
            (
                "[basic]\nak = a\nsk = SECRET # prod",
                "[basic] of keys",
                "the secret key has a comment",
            ),
            (
                "[basic]\nak = a\nsk = b\nproject_id = ../x",
                "[basic] of keys",
                "project id",
            ),
        ] {
            let error = read(text, Path::new("keys"), "basic");
            let error = error.map(|_| ()).unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(
                shown.contains(place) && shown.contains(why),
                "{text:?}: {shown}"
            );
            assert!(!shown.contains("SECRET"), "{shown}");
        }
    }
}
