//! `idsync history`: the past of one cluster.

use anstyle::Style;
use idsync::health::Verdict;
use idsync_monitor::{ClusterHistory, HistoryRun, HistorySpell, Reader};
use jiff::Timestamp;

use super::serve::store_location;
use crate::args::HistoryArgs;
use crate::errors::{CliError, Exit};
use crate::output::Output;
use crate::output::style::{BAD, FAINT, paint, words};
use crate::output::table::{Cell, Layout};
use crate::output::text::{counted, plain};
use crate::output::time::{Times, between, instant, minute};

/// Fields of a spell in CSV.
const FIELDS: [&str; 5] = ["began_at", "ended_at", "verdict", "reasons", "summary"];

/// Runs that the text for people lists.
const MOST_RUNS: usize = 20;

/// Prints spells and runs.
pub(super) fn run(args: &HistoryArgs, output: &Output) -> Result<Exit, CliError> {
    let now = Timestamp::now();
    let from = instant(&args.since, &output.times(now))?;
    let reader = Reader::open(&store_location(args.history.store.as_deref(), None)?)?;
    let mut found = reader.histories(&args.cluster, from)?;
    if found.len() > 1 {
        let ids = found
            .iter()
            .map(|one| format!("{}:{}", one.identity.cluster_type, one.identity.cluster_id));
        let ids = ids.collect::<Vec<_>>().join(", ");
        let message = format!("several clusters are called {:?}", args.cluster);
        return Err(CliError::usage(message).with_hint(format!("give one of {ids}")));
    }
    let Some(history) = found.pop() else {
        let message = format!("the history has no cluster {:?}", args.cluster);
        let hint = "give its id or name, or dws:ID or mrs:ID; --store names another history";
        return Err(CliError::usage(message).with_hint(hint));
    };
    output.print(&history, &FIELDS, &history.spells, || {
        text(&history, output, now)
    })?;
    Ok(Exit::Done)
}

fn text(history: &ClusterHistory, output: &Output, now: Timestamp) -> String {
    let times = output.times(now);
    let spells = history
        .spells
        .iter()
        .map(|spell| spell_cells(spell, &times));
    let spells = table(&spells.collect::<Vec<_>>(), output);
    let runs = history.runs.iter().take(MOST_RUNS);
    let runs = table(
        &runs.map(|run| run_cells(run, &times)).collect::<Vec<_>>(),
        output,
    );
    if output.is_quiet {
        return format!("{spells}\n{runs}");
    }
    let identity = &history.identity;
    let name = identity.cluster_name.as_ref();
    let name = name.unwrap_or(&identity.cluster_id);
    let since = times.relative(Some(history.since));
    let title = format!("{}  {}, since {since}", plain(name), words(history.verdict));
    format!(
        "{title}\n\n{spells}\n{runs}{}\n",
        paint(FAINT, &rate(history))
    )
}

fn rate(history: &ClusterHistory) -> String {
    let more = history.runs.len().saturating_sub(MOST_RUNS);
    let more = if more > 0 {
        format!("{} more; ", counted(more, "run"))
    } else {
        String::new()
    };
    match history.success_rate {
        Some(rate) => format!(
            "{more}{} of {} succeeded ({:.1} %)",
            history.succeeded_runs,
            counted(history.ended_runs, "ended run"),
            rate * 100.0
        ),
        None => format!("{more}no run has ended"),
    }
}

fn table(rows: &[Vec<Cell>], output: &Output) -> String {
    Layout::new(rows, output.width).text(rows)
}

fn spell_cells(spell: &HistorySpell, times: &Times) -> Vec<Cell> {
    let ended = spell.ended_at.unwrap_or(times.now);
    let style = if spell.verdict == Verdict::Failing {
        BAD
    } else {
        Style::new()
    };
    vec![
        Cell::new("BEGAN", minute(spell.began_at, times)),
        Cell::new("LASTED", between(Some(spell.began_at), Some(ended))),
        Cell::new("VERDICT", words(spell.verdict)).style(style),
        Cell::optional("WHY", spell.summary.as_ref()),
    ]
}

fn run_cells(run: &HistoryRun, times: &Times) -> Vec<Cell> {
    let style = if run.succeeded == Some(false) {
        BAD
    } else {
        Style::new()
    };
    vec![
        Cell::new("STARTED", minute(run.started_at, times)),
        Cell::new("LASTED", between(Some(run.started_at), run.ended_at)),
        Cell::new("SOURCE", &run.source),
        Cell::optional("STATUS", run.status.as_ref()).style(style),
        Cell::optional("CAUSE", run.fail_reason.as_ref()),
    ]
}
