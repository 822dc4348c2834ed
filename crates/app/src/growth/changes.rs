//! How the health of a part of the portfolio has changed. For the whole it is recorded each day; for a part it is read off
//! the recorded scores of the part's clients, which takes longer than the figures that it stands beside.

use super::summary::{Summary, as_of_day, mean, summary};
use crate::error::Result;
use crate::{Actor, App};
use chrono::{Datelike, Days, NaiveDate};
use essor_domain::identity::Action;
use essor_domain::time::{day_in, parse_zone};
use essor_store::growth::{self, Slice};
use essor_store::health::HealthDay;
use essor_store::{Workspace, health};

/// The changes up to a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HealthChanges {
    /// The day.
    pub as_of: NaiveDate,
    /// Of mean health, in points, against thirty days before; none when nobody had a score on either day.
    pub mean_30d: Option<f64>,
    /// Of the number of clients at risk, against seven days before; none when nobody had a score then.
    pub at_risk_7d: Option<i64>,
}

/// The changes of a part of the portfolio, up to now or to a past day. Whoever paid on the earlier day counts with what
/// stood for them then.
pub async fn health_changes(
    app: &App,
    actor: &Actor,
    slice: &Slice,
    as_of: Option<NaiveDate>,
) -> Result<HealthChanges> {
    let workspace = actor.require(Action::Read)?;
    let changes = |now: &Summary| HealthChanges {
        as_of: now.as_of,
        mean_30d: now.mean_health_change_30d,
        at_risk_7d: now.at_risk_change_7d,
    };
    if slice.is_all() {
        return Ok(changes(&summary(app, actor, slice, as_of).await?));
    }
    let row = crate::identity::workspace_row(&app.db, workspace).await?;
    let (day, _) = as_of_day(app, &row, as_of)?;
    let (now, before, week) = tokio::try_join!(
        summary(app, actor, slice, as_of),
        stood(app, workspace, slice, day - Days::new(30)),
        stood(app, workspace, slice, day - Days::new(7)),
    )?;
    let mut out = changes(&now);
    out.mean_30d = now.mean_health.zip(mean(before.score_sum, before.scored)).map(|(now, before)| now - before);
    out.at_risk_7d = (week.scored > 0).then_some(now.at_risk_clients - week.at_risk);
    Ok(out)
}

/// How many recorded scores the line of a part's mean looks up at most: of a large part it has fewer points.
const LOOKS: i64 = 100_000;
/// How many rows of closed days it reads at most: a day is read whole, so that each part of a large portfolio has fewer.
const ROWS: i64 = 600_000;

/// The mean health of a part by day over the last `days` days, oldest first. That of the whole is recorded each day; that
/// of a part is read off the recorded scores of its clients: today's, and those at the end of each week, a Sunday.
pub async fn health_days(app: &App, actor: &Actor, slice: &Slice, days: u64) -> Result<Vec<(NaiveDate, HealthDay)>> {
    let workspace = actor.require(Action::Read)?;
    let row = crate::identity::workspace_row(&app.db, workspace).await?;
    let today = day_in(parse_zone(&row.timezone)?, app.clock.now());
    if slice.is_all() {
        return Ok(health::days(&app.db, workspace, today - Days::new(days)).await?);
    }
    let totals = growth::totals_in(&app.db, workspace, slice).await?;
    let now = HealthDay { scored: totals.scored, score_sum: totals.health_sum, at_risk: totals.at_risk };
    let everybody = health::day_before(&app.db, workspace, today, 7).await?.map_or(1, |day| day.scored.max(1));
    let affordable = (LOOKS / totals.active.max(1)).min(ROWS / everybody);
    let mut sooner = week_ends(today, days, usize::try_from(affordable).unwrap_or(1));
    // Before the first day that was recorded nobody had a score.
    let first = health::first_day(&app.db, workspace).await?.unwrap_or(today);
    sooner.retain(|day| *day >= first);
    let later = sooner.split_off(sooner.len() / 2);
    let line = async |days: Vec<NaiveDate>| {
        let mut out = Vec::with_capacity(days.len());
        for day in days {
            out.push((day, stood(app, workspace, slice, day).await?));
        }
        Result::Ok(out)
    };
    let (mut out, later) = tokio::try_join!(line(sooner), line(later))?;
    out.extend(later);
    out.push((today, now));
    Ok(out)
}

/// The ends of the weeks before a day, oldest first: as many weeks apart as leaves at most `affordable`, and the last.
fn week_ends(today: NaiveDate, days: u64, affordable: usize) -> Vec<NaiveDate> {
    let last = today - Days::new(u64::from(today.weekday().num_days_from_monday()) + 1);
    let ends: Vec<NaiveDate> = std::iter::successors(Some(last), |day| day.checked_sub_days(Days::new(7)))
        .take_while(|day| *day >= today - Days::new(days))
        .collect();
    let apart = ends.len().div_ceil(affordable.max(1)).max(1);
    let mut out: Vec<NaiveDate> = ends.into_iter().step_by(apart).collect();
    out.reverse();
    out
}

/// What stood for the clients of a part that paid on a day.
async fn stood(app: &App, workspace: Workspace, slice: &Slice, day: NaiveDate) -> Result<HealthDay> {
    Ok(health::of_slice(&app.db, workspace, slice, day, crate::health::was_at_risk_below()).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_the_ends_of_weeks_as_many_as_are_affordable() {
        // today, days, affordable: the days of November and December 2026
        for (today, days, affordable, expected) in [
            ("2026-12-02", 30, 99, &["11-08", "11-15", "11-22", "11-29"][..]),
            ("2026-11-29", 14, 99, &["11-15", "11-22"]),
            ("2026-11-30", 14, 99, &["11-22", "11-29"]),
            ("2026-12-02", 30, 2, &["11-15", "11-29"]),
            ("2026-12-02", 30, 0, &["11-29"]),
            ("2026-12-02", 2, 99, &[]),
        ] {
            let found = week_ends(today.parse().unwrap_or_default(), days, affordable);
            let found: Vec<String> = found.iter().map(|day| day.format("%m-%d").to_string()).collect();
            assert_eq!(found, expected, "{today} {days} {affordable}");
        }
    }
}
