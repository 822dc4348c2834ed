//! Milestones by hand: added, moved, reached, taken away.

use super::case::label;
use super::start::Opened;
use crate::error::{Error, Result};
use crate::{Actor, App};
use chrono::NaiveDate;
use essor_domain::identity::Action;
use essor_domain::journey::{Impact, Label, check_due};
use essor_domain::time::check_day;
use essor_domain::{Code, Invalid};
use essor_store::journey::milestones::{self as store, MilestoneRow};
use essor_store::journey::visits;
use serde_json::{Value, json};
use std::cmp::Ordering;
use uuid::Uuid;

/// A new milestone.
#[derive(Debug, Clone)]
pub struct MilestoneNew {
    /// Its words.
    pub title: Label,
    /// By when.
    pub due: NaiveDate,
    /// low, medium or high; medium when left out.
    pub impact: Option<String>,
    /// Whether missing it puts the journey at risk.
    pub critical: bool,
    /// The stage that it belongs to.
    pub stage: Option<String>,
}

/// What changes of a milestone.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "each field is that of the milestone")]
pub struct MilestonePatch {
    pub title: Option<Label>,
    pub due: Option<NaiveDate>,
    pub impact: Option<String>,
    pub critical: Option<bool>,
    pub completed: Option<bool>,
}

/// Adds a milestone to a client's journey.
pub async fn add_milestone(app: &App, actor: &Actor, client: Uuid, new: &MilestoneNew) -> Result<Uuid> {
    let workspace = actor.require(Action::WriteClients)?;
    let mut opened = Opened::known(app, workspace, client).await?;
    let title = new.title.title("title")?;
    check_day(new.due, "due")?;
    let impact = new.impact.as_deref().map_or(Ok(Impact::Medium), Impact::parse)?;
    if let Some(stage) = &new.stage {
        let unknown = || Invalid::field(Code::JourneyStageUnknown, "stage").with("value", stage.as_str());
        let begins = begins(&opened, stage).await?.ok_or_else(unknown)?;
        check_due(new.due, begins)?;
    }
    let row = MilestoneRow {
        id: Uuid::now_v7(),
        client_id: client,
        key: None,
        stage: new.stage.clone(),
        title: serde_json::to_value(&title).unwrap_or_default(),
        due: new.due,
        impact: impact.as_str().to_owned(),
        critical: new.critical,
        completed_on: None,
    };
    let id = row.id;
    opened.changes.milestones.push(row.clone());
    let entry = opened.entry("journey.milestone").with(told(&row));
    opened.case.milestones.push(row);
    opened.close(actor, entry).await?;
    Ok(id)
}

/// Changes a milestone; `completed` notes the day on which it was reached.
pub async fn change_milestone(app: &App, actor: &Actor, client: Uuid, id: Uuid, patch: &MilestonePatch) -> Result<()> {
    let workspace = actor.require(Action::WriteClients)?;
    let mut opened = Opened::known(app, workspace, client).await?;
    let today = opened.ground.today;
    let row = opened.case.milestones.iter().find(|row| row.id == id).ok_or_else(Error::not_found)?;
    // One that was there before its stage had to begin is changed otherwise without a word about its day.
    if let Some(due) = patch.due.filter(|due| *due != row.due)
        && let Some(stage) = &row.stage
        && let Some(begins) = begins(&opened, stage).await?
    {
        check_due(due, begins)?;
    }
    let row = opened.case.milestones.iter_mut().find(|row| row.id == id).ok_or_else(Error::not_found)?;
    let before = told(row);
    if let Some(title) = &patch.title {
        row.title = serde_json::to_value(title.title("title")?).unwrap_or_default();
    }
    if let Some(due) = patch.due {
        check_day(due, "due")?;
        row.due = due;
    }
    if let Some(impact) = &patch.impact {
        row.impact = Impact::parse(impact)?.as_str().to_owned();
    }
    row.critical = patch.critical.unwrap_or(row.critical);
    match patch.completed {
        Some(true) => row.completed_on = row.completed_on.or(Some(today)),
        Some(false) => row.completed_on = None,
        None => {}
    }
    let row = row.clone();
    let entry = opened.entry("journey.milestone").change(before, told(&row));
    opened.changes.milestones.push(row);
    opened.close(actor, entry).await
}

/// Takes a milestone away.
pub async fn remove_milestone(app: &App, actor: &Actor, client: Uuid, id: Uuid) -> Result<()> {
    let workspace = actor.require(Action::WriteClients)?;
    let mut opened = Opened::known(app, workspace, client).await?;
    let row = opened.case.milestones.iter().find(|row| row.id == id).ok_or_else(Error::not_found)?;
    let entry = opened.entry("journey.milestone_delete").was(told(row));
    store::delete(&opened.tx, workspace, client, id).await?;
    opened.case.milestones.retain(|row| row.id != id);
    opened.changes.milestones_gone.push((client, id));
    opened.close(actor, entry).await
}

/// The day on which a stage of the client's journey began; today at the earliest for one that has not. None when there is no
/// such stage.
async fn begins(opened: &Opened, stage: &str) -> Result<Option<NaiveDate>> {
    let (ground, case) = (&opened.ground, &opened.case);
    let (Some(plan), Some(course)) = (case.plan(ground), &case.course) else { return Ok(None) };
    let Some((place, _)) = plan.template.stage(stage) else { return Ok(None) };
    let state = &course.state;
    Ok(Some(match place.cmp(&state.place) {
        Ordering::Greater => ground.today,
        Ordering::Equal => state.entered_on,
        Ordering::Less => {
            let visits = visits::of_client(&opened.tx, ground.workspace, case.subject.id).await?;
            let stay = visits.iter().find(|visit| visit.journey_id == course.id && visit.stage == stage);
            stay.map_or(state.started_on, |visit| visit.entered_on)
        }
    }))
}

fn told(row: &MilestoneRow) -> Value {
    json!({
        "title": label(&row.title).en,
        "due": row.due,
        "impact": row.impact,
        "critical": row.critical,
        "completedOn": row.completed_on,
    })
}
