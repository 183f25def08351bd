//! Writes the generated files, or compares them with the tree.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use similar::TextDiff;

use super::{COMMAND, GENERATED};

/// Generated files: name to content.
pub(super) type FileSet = BTreeMap<String, String>;

/// Makes the folder of generated files hold exactly `files` and returns how many it had to change.
///
/// # Errors
///
/// The file that cannot be read, written or removed.
pub(super) fn write(root: &Path, files: &FileSet) -> Result<usize, String> {
    let folder = root.join(GENERATED);
    fs::create_dir_all(&folder).map_err(|error| failed("", &error))?;
    let present = present(&folder).map_err(|error| failed("", &error))?;
    let changed = changed(&present, files);
    for name in &changed {
        let path = folder.join(name);
        let done = match files.get(*name) {
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
pub(super) fn check(root: &Path, files: &FileSet) -> Result<(), String> {
    let present = present(&root.join(GENERATED)).map_err(|error| failed("", &error))?;
    let mut problems = String::new();
    for name in changed(&present, files) {
        let [old, new] = [&present, files].map(|side| side.get(name).map_or("", String::as_str));
        let path = path(name);
        let header = [
            format!("{path} (in the tree)"),
            format!("{path} (generated)"),
        ];
        let diff = TextDiff::from_lines(old, new);
        let diff = diff
            .unified_diff()
            .header(&header[0], &header[1])
            .to_string();
        problems += &format!("{path}: is not up to date: run `{COMMAND}`\n{diff}\n");
    }
    if problems.is_empty() {
        return Ok(());
    }
    Err(problems)
}

/// The names of the files that differ, or that are on one side only.
fn changed<'a>(old: &'a FileSet, new: &'a FileSet) -> BTreeSet<&'a String> {
    let names = old.keys().chain(new.keys());
    names
        .filter(|name| old.get(*name) != new.get(*name))
        .collect()
}

/// The files in the folder; none if there is no such folder.
fn present(folder: &Path) -> io::Result<FileSet> {
    let mut files = FileSet::new();
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(files),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let content = String::from_utf8_lossy(&fs::read(entry.path())?).into_owned();
        files.insert(entry.file_name().to_string_lossy().into_owned(), content);
    }
    Ok(files)
}

fn failed(name: &str, error: &io::Error) -> String {
    format!("{}: cannot be read or written: {error}", path(name))
}

fn path(name: &str) -> String {
    format!("{GENERATED}/{name}")
        .trim_end_matches('/')
        .to_owned()
}
