//! The regions file that the official SDKs read: endpoints that their tables do not have.

use std::io;
use std::path::{Path, PathBuf};

use saphyr::{LoadableYamlNode, Yaml};

use super::Environment;
use crate::{Error, Service};

/// Names the file; without it, the one in the home directory is read if there is one.
const VARIABLE: &str = "HUAWEICLOUD_SDK_REGIONS_FILE";
const IN_HOME: &str = ".huaweicloud/regions.yaml";

/// Services by their names in the SDKs, in any case; for each a list of regions with one endpoint or several.
///
/// ```yaml
/// MRS:
///   - id: my-region-1
///     endpoint: https://mrs.my-region-1.example.com
/// DWS:
///   - id: my-region-1
///     endpoints: [https://dws.my-region-1.example.com]
/// ```
#[derive(Clone, Debug)]
pub(super) struct RegionsFile {
    path: PathBuf,
    text: String,
}

impl RegionsFile {
    /// The file that the environment names, or the one in the home directory.
    ///
    /// # Errors
    ///
    /// `Usage` if a file that is there, or should be, cannot be read.
    pub(super) fn find(environment: Environment<'_>) -> Result<Option<Self>, Error> {
        if let Some(path) = environment(VARIABLE) {
            return Self::read(path.into()).map(Some);
        }
        let home = environment(if cfg!(windows) { "USERPROFILE" } else { "HOME" });
        let Some(path) = home.map(|home| Path::new(&home).join(IN_HOME)) else {
            return Ok(None);
        };
        match path.try_exists() {
            Ok(false) => Ok(None),
            _ => Self::read(path).map(Some),
        }
    }

    fn read(path: PathBuf) -> Result<Self, Error> {
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Self { path, text }),
            Err(error) => {
                let hint = match error.kind() {
                    io::ErrorKind::NotFound => format!("; mend or unset {VARIABLE}"),
                    _ => String::new(),
                };
                Err(wrong(&path, &format!("cannot be read: {error}{hint}")))
            }
        }
    }

    /// Where `service` answers in `region`, and where that is written; the first of several.
    ///
    /// # Errors
    ///
    /// `Usage` if the file is no YAML, or what it says of the service is not understood.
    pub(super) fn endpoint(
        &self,
        service: Service,
        region: &str,
    ) -> Result<Option<(String, String)>, Error> {
        let documents = Yaml::load_from_str(&self.text)
            .map_err(|error| wrong(&self.path, &format!("is no YAML: {error}")))?;
        let Some(regions) = documents.first().and_then(|root| named(root, service)) else {
            return Ok(None);
        };
        let misread = |what: &str| wrong(&self.path, &format!("has {what} under {service}"));
        let regions = regions
            .as_sequence()
            .ok_or_else(|| misread("no list of regions"))?;
        let id = |entry: &&Yaml<'_>| text(entry, "id") == Some(region);
        let Some(entry) = regions.iter().find(id) else {
            return Ok(None);
        };
        let url = text(entry, "endpoint").or_else(|| first_endpoint(entry));
        let url = url.ok_or_else(|| misread(&format!("no endpoint for {region}")))?;
        let origin = format!("the endpoint of {service} in {}", self.path.display());
        Ok(Some((origin, url.to_owned())))
    }
}

/// What the file says of `service`.
fn named<'a, 'y>(root: &'a Yaml<'y>, service: Service) -> Option<&'a Yaml<'y>> {
    let services = root.as_mapping()?;
    let found = services.iter().find(|(name, _)| {
        name.as_str()
            .is_some_and(|name| name.eq_ignore_ascii_case(service.sdk_name()))
    });
    found.map(|(_, regions)| regions)
}

fn text<'a>(entry: &'a Yaml<'_>, field: &str) -> Option<&'a str> {
    entry.as_mapping_get(field)?.as_str()
}

fn first_endpoint<'a>(entry: &'a Yaml<'_>) -> Option<&'a str> {
    let endpoints = entry.as_mapping_get("endpoints")?.as_sequence()?;
    endpoints.first()?.as_str()
}

fn wrong(path: &Path, what: &str) -> Error {
    Error::configuration(format!("the regions file {} {what}", path.display()))
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    const FILE: &str = "\
Mrs:
  - id: elsewhere-1
    endpoint: https://mrs.example
  - {id: elsewhere-2, endpoints: ['https://a.example', 'https://b.example']}
DataArtsStudio:
  - id: elsewhere-1
DWS: none
ECS: 7
";

    fn written(at: &str, text: &str) -> (TempDir, PathBuf) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(at);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        (directory, path)
    }

    fn endpoint(text: &str, service: Service, region: &str) -> Result<Option<String>, String> {
        let (_directory, path) = written("regions.yaml", text);
        let found = RegionsFile::read(path).unwrap().endpoint(service, region);
        found
            .map(|found| found.map(|(_, url)| url))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_service_is_found_in_any_case_with_one_endpoint_or_the_first_of_several() {
        let found = |region| endpoint(FILE, Service::Mrs, region).unwrap();
        assert_eq!(found("elsewhere-1").as_deref(), Some("https://mrs.example"));
        assert_eq!(found("elsewhere-2").as_deref(), Some("https://a.example"));
        assert_eq!(found("elsewhere-3"), None);
        assert_eq!(endpoint("", Service::Mrs, "x"), Ok(None));
        assert_eq!(endpoint("ECS: []", Service::Mrs, "x"), Ok(None));
    }

    #[test]
    fn what_is_not_understood_is_told_with_the_file_and_the_service() {
        for (text, service, reason) in [
            (FILE, Service::Dws, "no list of regions under dws"),
            (
                FILE,
                Service::DataArts,
                "no endpoint for elsewhere-1 under dataarts",
            ),
            ("MRS: [", Service::Mrs, "is no YAML"),
        ] {
            let error = endpoint(text, service, "elsewhere-1").unwrap_err();
            assert!(
                error.contains("regions.yaml") && error.contains(reason),
                "{error}"
            );
        }
    }

    #[test]
    fn the_file_of_the_variable_beats_the_one_in_the_home_directory_which_need_not_be() {
        let (home, in_home) = written(IN_HOME, "");
        let (_directory, other) = written("other.yaml", "");
        let [home, other] = [home.path(), &other].map(|path| path.to_str().unwrap().to_owned());
        let found = |variables: [(&str, &str); 2]| {
            RegionsFile::find(&|wanted| {
                let set = variables.iter().find(|(name, _)| *name == wanted);
                set.map(|(_, value)| (*value).to_owned())
            })
        };
        let home_variable = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
        let unset = ("", "");
        let both = found([(VARIABLE, &other), (home_variable, &home)]);
        assert_eq!(both.unwrap().unwrap().path, Path::new(&other));
        let only_home = found([unset, (home_variable, &home)]);
        assert_eq!(only_home.unwrap().unwrap().path, in_home);
        assert!(
            found([unset, (home_variable, "/no/such/home")])
                .unwrap()
                .is_none()
        );
        assert!(found([unset, unset]).unwrap().is_none());
        let missing = found([(VARIABLE, "/no/such/file"), unset]).unwrap_err();
        assert!(
            missing
                .to_string()
                .contains("unset HUAWEICLOUD_SDK_REGIONS_FILE"),
            "{missing}"
        );
    }
}
