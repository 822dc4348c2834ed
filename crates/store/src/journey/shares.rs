//! Links under which clients see their plan.
//!
//! Finding a link by its token crosses workspaces: the link is what says whose plan its holder may see.

use crate::identity::Hash;
use crate::{Conn, Result, Tx, Workspace, all_as, one_as, vals};
use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use serde_json::Value as Json;
use uuid::Uuid;

/// A link, without its token's hash.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct ShareRow {
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub client_id: Uuid,
    pub stages: Json,
    pub user_name: Option<String>,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub seen_at: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
}

const SELECT: &str = "SELECT s.id, s.workspace_id, s.client_id, s.stages, u.name AS user_name, s.created_at, s.expires_at, \
    s.seen_at, s.revoked_at FROM journey_shares s LEFT JOIN identity_users u ON u.id = s.user_id";

/// A client's links that are not revoked, the newest first.
pub async fn of_client(conn: &impl Conn, workspace: Workspace, client: Uuid) -> Result<Vec<ShareRow>> {
    let sql = format!(
        "{SELECT} WHERE s.workspace_id = $1 AND s.client_id = $2 AND s.revoked_at IS NULL \
         ORDER BY s.created_at DESC, s.id DESC LIMIT 50"
    );
    all_as(conn, &sql, vals![workspace.0, client]).await
}

/// Stores a link under the hash of its token.
pub async fn insert(tx: &Tx, hash: &Hash, share: &ShareRow, by: Option<Uuid>) -> Result<()> {
    tx.run(
        "INSERT INTO journey_shares (id, workspace_id, client_id, token_hash, stages, user_id, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        vals![
            share.id,
            share.workspace_id,
            share.client_id,
            hash.to_vec(),
            share.stages.clone(),
            by,
            share.created_at,
            share.expires_at
        ],
    )
    .await?;
    Ok(())
}

/// The link of a token, whatever has become of it.
pub async fn find(conn: &impl Conn, hash: &Hash) -> Result<Option<ShareRow>> {
    one_as(conn, &format!("{SELECT} WHERE s.token_hash = $1"), vals![hash.to_vec()]).await
}

/// Notes that a link was looked at.
pub async fn seen(tx: &Tx, workspace: Workspace, id: Uuid, at: DateTime<Utc>) -> Result<()> {
    let sql = "UPDATE journey_shares SET seen_at = $1 WHERE workspace_id = $2 AND id = $3";
    tx.run(sql, vals![at, workspace.0, id]).await?;
    Ok(())
}

/// Revokes a client's link; returns whether it could still be used.
pub async fn revoke(tx: &Tx, workspace: Workspace, client: Uuid, id: Uuid, at: DateTime<Utc>) -> Result<bool> {
    let sql = "UPDATE journey_shares SET revoked_at = $1 WHERE workspace_id = $2 AND client_id = $3 AND id = $4 \
        AND revoked_at IS NULL";
    Ok(tx.run(sql, vals![at, workspace.0, client, id]).await? > 0)
}
