//! What is read from the history.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use idsync::health::{ClusterHealth, Report, Verdict};
use jiff::Timestamp;
use serde_json::json;

use super::database::{Value, values};
use super::{OutboxEntry, Reader};
use crate::MonitorError;
use crate::cluster_key::ClusterKey;
use crate::episodes::Episode;
use crate::fleet::{Fleet, KnownCluster};
use crate::reading::StoredReading;

/// The last sweep of a shard.
struct ShardSweep {
    /// How many shards there were.
    shards: usize,
    ended_at: Timestamp,
    /// When the last complete sweep of the shard ended.
    complete_at: Option<Timestamp>,
    problems: String,
}

impl Reader {
    /// Every cluster that is stored.
    ///
    /// # Errors
    ///
    /// If the history cannot be read.
    pub(crate) fn fleet(&self) -> Result<Fleet, MonitorError> {
        Ok(Fleet::of(self.clusters("", values![])?))
    }

    /// The stored clusters that meet `condition`.
    pub(super) fn clusters(
        &self,
        condition: &str,
        values: Vec<Value>,
    ) -> Result<Vec<KnownCluster>, MonitorError> {
        let sql = format!(
            "select project_id, cluster_type, cluster_id, first_seen, last_seen, gone_at, asked_at, settled, since,
            unwell_since, health, reading from cluster {condition}"
        );
        self.query(&sql, values, |row| {
            let health: String = row.get(10)?;
            let reading: Option<String> = row.get(11)?;
            let reading = reading.and_then(StoredReading::parse);
            Ok(KnownCluster {
                key: ClusterKey {
                    project_id: row.get(0)?,
                    cluster_type: row.get(1)?,
                    cluster_id: row.get(2)?,
                },
                first_seen: row.get(3)?,
                last_seen: row.get(4)?,
                gone_at: row.get(5)?,
                asked_at: row.get(6)?,
                settled: row.get(7)?,
                since: row.get(8)?,
                unwell_since: row.get(9)?,
                health: Arc::new(serde_json::from_str(&health)?),
                reading: reading.map(Arc::new),
            })
        })
    }

    /// When the newest run of each cluster started that has ended.
    ///
    /// # Errors
    ///
    /// If the history cannot be read.
    pub(crate) fn newest_runs(&self) -> Result<HashMap<i64, Timestamp>, MonitorError> {
        let sql =
            "select cluster, max(started_at) from run where ended_at is not null group by cluster";
        let runs = self.query(sql, values![], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(runs.into_iter().collect())
    }

    /// The episodes of a receiver, oldest first.
    ///
    /// # Errors
    ///
    /// If the history cannot be read.
    pub(crate) fn episodes(&self, receiver: &str) -> Result<Vec<Episode>, MonitorError> {
        let sql = "select cluster, opened_at, fired_at, reminded_at, closed_at from episode where receiver = ?1
            order by opened_at";
        self.query(sql, values![receiver], |row| {
            Ok(Episode {
                cluster: row.get(0)?,
                opened_at: row.get(1)?,
                fired_at: row.get(2)?,
                reminded_at: row.get(3)?,
                closed_at: row.get(4)?,
                well_since: None,
            })
        })
    }

    /// All messages that wait, the longest waiting first.
    ///
    /// # Errors
    ///
    /// If the history cannot be read.
    pub(crate) fn outbox(&self) -> Result<Vec<OutboxEntry>, MonitorError> {
        let sql =
            "select id, receiver, body, tries, next_try_at from outbox order by next_try_at, id";
        self.query(sql, values![], |row| {
            Ok(OutboxEntry {
                id: row.get(0)?,
                receiver: row.get(1)?,
                body: row.get(2)?,
                tries: row.get(3)?,
                next_try_at: row.get(4)?,
            })
        })
    }

    /// When the last sweep, and the last complete one, ended. Of shards, the complete one that is the longest ago counts.
    ///
    /// # Errors
    ///
    /// If the history cannot be read.
    pub(crate) fn last_sweeps(
        &self,
    ) -> Result<(Option<Timestamp>, Option<Timestamp>), MonitorError> {
        let (last, are_all) = self.last_of_shards()?;
        let complete = last.iter().map(|sweep| sweep.complete_at).min().flatten();
        let ended = last.first().map(|sweep| sweep.ended_at);
        Ok((ended, complete.filter(|_| are_all)))
    }

    /// The report of the last sweep, or of the last ones of all shards, without its clusters, which are in `fleet`.
    ///
    /// # Errors
    ///
    /// If the history cannot be read.
    pub(crate) fn last_report(
        &self,
        fleet: &Fleet,
    ) -> Result<Option<(Timestamp, Report)>, MonitorError> {
        let (last, _) = self.last_of_shards()?;
        let Some(ended_at) = last.first().map(|sweep| sweep.ended_at) else {
            return Ok(None);
        };
        let mut problems: Vec<serde_json::Value> = Vec::new();
        for sweep in last {
            problems.append(&mut serde_json::from_str(&sweep.problems)?);
        }
        let mut counts = BTreeMap::<Verdict, u64>::new();
        for known in fleet.present() {
            *counts.entry(known.verdict()).or_default() += 1;
        }
        let report = json!({
            "schema": "idsync.status/v1",
            "observed_at": ended_at,
            "complete": problems.is_empty(),
            "unanswered": problems.len(),
            "verdict": counts.keys().last().unwrap_or(&Verdict::Unknown),
            "counts": counts,
            "ignored": 0,
            "clusters": [],
            "problems": problems,
        });
        Ok(Some((ended_at, serde_json::from_value(report)?)))
    }

    /// The last sweep of each of those shards that the fleet is divided into now, newest first; and whether no shard is
    /// missing.
    fn last_of_shards(&self) -> Result<(Vec<ShardSweep>, bool), MonitorError> {
        let sql = "select s.shard, s.ended_at, last.complete_at, s.problems from sweep s
            join (select shard, max(started_at) as started_at, max(case when complete = 1 then ended_at end) as complete_at
                from sweep group by shard) last on last.shard = s.shard and last.started_at = s.started_at
            order by s.ended_at desc";
        let mut last = self.query(sql, values![], |row| {
            let shard: String = row.get(0)?;
            let count = shard.split_once('/').map(|(_, count)| count.parse());
            Ok(ShardSweep {
                shards: count.and_then(Result::ok).unwrap_or(1),
                ended_at: row.get(1)?,
                complete_at: row.get(2)?,
                problems: row.get(3)?,
            })
        })?;
        let shards = last.first().map_or(0, |newest| newest.shards);
        last.retain(|sweep| sweep.shards == shards);
        let are_all = last.len() == shards;
        Ok((last, are_all))
    }

    /// The clusters that were there at `at`, each as it was last seen but with the verdict that it had then.
    ///
    /// # Errors
    ///
    /// If the history cannot be read, or does not reach back to `at`.
    pub fn clusters_at(&self, at: Timestamp) -> Result<Vec<ClusterHealth>, MonitorError> {
        let sql = "select min(started_at) from sweep where ended_at is not null";
        let first: Vec<Option<Timestamp>> = self.query(sql, values![], |row| row.get(0))?;
        if first.into_iter().flatten().all(|first| first > at) {
            let message = format!("the history does not reach back to {at}");
            return Err(MonitorError::new(message));
        }
        let sql = "select c.health, s.verdict from spell s join cluster c on c.key = s.cluster
            where s.began_at <= ?1 and (s.ended_at is null or s.ended_at > ?1)";
        self.query(sql, values![at], |row| {
            let health: String = row.get(0)?;
            let mut health: ClusterHealth = serde_json::from_str(&health)?;
            let verdict = row.get(1)?;
            if health.verdict != verdict {
                health.verdict = verdict;
                health.reasons.clear();
            }
            Ok(health)
        })
    }
}
