//! One-time links: first set-up, sign-in, invitations.
//!
//! Finding and using a link crosses workspaces: the link is what says where its holder may go.

use super::Hash;
use crate::{Conn, Result, Tx, Workspace, all_as, one_as, vals};
use chrono::{DateTime, Duration, Utc};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// A link as stored, without its hash.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub struct LinkRow {
    /// Its id.
    pub id: Uuid,
    /// `setup`, `sign_in` or `invite`.
    pub purpose: String,
    /// Where it leads.
    pub workspace_id: Option<Uuid>,
    /// Whom it is for.
    pub email: Option<String>,
    /// The role that it gives.
    pub role: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it can be used.
    pub expires_at: DateTime<Utc>,
    /// When it was used.
    pub used_at: Option<DateTime<Utc>>,
    /// Who made it; the command line leaves none.
    pub created_by: Option<Uuid>,
}

const COLUMNS: &str = "id, purpose, workspace_id, email, role, created_at, expires_at, used_at, created_by";

/// How long an invitation is shown after it was accepted or ran out.
pub const SHOWN: Duration = Duration::days(30);

/// Stores a new link under the hash of its token.
pub async fn insert(tx: &Tx, hash: &Hash, row: &LinkRow) -> Result<()> {
    tx.run(
        "INSERT INTO identity_links
         (id, token_hash, purpose, workspace_id, email, role, created_at, expires_at, created_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        vals![
            row.id,
            hash.to_vec(),
            row.purpose.as_str(),
            row.workspace_id,
            row.email.clone(),
            row.role.clone(),
            row.created_at,
            row.expires_at,
            row.created_by
        ],
    )
    .await?;
    Ok(())
}

/// The link of a token, while it can be used; reading it does not use it.
pub async fn find(conn: &impl Conn, hash: &Hash, now: DateTime<Utc>) -> Result<Option<LinkRow>> {
    let sql =
        format!("SELECT {COLUMNS} FROM identity_links WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2");
    one_as(conn, &sql, vals![hash.to_vec(), now]).await
}

/// Uses a link: of any number of callers exactly one gets it.
pub async fn consume(tx: &Tx, hash: &Hash, now: DateTime<Utc>) -> Result<Option<LinkRow>> {
    let sql = format!(
        "UPDATE identity_links SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2
         RETURNING {COLUMNS}"
    );
    one_as(tx, &sql, vals![hash.to_vec(), now]).await
}

/// Withdraws the set-up links: a new one takes their place, or somebody has come another way.
pub async fn delete_setup(tx: &Tx) -> Result<()> {
    tx.run("DELETE FROM identity_links WHERE purpose = 'setup' AND used_at IS NULL", vals![]).await?;
    Ok(())
}

/// The invitations that wait, and those that were accepted or ran out lately; the newest first.
pub async fn invitations(conn: &impl Conn, workspace: Workspace, now: DateTime<Utc>) -> Result<Vec<LinkRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM identity_links
         WHERE workspace_id = $1 AND purpose = 'invite' AND expires_at > $2 AND (used_at IS NULL OR used_at > $2)
         ORDER BY created_at DESC, id DESC"
    );
    all_as(conn, &sql, vals![workspace.0, now - SHOWN]).await
}

/// An invitation, whatever has become of it.
pub async fn invitation(conn: &impl Conn, workspace: Workspace, id: Uuid) -> Result<Option<LinkRow>> {
    let sql =
        format!("SELECT {COLUMNS} FROM identity_links WHERE workspace_id = $1 AND id = $2 AND purpose = 'invite'");
    one_as(conn, &sql, vals![workspace.0, id]).await
}

/// Puts another link in the place of an invitation's; `false` when it was accepted meanwhile.
pub async fn renew(tx: &Tx, workspace: Workspace, id: Uuid, hash: &Hash, expires_at: DateTime<Utc>) -> Result<bool> {
    let sql = "UPDATE identity_links SET token_hash = $3, expires_at = $4
         WHERE workspace_id = $1 AND id = $2 AND purpose = 'invite' AND used_at IS NULL";
    Ok(tx.run(sql, vals![workspace.0, id, hash.to_vec(), expires_at]).await? > 0)
}

/// Withdraws an invitation; `None` when none of this id waits.
pub async fn delete_invitation(tx: &Tx, workspace: Workspace, id: Uuid) -> Result<Option<LinkRow>> {
    let sql = format!(
        "DELETE FROM identity_links WHERE workspace_id = $1 AND id = $2 AND purpose = 'invite' AND used_at IS NULL
         RETURNING {COLUMNS}"
    );
    one_as(tx, &sql, vals![workspace.0, id]).await
}

/// Withdraws the invitations of an address: a new one takes their place, or the person has become a member.
pub async fn delete_invitations_of(tx: &Tx, workspace: Workspace, email: &str) -> Result<()> {
    let sql =
        "DELETE FROM identity_links WHERE workspace_id = $1 AND email = $2 AND purpose = 'invite' AND used_at IS NULL";
    tx.run(sql, vals![workspace.0, email]).await?;
    Ok(())
}

/// Deletes the links that are over or were used before, invitations once they are no longer shown; returns how many.
pub async fn purge(tx: &Tx, now: DateTime<Utc>) -> Result<u64> {
    let sql = "DELETE FROM identity_links WHERE (purpose <> 'invite' AND (expires_at <= $1 OR used_at < $1))
         OR (purpose = 'invite' AND (expires_at <= $2 OR used_at <= $2))";
    tx.run(sql, vals![now, now - SHOWN]).await
}
