//! The history of one day as Parquet files, for a data lake.

mod day;
mod file;
mod tables;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use tempfile::NamedTempFile;

use self::day::Day;
use self::file::{TableFile, publish};
use self::tables::{TABLES, Table};
use crate::store::values;
use crate::{MonitorError, Reader, Shard};

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
