//! Moves running journeys to the newest version of their template: a preview first, then a job.

use super::case::{Case, Hand, cases};
use super::ground::Ground;
use super::save::{Changes, save};
use super::templates::Templates;
use crate::audit::{self, Entry};
use crate::error::{Error, Result};
use crate::jobs::JOURNEY_MIGRATE;
use crate::{Actor, App};
use essor_domain::identity::Action;
use essor_domain::journey::{COMPLETED, Outcome, mapped};
use essor_store::Workspace;
use essor_store::identity::workspaces;
use essor_store::jobs::{self, Job};
use essor_store::journey::{self as store, JourneyRow};
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// How many clients are read and written together.
const CHUNK: i64 = 500;
/// The most changes that a preview names.
const SHOWN: usize = 200;

/// What moving one client changes.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "each field is named by what it states")]
pub struct Moved {
    pub client: Uuid,
    pub client_name: String,
    pub from_version: i32,
    pub from_stage: String,
    pub to_stage: String,
    pub progress_from: f64,
    pub progress_to: f64,
    pub status_from: String,
    pub status_to: String,
}

/// What moving all running journeys of a template changes.
#[derive(Debug, Clone)]
pub struct Preview {
    /// To which version.
    pub version: i32,
    /// How many clients are moved.
    pub clients: i64,
    /// What changes for each; the first ones.
    pub changes: Vec<Moved>,
    /// From stage, to stage, clients.
    pub stages: Vec<(String, String, i64)>,
}

/// Moves a client to another version. A stage that is still there goes on, with what is new of it; where it is gone, the
/// client enters the one in its place, and what was open of stages that are gone goes with them.
fn shift(case: &mut Case, ground: &Ground, changes: &mut Changes, to: (Uuid, i32)) {
    let Some(new) = ground.plans.get(&to) else { return };
    let Some(old) = case.plan(ground) else { return };
    let Some(course) = &mut case.course else { return };
    let before = old.template.stages.get(course.state.place);
    let (state, moved) = mapped(&old.template, &course.state, &new.template, ground.today);
    if moved {
        let reason = ground.version_reason(&new.template, to.1);
        let hand = Hand { by: None, reason: Some(reason) };
        changes.end(&case.subject, ground.today, course.state.entered_on, Outcome::Moved, &hand);
    }
    course.state = state;
    course.template = to;
    // Nobody was given tasks for an inferred stage.
    let with_tasks = !course.state.inferred;
    case.drop_open(ground, changes, |stage| new.template.stage(stage).is_none());
    match before {
        Some(before) if !moved => case.replan(ground, changes, before, with_tasks),
        _ => case.enter(ground, changes, with_tasks),
    }
    case.settle(ground, changes);
}

/// Moves a client as [`shift`] does, and on as far as it goes by itself: what is asked for while one look follows another.
fn shift_through(case: &mut Case, ground: &Ground, to: (Uuid, i32)) -> Option<JourneyRow> {
    let mut changes = Changes::default();
    shift(case, ground, &mut changes, to);
    while changes.again.pop().is_some() {
        case.settle(ground, &mut changes);
    }
    changes.journeys.pop()
}

/// What would change, client by client. Nothing does.
pub async fn preview(app: &App, actor: &Actor, id: Uuid) -> Result<Preview> {
    let workspace = actor.require(Action::ManageModels)?;
    let row = crate::identity::workspace_row(&app.db, workspace).await?;
    let ground = Ground::read(&app.db, &row, app.clock.now()).await?;
    let version = ground.templates.latest(id).map(|v| v.version).ok_or_else(Error::not_found)?;
    let mut out = Preview { version, clients: 0, changes: Vec::new(), stages: Vec::new() };
    let mut stages: BTreeMap<(String, String), i64> = BTreeMap::new();
    let mut after = None;
    loop {
        let some = store::behind(&app.db, workspace, (id, version), after, CHUNK).await?;
        let Some(last) = some.last() else { break };
        after = Some(*last);
        out.clients += some.len() as i64;
        for mut case in cases(&app.db, &ground, &some).await? {
            let Some(before) = case.before.clone() else { continue };
            let Some(after) = shift_through(&mut case, &ground, (id, version)) else { continue };
            *stages.entry((before.stage.clone(), after.stage.clone())).or_default() += 1;
            if out.changes.len() < SHOWN {
                out.changes.push(Moved {
                    client: case.subject.id,
                    client_name: case.subject.name.clone(),
                    from_version: before.version,
                    from_stage: before.stage,
                    to_stage: after.stage,
                    progress_from: before.progress,
                    progress_to: after.progress,
                    status_from: before.status,
                    status_to: after.status,
                });
            }
        }
    }
    out.stages = stages.into_iter().map(|((from, to), n)| (from, to, n)).collect();
    actor.trail.settle();
    Ok(out)
}

/// Asks for all running journeys of a template to be moved to its newest version; a job moves them. The version, and how
/// many there are.
pub async fn migrate(app: &App, actor: &Actor, id: Uuid) -> Result<(i32, i64)> {
    let workspace = actor.require(Action::ManageModels)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let templates = Templates::load(&tx, workspace).await?;
    let version = templates.latest(id).ok_or_else(Error::not_found)?;
    let counts = store::by_version(&tx, workspace).await?;
    let clients = counts.iter().filter(|((of, v), _)| *of == id && *v != version.version).map(|(_, n)| n).sum();
    jobs::enqueue(&tx, workspace, JOURNEY_MIGRATE, [id.to_string()], now).await?;
    let entry = Entry::of("journey.migrate").on("journey_template", id).named(version.template.name.en.clone());
    let entry = entry.with(json!({"version": version.version, "clients": clients}));
    audit::record(&tx, actor, now, entry).await?;
    tx.commit().await?;
    Ok((version.version, clients))
}

/// The job: a chunk a transaction, so that what a crash interrupts goes on with those that are left.
pub async fn migrate_work(app: &App, worker: Uuid, workspace: Workspace, batch: &[Job]) -> Result<()> {
    for job in batch {
        if let Ok(id) = job.key.parse::<Uuid>()
            && workspaces::get(&app.db.primary(), workspace).await?.is_some()
        {
            let mut after = None;
            while let Some(last) = chunk(app, workspace, id, after).await? {
                after = Some(last);
            }
        }
        let tx = app.db.begin().await?;
        if jobs::finish(&tx, worker, std::slice::from_ref(job)).await? {
            tx.commit().await?;
        }
    }
    Ok(())
}

async fn chunk(app: &App, workspace: Workspace, id: Uuid, after: Option<Uuid>) -> Result<Option<Uuid>> {
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    store::lock(&tx, workspace).await?;
    let row = crate::identity::workspace_row(&tx, workspace).await?;
    let ground = Ground::read(&tx, &row, now).await?;
    let Some(version) = ground.templates.latest(id).map(|v| v.version) else { return Ok(None) };
    let some = store::behind(&tx, workspace, (id, version), after, CHUNK).await?;
    let Some(last) = some.last().copied() else { return Ok(None) };
    let mut changes = Changes::default();
    for mut case in cases(&tx, &ground, &some).await? {
        if case.before.as_ref().is_some_and(|row| row.stage != COMPLETED) {
            shift(&mut case, &ground, &mut changes, (id, version));
        }
    }
    save(&tx, &ground, changes).await?;
    tx.commit().await?;
    Ok(Some(last))
}
