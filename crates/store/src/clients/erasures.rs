//! What was erased, and the digests by which the erased are known again.

use crate::{Conn, Result, Tx, Workspace, all, all_as, list, one, one_as, vals};
use chrono::{DateTime, Utc};
use sea_orm::{FromQueryResult, Value};
use serde_json::Value as Json;
use uuid::Uuid;

/// A salt or a digest.
pub type Bytes32 = [u8; 32];

/// An erasure as stored.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Erasure {
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub kind: String,
    pub at: DateTime<Utc>,
    pub certificate: Json,
    pub refused: i64,
    pub refused_at: Option<DateTime<Utc>>,
    pub allowed_at: Option<DateTime<Utc>>,
}

const SELECT: &str =
    "SELECT id, workspace_id, kind, at, certificate, refused, refused_at, allowed_at FROM clients_erasures";

/// One erasure.
pub async fn get(conn: &impl Conn, workspace: Workspace, id: Uuid) -> Result<Option<Erasure>> {
    one_as(conn, &format!("{SELECT} WHERE workspace_id = $1 AND id = $2"), vals![workspace.0, id]).await
}

/// A page of erasures, the newest first.
pub async fn page(
    conn: &impl Conn,
    workspace: Workspace,
    before: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<Erasure>> {
    let mut values = vals![workspace.0];
    let mut sql = format!("{SELECT} WHERE workspace_id = $1");
    if let Some((at, id)) = before {
        values.extend(vals![at, id]);
        sql.push_str(" AND (at, id) < ($2, $3)");
    }
    values.push(limit.into());
    sql.push_str(&format!(" ORDER BY at DESC, id DESC LIMIT ${}", values.len()));
    all_as(conn, &sql, values).await
}

/// All erasures of all workspaces. Crosses workspaces: the file beside the database is kept in step with them.
pub async fn all_of_all(conn: &impl Conn) -> Result<Vec<Erasure>> {
    all_as(conn, &format!("{SELECT} ORDER BY at, id"), vals![]).await
}

/// Stores an erasure with its digests under a salt. One that is known already is left.
pub async fn insert(tx: &Tx, workspace: Workspace, e: &Erasure, salt: &Bytes32, digests: &[Bytes32]) -> Result<()> {
    tx.run(
        "INSERT INTO clients_erasures (id, workspace_id, kind, at, certificate, refused, refused_at, allowed_at) \
         VALUES ($1, $2, $3, $4, $5, 0, NULL, $6) ON CONFLICT (id) DO NOTHING",
        vals![e.id, workspace.0, e.kind.as_str(), e.at, e.certificate.clone(), e.allowed_at],
    )
    .await?;
    tx.run(
        "INSERT INTO clients_erasure_salts (workspace_id, salt) VALUES ($1, $2) ON CONFLICT (workspace_id, salt) DO NOTHING",
        vals![workspace.0, salt.to_vec()],
    )
    .await?;
    let rows = digests.iter().map(|digest| vals![workspace.0, digest.to_vec(), e.id]).collect();
    // Erased again after it was allowed: the newest erasure is the one that stands.
    let tail = " ON CONFLICT (workspace_id, digest) DO UPDATE SET erasure_id = excluded.erasure_id";
    tx.insert_many("INSERT INTO clients_tombstones (workspace_id, digest, erasure_id)", tail, rows).await?;
    Ok(())
}

/// The salts of a workspace: none before its first erasure, and seldom more than one.
pub async fn salts(conn: &impl Conn, workspace: Workspace) -> Result<Vec<Bytes32>> {
    let sql = "SELECT salt FROM clients_erasure_salts WHERE workspace_id = $1 ORDER BY salt";
    let rows = all(conn, sql, vals![workspace.0]).await?;
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        out.extend(Bytes32::try_from(row.try_get::<Vec<u8>>("", "salt")?));
    }
    Ok(out)
}

/// The digests of an erasure.
pub async fn digests(conn: &impl Conn, workspace: Workspace, erasure: Uuid) -> Result<Vec<Bytes32>> {
    let sql = "SELECT digest FROM clients_tombstones WHERE workspace_id = $1 AND erasure_id = $2 ORDER BY digest";
    let mut out = Vec::new();
    for row in all(conn, sql, vals![workspace.0, erasure]).await? {
        out.extend(Bytes32::try_from(row.try_get::<Vec<u8>>("", "digest")?));
    }
    Ok(out)
}

/// Which of some digests are of the erased, with their erasures: those that were allowed again are left out.
pub async fn standing(conn: &impl Conn, workspace: Workspace, digests: &[Bytes32]) -> Result<Vec<(Bytes32, Uuid)>> {
    let mut out = Vec::new();
    for chunk in digests.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|digest| Value::from(digest.to_vec())));
        let sql = format!(
            "SELECT t.digest, t.erasure_id FROM clients_tombstones t JOIN clients_erasures e ON e.id = t.erasure_id \
             WHERE t.workspace_id = $1 AND e.allowed_at IS NULL AND t.digest IN ({})",
            list(2, chunk.len())
        );
        for row in all(conn, &sql, values).await? {
            let digest = Bytes32::try_from(row.try_get::<Vec<u8>>("", "digest")?);
            out.extend(digest.ok().zip(Some(row.try_get("", "erasure_id")?)));
        }
    }
    Ok(out)
}

/// Counts that a source named the erased again.
pub async fn refused(tx: &Tx, workspace: Workspace, erasure: Uuid, times: i64, at: DateTime<Utc>) -> Result<()> {
    let sql = "UPDATE clients_erasures SET refused = refused + $1, refused_at = $2 WHERE workspace_id = $3 AND id = $4";
    tx.run(sql, vals![times, at, workspace.0, erasure]).await?;
    Ok(())
}

/// Whether a client has a web domain.
pub async fn has_domain(conn: &impl Conn, workspace: Workspace, domain: &str) -> Result<bool> {
    let sql = "SELECT id FROM clients WHERE workspace_id = $1 AND domain = $2 LIMIT 1";
    Ok(one(conn, sql, vals![workspace.0, domain]).await?.is_some())
}

/// Lets the erased come back. False when they already may.
pub async fn allow(tx: &Tx, workspace: Workspace, id: Uuid, by: Option<Uuid>, at: DateTime<Utc>) -> Result<bool> {
    let sql = "UPDATE clients_erasures SET allowed_at = $1, allowed_by = $2 WHERE workspace_id = $3 AND id = $4 \
        AND allowed_at IS NULL";
    Ok(tx.run(sql, vals![at, by, workspace.0, id]).await? > 0)
}

/// A client or a person, as a digest is made of them.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Candidate {
    pub id: Uuid,
    pub external_id: String,
    pub email: Option<String>,
}

/// A page of all people of a workspace, or of all its clients, after an id: whom an erasure may be about.
pub async fn candidates(conn: &impl Conn, workspace: Workspace, clients: bool, after: Uuid) -> Result<Vec<Candidate>> {
    let what = if clients {
        "id, external_id, CAST(NULL AS TEXT) AS email FROM clients"
    } else {
        "id, external_id, email FROM clients_contacts"
    };
    let sql = format!("SELECT {what} WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT 2000");
    all_as(conn, &sql, vals![workspace.0, after]).await
}
