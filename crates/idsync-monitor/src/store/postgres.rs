//! The history in a database of `PostgreSQL`, for several machines.

use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use bytes::BytesMut;
use futures_util::future::{BoxFuture, join_all};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Mutex;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, Config, NoTls, Socket};

use super::database::{Lead, Row, Statement, Value};
use super::location::PostgresUrl;
use super::tls::Tls;
use crate::MonitorError;

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

/// A connection that is made again after it was lost.
pub(crate) struct Postgres {
    /// Of this connection: calls block their thread, so none waits for the runtime of its caller.
    runtime: Option<Runtime>,
    session: Arc<Mutex<Session>>,
}

struct Session {
    url: PostgresUrl,
    /// The name of the lock that a writer holds; none for a reader.
    lock: Option<String>,
    is_locked: bool,
    client: Option<Client>,
    statements: HashMap<String, tokio_postgres::Statement>,
}

impl Postgres {
    /// A connection that reads.
    pub(super) fn reader(url: &PostgresUrl) -> Result<Self, MonitorError> {
        Self::new(url, None)
    }

    /// A connection that writes while it holds the advisory lock of `name`.
    pub(super) fn writer(url: &PostgresUrl, name: &str) -> Result<Self, MonitorError> {
        Self::new(url, Some(name.to_owned()))
    }

    fn new(url: &PostgresUrl, lock: Option<String>) -> Result<Self, MonitorError> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("idsync-postgres")
            .enable_all()
            .build()
            .map_err(|error| MonitorError::caused("no thread could be started", error))?;
        let session = Session {
            url: url.clone(),
            lock,
            is_locked: false,
            client: None,
            statements: HashMap::new(),
        };
        Ok(Self {
            runtime: Some(runtime),
            session: Arc::new(Mutex::new(session)),
        })
    }

    /// Waits for `work`, which has the session for itself.
    fn run<T: Send + 'static>(
        &self,
        work: impl for<'a> FnOnce(&'a mut Session) -> BoxFuture<'a, Result<T, MonitorError>>
        + Send
        + 'static,
    ) -> Result<T, MonitorError> {
        let stopped = || MonitorError::new("the connection to PostgreSQL has stopped");
        let session = Arc::clone(&self.session);
        let (sender, receiver) = mpsc::sync_channel(1);
        let runtime = self.runtime.as_ref().ok_or_else(stopped)?;
        runtime.spawn(async move {
            let mut session = session.lock().await;
            let done = tokio::time::timeout(TIMEOUT, work(&mut session)).await;
            let result = done.unwrap_or_else(|_| {
                session.client = None;
                Err(MonitorError::new("PostgreSQL did not answer in time"))
            });
            // Nobody waits any more if this fails.
            let _ = sender.send(result);
        });
        receiver.recv().unwrap_or_else(|_| Err(stopped()))
    }

    pub(super) fn query(&self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, MonitorError> {
        let sql = sql.to_owned();
        self.run(move |session| Box::pin(async move { session.query(&sql, &values).await }))
    }

    pub(super) fn execute(&self, statements: Vec<Statement>) -> Result<u64, MonitorError> {
        self.run(move |session| {
            Box::pin(async move {
                let executed = session.execute(&statements).await;
                if executed.is_err() {
                    session.check().await;
                }
                executed
            })
        })
    }

    pub(super) fn lead(&self) -> Result<Lead, MonitorError> {
        self.run(|session| Box::pin(session.lead()))
    }

    pub(super) fn is_leading(&self) -> bool {
        let leads = self.run(|session| {
            let is_leading = session.is_leading();
            Box::pin(async move { Ok(is_leading) })
        });
        leads.unwrap_or(false)
    }

    pub(super) fn version(&self) -> Result<i64, MonitorError> {
        self.run(|session| Box::pin(async move { version(session.connected().await?).await }))
    }

    pub(super) fn migrate(&self, migrations: &'static [&'static str]) -> Result<i64, MonitorError> {
        self.run(move |session| {
            Box::pin(async move { migrate(session.connected().await?, migrations).await })
        })
    }

    /// Runs statements without parameters.
    #[cfg(test)]
    pub(super) fn batch(&self, sql: &str) -> Result<(), MonitorError> {
        let sql = sql.to_owned();
        self.run(move |session| {
            Box::pin(async move { Ok(session.connected().await?.batch_execute(&sql).await?) })
        })
    }

    pub(super) fn bytes(&self) -> Result<u64, MonitorError> {
        let rows = self.query(BYTES, Vec::new())?;
        rows.first().map_or(Ok(0), |row| row.get(0))
    }
}

impl Drop for Postgres {
    /// A runtime must not be dropped inside another one.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Postgres").finish_non_exhaustive()
    }
}

impl Session {
    /// The client, connected anew if its connection was lost.
    async fn connected(&mut self) -> Result<&mut Client, MonitorError> {
        if self.client.as_ref().is_none_or(Client::is_closed) {
            self.client = None;
            self.is_locked = false;
            self.statements.clear();
            let client = connect(&self.url).await.map_err(|error| {
                MonitorError::caused(format!("cannot connect to {}", self.url), error)
            })?;
            client.batch_execute(SESSION).await?;
            if self.lock.is_none() {
                let read_only = "set default_transaction_read_only = on";
                client.batch_execute(read_only).await?;
            }
            self.client = Some(client);
        }
        self.client.as_mut().ok_or_else(lost)
    }

    /// Gives up a connection that is lost, which no call may have noticed yet.
    async fn check(&mut self) {
        if let Some(client) = &self.client
            && client.check_connection().await.is_err()
        {
            self.client = None;
        }
    }

    /// Whether the connection on which the lock was taken still exists.
    fn is_leading(&self) -> bool {
        self.is_locked && self.client.as_ref().is_some_and(|one| !one.is_closed())
    }

    async fn lead(&mut self) -> Result<Lead, MonitorError> {
        let Some(name) = self.lock.clone() else {
            return Ok(Lead::Standby);
        };
        self.check().await;
        if self.is_leading() {
            return Ok(Lead::Kept);
        }
        let client = self.connected().await?;
        let is_locked = client.query_one(LOCK, &[&name]).await?.try_get(0)?;
        self.is_locked = is_locked;
        Ok(if is_locked {
            Lead::Taken
        } else {
            Lead::Standby
        })
    }

    async fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, MonitorError> {
        self.connected().await?;
        self.prepare(sql).await?;
        let (Some(client), Some(statement)) = (&self.client, self.statements.get(sql)) else {
            return Err(lost());
        };
        let values: Vec<_> = values
            .iter()
            .map(|value| value as &(dyn ToSql + Sync))
            .collect();
        let rows = client.query(statement, &values).await?;
        let row = |row: tokio_postgres::Row| {
            let values = (0..row.len()).map(|column| row.try_get(column));
            Ok(Row(values.collect::<Result<_, _>>()?))
        };
        rows.into_iter().map(row).collect()
    }

    /// Never connects anew: what was learned while another process could write must not be stored.
    async fn execute(&mut self, statements: &[Statement]) -> Result<u64, MonitorError> {
        if !self.is_leading() {
            return Err(lost());
        }
        for statement in statements {
            self.prepare(statement.sql).await?;
        }
        let client = self.client.as_mut().ok_or_else(lost)?;
        let transaction = client.transaction().await?;
        let mut changed = 0;
        for statements in statements.chunks(PIPELINED) {
            let running = statements.iter().filter_map(|statement| {
                let prepared = self.statements.get(statement.sql)?;
                Some(transaction.execute_raw(prepared, &statement.values))
            });
            for done in join_all(running).await {
                changed += done?;
            }
        }
        transaction.commit().await?;
        Ok(changed)
    }

    /// Prepares a statement once for each connection.
    async fn prepare(&mut self, sql: &str) -> Result<(), MonitorError> {
        if !self.statements.contains_key(sql) {
            let client = self.client.as_ref().ok_or_else(lost)?;
            let statement = client.prepare(&sql.replace('?', "$")).await?;
            self.statements.insert(sql.to_owned(), statement);
        }
        Ok(())
    }
}

fn lost() -> MonitorError {
    MonitorError::new("another process writes the history, or the connection to it was lost")
}

async fn connect(url: &PostgresUrl) -> Result<Client, MonitorError> {
    let config = url.config()?;
    Ok(if url.has_tls {
        start(&config, Tls::new()?).await?
    } else {
        start(&config, NoTls).await?
    })
}

async fn start<T>(config: &Config, tls: T) -> Result<Client, tokio_postgres::Error>
where
    T: MakeTlsConnect<Socket>,
    T::Stream: Send + 'static,
    T::TlsConnect: Send,
    <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
{
    let (client, connection) = config.connect(tls).await?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::warn!("the connection to PostgreSQL ended: {error}");
        }
    });
    Ok(client)
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

async fn migrate(client: &mut Client, migrations: &[&str]) -> Result<i64, MonitorError> {
    let newest = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
    let present = version(client).await?;
    if present >= newest {
        return Ok(present);
    }
    let transaction = client.transaction().await?;
    // Two processes that start together migrate one after the other.
    let prepare =
        "select pg_advisory_xact_lock(hashtextextended('idsync schema ' || current_schema(), 0));
        create table if not exists idsync_schema(version bigint not null)";
    transaction.batch_execute(prepare).await?;
    let present = version(transaction.client()).await?;
    let applied = usize::try_from(present).unwrap_or(usize::MAX);
    for migration in migrations.get(applied..).unwrap_or_default() {
        transaction.batch_execute(migration).await?;
    }
    if present < newest {
        let note = "insert into idsync_schema(version) values($1)";
        transaction.execute(note, &[&newest]).await?;
    }
    transaction.commit().await?;
    Ok(present)
}

impl ToSql for Value {
    fn to_sql(
        &self,
        kind: &Type,
        bytes: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Integer(number) if *kind == Type::INT8 => number.to_sql(kind, bytes),
            Self::Integer(number) if *kind == Type::INT4 => {
                i32::try_from(*number)?.to_sql(kind, bytes)
            }
            // PostgreSQL stores every character but this one.
            Self::Text(text) if *kind == Type::TEXT => {
                text.replace('\0', "\u{fffd}").to_sql(kind, bytes)
            }
            _ => Err(format!("a parameter has the type {kind}").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(kind: &Type, bytes: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        match *kind {
            Type::INT8 => i64::from_sql(kind, bytes).map(Self::Integer),
            Type::TEXT => String::from_sql(kind, bytes).map(Self::Text),
            _ => Err(format!("a column has the type {kind}").into()),
        }
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
