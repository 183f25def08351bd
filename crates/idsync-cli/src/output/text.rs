//! Text from elsewhere, made fit for one line of a screen.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How many columns `text` takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// One line of visible text: whitespace collapsed, and nothing left that could steer a terminal or turn the direction of
/// writing.
pub(super) fn plain(text: &str) -> String {
    let visible: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .filter(|c| !is_steering(*c))
        .collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Marks of writing direction and invisible separators.
fn is_steering(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The start of `text` in at most `columns`, with an ellipsis where something is left out.
pub(super) fn fit(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut taken = 1;
    for c in text.chars() {
        taken += c.width().unwrap_or(0);
        if taken > columns {
            break;
        }
        kept.push(c);
    }
    format!("{}…", kept.trim_end())
}

/// The number with its noun, which gets an `s` unless there is one of it.
pub(super) fn counted(number: usize, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_steer_a_terminal_is_taken_out() {
        assert_eq!(plain("a\u{1b}[31m\r\n\tb\u{202e}c\u{7}"), "a [31m bc");
        assert_eq!(plain("同步\u{2028}失败"), "同步失败");
    }

    #[test]
    fn text_is_cut_by_the_columns_it_takes() {
        assert_eq!(fit("abcdef", 6), "abcdef");
        assert_eq!(fit("abcdefg", 6), "abcde…");
        assert_eq!(fit("同步失败了", 6), "同步…");
        assert_eq!(width(&fit("同步失败了", 6)), 5);
        assert_eq!(fit("ab cdef", 4), "ab…");
    }

    #[test]
    fn one_is_singular() {
        assert_eq!(
            [counted(0, "task"), counted(1, "task"), counted(2, "task")],
            ["0 tasks", "1 task", "2 tasks"]
        );
    }
}
