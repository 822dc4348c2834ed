//! Who may enter a workspace, and with which role.

use crate::{Conn, Result, Tx, Workspace, all_as, one, vals};
use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// A member of a workspace.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub struct MemberRow {
    /// The person.
    pub user_id: Uuid,
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Their role here.
    pub role: String,
    /// When a session of theirs was last used in this workspace.
    pub last_seen_at: Option<DateTime<Utc>>,
}

/// Serialises changes of one workspace's members until the transaction ends: two owners that demote each other at the
/// same time must not both succeed.
pub async fn lock(tx: &Tx, workspace: Workspace) -> Result<()> {
    let (high, low) = workspace.0.as_u64_pair();
    tx.lock((high ^ low).cast_signed()).await
}

/// Makes a person a member; `Conflict` when they are one.
pub async fn insert(tx: &Tx, workspace: Workspace, user_id: Uuid, role: &str, now: DateTime<Utc>) -> Result<()> {
    tx.run(
        "INSERT INTO identity_members (workspace_id, user_id, role, created_at) VALUES ($1, $2, $3, $4)",
        vals![workspace.0, user_id, role, now],
    )
    .await?;
    Ok(())
}

/// All members, by name.
pub async fn list(conn: &impl Conn, workspace: Workspace) -> Result<Vec<MemberRow>> {
    all_as(
        conn,
        "SELECT m.user_id, u.email, u.name, m.role,
           (SELECT MAX(s.last_seen_at) FROM identity_sessions s
            WHERE s.user_id = m.user_id AND s.workspace_id = m.workspace_id) AS last_seen_at
         FROM identity_members m JOIN identity_users u ON u.id = m.user_id
         WHERE m.workspace_id = $1 ORDER BY u.name, u.email",
        vals![workspace.0],
    )
    .await
}

/// The role of a person here, if they are a member.
pub async fn role(conn: &impl Conn, workspace: Workspace, user_id: Uuid) -> Result<Option<String>> {
    let sql = "SELECT role FROM identity_members WHERE workspace_id = $1 AND user_id = $2";
    Ok(one(conn, sql, vals![workspace.0, user_id]).await?.map(|row| row.try_get("", "role")).transpose()?)
}

/// How many members have a role.
pub async fn count(conn: &impl Conn, workspace: Workspace, role: &str) -> Result<i64> {
    let sql = "SELECT CAST(COUNT(*) AS BIGINT) AS members FROM identity_members WHERE workspace_id = $1 AND role = $2";
    Ok(one(conn, sql, vals![workspace.0, role]).await?.map(|row| row.try_get("", "members")).transpose()?.unwrap_or(0))
}

/// Gives a member another role.
pub async fn set_role(tx: &Tx, workspace: Workspace, user_id: Uuid, role: &str) -> Result<()> {
    tx.run(
        "UPDATE identity_members SET role = $3 WHERE workspace_id = $1 AND user_id = $2",
        vals![workspace.0, user_id, role],
    )
    .await?;
    Ok(())
}

/// Removes a member and ends their sessions in this workspace.
pub async fn delete(tx: &Tx, workspace: Workspace, user_id: Uuid) -> Result<()> {
    for table in ["identity_sessions", "identity_members"] {
        tx.run(&format!("DELETE FROM {table} WHERE workspace_id = $1 AND user_id = $2"), vals![workspace.0, user_id])
            .await?;
    }
    Ok(())
}
