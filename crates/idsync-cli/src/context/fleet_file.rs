//! The file of a fleet.
//!
//! ```toml
//! [health]
//! grace = "45m"
//!
//! [[project]]
//! project_id = "0833a5737480d53b2f25c010dc1a7b88"
//! region = "cn-north-4"
//! profile = "basic"
//! workspaces = ["f7bc8f2a3d2f4a4c8d2b3b3f0c1d2e3f"]
//! clusters = ["dws:cc6588d6-8301-4c9a-b0c0-186bb824e8c0"]
//! endpoint = "https://gateway.example.com"
//! endpoints = { dws = "https://dws.example.com" }
//! ```

mod form;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::str::FromStr;

use idsync::health::{ClusterRef, RuleSettings};
use idsync::{ProjectId, WorkspaceId};
use toml::Spanned;

use self::form::{FileForm, ProjectForm};
use crate::args::EndpointArg;
use crate::failure::Failure;

/// More than any fleet takes, in bytes.
const LARGEST: u64 = 16 * 1024 * 1024;

/// What the file of a fleet says, checked.
#[derive(Debug)]
pub(super) struct FleetFile {
    /// The rules of all projects.
    pub(super) rules: RuleSettings,
    /// At least one.
    pub(super) projects: Vec<FleetProject>,
}

/// One project of a fleet.
#[derive(Debug)]
pub(super) struct FleetProject {
    /// Which project of which file this is, in words.
    pub(super) origin: String,
    pub(super) project_id: Option<ProjectId>,
    pub(super) region: Option<String>,
    pub(super) profile: Option<String>,
    pub(super) endpoints: Vec<EndpointArg>,
    pub(super) workspaces: Vec<WorkspaceId>,
    pub(super) clusters: Vec<ClusterRef>,
}

impl FleetFile {
    /// Reads the file at `path`.
    ///
    /// # Errors
    ///
    /// One sentence that names the file, the line, and what is allowed there.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let unreadable =
            |why: &str| Failure::usage(format!("{} cannot be read: {why}", path.display()));
        let mut text = String::new();
        let size = File::open(path)
            .and_then(|file| file.take(LARGEST + 1).read_to_string(&mut text))
            .map_err(|error: io::Error| unreadable(&error.to_string()))?;
        if size as u64 > LARGEST {
            return Err(unreadable("it is larger than any fleet"));
        }
        Self::parse(path, &text)
    }

    fn parse(path: &Path, text: &str) -> Result<Self, Failure> {
        let text = Text { path, text };
        let form = text.form()?;
        if form.project.is_empty() {
            return Err(text.error_at(
                0,
                "there is no [[project]]; give one for each project, with workspaces or clusters",
            ));
        }
        let mut projects: Vec<(FleetProject, usize)> = Vec::with_capacity(form.project.len());
        for form in form.project {
            let at = form.span().start;
            let project = text.project(form.into_inner(), at)?;
            if let Some((_, first)) = projects.iter().find(|(other, _)| other.is_same(&project)) {
                let line = text.line(*first);
                let why = format!(
                    "this project is that of line {line} once more; give it once, with all of its workspaces and clusters"
                );
                return Err(text.error_at(at, &why));
            }
            projects.push((project, at));
        }
        Ok(Self {
            rules: form.health,
            projects: projects.into_iter().map(|(project, _)| project).collect(),
        })
    }
}

impl FleetProject {
    /// That something is wrong with the project as a whole.
    pub(super) fn refused(&self, why: &str) -> Failure {
        Failure::usage(format!("{}: {why}", self.origin))
    }

    /// Whether both are asked about the same project.
    fn is_same(&self, other: &Self) -> bool {
        let is_known = self.project_id.is_some();
        self.project_id == other.project_id
            && (is_known || (&self.profile, &self.region) == (&other.profile, &other.region))
    }
}

/// A file that was read, for errors that name its lines.
struct Text<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Text<'_> {
    fn form(&self) -> Result<FileForm, Failure> {
        let form = toml::Deserializer::parse(self.text)
            .map_err(|error| self.unreadable(error.message(), &error))?;
        serde_path_to_error::deserialize(form).map_err(|error| {
            let why = form::complaint(error.path(), error.inner().message());
            self.unreadable(&why, error.inner())
        })
    }

    fn project(&self, form: ProjectForm, at: usize) -> Result<FleetProject, Failure> {
        Ok(FleetProject {
            origin: format!("{}:{}", self.path.display(), self.line(at)),
            project_id: form.project_id.map(|id| self.value(&id)).transpose()?,
            region: form.region,
            profile: form.profile,
            endpoints: form::endpoints(form.endpoint, form.endpoints),
            workspaces: self.list("workspace", &form.workspaces)?,
            clusters: self.list("cluster", &form.clusters)?,
        })
    }

    /// The values of a list, each of which may be there once.
    fn list<T>(&self, what: &str, list: &[Spanned<String>]) -> Result<Vec<T>, Failure>
    where
        T: FromStr<Err = idsync::Error> + std::hash::Hash + Eq + Clone,
    {
        let mut seen = std::collections::HashSet::with_capacity(list.len());
        let mut values = Vec::with_capacity(list.len());
        for item in list {
            let value: T = self.value(item)?;
            if !seen.insert(value.clone()) {
                let why = format!(
                    "the {what} {:?} is there twice; give it once",
                    item.get_ref()
                );
                return Err(self.error_at(item.span().start, &why));
            }
            values.push(value);
        }
        Ok(values)
    }

    fn value<T: FromStr<Err = idsync::Error>>(&self, text: &Spanned<String>) -> Result<T, Failure> {
        let value = text.get_ref().parse();
        value.map_err(|error: idsync::Error| self.error_at(text.span().start, error.message()))
    }

    fn unreadable(&self, why: &str, error: &toml::de::Error) -> Failure {
        let why = why.lines().collect::<Vec<_>>().join("; ");
        self.error_at(error.span().unwrap_or_default().start, &why)
    }

    fn error_at(&self, offset: usize, why: &str) -> Failure {
        let line = self.line(offset);
        Failure::usage(format!("{}:{line}: {why}", self.path.display()))
    }

    fn line(&self, offset: usize) -> usize {
        let before = self.text.get(..offset).unwrap_or_default();
        before.matches('\n').count() + 1
    }
}
