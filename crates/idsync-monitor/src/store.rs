//! The history: changes only, written by one process, in `SQLite` or `PostgreSQL`.

mod database;
mod history;
mod last;
mod location;
mod postgres;
mod read;
mod retention;
mod sqlite;
mod tls;
mod write;

use std::fmt::Display;

pub(crate) use self::database::{Database, Lead, Row, Value};
pub(crate) use self::history::succeeded;
pub use self::history::{ClusterHistory, HistoryRun, HistorySpell};
use self::location::Place;
pub use self::location::StoreLocation;
use self::postgres::Postgres;
pub(crate) use self::read::{Overview, OverviewFilter, OverviewRow};
use self::sqlite::Sqlite;
pub(crate) use self::write::{OutboxEntry, Run, SweepRecord};
use crate::{MonitorError, Shard};

/// Each brings the schema from the version of its position to the next one.
const MIGRATIONS: &[&str] = &[
    include_str!("store/schema.sql"),
    include_str!("store/run_seen.sql"),
];

/// A history that can be read, also while another process writes it.
#[derive(Debug)]
pub struct Reader {
    database: Database,
}

/// A history that this process writes.
#[derive(Debug)]
pub struct Store {
    writer: Database,
    reader: Reader,
    /// The part of the projects that this process sweeps.
    shard: Shard,
}

impl Store {
    /// Opens the history, and creates it if it does not exist. Its writer holds a lock: a file beside that of `SQLite`, a
    /// session advisory lock in `PostgreSQL`.
    ///
    /// # Errors
    ///
    /// If another process writes it, it was written by a newer version, or it cannot be read or created.
    pub fn open(location: &StoreLocation) -> Result<Self, MonitorError> {
        Self::open_shard(location, Shard::default())
    }

    /// Opens the history to write one shard of it. In `PostgreSQL` each shard has its own lock, because the
    /// rows of shards are disjoint: shards are written at the same time, the same shard by one process. A file of `SQLite` has
    /// one lock: shards are written one after the other.
    ///
    /// # Errors
    ///
    /// As [`Store::open`].
    pub fn open_shard(location: &StoreLocation, shard: Shard) -> Result<Self, MonitorError> {
        let store = Self::open_standby(location, shard)?;
        if store.writer.is_leading() {
            Ok(store)
        } else {
            Err(is_written(location))
        }
    }

    /// Opens the history as [`Store::open`] does. If another process writes it in `PostgreSQL`, the store opens as a standby,
    /// which can take over when that process ends.
    ///
    /// # Errors
    ///
    /// If it was written by a newer version, or cannot be read or created; for a file also if another process writes it.
    pub fn standby(location: &StoreLocation) -> Result<Self, MonitorError> {
        Self::open_standby(location, Shard::default())
    }

    fn open_standby(location: &StoreLocation, shard: Shard) -> Result<Self, MonitorError> {
        let writer = match location.place() {
            Place::Sqlite(path) => Database::Sqlite(Sqlite::writer(path)?),
            Place::Postgres(url) => Database::Postgres(Postgres::writer(url, &shard.name())?),
        };
        let present = writer.migrate(MIGRATIONS)?;
        if present > newest() {
            return Err(other_version(location, present));
        }
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

    /// The part of the projects that this process sweeps.
    pub(crate) fn shard(&self) -> Shard {
        self.shard
    }

    /// Becomes the writer if no other process is. Afterwards, writing fails if the lock was lost.
    ///
    /// # Errors
    ///
    /// If the database cannot be reached.
    pub(crate) fn lead(&self) -> Result<Lead, MonitorError> {
        self.writer.lead()
    }

    /// Whether this process is the writer, as far as it knows.
    pub(crate) fn is_leading(&self) -> bool {
        self.writer.is_leading()
    }
}

impl Reader {
    /// Opens the history for reading.
    ///
    /// # Errors
    ///
    /// If there is none, or it has another version than this one.
    pub fn open(location: &StoreLocation) -> Result<Self, MonitorError> {
        let database = match location.place() {
            Place::Sqlite(path) => Database::Sqlite(Sqlite::reader(path)?),
            Place::Postgres(url) => Database::Postgres(Postgres::reader(url)?),
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
    pub(crate) fn query<T>(
        &self,
        sql: &str,
        values: Vec<Value>,
        map: impl Fn(&Row) -> Result<T, MonitorError>,
    ) -> Result<Vec<T>, MonitorError> {
        self.database.query(sql, values, map)
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

fn is_written(place: &dyn Display) -> MonitorError {
    MonitorError::new(format!("another process writes the history at {place}"))
}

fn other_version(place: &dyn Display, version: i64) -> MonitorError {
    let newest = newest();
    let why = if version > newest {
        format!(
            "the history at {place} has schema {version}, and this version knows only {newest}: use a newer idsync"
        )
    } else {
        format!(
            "the history at {place} has schema {version} instead of {newest}: `idsync serve` or `idsync sweep` brings it up to date"
        )
    };
    MonitorError::new(why)
}

/// Runs SQL beside a store of `PostgreSQL`.
#[cfg(test)]
pub(crate) fn postgres_batch(location: &StoreLocation, sql: &str) -> Result<(), MonitorError> {
    match location.place() {
        Place::Postgres(url) => Postgres::writer(url, "test")?.batch(sql),
        Place::Sqlite(path) => Err(MonitorError::new(path.display().to_string())),
    }
}
