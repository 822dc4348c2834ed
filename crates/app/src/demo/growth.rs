//! The demo's objectives and acquisition spend, on top of the portfolio that has been told.

use crate::App;
use crate::error::Result;
use crate::growth::{figures::Figures, objectives};
use chrono::{NaiveTime, TimeZone, Utc};
use essor_domain::demo::{DemoSpec, growth as story};
use essor_domain::time::parse_zone;
use essor_store::Workspace;
use essor_store::growth::objectives::ObjectiveRow;
use essor_store::growth::spend::{self, SpendRow};
use uuid::Uuid;

/// Adds them; objectives are dated back to their start, and followed from there.
pub(super) async fn fill(app: &App, workspace: Workspace, spec: &DemoSpec) -> Result<()> {
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let months: Vec<SpendRow> =
        story::spend(spec).into_iter().map(|(month, cents)| SpendRow { month, cents }).collect();
    spend::put(&tx, workspace, &months, now).await?;
    spend::set_margin(&tx, workspace, Some(story::MARGIN_BP), now).await?;
    tx.commit().await?;

    let row = crate::identity::workspace_row(&app.db, workspace).await?;
    let zone = parse_zone(&row.timezone)?;
    let db = app.db.primary();
    let planned = story::objectives(spec);
    let first = planned.iter().map(|o| o.start).min().unwrap_or(spec.until);
    let figures = Figures::read(&db, workspace, first, spec.until).await?;
    for of in planned {
        let until = of.due.min(spec.until);
        let mut values = Vec::new();
        for day in of.start.iter_days().take_while(|day| *day <= until) {
            // Retention is dear to read: its beginning and its end tell enough.
            if of.metric.is_retention() && day != of.start && day != until {
                continue;
            }
            if let Some(value) = figures.on(&db, of.metric, of.start, day).await? {
                values.push((day, value));
            }
        }
        let (Some(target), Some((start, value))) = (of.target(&values), values.first().copied()) else { continue };
        let morning = start.and_time(NaiveTime::MIN) + chrono::Duration::hours(9);
        let created_at = zone.from_local_datetime(&morning).earliest().map_or(now, |at| at.with_timezone(&Utc));
        let row = ObjectiveRow {
            id: Uuid::now_v7(),
            name: of.name.to_owned(),
            metric: of.metric.as_str().to_owned(),
            direction: of.metric.better().as_str().to_owned(),
            start_value: Some(if of.metric.is_flow() { 0.0 } else { value }),
            target,
            start_day: start,
            due_day: of.due,
            evaluated_on: None,
            created_at: created_at.min(now),
            reached_on: None,
            reached_value: None,
        };
        objectives::insert(app, workspace, &row, false, None).await?;
    }
    Ok(())
}
