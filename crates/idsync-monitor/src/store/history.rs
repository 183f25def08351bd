//! The past of one cluster.

use idsync::health::Verdict;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use schemars::JsonSchema;
use serde::Serialize;

use super::read::verdict;
use super::{Reader, millis, optional_time, time};
use crate::MonitorError;
use crate::cluster_key::ClusterKey;

/// How many runs of one cluster are given at most: the newest.
const MOST_RUNS: u32 = 10_000;

/// The past of one cluster.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ClusterHistory {
    /// The name and version of this form.
    pub schema: String,
    /// The project that the cluster belongs to.
    pub project_id: String,
    /// The id of the cluster.
    pub cluster_id: String,
    /// The service of the cluster: `dws` or `mrs`.
    pub cluster_type: String,
    /// The name of the cluster.
    pub cluster_name: Option<String>,
    /// The verdict of the last sweep.
    pub verdict: Verdict,
    /// Since when the cluster has it.
    pub since: Timestamp,
    /// When the trouble that goes on began; a run in progress does not end it.
    pub unwell_since: Option<Timestamp>,
    /// When the services no longer listed the cluster.
    pub gone_at: Option<Timestamp>,
    /// The beginning of what is shown.
    pub from: Timestamp,
    /// The spells of one verdict each, oldest first.
    pub spells: Vec<HistorySpell>,
    /// The runs, newest first: at most 10,000.
    pub runs: Vec<HistoryRun>,
    /// How many of the runs ended in a way that is understood.
    pub ended_runs: u64,
    /// How many of these succeeded for every identity.
    pub succeeded_runs: u64,
    /// The share of these, from 0 to 1; null where no run has ended.
    pub success_rate: Option<f64>,
}

/// A time in which a cluster had one verdict.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct HistorySpell {
    /// The sweep that saw the verdict first.
    pub began_at: Timestamp,
    /// The sweep that saw another one; null for the present.
    pub ended_at: Option<Timestamp>,
    /// The verdict.
    pub verdict: Verdict,
    /// The codes of its reasons, worst first.
    pub reasons: Vec<String>,
    /// The worst reason in plain words.
    pub summary: Option<String>,
}

/// One run of a task or an identity source.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct HistoryRun {
    /// `dataarts`, or the id of the identity source of DWS.
    pub source: String,
    /// The id of the task or the record.
    pub id: String,
    /// When it started.
    pub started_at: Timestamp,
    /// When it ended, where the service tells.
    pub ended_at: Option<Timestamp>,
    /// The status as the service wrote it.
    pub status: Option<String>,
    /// How many identities it added.
    pub add_count: Option<u64>,
    /// How many identities it updated.
    pub update_count: Option<u64>,
    /// How many identities it deleted.
    pub delete_count: Option<u64>,
    /// How many identities it failed on.
    pub failed_count: Option<u64>,
    /// Why it failed.
    pub fail_reason: Option<String>,
    /// Whether it succeeded for every identity; null while it runs, and where its status is not understood.
    pub succeeded: Option<bool>,
}

impl Reader {
    /// The rows of the clusters that `name` means: an id or a name, with `dws:` or `mrs:` before it or without.
    fn find(connection: &Connection, name: &str) -> Result<Vec<i64>, MonitorError> {
        let sql = "select key from cluster where cluster_type || ':' || cluster_id = ?1 or cluster_id = ?1 or name = ?1
            order by gone_at is not null, key";
        let mut statement = connection.prepare_cached(sql)?;
        let rows = statement.query_map([name], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The past since `from` of each cluster that `name` means: an id or a name, with `dws:` or `mrs:` before it or
    /// without. Those that are there come before those that are gone.
    ///
    /// # Errors
    ///
    /// If the history cannot be read.
    pub fn histories(
        &self,
        name: &str,
        from: Timestamp,
    ) -> Result<Vec<ClusterHistory>, MonitorError> {
        let connection = self.connection();
        let rows = Self::find(&connection, name)?;
        let histories = rows.into_iter().map(|row| history(&connection, row, from));
        histories.filter_map(Result::transpose).collect()
    }

    /// The past of one cluster since `from`, if it is stored.
    ///
    /// # Errors
    ///
    /// If the history cannot be read.
    pub(crate) fn history(
        &self,
        key: &ClusterKey,
        from: Timestamp,
    ) -> Result<Option<ClusterHistory>, MonitorError> {
        history(&self.connection(), key.row(), from)
    }
}

fn history(
    connection: &Connection,
    key: i64,
    from: Timestamp,
) -> Result<Option<ClusterHistory>, MonitorError> {
    let sql = "select project_id, cluster_id, cluster_type, name, verdict, since, unwell_since, gone_at from cluster
        where key = ?1";
    let found = connection.prepare_cached(sql)?.query_row([key], |row| {
        Ok(ClusterHistory {
            schema: "idsync.history/v1".to_owned(),
            project_id: row.get(0)?,
            cluster_id: row.get(1)?,
            cluster_type: row.get(2)?,
            cluster_name: row.get(3)?,
            verdict: verdict(row, 4)?,
            since: time(row.get(5)?),
            unwell_since: optional_time(row.get(6)?),
            gone_at: optional_time(row.get(7)?),
            from,
            spells: Vec::new(),
            runs: Vec::new(),
            ended_runs: 0,
            succeeded_runs: 0,
            success_rate: None,
        })
    });
    let Some(mut history) = found.optional()? else {
        return Ok(None);
    };
    history.spells = spells(connection, key, from)?;
    history.runs = runs(connection, key, from)?;
    let ended: Vec<_> = history
        .runs
        .iter()
        .filter_map(|run| run.succeeded)
        .collect();
    history.ended_runs = ended.len() as u64;
    history.succeeded_runs = ended.iter().filter(|succeeded| **succeeded).count() as u64;
    #[allow(clippy::cast_precision_loss, reason = "there are at most 10,000")]
    let rate = history.succeeded_runs as f64 / history.ended_runs as f64;
    history.success_rate = (!ended.is_empty()).then_some(rate);
    Ok(Some(history))
}

pub(super) fn spells(
    connection: &Connection,
    key: i64,
    from: Timestamp,
) -> Result<Vec<HistorySpell>, MonitorError> {
    let sql = "select began_at, ended_at, verdict, reasons, summary from spell
        where cluster = ?1 and (ended_at is null or ended_at > ?2) order by began_at";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![key, millis(from)], |row| {
        let reasons: String = row.get(3)?;
        let reasons = reasons.split(',').filter(|code| !code.is_empty());
        Ok(HistorySpell {
            began_at: time(row.get(0)?),
            ended_at: optional_time(row.get(1)?),
            verdict: verdict(row, 2)?,
            reasons: reasons.map(str::to_owned).collect(),
            summary: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn runs(
    connection: &Connection,
    key: i64,
    from: Timestamp,
) -> Result<Vec<HistoryRun>, MonitorError> {
    let sql = "select source, id, started_at, ended_at, status, added, updated, deleted, failed, fail_reason from run
        where cluster = ?1 and started_at >= ?2 order by started_at desc, source, id limit ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![key, millis(from), MOST_RUNS], |row| {
        let count = |column| -> rusqlite::Result<Option<u64>> {
            let count: Option<i64> = row.get(column)?;
            Ok(count.and_then(|count| u64::try_from(count).ok()))
        };
        let run = HistoryRun {
            source: row.get(0)?,
            id: row.get(1)?,
            started_at: time(row.get(2)?),
            ended_at: optional_time(row.get(3)?),
            status: row.get(4)?,
            add_count: count(5)?,
            update_count: count(6)?,
            delete_count: count(7)?,
            failed_count: count(8)?,
            fail_reason: row.get(9)?,
            succeeded: None,
        };
        Ok(HistoryRun {
            succeeded: succeeded(&run),
            ..run
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn succeeded(run: &HistoryRun) -> Option<bool> {
    match (run.status.as_deref()?, run.failed_count) {
        ("SYNC_SUCCESS", _) | ("FINISHED", Some(0)) => Some(true),
        ("SYNC_FAIL" | "FAILED", _) | ("FINISHED", Some(_)) => Some(false),
        _ => None,
    }
}
