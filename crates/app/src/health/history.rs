//! How the history of scores is kept: a row at each month's end, the evidence of thirteen months, and from before that the
//! month's ends alone.

use crate::App;
use crate::error::Result;
use chrono::{Duration, NaiveDate};
use essor_domain::time::{end_of_day, month_start, months_before, parse_zone};
use essor_store::Workspace;
use essor_store::health::history as store;
use essor_store::identity::workspaces::WorkspaceRow;

/// How many whole months keep all their rows.
const KEPT_MONTHS: u32 = 13;
/// How many clients are written together: nobody else has to wait for long.
const BATCH: usize = 2_000;

/// Writes what stood for each client at a month's end.
pub async fn close_month(app: &App, row: &WorkspaceRow, end: NaiveDate) -> Result<()> {
    let workspace = Workspace(row.id);
    let at = end_of_day(parse_zone(&row.timezone)?, end) - Duration::microseconds(1);
    for batch in essor_store::clients::all_ids(&app.db, workspace).await?.chunks(BATCH) {
        let tx = app.db.begin().await?;
        store::close_month(&tx, workspace, batch, (end, at)).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Forgets what is older than the evidence that is kept, save what stood at the months' ends. Repeating it does no harm.
pub async fn thin(app: &App, row: &WorkspaceRow, today: NaiveDate) -> Result<()> {
    let workspace = Workspace(row.id);
    let before = months_before(month_start(today), KEPT_MONTHS);
    for batch in essor_store::clients::all_ids(&app.db, workspace).await?.chunks(BATCH) {
        let tx = app.db.begin().await?;
        store::thin(&tx, workspace, batch, before).await?;
        tx.commit().await?;
    }
    Ok(())
}
