//! What could be sold to each client because clients like it own it, kept beside as the last look at it found it, and
//! the matrix made of it.

use crate::clients::Filter;
use crate::{Conn, Result, Tx, Workspace, all, all_as, list, vals};
use sea_orm::{FromQueryResult, Value};
use serde_json::Value as Json;
use std::collections::HashMap;
use uuid::Uuid;

/// A product that could be sold to a client.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Gap {
    pub client_id: Uuid,
    pub product: String,
    pub segment: String,
    pub amount_cents: i64,
    pub evidence: Json,
}

/// The gaps of some clients.
pub async fn of_clients(conn: &impl Conn, workspace: Workspace, clients: &[Uuid]) -> Result<HashMap<Uuid, Vec<Gap>>> {
    let mut out: HashMap<Uuid, Vec<Gap>> = HashMap::new();
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT client_id, product, segment, amount_cents, evidence FROM opportunities_gaps \
             WHERE workspace_id = $1 AND client_id IN ({}) ORDER BY client_id, product",
            list(2, chunk.len())
        );
        for gap in all_as::<Gap>(conn, &sql, values).await? {
            out.entry(gap.client_id).or_default().push(gap);
        }
    }
    Ok(out)
}

/// What all gaps come to at each of some clients; those never looked at are absent.
async fn potentials(conn: &impl Conn, workspace: Workspace, clients: &[Uuid]) -> Result<HashMap<Uuid, i64>> {
    let mut out = HashMap::new();
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT client_id, amount_cents FROM opportunities_potential WHERE workspace_id = $1 AND client_id IN ({})",
            list(2, chunk.len())
        );
        for row in all(conn, &sql, values).await? {
            out.insert(row.try_get("", "client_id")?, row.try_get("", "amount_cents")?);
        }
    }
    Ok(out)
}

/// Puts what was found at some clients in the place of what was found before, and writes only where it differs: most
/// looks find the same. A client with `None` pays nothing and has no row.
pub async fn replace(tx: &Tx, workspace: Workspace, found: &[(Uuid, Option<Vec<Gap>>)]) -> Result<()> {
    let clients: Vec<Uuid> = found.iter().map(|(client, _)| *client).collect();
    let before = of_clients(tx, workspace, &clients).await?;
    let potentials = potentials(tx, workspace, &clients).await?;
    let none = Vec::new();
    let (mut stale, mut gaps, mut sums) = (Vec::new(), Vec::new(), Vec::new());
    for (client, now) in found {
        let stood = (potentials.contains_key(client), before.get(client).unwrap_or(&none));
        let now_is = (now.is_some(), now.as_ref().unwrap_or(&none));
        if stood == now_is {
            continue;
        }
        stale.push(*client);
        if let Some(now) = now {
            let sum: i64 = now.iter().map(|gap| gap.amount_cents).sum();
            sums.push(vals![workspace.0, *client, sum]);
            gaps.extend(now.iter().map(|gap| {
                let (product, segment) = (gap.product.as_str(), gap.segment.as_str());
                vals![workspace.0, *client, product, segment, gap.amount_cents, gap.evidence.clone()]
            }));
        }
    }
    for chunk in stale.chunks(400) {
        let ids = list(2, chunk.len());
        for table in ["opportunities_gaps", "opportunities_potential"] {
            let mut values = vals![workspace.0];
            values.extend(chunk.iter().map(|id| Value::from(*id)));
            tx.run(&format!("DELETE FROM {table} WHERE workspace_id = $1 AND client_id IN ({ids})"), values).await?;
        }
    }
    let head = "INSERT INTO opportunities_gaps (workspace_id, client_id, product, segment, amount_cents, evidence)";
    tx.insert_many(head, " ON CONFLICT (workspace_id, client_id, product) DO NOTHING", gaps).await?;
    let head = "INSERT INTO opportunities_potential (workspace_id, client_id, amount_cents)";
    tx.insert_many(head, " ON CONFLICT (workspace_id, client_id) DO NOTHING", sums).await?;
    Ok(())
}

/// The clients of a page with what all their gaps come to, the largest first.
pub async fn page(
    conn: &impl Conn,
    workspace: Workspace,
    filter: &Filter,
    product: Option<&str>,
    after: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<Vec<(Uuid, i64)>> {
    let (mut sql, mut values) = filter.sql(workspace);
    if let Some(product) = product {
        values.push(product.into());
        sql.push_str(&format!(
            " AND clients.id IN (SELECT g.client_id FROM opportunities_gaps g WHERE g.workspace_id = $1 AND g.product = ${})",
            values.len()
        ));
    }
    if let Some((cents, id)) = after {
        values.extend(vals![cents, id]);
        let n = values.len();
        sql.push_str(&format!(" AND (p.potential, p.of_client) < (${}, ${n})", n - 1));
    }
    values.push(limit.into());
    // CROSS JOIN tells SQLite, which has no statistics, to walk in the order of the potential; PostgreSQL judges by
    // itself.
    let sql = format!(
        "SELECT p.of_client AS id, p.potential AS amount FROM (SELECT q.client_id AS of_client, \
         q.amount_cents AS potential FROM opportunities_potential q WHERE q.workspace_id = $1) p \
         CROSS JOIN clients WHERE clients.id = p.of_client AND {sql} \
         ORDER BY p.potential DESC, p.of_client DESC LIMIT ${}",
        values.len()
    );
    let rows = all(conn, &sql, values).await?;
    rows.iter().map(|row| Ok((row.try_get("", "id")?, row.try_get("", "amount")?))).collect()
}

/// How many gaps of a product have an amount in a segment.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Alike {
    pub product: String,
    pub segment: String,
    pub amount_cents: i64,
    pub n: i64,
}

/// The ids of the clients of a filter, as a condition on a column; nothing for the filter that takes everybody.
fn within(column: &str, filter: Option<&Filter>, workspace: Workspace) -> (String, Vec<Value>) {
    match filter {
        None => (String::new(), vals![workspace.0]),
        Some(filter) => {
            let (sql, values) = filter.sql(workspace);
            (format!(" AND {column} IN (SELECT clients.id FROM clients WHERE {sql})"), values)
        }
    }
}

/// The gaps of a filter's clients by product, segment and amount: amounts are medians, so that these are few.
pub async fn sums(conn: &impl Conn, workspace: Workspace, filter: Option<&Filter>) -> Result<Vec<Alike>> {
    let (only, values) = within("g.client_id", filter, workspace);
    let sql = format!(
        "SELECT g.product, g.segment, g.amount_cents, COUNT(*) AS n FROM opportunities_gaps g \
         WHERE g.workspace_id = $1{only} GROUP BY g.product, g.segment, g.amount_cents ORDER BY g.product, g.segment, g.amount_cents"
    );
    all_as(conn, &sql, values).await
}

/// Who owns a product and what they pay for it.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Owned {
    pub product: String,
    pub owners: i64,
    pub mrr_cents: i64,
}

/// Products that a filter's clients pay for, those with the most owners first.
pub async fn owned(conn: &impl Conn, workspace: Workspace, filter: Option<&Filter>) -> Result<Vec<Owned>> {
    let (only, values) = within("p.client_id", filter, workspace);
    let sql = format!(
        "SELECT p.product, COUNT(*) AS owners, CAST(SUM(p.mrr_cents) AS BIGINT) AS mrr_cents FROM growth_client_products p \
         WHERE p.workspace_id = $1 AND p.mrr_cents > 0{only} GROUP BY p.product ORDER BY COUNT(*) DESC, p.product"
    );
    all_as(conn, &sql, values).await
}

/// What some clients pay for each product.
pub async fn paid(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
) -> Result<HashMap<Uuid, Vec<(String, i64)>>> {
    let mut out: HashMap<Uuid, Vec<(String, i64)>> = HashMap::new();
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT client_id, product, mrr_cents FROM growth_client_products WHERE workspace_id = $1 \
             AND client_id IN ({}) AND mrr_cents > 0 ORDER BY client_id, product",
            list(2, chunk.len())
        );
        for row in all(conn, &sql, values).await? {
            let cell = (row.try_get("", "product")?, row.try_get("", "mrr_cents")?);
            out.entry(row.try_get("", "client_id")?).or_default().push(cell);
        }
    }
    Ok(out)
}
