//! Milestones of clients.

use crate::{Conn, Result, Tx, Workspace, all_as, list, vals};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{FromQueryResult, Value};
use serde_json::Value as Json;
use std::collections::HashMap;
use uuid::Uuid;

/// A milestone.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct MilestoneRow {
    pub id: Uuid,
    pub client_id: Uuid,
    pub key: Option<String>,
    pub stage: Option<String>,
    pub title: Json,
    pub due: NaiveDate,
    pub impact: String,
    pub critical: bool,
    pub completed_on: Option<NaiveDate>,
}

/// The milestones of some clients, by day.
pub async fn of_clients(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
) -> Result<HashMap<Uuid, Vec<MilestoneRow>>> {
    let mut out: HashMap<Uuid, Vec<MilestoneRow>> = HashMap::new();
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT id, client_id, key, stage, title, due, impact, critical, completed_on FROM journey_milestones \
             WHERE workspace_id = $1 AND client_id IN ({}) ORDER BY client_id, due, id",
            list(2, chunk.len())
        );
        for row in all_as::<MilestoneRow>(conn, &sql, values).await? {
            out.entry(row.client_id).or_default().push(row);
        }
    }
    Ok(out)
}

/// Writes milestones.
pub async fn save(tx: &Tx, workspace: Workspace, items: &[MilestoneRow], at: DateTime<Utc>) -> Result<()> {
    let rows = items
        .iter()
        .map(|m| {
            vals![
                m.id,
                workspace.0,
                m.client_id,
                m.key.clone(),
                m.stage.clone(),
                m.title.clone(),
                m.due,
                m.impact.as_str(),
                m.critical,
                m.completed_on,
                at,
            ]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO journey_milestones (id, workspace_id, client_id, key, stage, title, due, impact, critical, \
         completed_on, created_at)",
        " ON CONFLICT (id) DO UPDATE SET title = excluded.title, due = excluded.due, impact = excluded.impact, \
         critical = excluded.critical, completed_on = excluded.completed_on",
        rows,
    )
    .await?;
    Ok(())
}

/// Takes a client's milestone away; returns whether it was there.
pub async fn delete(tx: &Tx, workspace: Workspace, client: Uuid, id: Uuid) -> Result<bool> {
    let sql = "DELETE FROM journey_milestones WHERE workspace_id = $1 AND client_id = $2 AND id = $3";
    Ok(tx.run(sql, vals![workspace.0, client, id]).await? > 0)
}

/// Takes away what a client's template made: its journey begins anew.
pub async fn clear(tx: &Tx, workspace: Workspace, client: Uuid) -> Result<()> {
    let sql = "DELETE FROM journey_milestones WHERE workspace_id = $1 AND client_id = $2 AND key IS NOT NULL";
    tx.run(sql, vals![workspace.0, client]).await?;
    Ok(())
}
