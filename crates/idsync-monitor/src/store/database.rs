//! The two databases behind one interface: statements with values, and rows.

use idsync::health::Verdict;
use jiff::Timestamp;

use super::postgres::Postgres;
use super::sqlite::Sqlite;
use crate::MonitorError;

/// A value of a column or a parameter.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Integer(i64),
    Text(String),
}

/// A statement with the values of its parameters `?1`, `?2` and so on.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub(crate) sql: &'static str,
    pub(crate) values: Vec<Value>,
}

/// The values of the parameters of a statement.
macro_rules! values {
    ($($value:expr),* $(,)?) => {
        vec![$($crate::store::database::Value::from($value)),*]
    };
}
pub(crate) use values;

/// The columns of one row of a result.
#[derive(Debug)]
pub(crate) struct Row(pub(super) Vec<Value>);

/// A connection to a database. Calls block; they never panic inside a runtime.
#[derive(Debug)]
pub(crate) enum Database {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

/// Whether this process may write the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lead {
    /// It may, without a break since the last call.
    Kept,
    /// It may from now on: another process may have written before.
    Taken,
    /// Another process writes.
    Standby,
}

impl Database {
    /// The rows of a query, each as `map` gives it.
    pub(crate) fn query<T>(
        &self,
        sql: &str,
        values: Vec<Value>,
        map: impl Fn(&Row) -> Result<T, MonitorError>,
    ) -> Result<Vec<T>, MonitorError> {
        match self {
            Self::Sqlite(sqlite) => sqlite.query(sql, &values, map),
            Self::Postgres(postgres) => postgres.query(sql, values)?.iter().map(map).collect(),
        }
    }

    /// Runs all statements in one transaction, or none if one is an error. Gives how many rows they changed.
    pub(crate) fn execute(
        &self,
        statements: impl IntoIterator<Item = Result<Statement, MonitorError>>,
    ) -> Result<u64, MonitorError> {
        match self {
            Self::Sqlite(sqlite) => sqlite.execute(statements),
            Self::Postgres(postgres) => {
                postgres.execute(statements.into_iter().collect::<Result<_, _>>()?)
            }
        }
    }

    /// Connects if necessary, and becomes the writer if no other process is.
    pub(crate) fn lead(&self) -> Result<Lead, MonitorError> {
        match self {
            // It holds the lock file as long as it is open.
            Self::Sqlite(_) => Ok(Lead::Kept),
            Self::Postgres(postgres) => postgres.lead(),
        }
    }

    /// Whether this process is the writer, as far as it knows.
    pub(crate) fn is_leading(&self) -> bool {
        match self {
            Self::Sqlite(_) => true,
            Self::Postgres(postgres) => postgres.is_leading(),
        }
    }

    /// The version of the schema; 0 where there is none.
    pub(crate) fn version(&self) -> Result<i64, MonitorError> {
        match self {
            Self::Sqlite(sqlite) => sqlite.version(),
            Self::Postgres(postgres) => postgres.version(),
        }
    }

    /// Brings the schema up to date with those `migrations` that it lacks. Gives the version that it found.
    pub(crate) fn migrate(&self, migrations: &'static [&'static str]) -> Result<i64, MonitorError> {
        match self {
            Self::Sqlite(sqlite) => sqlite.migrate(migrations),
            Self::Postgres(postgres) => postgres.migrate(migrations),
        }
    }

    /// The size of the history in bytes.
    pub(crate) fn bytes(&self) -> Result<u64, MonitorError> {
        match self {
            Self::Sqlite(sqlite) => Ok(sqlite.bytes()),
            Self::Postgres(postgres) => postgres.bytes(),
        }
    }
}

impl Statement {
    pub(crate) fn new(sql: &'static str, values: Vec<Value>) -> Self {
        Self { sql, values }
    }
}

impl Row {
    /// The column at `position`, counted from 0.
    pub(crate) fn get<T: FromValue>(&self, position: usize) -> Result<T, MonitorError> {
        let value = self.0.get(position).unwrap_or(&Value::Null);
        T::from_value(value).ok_or_else(|| {
            let message = format!("the history has an unexpected value in column {position}");
            MonitorError::new(message)
        })
    }
}

/// What a column can be read as.
pub(crate) trait FromValue: Sized {
    fn from_value(value: &Value) -> Option<Self>;
}

impl FromValue for Value {
    fn from_value(value: &Value) -> Option<Self> {
        Some(value.clone())
    }
}

impl FromValue for i64 {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Integer(number) => Some(*number),
            _ => None,
        }
    }
}

impl FromValue for u64 {
    fn from_value(value: &Value) -> Option<Self> {
        i64::from_value(value).map(|number| Self::try_from(number).unwrap_or(0))
    }
}

impl FromValue for u32 {
    fn from_value(value: &Value) -> Option<Self> {
        i64::from_value(value).map(|number| Self::try_from(number).unwrap_or(0))
    }
}

impl FromValue for String {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }
}

impl FromValue for Timestamp {
    /// Times are milliseconds since 1970.
    fn from_value(value: &Value) -> Option<Self> {
        i64::from_value(value).map(|millis| Self::from_millisecond(millis).unwrap_or_default())
    }
}

impl FromValue for Verdict {
    /// A verdict of a later version is not known to this one.
    fn from_value(value: &Value) -> Option<Self> {
        String::from_value(value).map(|word| word.parse().unwrap_or(Self::Unknown))
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::from_value(value).map(Some),
        }
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<bool> for Value {
    fn from(is_true: bool) -> Self {
        Self::Integer(is_true.into())
    }
}

impl From<Timestamp> for Value {
    fn from(time: Timestamp) -> Self {
        Self::Integer(time.as_millisecond())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
