//! How the history of scores is kept: a row at each month's end, and after a while those alone.

use super::NEWEST;
use crate::clients::SCOPE;
use crate::{Conn, Result, Tx, Workspace, all, list, vals};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::Value;
use std::collections::HashMap;
use uuid::Uuid;

/// Writes what stands for clients at a month's end, where the score last changed before it. Clients that have left, or are
/// gone, have no more of it. Returns how many rows were written.
pub async fn close_month(
    tx: &Tx,
    workspace: Workspace,
    clients: &[Uuid],
    (end, at): (NaiveDate, DateTime<Utc>),
) -> Result<u64> {
    let mut written = 0;
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0, end, at];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "INSERT INTO health_history (workspace_id, client_id, day, at, score, coverage, detail, recomputed, class, at_risk) \
             SELECT h.workspace_id, h.client_id, $2, $3, h.score, h.coverage, h.detail, h.recomputed, h.class, h.at_risk \
             FROM clients c JOIN health_history h ON {NEWEST} \
             WHERE {SCOPE} AND c.id IN ({}) AND h.day < $2 AND c.status NOT IN ('churned', 'archived', 'deleted') \
             ON CONFLICT (workspace_id, client_id, day, at) DO NOTHING",
            list(4, chunk.len())
        );
        written += tx.run(&sql, values).await?;
    }
    Ok(written)
}

/// Forgets the rows of clients from before a day, save the last of each month. Returns how many went.
pub async fn thin(tx: &Tx, workspace: Workspace, clients: &[Uuid], before: NaiveDate) -> Result<u64> {
    let month = |column: &str| tx.engine().month_of(column);
    let mut gone = 0;
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0, before];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "DELETE FROM health_history WHERE workspace_id = $1 AND client_id IN ({}) AND day < $2 \
             AND EXISTS (SELECT 1 FROM health_history n WHERE n.workspace_id = $1 \
             AND n.client_id = health_history.client_id AND n.day >= health_history.day AND n.day < $2 \
             AND (n.day, n.at) > (health_history.day, health_history.at) AND {} = {})",
            list(3, chunk.len()),
            month("n.day"),
            month("health_history.day")
        );
        gone += tx.run(&sql, values).await?;
    }
    Ok(gone)
}

/// The last score that some clients had before the one that stands; those that never had another are absent.
pub async fn known_before(conn: &impl Conn, workspace: Workspace, clients: &[Uuid]) -> Result<HashMap<Uuid, i32>> {
    let mut out = HashMap::new();
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT c.id, (SELECT h.score FROM health_history h WHERE h.workspace_id = c.workspace_id AND h.client_id = c.id \
             AND h.score IS NOT NULL ORDER BY h.day DESC, h.at DESC LIMIT 1 OFFSET 1) AS score \
             FROM clients c WHERE {SCOPE} AND c.id IN ({})",
            list(2, chunk.len())
        );
        for row in all(conn, &sql, values).await? {
            if let Some(score) = row.try_get::<Option<i32>>("", "score")? {
                out.insert(row.try_get("", "id")?, score);
            }
        }
    }
    Ok(out)
}
