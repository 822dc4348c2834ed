//! The workspace's dated exchange rates, as a setting. Amounts are converted when they are written and then frozen, so
//! that replacing the rates moves nothing that is stored.

use crate::{Conn, Result, Tx, Workspace, all_as, vals};
use chrono::NaiveDate;
use sea_orm::FromQueryResult;

/// What one unit of a currency is worth from a day on.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub struct RateRow {
    /// The foreign currency.
    pub currency: String,
    /// The first day on which the rate is in force.
    pub from_day: NaiveDate,
    /// Billionths of the reporting currency for one unit.
    pub rate_e9: i64,
}

/// All rates, by currency and day.
pub async fn list(conn: &impl Conn, workspace: Workspace) -> Result<Vec<RateRow>> {
    let sql =
        "SELECT currency, from_day, rate_e9 FROM growth_rates WHERE workspace_id = $1 ORDER BY currency, from_day";
    all_as(conn, sql, vals![workspace.0]).await
}

/// Puts these rates in place of all others.
pub async fn replace(tx: &Tx, workspace: Workspace, rates: &[RateRow]) -> Result<()> {
    tx.run("DELETE FROM growth_rates WHERE workspace_id = $1", vals![workspace.0]).await?;
    let rows =
        rates.iter().map(|rate| vals![workspace.0, rate.currency.as_str(), rate.from_day, rate.rate_e9]).collect();
    tx.insert_many("INSERT INTO growth_rates (workspace_id, currency, from_day, rate_e9)", "", rows).await?;
    Ok(())
}
