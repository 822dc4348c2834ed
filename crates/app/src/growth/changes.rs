//! How the health of a part of the portfolio has changed. For the whole it is recorded each day; for a part it is read off
//! the recorded scores of the part's clients, which takes longer than the figures that it stands beside.

use super::summary::{mean, summary};
use crate::error::Result;
use crate::{Actor, App};
use chrono::{Days, NaiveDate};
use essor_domain::identity::Action;
use essor_store::growth::{self, Slice};
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
    out.mean_30d = now.mean_health.zip(mean(before.sum, before.scored)).map(|(now, before)| now - before);
    out.at_risk_7d = (week.scored > 0).then_some(now.at_risk_clients - week.at_risk);
    Ok(out)
}

/// The health of a part on a day.
#[derive(Default)]
struct Stood {
    scored: i64,
    sum: i64,
    at_risk: i64,
}

async fn stood(app: &App, workspace: Workspace, slice: &Slice, day: NaiveDate) -> Result<Stood> {
    let paying = growth::clients_as_of_in(&app.db, workspace, slice, day).await?;
    let mut ids: Vec<Uuid> = paying.into_iter().filter(|(_, cents)| *cents > 0).map(|(id, _)| id).collect();
    ids.sort_unstable();
    let mut out = Stood::default();
    for standing in health::standings_of(&app.db, workspace, &ids, day).await? {
        out.scored += 1;
        out.sum += i64::from(standing.score);
        out.at_risk += i64::from(crate::health::was_at_risk(&standing));
    }
    Ok(out)
}
