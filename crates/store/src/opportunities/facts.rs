//! What detectors look at, read for many clients at once.

use crate::clients::{OF_CLIENTS, SCOPE};
use crate::{Conn, Result, Workspace, all, all_as, list, vals};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{FromQueryResult, Value};
use serde_json::Value as Json;
use std::collections::HashMap;
use uuid::Uuid;

/// A client as detectors need it.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Subject {
    pub id: Uuid,
    pub name: String,
    pub segment: Option<String>,
    pub owner: Option<String>,
    pub status: String,
    pub mrr_cents: i64,
    pub health: Option<i32>,
    pub health_class: String,
    pub at_risk: bool,
    pub top_risk: Option<Json>,
    pub seats: Option<i32>,
    pub first_paid_on: Option<NaiveDate>,
    pub created_at: DateTime<Utc>,
}

/// The clients to look at.
pub async fn subjects(conn: &impl Conn, workspace: Workspace, clients: &[Uuid]) -> Result<Vec<Subject>> {
    let mut out = Vec::with_capacity(clients.len());
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT id, name, segment, owner, status, mrr_cents, health, health_class, at_risk, top_risk, seats, first_paid_on, created_at \
             FROM clients c WHERE {SCOPE} AND id IN ({}) ORDER BY id",
            list(2, chunk.len())
        );
        out.extend(all_as::<Subject>(conn, &sql, values).await?);
    }
    Ok(out)
}

/// A signal of one of the kinds that detectors read.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Fact {
    pub id: Uuid,
    pub client_id: Uuid,
    pub message_id: String,
    pub occurred_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
    pub score: Option<f64>,
    pub amount_cents: Option<i64>,
    pub due_on: Option<NaiveDate>,
    pub data: Json,
}

/// Signals of a kind at some clients, from `since` and before `until`. `open`: only those that have not ended by then.
pub async fn signals(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
    kind: &str,
    since: DateTime<Utc>,
    until: DateTime<Utc>,
    open: bool,
) -> Result<Vec<Fact>> {
    let mut out = Vec::new();
    let only = if open { " AND (ended_at IS NULL OR ended_at >= $4)" } else { "" };
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0, kind, since, until];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT id, client_id, message_id, occurred_at, ended_at, score, amount_cents, due_on, data FROM clients_signals \
             WHERE client_id IN ({}) AND kind = $2 AND occurred_at >= $3 AND occurred_at < $4 AND {OF_CLIENTS}{only} \
             ORDER BY client_id, occurred_at, message_id",
            list(5, chunk.len())
        );
        out.extend(all_as::<Fact>(conn, &sql, values).await?);
    }
    Ok(out)
}

/// Events from a day on, all of them and those of some names by day.
pub async fn uses(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<HashMap<Uuid, i64>> {
    let mut out = HashMap::new();
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0, from, to];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT client_id, CAST(SUM(count) AS BIGINT) AS n FROM usage_rollups WHERE workspace_id = $1 \
             AND client_id IN ({}) AND day >= $2 AND day <= $3 GROUP BY client_id",
            list(4, chunk.len())
        );
        for row in all(conn, &sql, values).await? {
            out.insert(row.try_get("", "client_id")?, row.try_get("", "n")?);
        }
    }
    Ok(out)
}

/// The days on which events of some names happened.
pub async fn days_of_events(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
    names: &[String],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<HashMap<Uuid, Vec<NaiveDate>>> {
    let mut out: HashMap<Uuid, Vec<NaiveDate>> = HashMap::new();
    if names.is_empty() {
        return Ok(out);
    }
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0, from, to];
        values.extend(names.iter().map(|name| Value::from(name.as_str())));
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT DISTINCT client_id, day FROM usage_rollups WHERE workspace_id = $1 AND client_id IN ({}) \
             AND day >= $2 AND day <= $3 AND event IN ({})",
            list(4 + names.len(), chunk.len()),
            list(4, names.len())
        );
        for row in all(conn, &sql, values).await? {
            out.entry(row.try_get("", "client_id")?).or_default().push(row.try_get("", "day")?);
        }
    }
    Ok(out)
}
