//! What winning clients costs, by month, and the gross margin.

use crate::{Conn, Result, Tx, Workspace, all_as, one, vals};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::FromQueryResult;

/// The spend of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromQueryResult)]
pub struct SpendRow {
    /// The month's first day.
    pub month: NaiveDate,
    /// Cents of the reporting currency.
    pub cents: i64,
}

/// The spend of the months from `from` to `to`, both first days and both included; months without one are absent.
pub async fn list(conn: &impl Conn, workspace: Workspace, from: NaiveDate, to: NaiveDate) -> Result<Vec<SpendRow>> {
    let sql =
        "SELECT month, cents FROM growth_spend WHERE workspace_id = $1 AND month >= $2 AND month <= $3 ORDER BY month";
    all_as(conn, sql, vals![workspace.0, from, to]).await
}

/// Writes the spend of some months.
pub async fn put(tx: &Tx, workspace: Workspace, rows: &[SpendRow], now: DateTime<Utc>) -> Result<()> {
    let rows = rows.iter().map(|row| vals![workspace.0, row.month, row.cents, now]).collect();
    tx.insert_many(
        "INSERT INTO growth_spend (workspace_id, month, cents, updated_at)",
        " ON CONFLICT (workspace_id, month) DO UPDATE SET cents = excluded.cents, updated_at = excluded.updated_at",
        rows,
    )
    .await?;
    Ok(())
}

/// Takes the spend of a month away: it is then unknown, not nought.
pub async fn remove(tx: &Tx, workspace: Workspace, month: NaiveDate) -> Result<()> {
    tx.run("DELETE FROM growth_spend WHERE workspace_id = $1 AND month = $2", vals![workspace.0, month]).await?;
    Ok(())
}

/// The gross margin in hundredths of a per cent, when somebody has said it.
pub async fn margin(conn: &impl Conn, workspace: Workspace) -> Result<Option<i32>> {
    let row = one(conn, "SELECT margin_bp FROM growth_margins WHERE workspace_id = $1", vals![workspace.0]).await?;
    Ok(row.map(|row| row.try_get("", "margin_bp")).transpose()?)
}

/// Says the gross margin, or that it is not known.
pub async fn set_margin(tx: &Tx, workspace: Workspace, margin_bp: Option<i32>, now: DateTime<Utc>) -> Result<()> {
    match margin_bp {
        None => {
            tx.run("DELETE FROM growth_margins WHERE workspace_id = $1", vals![workspace.0]).await?;
        }
        Some(margin) => {
            tx.run(
                "INSERT INTO growth_margins (workspace_id, margin_bp, updated_at) VALUES ($1, $2, $3) \
                 ON CONFLICT (workspace_id) DO UPDATE SET margin_bp = excluded.margin_bp, updated_at = excluded.updated_at",
                vals![workspace.0, margin, now],
            )
            .await?;
        }
    }
    Ok(())
}
