//! Moves a client on its journey by hand: forwards, back, past a stage, or on when a stage is done.

use super::case::Hand;
use super::start::Opened;
use crate::error::Result;
use crate::{Actor, App};
use essor_domain::identity::Action;
use essor_domain::journey::Outcome;
use essor_domain::tasks::check_note;
use essor_domain::{Code, Invalid};
use serde_json::json;
use uuid::Uuid;

/// Moves a client to a stage, or past the last one with none. A reason has to be given, and stays in the history. A stage in
/// which something required is missing is left out, not completed.
pub async fn move_to(app: &App, actor: &Actor, client: Uuid, to: Option<&str>, reason: &str, skip: bool) -> Result<()> {
    let workspace = actor.require(Action::WriteClients)?;
    let reason = check_note(reason, "reason")?.ok_or_else(|| Invalid::field(Code::FieldRequired, "reason"))?;
    let mut opened = Opened::known(app, workspace, client).await?;
    opened.case.refresh(&opened.ground, &mut opened.changes);
    let Some(plan) = opened.case.plan(&opened.ground) else { return Err(Code::JourneyNone.into()) };
    let Some(course) = &opened.case.course else { return Err(Code::JourneyNone.into()) };
    let (from, left_as) = (course.state.place, course.state.left_as(plan, skip));
    let stages = &plan.template.stages;
    let to = match to {
        None => stages.len(),
        Some(key) => {
            let known: Vec<&str> = stages.iter().map(|stage| stage.key.as_str()).collect();
            let unknown = Invalid::field(Code::JourneyStageUnknown, "to").with("value", key);
            let found = plan.template.stage(key).map(|(place, _)| place);
            found.ok_or_else(|| unknown.with("expected", known.join(", ")))?
        }
    };
    let key = |place: usize| stages.get(place).map(|stage| stage.key.clone());
    let entry =
        opened.entry("journey.move").change(json!({"stage": key(from)}), json!({"stage": key(to), "reason": reason}));
    if to != from {
        let outcome = if to < from { Outcome::Moved } else { left_as };
        let hand = Hand { by: actor.user_id(), reason: Some(reason) };
        opened.case.go(&opened.ground, &mut opened.changes, to, outcome, &hand);
    }
    opened.close(actor, entry).await
}

/// Goes on to the next stage: what somebody was asked. Refused while a required criterion does not hold.
pub async fn advance(app: &App, actor: &Actor, client: Uuid) -> Result<()> {
    let workspace = actor.require(Action::WriteClients)?;
    let mut opened = Opened::known(app, workspace, client).await?;
    opened.case.refresh(&opened.ground, &mut opened.changes);
    let (Some(plan), Some(course)) = (opened.case.plan(&opened.ground), &opened.case.course) else {
        return Err(Code::JourneyNone.into());
    };
    let missing = course.state.missing(plan);
    let from = course.state.place;
    if !missing.is_empty() || from >= plan.template.stages.len() {
        return Err(Invalid::new(Code::JourneyNotReady).with("missing", missing).into());
    }
    let key = |place: usize| plan.template.stages.get(place).map(|stage| stage.key.clone());
    let entry = opened.entry("journey.advance").change(json!({"stage": key(from)}), json!({"stage": key(from + 1)}));
    let hand = Hand { by: actor.user_id(), reason: None };
    opened.case.go(&opened.ground, &mut opened.changes, from + 1, Outcome::Completed, &hand);
    opened.close(actor, entry).await
}
