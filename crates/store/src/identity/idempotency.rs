//! Requests that carry an `Idempotency-Key`: the first one is done, the others get its answer.

use super::Hash;
use crate::{Conn, Result, Tx, Workspace, one_as, vals};
use chrono::{DateTime, Duration, Utc};
use sea_orm::FromQueryResult;

/// How long a key is kept.
pub const KEPT: Duration = Duration::hours(24);

/// After how long a request without an answer is taken to have died with its process.
const ABANDONED: Duration = Duration::minutes(5);

/// What a key says about a request.
#[derive(Debug, Clone, PartialEq)]
pub enum Begin {
    /// It is new: do it, then [`finish`] or [`forget`] it.
    Fresh,
    /// It was done: answer this again.
    Replay {
        /// The HTTP status of the answer.
        status: u16,
        /// The body of the answer.
        body: String,
    },
    /// The key came with another request.
    Mismatch,
    /// The same request is under way.
    InProgress,
}

#[derive(FromQueryResult)]
struct Row {
    request_hash: Vec<u8>,
    status: Option<i32>,
    body: Option<String>,
}

/// Reserves a key for a request. Commit before doing the work, so that a second request sees it.
pub async fn begin(tx: &Tx, workspace: Workspace, key: &str, request: &Hash, now: DateTime<Utc>) -> Result<Begin> {
    tx.run(
        "DELETE FROM identity_idempotency WHERE workspace_id = $1 AND key = $2
         AND (created_at <= $3 OR (status IS NULL AND created_at <= $4))",
        vals![workspace.0, key, now - KEPT, now - ABANDONED],
    )
    .await?;
    let fresh = tx
        .run(
            "INSERT INTO identity_idempotency (workspace_id, key, request_hash, created_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (workspace_id, key) DO NOTHING",
            vals![workspace.0, key, request.to_vec(), now],
        )
        .await?;
    if fresh > 0 { Ok(Begin::Fresh) } else { stored(tx, workspace, key, request).await }
}

async fn stored(conn: &impl Conn, workspace: Workspace, key: &str, request: &Hash) -> Result<Begin> {
    let sql = "SELECT request_hash, status, body FROM identity_idempotency WHERE workspace_id = $1 AND key = $2";
    Ok(match one_as::<Row>(conn, sql, vals![workspace.0, key]).await? {
        Some(row) if row.request_hash != request => Begin::Mismatch,
        Some(Row { status: Some(status), body, .. }) => {
            Begin::Replay { status: u16::try_from(status).unwrap_or(500), body: body.unwrap_or_default() }
        }
        _ => Begin::InProgress,
    })
}

/// Keeps the answer of a request.
pub async fn finish(tx: &Tx, workspace: Workspace, key: &str, request: &Hash, status: u16, body: &str) -> Result<()> {
    tx.run(
        "UPDATE identity_idempotency SET status = $4, body = $5
         WHERE workspace_id = $1 AND key = $2 AND request_hash = $3",
        vals![workspace.0, key, request.to_vec(), i32::from(status), body],
    )
    .await?;
    Ok(())
}

/// Gives a key back after a request that failed without having done anything: it may be tried again.
pub async fn forget(tx: &Tx, workspace: Workspace, key: &str, request: &Hash) -> Result<()> {
    tx.run(
        "DELETE FROM identity_idempotency WHERE workspace_id = $1 AND key = $2 AND request_hash = $3 AND status IS NULL",
        vals![workspace.0, key, request.to_vec()],
    )
    .await?;
    Ok(())
}

/// Deletes the keys that are too old, of all workspaces: retention. Returns how many.
pub async fn purge(tx: &Tx, now: DateTime<Utc>) -> Result<u64> {
    tx.run("DELETE FROM identity_idempotency WHERE created_at <= $1", vals![now - KEPT]).await
}
