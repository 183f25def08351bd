//! The credentials file of the official SDKs: a section for each profile.

use std::path::{Path, PathBuf};

use super::ini::{self, Section};
use super::{Lookup, file, instead};
use crate::region::{Environment, WrittenEndpoint};
use crate::{Credentials, Error, ErrorKind, ProjectId, Service};

/// The variable that names the file; without it, it is `~/.huaweicloud/credentials`.
const FILE: &str = "HUAWEICLOUD_SDK_CREDENTIALS_FILE";

/// An access key, with what stands beside it.
#[derive(Debug)]
pub(crate) struct SharedProfile {
    /// Which profile of which file this is, in words.
    pub(crate) origin: String,
    pub(crate) credentials: Credentials,
    pub(crate) project_id: Option<ProjectId>,
    pub(crate) iam_endpoint: Option<WrittenEndpoint>,
}

/// Reads the section `name`. Keys that are not known here are left to the SDKs, whose file it is.
pub(super) fn read(
    name: &str,
    environment: Environment<'_>,
) -> Result<Lookup<SharedProfile>, Error> {
    let Some((path, is_named)) = place(environment) else {
        let why = format!("no credentials file: neither {FILE} nor a home directory is set");
        return Ok(Lookup::Absent(why));
    };
    match file::read(&path)? {
        Some(text) => profile_in(&text, name, &path),
        None if is_named => Err(unusable(
            &path,
            &format!("which {FILE} names, does not exist"),
        )),
        None => Ok(Lookup::Absent(format!("{} does not exist", path.display()))),
    }
}

/// The path of the file, and whether somebody named it.
fn place(environment: Environment<'_>) -> Option<(PathBuf, bool)> {
    if let Some(path) = environment(FILE) {
        return Some((path.into(), true));
    }
    let path = file::home(environment)?.join(".huaweicloud/credentials");
    Some((path, false))
}

fn profile_in(text: &str, name: &str, path: &Path) -> Result<Lookup<SharedProfile>, Error> {
    let sections = ini::parse(text)
        .map_err(|bad| unusable(path, &format!("line {}: {}", bad.line, bad.why)))?;
    let Some(section) = sections.iter().find(|section| section.name == name) else {
        let others = instead(sections.iter().map(|section| section.name));
        let file = path.display();
        return Ok(Lookup::Absent(format!(
            "{file} has no section [{name}]; {others}"
        )));
    };
    let origin = format!("section [{name}] of {}", path.display());
    let Some(credentials) = credentials(section, path)? else {
        return Ok(Lookup::Absent(format!("{origin} has no ak and sk")));
    };
    file::warn_if_exposed(path);
    let project_id = section.get("project_id").map(str::parse).transpose();
    Ok(Lookup::Found(SharedProfile {
        credentials,
        project_id: project_id.map_err(|error| unusable(path, &format!("[{name}]: {error}")))?,
        iam_endpoint: section.get("iam_endpoint").map(|url| WrittenEndpoint {
            service: Some(Service::Iam),
            url: url.to_owned(),
            origin: format!("the iam_endpoint of {origin}"),
        }),
        origin,
    }))
}

fn credentials(section: &Section<'_>, path: &Path) -> Result<Option<Credentials>, Error> {
    let in_section = |why: &str| unusable(path, &format!("[{}] {why}", section.name));
    let (access_key, secret_key) = match (section.get("ak"), section.get("sk")) {
        (Some(access_key), Some(secret_key)) => (access_key, secret_key),
        (Some(_), None) => return Err(in_section("has an ak but no sk; give both")),
        (None, Some(_)) => return Err(in_section("has an sk but no ak; give both")),
        (None, None) if section.get("id_token_file").is_some() => {
            return Err(in_section(
                "uses the token of an identity provider, which is not supported; give an ak and sk",
            ));
        }
        (None, None) => return Ok(None),
    };
    let credentials = Credentials::access_key(access_key, secret_key);
    Ok(Some(match section.get("security_token") {
        Some(token) => credentials.with_security_token(token),
        None => credentials,
    }))
}

fn unusable(path: &Path, why: &str) -> Error {
    Error::new(ErrorKind::Credentials, format!("{}, {why}", path.display()))
}
