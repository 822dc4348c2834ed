//! How the health of a part of the portfolio has changed. For the whole it is recorded each day; for a part it is read off
//! the recorded scores of the part's clients, which takes longer than the figures that it stands beside.

use super::summary::{mean, summary};
use crate::error::Result;
use crate::{Actor, App};
use chrono::{Days, NaiveDate};
use essor_domain::identity::Action;
use essor_domain::time::{day_in, parse_zone};
use essor_store::growth::{self, Slice};
use essor_store::health::HealthDay;
use essor_store::{Workspace, health};
use uuid::Uuid;

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
    let now = summary(app, actor, slice, as_of).await?;
    let mut out =
        HealthChanges { as_of: now.as_of, mean_30d: now.mean_health_change_30d, at_risk_7d: now.at_risk_change_7d };
    if slice.is_all() {
        return Ok(out);
    }
    let (before, week) = tokio::try_join!(
        stood(app, workspace, slice, now.as_of - Days::new(30)),
        stood(app, workspace, slice, now.as_of - Days::new(7)),
    )?;
    out.mean_30d = now.mean_health.zip(mean(before.score_sum, before.scored)).map(|(now, before)| now - before);
    out.at_risk_7d = (week.scored > 0).then_some(now.at_risk_clients - week.at_risk);
    Ok(out)
}

/// How many recorded scores the line of a part's mean reads at most: of a large part it has fewer points.
const LOOKS: usize = 60_000;
/// Days between the points of such a line.
const STEP: u64 = 7;

/// The mean health of a part by day over the last `days` days, oldest first. That of the whole is recorded each day; that
/// of a part is read off the recorded scores of its clients, week by week back from today.
pub async fn health_days(app: &App, actor: &Actor, slice: &Slice, days: u64) -> Result<Vec<(NaiveDate, HealthDay)>> {
    let workspace = actor.require(Action::Read)?;
    let row = crate::identity::workspace_row(&app.db, workspace).await?;
    let today = day_in(parse_zone(&row.timezone)?, app.clock.now());
    if slice.is_all() {
        return Ok(health::days(&app.db, workspace, today - Days::new(days)).await?);
    }
    let clients = growth::clients_as_of_in(&app.db, workspace, slice, today).await?.len();
    let weeks = days / STEP;
    let affordable = (LOOKS / clients.max(1)).max(2) as u64;
    // As many weeks apart as leaves no more points than that, the first and the last among them.
    let apart = weeks.div_ceil(affordable - 1).max(1);
    let mut out = Vec::new();
    for back in (0..=weeks / apart).rev() {
        let day = today - Days::new(back * apart * STEP);
        out.push((day, stood(app, workspace, slice, day).await?));
    }
    Ok(out)
}

async fn stood(app: &App, workspace: Workspace, slice: &Slice, day: NaiveDate) -> Result<HealthDay> {
    let paying = growth::clients_as_of_in(&app.db, workspace, slice, day).await?;
    let mut ids: Vec<Uuid> = paying.into_iter().filter(|(_, cents)| *cents > 0).map(|(id, _)| id).collect();
    ids.sort_unstable();
    let mut out = HealthDay::default();
    for standing in health::standings_of(&app.db, workspace, &ids, day).await? {
        out.scored += 1;
        out.score_sum += i64::from(standing.score);
        out.at_risk += i64::from(crate::health::was_at_risk(&standing));
    }
    Ok(out)
}
