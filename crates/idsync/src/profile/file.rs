//! Files that a user keeps settings and secrets in.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tracing::warn;

use crate::Error;
use crate::region::Environment;

/// The user's own directory.
pub(crate) fn home(environment: Environment<'_>) -> Option<PathBuf> {
    let home = environment("HOME").or_else(|| environment("USERPROFILE"))?;
    Some(PathBuf::from(home))
}

/// The text of a file; `None` if there is no such file.
///
/// # Errors
///
/// `Usage` if it is there and cannot be read.
pub(crate) fn read(path: &Path) -> Result<Option<String>, Error> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(Error::configuration(format!(
            "{} cannot be read: {error}",
            path.display()
        ))),
    }
}

/// A part of the path that is a file, and no directory, leads nowhere too.
fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// Warns of a file with secrets that other users of the machine can read.
pub(super) fn warn_if_exposed(path: &Path) {
    if is_exposed(path) {
        let path = path.display();
        warn!("{path} holds secrets and can be read by other users: run `chmod 600 {path}`");
    }
}

#[cfg(unix)]
fn is_exposed(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;

    const READABLE_BY_OTHERS: u32 = 0o044;
    fs::metadata(path).is_ok_and(|file| file.permissions().mode() & READABLE_BY_OTHERS != 0)
}

/// Elsewhere, who can read a file is not told by a few bits.
#[cfg(not(unix))]
fn is_exposed(_: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_can_read_is_exposed() {
        use std::os::unix::fs::PermissionsExt;

        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secrets");
        fs::write(&path, "").unwrap();
        for (mode, expected) in [(0o600, false), (0o640, true), (0o604, true), (0o622, false)] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(is_exposed(&path), expected, "{mode:o}");
        }
        assert!(!is_exposed(&directory.path().join("none")));
    }

    #[test]
    fn a_missing_file_is_no_error_and_an_unreadable_one_is_named() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("text");
        assert_eq!(read(&path).unwrap(), None);
        fs::write(&path, [0xff]).unwrap();
        assert_eq!(read(&path.join("below")).unwrap(), None);
        let error = read(&path).unwrap_err().to_string();
        assert!(error.contains("text cannot be read"), "{error}");
    }
}
