//! Writes the generated files, or compares them with the tree.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use similar::TextDiff;

use super::problem::{Problem, Problems};
use super::{COMMAND, GENERATED};

/// Generated files: name to content.
pub(super) type FileSet = BTreeMap<String, String>;

/// Makes the folder of generated files hold exactly `files` and returns how many it had to change.
///
/// # Errors
///
/// The file that cannot be read, written or removed.
pub(super) fn write(root: &Path, files: &FileSet) -> Result<usize, Problem> {
    let folder = root.join(GENERATED);
    fs::create_dir_all(&folder).map_err(|error| failed("", &error))?;
    let changed = changed(&folder, files)?;
    for name in &changed {
        let path = folder.join(name);
        let done = match files.get(name) {
            Some(content) => fs::write(path, content),
            None => fs::remove_file(path),
        };
        done.map_err(|error| failed(name, &error))?;
    }
    Ok(changed.len())
}

/// Compares the folder of generated files with `files`.
///
/// # Errors
///
/// A unified diff of every file that differs, with the command to run.
pub(super) fn check(root: &Path, files: &FileSet) -> Result<(), Problems> {
    let folder = root.join(GENERATED);
    let mut problems = Problems::default();
    for name in changed(&folder, files)? {
        let old = read(&folder, &name)?.unwrap_or_default();
        let new = files.get(&name).map_or("", String::as_str);
        let diff = TextDiff::from_lines(old.as_str(), new);
        let path = path(&name);
        let diff = diff
            .unified_diff()
            .header(
                &format!("{path} (in the tree)"),
                &format!("{path} (generated)"),
            )
            .to_string();
        let message = format!("is not up to date: run `{COMMAND}`\n{diff}");
        problems.extend(vec![Problem::of_file(path, message)]);
    }
    problems.into_result(())
}

/// The names of the files that differ, or that are on one side only.
fn changed(folder: &Path, files: &FileSet) -> Result<BTreeSet<String>, Problem> {
    let mut names = present(folder).map_err(|error| failed("", &error))?;
    names.extend(files.keys().cloned());
    let mut changed = BTreeSet::new();
    for name in names {
        if read(folder, &name)?.as_ref() != files.get(&name) {
            changed.insert(name);
        }
    }
    Ok(changed)
}

fn present(folder: &Path) -> io::Result<BTreeSet<String>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeSet::new()),
        entries => entries?,
    };
    let name =
        |entry: io::Result<fs::DirEntry>| Ok(entry?.file_name().to_string_lossy().into_owned());
    entries.map(name).collect()
}

/// The text of a file in the folder; none if there is no such file.
fn read(folder: &Path, name: &str) -> Result<Option<String>, Problem> {
    match fs::read(folder.join(name)) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(name, &error)),
    }
}

fn failed(name: &str, error: &io::Error) -> Problem {
    Problem::of_file(path(name), format!("cannot be read or written: {error}"))
}

fn path(name: &str) -> String {
    format!("{GENERATED}/{name}")
        .trim_end_matches('/')
        .to_owned()
}
