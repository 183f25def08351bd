//! Text, made safe for a terminal and fitted into its width; colours and symbols.

use std::borrow::Cow;

use anstream::adapter::strip_str;
use anstyle::{AnsiColor, Style};
use idsync::health::Verdict;
use unicode_width::UnicodeWidthStr;

/// Separates several texts in one cell.
pub(crate) const LIST: &str = " | ";
/// Separates the parts of a line.
pub(crate) const DOT: &str = " · ";
/// Most characters that may share one column.
const MARKS: usize = 8;

/// One line of visible text: whitespace collapsed, control and direction characters removed.
pub(crate) fn plain(text: &str) -> String {
    let visible: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .filter(|c| !is_control(*c))
        .collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The same text with U+FFFD in place of control and direction characters; line breaks and tabs stay.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    let is_hidden = |c: char| !matches!(c, '\n' | '\t') && is_control(c);
    if text.contains(is_hidden) {
        Cow::from(text.replace(is_hidden, "\u{fffd}"))
    } else {
        Cow::from(text)
    }
}

/// Control characters, marks of writing direction, and invisible characters.
pub(crate) fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The start of `text` in at most `columns`, with an ellipsis if something is cut.
pub(crate) fn fit(text: &str, columns: usize) -> String {
    // Combining marks have no width, so the number of characters needs a bound too.
    let most = MARKS * columns;
    if text.width() <= columns && text.chars().nth(most).is_none() {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars().take(most) {
        kept.push(c);
        // The width of a sequence can differ from the sum of its characters.
        if kept.width() >= columns {
            kept.pop();
            break;
        }
    }
    format!("{}…", kept.trim_end())
}

/// Joins `pieces`, which may be coloured, with `between` while they fit into `room` columns; all lines but the first begin with
/// `indent`. A piece that is wider than a line gets its own line.
pub(crate) fn wrapped(
    pieces: impl IntoIterator<Item = impl AsRef<str>>,
    between: &str,
    room: Option<usize>,
    indent: &str,
) -> String {
    let room = room.unwrap_or(usize::MAX);
    let mut text = String::new();
    let mut used = 0;
    for piece in pieces {
        let piece = piece.as_ref();
        // Without its colour codes.
        let piece_width = strip_str(piece).to_string().width();
        if text.is_empty() {
            used = piece_width;
        } else if used + between.width() + piece_width <= room {
            text.push_str(between);
            used += between.width() + piece_width;
        } else {
            text.push('\n');
            text.push_str(indent);
            used = indent.width() + piece_width;
        }
        text.push_str(piece);
    }
    text
}

/// The number with its noun in singular or plural.
pub(crate) fn counted(number: impl TryInto<u64>, noun: &str) -> String {
    match number.try_into().unwrap_or(u64::MAX) {
        1 => format!("1 {noun}"),
        number => format!("{number} {noun}s"),
    }
}

/// Less important text.
pub(crate) const FAINT: Style = Style::new().dimmed();
/// Names and titles.
pub(crate) const STRONG: Style = Style::new().bold();
/// Failures.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
/// Warnings.
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default();
/// Work in progress.
pub(crate) const ACTIVE: Style = AnsiColor::Cyan.on_default();
/// Success.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();

/// A verdict in words.
pub(crate) fn words(verdict: Verdict) -> String {
    verdict.as_str().replace('_', " ")
}

/// The symbol of a verdict, which is one column wide, and its colour.
pub(crate) fn look(verdict: Verdict) -> (char, Style) {
    match verdict {
        Verdict::Failing => ('✖', BAD),
        Verdict::Stuck => ('⧗', AnsiColor::Magenta.on_default().bold()),
        Verdict::Overdue => ('◷', WARNING),
        Verdict::Partial => ('◐', WARNING),
        Verdict::NeverRun => ('○', FAINT),
        Verdict::Running => ('↻', ACTIVE),
        Verdict::Healthy => ('✔', GOOD),
        // Unknown, or of a later version.
        _ => ('?', AnsiColor::Blue.on_default()),
    }
}

/// `text` in `style`.
pub(crate) fn paint(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// A line about something that is wrong or missing, wrapped at `room` columns.
pub(crate) fn warning(sentence: &str, room: Option<usize>) -> String {
    paint(
        WARNING,
        &wrapped(sentence.split_whitespace(), " ", room, "  "),
    ) + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_removed_from_a_line_and_marked_in_a_text() {
        assert_eq!(plain("a\u{1b}[31m\r\n\tb\u{202e}c\u{7}"), "a [31m bc");
        assert_eq!(plain("同步\u{2028}失败"), "同步失败");
        assert_eq!(
            visible("a\u{1b}[2J\tb\nc\r\u{9b}"),
            "a\u{fffd}[2J\tb\nc\u{fffd}\u{fffd}"
        );
    }

    #[test]
    fn text_is_cut_by_the_columns_it_takes() {
        for (text, columns, cut) in [
            ("abcdef", 6, "abcdef"),
            ("abcdefg", 6, "abcde…"),
            ("同步失败了", 6, "同步…"),
            ("ab cdef", 4, "ab…"),
        ] {
            assert_eq!(fit(text, columns), cut);
        }
    }

    #[test]
    fn sequences_of_marks_and_emoji_stay_within_the_columns() {
        for text in [
            "❤\u{fe0f}".repeat(9),
            "e\u{301}".repeat(20),
            "👩\u{200d}🚀".repeat(9),
            "\u{301}".repeat(999),
        ] {
            for columns in 1..12 {
                assert!(
                    fit(&text, columns).width() <= columns,
                    "{text} in {columns}"
                );
            }
        }
        assert!(fit(&format!("ab{}", "\u{301}".repeat(99_999)), 3).len() < 100);
    }

    #[test]
    fn text_wraps_at_the_given_width() {
        let sentence = "one two three 同步 four";
        let words = |room| wrapped(sentence.split_whitespace(), " ", room, "  ");
        assert_eq!(words(Some(9)), "one two\n  three\n  同步\n  four");
        assert_eq!(words(None), sentence);
        let parts = ["\u{1b}[1mab\u{1b}[0m", "cd", "efgh"];
        assert_eq!(
            wrapped(parts, DOT, Some(7), ""),
            "\u{1b}[1mab\u{1b}[0m · cd\nefgh"
        );
    }

    #[test]
    fn every_symbol_is_one_column_wide_and_stands_for_one_verdict() {
        let symbols = Verdict::ALL.map(|verdict| look(verdict).0);
        for (position, symbol) in symbols.iter().enumerate() {
            assert_eq!(symbol.to_string().width(), 1, "{symbol}");
            assert!(!symbols[..position].contains(symbol), "{symbol}");
        }
    }
}
