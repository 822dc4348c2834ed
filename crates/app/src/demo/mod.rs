//! The demo portfolio: a workspace of its own, flagged, refusing real sources; removing it touches nothing else.

mod growth;
mod surveys;

use crate::audit::{Entry, record};
use crate::clients::{Origin, upsert_clients, upsert_contacts, upsert_signals, upsert_subscriptions};
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::identity::{self, WorkspaceNew};
use crate::usage::{ImportedUse, import_usage};
use crate::{Actor, App};
use chrono::{Duration, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use essor_domain::clients::{ClientInput, ContactInput, SignalInput, SubscriptionInput};
use essor_domain::demo::{DemoClient, DemoSpec, client};
use essor_domain::identity::{Action, Role};
use essor_domain::time::{day_in, parse_zone};
use essor_domain::{Code, Invalid};
use essor_store::identity::{members, workspaces};
use essor_store::{Workspace, clients, clients_fields};
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

mod work;

/// The name of the demo workspace when none is given.
pub const NAME: &str = "Démonstration";

/// The portfolio that the interface and `--demo` make.
pub fn usual(until: NaiveDate) -> DemoSpec {
    DemoSpec { clients: 120, months: 24, seed: 1, until }
}

/// The demo workspace, made empty when there is none.
pub async fn workspace(app: &App, name: Option<&str>) -> Result<(Workspace, bool)> {
    if let Some(row) = workspaces::demo(&app.db).await?
        && name.is_none_or(|name| name == row.name)
    {
        return Ok((Workspace(row.id), false));
    }
    let new = WorkspaceNew { is_demo: true, ..WorkspaceNew::named(name.unwrap_or(NAME)) };
    Ok((identity::create_workspace(app, new).await?, true))
}

/// The day up to which a demo tells its story by default: today in the demo's zone.
pub async fn today(app: &App, workspace: Workspace) -> Result<NaiveDate> {
    let row = identity::workspace_row(&app.db, workspace).await?;
    Ok(day_in(parse_zone(&row.timezone)?, app.clock.now()))
}

/// Fills an empty demo workspace, through the same operations as real data; finishes derived work.
pub async fn fill(
    app: &App,
    workspace: Workspace,
    spec: &DemoSpec,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<()> {
    let row = identity::workspace_row(&app.db, workspace).await?;
    if !row.is_demo {
        return Err(Invalid::field(Code::Conflict, "workspace").with("value", row.name).into());
    }
    let zone = parse_zone(&row.timezone)?;
    // Made up, by one operation: its steps are not recorded.
    let actor = Actor::system(workspace).part();
    // One transaction stays small enough for others to have their turn.
    let step = if spec.clients > 2_000 { 200 } else { 40 };
    let mut first = 0;
    while first < spec.clients {
        let last = (first + step).min(spec.clients);
        let batch: Vec<DemoClient> = (first..last).map(|index| client(spec, index)).collect();
        store(app, &actor, workspace, zone, batch).await?;
        first = last;
        progress(u64::from(first), u64::from(spec.clients));
    }
    crate::connectors::finish(app, workspace, &|_, _| {}).await?;
    growth::fill(app, workspace, spec).await?;
    work::fill(app, &row, spec.seed).await?;
    surveys::fill(app, &row).await
}

async fn store(app: &App, actor: &Actor, workspace: Workspace, zone: Tz, batch: Vec<DemoClient>) -> Result<()> {
    let accounts: Vec<ClientInput> = batch.iter().map(|c| c.client.clone()).collect();
    upsert_clients(app, actor, &accounts).await?;
    let people: Vec<ContactInput> = batch.iter().flat_map(|c| c.contacts.iter().cloned()).collect();
    for chunk in people.chunks(1_000) {
        upsert_contacts(app, actor, chunk).await?;
    }
    let states: Vec<SubscriptionInput> = batch.iter().flat_map(|c| c.subscriptions.iter().flatten().cloned()).collect();
    for chunk in states.chunks(1_000) {
        upsert_subscriptions(app, actor, chunk, Origin::Import).await?;
    }
    // The story tells its last day to the end; what lies ahead of the clock has not happened yet.
    let now = app.clock.now();
    let mut signals: Vec<SignalInput> =
        batch.iter().flat_map(|c| c.signals.iter().cloned()).filter(|signal| signal.occurred_at <= now).collect();
    for signal in &mut signals {
        signal.ended_at = signal.ended_at.filter(|at| *at <= now);
    }
    for chunk in signals.chunks(1_000) {
        upsert_signals(app, actor, chunk).await?;
    }
    let names: Vec<&str> = accounts.iter().map(|c| c.external_id.as_str()).collect();
    let ids = clients::ids(&app.db, workspace, &names).await?;
    tag(app, workspace, &batch, &ids).await?;
    let mut uses = Vec::new();
    for demo in &batch {
        let Some(client_id) = ids.get(&demo.client.external_id) else { continue };
        for (n, use_) in demo.usage.iter().enumerate() {
            let user = demo.contacts.get(usize::from(use_.user)).map(|c| c.external_id.clone());
            uses.push(ImportedUse {
                client_id: *client_id,
                message_id: format!("demo {} {n}", demo.client.external_id),
                occurred_at: instant(zone, use_.day, n, app.clock.now()),
                user,
                event: use_.event.clone(),
                count: i64::from(use_.count),
                properties: "{}".into(),
            });
        }
    }
    while !uses.is_empty() {
        let rest = uses.split_off(uses.len().min(5_000));
        import_usage(app, workspace, uses).await?;
        uses = rest;
    }
    Ok(())
}

/// Puts on each client its tags.
async fn tag(app: &App, workspace: Workspace, batch: &[DemoClient], ids: &HashMap<String, Uuid>) -> Result<()> {
    let mut tagged: BTreeMap<&str, Vec<Uuid>> = BTreeMap::new();
    for demo in batch {
        let Some(id) = ids.get(&demo.client.external_id) else { continue };
        for tag in &demo.tags {
            tagged.entry(tag).or_default().push(*id);
        }
    }
    let tx = app.db.begin().await?;
    for (tag, clients) in tagged {
        clients_fields::tag(&tx, workspace, tag, &clients).await?;
    }
    Ok(tx.commit().await?)
}

/// A time of the working day, spread by the row's number; today's are not in the future.
fn instant(zone: Tz, day: NaiveDate, n: usize, now: chrono::DateTime<Utc>) -> chrono::DateTime<Utc> {
    let minute = 8 * 60 + (n * 37) % 600;
    let time = NaiveTime::MIN + Duration::minutes(minute as i64);
    let at = zone
        .from_local_datetime(&day.and_time(time))
        .earliest()
        .map_or_else(|| day.and_time(time).and_utc(), |t| t.with_timezone(&Utc));
    if at > now && day_in(zone, now) == day { now - Duration::minutes(1) } else { at }
}

/// Moves a person into the demo: made if there is none, joined as a manager.
pub async fn enter(app: &App, actor: &Actor, token: &str) -> Result<()> {
    let user_id = actor.user_id().ok_or(Error::from(Code::Forbidden))?;
    // Making it is a step of entering it.
    let (workspace, made) = workspace(&app.on(actor.trail.part()), None).await?;
    if made {
        let spec = usual(today(app, workspace).await?);
        fill(app, workspace, &spec, &|_, _| {}).await?;
    }
    join(app, workspace, user_id, Role::Manager).await?;
    identity::switch_workspace(app, &actor.part(), token, workspace.0).await?;
    let tx = app.db.begin().await?;
    let there = Actor { workspace, ..actor.clone() };
    record(&tx, &there, app.clock.now(), Entry::of("demo.enter").about("demo").with(json!({"made": made}))).await?;
    Ok(tx.commit().await?)
}

/// Makes a person a member of the demo, once.
pub async fn join(app: &App, workspace: Workspace, user_id: Uuid, role: Role) -> Result<()> {
    let tx = app.db.begin().await?;
    if members::role(&tx, workspace, user_id).await?.is_none() {
        members::insert(&tx, workspace, user_id, role.as_str(), app.clock.now()).await?;
        emit(&tx, workspace, app.clock.now(), &[DomainEvent::MembersChanged]).await?;
    }
    tx.commit().await?;
    work::welcome(app, workspace, user_id).await
}

/// Removes the demo workspace in which the actor is; a real one is refused.
pub async fn remove(app: &App, actor: &Actor) -> Result<()> {
    let workspace = actor.require(Action::ManageIngestion)?;
    if !identity::workspace_row(&app.db, workspace).await?.is_demo {
        return Err(Code::Forbidden.into());
    }
    let tx = app.db.begin().await?;
    workspaces::delete_demo(&tx, workspace).await?;
    tx.commit().await?;
    // Its own log is gone with it.
    actor.trail.settle();
    Ok(())
}

/// The sign-in link of the demo's own person, made with the demo when nobody else is there.
pub async fn link(app: &App, workspace: Workspace) -> Result<String> {
    const EMAIL: &str = "demo@essor.example";
    let actor = Actor::system(workspace);
    let new =
        identity::NewUser { email: EMAIL.into(), name: Some("Camille Roux".into()), role: Role::Owner, password: None };
    match identity::create_user(app, &actor, new).await {
        Ok(user) => work::welcome(app, workspace, user).await?,
        Err(error) if error.code() == Code::IdentityMemberExists => {}
        Err(error) => return Err(error),
    }
    identity::sign_in_link_to(app, EMAIL, workspace).await
}
