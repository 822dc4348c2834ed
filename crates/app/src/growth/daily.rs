//! What a day's end brings: subscriptions that start or end, and the month-end snapshot.

use super::recompute_ledgers;
use crate::App;
use crate::error::Result;
use crate::events::{DomainEvent, emit};
use crate::jobs::GROWTH_OBJECTIVES;
use chrono::{Days, NaiveDate};
use essor_domain::time::{day_in, month_end, months_before, parse_zone};
use essor_store::growth::{self, Snapshot};
use essor_store::identity::workspaces::WorkspaceRow;
use essor_store::{Workspace, health, jobs};

/// Brings a workspace from the last day that was closed to today: ledgers that turn (a subscription starts or ends),
/// the portfolio's health of each day, the scores that stood when a month ended, and its snapshot.
pub async fn close_days(app: &App, row: &WorkspaceRow) -> Result<()> {
    let workspace = Workspace(row.id);
    let now = app.clock.now();
    let today = day_in(parse_zone(&row.timezone)?, now);
    let last = health::last_day(&app.db, workspace).await?;
    if last == Some(today) {
        return Ok(());
    }
    let since = last.unwrap_or(today - Days::new(1));
    let tx = app.db.begin().await?;
    essor_store::usage::lock(&tx, workspace).await?;
    let turning = growth::turning(&tx, workspace, since, today).await?;
    if !turning.is_empty() {
        recompute_ledgers(&tx, workspace, &row.currency, &turning, today, now).await?;
        emit(&tx, workspace, now, &[DomainEvent::MrrChanged(turning)]).await?;
    }
    crate::health::record_day(&tx, workspace, today).await?;
    growth::slices::follow_all(&tx, workspace).await?;
    if growth::objectives::any_open(&tx, workspace).await? {
        jobs::enqueue(&tx, workspace, GROWTH_OBJECTIVES, [String::new()], now).await?;
    }
    tx.commit().await?;

    let ended = month_end(months_before(today, 1));
    let taken = growth::last_snapshot(&app.db, workspace).await?;
    if last.is_some() && taken < Some(ended) {
        crate::health::close_month(app, row, ended).await?;
        crate::health::thin(app, row, today).await?;
        snapshot_month(app, workspace, ended, false).await?;
    }
    Ok(())
}

/// Appends the snapshot of a month's end: each client's MRR and health as known then.
pub async fn snapshot_month(app: &App, workspace: Workspace, end: NaiveDate, recomputed: bool) -> Result<()> {
    let mrr = growth::clients_as_of(&app.db, workspace, end).await?;
    let standings = health::standings(&app.db, workspace, end).await?;
    let mut lines: Vec<Snapshot> = Vec::with_capacity(mrr.len());
    for (client_id, mrr_cents) in mrr {
        lines.push(Snapshot { client_id, mrr_cents, health: standings.get(&client_id).map(|s| s.score) });
    }
    let tx = app.db.begin().await?;
    growth::append_snapshots(&tx, workspace, end, &lines, recomputed, app.clock.now()).await?;
    tx.commit().await?;
    Ok(())
}
