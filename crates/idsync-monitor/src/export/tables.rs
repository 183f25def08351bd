//! What is exported: the columns of each table, and the rows of a day.
//!
//! A row of a day that is over never changes. Therefore names of clusters are left out, and what is known of a spell only
//! when it ends is left out before.

use std::collections::BTreeMap;

use idsync::health::Verdict;

use crate::MonitorError;
use crate::store::{Row, SUCCEEDED, Value};

/// A table of the export.
pub(super) struct Table {
    pub(super) name: &'static str,
    /// In the notation of Parquet. Columns are only added, at the end.
    pub(super) schema: &'static str,
    /// Gives the columns of each row; `?1` and `?2` are the beginning and the end of the day. The first column decides which
    /// shard a row belongs to: it is the id of the project; for a sweep, the shard that was swept.
    sql: &'static str,
    /// The column that has counts by verdict as JSON. In a file it is one column for each verdict.
    counts: Option<usize>,
}

pub(super) const TABLES: [Table; 3] = [SPELLS, RUNS, SWEEPS];

/// Every spell that was there at some time of the day. While a spell goes on, its reasons change.
const SPELLS: Table = Table {
    name: "spells",
    schema: "message spells {
        optional binary project_id (STRING);
        optional binary cluster_type (STRING);
        optional binary cluster_id (STRING);
        optional int64 began_at (TIMESTAMP(MILLIS,true));
        optional int64 ended_at (TIMESTAMP(MILLIS,true));
        optional binary verdict (STRING);
        optional binary reasons (STRING);
        optional binary summary (STRING);
        optional int64 ms_in_day;
    }",
    sql: "select c.project_id, c.cluster_type, c.cluster_id, s.began_at, case when s.ended_at <= ?2 then s.ended_at end,
        s.verdict, case when s.ended_at <= ?2 then s.reasons end, case when s.ended_at <= ?2 then s.summary end,
        case when s.ended_at <= ?2 then s.ended_at else ?2 end - case when s.began_at > ?1 then s.began_at else ?1 end
        from spell s join cluster c on c.key = s.cluster
        where s.began_at < ?2 and (s.ended_at is null or s.ended_at > ?1) order by s.cluster, s.began_at",
    counts: None,
};

/// Every run that a sweep of the day was the first to see ended.
const RUNS: Table = Table {
    name: "runs",
    schema: "message runs {
        optional binary project_id (STRING);
        optional binary cluster_type (STRING);
        optional binary cluster_id (STRING);
        optional binary source (STRING);
        optional binary id (STRING);
        optional int64 started_at (TIMESTAMP(MILLIS,true));
        optional int64 ended_at (TIMESTAMP(MILLIS,true));
        optional binary status (STRING);
        optional boolean succeeded;
        optional int64 add_count;
        optional int64 update_count;
        optional int64 delete_count;
        optional int64 failed_count;
        optional binary fail_reason (STRING);
        optional int64 seen_at (TIMESTAMP(MILLIS,true));
    }",
    sql: "select c.project_id, c.cluster_type, c.cluster_id, source, id, started_at, ended_at, status, {succeeded},
        added, updated, deleted, failed, fail_reason, seen_at from run join cluster c on c.key = cluster
        where seen_at >= ?1 and seen_at < ?2
        and (ended_at is not null or status in ('SYNC_SUCCESS', 'SYNC_FAIL', 'FINISHED', 'FAILED'))
        order by cluster, source, started_at, id",
    counts: None,
};

/// Every sweep that began on the day.
const SWEEPS: Table = Table {
    name: "sweeps",
    schema: "message sweeps {
        optional binary shard (STRING);
        optional int64 started_at (TIMESTAMP(MILLIS,true));
        optional int64 ended_at (TIMESTAMP(MILLIS,true));
        optional boolean is_complete;
        optional int64 failing;
        optional int64 stuck;
        optional int64 overdue;
        optional int64 partial;
        optional int64 unknown;
        optional int64 never_run;
        optional int64 running;
        optional int64 healthy;
        optional binary problems (STRING);
    }",
    sql: "select shard, started_at, ended_at, complete, counts, problems from sweep
        where started_at >= ?1 and started_at < ?2 order by shard, started_at",
    counts: Some(4),
};

impl Table {
    pub(super) fn sql(&self) -> String {
        self.sql.replace("{succeeded}", SUCCEEDED)
    }

    /// The values of the columns of a file.
    pub(super) fn cells(&self, row: Row) -> Result<Vec<Value>, MonitorError> {
        let mut cells = row.0;
        if let Some(position) = self.counts {
            let counts = match cells.get(position) {
                Some(Value::Text(counts)) => serde_json::from_str(counts)?,
                _ => BTreeMap::<String, u64>::new(),
            };
            let count = |verdict: Verdict| counts.get(verdict.as_str()).copied().unwrap_or(0);
            let counts = Verdict::ALL.map(|verdict| Value::from(count(verdict)));
            cells.splice(position..=position, counts);
        }
        Ok(cells)
    }
}
