//! Late invoices, kept beside as the last look at their client found them.

use crate::growth::Slice;
use crate::{Conn, Result, Tx, Workspace, all_as, list, vals};
use chrono::NaiveDate;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

/// A late invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Late {
    pub client_id: Uuid,
    pub signal_id: Uuid,
    pub number: String,
    pub due: NaiveDate,
    pub amount_cents: i64,
    pub expected_cents: i64,
}

/// Puts the late invoices of some clients in the place of those found before.
pub async fn replace(tx: &Tx, workspace: Workspace, clients: &[Uuid], items: &[Late]) -> Result<()> {
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let ids = list(2, chunk.len());
        tx.run(&format!("DELETE FROM opportunities_invoices WHERE workspace_id = $1 AND client_id IN ({ids})"), values)
            .await?;
    }
    let rows = items
        .iter()
        .map(|i| {
            vals![workspace.0, i.client_id, i.signal_id, i.number.as_str(), i.due, i.amount_cents, i.expected_cents]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO opportunities_invoices (workspace_id, client_id, signal_id, number, due, amount_cents, expected_cents)",
        " ON CONFLICT (workspace_id, client_id, signal_id) DO NOTHING",
        rows,
    )
    .await?;
    Ok(())
}

/// A late invoice with its client.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Ranked {
    pub client_id: Uuid,
    pub client_name: String,
    pub client_owner: Option<String>,
    pub client_segment: Option<String>,
    pub client_mrr_cents: i64,
    pub signal_id: Uuid,
    pub number: String,
    pub due: NaiveDate,
    pub amount_cents: i64,
    pub expected_cents: i64,
}

/// The late invoices with the highest expected loss, of a part of the portfolio or of one client.
pub async fn ranked(
    conn: &impl Conn,
    workspace: Workspace,
    slice: &Slice,
    client: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Ranked>> {
    let mut values = vals![workspace.0, limit];
    let mut only = String::new();
    if let Some(client) = client {
        values.push(client.into());
        only = " AND i.client_id = $3".into();
    }
    only.push_str(&slice.of_rows("i.client_id", &mut values));
    let sql = format!(
        "SELECT i.client_id, c.name AS client_name, c.owner AS client_owner, c.segment AS client_segment, c.mrr_cents AS client_mrr_cents, \
         i.signal_id, i.number, i.due, i.amount_cents, i.expected_cents FROM opportunities_invoices i \
         JOIN clients c ON c.id = i.client_id WHERE i.workspace_id = $1 AND c.status <> 'deleted'{only} \
         ORDER BY i.expected_cents DESC, i.due, i.signal_id LIMIT $2"
    );
    all_as(conn, &sql, values).await
}
