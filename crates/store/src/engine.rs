//! The seam: all that differs between SQLite and PostgreSQL, in one place.
//!
//! Everything else in this crate is one text of SQL for both: `$1` parameters, `ON CONFLICT`, `RETURNING`, sums cast
//! to `BIGINT`. Where the engines cannot agree, the difference is a method here with its reason.

use crate::error::{Error, Result};
use sea_orm::sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sea_orm::{
    DatabaseConnection, DbBackend, DbErr, RuntimeErr, SqliteTransactionMode, TransactionOptions, TransactionTrait, sqlx,
};
use std::str::FromStr;
use std::time::Duration;

/// Which database this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Embedded: one file, WAL, one writer and a pool of readers.
    Sqlite,
    /// PostgreSQL 15 or later, Supabase included.
    Postgres,
}

/// How long a request waits for a connection before the answer is "storage unavailable".
const ACQUIRE: Duration = Duration::from_secs(5);

impl Engine {
    /// The engine that a URL names.
    pub fn of(url: &str) -> Result<Engine> {
        if url.starts_with("sqlite:") {
            Ok(Engine::Sqlite)
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Ok(Engine::Postgres)
        } else {
            Err(Error::Config("the database URL starts neither with sqlite:// nor with postgres://".into()))
        }
    }

    pub(crate) fn backend(self) -> DbBackend {
        match self {
            Engine::Sqlite => DbBackend::Sqlite,
            Engine::Postgres => DbBackend::Postgres,
        }
    }

    /// Opens the reader and the writer. SQLite has exactly one writer connection, so that writers queue in the process
    /// instead of failing with SQLITE_BUSY; readers are `query_only`. PostgreSQL may read from a replica.
    pub(crate) async fn connect(
        self,
        url: &str,
        reader_url: Option<&str>,
        connections: u32,
    ) -> Result<(DatabaseConnection, DatabaseConnection)> {
        match self {
            Engine::Sqlite => {
                let base = SqliteConnectOptions::from_str(url)
                    .map_err(config)?
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    // FULL: what was acknowledged is on the disk, not only handed to the kernel.
                    .synchronous(SqliteSynchronous::Full)
                    .busy_timeout(Duration::from_secs(10))
                    .foreign_keys(true)
                    // In KiB, taken as it is needed: the pages that events of many clients touch are read once.
                    .pragma("cache_size", "-65536")
                    .pragma("temp_store", "memory")
                    .pragma("wal_autocheckpoint", "4000")
                    // A long result is handed over in few goes: each costs two threads a switch.
                    .row_buffer_size(1_000)
                    // No statistics are gathered: statements say themselves where to begin, and a plan does not depend
                    // on what was there when a process last ended.
                    .disable();
                let writer = SqlitePoolOptions::new()
                    .max_connections(1)
                    // After an I/O error (a full disk) SQLite may have rolled back by itself; the driver's own rollback
                    // then fails and it goes on counting a transaction as open. What follows would be "committed" as a
                    // savepoint of it and never reach the disk. Such a connection is thrown away.
                    .before_acquire(|connection, _| {
                        Box::pin(async move { Ok(!sqlx::Connection::is_in_transaction(connection)) })
                    })
                    .acquire_timeout(Duration::from_secs(30))
                    .idle_timeout(None)
                    .max_lifetime(None)
                    // What is deleted is overwritten: who is erased stands in no free page. It costs nothing that can be
                    // measured, the pages are written anyhow.
                    .connect_with(base.clone().pragma("secure_delete", "on").statement_cache_capacity(400))
                    .await
                    .map_err(connection)?;
                let reader = SqlitePoolOptions::new()
                    .max_connections(connections)
                    .acquire_timeout(ACQUIRE)
                    .idle_timeout(Duration::from_secs(60))
                    .connect_lazy_with(base.pragma("query_only", "on").pragma("cache_size", "-16384"));
                Ok((reader.into(), writer.into()))
            }
            Engine::Postgres => {
                let pool = || PgPoolOptions::new().acquire_timeout(ACQUIRE).idle_timeout(Duration::from_secs(300));
                let options = |url: &str| -> Result<PgConnectOptions> {
                    Ok(PgConnectOptions::from_str(url)
                        .map_err(config)?
                        .application_name("essor")
                        // Compiling a statement or starting a second process for it takes longer than most pages may, and
                        // a plan for any filter whatever is a bad one for most of them. Counts by client of a large
                        // portfolio fit in memory.
                        .options([
                            ("jit", "off"),
                            ("parallel_setup_cost", "5000"),
                            ("plan_cache_mode", "force_custom_plan"),
                            ("work_mem", "16MB"),
                        ])
                        .disable())
                };
                let writer =
                    pool().max_connections(connections).connect_with(options(url)?).await.map_err(connection)?;
                let reader = match reader_url {
                    Some(url) => pool().max_connections(connections).connect_lazy_with(options(url)?),
                    None => writer.clone(),
                };
                Ok((reader.into(), writer.into()))
            }
        }
    }

    /// Begins a writing transaction. `IMMEDIATE` takes SQLite's write lock at once: a transaction that reads first and
    /// upgrades later fails when another process wrote in between.
    pub(crate) async fn begin(self, writer: &DatabaseConnection) -> Result<sea_orm::DatabaseTransaction> {
        let options = TransactionOptions {
            sqlite_transaction_mode: (self == Engine::Sqlite).then_some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        Ok(writer.begin_with_options(options).await?)
    }

    /// Puts the type words of a migration into the engine's own.
    pub(crate) fn ddl(self, sql: &str) -> String {
        let words: &[(&str, &str)] = match self {
            Engine::Sqlite => &[
                (" UUID", " BLOB"),
                (" INSTANT", " TEXT"),
                (" DAY", " TEXT"),
                (" JSON", " TEXT"),
                (" BIGINT", " INTEGER"),
                (" INT", " INTEGER"),
                (" DOUBLE", " REAL"),
                (" BLOB32", " BLOB"),
                (" KEYTEXT", " TEXT"),
                (" WITHOUT_ROWID", " WITHOUT ROWID"),
                (" SERIAL", " INTEGER PRIMARY KEY AUTOINCREMENT"),
                (" MONTHLY(occurred_at)", " WITHOUT ROWID"),
                (" XID", ""),
                // Ids alone are the order of events here, and their table is ordered by them.
                (" CREATE_INDEX_EVENTS_PLACE", "SELECT 1"),
                // The first makes the table of statistics where there is none, the last has the connection read it again.
                (" FORGET_STATISTICS", "ANALYZE schema_versions; DELETE FROM sqlite_stat1; ANALYZE sqlite_schema"),
            ],
            Engine::Postgres => &[
                (" UUID", " uuid"),
                (" INSTANT", " timestamptz"),
                (" DAY", " date"),
                (" JSON", " jsonb"),
                (" BIGINT", " bigint"),
                (" INT", " integer"),
                (" DOUBLE", " double precision"),
                (" BLOB32", " bytea"),
                (" KEYTEXT", " text COLLATE \"C\""),
                (" WITHOUT_ROWID", ""),
                (" SERIAL", " bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
                (" MONTHLY(occurred_at)", " PARTITION BY RANGE (occurred_at)"),
                // Which transaction wrote the row: see `events_log`.
                (" XID", ",\n    xid xid8 NOT NULL DEFAULT pg_current_xact_id()"),
                (" CREATE_INDEX_EVENTS_PLACE", "CREATE INDEX events_place ON events (xid, id)"),
                // PostgreSQL keeps its own up to date.
                (" FORGET_STATISTICS", "SELECT 1"),
            ],
        };
        sql.lines().map(|line| if line.trim_start().starts_with("--") { line.to_owned() } else { translate(line, words) } + "\n").collect()
    }

    /// How the event log is read. On PostgreSQL ids are given before commit, so that a reader who has passed an id would
    /// skip a transaction that commits later with a smaller one: rows have their place by transaction, then id, and
    /// only those below the oldest running transaction are read. SQLite has one writer: ids and commits have one order.
    pub(crate) fn events_log(self) -> EventsLog {
        match self {
            Engine::Sqlite => EventsLog {
                columns: "0 AS tx, id",
                after: "$1 >= 0 AND id > $2",
                settled: "1 = 1",
                order: "id",
                newest: "id DESC",
            },
            Engine::Postgres => EventsLog {
                columns: "CAST(CAST(xid AS TEXT) AS BIGINT) AS tx, id",
                after: "(xid, id) > (CAST(CAST(CAST($1 AS BIGINT) AS TEXT) AS xid8), $2)",
                settled: "xid < pg_snapshot_xmin(pg_current_snapshot())",
                order: "xid, id",
                newest: "xid DESC, id DESC",
            },
        }
    }

    /// Names every table whose rows belong to a workspace. Each engine describes its tables in its own way.
    pub(crate) fn workspace_tables(self) -> &'static str {
        match self {
            Engine::Sqlite => {
                "SELECT m.name AS name FROM sqlite_master m, pragma_table_info(m.name) c
                 WHERE m.type = 'table' AND c.name = 'workspace_id' ORDER BY m.name"
            }
            // The parts of a partitioned table are emptied through the whole.
            Engine::Postgres => {
                "SELECT CAST(t.relname AS TEXT) AS name FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid
                 JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = current_schema()
                 AND a.attname = 'workspace_id' AND NOT a.attisdropped AND t.relkind IN ('r', 'p')
                 AND NOT t.relispartition ORDER BY t.relname"
            }
        }
    }

    /// Names the columns of the table `$1` with their kinds.
    pub(crate) fn table_columns(self) -> &'static str {
        match self {
            Engine::Sqlite => "SELECT name, lower(type) AS kind FROM pragma_table_info($1) ORDER BY cid",
            Engine::Postgres => {
                "SELECT CAST(a.attname AS TEXT) AS name, CAST(format_type(a.atttypid, a.atttypmod) AS TEXT) AS kind
                 FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid JOIN pg_namespace n ON n.oid = t.relnamespace
                 WHERE n.nspname = current_schema() AND t.relname = CAST($1 AS TEXT) AND a.attnum > 0
                 AND NOT a.attisdropped ORDER BY a.attnum"
            }
        }
    }

    /// The rows of a table as JSON objects, in the column `line`. SQLite's bytes are written as hexadecimal digits.
    pub(crate) fn rows_as_json(self, table: &str, columns: &[(String, String)], condition: &str) -> String {
        match self {
            Engine::Sqlite => {
                let each = columns.iter().map(|(name, kind)| match kind.as_str() {
                    "blob" => {
                        format!("'{name}', CASE WHEN {name} IS NULL THEN NULL ELSE char(1) || 'id:' || hex({name}) END")
                    }
                    "boolean" => {
                        format!("'{name}', json(CASE {name} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END)")
                    }
                    _ => format!("'{name}', {name}"),
                });
                let each = each.collect::<Vec<_>>().join(", ");
                format!("SELECT json_object({each}) AS line FROM {table} WHERE {condition}")
            }
            Engine::Postgres => {
                format!("SELECT CAST(row_to_json(r) AS TEXT) AS line FROM (SELECT * FROM {table} WHERE {condition}) r")
            }
        }
    }

    /// A column of JSON as it is compared and searched as text.
    pub(crate) fn as_text(self, column: &str) -> String {
        match self {
            Engine::Sqlite => column.to_owned(),
            Engine::Postgres => format!("CAST({column} AS TEXT)"),
        }
    }

    /// Lets several processes claim jobs at once without waiting for each other.
    pub(crate) fn skip_locked(self) -> &'static str {
        match self {
            Engine::Sqlite => "",
            Engine::Postgres => "FOR UPDATE SKIP LOCKED",
        }
    }

    /// Holds the rows read until the transaction ends, so that what was read about them stays true. SQLite has one
    /// writer anyway.
    pub(crate) fn for_update(self) -> &'static str {
        match self {
            Engine::Sqlite => "",
            Engine::Postgres => "FOR UPDATE",
        }
    }

    /// Serialises the writers of one thing until the transaction ends. SQLite has one writer anyway.
    pub(crate) fn lock(self) -> Option<&'static str> {
        match self {
            Engine::Sqlite => None,
            Engine::Postgres => Some("SELECT pg_advisory_xact_lock($1)"),
        }
    }

    /// The placeholders of many rows: `(…), (…)`. SQLite finds a *named* parameter by walking all names, so thousands
    /// of `$n` cost quadratic time; plain `?` have no names and count upwards. Rows therefore come first in a statement.
    pub(crate) fn placeholders(self, rows: usize, columns: usize) -> String {
        self.typed_rows(rows, &vec![""; columns])
    }

    /// The same for a `VALUES` without a target table: PostgreSQL must be told the types of its columns.
    pub(crate) fn typed_rows(self, rows: usize, types: &[&str]) -> String {
        let mut out = String::with_capacity(rows * types.len() * 8);
        for row in 0..rows {
            out.push_str(if row == 0 { "(" } else { ", (" });
            for (column, name) in types.iter().enumerate() {
                if column > 0 {
                    out.push_str(", ");
                }
                match self {
                    Engine::Sqlite => out.push('?'),
                    Engine::Postgres => {
                        out.push('$');
                        out.push_str(&(row * types.len() + column + 1).to_string());
                        if !name.is_empty() {
                            out.push_str("::");
                            out.push_str(name);
                        }
                    }
                }
            }
            out.push(')');
        }
        out.push(' ');
        out
    }

    /// The month of a day as `YYYY-MM`: days are text on one engine and dates on the other.
    pub(crate) fn month_of(self, column: &str) -> String {
        match self {
            Engine::Sqlite => format!("substr({column}, 1, 7)"),
            Engine::Postgres => format!("to_char({column}, 'YYYY-MM')"),
        }
    }

    /// One JSON object laid over another, key by key.
    pub(crate) fn json_merge(self, old: &str, new: &str) -> String {
        match self {
            Engine::Sqlite => format!("json_patch({old}, {new})"),
            Engine::Postgres => format!("{old} || {new}"),
        }
    }
}

/// Replaces whole words only: " INT" must not touch " INTEGER" or " INTO".
/// The engine's own words of a reading of the event log; `$1` is a place's transaction, `$2` its id.
pub(crate) struct EventsLog {
    /// The place of a row.
    pub columns: &'static str,
    /// Rows after a place.
    pub after: &'static str,
    /// Rows that no running transaction can still precede.
    pub settled: &'static str,
    /// Oldest first.
    pub order: &'static str,
    /// Newest first.
    pub newest: &'static str,
}

fn translate(line: &str, words: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(line.len() + 16);
    let mut rest = line;
    'next: while !rest.is_empty() {
        for (word, own) in words {
            if let Some(after) = rest.strip_prefix(word)
                && !after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
            {
                out.push_str(own);
                rest = after;
                continue 'next;
            }
        }
        let mut chars = rest.chars();
        out.extend(chars.next());
        rest = chars.as_str();
    }
    out
}

/// Statement logging is off: statements carry personal data, which does not belong in a log.
trait Quiet: sqlx::ConnectOptions {
    fn disable(self) -> Self {
        self.disable_statement_logging()
    }
}
impl<T: sqlx::ConnectOptions> Quiet for T {}

fn config(error: sqlx::Error) -> Error {
    Error::Config(format!("the database URL cannot be used: {error}"))
}

fn connection(error: sqlx::Error) -> Error {
    Error::Unavailable(error.to_string())
}

/// Says what kind of failure the database reported.
pub(crate) fn classify(error: DbErr) -> Error {
    let sqlx_error = match &error {
        DbErr::Conn(RuntimeErr::SqlxError(e))
        | DbErr::Exec(RuntimeErr::SqlxError(e))
        | DbErr::Query(RuntimeErr::SqlxError(e)) => e,
        DbErr::ConnectionAcquire(_) => return Error::Unavailable(error.to_string()),
        _ => return Error::Database(error.to_string()),
    };
    match sqlx_error.as_ref() {
        sqlx::Error::Io(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_) => Error::Unavailable(error.to_string()),
        sqlx::Error::Database(db) => {
            if db.is_unique_violation() {
                return Error::Conflict;
            }
            let code = db.code().unwrap_or_default();
            match code.as_ref() {
                // PostgreSQL: serialisation failure, deadlock.
                "40001" | "40P01" => Error::Retry,
                // PostgreSQL: connection, resources, operator intervention, read only, system error.
                c if ["08", "53", "57", "58"].iter().any(|class| c.len() == 5 && c.starts_with(class))
                    || c == "25006" =>
                {
                    Error::Unavailable(error.to_string())
                }
                // SQLite primary codes (low byte): busy 5, locked 6, read-only 8, I/O 10, full 13, cannot open 14.
                c => match c.parse::<i64>().map(|n| n & 0xff) {
                    Ok(5 | 6) => Error::Retry,
                    Ok(8 | 10 | 13 | 14) => Error::Unavailable(error.to_string()),
                    _ => Error::Database(error.to_string()),
                },
            }
        }
        _ => Error::Database(error.to_string()),
    }
}
