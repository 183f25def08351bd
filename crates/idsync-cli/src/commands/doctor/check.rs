//! One check, all of them, and their lines for people.

use anstyle::Style;
use idsync::{Error, ErrorKind};
use schemars::JsonSchema;
use serde::Serialize;

use crate::errors::Exit;
use crate::output::{
    BAD, DOT, FAINT, GOOD, Output, STRONG, WARNING, counted, paint, plain, wrapped,
};

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
    /// The name of the check, such as `answer.dws`; the part after the dot is the service.
    pub(super) name: String,
    /// The result.
    pub(super) status: CheckStatus,
    /// The finding, in one sentence.
    pub(super) message: String,
    /// How to fix it, if there is something to fix.
    advice: Option<String>,
    /// The exit code of a failure.
    #[serde(skip)]
    exit: Option<Exit>,
}

impl Check {
    fn new(name: impl Into<String>, status: CheckStatus, message: impl Into<String>) -> Self {
        Self {
            project: None,
            name: name.into(),
            status,
            message: message.into(),
            advice: None,
            exit: None,
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
            exit: Some(kind.into()),
            ..Self::new(name, CheckStatus::Fail, why)
        }
    }

    /// A failure with the hint of the error, else `advice`.
    pub(super) fn failed(name: impl Into<String>, error: &Error, advice: &str) -> Self {
        let advice = error.hint().unwrap_or(advice);
        Self::fail(name, error.kind(), error.to_string()).advised(advice)
    }

    pub(super) fn advised(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
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
        let has = |code: &Exit| self.checks.iter().any(|check| check.exit == Some(*code));
        let codes = [Exit::Usage, Exit::Rejected, Exit::Failed];
        codes.into_iter().find(has).unwrap_or(Exit::Done)
    }

    /// One line for each check, below the line of its project, and a summary.
    pub(super) fn text(&self, output: &Output) -> String {
        let lines: Vec<_> = self.checks.iter().map(Check::line).collect();
        render(&lines, &self.summary(), output)
    }

    fn summary(&self) -> Vec<String> {
        let count = |status| self.checks.iter().filter(|it| it.status == status).count();
        let [failed, warned, skipped] =
            [CheckStatus::Fail, CheckStatus::Warn, CheckStatus::Skipped].map(count);
        let parts = [
            (failed == 0).then(|| "no problems".to_owned()),
            (failed > 0).then(|| counted(failed, "problem")),
            (warned > 0).then(|| counted(warned, "warning")),
            (skipped > 0).then(|| format!("{skipped} not checked")),
        ];
        parts.into_iter().flatten().collect()
    }
}

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
    let words = lines.iter().map(|line| line.word.len()).max().unwrap_or(0);
    let names = lines.iter().map(|line| line.name.len()).max().unwrap_or(0);
    let indent = words + names + 4;
    let room = output.width.map(|room| room.saturating_sub(indent + 2));
    let fitted = |text: &str| {
        wrapped(
            plain(text).split_whitespace(),
            " ",
            room,
            &" ".repeat(indent),
        )
    };
    let mut text = String::new();
    let mut heading = None;
    for line in lines {
        if line.heading != heading {
            heading = line.heading;
            let title = plain(heading.unwrap_or_default());
            text.extend([paint(STRONG, &title), "\n".to_owned()]);
        }
        let word = paint(line.style, &format!("{:<words$}", line.word));
        let message = fitted(line.message);
        text.extend([format!("{word}  {:<names$}  {message}\n", line.name)]);
        if let Some(below) = line.below {
            let arrow = paint(FAINT, "→");
            text.extend([format!("{:indent$}{arrow} {}\n", "", fitted(below))]);
        }
    }
    if output.is_quiet {
        return text;
    }
    text + &format!("\n{}\n", wrapped(summary, DOT, output.width, ""))
}
