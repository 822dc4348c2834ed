//! Delay alerts: those that last, and those that are over.

use crate::{Conn, Result, Tx, Workspace, all, all_as, list, vals};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{FromQueryResult, Value};
use serde_json::Value as Json;
use std::collections::HashMap;
use uuid::Uuid;

/// An alert.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct AlertRow {
    pub id: Uuid,
    pub client_id: Uuid,
    pub client_name: String,
    pub kind: String,
    pub subject: String,
    pub detail: Json,
    pub raised_on: NaiveDate,
    pub resolved_on: Option<NaiveDate>,
}

const SELECT: &str = "SELECT a.id, a.client_id, c.name AS client_name, a.kind, a.subject, a.detail, a.raised_on, \
    a.resolved_on FROM journey_alerts a JOIN clients c ON c.id = a.client_id WHERE a.workspace_id = $1";

/// The alerts of some clients that last, the oldest first.
pub async fn open_of(conn: &impl Conn, workspace: Workspace, clients: &[Uuid]) -> Result<HashMap<Uuid, Vec<AlertRow>>> {
    let mut out: HashMap<Uuid, Vec<AlertRow>> = HashMap::new();
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "{SELECT} AND a.resolved_on IS NULL AND a.client_id IN ({}) ORDER BY a.client_id, a.raised_on, a.id",
            list(2, chunk.len())
        );
        for row in all_as::<AlertRow>(conn, &sql, values).await? {
            out.entry(row.client_id).or_default().push(row);
        }
    }
    Ok(out)
}

/// Raises alerts, or writes what has changed of those that last.
pub async fn save(tx: &Tx, workspace: Workspace, items: &[AlertRow], at: DateTime<Utc>) -> Result<()> {
    let rows = items
        .iter()
        .map(|a| {
            vals![
                a.id,
                workspace.0,
                a.client_id,
                a.kind.as_str(),
                a.subject.as_str(),
                a.detail.clone(),
                a.raised_on,
                a.resolved_on,
                at,
            ]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO journey_alerts (id, workspace_id, client_id, kind, subject, detail, raised_on, resolved_on, created_at)",
        " ON CONFLICT (id) DO UPDATE SET detail = excluded.detail, resolved_on = excluded.resolved_on",
        rows,
    )
    .await?;
    Ok(())
}

/// Which alerts a list shows.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter<'a> {
    /// One kind.
    pub kind: Option<&'a str>,
    /// One client.
    pub client: Option<Uuid>,
    /// Only those that last.
    pub open: bool,
}

/// A page of alerts, the newest first.
pub async fn page(
    conn: &impl Conn,
    workspace: Workspace,
    filter: Filter<'_>,
    after: Option<(NaiveDate, Uuid)>,
    limit: i64,
) -> Result<Vec<AlertRow>> {
    let mut values = vals![workspace.0];
    let mut sql = String::from(SELECT);
    let mut push = |text: &str, value: Value| {
        values.push(value);
        sql.push_str(&text.replace('?', &format!("${}", values.len())));
    };
    if let Some(kind) = filter.kind {
        push(" AND a.kind = ?", kind.into());
    }
    if let Some(client) = filter.client {
        push(" AND a.client_id = ?", client.into());
    }
    if let Some((day, id)) = after {
        values.extend(vals![day, id]);
        sql.push_str(&format!(" AND (a.raised_on, a.id) < (${}, ${})", values.len() - 1, values.len()));
    }
    if filter.open {
        sql.push_str(" AND a.resolved_on IS NULL");
    }
    values.push(limit.into());
    sql.push_str(&format!(" ORDER BY a.raised_on DESC, a.id DESC LIMIT ${}", values.len()));
    all_as(conn, &sql, values).await
}

/// How many alerts last, by kind.
pub async fn counts(conn: &impl Conn, workspace: Workspace) -> Result<HashMap<String, i64>> {
    let sql =
        "SELECT kind, COUNT(*) AS n FROM journey_alerts WHERE workspace_id = $1 AND resolved_on IS NULL GROUP BY kind";
    all(conn, sql, vals![workspace.0])
        .await?
        .iter()
        .map(|row| Ok((row.try_get("", "kind")?, row.try_get("", "n")?)))
        .collect()
}
