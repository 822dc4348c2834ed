//! One client's page: its header, and its subscriptions as they stand today.

use super::read::{Listed, beside, client, contacts};
use crate::error::{Error, Result};
use crate::{Actor, App};
use chrono::NaiveDate;
use essor_domain::growth::ledger::{Terms, mrr_on, stretches};
use essor_domain::time::{day_in, parse_zone};
use essor_store::subscriptions::{self, Stored};
use essor_store::{health, signals};
use uuid::Uuid;

/// A client with what its header shows.
#[derive(Debug, Clone)]
pub struct ClientPage {
    /// As in the list.
    pub listed: Listed,
    /// Seats granted by its running subscriptions.
    pub subscription_seats: Option<i32>,
    /// Subscriptions that count today.
    pub subscriptions_active: usize,
    /// Tickets that are open.
    pub open_tickets: i64,
    /// People known.
    pub contacts: usize,
    /// The day that it is shown for.
    pub today: NaiveDate,
}

/// One client's header.
pub async fn one(app: &App, actor: &Actor, id: Uuid) -> Result<ClientPage> {
    let found = client(app, actor, id).await?;
    let workspace = actor.workspace;
    let row = crate::identity::workspace_row(&app.db, workspace).await?;
    let now = app.clock.now();
    let today = day_in(parse_zone(&row.timezone)?, now);
    let subject = health::subjects(&app.db, workspace, &[id], today).await?.into_iter().next();
    let listed =
        beside(app, workspace, vec![found], None, today).await?.into_iter().next().ok_or_else(Error::not_found)?;
    Ok(ClientPage {
        subscription_seats: subject.and_then(|s| s.subscription_seats).and_then(|s| i32::try_from(s).ok()),
        subscriptions_active: subscriptions_of(app, actor, id).await?.iter().filter(|s| s.status == "active").count(),
        open_tickets: signals::open_tickets(&app.db, workspace, id, now).await?,
        contacts: contacts(app, actor, id).await?.len(),
        listed,
        today,
    })
}

/// A subscription as it stands today.
#[derive(Debug, Clone)]
pub struct SubscriptionShown {
    /// As stored.
    pub stored: Stored,
    /// The terms in force: today's, else the last or the first to come.
    pub terms: Terms,
    /// Monthly value today, in cents of the reporting currency.
    pub mrr_cents: i64,
    /// active, future, ended, trial or paused.
    pub status: &'static str,
}

/// A client's subscriptions, those that run first.
pub async fn subscriptions_of(app: &App, actor: &Actor, id: Uuid) -> Result<Vec<SubscriptionShown>> {
    client(app, actor, id).await?;
    let row = crate::identity::workspace_row(&app.db, actor.workspace).await?;
    let today = day_in(parse_zone(&row.timezone)?, app.clock.now());
    let mut out = Vec::new();
    for stored in subscriptions::of_clients(&app.db, actor.workspace, &[id]).await? {
        let line = &stored.line;
        let in_force = line.phases.iter().filter(|p| p.from <= today).max_by_key(|p| p.from);
        let Some(phase) = in_force.or_else(|| line.phases.iter().min_by_key(|p| p.from)) else { continue };
        let terms = phase.terms.clone();
        let status = if line.end.is_some_and(|end| end <= today) {
            "ended"
        } else if line.start > today {
            "future"
        } else if terms.is_trial {
            "trial"
        } else if terms.paused {
            "paused"
        } else {
            "active"
        };
        let mrr_cents = mrr_on(&stretches(line, &row.currency), today);
        out.push(SubscriptionShown { stored, terms, mrr_cents, status });
    }
    let rank = |status: &str| ["active", "trial", "paused", "future", "ended"].iter().position(|s| *s == status);
    out.sort_by_key(|s| (rank(s.status), std::cmp::Reverse(s.mrr_cents), s.stored.line.start));
    Ok(out)
}
