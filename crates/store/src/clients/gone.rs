//! Clients that are gone: in the trash, or merged into another; and the external ids that lead to a survivor.

use super::{SCOPE, STATUS_SQL};
use crate::{Conn, Result, Tx, Workspace, all, all_as, list, one, vals};
use chrono::{DateTime, Utc};
use sea_orm::{FromQueryResult, Value};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Where a client went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Gone {
    pub deleted_at: Option<DateTime<Utc>>,
    pub merged_into: Option<Uuid>,
}

/// A client in the trash.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Trashed {
    pub id: Uuid,
    pub external_id: String,
    pub name: String,
    pub domain: Option<String>,
    pub deleted_at: DateTime<Utc>,
}

/// Whether a client is gone, and where to; none when there never was one.
pub async fn gone(conn: &impl Conn, workspace: Workspace, id: Uuid) -> Result<Option<Gone>> {
    let sql = "SELECT deleted_at, merged_into FROM clients WHERE workspace_id = $1 AND id = $2";
    crate::one_as(conn, sql, vals![workspace.0, id]).await
}

/// Those of some clients that are gone.
pub async fn gone_of(conn: &impl Conn, workspace: Workspace, clients: &[Uuid]) -> Result<HashSet<Uuid>> {
    let mut out = HashSet::new();
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let ids = list(2, chunk.len());
        let sql = format!("SELECT c.id FROM clients c WHERE {SCOPE} AND c.deleted_at IS NOT NULL AND c.id IN ({ids})");
        for row in all(conn, &sql, values).await? {
            out.insert(row.try_get("", "id")?);
        }
    }
    Ok(out)
}

/// Puts a client where `gone` says, or gives it back. What is derived of its subscriptions is the caller's to compute.
pub async fn set_gone(tx: &Tx, workspace: Workspace, id: Uuid, gone: Gone) -> Result<()> {
    let sql = "UPDATE clients SET deleted_at = $1, merged_into = $2 WHERE workspace_id = $3 AND id = $4";
    tx.run(sql, vals![gone.deleted_at, gone.merged_into, workspace.0, id]).await?;
    let sql = format!("UPDATE clients SET status = {STATUS_SQL} WHERE workspace_id = $1 AND id = $2");
    tx.run(&sql, vals![workspace.0, id]).await?;
    Ok(())
}

/// A page of the trash, the last thrown away first.
pub async fn trash(
    conn: &impl Conn,
    workspace: Workspace,
    before: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<Trashed>> {
    let mut values = vals![workspace.0];
    let mut sql = String::from(
        "SELECT id, external_id, name, domain, deleted_at FROM clients WHERE workspace_id = $1 \
         AND deleted_at IS NOT NULL AND merged_into IS NULL",
    );
    if let Some((at, id)) = before {
        values.extend(vals![at, id]);
        sql.push_str(" AND (deleted_at, id) < ($2, $3)");
    }
    values.push(limit.into());
    sql.push_str(&format!(" ORDER BY deleted_at DESC, id DESC LIMIT ${}", values.len()));
    all_as(conn, &sql, values).await
}

/// Clients that were thrown away before an instant: workspace and id. Crosses workspaces: it is retention.
pub async fn thrown_away_before(conn: &impl Conn, before: DateTime<Utc>) -> Result<Vec<(Uuid, Uuid)>> {
    let sql =
        "SELECT workspace_id, id FROM clients WHERE deleted_at < $1 AND merged_into IS NULL ORDER BY id LIMIT 100";
    all(conn, sql, vals![before])
        .await?
        .iter()
        .map(|row| Ok((row.try_get("", "workspace_id")?, row.try_get("", "id")?)))
        .collect()
}

/// The clients that were merged into one, and into those.
pub async fn merged_into(conn: &impl Conn, workspace: Workspace, id: Uuid) -> Result<Vec<Uuid>> {
    let mut out = vec![id];
    let mut at = 0;
    while let Some(into) = out.get(at).copied() {
        let sql = "SELECT id FROM clients c WHERE COALESCE(c.workspace_id, c.id) = $1 AND c.merged_into = $2";
        for row in all(conn, sql, vals![workspace.0, into]).await? {
            out.push(row.try_get("", "id")?);
        }
        at += 1;
    }
    out.remove(0);
    Ok(out)
}

/// The clients that external ids of merged ones stand for: id and external id of the survivor, by the alias.
pub async fn aliases(
    conn: &impl Conn,
    workspace: Workspace,
    external_ids: &[&str],
) -> Result<HashMap<String, (Uuid, String)>> {
    let mut out = HashMap::new();
    for chunk in external_ids.chunks(400) {
        let sql = format!(
            "SELECT a.external_id, c.id, c.external_id AS survivor FROM clients_aliases a \
             JOIN clients c ON c.id = a.client_id WHERE a.workspace_id = $1 AND a.external_id IN ({})",
            list(2, chunk.len())
        );
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        for row in all(conn, &sql, values).await? {
            out.insert(row.try_get("", "external_id")?, (row.try_get("", "id")?, row.try_get("", "survivor")?));
        }
    }
    Ok(out)
}

/// Lets an external id lead to a client.
pub async fn add_alias(tx: &Tx, workspace: Workspace, external_id: &str, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    tx.run(
        "INSERT INTO clients_aliases (workspace_id, external_id, client_id, created_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (workspace_id, external_id) DO UPDATE SET client_id = excluded.client_id",
        vals![workspace.0, external_id, id, now],
    )
    .await?;
    Ok(())
}

/// Writes what sources say of a client besides its fields.
pub async fn set_traits(tx: &Tx, workspace: Workspace, id: Uuid, traits: &serde_json::Value) -> Result<()> {
    let sql = "UPDATE clients SET traits = $1 WHERE workspace_id = $2 AND id = $3";
    tx.run(sql, vals![traits.clone(), workspace.0, id]).await?;
    Ok(())
}

/// The external ids that lead to a client.
pub async fn aliases_of(conn: &impl Conn, workspace: Workspace, id: Uuid) -> Result<Vec<String>> {
    let sql = "SELECT external_id FROM clients_aliases WHERE workspace_id = $1 AND client_id = $2 ORDER BY external_id";
    all(conn, sql, vals![workspace.0, id]).await?.iter().map(|row| Ok(row.try_get("", "external_id")?)).collect()
}

/// How often clients and people of a workspace went another way than messages say.
pub async fn epoch(conn: &impl Conn, workspace: Workspace) -> Result<i64> {
    let row = one(conn, "SELECT clients_epoch FROM identity_workspaces WHERE id = $1", vals![workspace.0]).await?;
    Ok(row.map_or(Ok(0), |row| row.try_get("", "clients_epoch"))?)
}

/// Makes writers forget what they remember of clients and people.
pub async fn raise_epoch(tx: &Tx, workspace: Workspace) -> Result<()> {
    tx.run("UPDATE identity_workspaces SET clients_epoch = clients_epoch + 1 WHERE id = $1", vals![workspace.0])
        .await?;
    Ok(())
}
