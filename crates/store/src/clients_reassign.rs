//! The clients that somebody is in charge of, and the tasks that go with them to colleagues and come back.

use crate::{Conn, Result, Tx, Workspace, all, all_as, list, vals};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{FromQueryResult, Value};
use serde_json::Value as Json;
use std::collections::HashMap;
use uuid::Uuid;

/// A client that somebody is in charge of.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Held {
    pub id: Uuid,
    pub mrr_cents: i64,
    pub segment: Option<String>,
}

/// The clients whose person in charge is written in one of some folded ways; archived and deleted ones stay where they are.
pub async fn book(conn: &impl Conn, workspace: Workspace, keys: &[String]) -> Result<Vec<Held>> {
    let mut values = vals![workspace.0, "deleted"];
    values.extend(keys.iter().map(|key| Value::from(key.as_str())));
    let sql = format!(
        "SELECT id, mrr_cents, segment FROM clients WHERE workspace_id = $1 AND status NOT IN ('archived', $2) AND owner_key IN ({}) ORDER BY id",
        list(3, keys.len())
    );
    all_as(conn, &sql, values).await
}

/// How many clients each person is in charge of and what those pay a month, by the folded word that stands for them.
pub async fn holdings(conn: &impl Conn, workspace: Workspace) -> Result<HashMap<String, (i64, i64)>> {
    let sql = "SELECT owner_key, COUNT(*) AS n, CAST(SUM(mrr_cents) AS BIGINT) AS mrr FROM clients \
        WHERE workspace_id = $1 AND status NOT IN ('archived', 'deleted') AND owner_key IS NOT NULL GROUP BY owner_key";
    let rows = all(conn, sql, vals![workspace.0]).await?;
    rows.iter()
        .map(|row| Ok((row.try_get("", "owner_key")?, (row.try_get("", "n")?, row.try_get("", "mrr")?))))
        .collect()
}

/// A person with open tasks, a member or not any more.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Busy {
    pub id: Uuid,
    pub name: String,
    pub email: String,
}

/// The people that have open tasks.
pub async fn busy(conn: &impl Conn, workspace: Workspace) -> Result<Vec<Busy>> {
    let sql = "SELECT u.id, u.name, u.email FROM identity_users u WHERE u.id IN (SELECT t.owner_id FROM tasks t \
        WHERE t.workspace_id = $1 AND t.done_at IS NULL AND t.deleted_at IS NULL) ORDER BY u.id";
    all_as(conn, sql, vals![workspace.0]).await
}

/// Somebody's open tasks with their clients, in order.
pub async fn open_tasks(conn: &impl Conn, workspace: Workspace, user: Uuid) -> Result<Vec<(Uuid, Option<Uuid>)>> {
    let sql = "SELECT id, client_id FROM tasks WHERE workspace_id = $1 AND owner_id = $2 AND done_at IS NULL \
        AND deleted_at IS NULL ORDER BY id";
    let rows = all(conn, sql, vals![workspace.0, user]).await?;
    rows.iter().map(|row| Ok((row.try_get("", "id")?, row.try_get("", "client_id")?))).collect()
}

/// Gives open tasks from one person to another and keeps that a run did; returns those that it moved.
pub async fn move_tasks(
    tx: &Tx,
    workspace: Workspace,
    run: Uuid,
    (from, to): (Uuid, Uuid),
    tasks: &[Uuid],
    at: DateTime<Utc>,
) -> Result<()> {
    for chunk in tasks.chunks(400) {
        let mut values = vals![workspace.0, from, to, at];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "UPDATE tasks SET owner_id = $3, updated_at = $4 WHERE COALESCE(workspace_id, id) = $1 AND owner_id = $2 \
             AND done_at IS NULL AND deleted_at IS NULL AND id IN ({}) RETURNING id",
            list(5, chunk.len())
        );
        let moved = all(tx, &sql, values).await?;
        let mut rows = Vec::with_capacity(moved.len());
        for row in &moved {
            rows.push(vals![workspace.0, run, row.try_get::<Uuid>("", "id")?, from, to]);
        }
        let head = "INSERT INTO clients_bulk_tasks (workspace_id, run_id, task_id, from_user, to_user)";
        tx.insert_many(head, " ON CONFLICT (workspace_id, run_id, task_id) DO NOTHING", rows).await?;
    }
    Ok(())
}

/// Gives back the tasks that a run moved and that are still open with whom it gave them to.
pub async fn return_tasks(tx: &Tx, workspace: Workspace, run: Uuid, at: DateTime<Utc>) -> Result<u64> {
    tx.run(
        "UPDATE tasks SET owner_id = b.from_user, updated_at = $3 FROM clients_bulk_tasks b \
         WHERE b.workspace_id = $1 AND b.run_id = $2 AND tasks.id = b.task_id AND tasks.owner_id = b.to_user \
         AND tasks.done_at IS NULL AND tasks.deleted_at IS NULL",
        vals![workspace.0, run, at],
    )
    .await
}

/// How many tasks a run moved to each person.
pub async fn moved_tasks(conn: &impl Conn, workspace: Workspace, run: Uuid) -> Result<HashMap<Uuid, i64>> {
    let sql = "SELECT to_user, COUNT(*) AS n FROM clients_bulk_tasks WHERE workspace_id = $1 AND run_id = $2 GROUP BY to_user";
    let rows = all(conn, sql, vals![workspace.0, run]).await?;
    rows.iter().map(|row| Ok((row.try_get("", "to_user")?, row.try_get("", "n")?))).collect()
}

/// Notes to whom each client of a run is to go, before it begins.
pub async fn plan(tx: &Tx, workspace: Workspace, run: Uuid, clients: &[(Uuid, &str)]) -> Result<()> {
    let rows = clients
        .iter()
        .map(|(client, to)| vals![workspace.0, run, "waiting", *client, Some(Json::String((*to).to_owned()))])
        .collect();
    let head = "INSERT INTO clients_bulk_rows (workspace_id, run_id, outcome, client_id, after_value)";
    tx.insert_many(head, " ON CONFLICT (workspace_id, run_id, client_id) DO NOTHING", rows).await?;
    Ok(())
}

/// How many clients a run gave to each person, by the word that it wrote.
pub async fn given(conn: &impl Conn, workspace: Workspace, run: Uuid) -> Result<Vec<(Json, i64)>> {
    let sql = "SELECT after_value, COUNT(*) AS n FROM clients_bulk_rows WHERE workspace_id = $1 AND run_id = $2 \
        AND outcome = 'changed' GROUP BY after_value";
    let rows = all(conn, sql, vals![workspace.0, run]).await?;
    rows.iter().map(|row| Ok((row.try_get("", "after_value")?, row.try_get("", "n")?))).collect()
}

/// Notes on which day a run is taken back by itself, or that it no longer is.
pub async fn set_return(tx: &Tx, workspace: Workspace, run: Uuid, day: Option<NaiveDate>) -> Result<()> {
    let sql = "UPDATE clients_bulk_runs SET returns_on = $3 WHERE workspace_id = $1 AND id = $2";
    tx.run(sql, vals![workspace.0, run, day]).await?;
    Ok(())
}

/// The finished runs of a workspace whose day of return has come.
pub async fn due(conn: &impl Conn, workspace: Workspace, today: NaiveDate) -> Result<Vec<Uuid>> {
    let sql =
        "SELECT id FROM clients_bulk_runs WHERE returns_on <= $2 AND workspace_id = $1 AND state = 'done' ORDER BY id";
    all(conn, sql, vals![workspace.0, today]).await?.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
}
