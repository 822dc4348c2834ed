//! Signals: dated facts about clients other than product usage.

use crate::clients::{OF_CLIENTS, Upserted, clean, distinct_runs};
use crate::{Conn, Result, Tx, Workspace, all_as, vals};
use chrono::{DateTime, NaiveDate, Utc};
use essor_domain::clients::{SignalInput, TicketPriority};
use sea_orm::FromQueryResult;
use serde_json::Value as Json;
use std::collections::HashMap;
use uuid::Uuid;

/// A signal as stored.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Signal {
    pub id: Uuid,
    pub client_id: Uuid,
    pub kind: String,
    pub message_id: String,
    pub occurred_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
    pub known_at: DateTime<Utc>,
    pub priority: Option<String>,
    pub score: Option<f64>,
    pub amount_cents: Option<i64>,
    pub due_on: Option<NaiveDate>,
    pub data: Json,
}

pub(crate) const COLUMNS: &str = "id, client_id, kind, message_id, occurred_at, ended_at, known_at, priority, score, amount_cents, \
    due_on, data";

/// What a signal's money is in the reporting currency, and when an invoice is due; by the signal's place in the list.
pub type Money = (Option<i64>, Option<NaiveDate>);

/// Creates or corrects signals by kind and message id. `clients` and `contacts` hold the ids that the inputs name,
/// `money` stands beside the inputs.
pub async fn upsert(
    tx: &Tx,
    workspace: Workspace,
    inputs: &[SignalInput],
    money: &[Money],
    clients: &HashMap<String, Uuid>,
    contacts: &HashMap<String, Uuid>,
    now: DateTime<Utc>,
) -> Result<Vec<Upserted>> {
    let mut out = Vec::with_capacity(inputs.len());
    let mut money = money.iter().copied();
    for chunk in distinct_runs(inputs, |input| input.message_id.as_str()) {
        let mut rows = Vec::with_capacity(chunk.len());
        for input in chunk {
            let (amount, due_on) = money.next().unwrap_or_default();
            let Some(client) = clients.get(&input.client_external_id) else { continue };
            let contact = input.contact_external_id.as_ref().and_then(|id| contacts.get(id)).copied();
            let text = |key: &str| input.data.get(key).and_then(Json::as_str);
            let number = |key: &str| input.data.get(key).and_then(Json::as_f64);
            let (priority, score) = match input.kind.as_str() {
                "ticket" => {
                    (Some(TicketPriority::parse(text("priority").unwrap_or("")).as_str()), number("satisfaction"))
                }
                "survey" => (None, number("score")),
                "pulse" => (None, number("value")),
                _ => (None, None),
            };
            rows.push(vals![
                Uuid::now_v7(),
                workspace.0,
                *client,
                contact,
                input.kind.as_str(),
                input.message_id.as_str(),
                essor_domain::time::micros(input.occurred_at),
                input.ended_at.map(essor_domain::time::micros),
                essor_domain::time::micros(input.known_at.unwrap_or(now)),
                priority,
                score,
                amount,
                due_on,
                clean(Json::Object(input.data.clone())),
                now,
            ]);
        }
        let head = "INSERT INTO clients_signals (id, workspace_id, client_id, contact_id, kind, message_id, occurred_at, \
            ended_at, known_at, priority, score, amount_cents, due_on, data, created_at)";
        let tail = " ON CONFLICT (workspace_id, kind, message_id) DO UPDATE SET client_id = excluded.client_id, \
            contact_id = excluded.contact_id, occurred_at = excluded.occurred_at, ended_at = excluded.ended_at, \
            priority = excluded.priority, score = excluded.score, amount_cents = excluded.amount_cents, \
            due_on = excluded.due_on, data = excluded.data \
            RETURNING id, message_id AS external_id, created_at";
        for row in tx.insert_many(head, tail, rows).await? {
            let created_at: DateTime<Utc> = row.try_get("", "created_at")?;
            out.push(Upserted {
                id: row.try_get("", "id")?,
                external_id: row.try_get("", "external_id")?,
                created: created_at == now,
            });
        }
    }
    Ok(out)
}

/// A client's signals, newest first, from before a cursor.
pub async fn of_client(
    conn: &impl Conn,
    workspace: Workspace,
    client: Uuid,
    kinds: &[String],
    before: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<Signal>> {
    let mut values = vals![workspace.0, client];
    let mut sql = format!("SELECT {COLUMNS} FROM clients_signals WHERE workspace_id = $1 AND client_id = $2");
    if !kinds.is_empty() {
        sql.push_str(&format!(" AND kind IN ({})", crate::list(values.len() + 1, kinds.len())));
        values.extend(kinds.iter().map(|kind| kind.as_str().into()));
    }
    if let Some((at, id)) = before {
        values.extend(vals![at, id]);
        sql.push_str(&format!(" AND (occurred_at, id) < (${}, ${})", values.len() - 1, values.len()));
    }
    values.push(limit.into());
    sql.push_str(&format!(" ORDER BY occurred_at DESC, id DESC LIMIT ${}", values.len()));
    all_as(conn, &sql, values).await
}

/// Tickets, survey answers, invoices and opinions of some clients that matter to health on a day: known by then, not older
/// than `since` (a ticket or an invoice that is still open matters however old it is).
pub async fn for_health(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
    since: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<Signal>> {
    let mut values = vals![workspace.0, since, until];
    values.extend(clients.iter().map(|id| (*id).into()));
    let sql = format!(
        "SELECT {COLUMNS} FROM clients_signals WHERE {OF_CLIENTS} AND client_id IN ({}) \
         AND kind IN ('ticket', 'survey', 'payment', 'pulse') AND occurred_at < $3 AND known_at < $3 \
         AND (occurred_at >= $2 OR (kind IN ('ticket', 'payment') AND (ended_at IS NULL OR ended_at >= $2))) \
         ORDER BY client_id, occurred_at, message_id",
        crate::list(4, clients.len())
    );
    all_as(conn, &sql, values).await
}

/// What was said to and by some clients before `until`, known by then: the last time, how often since `recent`, how often
/// from `since` to `recent`. Clients without any exchange are absent.
pub async fn exchanges(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
    [since, recent, until]: [DateTime<Utc>; 3],
) -> Result<HashMap<Uuid, (DateTime<Utc>, i64, i64)>> {
    let mut values = vals![workspace.0, since, recent, until];
    values.extend(clients.iter().map(|id| (*id).into()));
    let sql = format!(
        "SELECT client_id, MAX(occurred_at) AS last, COUNT(CASE WHEN occurred_at >= $3 THEN 1 END) AS recent, \
         COUNT(CASE WHEN occurred_at >= $2 AND occurred_at < $3 THEN 1 END) AS prior FROM clients_signals \
         WHERE {OF_CLIENTS} AND client_id IN ({}) AND kind IN ('message', 'meeting') AND occurred_at < $4 \
         AND known_at < $4 GROUP BY client_id",
        crate::list(5, clients.len())
    );
    crate::all(conn, &sql, values)
        .await?
        .iter()
        .map(|row| {
            let counts = (row.try_get("", "last")?, row.try_get("", "recent")?, row.try_get("", "prior")?);
            Ok((row.try_get("", "client_id")?, counts))
        })
        .collect()
}

/// The value delivered to some clients from `since` to before `until`, known by then, and what they paid meanwhile; in
/// cents. Clients without any outcome are absent.
pub async fn outcomes(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
    since: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<HashMap<Uuid, (i64, i64)>> {
    let mut values = vals![workspace.0, since, until];
    values.extend(clients.iter().map(|id| (*id).into()));
    let sql = format!(
        "SELECT client_id, CAST(SUM(CASE WHEN kind = 'outcome' THEN amount_cents ELSE 0 END) AS BIGINT) AS value, \
         CAST(SUM(CASE WHEN kind = 'payment' THEN amount_cents ELSE 0 END) AS BIGINT) AS paid FROM clients_signals \
         WHERE {OF_CLIENTS} AND client_id IN ({}) AND known_at < $3 AND amount_cents IS NOT NULL \
         AND ((kind = 'outcome' AND occurred_at >= $2 AND occurred_at < $3) \
         OR (kind = 'payment' AND occurred_at < $3 AND ended_at >= $2 AND ended_at < $3)) GROUP BY client_id \
         HAVING COUNT(CASE WHEN kind = 'outcome' THEN 1 END) > 0",
        crate::list(4, clients.len())
    );
    crate::all(conn, &sql, values)
        .await?
        .iter()
        .map(|row| Ok((row.try_get("", "client_id")?, (row.try_get("", "value")?, row.try_get("", "paid")?))))
        .collect()
}

/// Takes a signal back; false when the client has none of this kind and id.
pub async fn delete(tx: &Tx, workspace: Workspace, client: Uuid, kind: &str, id: Uuid) -> Result<bool> {
    let sql = "DELETE FROM clients_signals WHERE workspace_id = $1 AND client_id = $2 AND kind = $3 AND id = $4";
    Ok(tx.run(sql, vals![workspace.0, client, kind, id]).await? > 0)
}

/// How many of a client's tickets are open.
pub async fn open_tickets(conn: &impl Conn, workspace: Workspace, client: Uuid, now: DateTime<Utc>) -> Result<i64> {
    let sql = "SELECT COUNT(*) AS n FROM clients_signals WHERE workspace_id = $1 AND client_id = $2 AND kind = 'ticket' \
        AND occurred_at <= $3 AND (ended_at IS NULL OR ended_at > $3)";
    Ok(crate::one(conn, sql, vals![workspace.0, client, now]).await?.map_or(Ok(0), |row| row.try_get("", "n"))?)
}
