//! Colours and symbols, so that a glance is enough.

use anstyle::{AnsiColor, Color, Style};
use idsync::dataarts::SyncStatus;
use idsync::dws::RecordStatus;
use idsync::health::Verdict;

/// Of what matters less.
pub(super) const FAINT: Style = Style::new().dimmed();
/// Of names and titles.
pub(super) const STRONG: Style = Style::new().bold();
/// Of what is wrong.
pub(super) const BAD: Style = color(AnsiColor::Red).bold();
/// Of what should be looked at.
pub(super) const WARNING: Style = color(AnsiColor::Yellow);
/// Of what goes on.
pub(super) const ACTIVE: Style = color(AnsiColor::Cyan);
/// Of what is right.
pub(super) const GOOD: Style = color(AnsiColor::Green);

const fn color(color: AnsiColor) -> Style {
    Style::new().fg_color(Some(Color::Ansi(color)))
}

/// The colour of a verdict.
pub(super) fn verdict(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Failing => BAD,
        Verdict::Stuck => color(AnsiColor::Magenta).bold(),
        Verdict::Overdue | Verdict::Partial => WARNING,
        Verdict::Unknown => color(AnsiColor::Blue),
        Verdict::NeverRun => FAINT,
        Verdict::Running => ACTIVE,
        Verdict::Healthy => GOOD,
    }
}

/// The symbol of a verdict; one column wide.
pub(super) fn symbol(verdict: Verdict) -> char {
    match verdict {
        Verdict::Failing => '✖',
        Verdict::Stuck => '⧗',
        Verdict::Overdue => '◷',
        Verdict::Partial => '◐',
        Verdict::Unknown => '?',
        Verdict::NeverRun => '○',
        Verdict::Running => '↻',
        Verdict::Healthy => '✔',
    }
}

/// The colour of the status of a task.
pub(super) fn sync_status(status: Option<&SyncStatus>) -> Style {
    match status {
        Some(SyncStatus::SyncFail) => BAD,
        Some(SyncStatus::SyncSuccess) => GOOD,
        Some(SyncStatus::Syncing) => ACTIVE,
        Some(SyncStatus::NotSync) => FAINT,
        _ => WARNING,
    }
}

/// The colour of the status of a record.
pub(super) fn record_status(status: Option<&RecordStatus>) -> Style {
    match status {
        Some(RecordStatus::Failed) => BAD,
        Some(RecordStatus::Finished) => GOOD,
        Some(RecordStatus::Running) => ACTIVE,
        _ => WARNING,
    }
}

/// `text` in `style`.
pub(super) fn paint(style: Style, text: &str) -> String {
    if style.is_plain() {
        text.to_owned()
    } else {
        format!("{style}{text}{style:#}")
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::width;
    use super::*;

    #[test]
    fn every_symbol_is_one_column_wide_and_stands_for_one_verdict() {
        let symbols = Verdict::ALL.map(symbol);
        for (position, symbol) in symbols.iter().enumerate() {
            assert_eq!(width(&symbol.to_string()), 1, "{symbol}");
            assert!(!symbols[..position].contains(symbol), "{symbol}");
        }
    }
}
