//! `idsync history`: the past of one cluster.

use anstyle::Style;
use idsync_monitor::{ClusterHistory, HistoryRun, HistorySpell, Reader};
use jiff::Timestamp;

use super::serve::store_location;
use crate::args::HistoryArgs;
use crate::errors::{CliError, Exit};
use crate::output::{
    BAD, Cell, FAINT, Layout, NONE, Output, Times, between, counted, instant, look, minute, paint,
    plain, words,
};

/// Fields of a spell in CSV.
const FIELDS: &str = "began_at,ended_at,verdict,reasons,summary";

/// Runs that the text for people lists.
const MOST_RUNS: usize = 20;

/// Prints spells and runs.
pub(super) fn run(args: &HistoryArgs, output: &Output) -> Result<Exit, CliError> {
    let now = Timestamp::now();
    let from = instant(&args.since, &output.times(now))?;
    let reader = Reader::open(&store_location(args.history.store.as_deref(), None)?)?;
    let mut found = reader.histories(&args.cluster, from)?;
    if found.len() > 1 {
        let ids = found.iter().map(|one| &one.identity);
        let ids = ids.map(|it| format!("{}:{}", it.cluster_type, it.cluster_id));
        let ids = ids.collect::<Vec<_>>().join(", ");
        let message = format!("several clusters are called {:?}", args.cluster);
        return Err(CliError::usage(message).with_hint(format!("give one of {ids}")));
    }
    let Some(history) = found.pop() else {
        let message = format!("the history has no cluster {:?}", args.cluster);
        let hint = "give its id or name, or dws:ID or mrs:ID; --store names another history";
        return Err(CliError::usage(message).with_hint(hint));
    };
    output.print(&history, FIELDS, &history.spells, || {
        text(&history, output, now)
    })?;
    Ok(Exit::Done)
}

fn text(history: &ClusterHistory, output: &Output, now: Timestamp) -> String {
    let times = output.times(now);
    let table = |rows: Vec<_>| Layout::new(&rows, output.width).text(&rows);
    let spells = history.spells.iter().map(|it| spell_cells(it, &times));
    let spells = table(spells.collect());
    let runs = history.runs.iter().take(MOST_RUNS);
    let runs = table(runs.map(|run| run_cells(run, &times)).collect());
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
    let rate = match history.success_rate {
        Some(rate) => {
            let ended = counted(history.ended_runs, "ended run");
            let succeeded = history.succeeded_runs;
            format!("{succeeded} of {ended} succeeded ({:.1} %)", rate * 100.0)
        }
        None => "no run has ended".to_owned(),
    };
    match history.runs.len().saturating_sub(MOST_RUNS) {
        0 => rate,
        more => format!("{}; {rate}", counted(more, "more run")),
    }
}

fn spell_cells(spell: &HistorySpell, times: &Times) -> Vec<Cell> {
    let ended = spell.ended_at.unwrap_or(times.now);
    vec![
        Cell::new("BEGAN", minute(spell.began_at, times)),
        Cell::new("LASTED", between(Some(spell.began_at), Some(ended))),
        Cell::new("VERDICT", words(spell.verdict)).style(look(spell.verdict).1),
        Cell::new("WHY", spell.summary.as_deref().unwrap_or(NONE)),
    ]
}

fn run_cells(run: &HistoryRun, times: &Times) -> Vec<Cell> {
    let has_failed = run.succeeded == Some(false);
    let style = if has_failed { BAD } else { Style::new() };
    vec![
        Cell::new("STARTED", minute(run.started_at, times)),
        Cell::new("LASTED", between(Some(run.started_at), run.ended_at)),
        Cell::new("SOURCE", &run.source),
        Cell::new("STATUS", run.status.as_deref().unwrap_or(NONE)).style(style),
        Cell::new("CAUSE", run.fail_reason.as_deref().unwrap_or(NONE)),
    ]
}
