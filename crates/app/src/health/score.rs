//! Scores clients and records what changed, with the facts that it was computed from.

use super::facts::{feeds, gather};
use crate::App;
use crate::error::Result;
use crate::events::{DomainEvent, emit};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use essor_domain::health::{Facts, Feeds, Health, Profile, carry_since, score};
use essor_domain::time::{day_in, end_of_day, parse_zone};
use essor_store::health::{self, Current, HealthDay, Recorded, Subject};
use essor_store::identity::workspaces::WorkspaceRow;
use essor_store::{Tx, Workspace, growth};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What is kept of a score: the result and what it was computed from, so that it can be explained later.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Detail {
    pub health: Health,
    pub facts: Facts,
    pub feeds: Feeds,
}

/// Scores some clients as of now; writes history only where the score or its factors changed. Returns how many did.
pub async fn score_clients(app: &App, tx: &Tx, row: &WorkspaceRow, clients: &[Uuid]) -> Result<usize> {
    let workspace = Workspace(row.id);
    let zone = parse_zone(&row.timezone)?;
    let now = app.clock.now();
    let day = day_in(zone, now);
    let profile = Profile::default();
    let fed = feeds(tx, workspace, day).await?;
    let (mut records, mut current, mut events) = (Vec::new(), Vec::new(), Vec::new());
    for chunk in clients.chunks(2_000) {
        let before = health::latest(tx, workspace, chunk, day).await?;
        for (subject, facts) in gather(tx, workspace, zone, chunk, day).await? {
            let last = before.get(&subject.id);
            let Some(fresh) = assess(&subject, facts, fed, &profile, last, day) else { continue };
            current.push(standing(&subject, &fresh.health, &profile));
            let last_health = last.and_then(|r| serde_json::from_value::<Detail>(r.detail.clone()).ok());
            if last_health.is_some_and(|old| old.health == fresh.health) {
                continue;
            }
            let to = fresh.health.score.map(i32::from);
            events.push(DomainEvent::HealthChanged { client: subject.id, from: subject.health, to });
            records.push(recorded(subject.id, day, now, &fresh, false));
        }
    }
    let changed = records.len();
    health::record(tx, workspace, &records).await?;
    health::set_current(tx, workspace, &current, now).await?;
    emit(tx, workspace, now, &events).await?;
    Ok(changed)
}

/// The fresh score of a client; none for one that is frozen. A churned client's score stops at its last day and never
/// turns green afterwards: its facts are no longer looked at.
fn assess(
    subject: &Subject,
    facts: Facts,
    fed: Feeds,
    profile: &Profile,
    last: Option<&Recorded>,
    day: NaiveDate,
) -> Option<Detail> {
    let frozen = subject.status == "churned" && subject.churned_on.is_some_and(|churned| churned <= day);
    if frozen && last.is_some() {
        return None;
    }
    let mut health = score(&facts, profile, fed);
    let before = last.and_then(|r| serde_json::from_value::<Detail>(r.detail.clone()).ok());
    carry_since(&mut health, before.as_ref().map(|d| &d.health), day);
    Some(Detail { health, facts, feeds: fed })
}

fn standing(subject: &Subject, health: &Health, profile: &Profile) -> Current {
    let worst = health.risks.iter().max_by_key(|risk| risk.points_lost);
    Current {
        client_id: subject.id,
        score: health.score.map(i32::from),
        class: health.class.as_str(),
        coverage: health.coverage,
        top_risk: worst.and_then(|risk| serde_json::to_value(risk).ok()),
        at_risk: subject.mrr_cents > 0 && health.score.is_some_and(|s| s < profile.alert),
    }
}

fn recorded(client_id: Uuid, day: NaiveDate, at: DateTime<Utc>, detail: &Detail, recomputed: bool) -> Recorded {
    Recorded {
        client_id,
        day,
        at,
        score: detail.health.score.map(i32::from),
        coverage: detail.health.coverage,
        detail: serde_json::to_value(detail).unwrap_or_default(),
        recomputed,
    }
}

/// Back-fills the history of a workspace on past days, oldest first, labelled *recomputed*; then scores everybody as of
/// now. Days on which a client was not there yet, or had already left, get no row. For imports and the demo.
pub async fn rebuild(app: &App, row: &WorkspaceRow, days: &[NaiveDate], progress: &(dyn Fn(u64, u64) + Sync)) -> Result<()> {
    let workspace = Workspace(row.id);
    let zone = parse_zone(&row.timezone)?;
    let profile = Profile::default();
    let ids = essor_store::clients::all_ids(&app.db, workspace).await?;
    let total = (days.len() + 1) as u64 * ids.len() as u64;
    let mut done = 0;
    for day in days {
        let fed = feeds(&app.db, workspace, *day).await?;
        let paying = growth::clients_as_of(&app.db, workspace, *day).await?;
        for chunk in ids.chunks(2_000) {
            let there: Vec<Uuid> = chunk.iter().filter(|id| paying.contains_key(*id)).copied().collect();
            backfill(app, workspace, zone, &there, *day, fed, &profile).await?;
            done += chunk.len() as u64;
            progress(done, total);
        }
        let figures = figures(app, workspace, *day, &paying, &profile).await?;
        let tx = app.db.begin().await?;
        health::set_day(&tx, workspace, *day, figures).await?;
        tx.commit().await?;
        if *day == essor_domain::time::month_end(*day) {
            crate::growth::snapshot_month(app, workspace, *day, true).await?;
        }
    }
    for chunk in ids.chunks(2_000) {
        let tx = app.db.begin().await?;
        score_clients(app, &tx, row, chunk).await?;
        tx.commit().await?;
        done += chunk.len() as u64;
        progress(done, total);
    }
    let tx = app.db.begin().await?;
    record_day(&tx, workspace, day_in(zone, app.clock.now())).await?;
    tx.commit().await?;
    Ok(())
}

async fn backfill(
    app: &App,
    workspace: Workspace,
    zone: Tz,
    clients: &[Uuid],
    day: NaiveDate,
    fed: Feeds,
    profile: &Profile,
) -> Result<()> {
    let before = health::latest(&app.db, workspace, clients, day).await?;
    let mut records = Vec::new();
    for (subject, facts) in gather(&app.db, workspace, zone, clients, day).await? {
        let last = before.get(&subject.id);
        if last.is_some_and(|r| r.day == day) {
            continue;
        }
        let mut health = score(&facts, profile, fed);
        let old = last.and_then(|r| serde_json::from_value::<Detail>(r.detail.clone()).ok());
        carry_since(&mut health, old.as_ref().map(|d| &d.health), day);
        let at = end_of_day(zone, day) - chrono::Duration::microseconds(1);
        records.push(recorded(subject.id, day, at, &Detail { health, facts, feeds: fed }, true));
    }
    let tx = app.db.begin().await?;
    health::record(&tx, workspace, &records).await?;
    tx.commit().await?;
    Ok(())
}

async fn figures(
    app: &App,
    workspace: Workspace,
    day: NaiveDate,
    paying: &std::collections::HashMap<Uuid, i64>,
    profile: &Profile,
) -> Result<HealthDay> {
    let scores = health::scores_on(&app.db, workspace, day).await?;
    let mut out = HealthDay::default();
    for score in paying.keys().filter_map(|id| scores.get(id)) {
        out.scored += 1;
        out.score_sum += i64::from(*score);
        out.at_risk += i64::from(*score < i32::from(profile.alert));
    }
    Ok(out)
}

/// Writes the portfolio's mean health of a day from the current scores.
pub async fn record_day(tx: &Tx, workspace: Workspace, day: NaiveDate) -> Result<()> {
    let totals = growth::totals(tx, workspace).await?;
    let figures = HealthDay { scored: totals.scored, score_sum: totals.health_sum, at_risk: totals.at_risk };
    health::set_day(tx, workspace, day, figures).await?;
    Ok(())
}
