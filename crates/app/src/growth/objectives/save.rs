//! Setting, changing and deleting objectives.

use super::{evaluate, record};
use crate::audit::{self, Entry};
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::growth::figures::Figures;
use crate::{Actor, App};
use chrono::NaiveDate;
use essor_domain::growth::objectives::{Direction, ObjectiveMetric, Unit};
use essor_domain::identity::Action;
use essor_domain::time::{check_day, day_in, parse_zone};
use essor_domain::{Code, Invalid};
use essor_store::growth::objectives::{self as store, ObjectiveRow};
use essor_store::{Conn, Workspace};
use serde_json::{Map, Value};
use uuid::Uuid;

/// The most objectives of a workspace.
const MOST: i64 = 200;
const NAME_MAX: usize = 120;

/// An objective as people set it.
#[derive(Debug, Clone)]
pub struct ObjectiveInput {
    /// Its name.
    pub name: String,
    /// Which metric.
    pub metric: String,
    /// `up` or `down`; by default what is better for the metric.
    pub direction: Option<String>,
    /// In the metric's unit: cents, a fraction, a count, points.
    pub target: f64,
    /// The day of the start value; today when left out.
    pub start_day: Option<NaiveDate>,
    /// The last day in time.
    pub due_day: NaiveDate,
}

/// What was set, checked as far as it can be without figures.
struct Checked {
    name: String,
    metric: ObjectiveMetric,
    direction: Direction,
    target: f64,
    start_day: NaiveDate,
    due_day: NaiveDate,
}

fn check(input: &ObjectiveInput, today: NaiveDate) -> std::result::Result<Checked, Invalid> {
    let name: String = input.name.chars().filter(|c| !c.is_control()).collect();
    let name = name.trim().to_owned();
    if name.is_empty() {
        return Err(Invalid::field(Code::FieldRequired, "name"));
    }
    if name.chars().count() > NAME_MAX {
        return Err(Invalid::field(Code::FieldTooLong, "name").with("max", NAME_MAX));
    }
    let metric = ObjectiveMetric::parse(&input.metric)?;
    let direction = input.direction.as_deref().map_or(Ok(metric.better()), Direction::parse)?;
    metric.check_target(input.target)?;
    let start_day = input.start_day.unwrap_or(today);
    check_day(start_day, "startDate")?;
    check_day(input.due_day, "dueDate")?;
    if input.due_day < today {
        return Err(Invalid::field(Code::GrowthObjectivePast, "dueDate")
            .with("value", input.due_day.to_string())
            .with("min", today.to_string()));
    }
    if input.due_day <= start_day {
        return Err(Invalid::field(Code::GrowthObjectiveEndsBeforeStart, "dueDate")
            .with("startDate", start_day.to_string())
            .with("dueDate", input.due_day.to_string()));
    }
    Ok(Checked { name, metric, direction, target: input.target, start_day, due_day: input.due_day })
}

/// The value from which an objective starts; none while its start lies ahead.
async fn start_value(
    conn: &impl Conn,
    workspace: Workspace,
    metric: ObjectiveMetric,
    start: NaiveDate,
    today: NaiveDate,
) -> Result<Option<f64>> {
    if start > today {
        return Ok(None);
    }
    if metric.is_flow() {
        return Ok(Some(0.0));
    }
    let figures = Figures::read(conn, workspace, start, today).await?;
    let value = figures.on(conn, metric, start, start).await?;
    value.map(Some).ok_or_else(|| {
        Invalid::field(Code::GrowthObjectiveNoStart, "startDate").with("value", start.to_string()).into()
    })
}

/// Sets a new objective, or changes one; returns its id. One that is reached keeps all but its name.
pub async fn save_objective(app: &App, actor: &Actor, id: Option<Uuid>, input: &ObjectiveInput) -> Result<Uuid> {
    let workspace = actor.require(Action::ManageModels)?;
    let now = app.clock.now();
    let row = crate::identity::workspace_row(&app.db, workspace).await?;
    let today = day_in(parse_zone(&row.timezone)?, now);
    let db = app.db.primary();
    let before = match id {
        Some(id) => Some(store::get(&db, workspace, id).await?.ok_or_else(Error::not_found)?),
        None => None,
    };
    if let Some(kept) = before.as_ref().and_then(|before| renamed(before, input)) {
        return rename(app, actor, kept, &input.name).await;
    }
    let new = check(input, today)?;
    if let Some(day) = before.as_ref().and_then(|before| before.reached_on) {
        return Err(Invalid::field(Code::GrowthObjectiveReached, "target").with("day", day.to_string()).into());
    }
    if before.is_none() && store::count(&db, workspace).await? >= MOST {
        return Err(Invalid::field(Code::GrowthObjectivesTooMany, "name").with("max", MOST).into());
    }
    let same = before.as_ref().is_some_and(|b| b.metric == new.metric.as_str() && b.start_day == new.start_day);
    let start = match &before {
        Some(before) if same && before.start_value.is_some() => before.start_value,
        _ => start_value(&db, workspace, new.metric, new.start_day, today).await?,
    };
    if let Some(start) = start {
        new.direction.check(start, new.target)?;
    }
    let saved = ObjectiveRow {
        id: before.as_ref().map_or_else(Uuid::now_v7, |b| b.id),
        name: new.name,
        metric: new.metric.as_str().to_owned(),
        direction: new.direction.as_str().to_owned(),
        start_value: start,
        target: new.target,
        start_day: new.start_day,
        due_day: new.due_day,
        // Evaluated from its start anew: another target may have been met on a day that is over.
        evaluated_on: None,
        created_at: before.as_ref().map_or(now, |b| b.created_at),
        reached_on: None,
        reached_value: None,
    };
    let entry = match &before {
        Some(before) => entry("objectives.update", &saved).change(told(before), told(&saved)),
        None => entry("objectives.create", &saved).with(told(&saved)),
    };
    insert(app, workspace, &saved, !same, Some((actor, entry))).await?;
    Ok(saved.id)
}

fn entry(operation: &str, row: &ObjectiveRow) -> Entry {
    Entry::of(operation).on("objective", row.id).named(row.name.clone())
}

/// What the audit log keeps of an objective; the target's name says its unit.
fn told(row: &ObjectiveRow) -> Value {
    let (field, target) = match ObjectiveMetric::parse(&row.metric).map(ObjectiveMetric::unit) {
        Ok(Unit::Cents) => ("targetCents", Value::from(row.target.round() as i64)),
        Ok(Unit::Ratio) => ("targetPct", Value::from((row.target * 1e6).round() / 1e4)),
        _ => ("target", Value::from(row.target)),
    };
    let mut out = Map::new();
    out.insert("name".into(), row.name.as_str().into());
    out.insert("metric".into(), row.metric.as_str().into());
    out.insert("direction".into(), row.direction.as_str().into());
    out.insert(field.into(), target);
    out.insert("startDate".into(), row.start_day.to_string().into());
    out.insert("dueDate".into(), row.due_day.to_string().into());
    out.into()
}

/// Writes an objective and follows it up to today; `entry` is what is recorded of it, and who did it.
pub(crate) async fn insert(
    app: &App,
    workspace: Workspace,
    row: &ObjectiveRow,
    anew: bool,
    entry: Option<(&Actor, Entry)>,
) -> Result<()> {
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    if anew {
        store::forget_days(&tx, workspace, row.id).await?;
    }
    store::save(&tx, workspace, row, now).await?;
    emit(&tx, workspace, now, &[DomainEvent::ObjectivesChanged]).await?;
    if let Some((actor, entry)) = entry {
        audit::record(&tx, actor, now, entry).await?;
    }
    tx.commit().await?;
    let found = evaluate(app, workspace).await?;
    let tx = app.db.begin().await?;
    record(&tx, workspace, &found, now).await?;
    Ok(tx.commit().await?)
}

/// The objective, when nothing but its name is to change.
fn renamed<'a>(before: &'a ObjectiveRow, input: &ObjectiveInput) -> Option<&'a ObjectiveRow> {
    let same = before.metric == input.metric
        && input.direction.as_ref().is_none_or(|direction| *direction == before.direction)
        && before.target == input.target
        && input.start_day.is_none_or(|day| day == before.start_day)
        && before.due_day == input.due_day;
    same.then_some(before)
}

async fn rename(app: &App, actor: &Actor, before: &ObjectiveRow, name: &str) -> Result<Uuid> {
    let workspace = actor.workspace;
    let input = ObjectiveInput {
        name: name.to_owned(),
        metric: before.metric.clone(),
        direction: Some(before.direction.clone()),
        target: before.target,
        start_day: Some(before.start_day),
        due_day: before.due_day,
    };
    // Its own days are no refusal: only the name is new.
    let checked = check(&input, before.start_day)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let after = ObjectiveRow { name: checked.name, ..before.clone() };
    store::save(&tx, workspace, &after, now).await?;
    emit(&tx, workspace, now, &[DomainEvent::ObjectivesChanged]).await?;
    let entry = entry("objectives.update", &after).change(told(before), told(&after));
    audit::record(&tx, actor, now, entry).await?;
    tx.commit().await?;
    Ok(before.id)
}

/// Deletes an objective; [`restore_objective`] takes that back.
pub async fn delete_objective(app: &App, actor: &Actor, id: Uuid) -> Result<()> {
    set_deleted(app, actor, id, true).await
}

/// Takes a deletion back.
pub async fn restore_objective(app: &App, actor: &Actor, id: Uuid) -> Result<()> {
    set_deleted(app, actor, id, false).await
}

async fn set_deleted(app: &App, actor: &Actor, id: Uuid, deleted: bool) -> Result<()> {
    let workspace = actor.require(Action::ManageModels)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let before = store::get(&tx, workspace, id).await?;
    if !store::set_deleted(&tx, workspace, id, deleted.then_some(now)).await? {
        return Err(Error::not_found());
    }
    emit(&tx, workspace, now, &[DomainEvent::ObjectivesChanged]).await?;
    let row = if deleted { before } else { store::get(&tx, workspace, id).await? };
    let row = row.ok_or_else(Error::not_found)?;
    let entry = if deleted {
        entry("objectives.delete", &row).was(told(&row))
    } else {
        entry("objectives.restore", &row).with(told(&row))
    };
    audit::record(&tx, actor, now, entry).await?;
    Ok(tx.commit().await?)
}
