//! Parents and children: who stands under whom.

use super::beliefs::{self, About, Belief};
use crate::clients::SCOPE;
use crate::growth;
use crate::{Conn, Result, Tx, Workspace, all, all_as, list, one, vals};
use chrono::{DateTime, NaiveDate, Utc};
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

/// The clients under some parents as of a day, in the order of their external ids. Those that had left by then, as it was
/// known, and archived ones are left out.
pub async fn children_on(
    conn: &impl Conn,
    workspace: Workspace,
    parents: &[Uuid],
    (day, until): (NaiveDate, DateTime<Utc>),
) -> Result<Vec<Child>> {
    let mut out = Vec::new();
    let past = beliefs::any(conn, workspace, until).await?;
    for chunk in parents.chunks(400) {
        let mut found = under(conn, workspace, chunk).await?;
        if past {
            adopt(conn, workspace, chunk, until, &mut found).await?;
        }
        out.extend(found);
    }
    let ids: Vec<Uuid> = out.iter().map(|child| child.id).collect();
    let left = growth::known::left(conn, workspace, &ids, day).await?;
    // Who tries again, or pauses, is there without paying.
    out.retain(|child| !(left.contains_key(&child.id) && matches!(child.status.as_str(), "active" | "churned")));
    Ok(out)
}

async fn under(conn: &impl Conn, workspace: Workspace, parents: &[Uuid]) -> Result<Vec<Child>> {
    let mut values = vals![workspace.0];
    values.extend(parents.iter().map(|id| Value::from(*id)));
    let sql = format!(
        "SELECT id, parent_id, external_id, name, status, mrr_cents, health, health_class FROM clients c \
         WHERE parent_id IN ({}) AND {SCOPE} AND status NOT IN ('archived', 'deleted') \
         ORDER BY parent_id, external_id",
        list(2, parents.len())
    );
    all_as::<Child>(conn, &sql, values).await
}

/// Puts clients back under the parents under which they stood at an instant.
async fn adopt(
    conn: &impl Conn,
    workspace: Workspace,
    parents: &[Uuid],
    until: DateTime<Utc>,
    found: &mut Vec<Child>,
) -> Result<()> {
    let stood = async |column: &str, ids: &[Uuid]| -> Result<Vec<(Uuid, Uuid)>> {
        let mut out = Vec::new();
        for chunk in ids.chunks(400) {
            let mut values = vals![workspace.0, until];
            values.extend(chunk.iter().map(|id| Value::from(*id)));
            let sql = format!(
                "SELECT client_id, source_id FROM health_beliefs WHERE workspace_id = $1 AND about = 'parent' \
                 AND COALESCE(until_at, $2) >= $2 AND {column} IN ({}) ORDER BY until_at",
                list(3, chunk.len())
            );
            for row in all(conn, &sql, values).await? {
                out.push((row.try_get("", "client_id")?, row.try_get("", "source_id")?));
            }
        }
        Ok(out)
    };
    let mut maybe: Vec<Uuid> = stood("source_id", parents).await?.into_iter().map(|(client, _)| client).collect();
    maybe.extend(found.iter().map(|child| child.id));
    maybe.sort_unstable();
    maybe.dedup();
    let mut then: HashMap<Uuid, Uuid> = HashMap::new();
    for (client, parent) in stood("client_id", &maybe).await? {
        // The first to end is the one that stood.
        then.entry(client).or_insert(parent);
    }
    let back: Vec<Uuid> = then.iter().filter(|(_, parent)| parents.contains(parent)).map(|(id, _)| *id).collect();
    found.retain(|child| !then.contains_key(&child.id));
    for chunk in back.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT id, id AS parent_id, external_id, name, status, mrr_cents, health, health_class FROM clients c \
             WHERE id IN ({}) AND {SCOPE} AND status NOT IN ('archived', 'deleted')",
            list(2, chunk.len())
        );
        let children = all_as::<Child>(conn, &sql, values).await?;
        found.extend(children.into_iter().filter_map(|c| Some(Child { parent_id: *then.get(&c.id)?, ..c })));
    }
    found.sort_by(|a, b| (a.parent_id, &a.external_id).cmp(&(b.parent_id, &b.external_id)));
    Ok(())
}

/// Puts a client under a parent, or under nobody. Where it stood is kept.
pub async fn set_parent(
    tx: &Tx,
    workspace: Workspace,
    client: Uuid,
    parent: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<()> {
    let sql = "SELECT parent_id FROM clients WHERE workspace_id = $1 AND id = $2";
    let before: Option<Uuid> = match one(tx, sql, vals![workspace.0, client]).await? {
        Some(row) => row.try_get("", "parent_id")?,
        None => return Ok(()),
    };
    if before == parent {
        return Ok(());
    }
    // Of two moves at one instant the first is kept: where it stood in between nobody believed.
    let sql = "SELECT 1 AS n FROM health_beliefs WHERE workspace_id = $1 AND client_id = $2 AND about = 'parent' AND until_at = $3";
    if one(tx, sql, vals![workspace.0, client, essor_domain::time::micros(now)]).await?.is_none() {
        let about = (About::Parent, before.unwrap_or_else(Uuid::nil));
        beliefs::keep(tx, workspace, vec![Belief::of(client, about, now, &serde_json::json!({}))]).await?;
    }
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
