//! The history of one day as Parquet files, for a data lake.

mod file;
mod tables;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use tempfile::NamedTempFile;

use self::file::{TableFile, publish};
use self::tables::{TABLES, Table};
use crate::store::values;
use crate::{MonitorError, Reader, Shard};

/// A sweep that began so long ago and is not stored never will be.
const LONGEST_SWEEP: SignedDuration = SignedDuration::from_hours(6);

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedFile {
    /// Where it is.
    pub path: PathBuf,
    /// How many rows it has.
    pub rows: u64,
}

/// Writes what the history has of `date`, in UTC, to `folder`: one file for each of the tables `spells`, `runs` and `sweeps`,
/// `TABLE/date=YYYY-MM-DD/part-SHARD-of-SHARDS.parquet`. Files that are there are replaced. Either all files are written, or,
/// if this fails, none.
///
/// A day that is over has the same rows, and the same bytes, whenever this version exports it.
///
/// # Errors
///
/// If the day is not over at `now`, the history does not have all of it, or a file cannot be written.
pub fn export(
    reader: &Reader,
    folder: &Path,
    date: Date,
    shard: Shard,
    now: Timestamp,
) -> Result<Vec<ExportedFile>, MonitorError> {
    let day = Day::new(date)?;
    day.ensure_stored(reader, now)?;
    let export = |table| write(reader, folder, &day, shard, table);
    let files: Vec<_> = TABLES.iter().map(export).collect::<Result<_, _>>()?;
    // What is forgotten meanwhile would be missing.
    day.ensure_stored(reader, now)?;
    files.into_iter().map(publish).collect()
}

fn write(
    reader: &Reader,
    folder: &Path,
    day: &Day,
    shard: Shard,
    table: &'static Table,
) -> Result<(NamedTempFile, ExportedFile), MonitorError> {
    let partition = folder.join(table.name).join(format!("date={}", day.date));
    let mut file = TableFile::create(table, &partition, shard)?;
    let mut are_own = HashMap::new();
    let values = values![day.began_at, day.ended_at];
    reader.database.query(&table.sql(), values, &mut |row| {
        let owner = are_own.entry(row.get::<String>(0)?);
        if *owner.or_insert_with_key(|owner| shard.has(owner)) {
            file.push(table.cells(row)?)?;
        }
        Ok(())
    })?;
    file.finish()
}

/// A day in UTC.
#[derive(Clone, Copy, Debug)]
struct Day {
    date: Date,
    began_at: Timestamp,
    /// The beginning of the next day.
    ended_at: Timestamp,
}

impl Day {
    fn new(date: Date) -> Result<Self, MonitorError> {
        let midnight = |date: Date| date.to_zoned(TimeZone::UTC).map(|time| time.timestamp());
        let bounds = || Ok((midnight(date)?, midnight(date.tomorrow()?)?));
        let (began_at, ended_at) = bounds().map_err(|error: jiff::Error| {
            MonitorError::caused(format!("{date} is not a day of a history"), error)
        })?;
        Ok(Self {
            date,
            began_at,
            ended_at,
        })
    }

    /// Refuses a day whose rows can still change, or some of whose rows were never there or are forgotten.
    fn ensure_stored(&self, reader: &Reader, now: Timestamp) -> Result<(), MonitorError> {
        let ended_at = self.ended_at;
        let refused = |why: String| {
            let message = format!("{} cannot be exported: {why}", self.date);
            Err(MonitorError::new(message))
        };
        if now < ended_at {
            return refused(format!("it is not over before {ended_at}"));
        }
        let sql = "select min(started_at), (select min(first_seen) from cluster) from sweep";
        let kept = reader.query(sql, values![], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let kept: Option<(Option<Timestamp>, Option<Timestamp>)> = kept.into_iter().next();
        let Some((Some(oldest), first_seen)) = kept else {
            return refused("the history has no sweep".to_owned());
        };
        if oldest >= ended_at {
            return refused(format!("the history begins at {oldest}"));
        }
        // Clusters are kept for longer than sweeps, so this one was seen by a sweep that is forgotten.
        if oldest > self.began_at && first_seen.is_some_and(|seen| seen < oldest) {
            return refused(format!("the history only reaches back to {oldest}"));
        }
        let last_store = ended_at.saturating_add(LONGEST_SWEEP).unwrap_or(ended_at);
        // Sweeps of a shard are stored one after the other: the last one of these shards may not be.
        let sql = "select shard from sweep where started_at >= ?1 group by shard having max(started_at) < ?2";
        let values = values![self.began_at, ended_at];
        let are_unfinished = || reader.query(sql, values, |row| row.get::<String>(0));
        if now < last_store && !are_unfinished()?.is_empty() {
            return refused(format!(
                "a sweep of that day may still be in progress; try again after the next sweep, or after {last_store}"
            ));
        }
        Ok(())
    }
}
