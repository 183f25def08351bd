//! One check, all of them, and their lines for people.

use anstyle::Style;
use idsync::{Error, ErrorKind};
use schemars::JsonSchema;
use serde::Serialize;

use crate::errors::Exit;
use crate::output::Output;
use crate::output::style::{BAD, FAINT, GOOD, STRONG, WARNING, paint};
use crate::output::text::{counted, joined, plain, width, wrapped};

/// The result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum CheckStatus {
    /// Nothing to do.
    Ok,
    /// It works, or may work, but needs attention.
    Warn,
    /// It must be fixed.
    Fail,
    /// Not checked, because something that it depends on is missing or failed.
    Skipped,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub(crate) struct Check {
    /// The project of --fleet that was checked, by file and line; null without --fleet.
    pub(super) project: Option<String>,
    /// The name of the check, such as `dns.dws`; the part after the dot is the service.
    pub(super) name: String,
    /// The result.
    pub(super) status: CheckStatus,
    /// The finding, in one sentence.
    pub(super) message: String,
    /// How to fix it, if there is something to fix.
    advice: Option<String>,
    /// The kind of error of a failure.
    #[serde(skip)]
    kind: Option<ErrorKind>,
}

impl Check {
    fn new(name: impl Into<String>, status: CheckStatus, message: impl Into<String>) -> Self {
        Self {
            project: None,
            name: name.into(),
            status,
            message: message.into(),
            advice: None,
            kind: None,
        }
    }

    pub(super) fn ok(name: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(name, CheckStatus::Ok, message)
    }

    pub(super) fn warn(name: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(name, CheckStatus::Warn, message)
    }

    pub(super) fn skipped(name: impl Into<String>, why: impl Into<String>) -> Self {
        Self::new(name, CheckStatus::Skipped, why)
    }

    /// Skipped because another check failed.
    pub(super) fn needs(name: impl Into<String>, other: &str) -> Self {
        Self::skipped(name, format!("needs {other}"))
    }

    pub(super) fn fail(name: impl Into<String>, kind: ErrorKind, why: impl Into<String>) -> Self {
        Self {
            kind: Some(kind),
            ..Self::new(name, CheckStatus::Fail, why)
        }
    }

    /// A failure with the hint of the error, else `advice`.
    pub(super) fn failed(name: impl Into<String>, error: &Error, advice: &str) -> Self {
        let advice = error.hint().unwrap_or(advice);
        Self::fail(name, error.kind(), error.to_string()).advised(advice)
    }

    pub(super) fn advised(self, advice: impl Into<String>) -> Self {
        Self {
            advice: Some(advice.into()),
            ..self
        }
    }

    pub(super) fn has_failed(&self) -> bool {
        self.status == CheckStatus::Fail
    }

    fn line(&self) -> Line<'_> {
        let (style, word) = match self.status {
            CheckStatus::Ok => (GOOD, "ok"),
            CheckStatus::Warn => (WARNING, "warn"),
            CheckStatus::Fail => (BAD, "fail"),
            CheckStatus::Skipped => (FAINT, "skipped"),
        };
        Line {
            heading: self.project.as_deref(),
            style,
            word,
            name: &self.name,
            message: &self.message,
            below: self.advice.as_deref(),
        }
    }
}

/// The name and version of the JSON form of a [`DoctorReport`].
const SCHEMA: &str = "idsync.doctor/v1";

/// All checks, in their order.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub(crate) struct DoctorReport {
    /// The name and version of this form.
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    /// The worst status: `fail`, else `warn`, else `ok`. Skipped checks do not count.
    verdict: CheckStatus,
    /// The checks, each after those that it depends on.
    pub(super) checks: Vec<Check>,
}

impl DoctorReport {
    pub(super) fn new(checks: Vec<Check>) -> Self {
        let has = |status: &CheckStatus| checks.iter().any(|check| check.status == *status);
        let worst = [CheckStatus::Fail, CheckStatus::Warn].into_iter().find(has);
        Self {
            schema: SCHEMA,
            verdict: worst.unwrap_or(CheckStatus::Ok),
            checks,
        }
    }

    /// A wrong configuration explains the rest, and rejected credentials explain more than a lost connection.
    pub(super) fn exit(&self) -> Exit {
        let failed = self.checks.iter().filter(|check| check.has_failed());
        let codes: Vec<_> = failed
            .map(|check| check.kind.map_or(Exit::Failed, Exit::from))
            .collect();
        [Exit::Usage, Exit::Rejected, Exit::Failed]
            .into_iter()
            .find(|code| codes.contains(code))
            .unwrap_or(Exit::Done)
    }

    /// One line for each check, below the line of its project, and a summary.
    pub(super) fn text(&self, output: &Output) -> String {
        let lines: Vec<_> = self.checks.iter().map(Check::line).collect();
        render(&lines, &self.summary(), output)
    }

    fn summary(&self) -> Vec<String> {
        let count = |status| {
            self.checks
                .iter()
                .filter(|check| check.status == status)
                .count()
        };
        let failed = match count(CheckStatus::Fail) {
            0 => "no problems".to_owned(),
            failed => counted(failed, "problem"),
        };
        let warnings = Some(count(CheckStatus::Warn)).filter(|count| *count > 0);
        let skipped = Some(count(CheckStatus::Skipped)).filter(|count| *count > 0);
        let parts = [
            Some(failed),
            warnings.map(|warnings| counted(warnings, "warning")),
            skipped.map(|skipped| format!("{skipped} not checked")),
        ];
        parts.into_iter().flatten().collect()
    }
}

/// Space between the columns.
const GAP: usize = 2;

/// A result with its name and sentence.
pub(super) struct Line<'a> {
    /// The heading above consecutive lines that share it.
    pub(super) heading: Option<&'a str>,
    pub(super) style: Style,
    /// The result.
    pub(super) word: &'static str,
    pub(super) name: &'a str,
    pub(super) message: &'a str,
    /// A sentence below the message.
    pub(super) below: Option<&'a str>,
}

/// The lines in columns, and a summary unless the output is quiet.
pub(super) fn render(lines: &[Line<'_>], summary: &[String], output: &Output) -> String {
    let widest = |widths: &mut dyn Iterator<Item = usize>| widths.max().unwrap_or_default();
    let words = widest(&mut lines.iter().map(|line| width(line.word)));
    let names = widest(&mut lines.iter().map(|line| width(line.name)));
    let indent = words + GAP + names + GAP;
    let room = output.width.map(|room| room.saturating_sub(indent + GAP));
    let fitted = |text: &str, indent: usize| {
        wrapped(&plain(text), room, "").replace('\n', &format!("\n{:indent$}", ""))
    };
    let mut text = String::new();
    let mut heading = None;
    for line in lines {
        if line.heading != heading {
            heading = line.heading;
            text.extend([
                paint(STRONG, &plain(heading.unwrap_or_default())),
                "\n".to_owned(),
            ]);
        }
        let word = paint(line.style, &format!("{:<words$}", line.word));
        let message = fitted(line.message, indent);
        let name = format!("{:GAP$}{:<names$}{:GAP$}", "", line.name, "");
        text.extend([word, name, message, "\n".to_owned()]);
        if let Some(below) = line.below {
            let (arrow, below) = (paint(FAINT, "→"), fitted(below, indent + GAP));
            text.extend([format!("{:indent$}{arrow} {below}\n", "")]);
        }
    }
    if output.is_quiet() {
        return text;
    }
    text + &format!("\n{}\n", joined(summary, output.width))
}
