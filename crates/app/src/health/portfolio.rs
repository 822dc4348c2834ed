//! The portfolio's health at a glance: distribution, what worries most, and how the mean went.

use crate::clients::{Language, Narrow};
use crate::error::Result;
use crate::{Actor, App};
use chrono::{Days, NaiveDate};
use essor_domain::identity::Action;
use essor_store::clients::Filter;
use essor_store::health::{self as store, HealthDay, RiskCount, Spread};

/// Paying clients by score, by risk and by day.
#[derive(Debug, Clone)]
pub struct Portfolio {
    /// The day.
    pub day: NaiveDate,
    /// Paying clients by score.
    pub spread: Spread,
    /// What worries most: the dearest risk of each client, counted.
    pub risks: Vec<RiskCount>,
    /// The portfolio's mean by day, oldest first; of all clients, whatever the filter.
    pub days: Vec<(NaiveDate, HealthDay)>,
}

/// The portfolio's health; of a segment, an owner, a product or a view when asked, with the means of the last `days` days.
pub async fn portfolio(app: &App, actor: &Actor, filter: &Filter, narrow: &Narrow, days: u64) -> Result<Portfolio> {
    let workspace = actor.require(Action::Read)?;
    let language = Language::of(app, workspace).await?;
    let day = language.moment.today;
    let paying = Filter { status: Some("active".into()), ..filter.clone() };
    let paying = language.narrowed(app, actor, paying, narrow).await?;
    let (spread, risks, days) = tokio::try_join!(
        store::spread(&app.db, workspace, &paying),
        store::risks(&app.db, workspace, &paying),
        store::days(&app.db, workspace, day - Days::new(days)),
    )?;
    Ok(Portfolio { day, spread, risks, days })
}
