//! What the last sweeps found: one of everything, or one of each shard.

use std::collections::BTreeMap;

use idsync::health::{Report, Verdict};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::Reader;
use super::database::values;
use crate::MonitorError;
use crate::fleet::Fleet;

/// What the last sweep of a shard found.
struct ShardSweep<T> {
    shard: String,
    ended_at: Timestamp,
    result: T,
}

/// The sweeps of those shards that the fleet is divided into now, of the last sweep of each shard that ever was, newest first;
/// and whether no shard is missing.
fn present<T>(last: &[ShardSweep<T>]) -> (Vec<&ShardSweep<T>>, bool) {
    let count = |sweep: &ShardSweep<T>| {
        let (_, count) = sweep.shard.split_once('/').unwrap_or(("", "1"));
        count.parse::<usize>().unwrap_or(1)
    };
    let newest = last.first().map_or(0, count);
    let present: Vec<_> = last.iter().filter(|sweep| count(sweep) == newest).collect();
    let are_all = present.len() == newest;
    (present, are_all)
}

impl Reader {
    /// When the last sweep, and the last complete one, ended. Of shards, the complete one that is the longest ago counts.
    ///
    /// # Errors
    ///
    /// If the history cannot be read.
    pub(crate) fn last_sweeps(
        &self,
    ) -> Result<(Option<Timestamp>, Option<Timestamp>), MonitorError> {
        let sql =
            "select shard, max(ended_at), max(case when complete = 1 then ended_at end) from sweep
            where ended_at is not null group by shard order by 2 desc";
        let last: Vec<ShardSweep<Option<Timestamp>>> =
            self.database.query(sql, values![], |row| {
                Ok(ShardSweep {
                    shard: row.get(0)?,
                    ended_at: row.get(1)?,
                    result: row.get(2)?,
                })
            })?;
        let (present, are_all) = present(&last);
        let complete = present.iter().map(|sweep| sweep.result).min().flatten();
        let ended = present.first().map(|sweep| sweep.ended_at);
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
        let sql = "select shard, ended_at, problems from sweep s where ended_at =
            (select max(ended_at) from sweep t where t.shard = s.shard) order by 2 desc";
        let last: Vec<ShardSweep<String>> = self.database.query(sql, values![], |row| {
            Ok(ShardSweep {
                shard: row.get(0)?,
                ended_at: row.get(1)?,
                result: row.get(2)?,
            })
        })?;
        let (present, _) = present(&last);
        let Some(newest) = present.first() else {
            return Ok(None);
        };
        let mut problems: Vec<Value> = Vec::new();
        for sweep in &present {
            let found: Vec<Value> = serde_json::from_str(&sweep.result)?;
            problems.extend(found);
        }
        let mut counts = BTreeMap::<Verdict, u64>::new();
        for known in fleet.present() {
            *counts.entry(known.verdict()).or_default() += 1;
        }
        let report = json!({
            "schema": "idsync.status/v1",
            "observed_at": newest.ended_at,
            "complete": problems.is_empty(),
            "unanswered": problems.len(),
            "verdict": counts.keys().last().unwrap_or(&Verdict::Unknown),
            "counts": counts,
            "ignored": 0,
            "clusters": [],
            "problems": problems,
        });
        Ok(Some((newest.ended_at, serde_json::from_value(report)?)))
    }
}
