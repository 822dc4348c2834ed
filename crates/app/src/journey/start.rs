//! What people do to one journey: opening it for a change, and starting one.

use super::case::{Case, Course, cases};
use super::ground::Ground;
use super::infer::place_inferred;
use super::save::{Changes, save};
use crate::audit::{self, Entry};
use crate::error::{Error, Result};
use crate::{Actor, App};
use essor_domain::identity::Action;
use essor_domain::journey::{COMPLETED, State};
use essor_domain::{Code, Invalid};
use essor_store::journey::{self as store, actions, milestones};
use essor_store::{Tx, Workspace};
use serde_json::json;
use uuid::Uuid;

/// A client's journey under change: what is done to `case` is written by [`Opened::close`].
pub(super) struct Opened {
    pub tx: Tx,
    pub ground: Ground,
    pub case: Case,
    pub changes: Changes,
}

impl Opened {
    /// Opens a client's journey, under the journeys' lock.
    pub async fn of(app: &App, workspace: Workspace, client: Uuid) -> Result<Opened> {
        let now = app.clock.now();
        let tx = app.db.begin().await?;
        store::lock(&tx, workspace).await?;
        let row = crate::identity::workspace_row(&tx, workspace).await?;
        let ground = Ground::read(&tx, &row, now).await?;
        let case = cases(&tx, &ground, &[client]).await?.pop().ok_or_else(Error::not_found)?;
        Ok(Opened { tx, ground, case, changes: Changes::default() })
    }

    /// The same of a client that has one.
    pub async fn known(app: &App, workspace: Workspace, client: Uuid) -> Result<Opened> {
        let opened = Opened::of(app, workspace, client).await?;
        if opened.case.course.is_none() {
            return Err(Code::JourneyNone.into());
        }
        Ok(opened)
    }

    /// An entry about this client.
    pub fn entry(&self, operation: &str) -> Entry {
        Entry::of(operation).on("client", self.case.subject.id).named(self.case.subject.name.clone())
    }

    /// Looks at what has become of it, writes that, records and commits.
    pub async fn close(mut self, actor: &Actor, entry: Entry) -> Result<()> {
        self.case.settle(&self.ground, &mut self.changes);
        save(&self.tx, &self.ground, self.changes).await?;
        audit::record(&self.tx, actor, self.ground.now, entry).await?;
        Ok(self.tx.commit().await?)
    }
}

/// Starts a client's journey: with the template of its segment unless one is named, and in the stage that is named, else
/// where its tenure and use put it.
pub async fn start(app: &App, actor: &Actor, client: Uuid, template: Option<Uuid>, stage: Option<&str>) -> Result<()> {
    let workspace = actor.require(Action::WriteClients)?;
    let mut opened = Opened::of(app, workspace, client).await?;
    let Opened { tx, ground, case, changes } = &mut opened;
    if case.before.as_ref().is_some_and(|row| row.stage != COMPLETED) {
        return Err(Code::JourneyExists.into());
    }
    let version = match template {
        None => ground.templates.of_segment(case.subject.segment.as_deref()),
        Some(id) => {
            let found = ground.templates.latest(id).filter(|version| !version.deleted);
            found.ok_or_else(|| Error::from(Invalid::field(Code::NotFound, "templateId")))?
        }
    };
    let key = (version.id, version.version);
    let place = stage
        .map(|stage| {
            let known: Vec<&str> = version.template.stages.iter().map(|stage| stage.key.as_str()).collect();
            let unknown = || Invalid::field(Code::JourneyStageUnknown, "stage").with("value", stage);
            let found = version.template.stage(stage).map(|(place, _)| place);
            found.ok_or_else(|| unknown().with("expected", known.join(", ")))
        })
        .transpose()?;
    // What an earlier journey left: its story stays, its ticks do not.
    actions::clear(tx, workspace, client).await?;
    milestones::clear(tx, workspace, client).await?;
    case.actions.clear();
    case.milestones.retain(|row| row.key.is_none());
    match place {
        Some(place) => {
            let mut state = State::begun(0, ground.today);
            if place > 0 {
                state.go(&version.template, place, essor_domain::journey::Outcome::Skipped, ground.today);
            }
            case.course = Some(Course { id: Uuid::now_v7(), template: key, state });
            case.enter(ground, changes, true);
        }
        None => place_inferred(tx, case, ground, changes, key, ground.today, true).await?,
    }
    let begun = case.course.as_ref().map(|course| course.state.place).unwrap_or_default();
    let begun = version.template.stages.get(begun).map(|stage| stage.key.clone());
    let entry = opened.entry("journey.start").with(json!({"stage": begun}));
    opened.close(actor, entry).await
}
