//! Saved views of the table of clients: segments.

use crate::{Conn, Result, Tx, Workspace, all_as, one_as, vals};
use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use serde_json::Value as Json;
use uuid::Uuid;

/// A view as stored.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct View {
    pub id: Uuid,
    /// Whose it is; none for what a token made.
    pub user_id: Option<Uuid>,
    pub name: String,
    pub shared: bool,
    /// The text of its expression.
    pub condition: String,
    pub sort: Option<String>,
    pub columns: Json,
    pub layout: String,
    pub position: i32,
}

const VIEW: &str = "id, user_id, name, shared, condition, sort, columns, layout, position";

/// The views that a person sees: theirs and the shared ones, in their order. Without a person, the shared ones.
pub async fn list(conn: &impl Conn, workspace: Workspace, user: Option<Uuid>) -> Result<Vec<View>> {
    let user = user.unwrap_or_else(Uuid::nil);
    let sql = format!(
        "SELECT {VIEW} FROM clients_views WHERE workspace_id = $1 AND (shared = $2 OR user_id = $3) ORDER BY position, id"
    );
    all_as(conn, &sql, vals![workspace.0, true, user]).await
}

/// One view, whoever's it is.
pub async fn get(conn: &impl Conn, workspace: Workspace, id: Uuid) -> Result<Option<View>> {
    let sql = format!("SELECT {VIEW} FROM clients_views WHERE workspace_id = $1 AND id = $2");
    one_as(conn, &sql, vals![workspace.0, id]).await
}

/// Stores a view, new or changed.
pub async fn put(tx: &Tx, workspace: Workspace, view: &View, now: DateTime<Utc>) -> Result<()> {
    tx.run(
        "INSERT INTO clients_views (id, workspace_id, user_id, name, shared, condition, sort, columns, layout, position, \
         created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) \
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, shared = excluded.shared, condition = excluded.condition, \
         sort = excluded.sort, columns = excluded.columns, layout = excluded.layout, position = excluded.position, \
         updated_at = excluded.updated_at",
        vals![
            view.id,
            workspace.0,
            view.user_id,
            view.name.as_str(),
            view.shared,
            view.condition.as_str(),
            view.sort.clone(),
            view.columns.clone(),
            view.layout.as_str(),
            view.position,
            now
        ],
    )
    .await?;
    Ok(())
}

/// Deletes a view. False when there is none.
pub async fn delete(tx: &Tx, workspace: Workspace, id: Uuid) -> Result<bool> {
    let sql = "DELETE FROM clients_views WHERE workspace_id = $1 AND id = $2";
    Ok(tx.run(sql, vals![workspace.0, id]).await? > 0)
}
