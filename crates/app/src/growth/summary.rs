//! The dashboard's figures: each from stored data, each with the parts that explain it.

use super::objectives::{Standing, standing};
use crate::error::Result;
use crate::{Actor, App};
use chrono::{DateTime, Days, NaiveDate, Utc};
use essor_domain::growth::ledger::MovementKind;
use essor_domain::growth::metrics::mrr_change_pct;
use essor_domain::health::{HealthClass, Profile};
use essor_domain::identity::Action;
use essor_domain::time::{check_day, day_in, month_end, month_start, months_before, parse_zone};
use essor_domain::{Code, Invalid};
use essor_store::growth::slices::day_totals_in;
use essor_store::growth::{self, DayTotal, MovementRow, Slice};
use essor_store::identity::workspaces::WorkspaceRow;
use essor_store::{Workspace, health};
use uuid::Uuid;

/// Cents of each kind of movement, signed.
pub type KindCents = [(MovementKind, i64); 5];

/// The headline figures as of a day. Amounts in cents of `currency`.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "each field is named by what it states; the API documents them")]
pub struct Summary {
    pub as_of: NaiveDate,
    pub currency: String,
    pub mrr_cents: i64,
    /// Against the close of the previous month, in percent; none when that was 0.
    pub mrr_change_pct: Option<f64>,
    pub previous_mrr_cents: i64,
    pub previous_day: NaiveDate,
    pub active_clients: i64,
    pub active_change: i64,
    /// Unweighted mean over active clients with a score.
    pub mean_health: Option<f64>,
    pub scored_clients: i64,
    pub mean_health_change_30d: Option<f64>,
    pub at_risk_clients: i64,
    pub at_risk_mrr_cents: i64,
    pub at_risk_change_7d: Option<i64>,
    pub health_classes: [(&'static str, i64); 5],
    pub month_movements: KindCents,
    pub clients_total: i64,
    /// Of the whole workspace, whatever the slice.
    pub objectives: Standing,
    pub computed_at: DateTime<Utc>,
}

/// The day that figures are for: today in the workspace's zone, or a past one that was asked for.
pub(crate) fn as_of_day(app: &App, row: &WorkspaceRow, asked: Option<NaiveDate>) -> Result<(NaiveDate, bool)> {
    let today = day_in(parse_zone(&row.timezone)?, app.clock.now());
    if let Some(day) = asked {
        check_day(day, "asOf")?;
    }
    match asked {
        None => Ok((today, true)),
        Some(day) if day == today => Ok((today, true)),
        Some(day) if day > today => Err(Invalid::field(Code::GrowthDayInvalid, "asOf")
            .with("value", day.to_string())
            .with("max", today.to_string())
            .into()),
        Some(day) => Ok((day, false)),
    }
}

/// The headline figures of a part of the portfolio, now or as of a past day.
pub async fn summary(app: &App, actor: &Actor, slice: &Slice, as_of: Option<NaiveDate>) -> Result<Summary> {
    let workspace = actor.require(Action::Read)?;
    let row = crate::identity::workspace_row(&app.db, workspace).await?;
    let (day, is_today) = as_of_day(app, &row, as_of)?;
    let previous_day = month_start(day) - Days::new(1);
    let days = day_totals_in(&app.db, workspace, slice, day).await?;
    let mut out = Summary {
        as_of: day,
        objectives: standing(&app.db, workspace, &row, day).await?,
        currency: row.currency,
        mrr_cents: mrr_at(&days, day),
        mrr_change_pct: None,
        previous_mrr_cents: mrr_at(&days, previous_day),
        previous_day,
        active_clients: active_at(&days, day),
        active_change: active_at(&days, day) - active_at(&days, previous_day),
        mean_health: None,
        scored_clients: 0,
        mean_health_change_30d: None,
        at_risk_clients: 0,
        at_risk_mrr_cents: 0,
        at_risk_change_7d: None,
        health_classes: CLASSES.map(|class| (class, 0)),
        month_movements: kinds_between(&days, previous_day, day),
        clients_total: 0,
        computed_at: app.clock.now(),
    };
    if is_today {
        let totals = growth::totals_in(&app.db, workspace, slice).await?;
        out.clients_total = totals.clients_total;
        out.scored_clients = totals.scored;
        out.mean_health = mean(totals.health_sum, totals.scored);
        out.at_risk_clients = totals.at_risk;
        out.at_risk_mrr_cents = totals.at_risk_mrr;
        let counts = [totals.excellent, totals.good, totals.watch, totals.critical, totals.unknown];
        out.health_classes = std::array::from_fn(|i| (CLASSES[i], counts[i]));
    } else {
        past(app, workspace, slice, &mut out).await?;
    }
    out.mrr_change_pct = mrr_change_pct(out.mrr_cents, out.previous_mrr_cents);
    // What the portfolio's health was is recorded for the whole alone; for a part `health_changes` reads it.
    if !slice.is_all() {
        return Ok(out);
    }
    if let (Some(now), Some(then)) =
        (out.mean_health, health::day_before(&app.db, workspace, day - Days::new(30), 10).await?)
    {
        out.mean_health_change_30d = mean(then.score_sum, then.scored).map(|before| now - before);
    }
    if let Some(then) = health::day_before(&app.db, workspace, day - Days::new(7), 3).await? {
        out.at_risk_change_7d = Some(out.at_risk_clients - then.at_risk);
    }
    Ok(out)
}

const CLASSES: [&str; 5] = ["excellent", "good", "watch", "critical", "unknown"];

/// A past day: MRR restricted to what was known by then, health from the recorded scores.
async fn past(app: &App, workspace: Workspace, slice: &Slice, out: &mut Summary) -> Result<()> {
    let day = out.as_of;
    let (mrr, active) = growth::as_of(&app.db, workspace, slice, day).await?;
    let (previous_mrr, previous_active) = growth::as_of(&app.db, workspace, slice, out.previous_day).await?;
    out.mrr_cents = mrr;
    out.active_clients = active;
    out.previous_mrr_cents = previous_mrr;
    out.active_change = active - previous_active;
    let paying = growth::clients_as_of_in(&app.db, workspace, slice, day).await?;
    let standings = health::standings(&app.db, workspace, day).await?;
    let profile = Profile::default();
    let mut sum = 0;
    for (client, cents) in paying.iter().filter(|(_, cents)| **cents > 0) {
        let standing = standings.get(client);
        let score = standing.and_then(|s| u8::try_from(s.score).ok());
        let recorded = standing.and_then(|s| s.class.as_deref());
        let class = recorded.unwrap_or(HealthClass::of(score, &profile).as_str());
        if let Some(entry) = out.health_classes.iter_mut().find(|(name, _)| *name == class) {
            entry.1 += 1;
        }
        if let Some(standing) = standing {
            out.scored_clients += 1;
            sum += i64::from(standing.score);
            if crate::health::was_at_risk(standing) {
                out.at_risk_clients += 1;
                out.at_risk_mrr_cents += cents;
            }
        }
    }
    out.mean_health = mean(sum, out.scored_clients);
    out.clients_total = active;
    Ok(())
}

pub(super) fn mean(sum: i64, count: i64) -> Option<f64> {
    (count > 0).then(|| sum as f64 / count as f64)
}

/// MRR at the close of a day: the sum of all movements up to it.
pub(crate) fn mrr_at(days: &[DayTotal], day: NaiveDate) -> i64 {
    days.iter().take_while(|d| d.day <= day).map(|d| d.cents).sum()
}

/// Clients with MRR at the close of a day: those that came or came back, less those that left.
pub(crate) fn active_at(days: &[DayTotal], day: NaiveDate) -> i64 {
    days.iter()
        .take_while(|d| d.day <= day)
        .map(|d| match d.kind.as_str() {
            "new" | "reactivation" => d.movements,
            "churn" => -d.movements,
            _ => 0,
        })
        .sum()
}

/// Signed cents by kind after `from` up to and including `to`.
pub(crate) fn kinds_between(days: &[DayTotal], from: NaiveDate, to: NaiveDate) -> KindCents {
    MovementKind::ALL.map(|kind| {
        let cents =
            days.iter().filter(|d| d.day > from && d.day <= to && d.kind == kind.as_str()).map(|d| d.cents).sum();
        (kind, cents)
    })
}

/// One month of the history: the close, and what moved since the close before.
#[derive(Debug, Clone)]
pub struct HistoryPoint {
    /// The month's last day, or the day asked for.
    pub day: NaiveDate,
    /// MRR at its close.
    pub mrr_cents: i64,
    /// Active clients at its close.
    pub active_clients: i64,
    /// Movements since the point before; zero for the first, which is only an opening.
    pub movements: KindCents,
}

/// The closes of the last `months` months, with the opening before them, up to a day. By today's knowledge: a fact that
/// was learned late is shown on the day that it was true.
pub async fn history(
    app: &App,
    actor: &Actor,
    slice: &Slice,
    months: u32,
    as_of: Option<NaiveDate>,
) -> Result<(String, Vec<HistoryPoint>)> {
    let workspace = actor.require(Action::Read)?;
    let row = crate::identity::workspace_row(&app.db, workspace).await?;
    let (day, _) = as_of_day(app, &row, as_of)?;
    let totals = day_totals_in(&app.db, workspace, slice, day).await?;
    let mut ends: Vec<NaiveDate> =
        (0..=months).rev().map(|back| month_end(months_before(month_start(day), back)).min(day)).collect();
    ends.dedup();
    let points = ends
        .iter()
        .enumerate()
        .map(|(i, end)| HistoryPoint {
            day: *end,
            mrr_cents: mrr_at(&totals, *end),
            active_clients: active_at(&totals, *end),
            movements: kinds_between(&totals, if i == 0 { *end } else { ends[i - 1] }, *end),
        })
        .collect();
    Ok((row.currency, points))
}

/// A kind's total in a waterfall.
#[derive(Debug, Clone)]
pub struct KindTotal {
    /// Which kind.
    pub kind: MovementKind,
    /// Signed cents.
    pub cents: i64,
    /// How many movements.
    pub count: i64,
}

/// From one close to another: opening + movements = closing, to the cent.
#[derive(Debug, Clone)]
pub struct Waterfall {
    /// The close it starts from.
    pub from: NaiveDate,
    /// The close it ends at.
    pub to: NaiveDate,
    /// Reporting currency.
    pub currency: String,
    /// MRR at the close of `from`.
    pub opening_cents: i64,
    /// MRR at the close of `to`.
    pub closing_cents: i64,
    /// The five kinds.
    pub kinds: Vec<KindTotal>,
}

/// The movements between two closes, by kind; by default since the close of the previous month.
pub async fn waterfall(
    app: &App,
    actor: &Actor,
    slice: &Slice,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
) -> Result<Waterfall> {
    let workspace = actor.require(Action::Read)?;
    let row = crate::identity::workspace_row(&app.db, workspace).await?;
    let (from, to) = range(app, &row, from, to)?;
    let days = day_totals_in(&app.db, workspace, slice, to).await?;
    let cents = kinds_between(&days, from, to);
    let kinds = cents
        .into_iter()
        .map(|(kind, cents)| KindTotal {
            kind,
            cents,
            count: days
                .iter()
                .filter(|d| d.day > from && d.day <= to && d.kind == kind.as_str())
                .map(|d| d.movements)
                .sum(),
        })
        .collect();
    Ok(Waterfall {
        from,
        to,
        currency: row.currency,
        opening_cents: mrr_at(&days, from),
        closing_cents: mrr_at(&days, to),
        kinds,
    })
}

pub(crate) fn range(
    app: &App,
    row: &WorkspaceRow,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
) -> Result<(NaiveDate, NaiveDate)> {
    let (to, _) = as_of_day(app, row, to)?;
    let from = from.unwrap_or_else(|| month_start(to) - Days::new(1));
    check_day(from, "from")?;
    if from > to {
        return Err(Invalid::field(Code::GrowthRangeInvalid, "from")
            .with("from", from.to_string())
            .with("to", to.to_string())
            .into());
    }
    Ok((from, to))
}

/// The clients behind a waterfall's bar, newest first.
pub async fn movements(
    app: &App,
    actor: &Actor,
    slice: &Slice,
    range_asked: (Option<NaiveDate>, Option<NaiveDate>),
    kind: Option<MovementKind>,
    before: Option<(NaiveDate, Uuid)>,
    limit: i64,
) -> Result<(Vec<MovementRow>, i64)> {
    let workspace = actor.require(Action::Read)?;
    let row = crate::identity::workspace_row(&app.db, workspace).await?;
    let (from, to) = range(app, &row, range_asked.0, range_asked.1)?;
    let rows = growth::movements(&app.db, workspace, slice, (from, to), kind, before, limit).await?;
    let days = day_totals_in(&app.db, workspace, slice, to).await?;
    let total = days
        .iter()
        .filter(|d| d.day > from && d.day <= to && kind.is_none_or(|k| d.kind == k.as_str()))
        .map(|d| d.movements)
        .sum();
    Ok((rows, total))
}

/// One client's movements up to today and to come, oldest first.
pub async fn of_client(app: &App, actor: &Actor, client: Uuid) -> Result<Vec<MovementRow>> {
    let workspace = actor.require(Action::Read)?;
    crate::clients::client(app, actor, client).await?;
    Ok(growth::of_client(&app.db, workspace, client).await?)
}
