//! Templates: every version is kept, the newest counts for new journeys.

use crate::{Conn, Result, Tx, Workspace, all_as, one, vals};
use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use serde_json::Value as Json;
use uuid::Uuid;

/// A version of a template.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct TemplateRow {
    pub id: Uuid,
    pub version: i32,
    pub body: Json,
    pub created_by_name: Option<String>,
    pub created_at: DateTime<Utc>,
    pub deleted_at: Option<DateTime<Utc>>,
}

/// Every version of every template, each template's oldest first: a workspace has few.
pub async fn all(conn: &impl Conn, workspace: Workspace) -> Result<Vec<TemplateRow>> {
    let sql = "SELECT t.id, t.version, t.body, u.name AS created_by_name, t.created_at, t.deleted_at \
        FROM journey_templates t LEFT JOIN identity_users u ON u.id = t.created_by WHERE t.workspace_id = $1 \
        ORDER BY t.id, t.version";
    all_as(conn, sql, vals![workspace.0]).await
}

/// Adds a version; returns its number.
pub async fn insert(
    tx: &Tx,
    workspace: Workspace,
    id: Uuid,
    body: Json,
    by: Option<Uuid>,
    at: DateTime<Utc>,
) -> Result<i32> {
    let sql = "SELECT COALESCE(MAX(version), 0) AS version FROM journey_templates WHERE workspace_id = $1 AND id = $2";
    let last: i32 = match one(tx, sql, vals![workspace.0, id]).await? {
        Some(row) => row.try_get("", "version")?,
        None => 0,
    };
    tx.run(
        "INSERT INTO journey_templates (workspace_id, id, version, body, created_by, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        vals![workspace.0, id, last + 1, body, by, at],
    )
    .await?;
    Ok(last + 1)
}

/// Takes a template away from new journeys; returns whether it was there.
pub async fn delete(tx: &Tx, workspace: Workspace, id: Uuid, at: DateTime<Utc>) -> Result<bool> {
    let sql = "UPDATE journey_templates SET deleted_at = $1 WHERE workspace_id = $2 AND id = $3 AND deleted_at IS NULL";
    Ok(tx.run(sql, vals![at, workspace.0, id]).await? > 0)
}
