//! A forecast from what was known at a day's end.

use super::parts::{Part, parts};
use crate::error::Result;
use crate::growth::as_of_day;
use crate::{Actor, App};
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use essor_domain::forecast::{Fan, Forecast, History, forecast as run};
use essor_domain::growth::objectives::ObjectiveMetric;
use essor_domain::identity::Action;
use essor_domain::time::{month_end, month_start};
use essor_store::growth::objectives::ObjectiveRow;
use essor_store::growth::slices::parts_known;
use essor_store::growth::{Slice, Split, slices};
use essor_store::{Conn, Workspace};

/// The percentiles that are told: the documented ones, and the edges of the 50 and 80 % intervals.
pub const LEVELS: [(&str, f64); 11] = [
    ("p5", 0.05),
    ("p10", 0.10),
    ("p15", 0.15),
    ("p25", 0.25),
    ("p35", 0.35),
    ("p50", 0.50),
    ("p55", 0.55),
    ("p75", 0.75),
    ("p85", 0.85),
    ("p90", 0.90),
    ("p95", 0.95),
];

/// The most month-ends that are learned from.
const MOST_CLOSES: usize = 60;

/// A month-end to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthAhead {
    /// Its day.
    pub day: NaiveDate,
    /// Amounts in cents, in the order of [`LEVELS`].
    pub amounts: [i64; 11],
}

/// A forecast with what it was made from.
#[derive(Debug, Clone)]
pub struct Forecasted {
    /// The day at whose end it was made.
    pub as_of: NaiveDate,
    /// Reporting currency.
    pub currency: String,
    /// MRR then, in cents.
    pub now_cents: i64,
    /// The month-ends that were over, oldest first, in cents.
    pub history: Vec<(NaiveDate, i64)>,
    /// The month-ends to come; empty where there is too little history.
    pub months: Vec<MonthAhead>,
    /// How it was made; with too little history, how many month-ends there are.
    pub model: std::result::Result<Forecast, usize>,
    /// Segments or products, the largest first.
    pub parts: Vec<Part>,
    /// When.
    pub computed_at: DateTime<Utc>,
}

/// Month-ends on a scale: the ones that are over and the ones to come.
pub(super) struct Calendar {
    pub over: Vec<NaiveDate>,
    pub ahead: Vec<NaiveDate>,
    pub first_step: f64,
}

impl Calendar {
    /// From the month of the first change to `horizon` months after a day.
    pub fn of(first: Option<NaiveDate>, day: NaiveDate, horizon: usize) -> Calendar {
        let next = month_end(day + Days::new(1));
        let mut over: Vec<NaiveDate> = Vec::new();
        let mut end = month_start(next) - Days::new(1);
        while first.is_some_and(|first| end >= first) && over.len() < MOST_CLOSES {
            over.push(end);
            end = month_start(end) - Days::new(1);
        }
        over.reverse();
        let ahead = (0..horizon).scan(next, |end, _| {
            let this = *end;
            *end = month_end(this + Days::new(1));
            Some(this)
        });
        let ahead = ahead.collect();
        let first_step = (next - day).num_days() as f64 / f64::from(next.day());
        Calendar { over, ahead, first_step }
    }

    /// The closes of a run of changes, and its level at the end.
    pub fn closes(&self, changes: &[(NaiveDate, i64)]) -> (Vec<i64>, i64) {
        let mut rest = changes.iter().peekable();
        let mut level = 0;
        let closes = self
            .over
            .iter()
            .map(|end| {
                while let Some((_, cents)) = rest.next_if(|(day, _)| day <= end) {
                    level += cents;
                }
                level
            })
            .collect();
        (closes, level + rest.map(|(_, cents)| cents).sum::<i64>())
    }
}

/// The changes of MRR up to a day: of today by today's knowledge, of a past day by what was known at its end.
pub(super) async fn changes(
    conn: &impl Conn,
    workspace: Workspace,
    slice: &Slice,
    split: Option<Split>,
    day: NaiveDate,
    is_today: bool,
) -> Result<Vec<(String, NaiveDate, i64)>> {
    if !is_today {
        let rows = parts_known(conn, workspace, slice, split, day).await?;
        return Ok(rows.into_iter().map(|row| (row.part, row.day, row.cents)).collect());
    }
    match split {
        Some(split) => {
            let rows = slices::parts(conn, workspace, slice, split, day).await?;
            Ok(rows.into_iter().map(|row| (row.part, row.day, row.cents)).collect())
        }
        None => {
            let rows = slices::day_totals_in(conn, workspace, slice, day).await?;
            Ok(rows.into_iter().map(|row| (String::new(), row.day, row.cents)).collect())
        }
    }
}

/// The forecast of the next `horizon` month-ends, by what was known at the end of a day.
pub async fn forecast(
    app: &App,
    actor: &Actor,
    slice: &Slice,
    split: Option<Split>,
    horizon: u32,
    as_of: Option<NaiveDate>,
) -> Result<Forecasted> {
    let workspace = actor.require(Action::Read)?;
    let row = crate::identity::workspace_row(&app.db, workspace).await?;
    let (day, is_today) = as_of_day(app, &row, as_of)?;
    let rows = changes(&app.db, workspace, slice, None, day, is_today).await?;
    let line: Vec<(NaiveDate, i64)> = rows.into_iter().map(|(_, day, cents)| (day, cents)).collect();
    let horizon = horizon as usize;
    let calendar = Calendar::of(line.first().map(|(day, _)| *day), day, horizon);
    let (closes, now) = calendar.closes(&line);
    let model = run(&History { closes: &closes, now, first_step: calendar.first_step }, horizon);
    let fans: &[Fan] = model.as_ref().map_or(&[], |model| &model.months);
    let months = calendar.ahead.iter().zip(fans);
    let months: Vec<MonthAhead> =
        months.map(|(day, fan)| MonthAhead { day: *day, amounts: LEVELS.map(|(_, p)| fan.at(p)) }).collect();
    let parts = match split {
        None => Vec::new(),
        Some(split) => {
            let rows = changes(&app.db, workspace, slice, Some(split), day, is_today).await?;
            parts(&calendar, rows, &months, horizon)
        }
    };
    Ok(Forecasted {
        as_of: day,
        currency: row.currency,
        now_cents: now,
        history: calendar.over.iter().copied().zip(closes).collect(),
        months,
        model,
        parts,
        computed_at: app.clock.now(),
    })
}

/// The probability that each objective about MRR or ARR is met on the month-end of its due day, by today's forecast;
/// none for others, for those that are over, and while there is no forecast.
pub(crate) async fn chances(
    app: &App,
    workspace: Workspace,
    today: NaiveDate,
    rows: &[ObjectiveRow],
) -> Result<Vec<Option<f64>>> {
    let target = |row: &ObjectiveRow| match ObjectiveMetric::parse(&row.metric) {
        Ok(ObjectiveMetric::Mrr) => Some(row.target),
        Ok(ObjectiveMetric::Arr) => Some(row.target / 12.0),
        _ => None,
    };
    let open = |row: &&ObjectiveRow| target(row).is_some() && row.due_day >= today && row.direction == "up";
    let Some(last) = rows.iter().filter(open).map(|row| row.due_day).max() else { return Ok(vec![None; rows.len()]) };
    let months = (last.year() - today.year()) * 12 + last.month() as i32 - today.month() as i32 + 1;
    let horizon = months.clamp(1, 36) as usize;
    let line = changes(&app.db, workspace, &Slice::default(), None, today, true).await?;
    let line: Vec<(NaiveDate, i64)> = line.into_iter().map(|(_, day, cents)| (day, cents)).collect();
    let calendar = Calendar::of(line.first().map(|(day, _)| *day), today, horizon);
    let (closes, now) = calendar.closes(&line);
    let Ok(model) = run(&History { closes: &closes, now, first_step: calendar.first_step }, horizon) else {
        return Ok(vec![None; rows.len()]);
    };
    Ok(rows
        .iter()
        .map(|row| {
            let at = calendar.ahead.iter().position(|end| *end >= row.due_day)?;
            Some(row).filter(open)?;
            Some(model.months.get(at)?.chance(target(row)?))
        })
        .collect())
}
