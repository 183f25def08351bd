//! Files with settings, credentials and certificates, read within bounds.

use std::fs::File;
use std::io::ErrorKind::{NotADirectory, NotFound};
use std::io::Read;
use std::path::Path;

use crate::Error;

/// The text of a file without a byte order mark; `None` if there is no such file.
///
/// Reads regular files of at most `max_bytes` only, so that a device or a pipe neither blocks nor fills the memory.
///
/// # Errors
///
/// `Configuration`, with the file and why it cannot be read.
pub fn read_file(path: &Path, max_bytes: usize) -> Result<Option<String>, Error> {
    let refuse = |why: &str| Err(Error::configuration(format!("{} {why}", path.display())));
    let metadata = match std::fs::metadata(path) {
        Ok(metadata) => metadata,
        // A part of the path that is a file, and no directory, leads nowhere too.
        Err(error) if matches!(error.kind(), NotFound | NotADirectory) => return Ok(None),
        Err(error) => return refuse(&format!("cannot be read: {error}")),
    };
    if metadata.is_dir() {
        return refuse("is a directory: give a file");
    }
    if !metadata.is_file() {
        return refuse("is a device or a pipe: give a regular file");
    }
    let mut bytes = Vec::new();
    let limit = u64::try_from(max_bytes).unwrap_or(u64::MAX);
    let read = File::open(path)
        .and_then(|file| file.take(limit.saturating_add(1)).read_to_end(&mut bytes));
    if let Err(error) = read {
        return refuse(&format!("cannot be read: {error}"));
    }
    if bytes.len() > max_bytes {
        return refuse(&format!("is larger than {max_bytes} bytes"));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some(text.trim_start_matches('\u{feff}').to_owned())),
        Err(_) => refuse("is not text in UTF-8"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_within_bounds_and_never_waited_for() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("file");
        std::fs::write(&file, "\u{feff}text").unwrap();
        assert_eq!(read_file(&file, 10).unwrap().as_deref(), Some("text"));
        assert_eq!(read_file(&file.join("below"), 10).unwrap(), None);
        let error = |path: &Path, limit| read_file(path, limit).unwrap_err().to_string();
        assert!(error(&file, 3).ends_with("file is larger than 3 bytes"));
        assert!(error(directory.path(), 10).contains("is a directory"));
        std::fs::write(&file, [0xff]).unwrap();
        assert!(error(&file, 10).contains("not text in UTF-8"));
        if cfg!(unix) {
            assert!(error(Path::new("/dev/zero"), 10).contains("is a device or a pipe"));
        }
    }
}
