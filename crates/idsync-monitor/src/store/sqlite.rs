//! The history in a file of `SQLite`.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, ToSql, params_from_iter};

use super::database::{Row, Statement, Value};
use crate::MonitorError;

/// How long a statement waits for another process that uses the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// A connection to the file.
#[derive(Debug)]
pub(crate) struct Sqlite {
    connection: Mutex<Connection>,
    path: PathBuf,
    /// Of the writer: held as long as it is open.
    _lock: Option<File>,
}

impl Sqlite {
    /// Opens the file at `path` for writing, and creates it if it does not exist.
    pub(super) fn writer(path: &Path) -> Result<Self, MonitorError> {
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
        let connection = connect(path, OpenFlags::default())?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "normal")?;
        Ok(Self::new(connection, path, Some(lock)))
    }

    /// Opens the file at `path` for reading.
    pub(super) fn reader(path: &Path) -> Result<Self, MonitorError> {
        if !path.exists() {
            let message = format!("there is no history at {}", path.display());
            return Err(MonitorError::new(message));
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

    fn connection(&self) -> MutexGuard<'_, Connection> {
        let connection = self.connection.lock();
        connection.unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn query<T>(
        &self,
        sql: &str,
        values: &[Value],
        map: impl Fn(&Row) -> Result<T, MonitorError>,
    ) -> Result<Vec<T>, MonitorError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(sql)?;
        let columns = statement.column_count();
        let mut rows = statement.query(params_from_iter(values))?;
        let mut mapped = Vec::new();
        while let Some(row) = rows.next()? {
            let values = (0..columns).map(|column| value(row.get_ref(column)?));
            mapped.push(map(&Row(values.collect::<Result<_, _>>()?))?);
        }
        Ok(mapped)
    }

    pub(super) fn execute(
        &self,
        statements: impl IntoIterator<Item = Result<Statement, MonitorError>>,
    ) -> Result<u64, MonitorError> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        let mut changed = 0;
        for statement in statements {
            let Statement { sql, values } = statement?;
            let mut statement = transaction.prepare_cached(sql)?;
            changed += statement.execute(params_from_iter(values))?;
        }
        transaction.commit()?;
        Ok(changed as u64)
    }

    pub(super) fn version(&self) -> Result<i64, MonitorError> {
        let connection = self.connection();
        Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
    }

    pub(super) fn migrate(&self, migrations: &[&str]) -> Result<i64, MonitorError> {
        let present = self.version()?;
        let applied = usize::try_from(present).unwrap_or(usize::MAX);
        let missing = migrations.get(applied..).unwrap_or_default();
        if missing.is_empty() {
            return Ok(present);
        }
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        for migration in missing {
            transaction.execute_batch(migration)?;
        }
        let newest = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
        transaction.pragma_update(None, "user_version", newest)?;
        transaction.commit()?;
        Ok(present)
    }

    /// As far as files can be read.
    pub(super) fn bytes(&self) -> u64 {
        let size = |path: &Path| path.metadata().map_or(0, |metadata| metadata.len());
        size(&self.path) + size(&beside(&self.path, "-wal"))
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
    created.map_err(|error| {
        MonitorError::caused(format!("{} cannot be created", path.display()), error)
    })
}

fn lock(path: &Path) -> Result<File, MonitorError> {
    let name = beside(path, ".lock");
    let unusable =
        |error| MonitorError::caused(format!("{} cannot be locked", name.display()), error);
    let file = File::options().create(true).append(true).open(&name);
    let file = file.map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(super::is_written(&path.display())),
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
