//! Writes the generated files as one set, or compares them with the tree.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use similar::TextDiff;
use tempfile::NamedTempFile;

use super::format::BANNER;
use super::problem::{Problem, Problems};
use super::{COMMAND, GENERATED};

/// Generated files: name to content.
pub type FileSet = BTreeMap<String, String>;

/// One file that is not as it should be.
struct Change {
    name: String,
    /// What is on disk; none if there is no such file.
    old: Option<Vec<u8>>,
    /// What should be there; none if there should be no such file.
    new: Option<String>,
}

/// Makes `folder` hold exactly `files` and returns how many it had to change.
///
/// Everything is written beside its target first and moved over it at the end, so that an error leaves the folder as
/// it was.
///
/// # Errors
///
/// The file that could not be read or written, or a file in the folder that was not generated.
pub fn write(folder: &Path, files: &FileSet) -> Result<usize, Problems> {
    fs::create_dir_all(folder).map_err(|error| failed("", "cannot be made", &error))?;
    let changes = changes(folder, files)?;
    refuse_foreign(&changes)?;
    let staged = stage(folder, &changes)?;
    for (index, (change, file)) in changes.iter().zip(staged).enumerate() {
        if let Err(error) = apply(folder, change, file) {
            let done = changes.iter().take(index);
            return Err(roll_back(
                folder,
                done,
                failed(&change.name, "cannot be written", &error),
            ));
        }
    }
    Ok(changes.len())
}

/// Compares `folder` with `files`.
///
/// # Errors
///
/// A unified diff of every file that differs, is missing or is not generated, and the command to run.
pub fn check(folder: &Path, files: &FileSet) -> Result<(), Problems> {
    let mut problems = Problems::default();
    for change in changes(folder, files)? {
        problems.extend(vec![difference(&change)]);
    }
    problems.into_result(())
}

fn changes(folder: &Path, files: &FileSet) -> Result<Vec<Change>, Problem> {
    let mut changes = Vec::new();
    for (name, new) in files {
        let old = read(folder, name)?;
        if old.as_deref() != Some(new.as_bytes()) {
            changes.push(Change {
                name: name.clone(),
                old,
                new: Some(new.clone()),
            });
        }
    }
    for name in names(folder)?
        .into_iter()
        .filter(|name| !files.contains_key(name))
    {
        changes.push(Change {
            old: read(folder, &name)?,
            name,
            new: None,
        });
    }
    Ok(changes)
}

fn read(folder: &Path, name: &str) -> Result<Option<Vec<u8>>, Problem> {
    match fs::read(folder.join(name)) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(name, "cannot be read", &error)),
    }
}

fn names(folder: &Path) -> Result<Vec<String>, Problem> {
    let problem = |error: io::Error| failed("", "cannot be listed", &error);
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(problem)?,
    };
    let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let mut names = names.collect::<io::Result<Vec<_>>>().map_err(problem)?;
    names.sort();
    Ok(names)
}

/// A file that nobody generated is somebody's work: say so and leave it.
fn refuse_foreign(changes: &[Change]) -> Result<(), Problems> {
    let mut problems = Problems::default();
    for change in changes {
        let ours = change
            .old
            .as_ref()
            .is_none_or(|old| old.starts_with(BANNER.as_bytes()));
        if change.new.is_none() && !ours {
            let message =
                "was not generated: this folder holds generated files only, so move it elsewhere";
            problems.extend(vec![Problem::of_file(path(&change.name), message)]);
        }
    }
    problems.into_result(())
}

/// Writes every new file beside its target.
fn stage(folder: &Path, changes: &[Change]) -> Result<Vec<Option<NamedTempFile>>, Problem> {
    let staged = changes.iter().map(|change| {
        let file = change
            .new
            .as_deref()
            .map(|new| temporary(folder, new.as_bytes()));
        file.transpose()
            .map_err(|error| failed(&change.name, "cannot be written", &error))
    });
    staged.collect()
}

fn temporary(folder: &Path, content: &[u8]) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    // Temporary files are private by default; sources are readable by all.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    Ok(file)
}

fn apply(folder: &Path, change: &Change, staged: Option<NamedTempFile>) -> io::Result<()> {
    let target = folder.join(&change.name);
    match staged {
        Some(file) => file
            .persist(target)
            .map(|_| ())
            .map_err(|error| error.error),
        None => fs::remove_file(target),
    }
}

/// Puts the old content of `done` back and returns what went wrong, in the order of events.
fn roll_back<'a>(
    folder: &Path,
    done: impl Iterator<Item = &'a Change>,
    cause: Problem,
) -> Problems {
    let mut problems = Problems::from(cause);
    for change in done {
        if let Err(error) = restore(folder, change) {
            problems.extend(vec![failed(
                &change.name,
                "cannot be restored, use version control",
                &error,
            )]);
        }
    }
    problems
}

fn restore(folder: &Path, change: &Change) -> io::Result<()> {
    let target = folder.join(&change.name);
    match &change.old {
        Some(old) => temporary(folder, old)?
            .persist(target)
            .map(|_| ())
            .map_err(|error| error.error),
        None => fs::remove_file(target),
    }
}

fn difference(change: &Change) -> Problem {
    let name = path(&change.name);
    let Some(new) = &change.new else {
        return Problem::of_file(name, format!("does not belong here: run `{COMMAND}`"));
    };
    let old = change
        .old
        .as_deref()
        .map(String::from_utf8_lossy)
        .unwrap_or_default();
    let diff = TextDiff::from_lines(old.as_ref(), new.as_str());
    let diff = diff
        .unified_diff()
        .header(
            &format!("{name} (in the tree)"),
            &format!("{name} (generated)"),
        )
        .to_string();
    Problem::of_file(name, format!("is not up to date: run `{COMMAND}`\n{diff}"))
}

fn failed(name: &str, what: &str, error: &io::Error) -> Problem {
    Problem::of_file(path(name), format!("{what}: {error}"))
}

fn path(name: &str) -> String {
    format!("{GENERATED}/{name}")
        .trim_end_matches('/')
        .to_owned()
}
