//! The linter `@redocly/cli`: runs it, offline, and reads what it found.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::codegen::Problem;
use crate::codegen::problem::Place;
use crate::tools::{Failure, Packages, Toolbox, needed, output};

/// Pinned, so that a new rule of theirs does not fail a build of ours.
const PACKAGES: Packages = Packages {
    name: "redocly",
    wanted: &["@redocly/cli@2.77.0"],
    pins: include_str!("../../pins/npm-redocly.json"),
};

/// Rules of this project, below the root of the workspace.
const CONFIG: &str = "openapi/redocly.yaml";

/// More than a document can have; the linter would stop at 100.
const MOST_PROBLEMS: &str = "10000";

/// The installed linter with the rules of this project.
pub(super) struct Linter {
    program: PathBuf,
    config: PathBuf,
}

/// What the linter prints for each file.
#[derive(Deserialize)]
struct Report {
    problems: Vec<Finding>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Finding {
    rule_id: String,
    message: String,
    location: Vec<Location>,
}

#[derive(Deserialize)]
struct Location {
    source: Source,
    pointer: Option<String>,
    start: Option<Start>,
}

#[derive(Deserialize)]
struct Source {
    #[serde(rename = "ref")]
    file: String,
}

#[derive(Deserialize)]
struct Start {
    line: usize,
}

impl Linter {
    /// The linter, installed once, with the rules of the workspace at `root`.
    pub(super) fn install(toolbox: &Toolbox, root: &Path) -> Result<Self, Failure> {
        let config = absolute(&root.join(CONFIG))?;
        if !config.is_file() {
            return Err(Failure::new(format!("{} is missing", config.display())));
        }
        needed(&["node"])?;
        let place = toolbox.node(&PACKAGES)?;
        Ok(Self {
            program: absolute(&place.join("node_modules/.bin/redocly"))?,
            config,
        })
    }

    /// Everything it has to say about `files`, which are below `folder`.
    pub(super) fn problems(&self, folder: &Path, files: &[&str]) -> Result<Vec<Problem>, Failure> {
        if files.is_empty() {
            return Ok(Vec::new());
        }
        let ended = output(
            Command::new(&self.program)
                .args(["lint", "--lint-config=error", "--format=json"])
                .args(["--max-problems", MOST_PROBLEMS])
                .arg("--config")
                .arg(&self.config)
                .args(files)
                .current_dir(folder)
                .env("REDOCLY_TELEMETRY", "off")
                .env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true")
                .env("NO_COLOR", "1"),
        )?;
        let reports = reports(&ended.stdout);
        let found: Vec<Problem> = reports.iter().flatten().flat_map(Report::found).collect();
        // A file that the linter gave up on has no report, and a clean bill goes with success.
        let complete = reports.is_some_and(|reports| reports.len() == files.len());
        if complete && ended.status.success() == found.is_empty() {
            return Ok(found);
        }
        let said = String::from_utf8_lossy(&ended.stderr);
        let said: Vec<&str> = said.lines().filter(|line| !is_banner(line)).collect();
        Err(Failure::new(format!(
            "does not let the linter read every document:\n{}",
            said.join("\n").trim()
        )))
    }
}

/// A path that stays the same in another folder.
fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(path)
        .map_err(|error| Failure::new(format!("{} is nowhere: {error}", path.display())))
}

/// The problem of a linter that gave up.
pub(super) fn stopped(failure: &Failure) -> Problem {
    Problem::of_file(CONFIG, failure.to_string())
}

/// Whether a line belongs to the box in which the linter advertises newer versions.
fn is_banner(line: &str) -> bool {
    line.trim_start().starts_with(['╔', '║', '╚'])
}

/// The reports, one a file; none if anything else is among them.
fn reports(printed: &[u8]) -> Option<Vec<Report>> {
    serde_json::Deserializer::from_slice(printed)
        .into_iter()
        .collect::<Result<_, _>>()
        .ok()
}

impl Report {
    fn found(&self) -> Vec<Problem> {
        self.problems.iter().map(Finding::problem).collect()
    }
}

impl Finding {
    fn problem(&self) -> Problem {
        let message = format!("{} [{}]", self.message.trim(), self.rule_id);
        let Some(location) = self.location.first() else {
            return Problem::of_file(CONFIG, message);
        };
        Problem {
            line: location.start.as_ref().map(|start| start.line),
            place: location.pointer.as_deref().map(place),
            ..Problem::of_file(&location.source.file, message)
        }
    }
}

/// The place that a JSON pointer in a fragment names, such as `#/paths/~1v1`.
fn place(pointer: &str) -> Place {
    let keys = pointer.trim_start_matches('#').split('/').skip(1);
    keys.fold(Place::default(), |place, key| {
        place.child(&key.replace("~1", "/").replace("~0", "~"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = r##"{"totals": {"errors": 0}, "problems": []}{"problems": [{"ruleId": "struct", "message": "Expected.",
        "location": [{"source": {"ref": "openapi/mrs.yaml"}, "pointer": "#/paths/~1v2~1{id}/get", "start": {"line": 7, "col": 1}}]}]}"##;

    #[test]
    fn a_finding_becomes_a_problem_with_file_line_place_and_rule() {
        let reports = reports(PRINTED.as_bytes()).expect("reports");
        let found: Vec<String> = reports
            .iter()
            .flat_map(Report::found)
            .map(|problem| problem.to_string())
            .collect();
        assert_eq!(reports.len(), 2);
        assert_eq!(
            found,
            ["openapi/mrs.yaml:7: paths./v2/{id}.get: Expected. [struct]"]
        );
    }

    #[test]
    fn words_instead_of_reports_are_not_taken_for_a_clean_bill() {
        assert!(reports(b"{\"problems\": []} something went wrong").is_none());
    }
}
