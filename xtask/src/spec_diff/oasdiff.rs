//! The tool `oasdiff`: runs it and reads what it found.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use super::change::{Change, Level};
use super::unusable;
use crate::tools::{Failure, Toolbox, output};

/// Pinned, so that what counts as breaking does not change by itself.
const PACKAGE: &str = "github.com/oasdiff/oasdiff@v1.30.0";

/// What breaks generated clients and is harmless to the tool, below the root of the workspace.
const LEVELS: &str = "openapi/oasdiff-levels.txt";

/// Its word on version numbers: the report has its own, which knows all changes.
const VERSION: &str = "api-version-not-bumped";

/// The installed tool with the levels of this project.
pub(super) struct Oasdiff {
    program: PathBuf,
    levels: PathBuf,
}

/// One change, as the tool prints it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Printed {
    id: String,
    text: String,
    level: u8,
    operation: Option<String>,
    path: Option<String>,
    base_source: Option<Source>,
    revision_source: Option<Source>,
}

#[derive(Deserialize)]
struct Source {
    line: Option<usize>,
}

impl Oasdiff {
    /// The tool, installed once, with the levels of the workspace at `root`.
    pub(super) fn install(toolbox: &Toolbox, root: &Path) -> Result<Self, Failure> {
        let folder = toolbox.go("oasdiff", PACKAGE)?;
        let absolute =
            |path: PathBuf| std::path::absolute(&path).map_err(|error| unusable(&path, &error));
        Ok(Self {
            program: absolute(folder.join("oasdiff"))?,
            levels: absolute(root.join(LEVELS))?,
        })
    }

    /// Every change from the document `old` to the one at `new`.
    pub(super) fn changes(&self, old: &[u8], new: &Path) -> Result<Vec<Change>, Failure> {
        // A folder of its own also keeps stray settings of the tool out.
        let folder =
            tempfile::tempdir().map_err(|error| unusable(&std::env::temp_dir(), &error))?;
        let (base, revision) = (
            folder.path().join("base.yaml"),
            folder.path().join("revision.yaml"),
        );
        fs::write(&base, old).map_err(|error| unusable(&base, &error))?;
        fs::copy(new, &revision).map_err(|error| unusable(new, &error))?;
        let ended = output(
            Command::new(&self.program)
                .args([
                    "changelog",
                    "--format",
                    "json",
                    "--allow-external-refs=false",
                ])
                .arg("--severity-levels")
                .arg(&self.levels)
                .args([&base, &revision])
                .current_dir(folder.path()),
        )?;
        let printed: Option<Vec<Printed>> = serde_json::from_slice(&ended.stdout).ok();
        match printed.filter(|_| ended.status.success()) {
            Some(printed) => Ok(changes(printed)),
            None => Err(Failure::new(format!(
                "oasdiff cannot compare {}: {}",
                new.display(),
                String::from_utf8_lossy(&ended.stderr).trim()
            ))),
        }
    }
}

fn changes(printed: Vec<Printed>) -> Vec<Change> {
    let printed = printed.into_iter();
    printed
        .filter(|printed| printed.id != VERSION)
        .map(Change::from)
        .collect()
}

impl From<Printed> for Change {
    fn from(printed: Printed) -> Self {
        let source = printed.revision_source.or(printed.base_source);
        let operation = printed.operation.zip(printed.path);
        Self {
            level: match printed.level {
                1 => Level::Compatible,
                2 => Level::Doubtful,
                // A level that this version of the tool does not have is no reason to be at ease.
                _ => Level::Breaking,
            },
            id: printed.id,
            text: printed.text,
            operation: operation.map(|(method, path)| format!("{method} {path}")),
            line: source.and_then(|source| source.line),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_tool_prints_becomes_changes_without_its_word_on_versions() {
        let printed = r#"[
            {"id": "api-version-not-bumped", "text": "still", "level": 1},
            {"id": "a", "text": "gone", "level": 3, "operation": "GET", "path": "/v1", "baseSource": {"line": 7}},
            {"id": "b", "text": "new", "level": 1, "revisionSource": {"line": 9}}
        ]"#;
        let found = changes(serde_json::from_str(printed).expect("JSON"));
        let gone = Change {
            operation: Some("GET /v1".to_owned()),
            line: Some(7),
            ..Change::new(Level::Breaking, "a", "gone")
        };
        let new = Change {
            line: Some(9),
            ..Change::new(Level::Compatible, "b", "new")
        };
        assert_eq!(found, [gone, new]);
    }
}
