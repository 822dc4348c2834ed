//! A client's health page and usage page.

use super::profiles::Profiles;
use super::score::{Detail, ProfileRef};
use crate::error::Result;
use crate::{Actor, App};
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use essor_domain::health::{Health, Risk};
use essor_domain::time::{day_in, parse_zone};
use essor_store::{health as store, usage as usage_store};
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// A client's health with its history.
#[derive(Debug, Clone)]
pub struct HealthPage {
    /// The newest score and what it is made of; none before the first computation.
    pub health: Option<Health>,
    /// When it was computed.
    pub computed_at: Option<DateTime<Utc>>,
    /// The day that it looks at.
    pub day: Option<NaiveDate>,
    /// Back-filled by an import instead of recorded on its day.
    pub recomputed: bool,
    /// Component scores 30 days before, by component.
    pub before: HashMap<&'static str, u8>,
    /// Day, score, coverage, recomputed; oldest first, the last of each day.
    pub history: Vec<(NaiveDate, Option<i32>, f64, bool)>,
    /// The alert threshold.
    pub alert: u8,
    /// With which profile it was computed.
    pub profile: Option<ProfileRef>,
}

/// A client's health over the last `days` days.
pub async fn page(app: &App, actor: &Actor, client: Uuid, days: u64) -> Result<HealthPage> {
    let found = crate::clients::client(app, actor, client).await?;
    let workspace = actor.workspace;
    let row = crate::identity::workspace_row(&app.db, workspace).await?;
    let today = day_in(parse_zone(&row.timezone)?, app.clock.now());
    // A frozen score is shown with the weeks that led to its last day, not with a flat line since.
    let today = found.churned_on.unwrap_or(today);
    let newest = store::latest(&app.db, workspace, &[client], today).await?.remove(&client);
    let then = store::latest(&app.db, workspace, &[client], today - Days::new(30)).await?.remove(&client);
    let rows = store::history(&app.db, workspace, client, today - Days::new(days)).await?;
    let mut history: BTreeMap<NaiveDate, (Option<i32>, f64, bool)> = BTreeMap::new();
    // What held when the range began, so that the line starts at its left edge.
    if let Some(first) = store::latest(&app.db, workspace, &[client], today - Days::new(days)).await?.remove(&client) {
        history.insert(today - Days::new(days), (first.score, first.coverage, first.recomputed));
    }
    for r in rows {
        history.insert(r.day, (r.score, r.coverage, r.recomputed));
    }
    let newest_detail = newest.as_ref().and_then(Detail::of);
    let profiles = Profiles::load(&app.db, workspace).await?;
    Ok(HealthPage {
        computed_at: newest.as_ref().map(|r| r.at),
        day: newest.as_ref().map(|r| r.day),
        recomputed: newest.as_ref().is_some_and(|r| r.recomputed),
        profile: newest_detail.as_ref().and_then(|d| d.profile.clone()),
        health: newest_detail.map(|d| d.health),
        before: then
            .as_ref()
            .and_then(Detail::of)
            .map(|d| d.health.factors.iter().filter_map(|f| Some((f.component.as_str(), f.score?))).collect())
            .unwrap_or_default(),
        history: history.into_iter().map(|(day, (score, coverage, again))| (day, score, coverage, again)).collect(),
        alert: profiles.of(found.segment.as_deref()).profile.alert,
    })
}

impl HealthPage {
    /// The risks, the costliest first.
    pub fn risks(&self) -> Vec<&Risk> {
        let mut risks: Vec<&Risk> = self.health.iter().flat_map(|h| &h.risks).collect();
        risks.sort_by_key(|risk| std::cmp::Reverse(risk.points_lost));
        risks
    }
}

/// A client's usage by day and by event.
#[derive(Debug, Clone)]
pub struct UsagePage {
    /// Day, count, distinct users; only days with use.
    pub days: Vec<(NaiveDate, i64, i64)>,
    /// Event, count, distinct users, last day; most used first.
    pub events: Vec<(String, i64, i64, NaiveDate)>,
    /// The first day of the range.
    pub from: NaiveDate,
    /// Today.
    pub to: NaiveDate,
    /// Seats bought.
    pub seats: Option<i32>,
}

/// A client's usage over the last `days` days.
pub async fn usage(app: &App, actor: &Actor, client: Uuid, days: u64) -> Result<UsagePage> {
    let found = crate::clients::client(app, actor, client).await?;
    let workspace = actor.workspace;
    let row = crate::identity::workspace_row(&app.db, workspace).await?;
    let to = day_in(parse_zone(&row.timezone)?, app.clock.now());
    let from = to - Days::new(days.saturating_sub(1));
    let counts = usage_store::days(&app.db, workspace, client, from, to).await?;
    let events = usage_store::by_event(&app.db, workspace, client, from, to).await?;
    let mut names: Vec<&str> = events.iter().map(|(event, _, _)| event.as_str()).collect();
    names.push("");
    let mut per_day: HashMap<NaiveDate, i64> = HashMap::new();
    let mut per_event: HashMap<String, HashSet<String>> = HashMap::new();
    for (event, month, user, bits) in usage_store::presence(&app.db, workspace, client, &names, from).await? {
        for bit in (0..31).filter(|bit| bits & (1 << bit) != 0) {
            let Some(day) = month.with_day(bit + 1).filter(|day| *day >= from && *day <= to) else { continue };
            if event.is_empty() {
                *per_day.entry(day).or_default() += 1;
            } else {
                per_event.entry(event.clone()).or_default().insert(user.clone());
            }
        }
    }
    let seats = store::subjects(&app.db, workspace, &[client], to).await?;
    Ok(UsagePage {
        days: counts.into_iter().map(|(day, n)| (day, n, per_day.get(&day).copied().unwrap_or(0))).collect(),
        events: events
            .into_iter()
            .map(|(event, n, last)| {
                let users = per_event.get(&event).map_or(0, |users| users.len() as i64);
                (event, n, users, last)
            })
            .collect(),
        from,
        to,
        seats: found
            .seats
            .or_else(|| seats.first().and_then(|s| s.subscription_seats).and_then(|s| i32::try_from(s).ok())),
    })
}
