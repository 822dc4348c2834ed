//! What stood for each client when a day closed. It says no more than the recorded scores do, and is there so that the
//! health of a part of the portfolio on a past day does not look up its clients one by one.

use super::was_at_risk_below;
use crate::App;
use crate::error::Result;
use chrono::{Datelike, Days, NaiveDate, Weekday};
use essor_store::{Workspace, health};

/// Days that are all kept: those that changes are told against.
const DAYS: i64 = 31;
/// Days of which the last of each week is kept: those of a line by week.
const WEEKS_OF: u64 = 371;

fn kept(day: NaiveDate, today: NaiveDate) -> bool {
    let ago = (today - day).num_days();
    ago <= DAYS || day.weekday() == Weekday::Sun && ago <= WEEKS_OF as i64
}

/// Closes the days before today that are asked for and not closed yet, from the first that was recorded on, and forgets
/// those that are no longer asked for.
pub async fn close_days(app: &App, workspace: Workspace, today: NaiveDate) -> Result<()> {
    let Some(first) = health::first_day(&app.db, workspace).await? else { return Ok(()) };
    let first = first.max(today - Days::new(2 * WEEKS_OF));
    let (keep, drop): (Vec<NaiveDate>, Vec<NaiveDate>) =
        first.iter_days().take_while(|day| *day < today).partition(|day| kept(*day, today));
    let closed = health::closed(&app.db, workspace, &keep).await?;
    for day in keep.into_iter().filter(|day| !closed.contains(day)) {
        let tx = app.db.begin().await?;
        health::close(&tx, workspace, day, was_at_risk_below()).await?;
        tx.commit().await?;
    }
    let tx = app.db.begin().await?;
    health::reopen(&tx, workspace, &drop).await?;
    Ok(tx.commit().await?)
}

/// Closes all days anew, after past scores were filled in.
pub async fn close_days_anew(app: &App, workspace: Workspace, today: NaiveDate) -> Result<()> {
    let days: Vec<NaiveDate> = (today - Days::new(2 * WEEKS_OF)).iter_days().take_while(|day| *day < today).collect();
    let tx = app.db.begin().await?;
    health::reopen(&tx, workspace, &days).await?;
    tx.commit().await?;
    close_days(app, workspace, today).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_kept_day_by_day_and_a_year_week_by_week() {
        let today = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap_or_default();
        for (day, stays) in [
            ("2026-11-30", true),
            ("2026-10-31", true),
            ("2026-10-30", false),
            ("2026-10-25", true),
            ("2025-11-30", true),
            ("2025-11-29", false),
            ("2025-11-23", false),
        ] {
            assert_eq!(day.parse().map(|day| kept(day, today)), Ok(stays), "{day}");
        }
    }
}
