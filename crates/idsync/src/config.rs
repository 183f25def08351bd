//! What configuration files, flags and variables share: reading files within bounds, rates, regions, and misspelt words.

use std::fs::File;
use std::io::ErrorKind::{NotADirectory, NotFound};
use std::io::Read;
use std::path::Path;

use crate::Error;
pub use crate::endpoints::regions;
pub use crate::rate_limit::parse_rate;

/// A source of environment variables, so that tests need not change those of the process.
pub(crate) type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// A variable of the process; an empty one counts as absent.
pub(crate) fn process_environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

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
    if !metadata.is_file() {
        return refuse("is not a regular file");
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

/// Adds the key that was probably meant to a message such as ``unknown field `x`, expected one of `y`, `z` ``.
pub fn with_suggestion(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let near = quoted
        .next()
        .filter(|_| message.starts_with("unknown"))
        .and_then(|unknown| nearest(unknown, quoted));
    match near {
        Some(near) => format!("{message}; did you mean `{near}`?"),
        None => message.to_owned(),
    }
}

/// The candidate that `word` was probably meant to be.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    const ALIKE: f64 = 0.7;
    let likeness = |candidate: &'a str| {
        let likeness = strsim::normalized_damerau_levenshtein(word, candidate);
        (likeness, candidate)
    };
    let alike = candidates.into_iter().map(likeness);
    let alike = alike.filter(|(likeness, _)| *likeness >= ALIKE);
    let nearest = alike.max_by(|(one, _), (other, _)| one.total_cmp(other));
    nearest.map(|(_, candidate)| candidate)
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
        assert!(error(directory.path(), 10).contains("is not a regular file"));
        std::fs::write(&file, [0xff]).unwrap();
        assert!(error(&file, 10).contains("not text in UTF-8"));
        if cfg!(unix) {
            assert!(error(Path::new("/dev/zero"), 10).contains("is not a regular file"));
        }
    }
}
