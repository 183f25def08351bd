//! A check-up for people.

use anstyle::Style;
use idsync::doctor::{Check, CheckStatus, Examination};

use super::style::{BAD, FAINT, GOOD, WARNING, paint};
use super::text::{counted, joined, plain, width, wrapped};

/// The width of the longest status.
const STATUS: usize = 7;
/// Between two columns.
const GAP: usize = 2;
/// How much room a text needs beside the names.
const LEAST: usize = 30;

/// One line for each check, one more where there is something to do, and what it all comes to unless `bare`.
pub(super) fn render(examination: &Examination, room: Option<usize>, bare: bool) -> String {
    let names = examination.checks.iter().map(|check| width(&check.name));
    let widest = names.max().unwrap_or_default();
    let lines: String = examination
        .checks
        .iter()
        .map(|check| line(check, widest, room))
        .collect();
    if bare {
        return lines;
    }
    format!("{lines}\n{}\n", summary(&examination.checks, room))
}

fn line(check: &Check, widest: usize, room: Option<usize>) -> String {
    let status = paint(style(check.status), &format!("{:<STATUS$}", check.status));
    let beside = STATUS + GAP + widest + GAP;
    // Where little room is left beside the names, the text goes below them.
    let is_narrow = room.is_some_and(|room| room < beside + LEAST);
    let (gap, indent) = if is_narrow {
        (format!("\n{:GAP$}", ""), GAP)
    } else {
        (" ".repeat(widest - width(&check.name) + GAP), beside)
    };
    let fitted = |text: &str, mark: usize| {
        let room = room.map(|room| room.saturating_sub(indent + mark));
        wrapped(&plain(text), room, "").replace('\n', &format!("\n{:1$}", "", indent + mark))
    };
    let line = format!(
        "{status}{:GAP$}{}{gap}{}\n",
        "",
        check.name,
        fitted(&check.message, 0)
    );
    match &check.advice {
        Some(advice) => format!(
            "{line}{:indent$}{} {}\n",
            "",
            paint(FAINT, "→"),
            fitted(advice, 2)
        ),
        None => line,
    }
}

fn style(status: CheckStatus) -> Style {
    match status {
        CheckStatus::Ok => GOOD,
        CheckStatus::Warn => WARNING,
        CheckStatus::Fail => BAD,
        _ => FAINT,
    }
}

fn summary(checks: &[Check], room: Option<usize>) -> String {
    let count = |status| checks.iter().filter(|check| check.status == status).count();
    let failed = match count(CheckStatus::Fail) {
        0 => "nothing to mend".to_owned(),
        failed => format!("{} to mend", counted(failed, "thing")),
    };
    let others = [
        (CheckStatus::Warn, "to look at"),
        (CheckStatus::Skipped, "not checked"),
    ];
    let others = others.into_iter().filter_map(|(status, words)| {
        let number = count(status);
        (number > 0).then(|| format!("{number} {words}"))
    });
    let parts: Vec<_> = [failed].into_iter().chain(others).collect();
    joined(&parts, room)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_check_is_a_line_and_what_to_do_another() {
        let examination = Examination::of(vec![
            Check::ok("dns.dws", "found\u{1b}[2J"),
            Check::fail("tcp.dws", "no\nway", "try"),
            Check::skipped("clock", "needs tcp.dws"),
        ]);
        let shown = anstream::adapter::strip_str(&render(&examination, None, false)).to_string();
        assert_eq!(
            shown,
            "ok       dns.dws  found [2J\n\
             fail     tcp.dws  no way\n                  → try\n\
             skipped  clock    needs tcp.dws\n\n\
             1 thing to mend · 1 not checked\n"
        );
    }

    #[test]
    fn no_line_is_wider_than_the_screen() {
        let message = "a message of several words that has to go on somewhere";
        let examination = Examination::of(vec![
            Check::ok("configuration", "read"),
            Check::fail("tcp.dataarts", message, message),
        ]);
        for room in [32, 40, 60, 80] {
            let shown = render(&examination, Some(room), false);
            let shown = anstream::adapter::strip_str(&shown).to_string();
            assert!(
                shown.lines().all(|line| width(line) <= room),
                "{room}:\n{shown}"
            );
            let words: Vec<_> = shown.split_whitespace().collect();
            assert_eq!(
                words.join(" ").matches(message).count(),
                2,
                "{room}:\n{shown}"
            );
        }
    }
}
