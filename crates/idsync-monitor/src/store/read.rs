//! What is read from the history.

use std::collections::HashMap;
use std::sync::Arc;

use idsync::health::{ClusterHealth, Verdict};
use jiff::Timestamp;
use rusqlite::{Row, params};

use super::history::{HistorySpell, spells};
use super::{OutboxEntry, Reader, millis, optional_time, time};
use crate::MonitorError;
use crate::cluster_key::ClusterKey;
use crate::episodes::Episode;
use crate::fleet::{Fleet, KnownCluster};
use crate::reading::StoredReading;

/// Orders verdicts as a report does, worst first.
const RANK: &str = "case verdict when 'failing' then 0 when 'stuck' then 1 when 'overdue' then 2 when 'partial' then 3
    when 'unknown' then 4 when 'never_run' then 5 when 'running' then 6 else 7 end";

/// Which clusters a page shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct OverviewFilter {
    pub(crate) only_unwell: bool,
    pub(crate) project_id: Option<String>,
    /// Part of a name or an id.
    pub(crate) search: String,
    pub(crate) offset: u32,
    pub(crate) limit: u32,
}

/// One page of clusters, worst first.
#[derive(Debug, Default)]
pub(crate) struct Overview {
    pub(crate) rows: Vec<OverviewRow>,
    /// How many clusters the filter lets through.
    pub(crate) total: u64,
    pub(crate) projects: Vec<String>,
}

#[derive(Debug)]
pub(crate) struct OverviewRow {
    pub(crate) project_id: String,
    pub(crate) cluster_type: String,
    pub(crate) cluster_id: String,
    pub(crate) name: Option<String>,
    pub(crate) verdict: Verdict,
    pub(crate) since: Timestamp,
    pub(crate) unwell_since: Option<Timestamp>,
    /// The spells that reach into the time of the timeline, oldest first.
    pub(crate) spells: Vec<HistorySpell>,
}

impl Reader {
    /// Every cluster that is stored.
    ///
    /// # Errors
    ///
    /// If the history cannot be read.
    pub(crate) fn fleet(&self) -> Result<Fleet, MonitorError> {
        let connection = self.connection();
        let sql = "select project_id, cluster_type, cluster_id, first_seen, last_seen, gone_at, asked_at, settled, since,
            unwell_since, health, reading from cluster";
        let mut statement = connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        let mut clusters = Vec::new();
        while let Some(row) = rows.next()? {
            clusters.push(known_cluster(row)?);
        }
        Ok(Fleet::of(clusters))
    }

    /// When the newest run of each cluster started that has ended.
    ///
    /// # Errors
    ///
    /// If the history cannot be read.
    pub(crate) fn newest_runs(&self) -> Result<HashMap<i64, Timestamp>, MonitorError> {
        let connection = self.connection();
        let sql =
            "select cluster, max(started_at) from run where ended_at is not null group by cluster";
        let mut statement = connection.prepare(sql)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, time(row.get(1)?))))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The episodes of a receiver, oldest first.
    ///
    /// # Errors
    ///
    /// If the history cannot be read.
    pub(crate) fn episodes(&self, receiver: &str) -> Result<Vec<(i64, Episode)>, MonitorError> {
        let connection = self.connection();
        let sql = "select cluster, opened_at, fired_at, reminded_at, closed_at from episode where receiver = ?1
            order by opened_at";
        let mut statement = connection.prepare(sql)?;
        let rows = statement.query_map([receiver], |row| {
            let episode = Episode {
                opened_at: time(row.get(1)?),
                fired_at: optional_time(row.get(2)?),
                reminded_at: optional_time(row.get(3)?),
                closed_at: optional_time(row.get(4)?),
                well_since: None,
            };
            Ok((row.get(0)?, episode))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// All messages that wait, the longest waiting first.
    ///
    /// # Errors
    ///
    /// If the history cannot be read.
    pub(crate) fn outbox(&self) -> Result<Vec<OutboxEntry>, MonitorError> {
        let connection = self.connection();
        let sql =
            "select id, receiver, body, tries, next_try_at from outbox order by next_try_at, id";
        let mut statement = connection.prepare(sql)?;
        let rows = statement.query_map([], |row| {
            Ok(OutboxEntry {
                id: row.get(0)?,
                receiver: row.get(1)?,
                body: row.get(2)?,
                tries: row.get(3)?,
                next_try_at: time(row.get(4)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// When the last sweep, and the last complete one, ended.
    ///
    /// # Errors
    ///
    /// If the history cannot be read.
    pub(crate) fn last_sweeps(
        &self,
    ) -> Result<(Option<Timestamp>, Option<Timestamp>), MonitorError> {
        let sql = "select max(ended_at), max(case when complete = 1 then ended_at end) from sweep";
        let connection = self.connection();
        let last = connection.query_row(sql, [], |row| {
            Ok((optional_time(row.get(0)?), optional_time(row.get(1)?)))
        });
        Ok(last?)
    }

    /// One page of clusters with their spells since `from`.
    ///
    /// # Errors
    ///
    /// If the history cannot be read.
    pub(crate) fn overview(
        &self,
        filter: &OverviewFilter,
        from: Timestamp,
    ) -> Result<Overview, MonitorError> {
        let connection = self.connection();
        let condition = "gone_at is null and (?1 = 0 or unwell_since is not null or verdict = 'unknown')
            and (?2 is null or project_id = ?2)
            and (?3 = '' or instr(lower(coalesce(name, '')), ?3) > 0 or instr(lower(cluster_id), ?3) > 0)";
        let search = filter.search.to_lowercase();
        let values = params![i64::from(filter.only_unwell), filter.project_id, search];
        let count = format!("select count(*) from cluster where {condition}");
        let total: i64 = connection
            .prepare_cached(&count)?
            .query_row(values, |row| row.get(0))?;
        let sql = format!(
            "select key, project_id, cluster_type, cluster_id, name, verdict, since, unwell_since from cluster
            where {condition} order by {RANK}, coalesce(name, cluster_id), key limit ?4 offset ?5"
        );
        let mut statement = connection.prepare_cached(&sql)?;
        let project_id = &filter.project_id;
        let only_unwell = i64::from(filter.only_unwell);
        let values = params![only_unwell, project_id, search, filter.limit, filter.offset];
        let rows = statement.query_map(values, |row| {
            let row_key: i64 = row.get(0)?;
            let shown = OverviewRow {
                project_id: row.get(1)?,
                cluster_type: row.get(2)?,
                cluster_id: row.get(3)?,
                name: row.get(4)?,
                verdict: verdict(row, 5)?,
                since: time(row.get(6)?),
                unwell_since: optional_time(row.get(7)?),
                spells: Vec::new(),
            };
            Ok((row_key, shown))
        })?;
        let mut shown = Vec::new();
        for row in rows {
            let (key, mut row) = row?;
            row.spells = spells(&connection, key, from)?;
            shown.push(row);
        }
        let mut statement = connection.prepare_cached(
            "select distinct project_id from cluster where gone_at is null order by 1",
        )?;
        let projects = statement.query_map([], |row| row.get(0))?;
        Ok(Overview {
            rows: shown,
            total: u64::try_from(total).unwrap_or(0),
            projects: projects.collect::<Result<_, _>>()?,
        })
    }

    /// The clusters that were there at `at`, each as it was last seen but with the verdict that it had then.
    ///
    /// # Errors
    ///
    /// If the history cannot be read, or does not reach back to `at`.
    pub fn clusters_at(&self, at: Timestamp) -> Result<Vec<ClusterHealth>, MonitorError> {
        let connection = self.connection();
        let sql = "select min(started_at) from sweep where ended_at is not null";
        let first: Option<i64> = connection.query_row(sql, [], |row| row.get(0))?;
        if first.is_none_or(|first| time(first) > at) {
            let message = format!("the history does not reach back to {at}");
            return Err(MonitorError::new(message));
        }
        let sql = "select c.health, s.verdict from spell s join cluster c on c.key = s.cluster
            where s.began_at <= ?1 and (s.ended_at is null or s.ended_at > ?1)";
        let mut statement = connection.prepare(sql)?;
        let mut rows = statement.query([millis(at)])?;
        let mut clusters = Vec::new();
        while let Some(row) = rows.next()? {
            let health: String = row.get(0)?;
            let mut health: ClusterHealth = serde_json::from_str(&health)?;
            let verdict = verdict(row, 1)?;
            if health.verdict != verdict {
                health.verdict = verdict;
                health.reasons.clear();
            }
            clusters.push(health);
        }
        Ok(clusters)
    }
}

fn known_cluster(row: &Row<'_>) -> Result<KnownCluster, MonitorError> {
    let health: String = row.get(10)?;
    let reading: Option<String> = row.get(11)?;
    let reading = reading.and_then(StoredReading::parse);
    Ok(KnownCluster {
        key: ClusterKey {
            project_id: row.get(0)?,
            cluster_type: row.get(1)?,
            cluster_id: row.get(2)?,
        },
        first_seen: time(row.get(3)?),
        last_seen: time(row.get(4)?),
        gone_at: optional_time(row.get(5)?),
        asked_at: optional_time(row.get(6)?),
        settled: verdict(row, 7)?,
        since: time(row.get(8)?),
        unwell_since: optional_time(row.get(9)?),
        health: Arc::new(serde_json::from_str(&health)?),
        reading: reading.map(Arc::new),
    })
}

/// A verdict of a later version is not known to this one.
pub(super) fn verdict(row: &Row<'_>, column: usize) -> rusqlite::Result<Verdict> {
    let word: String = row.get(column)?;
    Ok(word.parse().unwrap_or(Verdict::Unknown))
}
