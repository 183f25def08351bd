//! The TOML file of `--fleet`: projects and rules; `idsync help fleet` documents it.

use std::collections::HashSet;
use std::fs::File;
use std::hash::Hash;
use std::io::{self, Read};
use std::path::Path;
use std::str::FromStr;

use idsync::health::{ClusterRef, RuleSettings};
use idsync::{ProjectId, WorkspaceId};
use serde::Deserialize;
use serde_path_to_error::Segment;
use toml::Spanned;

use crate::args::ConnectionArgs;
use crate::errors::CliError;

/// Largest file, in bytes.
const MAX_SIZE: u64 = 16 * 1024 * 1024;

/// A fleet file, checked.
#[derive(Debug)]
pub(crate) struct FleetFile {
    /// The rules of all projects.
    pub(crate) rules: RuleSettings,
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
    place: String,
    pub(crate) project_id: Option<ProjectId>,
    pub(crate) workspaces: Vec<WorkspaceId>,
    pub(crate) clusters: Vec<ClusterRef>,
    /// The rules of this project.
    pub(crate) rules: RuleSettings,
    region: Option<String>,
    profile: Option<String>,
    endpoints: Vec<String>,
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
    health: RuleSettings,
    #[serde(default)]
    expect: Vec<Spanned<String>>,
    min_clusters: Option<u64>,
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
    endpoints: EndpointsForm,
    #[serde(default)]
    health: RuleSettings,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct EndpointsForm {
    dataarts: Option<String>,
    dws: Option<String>,
    mrs: Option<String>,
    iam: Option<String>,
}

impl EndpointsForm {
    /// In the form of `--endpoint`.
    fn flags(self, for_all: Option<String>) -> Vec<String> {
        let services = [
            ("dataarts", self.dataarts),
            ("dws", self.dws),
            ("mrs", self.mrs),
            ("iam", self.iam),
        ];
        let services = services.into_iter();
        let services = services.filter_map(|(name, url)| Some(format!("{name}={}", url?)));
        for_all.into_iter().chain(services).collect()
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
        let mut projects: Vec<(FleetProject, usize)> = Vec::with_capacity(form.project.len());
        for form in form.project {
            let at = form.span().start;
            let project = source.project(form.into_inner(), at)?;
            if let Some((_, first)) = projects.iter().find(|(other, _)| other.is_same(&project)) {
                let line = source.line(*first);
                let why = format!("this project is already at line {line}; merge the two");
                return Err(source.error_at(at, &why));
            }
            projects.push((project, at));
        }
        Ok(Self {
            rules: form.health,
            expect: source.list("cluster", &form.expect)?,
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
    let unreadable =
        |why: &str| CliError::configuration(format!("{} cannot be read: {why}", path.display()));
    let failed = |error: io::Error| unreadable(&error.to_string());
    // Before it is opened: opening a pipe waits for a writer.
    if !path.metadata().map_err(failed)?.is_file() {
        return Err(unreadable("it is not a regular file"));
    }
    let mut text = String::new();
    let file = File::open(path).map_err(failed)?;
    let size = file.take(MAX_SIZE + 1).read_to_string(&mut text);
    if size.map_err(failed)? as u64 > MAX_SIZE {
        return Err(unreadable("it is larger than 16 MiB"));
    }
    Ok(text
        .strip_prefix('\u{feff}')
        .map_or(text.clone(), str::to_owned))
}

/// The text of a file, for errors that name its lines.
struct FleetText<'a> {
    path: &'a Path,
    text: &'a str,
}

impl FleetText<'_> {
    fn form(&self) -> Result<FileForm, CliError> {
        let unreadable = |why: &str, error: &toml::de::Error| {
            let why = why.lines().collect::<Vec<_>>().join("; ");
            self.error_at(error.span().unwrap_or_default().start, &why)
        };
        let form = toml::Deserializer::parse(self.text)
            .map_err(|error| unreadable(error.message(), &error))?;
        serde_path_to_error::deserialize(form).map_err(|error| {
            let why = explain(error.path(), error.inner().message());
            unreadable(&why, error.inner())
        })
    }

    fn project(&self, form: ProjectForm, at: usize) -> Result<FleetProject, CliError> {
        Ok(FleetProject {
            place: format!("{}:{}", self.path.display(), self.line(at)),
            project_id: form.project_id.map(|id| self.value(&id)).transpose()?,
            region: form.region,
            profile: form.profile,
            endpoints: form.endpoints.flags(form.endpoint),
            rules: form.health,
            workspaces: self.list("workspace", &form.workspaces)?,
            clusters: self.list("cluster", &form.clusters)?,
        })
    }

    /// The values of a list, each of which may occur once.
    fn list<T>(&self, what: &str, list: &[Spanned<String>]) -> Result<Vec<T>, CliError>
    where
        T: FromStr<Err = idsync::Error> + Hash + Eq + Clone,
    {
        let mut seen = HashSet::with_capacity(list.len());
        let mut values = Vec::with_capacity(list.len());
        for item in list {
            let value: T = self.value(item)?;
            if !seen.insert(value.clone()) {
                let why = format!("the {what} {:?} occurs twice; remove one", item.get_ref());
                return Err(self.error_at(item.span().start, &why));
            }
            values.push(value);
        }
        Ok(values)
    }

    fn value<T>(&self, text: &Spanned<String>) -> Result<T, CliError>
    where
        T: FromStr<Err = idsync::Error>,
    {
        let value = text.get_ref().parse();
        value.map_err(|error: idsync::Error| self.error_at(text.span().start, error.message()))
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

/// The message, with its key if the message does not name it.
fn explain(path: &serde_path_to_error::Path, message: &str) -> String {
    let mut keys = path.iter().filter_map(|segment| match segment {
        // Keys of the parser around a value whose position is kept.
        Segment::Map { key } if !key.starts_with("$__") => Some(key.as_str()),
        _ => None,
    });
    match keys.next_back() {
        Some(key)
            if message.starts_with("invalid type") && !message.contains(&format!("`{key}`")) =>
        {
            format!(
                "{key}: {}",
                message.replace("expected a sequence", "expected a list")
            )
        }
        _ => message.to_owned(),
    }
}
