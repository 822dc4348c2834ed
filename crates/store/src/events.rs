//! The event log: what happened, in order, for reactions and live pages. Reading crosses workspaces: each reader
//! filters by what its listener may see.

use crate::{Db, Result, Tx, Workspace, all_as, one, vals};
use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// A place in the log: readers resume after it. Written `tx.id`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The transaction that wrote the entry; always 0 on SQLite, where ids alone are the order of commits.
    pub tx: i64,
    /// The entry.
    pub id: i64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.tx, self.id)
    }
}

/// A text that is not a place.
#[derive(Debug, PartialEq, Eq)]
pub struct NoPlace;

impl FromStr for Place {
    type Err = NoPlace;

    fn from_str(text: &str) -> std::result::Result<Self, NoPlace> {
        let (tx, id) = text.split_once('.').ok_or(NoPlace)?;
        let number = |text: &str| text.parse::<i64>().ok().filter(|n| *n >= 0).ok_or(NoPlace);
        Ok(Place { tx: number(tx)?, id: number(id)? })
    }
}

/// One entry of the log.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Event {
    /// See [`Place`].
    pub tx: i64,
    /// See [`Place`].
    pub id: i64,
    /// Whose.
    pub workspace_id: Uuid,
    /// What kind: the name of a variant of the application's `DomainEvent`.
    pub kind: String,
    /// The client it is about, if one.
    pub client_id: Option<Uuid>,
    /// The rest, as JSON.
    pub payload: serde_json::Value,
}

impl Event {
    /// Where it stands.
    pub fn place(&self) -> Place {
        Place { tx: self.tx, id: self.id }
    }
}

/// Appends entries in the transaction that makes them true.
pub async fn append(
    tx: &Tx,
    workspace: Workspace,
    at: DateTime<Utc>,
    entries: Vec<(&'static str, Option<Uuid>, serde_json::Value)>,
) -> Result<()> {
    let rows =
        entries.into_iter().map(|(kind, client, payload)| vals![workspace.0, at, kind, client, payload]).collect();
    tx.insert_many("INSERT INTO events (workspace_id, at, kind, client_id, payload)", "", rows).await?;
    Ok(())
}

/// Entries after `last`, oldest first, of all workspaces.
pub async fn after(db: &Db, last: Place, limit: i64) -> Result<Vec<Event>> {
    let log = db.engine().events_log();
    let sql = format!(
        "SELECT {}, workspace_id, kind, client_id, payload FROM events WHERE {} AND {} ORDER BY {} LIMIT $3",
        log.columns, log.after, log.settled, log.order
    );
    all_as(db, &sql, vals![last.tx, last.id, limit]).await
}

/// The place of the newest entry that may be read.
pub async fn newest(db: &Db) -> Result<Place> {
    let log = db.engine().events_log();
    let sql = format!("SELECT {} FROM events WHERE {} ORDER BY {} LIMIT 1", log.columns, log.settled, log.newest);
    let Some(row) = one(db, &sql, vals![]).await? else { return Ok(Place::default()) };
    Ok(Place { tx: row.try_get("", "tx")?, id: row.try_get("", "id")? })
}

/// Drops entries older than `before`: live pages resume from minutes, not months.
pub async fn purge(tx: &Tx, before: DateTime<Utc>) -> Result<u64> {
    tx.run("DELETE FROM events WHERE at < $1", vals![before]).await
}
