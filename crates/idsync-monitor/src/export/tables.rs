//! What is exported: the columns of each table, and the rows of a day.
//!
//! A row of a day that is over never changes. Therefore names of clusters are left out, and what is known of a spell only
//! when it ends is left out before.

use std::collections::BTreeMap;

use super::day::Day;
use crate::MonitorError;
use crate::store::{Row, Value, succeeded};

/// A table of the export.
pub(super) struct Table {
    pub(super) name: &'static str,
    /// In the notation of Parquet. Columns are only added, at the end.
    pub(super) schema: &'static str,
    /// Parameters: the beginning and the end of the day, the position after which rows are wanted, and how many are.
    pub(super) sql: &'static str,
    /// The position before the first row.
    first: fn() -> Vec<Value>,
    /// The column that decides which shard a row belongs to.
    owner: usize,
    row: fn(&Row, &Day) -> Result<Cells, MonitorError>,
}

/// The values of the columns of a row.
type Cells = Vec<Value>;

/// A row of a table.
pub(super) struct ExportRow {
    /// Its place in the order of rows.
    pub(super) position: Vec<Value>,
    /// By what it belongs to a shard: the id of the project; for a sweep, the shard that was swept.
    pub(super) owner: String,
    pub(super) cells: Cells,
}

const LEAST: Value = Value::Integer(i64::MIN);
const EMPTY: Value = Value::Text(String::new());

pub(super) const TABLES: [Table; 3] = [SPELLS, RUNS, SWEEPS];

/// Every spell that was there at some time of the day.
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
    sql: "select s.cluster, s.began_at, c.project_id, c.cluster_type, c.cluster_id, s.ended_at, s.verdict, s.reasons,
        s.summary from spell s join cluster c on c.key = s.cluster
        where s.began_at < ?2 and (s.ended_at is null or s.ended_at > ?1) and (s.cluster, s.began_at) > (?3, ?4)
        order by s.cluster, s.began_at limit ?5",
    first: || vec![LEAST, LEAST],
    owner: 2,
    row: spell,
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
    sql: "select r.cluster, r.source, r.started_at, r.id, c.project_id, c.cluster_type, c.cluster_id, r.ended_at, r.status,
        r.added, r.updated, r.deleted, r.failed, r.fail_reason, r.seen_at from run r join cluster c on c.key = r.cluster
        where r.seen_at >= ?1 and r.seen_at < ?2
        and (r.ended_at is not null or r.status in ('SYNC_SUCCESS', 'SYNC_FAIL', 'FINISHED', 'FAILED'))
        and (r.cluster, r.source, r.started_at, r.id) > (?3, ?4, ?5, ?6)
        order by r.cluster, r.source, r.started_at, r.id limit ?7",
    first: || vec![LEAST, EMPTY, LEAST, EMPTY],
    owner: 4,
    row: run,
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
        where started_at >= ?1 and started_at < ?2 and (shard, started_at) > (?3, ?4)
        order by shard, started_at limit ?5",
    first: || vec![EMPTY, LEAST],
    owner: 0,
    row: sweep,
};

/// The verdicts of the columns of a sweep, in their order.
const COUNTED: [&str; 8] = [
    "failing",
    "stuck",
    "overdue",
    "partial",
    "unknown",
    "never_run",
    "running",
    "healthy",
];

impl Table {
    /// The position before the first row.
    pub(super) fn first(&self) -> Vec<Value> {
        (self.first)()
    }

    /// Reads a row: its position, what it belongs to, and its columns.
    pub(super) fn row(&self, row: &Row, day: &Day) -> Result<ExportRow, MonitorError> {
        let columns = 0..self.first().len();
        let position = columns.map(|column| row.get(column));
        Ok(ExportRow {
            position: position.collect::<Result<_, _>>()?,
            owner: row.get(self.owner)?,
            cells: (self.row)(row, day)?,
        })
    }
}

fn spell(row: &Row, day: &Day) -> Result<Cells, MonitorError> {
    let (day_began, day_ended) = (day.began_at.as_millisecond(), day.ended_at.as_millisecond());
    let began: i64 = row.get(1)?;
    let ended: Option<i64> = row.get(5)?;
    let ended = ended.filter(|ended| *ended <= day_ended);
    // While a spell goes on, its reasons change.
    let when_ended = |column| match ended {
        Some(_) => row.get(column),
        None => Ok(Value::Null),
    };
    let lasted = ended.unwrap_or(day_ended) - began.max(day_began);
    Ok(vec![
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
        began.into(),
        ended.into(),
        row.get(6)?,
        when_ended(7)?,
        when_ended(8)?,
        lasted.into(),
    ])
}

fn run(row: &Row, _: &Day) -> Result<Cells, MonitorError> {
    let status: Option<String> = row.get(8)?;
    let succeeded = succeeded(status.as_deref(), row.get(12)?);
    let mut cells = Vec::new();
    for column in [4, 5, 6, 1, 3, 2, 7, 8] {
        cells.push(row.get(column)?);
    }
    cells.push(succeeded.into());
    for column in 9..=14 {
        cells.push(row.get(column)?);
    }
    Ok(cells)
}

fn sweep(row: &Row, _: &Day) -> Result<Cells, MonitorError> {
    let counts: Option<String> = row.get(4)?;
    let counts: BTreeMap<String, u64> = serde_json::from_str(counts.as_deref().unwrap_or("{}"))?;
    let mut cells = vec![row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?];
    let count = |verdict: &&str| counts.get(*verdict).copied().unwrap_or(0);
    cells.extend(COUNTED.iter().map(|verdict| Value::from(count(verdict))));
    cells.push(row.get(5)?);
    Ok(cells)
}
