//! The event log: what happened, in order, for reactions and live pages. Reading crosses workspaces: each reader
//! filters by what its listener may see.

use crate::{Conn, Db, Result, Tx, Workspace, all_as, one, vals};
use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// One entry of the log.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Event {
    /// Grows with time; readers resume after it.
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
pub async fn after(db: &Db, last: i64, limit: i64) -> Result<Vec<Event>> {
    let sql = format!(
        "SELECT id, workspace_id, kind, client_id, payload FROM events WHERE id > $1 AND {} ORDER BY id LIMIT $2",
        db.engine().events_horizon()
    );
    all_as(db, &sql, vals![last, limit]).await
}

/// The id of the newest entry that may be read.
pub async fn newest(conn: &impl Conn, db: &Db) -> Result<i64> {
    let sql = format!("SELECT COALESCE(MAX(id), 0) AS id FROM events WHERE {}", db.engine().events_horizon());
    Ok(one(conn, &sql, vals![]).await?.map_or(Ok(0), |row| row.try_get("", "id"))?)
}

/// Drops entries older than `before`: live pages resume from minutes, not months.
pub async fn purge(tx: &Tx, before: DateTime<Utc>) -> Result<u64> {
    tx.run("DELETE FROM events WHERE at < $1", vals![before]).await
}
