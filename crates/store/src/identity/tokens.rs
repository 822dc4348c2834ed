//! API tokens and write keys.

use super::Hash;
use crate::{Conn, Result, Tx, Workspace, all, all_as, one_as, vals};
use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// A token as listed: its secret is not stored.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub struct TokenRow {
    /// Its id.
    pub id: Uuid,
    /// `api` or `write`.
    pub kind: String,
    /// What it is for.
    pub name: String,
    /// The beginning of its text, to be recognised by.
    pub prefix: String,
    /// `read`, `write` or both, with a comma.
    pub scopes: String,
    /// The id of who made it; the command line leaves none.
    pub created_by: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Since when it is refused.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// What a token opens.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Found {
    /// The token.
    pub id: Uuid,
    /// The workspace it belongs to.
    pub workspace_id: Uuid,
    /// What it is for.
    pub name: String,
    /// `api` or `write`.
    pub kind: String,
    /// `read`, `write` or both, with a comma.
    pub scopes: String,
    /// When it was last used, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// Stores a new token under the hash of its secret.
pub async fn insert(tx: &Tx, workspace: Workspace, hash: &Hash, row: &TokenRow) -> Result<()> {
    tx.run(
        "INSERT INTO identity_tokens (id, workspace_id, kind, name, prefix, token_hash, scopes, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        vals![
            row.id,
            workspace.0,
            row.kind.as_str(),
            row.name.as_str(),
            row.prefix.as_str(),
            hash.to_vec(),
            row.scopes.as_str(),
            row.created_by.clone(),
            row.created_at
        ],
    )
    .await?;
    Ok(())
}

/// All tokens, the revoked ones too, the newest first.
pub async fn list(conn: &impl Conn, workspace: Workspace) -> Result<Vec<TokenRow>> {
    all_as(
        conn,
        "SELECT id, kind, name, prefix, scopes, created_by, created_at, last_used_at, revoked_at
         FROM identity_tokens WHERE workspace_id = $1 ORDER BY created_at DESC, id DESC",
        vals![workspace.0],
    )
    .await
}

/// The token of a secret, unless it is revoked. Crosses workspaces: the token says which one its caller means.
pub async fn find(conn: &impl Conn, hash: &Hash) -> Result<Option<Found>> {
    one_as(
        conn,
        "SELECT id, workspace_id, name, kind, scopes, last_used_at FROM identity_tokens
         WHERE token_hash = $1 AND revoked_at IS NULL",
        vals![hash.to_vec()],
    )
    .await
}

/// A token that was revoked.
#[derive(Debug, FromQueryResult)]
pub struct Revoked {
    /// The hash of its secret.
    pub token_hash: Vec<u8>,
    /// What it was for.
    pub name: String,
    /// `api` or `write`.
    pub kind: String,
    /// Since when it is refused; earlier than now when it already was.
    pub revoked_at: DateTime<Utc>,
}

/// Revokes a token for good; `None` when there is none of this id.
pub async fn revoke(tx: &Tx, workspace: Workspace, id: Uuid, now: DateTime<Utc>) -> Result<Option<Revoked>> {
    let sql = "UPDATE identity_tokens SET revoked_at = COALESCE(revoked_at, $3) WHERE workspace_id = $1 AND id = $2
         RETURNING token_hash, name, kind, revoked_at";
    one_as(tx, sql, vals![workspace.0, id, now]).await
}

/// The hashes of all secrets, to be forgotten with the workspace.
pub async fn hashes(conn: &impl Conn, workspace: Workspace) -> Result<Vec<Vec<u8>>> {
    let rows = all(conn, "SELECT token_hash FROM identity_tokens WHERE workspace_id = $1", vals![workspace.0]).await?;
    rows.iter().map(|row| Ok(row.try_get("", "token_hash")?)).collect()
}

/// Notes that a token is used, unless that was noted after `since`.
pub async fn touch(tx: &Tx, workspace: Workspace, id: Uuid, now: DateTime<Utc>, since: DateTime<Utc>) -> Result<()> {
    tx.run(
        "UPDATE identity_tokens SET last_used_at = $3
         WHERE workspace_id = $1 AND id = $2 AND (last_used_at IS NULL OR last_used_at < $4)",
        vals![workspace.0, id, now, since],
    )
    .await?;
    Ok(())
}
