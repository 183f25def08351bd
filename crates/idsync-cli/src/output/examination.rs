//! A check-up for people.

use anstyle::Style;
use idsync::doctor::{Check, CheckStatus, Examination};

use super::style::{BAD, FAINT, GOOD, WARNING, paint};
use super::text::{counted, plain, width};

/// One line for each check, one more where there is something to do, and what it all comes to unless `bare`.
pub(super) fn render(examination: &Examination, bare: bool) -> String {
    let names = examination.checks.iter().map(|check| width(&check.name));
    let widest = names.max().unwrap_or_default();
    let lines: String = examination
        .checks
        .iter()
        .map(|check| line(check, widest))
        .collect();
    if bare {
        return lines;
    }
    format!("{lines}\n{}\n", summary(&examination.checks))
}

fn line(check: &Check, widest: usize) -> String {
    let (style, status) = (style(check.status), check.status);
    let status = paint(style, &format!("{status:<7}"));
    let name = format!("{:<widest$}", check.name);
    let line = format!("{status}  {name}  {}\n", plain(&check.message));
    match &check.advice {
        Some(advice) => {
            let indent = " ".repeat(widest + "skipped    ".len());
            format!("{line}{indent}{} {}\n", paint(FAINT, "→"), plain(advice))
        }
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

fn summary(checks: &[Check]) -> String {
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
    parts.join(" · ")
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
        let shown = anstream::adapter::strip_str(&render(&examination, false)).to_string();
        assert_eq!(
            shown,
            "ok       dns.dws  found [2J\n\
             fail     tcp.dws  no way\n                  → try\n\
             skipped  clock    needs tcp.dws\n\n\
             1 thing to mend · 1 not checked\n"
        );
    }
}
