//! Writes the generated files, or compares them with the tree.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
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
    fs::create_dir_all(&folder).map_err(|error| failed(&folder, &error))?;
    let present = present(&folder)?;
    let changed = changed(&present, files);
    for name in &changed {
        let path = folder.join(name);
        let done = match files.get(*name) {
            Some(content) => fs::write(&path, content),
            None => fs::remove_file(&path),
        };
        done.map_err(|error| failed(&path, &error))?;
    }
    Ok(changed.len())
}

/// Compares the folder of generated files with `files`.
///
/// # Errors
///
/// A unified diff of every file that differs, with the command to run.
pub(super) fn check(root: &Path, files: &FileSet) -> Result<(), String> {
    let present = present(&root.join(GENERATED))?;
    let problems = changed(&present, files).into_iter().map(|name| {
        let [old, new] = [&present, files].map(|side| side.get(name).map_or("", String::as_str));
        let path = format!("{GENERATED}/{name}");
        let diff = TextDiff::from_lines(old, new).unified_diff().to_string();
        format!("{path}: is not up to date: run `{COMMAND}`\n{diff}\n")
    });
    let problems: String = problems.collect();
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
fn present(folder: &Path) -> Result<FileSet, String> {
    let mut files = FileSet::new();
    if !folder.exists() {
        return Ok(files);
    }
    let entries = fs::read_dir(folder).map_err(|error| failed(folder, &error))?;
    for entry in entries {
        let path = entry.map_err(|error| failed(folder, &error))?.path();
        let content = fs::read(&path).map_err(|error| failed(&path, &error))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let content = String::from_utf8_lossy(&content).into_owned();
        files.insert(name.into_owned(), content);
    }
    Ok(files)
}

fn failed(path: &Path, error: &io::Error) -> String {
    format!("{}: cannot be read or written: {error}", path.display())
}
