//! What a workspace says of journeys, and the days on which nobody works.

use crate::{Conn, Result, Tx, Workspace, all, one, vals};
use chrono::NaiveDate;

/// Whether new clients begin a journey by themselves; they do unless somebody said otherwise.
pub async fn auto_start(conn: &impl Conn, workspace: Workspace) -> Result<bool> {
    let sql = "SELECT auto_start FROM journey_settings WHERE workspace_id = $1";
    Ok(one(conn, sql, vals![workspace.0]).await?.map_or(Ok(true), |row| row.try_get("", "auto_start"))?)
}

/// Says so.
pub async fn set_auto_start(tx: &Tx, workspace: Workspace, on: bool) -> Result<()> {
    tx.run(
        "INSERT INTO journey_settings (workspace_id, auto_start) VALUES ($1, $2) \
         ON CONFLICT (workspace_id) DO UPDATE SET auto_start = excluded.auto_start",
        vals![workspace.0, on],
    )
    .await?;
    Ok(())
}

/// The days on which nobody works, with their names, by day.
pub async fn holidays(conn: &impl Conn, workspace: Workspace) -> Result<Vec<(NaiveDate, String)>> {
    let sql = "SELECT day, name FROM identity_holidays WHERE workspace_id = $1 ORDER BY day";
    all(conn, sql, vals![workspace.0])
        .await?
        .iter()
        .map(|row| Ok((row.try_get("", "day")?, row.try_get("", "name")?)))
        .collect()
}

/// Puts these in place of all others.
pub async fn set_holidays(tx: &Tx, workspace: Workspace, days: &[(NaiveDate, String)]) -> Result<()> {
    tx.run("DELETE FROM identity_holidays WHERE workspace_id = $1", vals![workspace.0]).await?;
    let rows = days.iter().map(|(day, name)| vals![workspace.0, *day, name.as_str()]).collect();
    tx.insert_many("INSERT INTO identity_holidays (workspace_id, day, name)", "", rows).await?;
    Ok(())
}
