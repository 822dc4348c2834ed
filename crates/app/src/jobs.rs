//! The jobs and who runs them: a worker claims what is due, works, and ends it in the transaction of its result.

use crate::App;
use crate::error::{Error, Result};
use crate::events::FOLLOWED_BY;
use chrono::Duration;
use essor_domain::time::{day_in, parse_zone};
use essor_store::identity::workspaces;
use essor_store::jobs::{self, Job, Turn};
use essor_store::{Workspace, events, notifications, opportunities, tasks, usage};
use std::collections::BTreeMap;
use tokio::sync::watch;
use uuid::Uuid;

/// A kind of job: feature and verb.
pub type JobKind = &'static str;

/// Scores one client anew.
pub const HEALTH_SCORE: JobKind = "health.score";
/// Counts one client's raw events anew.
pub const USAGE_REPAIR: JobKind = "usage.repair";
/// Follows the objectives of a workspace.
pub const GROWTH_OBJECTIVES: JobKind = "growth.objectives";
/// Computes all ledgers of a workspace anew.
pub const GROWTH_REBUILD: JobKind = "growth.rebuild";
/// Looks for opportunities at one client.
pub const OPPORTUNITIES_DETECT: JobKind = "opportunities.detect";

/// Looks at one client's journey.
pub const JOURNEY_EVALUATE: JobKind = "journey.evaluate";
/// Moves running journeys to the newest version of a template.
pub const JOURNEY_MIGRATE: JobKind = "journey.migrate";
/// Starts journeys for the clients that have none.
pub const JOURNEY_INFER: JobKind = "journey.infer";

/// Changes many clients as somebody asked.
pub const CLIENTS_BULK: JobKind = "clients.bulk";
/// Imports a file, or tries to.
pub const CONNECTORS_IMPORT: JobKind = "connectors.import";

/// Sends one letter of a survey.
pub const SURVEYS_SEND: JobKind = "surveys.send";

/// What waits for other hosts, which may be slow: it has a worker of its own, so that no score waits for a mail server.
const OUTWARD: [(JobKind, i64); 1] = [(SURVEYS_SEND, 10)];

/// All other kinds with how many are claimed at once. Of what is due equally long, counts come before scores, and scores before
/// what looks at them.
const KINDS: [(JobKind, i64); 10] = [
    (GROWTH_REBUILD, 1),
    (USAGE_REPAIR, 20),
    // Somebody waits for it, and the scores that it asks for come after it.
    (CLIENTS_BULK, 1),
    (CONNECTORS_IMPORT, 1),
    (HEALTH_SCORE, 500),
    (OPPORTUNITIES_DETECT, 500),
    (JOURNEY_EVALUATE, 500),
    (JOURNEY_MIGRATE, 1),
    (JOURNEY_INFER, 1),
    (GROWTH_OBJECTIVES, 1),
];
/// How many of them end with the scores.
const UP_TO_SCORES: usize = 5;
/// How long a worker may take before others believe it dead.
const LEASE: Duration = Duration::seconds(60);
/// How often to look for work that another process left, and for the day's end.
const POLL: std::time::Duration = std::time::Duration::from_millis(1_000);
/// The longest rest between two batches.
const REST: std::time::Duration = std::time::Duration::from_millis(700);
/// Arrivals within this time are scored together.
const GATHER: std::time::Duration = std::time::Duration::from_millis(150);
/// The same for what goes first.
const SOON: std::time::Duration = std::time::Duration::from_millis(50);

/// Runs jobs until told to stop; the batch under way is finished first.
pub async fn run(app: App, mut stop: watch::Receiver<bool>) {
    let worker = Uuid::now_v7();
    let mut closed_at = None;
    while !*stop.borrow() {
        let woken = app.db.committed();
        tokio::pin!(woken);
        // Registered before looking, so that a commit in between is not missed.
        woken.as_mut().enable();
        let now = app.clock.now();
        if closed_at.is_none_or(|at| now - at > Duration::seconds(60)) {
            closed_at = Some(now);
            if let Err(error) = housekeeping(&app).await {
                tracing::warn!(feature = "jobs", %error, "housekeeping failed; it is tried again in a minute");
            }
        }
        let began = std::time::Instant::now();
        match work_once(&app, worker).await {
            Ok(0) => {
                tokio::select! {
                    () = &mut woken => tokio::time::sleep(GATHER).await,
                    () = tokio::time::sleep(POLL) => {}
                    _ = stop.changed() => {}
                }
            }
            // As long as it worked it rests, so that scoring never takes more than half of what ingestion needs; but not
            // while somebody waits.
            Ok(_) => {
                tokio::select! {
                    () = tokio::time::sleep(began.elapsed().clamp(GATHER, REST)) => {}
                    () = awaited(&app) => {}
                }
            }
            Err(error) => {
                tracing::warn!(feature = "jobs", %error, "a batch of jobs failed; it is tried again");
                tokio::select! {
                    () = tokio::time::sleep(POLL) => {}
                    _ = stop.changed() => {}
                }
            }
        }
    }
}

/// Runs the jobs that wait for other hosts until told to stop.
pub async fn run_outward(app: App, mut stop: watch::Receiver<bool>) {
    let worker = Uuid::now_v7();
    while !*stop.borrow() {
        let woken = app.db.committed();
        tokio::pin!(woken);
        woken.as_mut().enable();
        let done = work_on(&app, worker, &OUTWARD).await;
        if let Err(error) = &done {
            tracing::warn!(feature = "jobs", %error, "a batch of letters failed; it is tried again");
        }
        // After a batch the next one at once; else what a commit brings, or what was put off and is due again.
        if !matches!(done, Ok(n) if n > 0) {
            tokio::select! {
                () = async { woken.await; tokio::time::sleep(GATHER).await } => {}
                () = tokio::time::sleep(POLL) => {}
                _ = stop.changed() => {}
            }
        }
    }
}

/// Returns once a score is due that goes first. A commit is what makes it due.
async fn awaited(app: &App) {
    loop {
        let woken = app.db.committed();
        tokio::pin!(woken);
        woken.as_mut().enable();
        let due = jobs::due(&app.db.primary(), HEALTH_SCORE, app.clock.now()).await;
        if matches!(due, Ok(Some((Turn::First, _)))) {
            return;
        }
        woken.await;
        tokio::time::sleep(SOON).await;
    }
}

/// Claims and runs one batch of the kind whose turn it is; returns how many jobs it held.
pub async fn work_once(app: &App, worker: Uuid) -> Result<usize> {
    work_on(app, worker, &KINDS).await
}

/// What goes first does; then comes what has been due for longest, so that no kind waits for a stream of another to end.
async fn work_on(app: &App, worker: Uuid, kinds: &[(JobKind, i64)]) -> Result<usize> {
    let now = app.clock.now();
    let mut waiting = Vec::with_capacity(kinds.len());
    for &(kind, most) in kinds {
        if let Some(due) = jobs::due(&app.db.primary(), kind, now).await? {
            waiting.push((due, kind, most));
        }
    }
    // Stable: of equals the kind that stands first in the list.
    waiting.sort_by_key(|(due, ..)| *due);
    for ((turn, _), kind, most) in waiting {
        let tx = app.db.begin().await?;
        let claimed = jobs::claim(&tx, (kind, turn), worker, now, now + LEASE, most).await?;
        tx.commit().await?;
        let mut by_workspace: BTreeMap<Uuid, Vec<Job>> = BTreeMap::new();
        let count = claimed.len();
        for job in claimed {
            by_workspace.entry(job.workspace_id).or_default().push(job);
        }
        for (workspace, batch) in by_workspace {
            let workspace = Workspace(workspace);
            let done = match kind {
                USAGE_REPAIR => repair(app, worker, workspace, &batch).await,
                CLIENTS_BULK => crate::clients::bulk::work(app, worker, workspace, &batch).await,
                CONNECTORS_IMPORT => crate::connectors::work(app, worker, workspace, &batch).await,
                GROWTH_OBJECTIVES => follow(app, worker, workspace, &batch).await,
                GROWTH_REBUILD => rebuild(app, worker, workspace, &batch).await,
                OPPORTUNITIES_DETECT => detect(app, worker, workspace, &batch).await,
                SURVEYS_SEND => crate::surveys::deliver(app, worker, workspace, &batch).await,
                JOURNEY_EVALUATE => evaluate(app, worker, workspace, &batch).await,
                JOURNEY_MIGRATE => crate::journey::migrate_work(app, worker, workspace, &batch).await,
                JOURNEY_INFER => crate::journey::infer_work(app, worker, workspace, &batch).await,
                _ => score(app, worker, workspace, &batch).await,
            };
            if let Err(error) = done {
                give_back(app, worker, kind, &batch, &error).await?;
            }
        }
        if count > 0 {
            return Ok(count);
        }
    }
    Ok(0)
}

/// Runs everything that is due, for commands that finish derived work before they exit, and for tests.
pub async fn drain(app: &App) -> Result<usize> {
    let worker = Uuid::now_v7();
    let mut done = 0;
    loop {
        match work_once(app, worker).await? + work_on(app, worker, &OUTWARD).await? {
            0 => return Ok(done),
            n => done += n,
        }
    }
}

/// Runs what scores are made of and the scores, and nothing that looks at them: before the history of an import is
/// filled in, what they say of its clients is not yet so.
pub async fn drain_scores(app: &App) -> Result<usize> {
    let worker = Uuid::now_v7();
    let mut done = 0;
    loop {
        match work_on(app, worker, &KINDS[..UP_TO_SCORES]).await? {
            0 => return Ok(done),
            n => done += n,
        }
    }
}

async fn repair(app: &App, worker: Uuid, workspace: Workspace, batch: &[Job]) -> Result<()> {
    for job in batch {
        // Counting anew gives the same counts: a repair that is repeated after a crash does no harm.
        if let Ok(client) = job.key.parse() {
            crate::usage::repair(app, workspace, client).await?;
        }
        let tx = app.db.begin().await?;
        if jobs::finish(&tx, worker, std::slice::from_ref(job)).await? {
            tx.commit().await?;
        }
    }
    Ok(())
}

async fn score(app: &App, worker: Uuid, workspace: Workspace, batch: &[Job]) -> Result<()> {
    let clients: Vec<Uuid> = batch.iter().filter_map(|job| job.key.parse().ok()).collect();
    let now = app.clock.now();
    let row = workspaces::get(&app.db.primary(), workspace).await?;
    // Facts that arrive while they are read raise the job's version: it stays due and is scored again.
    let fresh = match &row {
        Some(row) => Some(crate::health::assess_all(&app.db.primary(), row, &clients, now).await?),
        None => None,
    };
    let tx = app.db.begin().await?;
    if let (Some(row), Some(fresh)) = (&row, &fresh) {
        crate::health::save(&tx, row, fresh, now).await?;
        // A demo that is being made is looked at once it is whole.
        let whole = !row.is_demo || opportunities::market::get(&tx, workspace).await?.is_some();
        for (_, next) in FOLLOWED_BY.iter().filter(|(done, _)| whole && *done == HEALTH_SCORE) {
            jobs::enqueue(&tx, workspace, next, clients.iter().map(Uuid::to_string), now).await?;
        }
    }
    if jobs::finish(&tx, worker, batch).await? {
        tx.commit().await?;
    }
    Ok(())
}

async fn detect(app: &App, worker: Uuid, workspace: Workspace, batch: &[Job]) -> Result<()> {
    let mut clients: Vec<Uuid> = batch.iter().filter_map(|job| job.key.parse().ok()).collect();
    // What was found at a client in the trash waits there as it is.
    let gone = essor_store::clients::gone::gone_of(&app.db.primary(), workspace, &clients).await?;
    clients.retain(|client| !gone.contains(client));
    let now = app.clock.now();
    let row = workspaces::get(&app.db.primary(), workspace).await?;
    let look = match &row {
        Some(row) => Some(crate::opportunities::look(app, row, &clients, now).await?),
        None => None,
    };
    let tx = app.db.begin().await?;
    if let (Some(row), Some(look)) = (&row, &look) {
        crate::opportunities::save(&tx, row, look, now).await?;
    }
    if jobs::finish(&tx, worker, batch).await? {
        tx.commit().await?;
    }
    Ok(())
}

async fn evaluate(app: &App, worker: Uuid, workspace: Workspace, batch: &[Job]) -> Result<()> {
    let clients: Vec<Uuid> = batch.iter().filter_map(|job| job.key.parse().ok()).collect();
    let row = workspaces::get(&app.db.primary(), workspace).await?;
    let look = match &row {
        Some(row) => Some(crate::journey::work(app, row, &clients, app.clock.now()).await?),
        None => None,
    };
    let tx = app.db.begin().await?;
    if let Some(look) = look {
        look.save(&tx).await?;
    }
    if jobs::finish(&tx, worker, batch).await? {
        tx.commit().await?;
    }
    Ok(())
}

async fn follow(app: &App, worker: Uuid, workspace: Workspace, batch: &[Job]) -> Result<()> {
    let found = crate::growth::objectives::evaluate(app, workspace).await?;
    let tx = app.db.begin().await?;
    crate::growth::objectives::record(&tx, workspace, &found, app.clock.now()).await?;
    if jobs::finish(&tx, worker, batch).await? {
        tx.commit().await?;
    }
    Ok(())
}

async fn rebuild(app: &App, worker: Uuid, workspace: Workspace, batch: &[Job]) -> Result<()> {
    // The same ledgers come out however often it runs.
    crate::growth::rebuild_ledgers(app, workspace).await?;
    let tx = app.db.begin().await?;
    if jobs::finish(&tx, worker, batch).await? {
        tx.commit().await?;
    }
    Ok(())
}

/// Later and later, up to half an hour: a job that fails for its data must not starve the others.
async fn give_back(app: &App, worker: Uuid, kind: JobKind, batch: &[Job], error: &Error) -> Result<()> {
    tracing::warn!(feature = "jobs", kind, jobs = batch.len(), %error, "a batch failed; its jobs are given back");
    let tx = app.db.begin().await?;
    for job in batch {
        let wait = Duration::seconds(i64::from(2_i32.saturating_pow(job.attempts.clamp(1, 11) as u32)));
        jobs::fail(&tx, worker, job, app.clock.now() + wait, &error.to_string()).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The day's end in each workspace, everybody's daily score, and what may be forgotten.
pub async fn housekeeping(app: &App) -> Result<()> {
    let now = app.clock.now();
    for row in workspaces::list(&app.db).await? {
        let workspace = Workspace(row.id);
        let today = day_in(parse_zone(&row.timezone)?, now);
        crate::clients::bulk::come_back(app, workspace, today).await?;
        let last = essor_store::health::last_day(&app.db, workspace).await?;
        if last != Some(today) {
            // Absence of use is only certain when the day is over: everybody is scored once a day.
            let ids = essor_store::clients::all_ids(&app.db, workspace).await?;
            let tx = app.db.begin().await?;
            jobs::enqueue(&tx, workspace, HEALTH_SCORE, ids.iter().map(Uuid::to_string), now).await?;
            tx.commit().await?;
            crate::growth::close_days(app, &row).await?;
            crate::health::close_days(app, workspace, today).await?;
        } else {
            let tx = app.db.begin().await?;
            crate::health::record_day(&tx, workspace, today).await?;
            tx.commit().await?;
        }
    }
    let tx = app.db.begin().await?;
    events::purge(&tx, now - Duration::hours(2)).await?;
    usage::purge_message_ids(&tx, (now - Duration::days(401)).date_naive()).await?;
    notifications::purge(&tx, now - Duration::days(crate::notifications::KEPT_DAYS)).await?;
    let kept = now - Duration::days(crate::clients::KEPT_DAYS);
    essor_store::clients::notes::purge(&tx, kept).await?;
    essor_store::clients::people::purge(&tx, kept).await?;
    essor_store::clients::files::purge(&tx, kept).await?;
    tasks::purge(&tx, now - Duration::days(crate::tasks::KEPT_DAYS)).await?;
    tx.commit().await?;
    crate::clients::housekeeping(app).await?;
    crate::connectors::purge(app).await?;
    crate::identity::purge(app).await?;
    Ok(())
}
