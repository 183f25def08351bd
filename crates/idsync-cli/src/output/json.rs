//! JSON in which nothing can steer a terminal.

use std::fmt::Write;
use std::io;

use serde::Serialize;

use super::text::is_steering;

/// `value` on one line, without an end of line.
pub(super) fn line<T: Serialize>(value: &T) -> io::Result<String> {
    Ok(escaped(serde_json::to_string(value)?))
}

/// `value` spread out over lines.
pub(super) fn spread_out<T: Serialize>(value: &T) -> io::Result<String> {
    Ok(escaped(serde_json::to_string_pretty(value)?))
}

/// The same JSON with escapes for what the writer leaves raw though a terminal may obey it. Such characters stand inside
/// of strings only, and not behind a backslash.
fn escaped(json: String) -> String {
    if !json.contains(is_raw) {
        return json;
    }
    let mut escaped = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if is_raw(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing into a string cannot fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// Whether it would reach a terminal as it is, and steer it; a line break is part of the form.
fn is_raw(c: char) -> bool {
    c != '\n' && is_steering(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_steer_a_terminal_is_escaped_and_the_value_is_the_same() {
        let value = [
            "a\u{1b}\u{9b}2J\u{7f}\u{202e}\u{2028}\u{e0001}\\b\n",
            "同步 é 🚀",
        ];
        for json in [line(&value).unwrap(), spread_out(&value).unwrap()] {
            assert!(!json.contains(is_raw), "{json}");
            assert!(
                json.contains("\\u009b2J\\u007f\\u202e\\u2028\\udb40\\udc01")
                    && json.contains("同步 é 🚀")
            );
            assert_eq!(serde_json::from_str::<[String; 2]>(&json).unwrap(), value);
        }
    }
}
