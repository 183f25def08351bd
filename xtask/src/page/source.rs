//! The file of a saved page, as text.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use crate::codegen::Problem;

/// Maximum size of a page in bytes. Saved pages have some hundred kilobytes.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// Maximum number of lines of a page. Saved pages have some thousand.
const MAX_LINES: usize = 20_000;

/// Maximum number of tags of a page: the time of the parser grows with the square of their depth.
const MAX_TAGS: usize = 50_000;

/// Signatures of files that are not pages, with the names of their formats.
const CONTAINERS: &[(&[u8], &str)] = &[
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip archive"),
    (b"PK\x05\x06", "a zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"Rar!", "a RAR archive"),
    (b"bplist00", "a Safari web archive"),
    (b"\xd0\xcf\x11\xe0", "an Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"WARC/", "a WARC archive"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a WebP image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"\xff\xfe", "UTF-16 text"),
    (b"\xfe\xff", "UTF-16 text"),
];

/// Reads the file of a saved page. Converts line ends to `\n` and removes a byte order mark.
pub(super) fn load(path: &Path) -> Result<String, Problem> {
    let name = path.display().to_string();
    let failed =
        |error: std::io::Error| Problem::of_file(&name, format!("cannot be read: {error}"));
    if !fs::metadata(path).map_err(failed)?.is_file() {
        return Err(Problem::of_file(&name, "is not a file: name a saved page"));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(failed)?;
    // One byte more than allowed tells a page of the largest size from a larger one.
    file.take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    let (line, message) = match decode(&bytes) {
        Ok(text) => return Ok(text),
        Err(refusal) => refusal,
    };
    Err(Problem {
        line,
        ..Problem::of_file(&name, message)
    })
}

/// Decodes the bytes of a page; an error has the line, if one is known, and the message.
fn decode(bytes: &[u8]) -> Result<String, (Option<usize>, String)> {
    if bytes.len() as u64 > MAX_BYTES {
        let message = format!("is larger than {MAX_BYTES} bytes: save one reference page alone");
        return Err((None, message));
    }
    if let Some(kind) = container(bytes) {
        let message = format!("is {kind}: save the page as HTML, Markdown or copied text in UTF-8");
        return Err((None, message));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = valid.split(|byte| *byte == b'\n').count();
        let message = "is not UTF-8 text: save the page again in UTF-8".to_owned();
        (Some(line), message)
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    if text.lines().nth(MAX_LINES).is_some() || text.matches('<').nth(MAX_TAGS).is_some() {
        let message = format!(
            "has more than {MAX_LINES} lines or {MAX_TAGS} tags: save one reference page alone"
        );
        return Err((None, message));
    }
    let binary = text.lines().position(has_control);
    let message = if binary.is_some() {
        "has control characters: save the page as HTML, Markdown or copied text"
    } else if text.trim().is_empty() {
        "is empty: save the page again"
    } else {
        return Ok(text);
    };
    Err((binary.map(|line| line + 1), message.to_owned()))
}

/// Name of the container format; none for plain text.
fn container(bytes: &[u8]) -> Option<&'static str> {
    let mut kinds = CONTAINERS.iter();
    if let Some((_, kind)) = kinds.find(|(start, _)| bytes.starts_with(start)) {
        return Some(kind);
    }
    let start = String::from_utf8_lossy(bytes.get(..4096).unwrap_or(bytes)).to_ascii_lowercase();
    let start = start.trim_start_matches('\u{feff}').trim_start();
    let has_header = |name: &str| start.lines().any(|line| line.starts_with(name));
    if has_header("mime-version:") || has_header("content-type: multipart/") {
        return Some("an MHTML archive");
    }
    let encoded = |text: &str| {
        let mut chars = text.chars();
        text.len() > 200 && chars.all(|char| char.is_ascii_alphanumeric() || "+/=\n".contains(char))
    };
    match start {
        _ if start.starts_with("<svg") => Some("an SVG image"),
        _ if start.starts_with("data:") || encoded(start) => Some("base64 text"),
        _ if start.starts_with('{') => Some("JSON"),
        _ => None,
    }
}

fn has_control(line: &str) -> bool {
    line.chars()
        .any(|char| char.is_control() && !matches!(char, '\t' | '\u{b}' | '\u{c}' | '\u{85}'))
}
