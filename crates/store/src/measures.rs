//! What criteria measure of each client, as the last look at it found it: one row a client, so that a question about all
//! of them reads no usage.

use crate::clients::SCOPE;
use crate::{Conn, Result, Tx, Workspace, all, all_as, list, vals};
use sea_orm::{FromQueryResult, Value};
use std::collections::HashSet;
use uuid::Uuid;

/// What is measured of a client; none where nothing is known.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Measures {
    pub client_id: Uuid,
    pub active_days_30d: Option<i32>,
    pub active_users_30d: Option<i32>,
    pub features_30d: Option<i32>,
    pub roi: Option<f64>,
    pub csat_mean_90d: Option<f64>,
    pub exchanges_90d: Option<i32>,
}

const COLUMNS: &str = "client_id, active_days_30d, active_users_30d, features_30d, roi, csat_mean_90d, exchanges_90d";

/// The measures of some clients, in no order.
pub async fn of_clients(conn: &impl Conn, workspace: Workspace, clients: &[Uuid]) -> Result<Vec<Measures>> {
    let mut out = Vec::with_capacity(clients.len());
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT {COLUMNS} FROM clients_measures WHERE workspace_id = $1 AND client_id IN ({})",
            list(2, chunk.len())
        );
        out.extend(all_as::<Measures>(conn, &sql, values).await?);
    }
    Ok(out)
}

/// Writes measures; those of clients that are gone since they were read are left out.
pub async fn save(tx: &Tx, workspace: Workspace, items: &[Measures]) -> Result<()> {
    let mut there: HashSet<Uuid> = HashSet::new();
    for chunk in items.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|item| Value::from(item.client_id)));
        let sql = format!("SELECT c.id FROM clients c WHERE {SCOPE} AND c.id IN ({})", list(2, chunk.len()));
        for row in all(tx, &sql, values).await? {
            there.insert(row.try_get("", "id")?);
        }
    }
    let rows = items
        .iter()
        .filter(|m| there.contains(&m.client_id))
        .map(|m| {
            vals![
                workspace.0,
                m.client_id,
                m.active_days_30d,
                m.active_users_30d,
                m.features_30d,
                m.roi,
                m.csat_mean_90d,
                m.exchanges_90d
            ]
        })
        .collect();
    tx.insert_many(
        &format!("INSERT INTO clients_measures (workspace_id, {COLUMNS})"),
        " ON CONFLICT (workspace_id, client_id) DO UPDATE SET active_days_30d = excluded.active_days_30d, \
         active_users_30d = excluded.active_users_30d, features_30d = excluded.features_30d, roi = excluded.roi, \
         csat_mean_90d = excluded.csat_mean_90d, exchanges_90d = excluded.exchanges_90d",
        rows,
    )
    .await?;
    Ok(())
}
