//! Ticks: manual criteria, and key actions.

use super::start::Opened;
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::{Actor, App};
use essor_domain::identity::Action;
use essor_domain::journey::Tick;
use essor_domain::{Code, Invalid};
use essor_store::journey::actions::ActionRow;
use essor_store::tasks;
use serde_json::json;
use uuid::Uuid;

/// Ticks or unticks a manual criterion of the current stage, with who did it and when.
pub async fn set_criterion(app: &App, actor: &Actor, client: Uuid, key: &str, met: bool) -> Result<()> {
    let workspace = actor.require(Action::WriteClients)?;
    let mut opened = Opened::known(app, workspace, client).await?;
    let today = opened.ground.today;
    let (Some(plan), Some(course)) = (opened.case.plan(&opened.ground), &mut opened.case.course) else {
        return Err(Code::JourneyNone.into());
    };
    let stage = plan.template.stages.get(course.state.place).ok_or_else(Error::not_found)?;
    let criterion = stage.criteria.iter().find(|c| c.key == key).ok_or_else(Error::not_found)?;
    if criterion.expression.is_some() {
        return Err(Invalid::field(Code::JourneyCriterionMeasured, "key").with("value", key).into());
    }
    let ticks = course.state.ticks.entry(stage.key.clone()).or_default();
    let was = ticks.get(key).is_some_and(|tick| tick.met);
    if was != met {
        let tick = if met {
            Tick {
                met,
                on: Some(today),
                by: actor.user_id(),
                fraction: 1.0,
                checked_on: Some(today),
                ..Tick::default()
            }
        } else {
            Tick { checked_on: Some(today), ..Tick::default() }
        };
        ticks.insert(key.to_owned(), tick);
    }
    let told = |met: bool| json!({"criterion": criterion.label.en, "met": met});
    let entry = opened.entry("journey.criterion").change(told(was), told(met));
    opened.close(actor, entry).await
}

/// Ticks or unticks a key action of the current stage: the same as doing its task.
pub async fn set_action(app: &App, actor: &Actor, client: Uuid, key: &str, done: bool) -> Result<()> {
    let workspace = actor.require(Action::WriteClients)?;
    let mut opened = Opened::known(app, workspace, client).await?;
    let (label, was) = tick(&mut opened, actor.user_id(), key, done).await?;
    let told = |done: bool| json!({"action": label, "done": done});
    let entry = opened.entry("journey.action").change(told(was), told(done));
    opened.close(actor, entry).await
}

/// Ticks a key action of the current stage and does its task; its words, and how it was.
pub(super) async fn tick(opened: &mut Opened, by: Option<Uuid>, key: &str, done: bool) -> Result<(String, bool)> {
    let (workspace, today, now) = (opened.ground.workspace, opened.ground.today, opened.ground.now);
    let (Some(plan), Some(course)) = (opened.case.plan(&opened.ground), &opened.case.course) else {
        return Err(Code::JourneyNone.into());
    };
    let stage = plan.template.stages.get(course.state.place).ok_or_else(Error::not_found)?;
    let action = stage.actions.iter().find(|a| a.key == key).ok_or_else(Error::not_found)?;
    let label = action.label.en.clone();
    let client = opened.case.subject.id;
    let at = opened.case.actions.iter().position(|row| row.stage == stage.key && row.action == key);
    let at = at.unwrap_or_else(|| {
        opened.case.actions.push(ActionRow::new(client, &stage.key, key));
        opened.case.actions.len() - 1
    });
    let row = &mut opened.case.actions[at];
    let was = row.done_on.is_some();
    if was != done {
        row.done_on = done.then_some(today);
        row.task_done = done.then_some(now);
        if let Some(task) = row.task_id {
            tasks::set_done(&opened.tx, workspace, task, done.then_some((now, by)), now).await?;
            emit(&opened.tx, workspace, now, &[DomainEvent::TasksChanged(vec![client])]).await?;
        }
        opened.changes.actions.push(row.clone());
    }
    Ok((label, was))
}
