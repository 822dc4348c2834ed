//! Connections, transactions and the few verbs that every repository uses.

use crate::engine::Engine;
use crate::error::Result;
use raw::Raw;
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, QueryResult, Statement, Value};
use std::sync::Arc;
use tokio::sync::Notify;
use uuid::Uuid;

/// The scope of every repository call: one company's data. A call without one does not compile; requests get theirs from
/// a session or a token, never from what the caller wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Workspace(pub Uuid);

mod raw {
    use super::*;

    /// What can run statements. Its module is private: only this crate writes SQL.
    pub trait Raw: Send + Sync {
        type Conn: ConnectionTrait;
        fn raw(&self) -> &Self::Conn;
        fn engine_of(&self) -> Engine;
    }
}

/// A [`Db`] (reads) or a [`Tx`] (reads and writes): what repository functions take.
pub trait Conn: Raw {}
impl<T: Raw> Conn for T {}

/// The database: a reader and a writer.
#[derive(Clone)]
pub struct Db {
    engine: Engine,
    reader: DatabaseConnection,
    writer: DatabaseConnection,
    wake: Arc<Notify>,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Db").field("engine", &self.engine).finish_non_exhaustive()
    }
}

/// A writing transaction; dropped without [`Tx::commit`] it leaves nothing behind.
pub struct Tx {
    engine: Engine,
    inner: DatabaseTransaction,
    wake: Arc<Notify>,
}

impl Raw for Db {
    type Conn = DatabaseConnection;
    fn raw(&self) -> &DatabaseConnection {
        &self.reader
    }
    fn engine_of(&self) -> Engine {
        self.engine
    }
}

impl Raw for Tx {
    type Conn = DatabaseTransaction;
    fn raw(&self) -> &DatabaseTransaction {
        &self.inner
    }
    fn engine_of(&self) -> Engine {
        self.engine
    }
}

impl Db {
    /// Opens the database at `url`, without touching its schema. `connections` bounds the pool of readers.
    pub async fn open(url: &str, reader_url: Option<&str>, connections: u32) -> Result<Db> {
        let engine = Engine::of(url)?;
        let (reader, writer) = engine.connect(url, reader_url, connections).await?;
        Ok(Db { engine, reader, writer, wake: Arc::new(Notify::new()) })
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// The same database read where it is written: for what must see the newest commit even when pages read a replica
    /// that lags (a session just made, the facts of a job).
    pub fn primary(&self) -> Db {
        let reader = match self.engine {
            Engine::Sqlite => self.reader.clone(),
            Engine::Postgres => self.writer.clone(),
        };
        Db { reader, ..self.clone() }
    }

    /// Begins a writing transaction; on SQLite it waits for its turn.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(Tx { engine: self.engine, inner: self.engine.begin(&self.writer).await?, wake: self.wake.clone() })
    }

    /// Resolves when something of this process has been committed since the call: workers and live pages wait on it,
    /// with polling behind it for what other processes do.
    pub fn committed(&self) -> tokio::sync::futures::Notified<'_> {
        self.wake.notified()
    }

    /// Whether the database answers and can be written.
    pub async fn ping(&self) -> Result<()> {
        self.reader.execute_unprepared("SELECT 1").await?;
        let tx = self.begin().await?;
        tx.inner.rollback().await?;
        Ok(())
    }

    /// Empties SQLite's log: until then pages stand in it as they were before an erasure. False while a reader holds it.
    pub async fn empty_log(&self) -> Result<bool> {
        if self.engine == Engine::Postgres {
            return Ok(true);
        }
        let statement = Statement::from_string(self.engine.backend(), "PRAGMA wal_checkpoint(TRUNCATE)");
        let row = self.writer.query_one_raw(statement).await?;
        Ok(row.is_some_and(|row| row.try_get::<i64>("", "busy").is_ok_and(|busy| busy == 0)))
    }

    /// Closes all connections after what is under way.
    pub async fn close(&self) {
        let _ = self.reader.clone().close().await;
        let _ = self.writer.clone().close().await;
    }
}

impl Tx {
    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Makes everything durable, then wakes who waits for changes.
    pub async fn commit(self) -> Result<()> {
        self.inner.commit().await?;
        self.wake.notify_waiters();
        Ok(())
    }

    /// Runs one statement; returns how many rows it touched.
    pub(crate) async fn run(&self, sql: &str, values: Vec<Value>) -> Result<u64> {
        let statement = Statement::from_sql_and_values(self.engine.backend(), sql, values);
        Ok(self.inner.execute_raw(statement).await?.rows_affected())
    }

    /// Runs a script of several statements without parameters.
    pub(crate) async fn script(&self, sql: &str) -> Result<()> {
        self.inner.execute_unprepared(sql).await?;
        Ok(())
    }

    /// Serialises writers of `key` until the end of this transaction.
    pub(crate) async fn lock(&self, key: i64) -> Result<()> {
        if let Some(sql) = self.engine.lock() {
            self.run(sql, vec![key.into()]).await?;
        }
        Ok(())
    }

    pub(crate) async fn migration_lock(&self) -> Result<()> {
        self.lock(0x0065_7373_6f72).await
    }

    /// Inserts many rows with few statements: `head` is "INSERT INTO t (a, b)", `tail` the ON CONFLICT or RETURNING.
    /// Statements have one of four sizes, so that the prepared ones are reused. Returns the rows of RETURNING.
    pub(crate) async fn insert_many(&self, head: &str, tail: &str, rows: Vec<Vec<Value>>) -> Result<Vec<QueryResult>> {
        let returning = tail.contains("RETURNING");
        let mut out = Vec::new();
        let Some(columns) = rows.first().map(Vec::len) else { return Ok(out) };
        let mut rows = rows.into_iter();
        while rows.len() > 0 {
            let limit = 30_000 / columns;
            let size =
                [2048, 512, 64, 8, 1].into_iter().find(|size| *size <= rows.len() && *size <= limit).unwrap_or(1);
            let sql = format!("{head} VALUES {}{tail}", self.engine.placeholders(size, columns));
            let values: Vec<Value> = rows.by_ref().take(size).flatten().collect();
            let statement = Statement::from_sql_and_values(self.engine.backend(), sql, values);
            if returning {
                out.extend(self.inner.query_all_raw(statement).await?);
            } else {
                self.inner.execute_raw(statement).await?;
            }
        }
        Ok(out)
    }
}

/// All rows of a query.
pub(crate) async fn all(conn: &impl Conn, sql: &str, values: Vec<Value>) -> Result<Vec<QueryResult>> {
    let statement = Statement::from_sql_and_values(conn.engine_of().backend(), sql, values);
    Ok(conn.raw().query_all_raw(statement).await?)
}

/// The first row of a query.
pub(crate) async fn one(conn: &impl Conn, sql: &str, values: Vec<Value>) -> Result<Option<QueryResult>> {
    let statement = Statement::from_sql_and_values(conn.engine_of().backend(), sql, values);
    Ok(conn.raw().query_one_raw(statement).await?)
}

/// All rows of a query as `T`.
pub(crate) async fn all_as<T: sea_orm::FromQueryResult>(
    conn: &impl Conn,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<T>> {
    all(conn, sql, values).await?.iter().map(|row| Ok(T::from_query_result(row, "")?)).collect()
}

/// The first row of a query as `T`.
pub(crate) async fn one_as<T: sea_orm::FromQueryResult>(
    conn: &impl Conn,
    sql: &str,
    values: Vec<Value>,
) -> Result<Option<T>> {
    Ok(one(conn, sql, values).await?.map(|row| T::from_query_result(&row, "")).transpose()?)
}

/// The parameters of a statement.
#[macro_export]
#[doc(hidden)]
macro_rules! vals {
    ($($value:expr),* $(,)?) => { vec![$(sea_orm::Value::from($value)),*] };
}

/// `$from, $from+1, …`: the placeholders of a list of `count` parameters.
pub(crate) fn list(from: usize, count: usize) -> String {
    (from..from + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

/// Copies a SQLite database to a new file while it is in use. PostgreSQL has `pg_dump` for that.
pub async fn backup(db: &Db, path: &std::path::Path) -> Result<()> {
    if db.engine == Engine::Postgres {
        return Err(crate::Error::Config("on PostgreSQL use pg_dump, which the documentation describes".into()));
    }
    let statement =
        Statement::from_sql_and_values(db.engine.backend(), "VACUUM INTO $1", vals![path.display().to_string()]);
    db.writer.execute_raw(statement).await?;
    Ok(())
}
