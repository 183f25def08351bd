//! The TOML file of `--fleet`: projects and rules; `idsync help fleet` documents it.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use idsync::config::{read_file as read_text, with_suggestion};
use idsync::health::{ClusterRef, Rules};
use idsync::{ProjectId, Service, WorkspaceId};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use crate::args::ConnectionArgs;
use crate::args::values::{self, Rate};
use crate::errors::CliError;

/// Largest file, in bytes.
const MAX_SIZE: usize = 16 * 1024 * 1024;

/// A fleet file, checked.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FleetFile {
    /// The rules of all projects.
    #[serde(default, rename = "health")]
    pub(crate) rules: Rules,
    /// Clusters that must be in the report.
    #[serde(default)]
    pub(crate) expect: Vec<ClusterRef>,
    /// Minimum number of clusters.
    pub(crate) min_clusters: Option<u64>,
    #[serde(default, deserialize_with = "read_rate")]
    rate: Option<Rate>,
    #[serde(default)]
    project: Vec<Spanned<FleetProject>>,
    /// At least one, in their order.
    #[serde(skip)]
    pub(crate) projects: Vec<FleetProject>,
}

/// One project of a fleet.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FleetProject {
    /// File and line.
    #[serde(skip)]
    pub(crate) place: String,
    pub(crate) project_id: Option<ProjectId>,
    #[serde(default)]
    pub(crate) workspaces: Vec<WorkspaceId>,
    #[serde(default)]
    pub(crate) clusters: Vec<ClusterRef>,
    /// The rules of this project.
    #[serde(default, rename = "health")]
    pub(crate) rules: Rules,
    region: Option<String>,
    profile: Option<String>,
    endpoint: Option<String>,
    #[serde(default)]
    endpoints: BTreeMap<Service, String>,
    #[serde(default, deserialize_with = "read_rate")]
    rate: Option<Rate>,
}

fn read_rate<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Rate>, D::Error> {
    let text = String::deserialize(value)?;
    values::rate(&text).map(Some).map_err(D::Error::custom)
}

impl FleetProject {
    /// The project as a whole is wrong.
    pub(crate) fn wrong(&self, why: &str) -> CliError {
        CliError::configuration(format!("{}: {why}", self.place))
    }

    /// The connection of the project: flags take precedence over the file.
    pub(crate) fn connection(&self, flags: &ConnectionArgs) -> ConnectionArgs {
        let mut args = flags.clone();
        args.region = args.region.or_else(|| self.region.clone());
        args.profile = args.profile.or_else(|| self.profile.clone());
        args.rate = args.rate.or(self.rate);
        args.project_id = self.project_id.iter().cloned().collect();
        if args.endpoint.is_empty() {
            let all = self.endpoint.iter().map(|url| (None, url.clone()));
            let services = self.endpoints.iter();
            let services = services.map(|(service, url)| (Some(*service), url.clone()));
            args.endpoint.extend(all.chain(services));
        }
        args
    }
}

impl FleetFile {
    /// Reads the file at `path`.
    ///
    /// # Errors
    ///
    /// One sentence with the file, the line and the accepted values.
    pub(crate) fn read(path: &Path) -> Result<Self, CliError> {
        let text = read_file(path)?;
        let line = |offset| text.get(..offset).unwrap_or_default().matches('\n').count() + 1;
        let place = |offset| format!("{}:{}", path.display(), line(offset));
        let mut file: Self = toml::from_str(&text).map_err(|error: toml::de::Error| {
            let why = error.message().lines().collect::<Vec<_>>().join("; ");
            let why = with_suggestion(&why.replace("expected a sequence", "expected a list"));
            let place = place(error.span().unwrap_or_default().start);
            CliError::configuration(format!("{place}: {why}"))
        })?;
        for project in std::mem::take(&mut file.project) {
            let place = place(project.span().start);
            let mut project = project.into_inner();
            project.place = place;
            project.rate = project.rate.or(file.rate);
            file.projects.push(project);
        }
        file.check(path)?;
        Ok(file)
    }

    fn check(&self, path: &Path) -> Result<(), CliError> {
        if self.projects.is_empty() {
            let why =
                "there is no [[project]]; add one for each project, with workspaces or clusters";
            let message = format!("{}:1: {why}", path.display());
            return Err(CliError::configuration(message));
        }
        let mut places = HashMap::new();
        for project in &self.projects {
            // Without an id, the project is that of the profile and the region.
            let by_name = project.project_id.is_none();
            let by_name = by_name.then_some((&project.profile, &project.region));
            if let Some(first) = places.insert((&project.project_id, by_name), &project.place) {
                let why = format!("this project is already at {first}; merge the two");
                return Err(project.wrong(&why));
            }
        }
        Ok(())
    }
}

/// The text of a regular file of at most 16 MiB, without a byte order mark.
///
/// # Errors
///
/// One sentence that names the file.
pub(crate) fn read_file(path: &Path) -> Result<String, CliError> {
    let text =
        read_text(path, MAX_SIZE).map_err(|error| CliError::configuration(error.message()))?;
    text.ok_or_else(|| CliError::configuration(format!("{} does not exist", path.display())))
}
