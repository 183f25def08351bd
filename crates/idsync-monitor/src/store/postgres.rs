//! The history in a database of `PostgreSQL`, for several machines.

use std::collections::HashMap;
use std::error::Error;
use std::io;
use std::sync::{LazyLock, Mutex};
use std::thread;
use std::time::Duration;

use bytes::BytesMut;
use futures_util::TryStreamExt;
use futures_util::future::try_join_all;
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;
use tokio_postgres::Client;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, accepts, to_sql_checked};

use super::database::{Database, Lead, Row, Statement, Statements, TakeRow, Value};
use super::location::PostgresUrl;
use crate::MonitorError;
use crate::monitor::lock;
use crate::tls::Tls;

/// How long one call may take; then its connection is closed.
const TIMEOUT: Duration = Duration::from_secs(60);

/// How many statements are sent before the answer of the first is read.
const PIPELINED: usize = 30;

/// A server notices within half a minute that the machine of a client is gone, and releases its lock.
const SESSION: &str =
    "set tcp_keepalives_idle = 15; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3;
    set statement_timeout = '60s'; set idle_in_transaction_session_timeout = '60s'";

/// Of a database that several histories share, each is a schema.
const LOCK: &str =
    "select pg_try_advisory_lock(hashtextextended('idsync ' || current_schema() || ' ' || $1, 0))";

const BYTES: &str = "select coalesce(sum(pg_total_relation_size(oid)), 0)::bigint from pg_class
    where relnamespace = current_schema()::regnamespace and relkind = 'r'";

/// Of all connections: calls block their thread, so none waits for the runtime of its caller.
static RUNTIME: LazyLock<io::Result<Runtime>> = LazyLock::new(|| {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(1).thread_name("idsync-postgres");
    builder.enable_all().build()
});

/// A connection that is made again after it was lost.
#[derive(Debug)]
pub(super) struct Postgres(Mutex<Session>);

#[derive(Debug)]
struct Session {
    url: PostgresUrl,
    /// The name of the lock that a writer holds; none for a reader.
    lock: Option<String>,
    connection: Option<Connection>,
}

#[derive(Debug)]
struct Connection {
    client: Client,
    is_locked: bool,
    statements: HashMap<String, tokio_postgres::Statement>,
}

impl Postgres {
    /// A connection that writes while it holds the advisory lock of the name `lock`; without one it only reads.
    pub(super) fn new(url: &PostgresUrl, lock: Option<String>) -> Self {
        Self(Mutex::new(Session {
            url: url.clone(),
            lock,
            connection: None,
        }))
    }

    /// Waits for `work`, which has the session for itself, on a thread that is not one of a runtime.
    fn run<T: Send>(
        &self,
        work: impl AsyncFnOnce(&mut Session) -> Result<T, MonitorError> + Send,
    ) -> Result<T, MonitorError> {
        let no_thread =
            |error: &io::Error| MonitorError::new(format!("no thread could be started: {error}"));
        let runtime = RUNTIME.as_ref().map_err(no_thread)?;
        let session = &mut *lock(&self.0);
        let in_time = || {
            let done = runtime.block_on(async { timeout(TIMEOUT, work(session)).await });
            done.unwrap_or_else(|_| {
                session.connection = None;
                Err(MonitorError::new("PostgreSQL did not answer in time"))
            })
        };
        thread::scope(|scope| {
            let running = thread::Builder::new().spawn_scoped(scope, in_time);
            let done = running.map_err(|error| no_thread(&error))?.join();
            let stopped = "the connection to PostgreSQL has stopped";
            done.unwrap_or_else(|_| Err(MonitorError::new(stopped)))
        })
    }

    /// Runs statements without parameters.
    #[cfg(test)]
    pub(super) fn batch(&self, sql: &str) -> Result<(), MonitorError> {
        self.run(async |session| Ok(session.client().await?.batch_execute(sql).await?))
    }
}

impl Database for Postgres {
    fn query(
        &self,
        sql: &str,
        values: Vec<Value>,
        take: &mut TakeRow<'_>,
    ) -> Result<(), MonitorError> {
        self.run(async |session| {
            let connection = session.connected().await?;
            let statement = connection.prepare(sql).await?;
            let rows = connection.client.query_raw(&statement, &values).await?;
            let mut rows = std::pin::pin!(rows);
            while let Some(row) = rows.try_next().await? {
                let values = (0..row.len()).map(|column| row.try_get(column));
                take(Row(values.collect::<Result<_, _>>()?))?;
            }
            Ok(())
        })
    }

    fn execute(&self, statements: &mut Statements<'_>) -> Result<u64, MonitorError> {
        let statements = statements.collect::<Result<Vec<_>, _>>()?;
        self.run(async |session| {
            let executed = session.execute(&statements).await;
            if executed.is_err() {
                session.check().await;
            }
            executed
        })
    }

    fn lead(&self) -> Result<Lead, MonitorError> {
        self.run(Session::lead)
    }

    fn is_leading(&self) -> bool {
        let connection = &lock(&self.0).connection;
        connection.as_ref().is_some_and(Connection::is_leading)
    }

    fn version(&self) -> Result<i64, MonitorError> {
        self.run(async |session| version(session.client().await?).await)
    }

    fn migrate(&self) -> Result<(), MonitorError> {
        self.run(async |session| migrate(session.client().await?).await)
    }

    fn bytes(&self) -> Result<u64, MonitorError> {
        self.run(async |session| {
            let row = session.client().await?.query_one(BYTES, &[]).await?;
            Ok(row.try_get::<_, i64>(0)?.unsigned_abs())
        })
    }
}

impl Session {
    /// The connection, made anew if it was lost.
    async fn connected(&mut self) -> Result<&mut Connection, MonitorError> {
        self.connection.take_if(|one| one.client.is_closed());
        if self.connection.is_none() {
            self.connection = Some(self.connect().await?);
        }
        self.connection.as_mut().ok_or_else(lost)
    }

    async fn client(&mut self) -> Result<&mut Client, MonitorError> {
        Ok(&mut self.connected().await?.client)
    }

    async fn connect(&self) -> Result<Connection, MonitorError> {
        let connecting = async { Ok(self.url.config()?.connect(Tls::default()).await?) };
        let (client, connection) = connecting.await.map_err(|error: MonitorError| {
            MonitorError::caused(format!("cannot connect to {}", self.url), error)
        })?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::warn!("the connection to PostgreSQL ended: {error}");
            }
        });
        client.batch_execute(SESSION).await?;
        if self.lock.is_none() {
            let read_only = "set default_transaction_read_only = on";
            client.batch_execute(read_only).await?;
        }
        Ok(Connection {
            client,
            is_locked: false,
            statements: HashMap::new(),
        })
    }

    /// Gives up a connection that is lost, which no call may have noticed yet.
    async fn check(&mut self) {
        if let Some(connection) = &self.connection
            && connection.client.check_connection().await.is_err()
        {
            self.connection = None;
        }
    }

    async fn lead(&mut self) -> Result<Lead, MonitorError> {
        let Some(name) = self.lock.clone() else {
            return Ok(Lead::Standby);
        };
        self.check().await;
        let connection = self.connected().await?;
        if connection.is_locked {
            return Ok(Lead::Kept);
        }
        let row = connection.client.query_one(LOCK, &[&name]).await?;
        connection.is_locked = row.try_get(0)?;
        Ok(if connection.is_locked {
            Lead::Taken
        } else {
            Lead::Standby
        })
    }

    /// Never connects anew: what was learned while another process could write must not be stored.
    async fn execute(&mut self, statements: &[Statement]) -> Result<u64, MonitorError> {
        let connection = self.connection.as_mut();
        let connection = connection.filter(|one| one.is_leading()).ok_or_else(lost)?;
        let mut prepared = Vec::new();
        for (sql, values) in statements {
            prepared.push((connection.prepare(sql).await?, values));
        }
        let transaction = connection.client.transaction().await?;
        let mut changed = 0;
        for statements in prepared.chunks(PIPELINED) {
            let running = statements
                .iter()
                .map(|(statement, values)| transaction.execute_raw(statement, *values));
            changed += try_join_all(running).await?.iter().sum::<u64>();
        }
        transaction.commit().await?;
        Ok(changed)
    }
}

impl Connection {
    /// Whether it still exists and holds the lock.
    fn is_leading(&self) -> bool {
        self.is_locked && !self.client.is_closed()
    }

    /// Prepares a statement once.
    async fn prepare(&mut self, sql: &str) -> Result<tokio_postgres::Statement, MonitorError> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(&sql.replace('?', "$")).await?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

fn lost() -> MonitorError {
    MonitorError::new("another process writes the history, or the connection to it was lost")
}

async fn version(client: &Client) -> Result<i64, MonitorError> {
    let exists = "select to_regclass('idsync_schema') is not null";
    let exists: bool = client.query_one(exists, &[]).await?.try_get(0)?;
    if !exists {
        return Ok(0);
    }
    let version = "select coalesce(max(version), 0) from idsync_schema";
    Ok(client.query_one(version, &[]).await?.try_get(0)?)
}

async fn migrate(client: &mut Client) -> Result<(), MonitorError> {
    if version(client).await? >= super::newest() {
        return Ok(());
    }
    let transaction = client.transaction().await?;
    // Two processes that start together migrate one after the other.
    let prepare =
        "select pg_advisory_xact_lock(hashtextextended('idsync schema ' || current_schema(), 0));
        create table if not exists idsync_schema(version bigint not null)";
    transaction.batch_execute(prepare).await?;
    let present = version(transaction.client()).await?;
    for (version, migration) in super::missing(present) {
        transaction.batch_execute(migration).await?;
        let note = "insert into idsync_schema(version) values($1)";
        transaction.execute(note, &[&version]).await?;
    }
    Ok(transaction.commit().await?)
}

impl ToSql for Value {
    fn to_sql(
        &self,
        kind: &Type,
        bytes: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Integer(number) => number.to_sql_checked(kind, bytes),
            // PostgreSQL stores every character but this one.
            Self::Text(text) => text.replace('\0', "\u{fffd}").to_sql_checked(kind, bytes),
        }
    }

    accepts!(INT8, TEXT);

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(kind: &Type, bytes: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        match *kind {
            Type::INT8 => i64::from_sql(kind, bytes).map(Self::Integer),
            _ => String::from_sql(kind, bytes).map(Self::Text),
        }
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self::Null)
    }

    accepts!(INT8, TEXT);
}
