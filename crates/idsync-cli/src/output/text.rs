//! Text from elsewhere, made fit for one line of a screen.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

/// Between texts that share a cell.
pub(super) const LIST: &str = " | ";
/// Between the parts of a line.
const DOT: &str = " · ";
/// How many characters may share one column.
const MARKS: usize = 8;

/// How many columns `text` takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// How many columns `text` takes behind its colours.
fn painted_width(text: &str) -> usize {
    width(&anstream::adapter::strip_str(text).to_string())
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

/// The same text with a mark in place of whatever could steer a terminal; line breaks and tabs stay.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    let is_hidden = |c: char| !matches!(c, '\n' | '\t') && is_steering(c);
    if text.contains(is_hidden) {
        Cow::from(text.replace(is_hidden, "\u{fffd}"))
    } else {
        Cow::from(text)
    }
}

/// Control characters, marks of writing direction, and what is not seen at all.
pub(super) fn is_steering(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The start of `text` in at most `columns`, with an ellipsis where something is left out.
pub(super) fn fit(text: &str, columns: usize) -> String {
    // Marks without a width of their own can follow each other without end.
    let most = MARKS * columns;
    if width(text) <= columns && text.chars().nth(most).is_none() {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars().take(most) {
        kept.push(c);
        // Only the whole tells: some characters take more room in company than alone.
        if width(&kept) >= columns {
            kept.pop();
            break;
        }
    }
    format!("{}…", kept.trim_end())
}

/// `parts` with dots between them, on as many lines as it takes to keep each within `room`; parts may have colours.
pub(super) fn joined(parts: &[String], room: Option<usize>) -> String {
    fill(parts.iter().map(String::as_str), DOT, room, "")
}

/// The words of `text` on as many lines as it takes to keep each within `room`; all but the first begin with `indent`.
pub(super) fn wrapped(text: &str, room: Option<usize>, indent: &str) -> String {
    fill(text.split_whitespace(), " ", room, indent)
}

/// Puts pieces side by side while there is room; one that is wider has a line of its own.
fn fill<'a>(
    pieces: impl Iterator<Item = &'a str>,
    between: &str,
    room: Option<usize>,
    indent: &str,
) -> String {
    let room = room.unwrap_or(usize::MAX);
    let mut text = String::new();
    let mut taken = 0;
    for piece in pieces {
        let wide = painted_width(piece);
        if text.is_empty() {
            taken = wide;
        } else if taken + width(between) + wide <= room {
            text.push_str(between);
            taken += width(between) + wide;
        } else {
            text.push('\n');
            text.push_str(indent);
            taken = width(indent) + wide;
        }
        text.push_str(piece);
    }
    text
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
    fn what_is_wider_in_company_than_alone_is_cut_in_time() {
        for text in [
            "❤\u{fe0f}".repeat(9),
            "e\u{301}".repeat(20),
            "👩\u{200d}🚀".repeat(9),
            "\u{301}".repeat(999),
        ] {
            for columns in 1..12 {
                assert!(
                    width(&fit(&text, columns)) <= columns,
                    "{text} in {columns}"
                );
            }
        }
        assert!(fit(&format!("ab{}", "\u{301}".repeat(99_999)), 3).len() < 100);
    }

    #[test]
    fn a_mark_shows_where_something_was_hidden() {
        assert_eq!(
            visible("a\u{1b}[2J\tb\nc\r\u{9b}"),
            "a\u{fffd}[2J\tb\nc\u{fffd}\u{fffd}"
        );
        assert!(matches!(visible("同步 é 🚀\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn words_and_parts_go_to_the_next_line_where_there_is_no_room() {
        let sentence = "one two three 同步 four";
        assert_eq!(
            wrapped(sentence, Some(9), "  "),
            "one two\n  three\n  同步\n  four"
        );
        assert_eq!(wrapped(sentence, None, "  "), sentence);
        let parts = ["\u{1b}[1mab\u{1b}[0m", "cd", "efgh"].map(str::to_owned);
        assert_eq!(joined(&parts, Some(7)), "\u{1b}[1mab\u{1b}[0m · cd\nefgh");
    }

    #[test]
    fn one_is_singular() {
        assert_eq!(
            [counted(0, "task"), counted(1, "task"), counted(2, "task")],
            ["0 tasks", "1 task", "2 tasks"]
        );
    }
}
