//! Health profiles: every version is kept, the newest of a segment counts.

use crate::{Conn, Result, Tx, Workspace, all_as, one, vals};
use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use serde_json::Value as Json;
use uuid::Uuid;

/// A version of a segment's profile; the empty segment is everybody else's.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct ProfileRow {
    pub segment: String,
    pub version: i32,
    /// None gives the segment back to the workspace's own profile.
    pub body: Option<Json>,
    pub note: Option<String>,
    pub created_by: Option<Uuid>,
    pub created_by_name: Option<String>,
    pub created_at: DateTime<Utc>,
}

const SELECT: &str = "SELECT p.segment, p.version, p.body, p.note, p.created_by, u.name AS created_by_name, p.created_at \
    FROM health_profiles p LEFT JOIN identity_users u ON u.id = p.created_by WHERE p.workspace_id = $1";

/// The newest version of each segment.
pub async fn current(conn: &impl Conn, workspace: Workspace) -> Result<Vec<ProfileRow>> {
    let sql = format!(
        "{SELECT} AND p.version = (SELECT MAX(n.version) FROM health_profiles n WHERE n.workspace_id = p.workspace_id \
         AND n.segment = p.segment) ORDER BY p.segment"
    );
    all_as(conn, &sql, vals![workspace.0]).await
}

/// The versions of a segment's profile, newest first.
pub async fn versions(conn: &impl Conn, workspace: Workspace, segment: &str, limit: i64) -> Result<Vec<ProfileRow>> {
    let sql = format!("{SELECT} AND p.segment = $2 ORDER BY p.version DESC LIMIT $3");
    all_as(conn, &sql, vals![workspace.0, segment, limit]).await
}

/// Adds a version; returns its number.
pub async fn insert(
    tx: &Tx,
    workspace: Workspace,
    segment: &str,
    body: Option<Json>,
    note: Option<&str>,
    by: Option<Uuid>,
    at: DateTime<Utc>,
) -> Result<i32> {
    let sql =
        "SELECT COALESCE(MAX(version), 0) AS version FROM health_profiles WHERE workspace_id = $1 AND segment = $2";
    let last: i32 = match one(tx, sql, vals![workspace.0, segment]).await? {
        Some(row) => row.try_get("", "version")?,
        None => 0,
    };
    tx.run(
        "INSERT INTO health_profiles (workspace_id, segment, version, body, note, created_by, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        vals![workspace.0, segment, last + 1, body, note, by, at],
    )
    .await?;
    Ok(last + 1)
}
