//! What stood for some clients at the end of a past day.

use super::Standing;
use crate::{Conn, Result, Workspace, all_as, list, vals};
use chrono::NaiveDate;
use sea_orm::Value;
use uuid::Uuid;

/// The newest score on or before a day of each of some clients; those that had none by then are absent. By key, client by
/// client: a part of the portfolio does not read the history of the others.
pub async fn standings_of(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
    day: NaiveDate,
) -> Result<Vec<Standing>> {
    let mut out = Vec::with_capacity(clients.len());
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0, day];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT h.client_id, h.score, h.class, h.at_risk FROM clients c JOIN health_history h ON h.workspace_id = $1 \
             AND h.client_id = c.id AND (h.day, h.at) = (SELECT n.day, n.at FROM health_history n \
             WHERE n.workspace_id = $1 AND n.client_id = c.id AND n.day <= $2 ORDER BY n.day DESC, n.at DESC LIMIT 1) \
             WHERE c.id IN ({}) AND h.score IS NOT NULL ORDER BY h.client_id",
            list(3, chunk.len())
        );
        out.extend(all_as::<Standing>(conn, &sql, values).await?);
    }
    Ok(out)
}
