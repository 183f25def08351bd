//! Colours and symbols.

use anstyle::{AnsiColor, Color, Style};
use idsync::health::Verdict;

use super::text::wrapped;

/// Less important text.
pub(crate) const FAINT: Style = Style::new().dimmed();
/// Names and titles.
pub(crate) const STRONG: Style = Style::new().bold();
/// Failures.
pub(crate) const BAD: Style = color(AnsiColor::Red).bold();
/// Warnings.
pub(crate) const WARNING: Style = color(AnsiColor::Yellow);
/// Work in progress.
pub(crate) const ACTIVE: Style = color(AnsiColor::Cyan);
/// Success.
pub(crate) const GOOD: Style = color(AnsiColor::Green);

const fn color(color: AnsiColor) -> Style {
    Style::new().fg_color(Some(Color::Ansi(color)))
}

/// The colour of a verdict.
pub(crate) fn verdict(verdict: Verdict) -> Style {
    look(verdict).1
}

/// A verdict in words.
pub(crate) fn words(verdict: Verdict) -> String {
    verdict.as_str().replace('_', " ")
}

/// A verdict as symbol and words.
pub(crate) fn labelled(verdict: Verdict) -> String {
    format!("{} {}", look(verdict).0, words(verdict))
}

/// The symbol of a verdict, which is one column wide, and its colour.
pub(crate) fn look(verdict: Verdict) -> (char, Style) {
    match verdict {
        Verdict::Failing => ('✖', BAD),
        Verdict::Stuck => ('⧗', color(AnsiColor::Magenta).bold()),
        Verdict::Overdue => ('◷', WARNING),
        Verdict::Partial => ('◐', WARNING),
        Verdict::NeverRun => ('○', FAINT),
        Verdict::Running => ('↻', ACTIVE),
        Verdict::Healthy => ('✔', GOOD),
        // Unknown, or of a later version.
        _ => ('?', color(AnsiColor::Blue)),
    }
}

/// `text` in `style`.
pub(crate) fn paint(style: Style, text: &str) -> String {
    if style.is_plain() {
        text.to_owned()
    } else {
        format!("{style}{text}{style:#}")
    }
}

/// A line about something that is wrong or missing, wrapped at `room` columns.
pub(crate) fn warning(sentence: &str, room: Option<usize>) -> String {
    paint(WARNING, &wrapped(sentence, room, "  ")) + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::text::width;

    #[test]
    fn every_symbol_is_one_column_wide_and_stands_for_one_verdict() {
        let symbols = Verdict::ALL.map(|verdict| look(verdict).0);
        for (position, symbol) in symbols.iter().enumerate() {
            assert_eq!(width(&symbol.to_string()), 1, "{symbol}");
            assert!(!symbols[..position].contains(symbol), "{symbol}");
        }
    }
}
