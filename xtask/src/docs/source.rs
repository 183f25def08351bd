//! The bytes of a saved page, as text that the readers can rely on.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use crate::codegen::Problem;

/// A saved page has some hundred kilobytes; what is larger than this, in bytes, is no page.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// The longest pages have some thousand lines.
const MAX_LINES: usize = 50_000;

/// Reads a saved page. Line ends become `\n`, a byte order mark goes, and the number of lines stays.
///
/// # Errors
///
/// The file is not there, is no regular file, is too large, empty, or not UTF-8 text.
pub fn read(page: &Path) -> Result<String, Problem> {
    let name = page.display().to_string();
    let failed =
        |error: std::io::Error| Problem::of_file(&name, format!("cannot be read: {error}"));
    let about = fs::metadata(page).map_err(failed)?;
    if !about.is_file() {
        return Err(Problem::of_file(&name, "is not a file: name a saved page"));
    }
    if about.len() > MAX_BYTES {
        return Err(too_large(&name));
    }
    let mut bytes = Vec::new();
    let file = File::open(page).map_err(failed)?;
    // One byte more than allowed, in case the file grows meanwhile.
    file.take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    decode(&name, &bytes)
}

/// Reads a page from the bytes of a file; `name` is only used in problems.
///
/// # Errors
///
/// As for [`read`], but for those of the file.
pub fn decode(name: &str, bytes: &[u8]) -> Result<String, Problem> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err(too_large(name));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Problem::of_line(name, 1, "is UTF-16: save it as UTF-8"));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = valid.split(|byte| *byte == b'\n').count();
        Problem::of_line(name, line, "is not UTF-8 text: save the page as UTF-8 text")
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    if let Some(line) = text.lines().position(is_binary) {
        return Err(Problem::of_line(
            name,
            line + 1,
            "holds control characters: this is not the text of a page",
        ));
    }
    if text.lines().nth(MAX_LINES).is_some() {
        return Err(Problem::of_file(
            name,
            format!("has more than {MAX_LINES} lines: this is probably not a saved page"),
        ));
    }
    if text.trim().is_empty() {
        return Err(Problem::of_file(name, "is empty: save the page again"));
    }
    Ok(text)
}

fn is_binary(line: &str) -> bool {
    line.chars()
        .any(|char| char.is_control() && !matches!(char, '\t' | '\u{b}' | '\u{c}' | '\u{85}'))
}

fn too_large(name: &str) -> Problem {
    Problem::of_file(
        name,
        format!("is larger than {MAX_BYTES} bytes: this is probably not a saved page"),
    )
}
