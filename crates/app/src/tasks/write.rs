//! Makes and changes tasks. One made for an opportunity accepts it, in the same transaction.

use crate::audit::{self, Entry};
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::notifications::{Notice, To, notify};
use crate::{Actor, App, opportunities};
use chrono::{DateTime, NaiveDate, Utc};
use essor_domain::identity::Action;
use essor_domain::notifications::Kind;
use essor_domain::tasks::{Origin, Priority, Step, check_business_days, check_note, check_steps, check_title};
use essor_domain::time::{business_days_after, check_day, day_in, parse_zone};
use essor_domain::{Code, Invalid};
use essor_store::identity::members;
use essor_store::journey::settings;
use essor_store::opportunities as opportunity_store;
use essor_store::tasks::{self as store, Saved, Task};
use essor_store::{Conn, Tx, Workspace, clients};
use serde_json::{Value, json};
use uuid::Uuid;

/// A new task.
#[derive(Debug, Clone, Default)]
pub struct TaskNew {
    /// What to do.
    pub title: String,
    /// More about it.
    pub note: Option<String>,
    /// Who; the caller when left out.
    pub owner: Option<Uuid>,
    /// low, normal, high or urgent; normal when left out.
    pub priority: Option<String>,
    /// By when.
    pub due: Option<NaiveDate>,
    /// The same, in business days from today, when no day is given.
    pub due_in_business_days: Option<u16>,
    /// Its steps.
    pub checklist: Vec<Step>,
    /// For which client; the opportunity's when there is one.
    pub client: Option<Uuid>,
    /// hand, action or opportunity; hand when left out.
    pub origin: Option<String>,
    /// The opportunity that it is for.
    pub opportunity: Option<Uuid>,
}

/// What changes of a task; an inner none empties the field.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "each field is that of the task")]
pub struct Patch {
    pub title: Option<String>,
    pub note: Option<Option<String>>,
    pub owner: Option<Option<Uuid>>,
    pub priority: Option<String>,
    pub due: Option<Option<NaiveDate>>,
    pub client: Option<Option<Uuid>>,
    pub done: Option<bool>,
    pub due_in_business_days: Option<u16>,
    pub checklist: Option<Vec<Step>>,
}

/// Makes a task.
pub async fn create(app: &App, actor: &Actor, new: &TaskNew) -> Result<Task> {
    let workspace = actor.require(Action::WriteClients)?;
    let title = check_title(&new.title)?;
    let note = new.note.as_deref().map_or(Ok(None), |note| check_note(note, "note"))?;
    let priority = new.priority.as_deref().map_or(Ok(Priority::Normal), Priority::parse)?;
    let given = if new.opportunity.is_some() { Origin::Opportunity } else { Origin::Hand };
    let origin = new.origin.as_deref().map_or(Ok(given), Origin::parse)?;
    new.due.map_or(Ok(()), |day| check_day(day, "due"))?;
    let checklist = check_steps(&new.checklist)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let due = match (new.due, new.due_in_business_days) {
        (None, Some(days)) => Some(business_day(&tx, workspace, now, days).await?),
        (due, _) => due,
    };
    let mut client_id = new.client;
    if let Some(id) = new.opportunity {
        opportunity_store::lock(&tx, workspace).await?;
        let unknown = || Invalid::field(Code::NotFound, "opportunityId");
        let opportunity = opportunity_store::by_id(&tx, workspace, id).await?.ok_or_else(unknown)?;
        client_id = Some(opportunity.client_id);
        opportunities::accept(&tx, workspace, &opportunity, actor.user_id(), now).await?;
    } else if let Some(id) = client_id {
        known_client(&tx, workspace, id).await?;
    }
    let owner_id = new.owner.or_else(|| actor.user_id());
    known_owner(&tx, workspace, new.owner).await?;
    let task = Saved {
        id: Uuid::now_v7(),
        title,
        note,
        owner_id,
        priority: priority.rank(),
        due,
        checklist,
        client_id,
        origin: origin.as_str().to_owned(),
        opportunity_id: new.opportunity,
        done_at: None,
        done_by: None,
        created_by: actor.user_id(),
        created_at: now,
    };
    store::insert(&tx, workspace, std::slice::from_ref(&task), now).await?;
    changed(&tx, workspace, now, task.client_id).await?;
    tell_owner(&tx, workspace, actor, &task, now).await?;
    let made = store::get(&tx, workspace, task.id).await?.ok_or_else(Error::not_found)?;
    audit::record(&tx, actor, now, entry("tasks.create", &made).with(told(&made))).await?;
    tx.commit().await?;
    Ok(made)
}

/// Changes a task; `done` notes who did it and when.
pub async fn change(app: &App, actor: &Actor, id: Uuid, patch: &Patch) -> Result<Task> {
    let workspace = actor.require(Action::WriteClients)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let before = store::get(&tx, workspace, id).await?.ok_or_else(Error::not_found)?;
    let mut task = saved(&before);
    if let Some(title) = &patch.title {
        task.title = check_title(title)?;
    }
    if let Some(note) = &patch.note {
        task.note = note.as_deref().map_or(Ok(None), |note| check_note(note, "note"))?;
    }
    if let Some(priority) = &patch.priority {
        task.priority = Priority::parse(priority)?.rank();
    }
    if let Some(due) = patch.due {
        due.map_or(Ok(()), |day| check_day(day, "due"))?;
        task.due = due;
    } else if let Some(days) = patch.due_in_business_days {
        task.due = Some(business_day(&tx, workspace, now, days).await?);
    }
    if let Some(steps) = &patch.checklist {
        task.checklist = check_steps(steps)?;
    }
    if let Some(owner) = patch.owner {
        known_owner(&tx, workspace, owner).await?;
        task.owner_id = owner;
    }
    if let Some(client) = patch.client {
        if let Some(id) = client {
            known_client(&tx, workspace, id).await?;
        }
        task.client_id = client;
    }
    match patch.done {
        Some(true) if task.done_at.is_none() => (task.done_at, task.done_by) = (Some(now), actor.user_id()),
        Some(false) => (task.done_at, task.done_by) = (None, None),
        _ => {}
    }
    store::update(&tx, workspace, &task, now).await?;
    changed(&tx, workspace, now, task.client_id.or(before.client_id)).await?;
    if task.owner_id != before.owner_id {
        tell_owner(&tx, workspace, actor, &task, now).await?;
    }
    let after = store::get(&tx, workspace, id).await?.ok_or_else(Error::not_found)?;
    let operation = match (before.done_at.is_some(), after.done_at.is_some()) {
        (false, true) => "tasks.done",
        (true, false) => "tasks.reopen",
        _ => "tasks.update",
    };
    audit::record(&tx, actor, now, entry(operation, &after).change(told(&before), told(&after))).await?;
    tx.commit().await?;
    Ok(after)
}

/// Takes a task away; it can be had back for thirty days.
pub async fn remove(app: &App, actor: &Actor, id: Uuid) -> Result<()> {
    set_deleted(app, actor, id, true).await
}

/// Gives a task back that was taken away.
pub async fn restore(app: &App, actor: &Actor, id: Uuid) -> Result<()> {
    set_deleted(app, actor, id, false).await
}

async fn set_deleted(app: &App, actor: &Actor, id: Uuid, deleted: bool) -> Result<()> {
    let workspace = actor.require(Action::WriteClients)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let before = store::get(&tx, workspace, id).await?;
    if !store::set_deleted(&tx, workspace, id, deleted.then_some(now), now).await? {
        return Err(Error::not_found());
    }
    let task = if deleted { before } else { store::get(&tx, workspace, id).await? };
    let task = task.ok_or_else(Error::not_found)?;
    changed(&tx, workspace, now, task.client_id).await?;
    let entry = if deleted {
        entry("tasks.delete", &task).was(told(&task))
    } else {
        entry("tasks.restore", &task).with(told(&task))
    };
    audit::record(&tx, actor, now, entry).await?;
    Ok(tx.commit().await?)
}

fn entry(operation: &str, task: &Task) -> Entry {
    Entry::of(operation).on("task", task.id).named(task.title.clone())
}

/// What the audit log keeps of a task. The owner's id is there for an erasure to find the name.
fn told(task: &Task) -> Value {
    json!({
        "title": task.title,
        "note": task.note,
        "owner": task.owner_name,
        "ownerId": task.owner_id,
        "priority": Priority::of_rank(task.priority).as_str(),
        "due": task.due,
        "client": task.client_name,
        "done": task.done_at.is_some(),
    })
}

fn saved(task: &Task) -> Saved {
    Saved {
        id: task.id,
        title: task.title.clone(),
        note: task.note.clone(),
        owner_id: task.owner_id,
        priority: task.priority,
        due: task.due,
        client_id: task.client_id,
        origin: task.origin.clone(),
        opportunity_id: task.opportunity_id,
        done_at: task.done_at,
        done_by: task.done_by,
        created_by: task.created_by,
        created_at: task.created_at,
        checklist: task.steps(),
    }
}

/// The day some business days from today.
pub(crate) async fn business_day(
    conn: &impl Conn,
    workspace: Workspace,
    now: DateTime<Utc>,
    days: u16,
) -> Result<NaiveDate> {
    let days = check_business_days(days)?;
    let row = crate::identity::workspace_row(conn, workspace).await?;
    let holidays = settings::holidays(conn, workspace).await?.into_iter().map(|(day, _)| day).collect();
    Ok(business_days_after(day_in(parse_zone(&row.timezone)?, now), days, &holidays))
}

async fn known_client(tx: &Tx, workspace: Workspace, id: Uuid) -> Result<()> {
    let found = clients::get(tx, workspace, id).await?;
    found.map(|_| ()).ok_or_else(|| Invalid::field(Code::NotFound, "clientId").into())
}

async fn known_owner(tx: &Tx, workspace: Workspace, owner: Option<Uuid>) -> Result<()> {
    if let Some(id) = owner
        && members::role(tx, workspace, id).await?.is_none()
    {
        return Err(Invalid::field(Code::TasksOwnerUnknown, "ownerId").into());
    }
    Ok(())
}

async fn changed(tx: &Tx, workspace: Workspace, now: DateTime<Utc>, client: Option<Uuid>) -> Result<()> {
    emit(tx, workspace, now, &[DomainEvent::TasksChanged(client.into_iter().collect())]).await
}

/// Who is given a task by somebody else is told.
async fn tell_owner(tx: &Tx, workspace: Workspace, actor: &Actor, task: &Saved, now: DateTime<Utc>) -> Result<()> {
    let Some(owner) = task.owner_id.filter(|owner| Some(*owner) != actor.user_id()) else { return Ok(()) };
    let notice = Notice {
        kind: Kind::TaskAssigned,
        client: task.client_id,
        subject: Some(task.id),
        key: format!("task:{}:{owner}", task.id),
        params: json!({"title": task.title, "dueDay": task.due}),
        to: To::Person(owner),
    };
    notify(tx, workspace, now, vec![notice]).await?;
    Ok(())
}
