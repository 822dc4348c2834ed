//! One change of many clients: seen before it is made, made in chunks by a durable job, undone as long as nobody has
//! changed what it left.

mod change;
mod reassign;
mod run;

pub use change::Act;
pub use reassign::{Reassign, Share, Shares, come_back, preview_reassign, reassign, reassignments};
pub(crate) use run::work;

use super::asked::{Language, Narrow};
use crate::audit::{Entry, record};
use crate::error::{Error, Result};
use crate::jobs::CLIENTS_BULK;
use crate::{Actor, App};
use change::{Change, Step};
use essor_domain::identity::Action;
use essor_domain::{Code, Invalid};
use essor_store::clients::Filter;
use essor_store::clients_bulk::{self as store, Row, Run};
use essor_store::{Workspace, jobs};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// The most clients that a selection names one by one.
pub const MAX_IDS: usize = 10_000;
/// How many clients one transaction changes.
const CHUNK: i64 = 500;
/// How many changes a preview shows.
const SAMPLE: usize = 20;

/// Which clients.
#[derive(Debug, Clone)]
pub enum Selection {
    /// These.
    Ids(Vec<Uuid>),
    /// All that match, but for these.
    Matching(Box<Filter>, Narrow, Vec<Uuid>),
}

/// What a run would do.
#[derive(Debug, Clone, Default)]
pub struct Preview {
    /// Clients of the selection.
    pub total: i64,
    /// Those that would change.
    pub changes: i64,
    /// Those that already are so.
    pub unchanged: i64,
    /// Those that it would refuse.
    pub refused: i64,
    /// The first changes: client, name, before, after.
    pub sample: Vec<(Uuid, String, Json, Json)>,
}

async fn selected(app: &App, actor: &Actor, selection: &Selection) -> Result<Vec<Uuid>> {
    let ids = match selection {
        Selection::Ids(ids) => {
            if ids.len() > MAX_IDS {
                return Err(Invalid::field(Code::ListTooLong, "selection.ids").with("max", MAX_IDS).into());
            }
            let ids: std::collections::BTreeSet<Uuid> = ids.iter().copied().collect();
            ids.into_iter().collect()
        }
        Selection::Matching(filter, narrow, except) => {
            let language = Language::of(app, actor.workspace).await?;
            let filter = language.narrowed(app, actor, (**filter).clone(), narrow).await?;
            let except: HashSet<&Uuid> = except.iter().collect();
            let mut ids = store::matching(&app.db.primary(), actor.workspace, &filter).await?;
            ids.retain(|id| !except.contains(id));
            ids
        }
    };
    if ids.is_empty() {
        return Err(Invalid::field(Code::ClientsSelectionEmpty, "selection").into());
    }
    Ok(ids)
}

/// What an action would do to a selection. It changes nothing.
pub async fn preview(app: &App, actor: &Actor, selection: &Selection, act: &Act) -> Result<Preview> {
    let workspace = actor.require(Action::WriteClients)?;
    let change = Change::of(app, workspace, act).await?;
    let ids = selected(app, actor, selection).await?;
    let mut out = Preview { total: ids.len() as i64, ..Preview::default() };
    for chunk in ids.chunks(CHUNK as usize) {
        for (id, name, before, step) in change.steps(&app.db, workspace, chunk).await? {
            match step {
                Step::Change(after) => {
                    out.changes += 1;
                    if out.sample.len() < SAMPLE {
                        out.sample.push((id, name, before, after));
                    }
                }
                Step::Same => out.unchanged += 1,
                Step::Refuse(_) => out.refused += 1,
            }
        }
    }
    actor.trail.settle();
    Ok(out)
}

/// Begins a run; a job makes the changes. Returns its id.
pub async fn start(app: &App, actor: &Actor, selection: &Selection, act: &Act) -> Result<Uuid> {
    let workspace = actor.require(Action::WriteClients)?;
    Change::of(app, workspace, act).await?;
    let ids = selected(app, actor, selection).await?;
    let now = app.clock.now();
    let action = serde_json::to_value(act).map_err(|error| Error::Internal(error.to_string()))?;
    let run = Run {
        id: Uuid::now_v7(),
        action: action.clone(),
        state: "running".into(),
        total: ids.len() as i64,
        user_id: actor.user_id(),
        by_name: actor.name.clone(),
        started_at: now,
        finished_at: None,
    };
    let tx = app.db.begin().await?;
    store::insert(&tx, workspace, &run, &ids).await?;
    jobs::enqueue(&tx, workspace, CLIENTS_BULK, [run.id.to_string()], now).await?;
    let entry = Entry::of("clients.bulk").on("bulk", run.id).with(json!({"action": action, "clients": run.total}));
    record(&tx, actor, now, entry).await?;
    tx.commit().await?;
    Ok(run.id)
}

/// A run with how far it is.
#[derive(Debug, Clone)]
pub struct Progress {
    /// As stored.
    pub run: Run,
    /// Rows by outcome.
    pub outcomes: BTreeMap<String, i64>,
}

impl Progress {
    /// Rows of an outcome.
    pub fn of(&self, outcome: &str) -> i64 {
        self.outcomes.get(outcome).copied().unwrap_or(0)
    }
}

/// How far a run is.
pub async fn progress(app: &App, actor: &Actor, id: Uuid) -> Result<Progress> {
    let workspace = actor.require(Action::Read)?;
    let run = store::get(&app.db, workspace, id).await?.ok_or_else(Error::not_found)?;
    Ok(Progress { outcomes: store::outcomes(&app.db, workspace, id).await?, run })
}

/// Rows of a run with the names of their clients, of one outcome, from after a client.
pub async fn rows(
    app: &App,
    actor: &Actor,
    id: Uuid,
    outcome: &str,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<(Row, Option<String>)>> {
    let workspace = actor.require(Action::Read)?;
    store::get(&app.db, workspace, id).await?.ok_or_else(Error::not_found)?;
    let rows = store::rows(&app.db, workspace, id, outcome, after, limit).await?;
    let names = names(app, workspace, &rows).await?;
    Ok(rows.into_iter().map(|row| (names.get(&row.client_id).cloned(), row)).map(|(name, row)| (row, name)).collect())
}

async fn names(app: &App, workspace: Workspace, rows: &[Row]) -> Result<HashMap<Uuid, String>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.client_id).collect();
    let now = store::now(&app.db, workspace, &ids).await?;
    Ok(now.into_iter().map(|client| (client.id, client.name)).collect())
}

/// Takes a finished run back: what is still as it left it becomes what it was.
pub async fn undo(app: &App, actor: &Actor, id: Uuid) -> Result<()> {
    let workspace = actor.require(Action::WriteClients)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    essor_store::usage::lock(&tx, workspace).await?;
    let run = store::get(&tx, workspace, id).await?.ok_or_else(Error::not_found)?;
    if run.state != "done" {
        return Err(Invalid::new(Code::ClientsBulkState).with("state", run.state).into());
    }
    store::set_state(&tx, workspace, id, "undoing", None).await?;
    jobs::enqueue(&tx, workspace, CLIENTS_BULK, [id.to_string()], now).await?;
    record(&tx, actor, now, Entry::of("clients.bulk_undo").on("bulk", id).was(json!({"action": run.action}))).await?;
    Ok(tx.commit().await?)
}
