//! Key actions: which of a client's are done, and the tasks that stand for them.

use crate::{Conn, Result, Tx, Workspace, all, all_as, list, vals};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{FromQueryResult, Value};
use std::collections::HashMap;
use uuid::Uuid;

/// A key action of a client, with what has become of its task.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct ActionRow {
    pub client_id: Uuid,
    pub stage: String,
    pub action: String,
    pub task_id: Option<Uuid>,
    pub due: Option<NaiveDate>,
    pub done_on: Option<NaiveDate>,
    /// Of the task: its day, which people may move; whether it was taken away; when it was done; whose it is.
    pub task_due: Option<NaiveDate>,
    pub task_gone: Option<DateTime<Utc>>,
    pub task_done: Option<DateTime<Utc>>,
    pub owner_name: Option<String>,
}

impl ActionRow {
    /// One that has no task and is not done.
    pub fn new(client_id: Uuid, stage: &str, action: &str) -> ActionRow {
        ActionRow {
            client_id,
            stage: stage.to_owned(),
            action: action.to_owned(),
            task_id: None,
            due: None,
            done_on: None,
            task_due: None,
            task_gone: None,
            task_done: None,
            owner_name: None,
        }
    }
}

/// The key actions of some clients.
pub async fn of_clients(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
) -> Result<HashMap<Uuid, Vec<ActionRow>>> {
    let mut out: HashMap<Uuid, Vec<ActionRow>> = HashMap::new();
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT a.client_id, a.stage, a.action, a.task_id, a.due, a.done_on, t.due AS task_due, \
             t.deleted_at AS task_gone, t.done_at AS task_done, u.name AS owner_name FROM journey_actions a \
             LEFT JOIN tasks t ON t.id = a.task_id LEFT JOIN identity_users u ON u.id = t.owner_id \
             WHERE a.workspace_id = $1 AND a.client_id IN ({}) ORDER BY a.client_id, a.stage, a.action",
            list(2, chunk.len())
        );
        for row in all_as::<ActionRow>(conn, &sql, values).await? {
            out.entry(row.client_id).or_default().push(row);
        }
    }
    Ok(out)
}

/// Writes key actions.
pub async fn save(tx: &Tx, workspace: Workspace, items: &[ActionRow]) -> Result<()> {
    let rows = items
        .iter()
        .map(|a| vals![workspace.0, a.client_id, a.stage.as_str(), a.action.as_str(), a.task_id, a.due, a.done_on])
        .collect();
    tx.insert_many(
        "INSERT INTO journey_actions (workspace_id, client_id, stage, action, task_id, due, done_on)",
        " ON CONFLICT (workspace_id, client_id, stage, action) DO UPDATE SET task_id = excluded.task_id, \
         due = excluded.due, done_on = excluded.done_on",
        rows,
    )
    .await?;
    Ok(())
}

/// Forgets a client's key actions: its journey begins anew.
pub async fn clear(tx: &Tx, workspace: Workspace, client: Uuid) -> Result<()> {
    let sql = "DELETE FROM journey_actions WHERE workspace_id = $1 AND client_id = $2";
    tx.run(sql, vals![workspace.0, client]).await?;
    Ok(())
}

/// The keys of the actions that are done, by client.
pub async fn done_of(conn: &impl Conn, workspace: Workspace, clients: &[Uuid]) -> Result<HashMap<Uuid, Vec<String>>> {
    let mut out: HashMap<Uuid, Vec<String>> = HashMap::new();
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT DISTINCT client_id, action FROM journey_actions WHERE workspace_id = $1 AND done_on IS NOT NULL \
             AND client_id IN ({}) ORDER BY client_id, action",
            list(2, chunk.len())
        );
        for row in all(conn, &sql, values).await? {
            out.entry(row.try_get("", "client_id")?).or_default().push(row.try_get("", "action")?);
        }
    }
    Ok(out)
}
