//! Scores clients and records what changed, with the facts that it was computed from.

use super::facts::{feeds, gather};
use super::profiles::{Profiles, Used};
use crate::App;
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::jobs::HEALTH_SCORE;
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use essor_domain::health::{Facts, Feeds, Health, Profile, SurveyFact, SurveyKind, carry_since, score};
use essor_domain::time::{day_in, end_of_day, parse_zone};
use essor_store::health::family;
use essor_store::health::{self, Current, HealthDay, Recorded, Stood, Subject};
use essor_store::identity::workspaces::WorkspaceRow;
use essor_store::measures::{self, Measures};
use essor_store::{Conn, Tx, Workspace, growth, jobs};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

/// What is kept of a score: the result and what it was computed from, so that it can be explained later.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Detail {
    pub health: Health,
    pub facts: Facts,
    pub feeds: Feeds,
    /// The profile that it was computed with; none before profiles had versions.
    #[serde(default)]
    pub profile: Option<ProfileRef>,
}

impl Detail {
    /// What was kept of a recorded score; none when it was kept otherwise than today.
    pub fn of(recorded: &Stood) -> Option<Detail> {
        serde_json::from_str(&recorded.detail).ok()
    }
}

/// The result alone that was recorded: what most clients' new one is held against.
fn told(recorded: &Stood) -> Option<Health> {
    #[derive(Deserialize)]
    struct Told {
        health: Health,
    }
    serde_json::from_str::<Told>(&recorded.detail).ok().map(|told| told.health)
}

/// Which version of which profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileRef {
    /// The segment; empty for everybody else's.
    pub segment: String,
    /// 0 is the built-in profile.
    pub version: i32,
}

/// An invoice that is later than this puts a client at risk whatever its score.
const LATE_DAYS: i64 = 30;

/// Scores every client of a workspace as of now: chunks are read side by side and written one after the other, so that
/// others have their turn in between. Returns how many changed.
pub async fn score_all(app: &App, row: &WorkspaceRow) -> Result<usize> {
    let now = app.clock.now();
    let ids = essor_store::clients::all_ids(&app.db, Workspace(row.id)).await?;
    let mut reading = tokio::task::JoinSet::new();
    let mut chunks = ids.chunks(CHUNK).map(<[Uuid]>::to_vec);
    let mut changed = 0;
    loop {
        while reading.len() < SIDE_BY_SIDE
            && let Some(chunk) = chunks.next()
        {
            let (app, row) = (app.clone(), row.clone());
            reading.spawn(async move { assess_all(&app.db.primary(), &row, &chunk, now).await });
        }
        let Some(done) = reading.join_next().await else { return Ok(changed) };
        let fresh = done.map_err(|error| Error::Internal(error.to_string()))??;
        changed += fresh.records.len();
        let tx = app.db.begin().await?;
        save(&tx, row, &fresh, now).await?;
        tx.commit().await?;
    }
}

/// How many clients are read and written together.
const CHUNK: usize = 2_000;
/// How many chunks are read at once: one for each core of a small machine.
const SIDE_BY_SIDE: usize = 2;

/// What a computation found, before it is written: reading takes long and must not hold SQLite's write lock.
pub struct Fresh {
    records: Vec<Recorded>,
    measures: Vec<Measures>,
    current: Vec<Current>,
    events: Vec<DomainEvent>,
}

/// A client with its new score, the risks of which are not dated yet.
struct Scored<'a> {
    subject: Subject,
    facts: Facts,
    profile: &'a Used,
    last: Option<&'a Stood>,
    told: Option<Health>,
    health: Health,
}

impl Scored<'_> {
    /// Whether today's last score does not say since when each risk stands: of what stood before today, it does.
    fn is_undated(&self, day: NaiveDate) -> bool {
        let stood = || self.told.iter().flat_map(|told| &told.risks).filter(|old| old.since.is_some_and(|s| s < day));
        let dated = |key: &str| stood().any(|old| old.key == key);
        self.last.is_some_and(|last| last.day == day) && !self.health.risks.iter().all(|risk| dated(&risk.key))
    }
}

/// Scores some clients as of now, without writing anything.
pub async fn assess_all(conn: &impl Conn, row: &WorkspaceRow, clients: &[Uuid], now: DateTime<Utc>) -> Result<Fresh> {
    let workspace = Workspace(row.id);
    let zone = parse_zone(&row.timezone)?;
    let day = day_in(zone, now);
    let profiles = Profiles::load(conn, workspace).await?;
    let fed = feeds(conn, workspace, zone, day).await?;
    let mut out = Fresh { records: Vec::new(), measures: Vec::new(), current: Vec::new(), events: Vec::new() };
    let measured = measures::of_clients(conn, workspace, clients).await?;
    let measured: HashMap<Uuid, Measures> = measured.into_iter().map(|m| (m.client_id, m)).collect();
    let before = health::latest(conn, workspace, clients, day).await?;
    let mut scored = Vec::with_capacity(clients.len());
    for (subject, facts) in gather(conn, workspace, zone, clients, day).await? {
        let measures = measures_of(subject.id, &facts);
        if measured.get(&subject.id) != Some(&measures) {
            out.measures.push(measures);
        }
        let last = before.get(&subject.id);
        let profile = profiles.of(subject.segment.as_deref());
        if subject.churned_on.is_some_and(|churned| churned <= day) {
            // A churned client's score stops at its last day and never turns green afterwards: its facts are no longer
            // looked at.
            let last = last.and_then(Detail::of);
            out.current.extend(last.map(|last| standing(&subject, &last.health, &last.facts, &profile.profile)));
            continue;
        }
        let told = last.and_then(told);
        let health = score(&facts, &profile.profile, fed);
        scored.push(Scored { subject, facts, profile, last, told, health });
    }
    // Since when a risk stands is read off an earlier day: today's first score may have been computed before the history
    // of an import was.
    let undated: Vec<Uuid> = scored.iter().filter(|one| one.is_undated(day)).map(|one| one.subject.id).collect();
    let earlier = health::latest(conn, workspace, &undated, day - Days::new(1)).await?;
    for Scored { subject, facts, profile, last, told, mut health } in scored {
        let earlier = earlier.get(&subject.id).and_then(self::told);
        carry_since(&mut health, earlier.as_ref().or(told.as_ref()), day);
        let stands = standing(&subject, &health, &facts, &profile.profile);
        let at_risk = stands.at_risk;
        // Most clients stand as they stood: writing that again would cost more than scoring them.
        if !is_standing(&subject, &stands) {
            out.current.push(stands);
        }
        if last.and_then(|r| r.at_risk) == Some(at_risk) && told.is_some_and(|old| same(&old, &health)) {
            continue;
        }
        let to = health.score.map(i32::from);
        out.events.push(DomainEvent::HealthChanged { client: subject.id, from: subject.health, to });
        // A history has one row for an instant: a parent may be scored twice within one.
        let at = last.map_or(now, |r| now.max(r.at + Duration::microseconds(1)));
        let detail = Detail { health, facts, feeds: fed, profile: Some(profile.reference()) };
        out.records.push(recorded(subject.id, day, at, &detail, at_risk, false));
    }
    Ok(out)
}

/// What criteria measure, of the facts that the score is made from.
fn measures_of(client_id: Uuid, facts: &Facts) -> Measures {
    let recent = |survey: &&SurveyFact| (0..90).contains(&(facts.day - survey.day).num_days());
    let csat = facts.surveys.iter().filter(|survey| survey.kind == SurveyKind::Csat).filter(recent);
    let csat: Vec<f64> = csat.map(|survey| (survey.score - 1.0) * 25.0).collect();
    let round = |value: f64| (value * 1e4).round() / 1e4;
    let roi = facts.outcomes.as_ref().filter(|outcomes| outcomes.fees_cents > 0);
    Measures {
        client_id,
        active_days_30d: facts.usage.as_ref().map(|usage| usage.active_days30),
        active_users_30d: facts.active_users30,
        features_30d: facts.usage.as_ref().map(|usage| usage.events30),
        roi: roi.map(|outcomes| round(outcomes.value_cents.max(0) as f64 / outcomes.fees_cents as f64)),
        csat_mean_90d: (!csat.is_empty()).then(|| round(csat.iter().sum::<f64>() / csat.len() as f64)),
        exchanges_90d: facts.exchanges.as_ref().map(|exchanges| exchanges.last28.saturating_add(exchanges.prior62)),
    }
}

/// Whether two scores tell the same: score, class, each factor's score, and which risks there are. The counts behind
/// them move with every event; they are kept as of the last time that they changed what is told.
fn same(a: &Health, b: &Health) -> bool {
    let factors = |h: &Health| h.factors.iter().map(|f| (f.component, f.score)).collect::<Vec<_>>();
    let risks = |h: &Health| h.risks.iter().map(|r| (r.key.clone(), r.since)).collect::<Vec<_>>();
    a.score == b.score && a.class == b.class && factors(a) == factors(b) && risks(a) == risks(b) && a.caps == b.caps
}

/// Writes what was found: history only where it changed.
pub async fn save(tx: &Tx, row: &WorkspaceRow, fresh: &Fresh, now: DateTime<Utc>) -> Result<()> {
    let workspace = Workspace(row.id);
    // Facts that arrive from here on are another reason to score: their job stays due.
    essor_store::usage::lock(tx, workspace).await?;
    health::record(tx, workspace, &fresh.records).await?;
    health::set_current(tx, workspace, &fresh.current, now).await?;
    measures::save(tx, workspace, &fresh.measures).await?;
    let scored: Vec<Uuid> = fresh.records.iter().map(|record| record.client_id).collect();
    let parents = family::parents_of(tx, workspace, &scored).await?;
    jobs::enqueue(tx, workspace, HEALTH_SCORE, parents.iter().map(Uuid::to_string), now).await?;
    emit(tx, workspace, now, &fresh.events).await
}

fn standing(subject: &Subject, health: &Health, facts: &Facts, profile: &Profile) -> Current {
    let worst = health.risks.iter().max_by_key(|risk| risk.points_lost);
    Current {
        client_id: subject.id,
        score: health.score.map(i32::from),
        class: health.class.as_str(),
        coverage: health.coverage,
        top_risk: worst.and_then(|risk| serde_json::to_value(risk).ok()),
        at_risk: subject.mrr_cents > 0
            && (health.score.is_some_and(|s| s < profile.alert) || facts.late_days() > LATE_DAYS),
    }
}

/// Whether the client's row says so already.
fn is_standing(subject: &Subject, now: &Current) -> bool {
    subject.health == now.score
        && subject.health_class == now.class
        && subject.health_coverage == Some(now.coverage)
        && subject.at_risk == now.at_risk
        && subject.top_risk == now.top_risk
        && subject.top_risk_key.as_deref() == now.top_risk_key()
}

fn recorded(
    client_id: Uuid,
    day: NaiveDate,
    at: DateTime<Utc>,
    detail: &Detail,
    at_risk: bool,
    recomputed: bool,
) -> Recorded {
    Recorded {
        client_id,
        day,
        at,
        score: detail.health.score.map(i32::from),
        coverage: detail.health.coverage,
        detail: serde_json::to_value(detail).unwrap_or_default(),
        recomputed,
        class: Some(detail.health.class.as_str().to_owned()),
        at_risk: Some(at_risk),
    }
}

/// Back-fills the history of a workspace on past days, oldest first, labelled *recomputed*; then scores everybody as of
/// now. Days on which a client was not there yet, or had already left, get no row. For imports and the demo.
pub async fn rebuild(
    app: &App,
    row: &WorkspaceRow,
    days: &[NaiveDate],
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<()> {
    let workspace = Workspace(row.id);
    let zone = parse_zone(&row.timezone)?;
    let profiles = Profiles::load(&app.db, workspace).await?;
    let ids = essor_store::clients::all_ids(&app.db, workspace).await?;
    let total = (days.len() + 1) as u64 * ids.len() as u64;
    let mut done = 0;
    for day in days {
        let fed = feeds(&app.db, workspace, zone, *day).await?;
        let paying = growth::clients_as_of(&app.db, workspace, *day).await?;
        for chunk in ids.chunks(CHUNK) {
            let there: Vec<Uuid> = chunk.iter().filter(|id| paying.contains_key(*id)).copied().collect();
            backfill(app, workspace, zone, &there, *day, fed, &profiles).await?;
            done += chunk.len() as u64;
            progress(done, total);
        }
        let figures = figures(app, workspace, *day, &paying).await?;
        let tx = app.db.begin().await?;
        health::fill_day(&tx, workspace, *day, figures).await?;
        tx.commit().await?;
        if *day == essor_domain::time::month_end(*day) {
            crate::growth::snapshot_month(app, workspace, *day, true).await?;
        }
    }
    score_all(app, row).await?;
    progress(total, total);
    let today = day_in(zone, app.clock.now());
    let tx = app.db.begin().await?;
    record_day(&tx, workspace, today).await?;
    tx.commit().await?;
    super::standings::close_days_anew(app, workspace, today).await
}

async fn backfill(
    app: &App,
    workspace: Workspace,
    zone: Tz,
    clients: &[Uuid],
    day: NaiveDate,
    fed: Feeds,
    profiles: &Profiles,
) -> Result<()> {
    let before = health::latest(&app.db, workspace, clients, day).await?;
    let mut records = Vec::new();
    for (subject, facts) in gather(&app.db, workspace, zone, clients, day).await? {
        let last = before.get(&subject.id);
        // What was recorded on its day stands; history is only filled in before it.
        if last.is_some_and(|r| r.day == day || !r.recomputed) {
            continue;
        }
        let used = profiles.of(subject.segment.as_deref());
        let mut health = score(&facts, &used.profile, fed);
        carry_since(&mut health, last.and_then(told).as_ref(), day);
        let at = end_of_day(zone, day) - Duration::microseconds(1);
        // Whoever is looked at paid on that day.
        let at_risk = health.score.is_some_and(|s| s < used.profile.alert) || facts.late_days() > LATE_DAYS;
        let detail = Detail { health, facts, feeds: fed, profile: Some(used.reference()) };
        records.push(recorded(subject.id, day, at, &detail, at_risk, true));
    }
    let tx = app.db.begin().await?;
    health::record(&tx, workspace, &records).await?;
    tx.commit().await?;
    Ok(())
}

async fn figures(app: &App, workspace: Workspace, day: NaiveDate, paying: &HashMap<Uuid, i64>) -> Result<HealthDay> {
    let standings = health::standings(&app.db, workspace, day).await?;
    let mut out = HealthDay::default();
    for standing in paying.keys().filter_map(|id| standings.get(id)) {
        out.scored += 1;
        out.score_sum += i64::from(standing.score);
        out.at_risk += i64::from(super::was_at_risk(standing));
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
