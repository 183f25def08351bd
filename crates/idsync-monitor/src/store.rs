//! The history in `SQLite`: changes only, written by one process.

mod history;
mod read;
mod retention;
mod write;

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags};

pub use self::history::{ClusterHistory, HistoryRun, HistorySpell};
pub(crate) use self::read::{Overview, OverviewFilter, OverviewRow};
pub(crate) use self::write::{OutboxEntry, Run, SweepRecord};
use crate::MonitorError;

/// Each brings the schema from the version of its position to the next one.
const MIGRATIONS: [&str; 1] = [include_str!("store/schema.sql")];

/// How long a statement waits for another process that uses the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// A history that can be read, also while another process writes it.
#[derive(Debug)]
pub struct Reader {
    connection: Mutex<Connection>,
    path: PathBuf,
}

/// A history that this process writes.
#[derive(Debug)]
pub struct Store {
    writer: Mutex<Connection>,
    reader: Reader,
    /// Held as long as the store is open.
    _lock: File,
}

impl Store {
    /// Opens the history at `path`, and creates it if it does not exist.
    ///
    /// # Errors
    ///
    /// If another process writes it, it was written by a newer version, or it cannot be read or created.
    pub fn open(path: &Path) -> Result<Self, MonitorError> {
        if let Some(folder) = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            std::fs::create_dir_all(folder).map_err(|error| {
                MonitorError::caused(format!("{} cannot be created", folder.display()), error)
            })?;
        }
        let lock = lock(path)?;
        create(path)?;
        let mut writer = connect(path, OpenFlags::default())?;
        writer.pragma_update(None, "journal_mode", "wal")?;
        writer.pragma_update(None, "synchronous", "normal")?;
        migrate(&mut writer, path)?;
        Ok(Self {
            writer: Mutex::new(writer),
            reader: Reader::open(path)?,
            _lock: lock,
        })
    }

    /// For reading, beside the writer.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    fn writer(&self) -> MutexGuard<'_, Connection> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reader {
    /// Opens the history at `path` for reading.
    ///
    /// # Errors
    ///
    /// If there is none, or it has another version than this one.
    pub fn open(path: &Path) -> Result<Self, MonitorError> {
        if !path.exists() {
            let message = format!("there is no history at {}", path.display());
            return Err(MonitorError::new(message));
        }
        // Not read-only: a reader of a write-ahead log may have to create its shared memory.
        let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let version = version(&connection)?;
        if version != MIGRATIONS.len() {
            return Err(other_version(path, version));
        }
        connection.pragma_update(None, "query_only", true)?;
        Ok(Self {
            connection: Mutex::new(connection),
            path: path.to_owned(),
        })
    }

    /// The size of the history in bytes, as far as files can be read.
    pub(crate) fn bytes(&self) -> u64 {
        let mut log = self.path.as_os_str().to_owned();
        log.push("-wal");
        let size = |path: &Path| path.metadata().map_or(0, |metadata| metadata.len());
        size(&self.path) + size(Path::new(&log))
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        let connection = self.connection.lock();
        connection.unwrap_or_else(PoisonError::into_inner)
    }
}

/// Readable by its owner only: it has names and messages. The files beside it get the same mode.
fn create(path: &Path) -> Result<(), MonitorError> {
    let mut options = File::options();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let created = options.open(path).map(drop);
    created.map_err(|error| {
        MonitorError::caused(format!("{} cannot be created", path.display()), error)
    })
}

fn lock(path: &Path) -> Result<File, MonitorError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let unusable = |error| {
        let name = name.to_string_lossy().into_owned();
        MonitorError::caused(format!("{name} cannot be locked"), error)
    };
    let file = File::options().create(true).append(true).open(&name);
    let file = file.map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(MonitorError::new(format!(
            "another process writes the history at {}",
            path.display()
        ))),
        Err(TryLockError::Error(error)) => Err(unusable(error)),
    }
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, MonitorError> {
    let unusable =
        |error| MonitorError::caused(format!("{} cannot be opened", path.display()), error);
    let connection = Connection::open_with_flags(path, flags).map_err(unusable)?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(unusable)?;
    Ok(connection)
}

fn version(connection: &Connection) -> Result<usize, MonitorError> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Ok(usize::try_from(version).unwrap_or(usize::MAX))
}

fn migrate(connection: &mut Connection, path: &Path) -> Result<(), MonitorError> {
    let present = version(connection)?;
    let Some(missing) = MIGRATIONS.get(present..) else {
        return Err(other_version(path, present));
    };
    if missing.is_empty() {
        return Ok(());
    }
    let transaction = connection.transaction()?;
    for migration in missing {
        transaction.execute_batch(migration)?;
    }
    let newest = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    transaction.pragma_update(None, "user_version", newest)?;
    transaction.commit()?;
    Ok(())
}

fn other_version(path: &Path, version: usize) -> MonitorError {
    let path = path.display();
    let newest = MIGRATIONS.len();
    let why = if version > newest {
        format!(
            "the history at {path} has schema {version}, and this version knows only {newest}: use a newer idsync"
        )
    } else {
        format!(
            "the history at {path} has schema {version} instead of {newest}: `idsync serve` or `idsync sweep` brings it up to date"
        )
    };
    MonitorError::new(why)
}

/// A time as the history has it.
fn millis(time: Timestamp) -> i64 {
    time.as_millisecond()
}

fn time(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or_default()
}

fn optional_time(millis: Option<i64>) -> Option<Timestamp> {
    millis.map(time)
}
