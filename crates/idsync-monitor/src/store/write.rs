//! What a sweep writes: all of it in one transaction.

use std::iter;

use jiff::Timestamp;

use super::Store;
use super::database::{Statement, Value, values};
use super::history::HistoryRun;
use crate::MonitorError;
use crate::episodes::Episode;
use crate::fleet::{ClusterChange, SpellChange};
use crate::messages::News;
use crate::reading::StoredReading;

/// How many rows one transaction deletes.
const BATCH: i64 = 1_000;

/// What is deleted by which limit, spells and all that is like them first.
const BY_AGE: [&str; 4] = [
    "delete from spell where (cluster, began_at) in (select cluster, began_at from spell where ended_at < ?1 limit ?2)",
    "delete from sweep where (shard, started_at) in (select shard, started_at from sweep where started_at < ?1 limit ?2)",
    "delete from episode where (cluster, receiver, opened_at) in
        (select cluster, receiver, opened_at from episode where closed_at < ?1 limit ?2)",
    "delete from cluster where key in (select key from cluster where gone_at < ?1 limit ?2)",
];

const RUNS: &str = "delete from run where (cluster, source, started_at, id) in
    (select cluster, source, started_at, id from run where started_at < ?1 limit ?2)";

/// A message that waits for its delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OutboxEntry {
    /// The same however often it is sent.
    pub(crate) id: String,
    pub(crate) receiver: String,
    pub(crate) body: String,
    pub(crate) tries: i64,
    pub(crate) next_try_at: Timestamp,
}

/// Everything that a sweep has to store.
#[derive(Debug, Default)]
pub(crate) struct SweepRecord {
    pub(crate) started_at: Timestamp,
    pub(crate) ended_at: Timestamp,
    pub(crate) is_complete: bool,
    /// The counts and the problems of the report, as JSON.
    pub(crate) counts: String,
    pub(crate) problems: String,
    pub(crate) changes: Vec<ClusterChange>,
    /// The runs, with the rows of their clusters.
    pub(crate) runs: Vec<(i64, HistoryRun)>,
    pub(crate) news: News,
}

impl Store {
    /// Stores a sweep: all of it or, if this fails, nothing.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub(crate) fn write(&self, sweep: &SweepRecord) -> Result<(), MonitorError> {
        let at = sweep.started_at;
        let changes = sweep.changes.iter().flat_map(|change| {
            let spells = spell_rows(change, at).into_iter().map(Ok);
            iter::once(cluster_row(change)).chain(spells)
        });
        let runs = sweep.runs.iter().map(|run| Ok(run_row(run, at)));
        let news = news_rows(&sweep.news);
        let sweep = iter::once(Ok(sweep_row(sweep, self.shard.name())));
        let mut statements = sweep.chain(changes).chain(runs).chain(news);
        self.writer.execute(&mut statements).map(drop)
    }

    fn execute(&self, sql: &'static str, values: Vec<Value>) -> Result<u64, MonitorError> {
        self.writer.execute(&mut iter::once(Ok((sql, values))))
    }

    /// Stores the alerts that the sweeps of other processes call for.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub(crate) fn write_alerts(&self, news: &News) -> Result<(), MonitorError> {
        self.writer.execute(&mut news_rows(news)).map(drop)
    }

    /// Notes that a message was delivered, or given up.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub(crate) fn remove_message(&self, id: &str) -> Result<(), MonitorError> {
        let sql = "delete from outbox where id = ?1";
        self.execute(sql, values![id]).map(drop)
    }

    /// Notes that a message has to be tried again.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub(crate) fn postpone_message(
        &self,
        id: &str,
        tries: i64,
        next_try_at: Timestamp,
    ) -> Result<(), MonitorError> {
        let sql = "update outbox set tries = ?2, next_try_at = ?3 where id = ?1";
        self.execute(sql, values![id, tries, next_try_at]).map(drop)
    }

    /// Deletes what ended before `oldest`, and runs that started before `oldest_run`. Other writers get their turn between
    /// two batches.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub(crate) fn forget(
        &self,
        oldest: Timestamp,
        oldest_run: Timestamp,
    ) -> Result<u64, MonitorError> {
        let by_age = BY_AGE.map(|sql| (sql, oldest));
        let mut deleted = 0;
        for (sql, limit) in by_age.into_iter().chain([(RUNS, oldest_run)]) {
            loop {
                match self.execute(sql, values![limit, BATCH])? {
                    0 => break,
                    rows => deleted += rows,
                }
            }
        }
        Ok(deleted)
    }
}

fn sweep_row(sweep: &SweepRecord, shard: String) -> Statement {
    let sql = "insert into sweep(shard, started_at, ended_at, complete, counts, problems) values(?1, ?2, ?3, ?4, ?5, ?6)
        on conflict(shard, started_at) do update set ended_at = excluded.ended_at, complete = excluded.complete,
        counts = excluded.counts, problems = excluded.problems";
    let values = values![
        shard,
        sweep.started_at,
        sweep.ended_at,
        i64::from(sweep.is_complete),
        &sweep.counts,
        &sweep.problems,
    ];
    (sql, values)
}

fn cluster_row(change: &ClusterChange) -> Result<Statement, MonitorError> {
    let cluster = &change.cluster;
    let row = cluster.key.row();
    let reading = cluster.reading.as_deref();
    let reading = reading.map(StoredReading::as_str);
    if !change.is_visible {
        let sql = "update cluster set asked_at = ?2, reading = ?3 where key = ?1";
        return Ok((sql, values![row, cluster.asked_at, reading]));
    }
    let sql = "insert into cluster(key, project_id, cluster_id, cluster_type, name, first_seen, last_seen, gone_at, asked_at,
        verdict, settled, since, unwell_since, health, reading)
        values(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
        on conflict(key) do update set name = excluded.name, last_seen = excluded.last_seen, gone_at = excluded.gone_at,
        asked_at = excluded.asked_at, verdict = excluded.verdict, settled = excluded.settled, since = excluded.since,
        unwell_since = excluded.unwell_since, health = excluded.health, reading = excluded.reading";
    let values = values![
        row,
        &cluster.key.project_id,
        &cluster.key.cluster_id,
        &cluster.key.cluster_type,
        cluster.name(),
        cluster.first_seen,
        cluster.last_seen,
        cluster.gone_at,
        cluster.asked_at,
        cluster.verdict().as_str(),
        cluster.settled.as_str(),
        cluster.since,
        cluster.unwell_since,
        serde_json::to_string(&*cluster.health)?,
        reading,
    ];
    Ok((sql, values))
}

fn spell_rows(change: &ClusterChange, at: Timestamp) -> Vec<Statement> {
    let cluster = &change.cluster;
    let row = cluster.key.row();
    let reasons = cluster.reasons().join(",");
    let end = || {
        let sql = "update spell set ended_at = ?2 where cluster = ?1 and ended_at is null";
        (sql, values![row, at])
    };
    match change.spell {
        SpellChange::Keep => Vec::new(),
        SpellChange::End => vec![end()],
        SpellChange::Reword => {
            let sql = "update spell set reasons = ?2, summary = ?3 where cluster = ?1 and ended_at is null";
            vec![(sql, values![row, reasons, cluster.summary()])]
        }
        SpellChange::Begin => {
            let sql = "insert into spell(cluster, began_at, ended_at, verdict, reasons, summary) values(?1, ?2, null, ?3, ?4, ?5)
                on conflict(cluster, began_at) do update set ended_at = null, verdict = excluded.verdict,
                reasons = excluded.reasons, summary = excluded.summary";
            let verdict = cluster.verdict().as_str();
            let values = values![row, at, verdict, reasons, cluster.summary()];
            vec![end(), (sql, values)]
        }
    }
}

fn run_row((cluster, run): &(i64, HistoryRun), at: Timestamp) -> Statement {
    let sql = "insert into run(cluster, source, started_at, id, ended_at, status, added, updated, deleted, failed, fail_reason,
        seen_at) values(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
        on conflict(cluster, source, started_at, id) do update set ended_at = excluded.ended_at, status = excluded.status,
        added = excluded.added, updated = excluded.updated, deleted = excluded.deleted, failed = excluded.failed,
        fail_reason = excluded.fail_reason, seen_at = excluded.seen_at
        where run.status is distinct from excluded.status or run.ended_at is distinct from excluded.ended_at";
    let values = values![
        *cluster,
        &run.source,
        run.started_at,
        &run.id,
        run.ended_at,
        run.status.as_ref(),
        run.add_count,
        run.update_count,
        run.delete_count,
        run.failed_count,
        run.fail_reason.as_ref(),
        at,
    ];
    (sql, values)
}

fn news_rows(news: &News) -> impl Iterator<Item = Result<Statement, MonitorError>> {
    let episodes = news.episodes.iter().map(episode_row);
    let messages = news.messages.iter().map(message_row);
    episodes.chain(messages).map(Ok)
}

fn episode_row((receiver, episode): &(String, Episode)) -> Statement {
    let sql = "insert into episode(cluster, receiver, opened_at, fired_at, reminded_at, closed_at)
        values(?1, ?2, ?3, ?4, ?5, ?6)
        on conflict(cluster, receiver, opened_at) do update set fired_at = excluded.fired_at,
        reminded_at = excluded.reminded_at, closed_at = excluded.closed_at";
    let values = values![
        episode.cluster,
        receiver,
        episode.opened_at,
        episode.fired_at,
        episode.reminded_at,
        episode.closed_at,
    ];
    (sql, values)
}

fn message_row(message: &OutboxEntry) -> Statement {
    let sql =
        "insert into outbox(id, receiver, body, tries, next_try_at) values(?1, ?2, ?3, ?4, ?5)
        on conflict(id) do nothing";
    let values = values![
        &message.id,
        &message.receiver,
        &message.body,
        message.tries,
        message.next_try_at,
    ];
    (sql, values)
}
