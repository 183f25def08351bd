//! The file of a saved page, as text.

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Maximum size of a page in bytes. Saved pages have some hundred kilobytes.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// Maximum number of lines of a page. Saved pages have some thousand.
const MAX_LINES: usize = 20_000;

/// Maximum number of tags of a page: the time of the parser grows with the square of their depth.
const MAX_TAGS: usize = 50_000;

const REMEDY: &str = "save the page as HTML, Markdown or copied text in UTF-8";

/// Reads the file of a saved page. Converts line ends to `\n` and removes a byte order mark.
///
/// # Errors
///
/// The file is missing, too large, in a container, or not UTF-8 text.
pub fn load(path: &Path) -> Result<String, String> {
    let name = path.display();
    let mut bytes = Vec::new();
    // One byte more than allowed tells a page of the largest size from a larger one.
    File::open(path)
        .and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error| format!("{name}: cannot be read: {error}"))?;
    decode(&bytes).map_err(|message| format!("{name}: {message}"))
}

/// Decodes the bytes of a page.
fn decode(bytes: &[u8]) -> Result<String, String> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err(format!(
            "is larger than {MAX_BYTES} bytes: save one reference page alone"
        ));
    }
    let text = std::str::from_utf8(bytes).ok();
    let text = text.filter(|text| !text.chars().any(is_control));
    let Some(text) = text else {
        return Err(format!("is not plain text: {REMEDY}"));
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let has_header = |line: &str| line.to_ascii_lowercase().starts_with("mime-version:");
    if text.lines().take(40).any(has_header) {
        return Err(format!("is an MHTML archive: {REMEDY}"));
    }
    if text.lines().nth(MAX_LINES).is_some() || text.matches('<').nth(MAX_TAGS).is_some() {
        return Err(format!(
            "has more than {MAX_LINES} lines or {MAX_TAGS} tags: save one reference page alone"
        ));
    }
    Ok(text)
}

fn is_control(char: char) -> bool {
    char.is_control() && !matches!(char, '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}')
}
