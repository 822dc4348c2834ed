//! Notifications as stored: what each member was told, what they want to be told, which alarms have gone off.

use crate::clients::SCOPE;
use crate::{Conn, Result, Tx, Workspace, all, all_as, list, one, vals};
use chrono::{DateTime, Utc};
use sea_orm::{FromQueryResult, Value};
use serde_json::Value as Json;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Something to tell a person.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct New {
    pub user_id: Uuid,
    pub kind: &'static str,
    pub client_id: Option<Uuid>,
    pub subject_id: Option<Uuid>,
    pub key: String,
    pub params: Json,
}

/// Stores what is new; an event that a person was told of already is left out. Returns how many were stored.
pub async fn insert(tx: &Tx, workspace: Workspace, items: &[New], at: DateTime<Utc>) -> Result<usize> {
    let mut seen = HashSet::new();
    let rows = items
        .iter()
        .filter(|item| seen.insert((item.user_id, item.key.as_str())))
        .map(|item| {
            vals![
                Uuid::now_v7(),
                workspace.0,
                item.user_id,
                item.kind,
                item.client_id,
                item.subject_id,
                item.key.as_str(),
                item.params.clone(),
                at,
            ]
        })
        .collect();
    let stored = tx
        .insert_many(
            "INSERT INTO notifications (id, workspace_id, user_id, kind, client_id, subject_id, key, params, created_at)",
            " ON CONFLICT (workspace_id, user_id, key) DO NOTHING RETURNING id",
            rows,
        )
        .await?;
    Ok(stored.len())
}

/// A notification as shown.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Shown {
    pub id: Uuid,
    pub kind: String,
    pub client_id: Option<Uuid>,
    pub client_name: Option<String>,
    pub subject_id: Option<Uuid>,
    pub params: Json,
    pub created_at: DateTime<Utc>,
    pub read_at: Option<DateTime<Utc>>,
}

/// A person's notifications, newest first, from before a cursor.
pub async fn page(
    conn: &impl Conn,
    workspace: Workspace,
    user: Uuid,
    before: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<Shown>> {
    let mut values = vals![workspace.0, user];
    let mut sql = String::from(
        "SELECT n.id, n.kind, n.client_id, c.name AS client_name, n.subject_id, n.params, n.created_at, n.read_at \
         FROM notifications n LEFT JOIN clients c ON c.id = n.client_id WHERE n.workspace_id = $1 AND n.user_id = $2",
    );
    if let Some((at, id)) = before {
        values.extend(vals![at, id]);
        sql.push_str(" AND (n.created_at, n.id) < ($3, $4)");
    }
    values.push(limit.into());
    sql.push_str(&format!(" ORDER BY n.created_at DESC, n.id DESC LIMIT ${}", values.len()));
    all_as(conn, &sql, values).await
}

/// How many a person has not read.
pub async fn unread(conn: &impl Conn, workspace: Workspace, user: Uuid) -> Result<i64> {
    let sql = "SELECT COUNT(*) AS n FROM notifications WHERE workspace_id = $1 AND user_id = $2 AND read_at IS NULL";
    Ok(one(conn, sql, vals![workspace.0, user]).await?.map_or(Ok(0), |row| row.try_get("", "n"))?)
}

/// Marks some of a person's notifications, or all with `ids` empty, as read at an instant or as unread.
pub async fn mark(
    tx: &Tx,
    workspace: Workspace,
    user: Uuid,
    ids: &[Uuid],
    read_at: Option<DateTime<Utc>>,
) -> Result<u64> {
    let mut values = vals![read_at, workspace.0, user];
    let mut sql = String::from("UPDATE notifications SET read_at = $1 WHERE workspace_id = $2 AND user_id = $3");
    // What was read earlier keeps its time.
    sql.push_str(if read_at.is_some() { " AND read_at IS NULL" } else { " AND read_at IS NOT NULL" });
    if !ids.is_empty() {
        sql.push_str(&format!(" AND id IN ({})", list(4, ids.len())));
        values.extend(ids.iter().map(|id| Value::from(*id)));
    }
    tx.run(&sql, values).await
}

/// Forgets what is older than an instant. Crosses workspaces: it is retention.
pub async fn purge(tx: &Tx, before: DateTime<Utc>) -> Result<u64> {
    tx.run("DELETE FROM notifications WHERE created_at < $1", vals![before]).await
}

/// The kinds that members turned on or off.
pub async fn preferences(conn: &impl Conn, workspace: Workspace) -> Result<HashMap<(Uuid, String), bool>> {
    let sql = "SELECT user_id, kind, in_app FROM notifications_preferences WHERE workspace_id = $1";
    all(conn, sql, vals![workspace.0])
        .await?
        .iter()
        .map(|row| Ok(((row.try_get("", "user_id")?, row.try_get("", "kind")?), row.try_get("", "in_app")?)))
        .collect()
}

/// Turns a kind on or off for a person.
pub async fn prefer(tx: &Tx, workspace: Workspace, user: Uuid, kind: &str, in_app: bool) -> Result<()> {
    tx.run(
        "INSERT INTO notifications_preferences (workspace_id, user_id, kind, in_app) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (workspace_id, user_id, kind) DO UPDATE SET in_app = excluded.in_app",
        vals![workspace.0, user, kind, in_app],
    )
    .await?;
    Ok(())
}

/// Lets the alarms of clients go off; returns those whose alarm had not.
pub async fn raise(tx: &Tx, workspace: Workspace, clients: &[Uuid], at: DateTime<Utc>) -> Result<HashSet<Uuid>> {
    let rows = clients.iter().map(|id| vals![workspace.0, *id, at]).collect();
    tx.insert_many(
        "INSERT INTO notifications_alarms (workspace_id, client_id, raised_at)",
        " ON CONFLICT (workspace_id, client_id) DO NOTHING RETURNING client_id",
        rows,
    )
    .await?
    .iter()
    .map(|row| Ok(row.try_get("", "client_id")?))
    .collect()
}

/// Sets the alarms of clients again.
pub async fn clear(tx: &Tx, workspace: Workspace, clients: &[Uuid]) -> Result<()> {
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let ids = list(2, chunk.len());
        tx.run(&format!("DELETE FROM notifications_alarms WHERE workspace_id = $1 AND client_id IN ({ids})"), values)
            .await?;
    }
    Ok(())
}

/// Clients whose alarm has gone off, the last first.
pub async fn alarms(conn: &impl Conn, workspace: Workspace, limit: i64) -> Result<Vec<Uuid>> {
    let sql = "SELECT client_id FROM notifications_alarms WHERE workspace_id = $1 ORDER BY raised_at DESC, client_id LIMIT $2";
    all(conn, sql, vals![workspace.0, limit]).await?.iter().map(|row| Ok(row.try_get("", "client_id")?)).collect()
}

/// Name and person in charge of some clients.
pub async fn in_charge(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
) -> Result<HashMap<Uuid, (String, Option<String>)>> {
    let mut out = HashMap::new();
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!("SELECT id, name, owner FROM clients c WHERE {SCOPE} AND id IN ({})", list(2, chunk.len()));
        for row in all(conn, &sql, values).await? {
            out.insert(row.try_get("", "id")?, (row.try_get("", "name")?, row.try_get("", "owner")?));
        }
    }
    Ok(out)
}
