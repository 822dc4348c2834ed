//! Following objectives: the metric's value of each day, and the day on which the target was met.

use super::read::aim;
use crate::App;
use crate::error::Result;
use crate::events::{DomainEvent, emit};
use crate::growth::figures::Figures;
use chrono::{DateTime, NaiveDate, Utc};
use essor_domain::growth::objectives::{ObjectiveMetric, first_reached};
use essor_domain::time::{day_in, month_end, parse_zone};
use essor_store::growth::objectives::{self as store, ObjectiveRow};
use essor_store::{Tx, Workspace};

/// What was found out about one objective.
#[derive(Debug, Clone)]
pub struct Evaluated {
    row: ObjectiveRow,
    start: Option<f64>,
    days: Vec<(NaiveDate, f64)>,
    until: NaiveDate,
    reached: Option<(NaiveDate, f64)>,
}

/// Reads the metric of each objective that is still followed, from where it was left to today.
pub async fn evaluate(app: &App, workspace: Workspace) -> Result<Vec<Evaluated>> {
    let db = app.db.primary();
    let row = crate::identity::workspace_row(&db, workspace).await?;
    let today = day_in(parse_zone(&row.timezone)?, app.clock.now());
    let open: Vec<ObjectiveRow> = store::list(&db, workspace)
        .await?
        .into_iter()
        .filter(|o| o.start_day <= today && o.evaluated_on.is_none_or(|day| day < o.due_day))
        .collect();
    let Some(first) = open.iter().map(|o| o.start_day).min() else { return Ok(Vec::new()) };
    let figures = Figures::read(&db, workspace, first, today).await?;
    let mut out = Vec::with_capacity(open.len());
    for row in open {
        let Ok(metric) = ObjectiveMetric::parse(&row.metric) else { continue };
        let until = today.min(row.due_day);
        let start = match row.start_value {
            Some(value) => Some(value),
            None if metric.is_flow() => Some(0.0),
            None => figures.on(&db, metric, row.start_day, row.start_day).await?,
        };
        let mut days = Vec::new();
        for day in days_of(metric, row.evaluated_on.unwrap_or(row.start_day), until) {
            if let Some(value) = figures.on(&db, metric, row.start_day, day).await? {
                days.push((day, value));
            }
        }
        let reached = start.and_then(|start| first_reached(&aim(&row, start)?, &days));
        out.push(Evaluated { row, start, days, until, reached });
    }
    Ok(out)
}

/// Every day; of a metric over twelve months, which is dear to read, the month-ends and the last day.
fn days_of(metric: ObjectiveMetric, from: NaiveDate, until: NaiveDate) -> Vec<NaiveDate> {
    let all = from.iter_days().take_while(|day| *day <= until);
    if metric.is_retention() {
        all.filter(|day| *day == month_end(*day) || *day == until || *day == from).collect()
    } else {
        all.collect()
    }
}

/// Writes what was found; says that an objective is reached the first time that it is.
pub async fn record(tx: &Tx, workspace: Workspace, found: &[Evaluated], now: DateTime<Utc>) -> Result<()> {
    let mut happened = Vec::new();
    for of in found {
        store::set_days(tx, workspace, of.row.id, &of.days).await?;
        store::evaluated(tx, workspace, of.row.id, of.until, of.start).await?;
        let Some((day, value)) = of.reached.filter(|_| of.row.reached_on.is_none()) else { continue };
        if store::reach(tx, workspace, of.row.id, day, value, now).await? {
            happened.push(DomainEvent::ObjectiveReached { objective: of.row.id, name: of.row.name.clone(), day });
        }
    }
    emit(tx, workspace, now, &happened).await
}
