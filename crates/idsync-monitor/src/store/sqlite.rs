//! The history in a file of `SQLite`.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, ToSql, params_from_iter};

use super::database::{Database, Lead, Row, Statements, TakeRow, Value};
use crate::MonitorError;
use crate::monitor::lock;

/// How long a statement waits for another process that uses the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// A connection to the file.
#[derive(Debug)]
pub(super) struct Sqlite {
    connection: Mutex<Connection>,
    path: PathBuf,
    /// Of the writer: held as long as it is open.
    _lock: Option<File>,
}

impl Sqlite {
    /// Opens the file at `path` for writing, and creates it if it does not exist.
    pub(super) fn writer(path: &Path) -> Result<Self, MonitorError> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)
                .map_err(|error| MonitorError::of_file(folder, "created", error))?;
        }
        let lock = lock_file(path)?;
        create(path)?;
        let connection = connect(path, OpenFlags::default())?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "normal")?;
        Ok(Self::new(connection, path, Some(lock)))
    }

    /// Opens the file at `path` for reading.
    pub(super) fn reader(path: &Path) -> Result<Self, MonitorError> {
        if !path.exists() {
            return Err(MonitorError::missing(path));
        }
        // Not read-only: a reader of a write-ahead log may have to create its shared memory.
        let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(Self::new(connection, path, None))
    }

    fn new(connection: Connection, path: &Path, lock: Option<File>) -> Self {
        Self {
            connection: Mutex::new(connection),
            path: path.to_owned(),
            _lock: lock,
        }
    }
}

impl Database for Sqlite {
    fn query(
        &self,
        sql: &str,
        values: Vec<Value>,
        take: &mut TakeRow<'_>,
    ) -> Result<(), MonitorError> {
        let connection = lock(&self.connection);
        let mut statement = connection.prepare_cached(sql)?;
        let columns = statement.column_count();
        let mut rows = statement.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            let values = (0..columns).map(|column| value(row.get_ref(column)?));
            take(Row(values.collect::<Result<_, _>>()?))?;
        }
        Ok(())
    }

    fn execute(&self, statements: &mut Statements<'_>) -> Result<u64, MonitorError> {
        let mut connection = lock(&self.connection);
        let transaction = connection.transaction()?;
        let mut changed = 0;
        for statement in statements {
            let (sql, values) = statement?;
            let mut statement = transaction.prepare_cached(sql)?;
            changed += statement.execute(params_from_iter(values))?;
        }
        transaction.commit()?;
        Ok(changed as u64)
    }

    /// It holds the lock file as long as it is open.
    fn lead(&self) -> Result<Lead, MonitorError> {
        Ok(Lead::Kept)
    }

    fn is_leading(&self) -> bool {
        true
    }

    fn version(&self) -> Result<i64, MonitorError> {
        let connection = lock(&self.connection);
        Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
    }

    fn migrate(&self) -> Result<(), MonitorError> {
        let present = self.version()?;
        let mut connection = lock(&self.connection);
        let transaction = connection.transaction()?;
        for (version, migration) in super::missing(present) {
            transaction.execute_batch(migration)?;
            transaction.pragma_update(None, "user_version", version)?;
        }
        Ok(transaction.commit()?)
    }

    /// As far as files can be read.
    fn bytes(&self) -> Result<u64, MonitorError> {
        let size = |path: &Path| path.metadata().map_or(0, |metadata| metadata.len());
        Ok(size(&self.path) + size(&beside(&self.path, "-wal")))
    }
}

fn value(value: ValueRef<'_>) -> Result<Value, MonitorError> {
    match value {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(number) => Ok(Value::Integer(number)),
        ValueRef::Text(text) => Ok(Value::Text(String::from_utf8_lossy(text).into_owned())),
        ValueRef::Real(_) | ValueRef::Blob(_) => Err(MonitorError::new(
            "the history has a value of an unexpected type",
        )),
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

/// The path with `end` after its name.
fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// Readable by its owner only: it has names and messages. The files beside it get the same mode.
fn create(path: &Path) -> Result<(), MonitorError> {
    let mut options = File::options();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let created = options.open(path).map(drop);
    created.map_err(|error| MonitorError::of_file(path, "created", error))
}

fn lock_file(path: &Path) -> Result<File, MonitorError> {
    let name = beside(path, ".lock");
    let unusable = |error| MonitorError::of_file(&name, "locked", error);
    let file = File::options().create(true).append(true).open(&name);
    let file = file.map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(super::is_written(&path.display())),
        Err(TryLockError::Error(error)) => Err(unusable(error)),
    }
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, MonitorError> {
    let unusable = |error| MonitorError::of_file(path, "opened", error);
    let connection = Connection::open_with_flags(path, flags).map_err(unusable)?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(unusable)?;
    Ok(connection)
}
