//! Starts journeys of clients that were there before: the stage is read off tenure, use and what is measured, and marked as
//! inferred.

use super::case::{Case, Course, Hand, cases};
use super::evaluate::is_new;
use super::ground::Ground;
use super::save::{Changes, save};
use super::stages::visit;
use crate::audit::{self, Entry};
use crate::error::Result;
use crate::jobs::JOURNEY_INFER;
use crate::{Actor, App};
use chrono::NaiveDate;
use essor_domain::demo::journeys::followed_since;
use essor_domain::identity::Action;
use essor_domain::journey::{Left, Outcome, State, Used, Visit, infer};
use essor_domain::time::day_in;
use essor_store::identity::workspaces;
use essor_store::jobs::{self, Job};
use essor_store::{Conn, Workspace, health, journey as store};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// How many clients are read and written together.
const CHUNK: i64 = 500;

/// Puts a client where its tenure, its use and what is measured say that it stands, with the stages behind it in its history. The plan of the
/// current stage counts from `as_of`.
fn put(case: &mut Case, ground: &Ground, changes: &mut Changes, key: (Uuid, i32), visits: &[Visit], as_of: NaiveDate) {
    let (Some(plan), Some(first), Some(last)) = (ground.plans.get(&key), visits.first(), visits.last()) else { return };
    // A client that has just come is not inferred: it begins.
    let inferred = visits.len() > 1 || last.entered < as_of;
    let mut course = Course { id: Uuid::now_v7(), template: key, state: State::begun(0, first.entered) };
    for stay in &visits[..visits.len() - 1] {
        let Some(stage) = plan.template.stages.get(stay.place) else { continue };
        let state = State { place: stay.place, entered_on: stay.entered, inferred, ..course.state.clone() };
        let over = Some((Outcome::Completed, &Hand::default()));
        let mut row = visit(&case.subject, &Course { state, ..course.clone() }, stage, over);
        row.left_on = stay.left;
        row.days = stay.left.and_then(|left| i32::try_from((left - stay.entered).num_days()).ok());
        changes.visits.push(row);
        course.state.left.insert(stage.key.clone(), Left { outcome: Outcome::Completed, progress: 100.0 });
    }
    let begins = last.entered.max(as_of);
    course.state = State {
        place: last.place,
        entered_on: last.entered,
        plan_from: begins,
        progressed_on: begins,
        inferred,
        ..course.state
    };
    case.course = Some(course);
}

/// The days with use of some clients, and since when use is known.
struct Use {
    known_from: NaiveDate,
    days: HashMap<Uuid, Vec<NaiveDate>>,
}

/// None where nobody sends use at all.
async fn used(conn: &impl Conn, ground: &Ground, clients: &[Uuid], until: NaiveDate) -> Result<Option<Use>> {
    if !health::fed(conn, ground.workspace, until).await?.contains("usage") {
        return Ok(None);
    }
    let Some(known_from) = health::fed_from(conn, ground.workspace, "usage", until).await? else { return Ok(None) };
    Ok(Some(Use { known_from, days: store::days_used(conn, ground.workspace, clients, until).await? }))
}

fn since(case: &Case, ground: &Ground) -> NaiveDate {
    let created = day_in(ground.language.moment.zone, case.subject.created_at);
    case.subject.since.or(case.subject.first_paid_on).unwrap_or(created)
}

/// Puts one client where it stands as of a day.
pub(super) async fn place_inferred(
    conn: &impl Conn,
    case: &mut Case,
    ground: &Ground,
    changes: &mut Changes,
    key: (Uuid, i32),
    as_of: NaiveDate,
    with_tasks: bool,
) -> Result<()> {
    let used = used(conn, ground, &[case.subject.id], as_of).await?;
    place(case, ground, changes, key, used.as_ref(), as_of, with_tasks);
    Ok(())
}

fn place(
    case: &mut Case,
    ground: &Ground,
    changes: &mut Changes,
    key: (Uuid, i32),
    used: Option<&Use>,
    as_of: NaiveDate,
    with_tasks: bool,
) {
    let Some(plan) = ground.plans.get(&key) else { return };
    let used = used.map(|used| Used {
        days: used.days.get(&case.subject.id).map_or(&[][..], Vec::as_slice),
        known_from: used.known_from,
        facts: &case.facts,
    });
    let visits = infer(plan, since(case, ground), used, as_of);
    put(case, ground, changes, key, &visits, as_of);
    case.enter(ground, changes, with_tasks);
}

/// Starts journeys for some clients that have none, as of today; in the demo as of the day since which its people follow
/// each. Nobody is given tasks for it, and nobody is told.
async fn start_some(app: &App, workspace: Workspace, clients: &[Uuid]) -> Result<()> {
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    store::lock(&tx, workspace).await?;
    let row = crate::identity::workspace_row(&tx, workspace).await?;
    let ground = Ground::read(&tx, &row, now).await?;
    let used = used(&tx, &ground, clients, ground.today).await?;
    let mut changes = Changes { quiet: true, ..Changes::default() };
    for mut case in cases(&tx, &ground, clients).await? {
        // A client that has just come begins by itself, with its tasks; a demo has none of its own accord.
        let begins = !row.is_demo && ground.auto_start && is_new(&case, &ground);
        if case.course.is_some() || begins {
            continue;
        }
        let version = ground.templates.of_segment(case.subject.segment.as_deref());
        let day = if row.is_demo { followed_since(since(&case, &ground), ground.today) } else { ground.today };
        place(&mut case, &ground, &mut changes, (version.id, version.version), used.as_ref(), day, false);
        case.settle(&ground, &mut changes);
    }
    save(&tx, &ground, changes).await?;
    Ok(tx.commit().await?)
}

/// Starts journeys for all clients that have none: after an import, and for the demo.
pub async fn start_known(app: &App, workspace: Workspace) -> Result<usize> {
    let (mut after, mut count) = (None, 0);
    loop {
        let some = store::without(&app.db.primary(), workspace, after, CHUNK).await?;
        let Some(last) = some.last() else { return Ok(count) };
        after = Some(*last);
        count += some.len();
        start_some(app, workspace, &some).await?;
    }
}

/// Asks for journeys for all clients that have none; a job starts them. How many there are.
pub async fn infer_all(app: &App, actor: &Actor) -> Result<i64> {
    let workspace = actor.require(Action::ManageModels)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let clients = store::count_without(&tx, workspace).await?;
    jobs::enqueue(&tx, workspace, JOURNEY_INFER, [String::new()], now).await?;
    audit::record(&tx, actor, now, Entry::of("journey.infer").about("journey").with(json!({"clients": clients})))
        .await?;
    tx.commit().await?;
    Ok(clients)
}

/// The job: what a crash interrupts goes on with those that still have none.
pub async fn infer_work(app: &App, worker: Uuid, workspace: Workspace, batch: &[Job]) -> Result<()> {
    if workspaces::get(&app.db.primary(), workspace).await?.is_some() {
        start_known(app, workspace).await?;
    }
    let tx = app.db.begin().await?;
    if jobs::finish(&tx, worker, batch).await? {
        tx.commit().await?;
    }
    Ok(())
}
