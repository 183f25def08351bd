//! `cargo xtask spec-diff`: what changed in the documents since a release, for those who generate clients from them.
//!
//! The tool `oasdiff` compares; `openapi/oasdiff-levels.txt` raises what breaks generated clients. It does not look at
//! open sets of values, so it is given documents in which they are enums. The linter fixes the security scheme.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;
use serde_json::Value;

use crate::Printed;
use crate::codegen::enums::EXTENSION;
use crate::codegen::spec::Document;

/// Pinned, so that the rules for breaking changes do not change by themselves.
const OASDIFF: &str = "github.com/oasdiff/oasdiff@v1.30.0";

/// The severities of changes, below the root of the workspace.
const LEVELS: &str = "openapi/oasdiff-levels.txt";

/// Folder of the documents, and a file in it that is not a document.
const FOLDER: &str = "openapi/";
const LINTER_CONFIG: &str = "openapi/redocly.yaml";

/// The tool's level of a change that breaks clients.
const BREAKING: u8 = 3;

/// Exit status if clients break and the version was not raised.
const UNANNOUNCED: u8 = 3;

/// A change, as the tool prints it.
#[derive(Deserialize)]
struct Change {
    text: String,
    level: u8,
    #[serde(default)]
    operation: String,
    #[serde(default)]
    path: String,
}

/// Compares the documents of the working tree with those at `revision`, or at the last release if none is given: one line for each
/// change, and one for each document that breaks clients without a new version.
///
/// # Errors
///
/// The revision does not exist, a document cannot be read, or Go cannot install and run the tool.
pub fn spec_diff(root: &Path, revision: Option<String>) -> Result<Printed, String> {
    let Some(revision) = revision.map_or_else(|| last_release(root), |name| Ok(Some(name)))? else {
        return Ok("there is no release to compare with".to_owned().into());
    };
    let mut lines = Vec::new();
    let mut code = 0;
    let files = git(root, &["ls-tree", "--name-only", &revision, FOLDER])?;
    for file in files.lines().filter(|file| is_document(file)) {
        let is_gone = !root.join(file).exists();
        if is_gone {
            lines.push(format!("{file}: the document is gone"));
        }
        if is_gone || compare(root, &revision, file, &mut lines)? {
            code = UNANNOUNCED;
        }
    }
    Ok(Printed {
        stdout: lines.join("\n"),
        code,
        ..Printed::default()
    })
}

/// Adds a line for each change of a document. Returns whether it breaks clients and its version was not raised.
fn compare(
    root: &Path,
    revision: &str,
    file: &str,
    lines: &mut Vec<String>,
) -> Result<bool, String> {
    let old = git(root, &["show", &format!("{revision}:{file}")])?;
    let old = Document::parse(&format!("{file} at {revision}"), old.as_bytes())?.root;
    let new = Document::load(root, file)?.root;
    let changes = changes(root, &old, &new)?;
    lines.extend(changes.iter().map(|change| {
        let kind = if change.level >= BREAKING {
            "breaking"
        } else {
            "compatible"
        };
        let (operation, path, text) = (&change.operation, &change.path, &change.text);
        format!("{file}: {kind}: {operation} {path}: {text}")
    }));
    let breaks = changes.iter().any(|change| change.level >= BREAKING);
    let [old, new] = [&old, &new].map(|it| it["info"]["version"].as_str().unwrap_or_default());
    let unannounced = breaks && !is_raised(old, new);
    if unannounced {
        let message = format!("breaks clients: raise `info.version`, which is {new}");
        lines.push(format!("{file}: {message}"));
    }
    Ok(unannounced)
}

/// Whether the version was raised for a break. The linter keeps the first number at 0, so the second one counts.
fn is_raised(old: &str, new: &str) -> bool {
    let significant = |version: &str| -> Vec<u64> {
        let numbers = version.split('.').take(2);
        numbers.map(|number| number.parse().unwrap_or(0)).collect()
    };
    significant(new) > significant(old)
}

/// Every change from one document to another.
fn changes(root: &Path, old: &Value, new: &Value) -> Result<Vec<Change>, String> {
    let failed = |error: io::Error| format!("{FOLDER}: cannot be compared: {error}");
    let folder = tempfile::tempdir().map_err(failed)?;
    for (name, mut document) in [("old.json", old.clone()), ("new.json", new.clone())] {
        show_open_sets(&mut document);
        fs::write(folder.path().join(name), document.to_string()).map_err(failed)?;
    }
    let mut command = Command::new("go");
    command.args(["run", OASDIFF, "changelog", "old.json", "new.json"]);
    command.args(["--format", "json", "--severity-levels"]);
    let output = run(command.arg(root.join(LEVELS)).current_dir(folder.path()))?;
    let changes: Result<Option<Vec<Change>>, _> = serde_json::from_slice(&output);
    let changes = changes.map_err(|error| format!("oasdiff printed something else: {error}"))?;
    Ok(changes.unwrap_or_default())
}

/// Turns open sets of values into enums, which the tool compares.
fn show_open_sets(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if let Some(values) = members.remove(EXTENSION) {
                members.insert("enum".to_owned(), values);
            }
            members.values_mut().for_each(show_open_sets);
        }
        Value::Array(items) => items.iter_mut().for_each(show_open_sets),
        _ => {}
    }
}

fn is_document(file: &str) -> bool {
    let ending = Path::new(file).extension().unwrap_or_default();
    ending == "yaml" && file != LINTER_CONFIG
}

fn last_release(root: &Path) -> Result<Option<String>, String> {
    let list = "tag --list v[0-9]* --sort=-version:refname --merged";
    let tags = git(root, &list.split(' ').collect::<Vec<_>>())?;
    Ok(tags.lines().next().map(str::to_owned))
}

fn git(root: &Path, arguments: &[&str]) -> Result<String, String> {
    let output = run(Command::new("git").args(arguments).current_dir(root))?;
    Ok(String::from_utf8_lossy(&output).into_owned())
}

/// Runs a program and returns its standard output.
fn run(command: &mut Command) -> Result<Vec<u8>, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output();
    let output = output.map_err(|error| format!("{name} failed: {error}"))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let reason = String::from_utf8_lossy(&output.stderr);
    Err(format!("{name} failed: {}", reason.trim()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_break_is_announced_by_the_second_number() {
        for (old, new, expected) in [
            ("0.1.0", "0.2.0", true),
            ("0.9.0", "0.10.0", true),
            ("0.1.0", "0.1.1", false),
            ("0.2.0", "0.1.0", false),
        ] {
            assert_eq!(is_raised(old, new), expected, "{old} to {new}");
        }
    }

    #[test]
    fn open_sets_become_visible() {
        let mut document = json!({"schemas": [{"x-extensible-enum": ["ON"]}]});
        show_open_sets(&mut document);
        assert_eq!(document, json!({"schemas": [{"enum": ["ON"]}]}));
    }
}
