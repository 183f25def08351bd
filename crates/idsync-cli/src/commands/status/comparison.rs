//! `--compare`: what has changed since an earlier report.

use std::io;
use std::path::Path;

#[cfg(feature = "serve")]
use idsync::health::Verdict;
use idsync::health::{Change, ChangeKind, Comparison, Report};
#[cfg(feature = "serve")]
use jiff::Timestamp;

use crate::args::StatusArgs;
#[cfg(feature = "serve")]
use crate::commands::serve::store_location;
use crate::errors::CliError;
use crate::fleet_file::read_file;
use crate::output::Output;
use crate::output::report::in_zone;
use crate::output::row::Row;
use crate::output::style::{BAD, FAINT, GOOD, WARNING, paint, words};
use crate::output::table::{Cell, Layout};
#[cfg(feature = "serve")]
use crate::output::time::instant;
use crate::output::time::{Times, absolute};

impl Row for Change {
    const FIELDS: &'static str =
        "change,project_id,cluster_id,cluster_name,cluster_type,from,to,reasons,reasons.message";

    fn cells(&self, times: &Times) -> Vec<Cell> {
        let (style, kind) = match self.change {
            ChangeKind::Better => (GOOD, "better"),
            ChangeKind::New => (WARNING, "new"),
            ChangeKind::Gone => (BAD, "gone"),
            _ => (BAD, "worse"),
        };
        let name = self.cluster_name.as_ref().or(self.cluster_id.as_ref());
        let why = self
            .reasons
            .first()
            .map(|reason| in_zone(&reason.message, times));
        vec![
            Cell::new("CHANGE", kind).style(style),
            Cell::optional("CLUSTER", name),
            Cell::optional("FROM", self.from.map(words)),
            Cell::optional("TO", self.to.map(words)),
            Cell::optional("WHY", why),
        ]
    }
}

/// Reads a report that `idsync status -o json` wrote; a time, or a duration such as `24h`, means the history.
///
/// # Errors
///
/// If the file or the history cannot be read, or holds something else.
#[cfg_attr(
    not(feature = "serve"),
    allow(unused_variables, reason = "only a history has times")
)]
pub(super) fn read(path: &Path, args: &StatusArgs, output: &Output) -> Result<Report, CliError> {
    #[cfg(feature = "serve")]
    if !path.exists()
        && let Some(text) = path.to_str()
        && let Ok(at) = instant(text, &output.times(Timestamp::now()))
    {
        return stored(at, args);
    }
    serde_json::from_str(&read_file(path)?).map_err(|error| {
        let message = format!("{} is not a report: {error}", path.display());
        CliError::configuration(message).with_hint("write one with `idsync status -o json`")
    })
}

/// The report that the history has of `at`.
#[cfg(feature = "serve")]
fn stored(at: Timestamp, args: &StatusArgs) -> Result<Report, CliError> {
    let location = store_location(args.store.as_deref(), None)?;
    let clusters = idsync_monitor::Reader::open(&location)?.clusters_at(at)?;
    let verdict = clusters.iter().map(|cluster| cluster.verdict).max();
    let report = serde_json::json!({
        "schema": "idsync.status/v1",
        "observed_at": at,
        "complete": true,
        "verdict": verdict.unwrap_or(Verdict::Unknown),
        "counts": {},
        "ignored": 0,
        "clusters": clusters,
        "problems": [],
    });
    serde_json::from_value(report)
        .map_err(|error| CliError::io("the history is not a report", &error))
}

/// Prints the changes, and from when to when unless the output is quiet.
pub(super) fn print(comparison: &Comparison, output: &Output) -> io::Result<()> {
    let changes = &comparison.changes;
    let fields: Vec<_> = Change::FIELDS.split(',').collect();
    output.print(comparison, &fields, changes, || {
        let times = output.times(comparison.observed_at);
        let rows: Vec<_> = changes.iter().map(|change| change.cells(&times)).collect();
        let table = Layout::new(&rows, output.width).text(&rows);
        if output.is_quiet {
            return table;
        }
        let since = absolute(comparison.earlier_at, &times.zone);
        let (from, to) = (words(comparison.verdict_from), words(comparison.verdict_to));
        let nothing = if rows.is_empty() {
            ", nothing changed"
        } else {
            ""
        };
        let end = format!("since {since}: {from} → {to}{nothing}");
        format!("{table}{}\n", paint(FAINT, &end))
    })
}
