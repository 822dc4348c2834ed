//! The job: a chunk a transaction, so that what a crash interrupts goes on where the last commit left it.

use super::CHUNK;
use super::change::{Act, Change, Step, act};
use super::reassign;
use crate::App;
use crate::error::{Error, Result};
use crate::events::emit;
use crate::jobs::CLIENTS_BULK;
use crate::notifications::{Notice, To, notify};
use essor_domain::Code;
use essor_domain::notifications::Kind;
use essor_store::clients_bulk::{self as store, Row, Run, Word};
use essor_store::jobs::{self, Job};
use essor_store::{Tx, Workspace, usage};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How long one claim works; then other jobs have their turn, and the lease is far from its end.
const TURN: Duration = Duration::from_secs(5);

/// Works on runs until they are done or the turn is over.
pub(crate) async fn work(app: &App, worker: Uuid, workspace: Workspace, batch: &[Job]) -> Result<()> {
    for job in batch {
        let began = Instant::now();
        let id: Option<Uuid> = job.key.parse().ok();
        let more = match id {
            Some(id) => loop {
                if !chunk(app, workspace, id).await? {
                    break false;
                }
                if began.elapsed() > TURN {
                    break true;
                }
            },
            None => false,
        };
        let tx = app.db.begin().await?;
        if more {
            // A new reason: the job is given back instead of ended.
            jobs::enqueue(&tx, workspace, CLIENTS_BULK, [job.key.clone()], app.clock.now()).await?;
        }
        if jobs::finish(&tx, worker, std::slice::from_ref(job)).await? {
            tx.commit().await?;
        }
    }
    Ok(())
}

/// One chunk of a run; whether there may be another.
async fn chunk(app: &App, workspace: Workspace, id: Uuid) -> Result<bool> {
    let now = app.clock.now();
    let Some(run) = store::get(&app.db.primary(), workspace, id).await? else { return Ok(false) };
    // What it was to set may be gone since: what waits is then refused for it, and what was changed is kept.
    let act = act(&run.action)?;
    let change = match &act {
        // What it writes is the person in charge, to each client the one that it was dealt to.
        Act::Reassign { .. } => Ok(Change::Word(Word::Owner, None)),
        act => Change::of(app, workspace, act).await,
    };
    let change = match change {
        Ok(change) => Ok(change),
        Err(Error::Invalid(refused)) => Err(refused.code),
        Err(other) => return Err(other),
    };
    let tx = app.db.begin().await?;
    // Whoever lost the lease and whoever has it now take turns, and what there is to do is read under the lock.
    usage::lock(&tx, workspace).await?;
    let Some(run) = store::get(&tx, workspace, id).await? else { return Ok(false) };
    let (more, ends) = match (run.state.as_str(), change) {
        ("running", Ok(change)) => match &act {
            Act::Reassign { from, from_user, receivers, returns_on } => {
                let from = (from.as_str(), *from_user);
                (reassign::forwards(&tx, workspace, &run, from, receivers, *returns_on, now).await?, "done")
            }
            _ => (forwards(&tx, workspace, &run, &change, now).await?, "done"),
        },
        ("running", Err(code)) => (refuse(&tx, workspace, &run, code).await?, "done"),
        ("undoing", change) => (backwards(&tx, workspace, &run, change.as_ref().ok(), now).await?, "undone"),
        _ => return Ok(false),
    };
    if !more {
        if ends == "undone" {
            reassign::return_tasks(&tx, workspace, id, now).await?;
        }
        store::set_state(&tx, workspace, id, ends, Some(now)).await?;
    }
    tx.commit().await?;
    Ok(more)
}

async fn forwards(
    tx: &Tx,
    workspace: Workspace,
    run: &Run,
    change: &Change,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<bool> {
    let waiting = store::rows(tx, workspace, run.id, "waiting", None, CHUNK).await?;
    if waiting.is_empty() {
        return Ok(false);
    }
    let ids: Vec<Uuid> = waiting.iter().map(|row| row.client_id).collect();
    let mut rows = Vec::with_capacity(ids.len());
    let mut changed: Vec<Uuid> = Vec::new();
    let mut to = Json::Null;
    for (client_id, _, before, step) in change.steps(tx, workspace, &ids).await? {
        let (outcome, after, reason) = match step {
            Step::Change(after) => {
                changed.push(client_id);
                to = after.clone();
                ("changed", Some(after), None)
            }
            Step::Same => ("unchanged", Some(before.clone()), None),
            Step::Refuse(code) => ("refused", None, Some(code.as_str().to_owned())),
        };
        let outcome = outcome.to_owned();
        rows.push(Row { client_id, outcome, before_value: Some(before), after_value: after, reason });
    }
    let tasks = change.make_tasks(tx, workspace, run.user_id, &changed, now).await?;
    for row in rows.iter_mut().filter(|row| row.outcome == "changed") {
        if let Some(task) = tasks.get(&row.client_id) {
            row.after_value = Some(json!(task));
        }
    }
    if let Some((owner, title, due)) = change.for_another(run.user_id).filter(|_| !tasks.is_empty()) {
        // Once a run, however many tasks it makes.
        let notice = Notice {
            kind: Kind::TaskAssigned,
            client: None,
            subject: None,
            key: format!("bulk:{}:{owner}", run.id),
            params: json!({"title": title, "dueDay": due, "count": run.total}),
            to: To::Person(owner),
        };
        notify(tx, workspace, now, vec![notice]).await?;
    }
    if !changed.is_empty() {
        change.write(tx, workspace, &to, &changed, now).await?;
        emit(tx, workspace, now, &[change.event(changed)]).await?;
    }
    store::note(tx, workspace, run.id, rows).await?;
    Ok(true)
}

async fn backwards(
    tx: &Tx,
    workspace: Workspace,
    run: &Run,
    change: Option<&Change>,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<bool> {
    let mut rows = store::rows(tx, workspace, run.id, "changed", None, CHUNK).await?;
    if rows.is_empty() {
        return Ok(false);
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.client_id).collect();
    let mut back: BTreeMap<String, (Json, Vec<Uuid>)> = BTreeMap::new();
    match change {
        None => {}
        Some(change @ Change::Task { .. }) => {
            let tasks: Vec<Uuid> =
                rows.iter().filter_map(|row| row.after_value.as_ref()?.as_str()?.parse().ok()).collect();
            let gone = store::drop_tasks(tx, workspace, &tasks, now).await?;
            for row in &mut rows {
                let task = row.after_value.as_ref().and_then(Json::as_str).and_then(|id| id.parse().ok());
                if task.is_some_and(|task| gone.contains(&task)) {
                    row.outcome = "undone".into();
                }
            }
            emit(tx, workspace, now, &[change.event(ids)]).await?;
        }
        Some(change) => {
            // What a client is now is what the run left, or somebody has changed it since.
            let current: BTreeMap<Uuid, Json> =
                change.steps(tx, workspace, &ids).await?.into_iter().map(|(id, _, before, _)| (id, before)).collect();
            for row in &mut rows {
                // No value is written as null or not at all.
                let left = row.after_value.clone().unwrap_or_default();
                let before = row.before_value.clone().unwrap_or_default();
                if current.get(&row.client_id) == Some(&left) && change.can_give_back(&before) {
                    let group = back.entry(before.to_string()).or_insert_with(|| (before, Vec::new()));
                    group.1.push(row.client_id);
                    row.outcome = "undone".into();
                }
            }
            for (value, clients) in back.values() {
                change.write(tx, workspace, value, clients, now).await?;
            }
            let touched: Vec<Uuid> = back.into_values().flat_map(|(_, clients)| clients).collect();
            if !touched.is_empty() {
                emit(tx, workspace, now, &[change.event(touched)]).await?;
            }
        }
    }
    for row in rows.iter_mut().filter(|row| row.outcome == "changed") {
        row.outcome = "kept".into();
        row.reason = Some(Code::Conflict.as_str().to_owned());
    }
    store::note(tx, workspace, run.id, rows).await?;
    Ok(true)
}

/// Refuses clients that wait.
async fn refuse(tx: &Tx, workspace: Workspace, run: &Run, code: Code) -> Result<bool> {
    let mut rows = store::rows(tx, workspace, run.id, "waiting", None, CHUNK).await?;
    for row in &mut rows {
        row.outcome = "refused".into();
        row.reason = Some(code.as_str().to_owned());
    }
    let more = !rows.is_empty();
    store::note(tx, workspace, run.id, rows).await?;
    Ok(more)
}
