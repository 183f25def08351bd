//! The TOML file of `--fleet`: projects and rules; `idsync help fleet` documents it.

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

use idsync::config::{read_file as read_text, with_suggestion};
use idsync::health::{ClusterRef, Rules};
use idsync::{ProjectId, WorkspaceId};
use serde::Deserialize;
use toml::Spanned;

use crate::args::ConnectionArgs;
use crate::args::values::{Rate, rate};
use crate::errors::CliError;

/// Largest file, in bytes.
const MAX_SIZE: usize = 16 * 1024 * 1024;

/// A fleet file, checked.
#[derive(Debug)]
pub(crate) struct FleetFile {
    /// The rules of all projects.
    pub(crate) rules: Rules,
    /// Clusters that must be in the report.
    pub(crate) expect: Vec<ClusterRef>,
    /// Minimum number of clusters.
    pub(crate) min_clusters: Option<u64>,
    /// At least one.
    pub(crate) projects: Vec<FleetProject>,
}

/// One project of a fleet.
#[derive(Debug)]
pub(crate) struct FleetProject {
    /// File and line.
    pub(crate) place: String,
    pub(crate) project_id: Option<ProjectId>,
    pub(crate) workspaces: Vec<WorkspaceId>,
    pub(crate) clusters: Vec<ClusterRef>,
    /// The rules of this project.
    pub(crate) rules: Rules,
    region: Option<String>,
    profile: Option<String>,
    endpoints: Vec<String>,
    rate: Option<Rate>,
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
            args.endpoint.clone_from(&self.endpoints);
        }
        args
    }

    /// Whether both mean the same project.
    fn is_same(&self, other: &Self) -> bool {
        let is_known = self.project_id.is_some();
        self.project_id == other.project_id
            && (is_known || (&self.profile, &self.region) == (&other.profile, &other.region))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileForm {
    #[serde(default)]
    health: Rules,
    #[serde(default)]
    expect: Vec<Spanned<String>>,
    min_clusters: Option<u64>,
    rate: Option<Spanned<String>>,
    #[serde(default)]
    project: Vec<Spanned<ProjectForm>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProjectForm {
    project_id: Option<Spanned<String>>,
    region: Option<String>,
    profile: Option<String>,
    #[serde(default)]
    workspaces: Vec<Spanned<String>>,
    #[serde(default)]
    clusters: Vec<Spanned<String>>,
    endpoint: Option<String>,
    #[serde(default)]
    endpoints: BTreeMap<ServiceKey, String>,
    rate: Option<Spanned<String>>,
    #[serde(default)]
    health: Rules,
}

#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
enum ServiceKey {
    DataArts,
    Dws,
    Mrs,
    Iam,
}

impl ServiceKey {
    /// In the form of `--endpoint`.
    fn endpoint(&self, url: &str) -> String {
        let name = match self {
            Self::DataArts => "dataarts",
            Self::Dws => "dws",
            Self::Mrs => "mrs",
            Self::Iam => "iam",
        };
        format!("{name}={url}")
    }
}

impl FleetFile {
    /// Reads the file at `path`.
    ///
    /// # Errors
    ///
    /// One sentence that names the file, the line, and what is allowed there.
    pub(crate) fn read(path: &Path) -> Result<Self, CliError> {
        Self::parse(path, &read_file(path)?)
    }

    fn parse(path: &Path, text: &str) -> Result<Self, CliError> {
        let source = FleetText { path, text };
        let form = source.form()?;
        if form.project.is_empty() {
            let why =
                "there is no [[project]]; add one for each project, with workspaces or clusters";
            return Err(source.error_at(0, why));
        }
        let rate = source.rate(form.rate.as_ref())?;
        let mut projects: Vec<(FleetProject, usize)> = Vec::with_capacity(form.project.len());
        for form in form.project {
            let at = form.span().start;
            let mut project = source.project(form.into_inner(), at)?;
            project.rate = project.rate.or(rate);
            if let Some((_, first)) = projects.iter().find(|(other, _)| other.is_same(&project)) {
                let line = source.line(*first);
                let why = format!("this project is already at line {line}; merge the two");
                return Err(source.error_at(at, &why));
            }
            projects.push((project, at));
        }
        Ok(Self {
            rules: form.health,
            expect: source.list(&form.expect)?,
            min_clusters: form.min_clusters,
            projects: projects.into_iter().map(|(project, _)| project).collect(),
        })
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

/// The text of a file, for errors that name its lines.
struct FleetText<'a> {
    path: &'a Path,
    text: &'a str,
}

impl FleetText<'_> {
    fn form(&self) -> Result<FileForm, CliError> {
        toml::from_str(self.text).map_err(|error| {
            let why = error.message().lines().collect::<Vec<_>>().join("; ");
            let why = why.replace("expected a sequence", "expected a list");
            self.error_at(
                error.span().unwrap_or_default().start,
                &with_suggestion(&why),
            )
        })
    }

    fn project(&self, form: ProjectForm, at: usize) -> Result<FleetProject, CliError> {
        let endpoints = form.endpoints.iter();
        let endpoints: Vec<_> = endpoints.map(|(key, url)| key.endpoint(url)).collect();
        Ok(FleetProject {
            place: format!("{}:{}", self.path.display(), self.line(at)),
            project_id: form.project_id.map(|id| self.value(&id)).transpose()?,
            region: form.region,
            profile: form.profile,
            endpoints: form.endpoint.into_iter().chain(endpoints).collect(),
            rate: self.rate(form.rate.as_ref())?,
            rules: form.health,
            workspaces: self.list(&form.workspaces)?,
            clusters: self.list(&form.clusters)?,
        })
    }

    fn list<T>(&self, list: &[Spanned<String>]) -> Result<Vec<T>, CliError>
    where
        T: FromStr<Err = idsync::Error>,
    {
        list.iter().map(|item| self.value(item)).collect()
    }

    fn value<T>(&self, text: &Spanned<String>) -> Result<T, CliError>
    where
        T: FromStr<Err = idsync::Error>,
    {
        let value = text.get_ref().parse();
        value.map_err(|error: idsync::Error| self.error_at(text.span().start, error.message()))
    }

    fn rate(&self, text: Option<&Spanned<String>>) -> Result<Option<Rate>, CliError> {
        let read = |text: &Spanned<String>| {
            rate(text.get_ref()).map_err(|why| self.error_at(text.span().start, &why))
        };
        text.map(read).transpose()
    }

    fn error_at(&self, offset: usize, why: &str) -> CliError {
        let line = self.line(offset);
        CliError::configuration(format!("{}:{line}: {why}", self.path.display()))
    }

    fn line(&self, offset: usize) -> usize {
        let before = self.text.get(..offset).unwrap_or_default();
        before.matches('\n').count() + 1
    }
}
