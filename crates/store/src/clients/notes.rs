//! Notes that people write about a client.

use crate::{Conn, Result, Tx, Workspace, one_as, vals};
use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// A note as stored, with its author's name.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Note {
    pub id: Uuid,
    pub client_id: Uuid,
    pub author_id: Option<Uuid>,
    pub author_name: Option<String>,
    pub body: String,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

pub(crate) const SELECT: &str = "SELECT n.id, n.client_id, n.author_id, u.name AS author_name, n.body, n.created_at, \
    n.updated_at FROM clients_notes n LEFT JOIN identity_users u ON u.id = n.author_id";

/// One note that is there.
pub async fn get(conn: &impl Conn, workspace: Workspace, client: Uuid, id: Uuid) -> Result<Option<Note>> {
    let sql = format!("{SELECT} WHERE n.workspace_id = $1 AND n.client_id = $2 AND n.id = $3 AND n.deleted_at IS NULL");
    one_as(conn, &sql, vals![workspace.0, client, id]).await
}

/// Who wrote a note, taken away or not.
pub async fn author(conn: &impl Conn, workspace: Workspace, client: Uuid, id: Uuid) -> Result<Option<Option<Uuid>>> {
    let sql = "SELECT author_id FROM clients_notes WHERE workspace_id = $1 AND client_id = $2 AND id = $3";
    match crate::one(conn, sql, vals![workspace.0, client, id]).await? {
        Some(row) => Ok(Some(row.try_get("", "author_id")?)),
        None => Ok(None),
    }
}

/// Stores a new note.
pub async fn insert(
    tx: &Tx,
    workspace: Workspace,
    (client, id): (Uuid, Uuid),
    author: Option<Uuid>,
    body: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    tx.run(
        "INSERT INTO clients_notes (id, workspace_id, client_id, author_id, body, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $6)",
        vals![id, workspace.0, client, author, body, now],
    )
    .await?;
    Ok(())
}

/// Changes what a note says.
pub async fn update(tx: &Tx, workspace: Workspace, id: Uuid, body: &str, now: DateTime<Utc>) -> Result<()> {
    let sql = "UPDATE clients_notes SET body = $1, updated_at = $2 WHERE workspace_id = $3 AND id = $4";
    tx.run(sql, vals![body, now, workspace.0, id]).await?;
    Ok(())
}

/// Takes a note away, or gives it back. False when it already is so.
pub async fn set_deleted(tx: &Tx, workspace: Workspace, id: Uuid, deleted_at: Option<DateTime<Utc>>) -> Result<bool> {
    super::people::mark_deleted(tx, "clients_notes", workspace, id, deleted_at).await
}

/// Forgets notes that were taken away before an instant. Crosses workspaces: it is retention.
pub async fn purge(tx: &Tx, before: DateTime<Utc>) -> Result<u64> {
    tx.run("DELETE FROM clients_notes WHERE deleted_at < $1", vals![before]).await
}
