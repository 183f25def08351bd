//! The history: changes only, written by one process, in `SQLite` or `PostgreSQL`.

mod database;
mod history;
mod location;
mod postgres;
mod read;
mod sqlite;
mod write;

use std::fmt::Display;

pub(crate) use self::database::{Database, Lead, Row, Value, values};
pub(crate) use self::history::SUCCEEDED;
pub use self::history::{ClusterHistory, HistoryRun, HistorySpell};
use self::location::Place;
pub use self::location::StoreLocation;
use self::postgres::Postgres;
use self::sqlite::Sqlite;
pub(crate) use self::write::{OutboxEntry, SweepRecord};
use crate::{MonitorError, Shard};

/// Each brings the schema from the version of its position to the next one.
const MIGRATIONS: &[&str] = &[
    include_str!("store/schema.sql"),
    include_str!("store/run_seen.sql"),
];

/// A history that can be read, also while another process writes it.
#[derive(Debug)]
pub struct Reader {
    pub(crate) database: Box<dyn Database>,
}

/// A history that this process writes.
#[derive(Debug)]
pub struct Store {
    pub(crate) writer: Box<dyn Database>,
    reader: Reader,
    /// The part of the projects that this process sweeps.
    pub(crate) shard: Shard,
}

impl Store {
    /// Opens the history to write one shard of it, and creates it if it does not exist. Its writer holds a lock: in
    /// `PostgreSQL` a session advisory lock for each shard, because the rows of shards are disjoint: shards are written at
    /// the same time, the same shard by one process. A file of `SQLite` has one lock, a file beside it: shards are written
    /// one after the other.
    ///
    /// # Errors
    ///
    /// If another process writes it, it was written by a newer version, or it cannot be read or created.
    pub fn open_shard(location: &StoreLocation, shard: Shard) -> Result<Self, MonitorError> {
        let store = Self::new(location, shard)?;
        if store.writer.is_leading() {
            Ok(store)
        } else {
            Err(is_written(location))
        }
    }

    /// Opens the whole history as [`Store::open_shard`] does. If another process writes it in `PostgreSQL`, the store opens as
    /// a standby, which can take over when that process ends.
    ///
    /// # Errors
    ///
    /// If it was written by a newer version, or cannot be read or created; for a file also if another process writes it.
    pub fn standby(location: &StoreLocation) -> Result<Self, MonitorError> {
        Self::new(location, Shard::default())
    }

    fn new(location: &StoreLocation, shard: Shard) -> Result<Self, MonitorError> {
        let writer: Box<dyn Database> = match &location.0 {
            Place::Sqlite(path) => Box::new(Sqlite::writer(path)?),
            Place::Postgres(url) => Box::new(Postgres::new(url, Some(shard.name()))),
        };
        writer.migrate()?;
        writer.lead()?;
        Ok(Self {
            writer,
            reader: Reader::open(location)?,
            shard,
        })
    }

    /// For reading, beside the writer.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }
}

impl Reader {
    /// Opens the history for reading.
    ///
    /// # Errors
    ///
    /// If there is none, or it has another version than this one.
    pub fn open(location: &StoreLocation) -> Result<Self, MonitorError> {
        let database: Box<dyn Database> = match &location.0 {
            Place::Sqlite(path) => Box::new(Sqlite::reader(path)?),
            Place::Postgres(url) => Box::new(Postgres::new(url, None)),
        };
        let version = database.version()?;
        if version == newest() {
            Ok(Self { database })
        } else {
            Err(other_version(location, version))
        }
    }

    /// The rows of a query, each as `map` gives it.
    ///
    /// # Errors
    ///
    /// If the history cannot be read.
    pub(crate) fn query<T: Send>(
        &self,
        sql: &str,
        values: Vec<Value>,
        map: impl Fn(&Row) -> Result<T, MonitorError> + Sync,
    ) -> Result<Vec<T>, MonitorError> {
        let mut mapped = Vec::new();
        self.database.query(sql, values, &mut |row| {
            mapped.push(map(&row)?);
            Ok(())
        })?;
        Ok(mapped)
    }

    /// The size of the history in bytes; 0 if it cannot be read.
    pub(crate) fn bytes(&self) -> u64 {
        self.database.bytes().unwrap_or(0)
    }
}

/// The version of the schema that this version writes.
fn newest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// The migrations that a schema of the version `present` lacks, each with the version that it brings.
fn missing(present: i64) -> impl Iterator<Item = (i64, &'static str)> {
    let migrations = (1..).zip(MIGRATIONS.iter().copied());
    migrations.filter(move |(version, _)| *version > present)
}

fn is_written(place: &dyn Display) -> MonitorError {
    MonitorError::new(format!("another process writes the history at {place}"))
}

fn other_version(place: &dyn Display, version: i64) -> MonitorError {
    let newest = newest();
    let rest = if version > newest {
        format!(", and this version knows only {newest}: use a newer idsync")
    } else {
        format!(" instead of {newest}: `idsync serve` or `idsync sweep` brings it up to date")
    };
    MonitorError::new(format!("the history at {place} has schema {version}{rest}"))
}

/// Runs SQL beside a store of `PostgreSQL`.
#[cfg(test)]
pub(crate) fn postgres_batch(location: &StoreLocation, sql: &str) -> Result<(), MonitorError> {
    match &location.0 {
        Place::Postgres(url) => Postgres::new(url, Some("test".to_owned())).batch(sql),
        Place::Sqlite(path) => Err(MonitorError::new(path.display().to_string())),
    }
}
