//! What a sweep writes: all of it in one transaction.

use idsync::dws::{Record, RecordStatus};
use jiff::Timestamp;
use rusqlite::{Transaction, params};

use super::{Store, millis};
use crate::MonitorError;
use crate::episodes::EpisodeChange;
use crate::fleet::{ClusterChange, SpellChange};
use crate::reading::StoredReading;

/// One run of a task or an identity source.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Run {
    /// The row of the cluster.
    pub(crate) cluster: i64,
    /// `dataarts`, or the id of the identity source of DWS.
    pub(crate) source: String,
    pub(crate) started_at: Timestamp,
    /// The id of the task or the record.
    pub(crate) id: String,
    pub(crate) ended_at: Option<Timestamp>,
    pub(crate) status: Option<String>,
    pub(crate) counts: [Option<u64>; 4],
    pub(crate) fail_reason: Option<String>,
}

impl Run {
    /// The run of a record; none where it does not say when it started.
    pub(crate) fn of_record(cluster: i64, record: &Record) -> Option<Self> {
        let source = record.identity_source_id.as_deref().unwrap_or_default();
        Some(Self {
            cluster,
            source: source.to_owned(),
            started_at: record.start_time?,
            id: record.id.clone().unwrap_or_default(),
            ended_at: record.end_time,
            status: record
                .status
                .as_ref()
                .map(RecordStatus::as_str)
                .map(str::to_owned),
            counts: [
                record.add_count,
                record.update_count,
                record.delete_count,
                record.failed_count,
            ],
            fail_reason: record.fail_reason.clone(),
        })
    }
}

/// A message that waits for its delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OutboxEntry {
    /// The same however often it is sent.
    pub(crate) id: String,
    pub(crate) receiver: String,
    pub(crate) body: String,
    pub(crate) tries: u32,
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
    pub(crate) runs: Vec<Run>,
    pub(crate) episodes: Vec<EpisodeChange>,
    pub(crate) messages: Vec<OutboxEntry>,
}

impl Store {
    /// Stores a sweep: all of it or, if this fails, nothing.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub(crate) fn write(&self, sweep: &SweepRecord) -> Result<(), MonitorError> {
        let mut writer = self.writer();
        let transaction = writer.transaction()?;
        write_sweep(&transaction, sweep)?;
        for change in &sweep.changes {
            write_cluster(&transaction, change)?;
            write_spell(&transaction, change, sweep.started_at)?;
        }
        write_runs(&transaction, &sweep.runs)?;
        write_episodes(&transaction, &sweep.episodes)?;
        for message in &sweep.messages {
            write_message(&transaction, message)?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Notes that a message was delivered, or given up.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub(crate) fn remove_message(&self, id: &str) -> Result<(), MonitorError> {
        let writer = self.writer();
        writer.execute("delete from outbox where id = ?1", [id])?;
        Ok(())
    }

    /// Notes that a message has to be tried again.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub(crate) fn postpone_message(
        &self,
        id: &str,
        tries: u32,
        next_try_at: Timestamp,
    ) -> Result<(), MonitorError> {
        let sql = "update outbox set tries = ?2, next_try_at = ?3 where id = ?1";
        self.writer()
            .execute(sql, params![id, tries, millis(next_try_at)])?;
        Ok(())
    }
}

fn write_sweep(transaction: &Transaction<'_>, sweep: &SweepRecord) -> Result<(), MonitorError> {
    let sql = "insert into sweep(shard, started_at, ended_at, complete, counts, problems) values('', ?1, ?2, ?3, ?4, ?5)
        on conflict(shard, started_at) do update set ended_at = excluded.ended_at, complete = excluded.complete,
        counts = excluded.counts, problems = excluded.problems";
    transaction.prepare_cached(sql)?.execute(params![
        millis(sweep.started_at),
        millis(sweep.ended_at),
        i64::from(sweep.is_complete),
        sweep.counts,
        sweep.problems,
    ])?;
    Ok(())
}

fn write_cluster(
    transaction: &Transaction<'_>,
    change: &ClusterChange,
) -> Result<(), MonitorError> {
    let cluster = &change.cluster;
    let reading = cluster.reading.as_deref();
    let reading = reading.map(StoredReading::as_str);
    if !change.is_visible {
        let sql = "update cluster set asked_at = ?2, reading = ?3 where key = ?1";
        let asked_at = cluster.asked_at.map(millis);
        let values = params![cluster.key.row(), asked_at, reading];
        transaction.prepare_cached(sql)?.execute(values)?;
        return Ok(());
    }
    let sql = "insert into cluster(key, project_id, cluster_id, cluster_type, name, first_seen, last_seen, gone_at, asked_at,
        verdict, settled, since, unwell_since, health, reading)
        values(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
        on conflict(key) do update set name = excluded.name, last_seen = excluded.last_seen, gone_at = excluded.gone_at,
        asked_at = excluded.asked_at, verdict = excluded.verdict, settled = excluded.settled, since = excluded.since,
        unwell_since = excluded.unwell_since, health = excluded.health, reading = excluded.reading";
    transaction.prepare_cached(sql)?.execute(params![
        cluster.key.row(),
        cluster.key.project_id,
        cluster.key.cluster_id,
        cluster.key.cluster_type,
        cluster.name(),
        millis(cluster.first_seen),
        millis(cluster.last_seen),
        cluster.gone_at.map(millis),
        cluster.asked_at.map(millis),
        cluster.verdict().as_str(),
        cluster.settled.as_str(),
        millis(cluster.since),
        cluster.unwell_since.map(millis),
        serde_json::to_string(&*cluster.health)?,
        reading,
    ])?;
    Ok(())
}

fn write_spell(
    transaction: &Transaction<'_>,
    change: &ClusterChange,
    at: Timestamp,
) -> Result<(), MonitorError> {
    let cluster = &change.cluster;
    let row = cluster.key.row();
    if matches!(change.spell, SpellChange::Begin | SpellChange::End) {
        let sql = "update spell set ended_at = ?2 where cluster = ?1 and ended_at is null";
        transaction
            .prepare_cached(sql)?
            .execute(params![row, millis(at)])?;
    }
    let reasons = cluster.reasons().join(",");
    match change.spell {
        SpellChange::Keep | SpellChange::End => {}
        SpellChange::Reword => {
            let sql = "update spell set reasons = ?2, summary = ?3 where cluster = ?1 and ended_at is null";
            let values = params![row, reasons, cluster.summary()];
            transaction.prepare_cached(sql)?.execute(values)?;
        }
        SpellChange::Begin => {
            let sql = "insert into spell(cluster, began_at, ended_at, verdict, reasons, summary) values(?1, ?2, null, ?3, ?4, ?5)
                on conflict(cluster, began_at) do update set ended_at = null, verdict = excluded.verdict,
                reasons = excluded.reasons, summary = excluded.summary";
            transaction.prepare_cached(sql)?.execute(params![
                row,
                millis(at),
                cluster.verdict().as_str(),
                reasons,
                cluster.summary(),
            ])?;
        }
    }
    Ok(())
}

fn write_runs(transaction: &Transaction<'_>, runs: &[Run]) -> Result<(), MonitorError> {
    let sql = "insert into run(cluster, source, started_at, id, ended_at, status, added, updated, deleted, failed, fail_reason)
        values(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        on conflict(cluster, source, started_at, id) do update set ended_at = excluded.ended_at, status = excluded.status,
        added = excluded.added, updated = excluded.updated, deleted = excluded.deleted, failed = excluded.failed,
        fail_reason = excluded.fail_reason
        where run.status is distinct from excluded.status or run.ended_at is distinct from excluded.ended_at";
    let mut statement = transaction.prepare_cached(sql)?;
    for run in runs {
        let count =
            |count: Option<u64>| count.map(|count| i64::try_from(count).unwrap_or(i64::MAX));
        let [added, updated, deleted, failed] = run.counts.map(count);
        statement.execute(params![
            run.cluster,
            run.source,
            millis(run.started_at),
            run.id,
            run.ended_at.map(millis),
            run.status,
            added,
            updated,
            deleted,
            failed,
            run.fail_reason,
        ])?;
    }
    Ok(())
}

fn write_episodes(
    transaction: &Transaction<'_>,
    episodes: &[EpisodeChange],
) -> Result<(), MonitorError> {
    let sql = "insert into episode(cluster, receiver, opened_at, fired_at, reminded_at, closed_at)
        values(?1, ?2, ?3, ?4, ?5, ?6)
        on conflict(cluster, receiver, opened_at) do update set fired_at = excluded.fired_at,
        reminded_at = excluded.reminded_at, closed_at = excluded.closed_at";
    let mut statement = transaction.prepare_cached(sql)?;
    for EpisodeChange {
        cluster,
        receiver,
        episode,
    } in episodes
    {
        statement.execute(params![
            cluster,
            receiver,
            millis(episode.opened_at),
            episode.fired_at.map(millis),
            episode.reminded_at.map(millis),
            episode.closed_at.map(millis),
        ])?;
    }
    Ok(())
}

fn write_message(transaction: &Transaction<'_>, message: &OutboxEntry) -> Result<(), MonitorError> {
    let sql =
        "insert into outbox(id, receiver, body, tries, next_try_at) values(?1, ?2, ?3, ?4, ?5)
        on conflict(id) do nothing";
    transaction.prepare_cached(sql)?.execute(params![
        message.id,
        message.receiver,
        message.body,
        message.tries,
        millis(message.next_try_at),
    ])?;
    Ok(())
}
