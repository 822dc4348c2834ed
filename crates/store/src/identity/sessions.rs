//! Sessions of people, found by the hash of an opaque token.
//!
//! These cross workspaces: a session is what says which workspace somebody is in.

use super::Hash;
use crate::{Conn, Result, Tx, Workspace, all_as, one_as, vals};
use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// A session that is in force, with the role that its person has in its workspace now.
#[derive(Debug, Clone, FromQueryResult)]
pub struct SessionRow {
    /// The person.
    pub user_id: Uuid,
    /// The workspace they are in.
    pub workspace_id: Uuid,
    /// Their name.
    pub name: String,
    /// Their role there.
    pub role: String,
    /// When it was last used, to the minute.
    pub last_seen_at: DateTime<Utc>,
}

/// A session in a list of them.
#[derive(Debug, Clone, FromQueryResult)]
pub struct ListedRow {
    /// The hash of its token.
    pub token_hash: Vec<u8>,
    /// Whose it is.
    pub user_id: Uuid,
    /// The workspace it is in.
    pub workspace_id: Uuid,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_seen_at: DateTime<Utc>,
    /// What the browser says of itself.
    pub user_agent: Option<String>,
    /// Where it was last used from.
    pub address: Option<String>,
}

/// What a session is recognised by: browser and address.
#[derive(Debug, Clone, Default)]
pub struct Mark {
    /// What the browser says of itself.
    pub user_agent: Option<String>,
    /// Where it is used from.
    pub address: Option<String>,
}

/// Stores a new session.
pub async fn insert(
    tx: &Tx,
    hash: &Hash,
    user_id: Uuid,
    workspace: Workspace,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    mark: &Mark,
) -> Result<()> {
    tx.run(
        "INSERT INTO identity_sessions
         (token_hash, user_id, workspace_id, created_at, last_seen_at, expires_at, user_agent, address)
         VALUES ($1, $2, $3, $4, $4, $5, $6, $7)",
        vals![hash.to_vec(), user_id, workspace.0, now, expires_at, mark.user_agent.clone(), mark.address.clone()],
    )
    .await?;
    Ok(())
}

/// The sessions of a person that are not over, in one workspace or in all, the last used first. Without a workspace it
/// crosses them: for the person's own list.
pub async fn list(
    conn: &impl Conn,
    user_id: Uuid,
    workspace: Option<Workspace>,
    now: DateTime<Utc>,
) -> Result<Vec<ListedRow>> {
    let mut values = vals![user_id, now];
    let scope = workspace.map_or("", |workspace| {
        values.push(workspace.0.into());
        " AND workspace_id = $3"
    });
    let sql = format!(
        "SELECT token_hash, user_id, workspace_id, created_at, last_seen_at, user_agent, address
         FROM identity_sessions WHERE user_id = $1 AND expires_at > $2{scope} ORDER BY last_seen_at DESC, token_hash"
    );
    all_as(conn, &sql, values).await
}

/// The sessions in a workspace that are not over.
pub async fn in_workspace(conn: &impl Conn, workspace: Workspace, now: DateTime<Utc>) -> Result<Vec<ListedRow>> {
    let sql = "SELECT token_hash, user_id, workspace_id, created_at, last_seen_at, user_agent, address
         FROM identity_sessions WHERE workspace_id = $1 AND expires_at > $2 ORDER BY last_seen_at DESC, token_hash";
    all_as(conn, sql, vals![workspace.0, now]).await
}

/// The session of a token, unless it is over or its person is no longer a member.
pub async fn find(conn: &impl Conn, hash: &Hash, now: DateTime<Utc>) -> Result<Option<SessionRow>> {
    one_as(
        conn,
        "SELECT s.user_id, s.workspace_id, u.name, m.role, s.last_seen_at FROM identity_sessions s
         JOIN identity_members m ON m.workspace_id = s.workspace_id AND m.user_id = s.user_id
         JOIN identity_users u ON u.id = s.user_id
         WHERE s.token_hash = $1 AND s.expires_at > $2",
        vals![hash.to_vec(), now],
    )
    .await
}

/// Notes that a session is used and lets it last until `expires_at`, unless that was noted after `since`.
pub async fn touch(
    tx: &Tx,
    hash: &Hash,
    now: DateTime<Utc>,
    since: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    mark: &Mark,
) -> Result<()> {
    tx.run(
        "UPDATE identity_sessions SET last_seen_at = $2, expires_at = $4, user_agent = COALESCE($5, user_agent),
         address = COALESCE($6, address) WHERE token_hash = $1 AND last_seen_at < $3",
        vals![hash.to_vec(), now, since, expires_at, mark.user_agent.clone(), mark.address.clone()],
    )
    .await?;
    Ok(())
}

/// Moves a session to another workspace of its person; `false` when they are no member there.
pub async fn switch(tx: &Tx, hash: &Hash, user_id: Uuid, workspace_id: Uuid) -> Result<bool> {
    let moved = tx
        .run(
            "UPDATE identity_sessions SET workspace_id = $3 WHERE token_hash = $1 AND user_id = $2 AND EXISTS
             (SELECT 1 FROM identity_members m WHERE m.workspace_id = $3 AND m.user_id = $2)",
            vals![hash.to_vec(), user_id, workspace_id],
        )
        .await?;
    Ok(moved > 0)
}

/// Ends a session; `false` when it was over.
pub async fn delete(tx: &Tx, hash: &[u8]) -> Result<bool> {
    Ok(tx.run("DELETE FROM identity_sessions WHERE token_hash = $1", vals![hash.to_vec()]).await? > 0)
}

/// Ends all sessions of a person, except the one to keep; returns how many.
pub async fn delete_of_user(tx: &Tx, user_id: Uuid, keep: Option<&Hash>) -> Result<u64> {
    // No secret hashes to zero bytes, so that they stand for "none".
    let keep = keep.copied().unwrap_or_default();
    tx.run("DELETE FROM identity_sessions WHERE user_id = $1 AND token_hash <> $2", vals![user_id, keep.to_vec()]).await
}

/// Ends the sessions that a person has in a workspace; returns how many.
pub async fn delete_in_workspace(tx: &Tx, workspace: Workspace, user_id: Uuid) -> Result<u64> {
    let sql = "DELETE FROM identity_sessions WHERE workspace_id = $1 AND user_id = $2";
    tx.run(sql, vals![workspace.0, user_id]).await
}

/// Deletes the sessions that are over; returns how many.
pub async fn purge(tx: &Tx, now: DateTime<Utc>) -> Result<u64> {
    tx.run("DELETE FROM identity_sessions WHERE expires_at <= $1", vals![now]).await
}
