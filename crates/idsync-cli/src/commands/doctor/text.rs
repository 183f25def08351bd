//! The checks for people.

use super::check::CheckStatus;
use super::{Check, DoctorReport};
use crate::output::style::{BAD, FAINT, GOOD, WARNING, paint};
use crate::output::text::{counted, joined, plain, width, wrapped};
use anstyle::Style;

/// Width of the longest status.
const STATUS: usize = 7;
const GAP: usize = 2;
/// With less room beside the names, texts go below them.
const MIN_ROOM: usize = 30;

/// One line for each check, one more for its advice, and a summary unless `quiet`.
pub(super) fn render(report: &DoctorReport, room: Option<usize>, quiet: bool) -> String {
    let names = report.checks.iter().map(|check| width(&check.name));
    let widest = names.max().unwrap_or_default();
    let lines = report.checks.iter().map(|check| line(check, widest, room));
    let lines: String = lines.collect();
    if quiet {
        return lines;
    }
    format!("{lines}\n{}\n", summary(&report.checks, room))
}

fn line(check: &Check, widest: usize, room: Option<usize>) -> String {
    let (style, word) = shown(check.status);
    let status = paint(style, &format!("{word:<STATUS$}"));
    let beside = STATUS + GAP + widest + GAP;
    let is_narrow = room.is_some_and(|room| room < beside + MIN_ROOM);
    let (gap, indent) = if is_narrow {
        (format!("\n{:GAP$}", ""), GAP)
    } else {
        (" ".repeat(widest - width(&check.name) + GAP), beside)
    };
    let fitted = |text: &str, mark: usize| {
        let room = room.map(|room| room.saturating_sub(indent + mark));
        let indent = format!("\n{:1$}", "", indent + mark);
        wrapped(&plain(text), room, "").replace('\n', &indent)
    };
    let message = fitted(&check.message, 0);
    let line = format!("{status}{:GAP$}{}{gap}{message}\n", "", check.name);
    match &check.advice {
        Some(advice) => {
            let arrow = paint(FAINT, "→");
            format!("{line}{:indent$}{arrow} {}\n", "", fitted(advice, 2))
        }
        None => line,
    }
}

fn shown(status: CheckStatus) -> (Style, &'static str) {
    match status {
        CheckStatus::Ok => (GOOD, "ok"),
        CheckStatus::Warn => (WARNING, "warn"),
        CheckStatus::Fail => (BAD, "fail"),
        CheckStatus::Skipped => (FAINT, "skipped"),
    }
}

fn summary(checks: &[Check], room: Option<usize>) -> String {
    let count = |status| checks.iter().filter(|check| check.status == status).count();
    let failed = match count(CheckStatus::Fail) {
        0 => "no problems".to_owned(),
        failed => counted(failed, "problem"),
    };
    let warnings = match count(CheckStatus::Warn) {
        0 => None,
        warnings => Some(counted(warnings, "warning")),
    };
    let skipped = match count(CheckStatus::Skipped) {
        0 => None,
        skipped => Some(format!("{skipped} not checked")),
    };
    let parts: Vec<_> = [Some(failed), warnings, skipped]
        .into_iter()
        .flatten()
        .collect();
    joined(&parts, room)
}
