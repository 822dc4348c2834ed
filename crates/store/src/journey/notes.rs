//! Risks and opportunities of the journey that people add.

use crate::{Conn, Result, Tx, Workspace, all_as, vals};
use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// What somebody added.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct NoteRow {
    pub id: Uuid,
    pub kind: String,
    pub stage: Option<String>,
    pub text: String,
    pub user_id: Option<Uuid>,
    pub user_name: Option<String>,
    pub created_at: DateTime<Utc>,
}

/// A client's, the newest first.
pub async fn of_client(conn: &impl Conn, workspace: Workspace, client: Uuid) -> Result<Vec<NoteRow>> {
    let sql = "SELECT n.id, n.kind, n.stage, n.text, n.user_id, u.name AS user_name, n.created_at FROM journey_notes n \
        LEFT JOIN identity_users u ON u.id = n.user_id WHERE n.workspace_id = $1 AND n.client_id = $2 \
        ORDER BY n.created_at DESC, n.id DESC LIMIT 200";
    all_as(conn, sql, vals![workspace.0, client]).await
}

/// Stores one.
pub async fn insert(tx: &Tx, workspace: Workspace, client: Uuid, note: &NoteRow) -> Result<()> {
    tx.run(
        "INSERT INTO journey_notes (id, workspace_id, client_id, kind, stage, text, user_id, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        vals![
            note.id,
            workspace.0,
            client,
            note.kind.as_str(),
            note.stage.clone(),
            note.text.as_str(),
            note.user_id,
            note.created_at
        ],
    )
    .await?;
    Ok(())
}

/// Takes one away; returns whether it was there.
pub async fn delete(tx: &Tx, workspace: Workspace, client: Uuid, id: Uuid) -> Result<bool> {
    let sql = "DELETE FROM journey_notes WHERE workspace_id = $1 AND client_id = $2 AND id = $3";
    Ok(tx.run(sql, vals![workspace.0, client, id]).await? > 0)
}
