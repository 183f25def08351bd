//! `--compare`: what has changed since an earlier report.

use std::path::Path;

use idsync::health::{Change, ChangeKind, Comparison, Report};

use crate::errors::CliError;
use crate::fleet_file::read_file;
use crate::output::Output;
use crate::output::report::{in_zone, words};
use crate::output::style::{BAD, FAINT, GOOD, WARNING, paint};
use crate::output::text::plain;
use crate::output::time::{Times, absolute};

/// Fields of a change in CSV.
const FIELDS: [&str; 9] = [
    "change",
    "project_id",
    "cluster_id",
    "cluster_name",
    "cluster_type",
    "from",
    "to",
    "reasons",
    "reasons.message",
];

/// Reads a report that `idsync status -o json` wrote.
///
/// # Errors
///
/// If the file cannot be read, or holds something else.
pub(super) fn read(path: &Path) -> Result<Report, CliError> {
    serde_json::from_str(&read_file(path)?).map_err(|error| {
        let message = format!("{} is not a report: {error}", path.display());
        CliError::configuration(message).with_hint("write one with `idsync status -o json`")
    })
}

/// Prints the changes.
pub(super) fn print(comparison: &Comparison, output: &Output) -> Result<(), CliError> {
    let changes = &comparison.changes;
    output.print(comparison, &FIELDS, changes, || {
        let times = output.times(comparison.observed_at);
        let lines = changes.iter().map(|change| line(change, &times));
        let lines: String = lines.collect();
        if output.is_quiet() {
            return lines;
        }
        let since = absolute(comparison.earlier_at, &times.zone);
        let (from, to) = (words(comparison.verdict_from), words(comparison.verdict_to));
        let nothing = if changes.is_empty() {
            ", nothing changed"
        } else {
            ""
        };
        let end = format!("since {since}: {from} → {to}{nothing}");
        format!("{lines}{}\n", paint(FAINT, &end))
    })
}

fn line(change: &Change, times: &Times) -> String {
    let (style, kind) = match change.change {
        ChangeKind::Better => (GOOD, "better"),
        ChangeKind::New => (WARNING, "new"),
        ChangeKind::Gone => (BAD, "gone"),
        _ => (BAD, "worse"),
    };
    let name = change.cluster_name.as_ref().or(change.cluster_id.as_ref());
    let name = name.map(|name| plain(name)).unwrap_or_default();
    let from = change.from.map_or("–".to_owned(), words);
    let to = change.to.map_or("–".to_owned(), words);
    let why = change.reasons.first();
    let why = why.map_or(String::new(), |reason| {
        format!(": {}", in_zone(&plain(&reason.message), times))
    });
    format!(
        "{}  {name}  {from} → {to}{why}\n",
        paint(style, &format!("{kind:6}"))
    )
}
