//! The two databases behind one interface: statements with values, and rows.

use std::fmt::Debug;

use idsync::health::Verdict;
use jiff::Timestamp;

use crate::MonitorError;

/// A value of a column or a parameter.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Integer(i64),
    Text(String),
}

/// A statement with the values of its parameters `?1`, `?2` and so on.
pub(crate) type Statement = (&'static str, Vec<Value>);

/// The values of the parameters of a statement.
macro_rules! values {
    ($($value:expr),* $(,)?) => {
        vec![$($crate::store::Value::from($value)),*]
    };
}
pub(crate) use values;

/// The columns of one row of a result.
#[derive(Debug)]
pub(crate) struct Row(pub(crate) Vec<Value>);

/// Takes the rows of a query, one after the other; an error ends the query.
pub(crate) type TakeRow<'a> = dyn FnMut(Row) -> Result<(), MonitorError> + Send + 'a;

/// Statements, each of which is made when it is run: those of ten thousand clusters are large.
pub(crate) type Statements<'a> = dyn Iterator<Item = Result<Statement, MonitorError>> + 'a;

/// A connection to a database. Calls block; they never panic inside a runtime.
pub(crate) trait Database: Debug + Send + Sync {
    /// Gives the rows of a query to `take`, which must not use the connection.
    fn query(
        &self,
        sql: &str,
        values: Vec<Value>,
        take: &mut TakeRow<'_>,
    ) -> Result<(), MonitorError>;

    /// Executes all statements in one transaction and returns the number of changed rows. If one fails or cannot be built,
    /// nothing is stored.
    fn execute(&self, statements: &mut Statements<'_>) -> Result<u64, MonitorError>;

    /// Connects if necessary, and becomes the writer if no other process is.
    fn lead(&self) -> Result<Lead, MonitorError>;

    /// Whether this process is the writer, as far as it knows.
    fn is_leading(&self) -> bool;

    /// The version of the schema; 0 where there is none.
    fn version(&self) -> Result<i64, MonitorError>;

    /// Brings the schema up to date. One of a newer version stays as it is.
    fn migrate(&self) -> Result<(), MonitorError>;

    /// The size of the history in bytes.
    fn bytes(&self) -> Result<u64, MonitorError>;
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

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<Timestamp> for Value {
    fn from(time: Timestamp) -> Self {
        Self::Integer(time.as_millisecond())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<T: AsRef<str> + ?Sized> From<&T> for Value {
    fn from(text: &T) -> Self {
        Self::Text(text.as_ref().to_owned())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
