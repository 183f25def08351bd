//! The past of one cluster.

use idsync::dws::Record;
use idsync::health::Verdict;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::Reader;
use super::database::values;
use crate::MonitorError;
use crate::cluster_key::{ClusterIdentity, ClusterKey, indexable};
use crate::fleet::KnownCluster;

/// How many runs of one cluster are given at most: the newest.
const MOST_RUNS: u32 = 10_000;

/// The past of one cluster.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ClusterHistory {
    /// The name and version of this form.
    pub schema: String,
    /// Which cluster it is.
    #[serde(flatten)]
    pub identity: ClusterIdentity,
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
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
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

/// Whether a run succeeded for every identity; null while it is in progress, and where its status is not understood.
pub(crate) const SUCCEEDED: &str =
    "cast(case when status = 'SYNC_SUCCESS' or (status = 'FINISHED' and failed = 0) then 1
    when status in ('SYNC_FAIL', 'FAILED') or (status = 'FINISHED' and failed > 0) then 0 end as bigint)";

impl HistoryRun {
    /// The run of a record; none where it does not say when it started.
    pub(crate) fn of_record(record: &Record) -> Option<Self> {
        let source = record.identity_source_id.as_deref().unwrap_or_default();
        let status = record.status.as_ref();
        Some(Self {
            source: indexable(source),
            id: indexable(record.id.as_deref().unwrap_or_default()),
            started_at: record.start_time?,
            ended_at: record.end_time,
            status: status.map(|status| status.as_str().to_owned()),
            add_count: record.add_count,
            update_count: record.update_count,
            delete_count: record.delete_count,
            failed_count: record.failed_count,
            fail_reason: record.fail_reason.clone(),
            // Follows from the status and the counts, when the run is read.
            succeeded: None,
        })
    }
}

impl Reader {
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
        let condition =
            "where cluster_type || ':' || cluster_id = ?1 or cluster_id = ?1 or name = ?1
            order by gone_at is not null, key";
        let found = self.clusters(condition, values![name])?;
        let histories = found.iter().map(|known| self.history_of(known, from));
        histories.collect()
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
        let found = self.clusters("where key = ?1", values![key.row()])?;
        let history = found.first().map(|known| self.history_of(known, from));
        history.transpose()
    }

    fn history_of(
        &self,
        known: &KnownCluster,
        from: Timestamp,
    ) -> Result<ClusterHistory, MonitorError> {
        let row = known.key.row();
        let runs = self.runs(row, from)?;
        let ended: Vec<_> = runs.iter().filter_map(|run| run.succeeded).collect();
        let succeeded = ended.iter().filter(|has_succeeded| **has_succeeded);
        let (ended_runs, succeeded_runs) = (ended.len() as u64, succeeded.count() as u64);
        #[allow(clippy::cast_precision_loss, reason = "there are at most 10,000")]
        let rate = succeeded_runs as f64 / ended_runs as f64;
        Ok(ClusterHistory {
            schema: "idsync.history/v1".to_owned(),
            identity: known.identity(),
            verdict: known.verdict(),
            since: known.since,
            unwell_since: known.unwell_since,
            gone_at: known.gone_at,
            from,
            spells: self.spells(row, from)?,
            runs,
            ended_runs,
            succeeded_runs,
            success_rate: (ended_runs > 0).then_some(rate),
        })
    }

    /// The spells of a cluster that reach into the time since `from`, oldest first.
    pub(crate) fn spells(
        &self,
        key: i64,
        from: Timestamp,
    ) -> Result<Vec<HistorySpell>, MonitorError> {
        let sql = "select began_at, ended_at, verdict, reasons, summary from spell
            where cluster = ?1 and (ended_at is null or ended_at > ?2) order by began_at";
        self.query(sql, values![key, from], |row| {
            let reasons: String = row.get(3)?;
            let reasons = reasons.split(',').filter(|code| !code.is_empty());
            Ok(HistorySpell {
                began_at: row.get(0)?,
                ended_at: row.get(1)?,
                verdict: row.get(2)?,
                reasons: reasons.map(str::to_owned).collect(),
                summary: row.get(4)?,
            })
        })
    }

    fn runs(&self, key: i64, from: Timestamp) -> Result<Vec<HistoryRun>, MonitorError> {
        let sql = format!(
            "select source, id, started_at, ended_at, status, added, updated, deleted, failed, fail_reason, {SUCCEEDED}
            from run where cluster = ?1 and started_at >= ?2 order by started_at desc, source, id limit {MOST_RUNS}"
        );
        self.query(&sql, values![key, from], |row| {
            Ok(HistoryRun {
                source: row.get(0)?,
                id: row.get(1)?,
                started_at: row.get(2)?,
                ended_at: row.get(3)?,
                status: row.get(4)?,
                add_count: row.get(5)?,
                update_count: row.get(6)?,
                delete_count: row.get(7)?,
                failed_count: row.get(8)?,
                fail_reason: row.get(9)?,
                succeeded: row.get::<Option<i64>>(10)?.map(|number| number != 0),
            })
        })
    }
}
