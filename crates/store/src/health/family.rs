//! Parents and children: who stands under whom.

use crate::clients::{OF_CLIENTS, SCOPE};
use crate::{Conn, Result, Tx, Workspace, all, all_as, list, one, vals};
use sea_orm::{FromQueryResult, Value};
use std::collections::HashMap;
use uuid::Uuid;

/// A client under a parent.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Child {
    pub id: Uuid,
    pub parent_id: Uuid,
    pub external_id: String,
    pub name: String,
    pub status: String,
    pub mrr_cents: i64,
    pub health: Option<i32>,
    pub health_class: String,
}

/// The clients under some parents, churned and archived ones left out, in the order of their external ids: sums must
/// not depend on internal ids.
pub async fn children(conn: &impl Conn, workspace: Workspace, parents: &[Uuid]) -> Result<Vec<Child>> {
    let mut out = Vec::new();
    for chunk in parents.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT id, parent_id, external_id, name, status, mrr_cents, health, health_class FROM clients c \
             WHERE parent_id IN ({}) AND {SCOPE} AND status NOT IN ('churned', 'archived', 'deleted') \
             ORDER BY parent_id, external_id",
            list(2, chunk.len())
        );
        out.extend(all_as::<Child>(conn, &sql, values).await?);
    }
    Ok(out)
}

/// The parents of some clients, each once.
pub async fn parents_of(conn: &impl Conn, workspace: Workspace, clients: &[Uuid]) -> Result<Vec<Uuid>> {
    let mut out = Vec::new();
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT DISTINCT parent_id FROM clients c WHERE {SCOPE} AND id IN ({}) AND parent_id IS NOT NULL",
            list(2, chunk.len())
        );
        for row in all(conn, &sql, values).await? {
            out.push(row.try_get("", "parent_id")?);
        }
    }
    out.sort_unstable();
    out.dedup();
    Ok(out)
}

/// All parents of the workspace: client to parent.
pub async fn all_parents(conn: &impl Conn, workspace: Workspace) -> Result<HashMap<Uuid, Uuid>> {
    all(conn, "SELECT id, parent_id FROM clients WHERE workspace_id = $1 AND parent_id IS NOT NULL", vals![workspace.0])
        .await?
        .iter()
        .map(|row| Ok((row.try_get("", "id")?, row.try_get("", "parent_id")?)))
        .collect()
}

/// Puts a client under a parent, or under nobody.
pub async fn set_parent(tx: &Tx, workspace: Workspace, client: Uuid, parent: Option<Uuid>) -> Result<()> {
    tx.run("UPDATE clients SET parent_id = $1 WHERE workspace_id = $2 AND id = $3", vals![parent, workspace.0, client])
        .await?;
    Ok(())
}

/// A client's parent: id and name.
pub async fn parent(conn: &impl Conn, workspace: Workspace, client: Uuid) -> Result<Option<(Uuid, String)>> {
    let sql = "SELECT p.id, p.name FROM clients c JOIN clients p ON p.id = c.parent_id AND p.workspace_id = $1 AND p.status <> 'deleted' \
        WHERE c.workspace_id = $1 AND c.id = $2";
    match one(conn, sql, vals![workspace.0, client]).await? {
        Some(row) => Ok(Some((row.try_get("", "id")?, row.try_get("", "name")?))),
        None => Ok(None),
    }
}

/// How many champions some clients have, and when the last one left, as of a day; contacts that came later are not
/// counted. Clients that never had one are absent.
pub async fn champions(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
    day: chrono::NaiveDate,
    until: chrono::DateTime<chrono::Utc>,
) -> Result<HashMap<Uuid, (i64, Option<chrono::NaiveDate>)>> {
    let mut values = vals![workspace.0, day, until];
    values.extend(clients.iter().map(|id| Value::from(*id)));
    let sql = format!(
        "SELECT client_id, COUNT(CASE WHEN left_on IS NULL OR left_on > $2 THEN 1 END) AS present, \
         MAX(CASE WHEN left_on <= $2 THEN left_on END) AS left_on FROM clients_contacts WHERE {OF_CLIENTS} \
         AND client_id IN ({}) AND LOWER(role) = 'champion' AND deleted_at IS NULL AND created_at < $3 GROUP BY client_id",
        list(4, clients.len())
    );
    all(conn, &sql, values)
        .await?
        .iter()
        .map(|row| Ok((row.try_get("", "client_id")?, (row.try_get("", "present")?, row.try_get("", "left_on")?))))
        .collect()
}
