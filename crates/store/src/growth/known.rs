//! What some clients paid, and which had left, as of a day: restricted to what was known at its end.

use crate::{Conn, Result, Workspace, all, list, vals};
use chrono::NaiveDate;
use sea_orm::Value;
use std::collections::HashMap;
use uuid::Uuid;

/// What a client had in force or has had, known by day $2. COALESCE, for SQLite, which has no statistics: by client, not
/// by day.
const KNOWN: &str = "workspace_id = $1 AND COALESCE(from_day, known_on) <= $2 AND known_on <= $2 AND mrr_cents > 0";
const RUNS: &str = "(to_day IS NULL OR to_day > $2 OR to_known_on > $2)";

/// MRR of some clients as of a day; those without any are absent.
pub async fn mrr_known(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
    day: NaiveDate,
) -> Result<HashMap<Uuid, i64>> {
    let select = "SELECT client_id, CAST(SUM(mrr_cents) AS BIGINT) AS found";
    read(conn, workspace, clients, day, select, &format!(" AND {RUNS} GROUP BY client_id")).await
}

/// Since when some clients no longer pay, as of a day; those that pay, and those that never did, are absent.
pub async fn left(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
    day: NaiveDate,
) -> Result<HashMap<Uuid, NaiveDate>> {
    let select = "SELECT client_id, MAX(to_day) AS found";
    let rest = format!(
        " AND (to_day IS NULL OR to_day > from_day OR to_known_on > $2) GROUP BY client_id \
         HAVING MAX(CASE WHEN {RUNS} THEN 1 ELSE 0 END) = 0"
    );
    read(conn, workspace, clients, day, select, &rest).await
}

async fn read<T: sea_orm::TryGetable>(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
    day: NaiveDate,
    select: &str,
    rest: &str,
) -> Result<HashMap<Uuid, T>> {
    let mut out = HashMap::new();
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0, day];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let ids = list(3, chunk.len());
        let sql = format!("{select} FROM growth_stretches WHERE {KNOWN} AND client_id IN ({ids}){rest}");
        for row in all(conn, &sql, values).await? {
            out.insert(row.try_get("", "client_id")?, row.try_get("", "found")?);
        }
    }
    Ok(out)
}
