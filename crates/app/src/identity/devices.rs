//! The sessions of a person as a list: where they are signed in, and ending what they do not know.

use super::members::{name, within};
use super::{secret, stored_role};
use crate::audit::{Entry, record};
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::{Actor, App};
use chrono::{DateTime, Utc};
use essor_domain::Code;
use essor_domain::identity::{Action, Device, device};
use essor_store::Workspace;
use essor_store::identity::members;
use essor_store::identity::sessions::{self, ListedRow};
use essor_store::identity::workspaces;
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// A session in the list.
#[derive(Debug, Clone)]
pub struct SessionShown {
    /// What names it: nothing that it could be used with.
    pub id: Uuid,
    /// Browser and system, as far as they are known.
    pub device: Device,
    /// Where it was last used from.
    pub address: Option<String>,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_seen_at: DateTime<Utc>,
    /// The name of the workspace that it is in.
    pub workspace_name: String,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// A session's id in the list: half of its token's hash. The token cannot be found from it.
fn id_of(row: &ListedRow) -> Uuid {
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(&row.token_hash) {
        *to = *from;
    }
    Uuid::from_bytes(bytes)
}

/// The caller's own sessions, in all their workspaces, the last used first.
pub async fn own_sessions(app: &App, actor: &Actor, token: &str) -> Result<Vec<SessionShown>> {
    let user_id = actor.user_id().ok_or(Code::IdentityNotSignedIn)?;
    let rows = sessions::list(&app.db.primary(), user_id, None, app.clock.now()).await?;
    let places = workspaces::of_user(&app.db, user_id).await?;
    let names: HashMap<Uuid, String> = places.into_iter().map(|place| (place.id, place.name)).collect();
    let own = secret::hash(token);
    // One in a workspace that its person has left opens nothing any more.
    let rows = rows.into_iter().filter(|row| names.contains_key(&row.workspace_id));
    Ok(rows.map(|row| shown(&row, names.get(&row.workspace_id).cloned().unwrap_or_default(), &own)).collect())
}

/// The sessions that a member has in this workspace; what they do elsewhere is not its business.
pub async fn member_sessions(app: &App, actor: &Actor, user_id: Uuid, token: &str) -> Result<Vec<SessionShown>> {
    let workspace = actor.require(Action::ManageMembers)?;
    if members::role(&app.db, workspace, user_id).await?.is_none() {
        return Err(Error::not_found());
    }
    let name = super::workspace_row(&app.db, workspace).await?.name;
    let own = secret::hash(token);
    let rows = sessions::list(&app.db.primary(), user_id, Some(workspace), app.clock.now()).await?;
    Ok(rows.iter().map(|row| shown(row, name.clone(), &own)).collect())
}

fn shown(row: &ListedRow, workspace_name: String, own: &[u8]) -> SessionShown {
    SessionShown {
        id: id_of(row),
        device: device(row.user_agent.as_deref().unwrap_or_default()),
        address: row.address.clone(),
        created_at: row.created_at,
        last_seen_at: row.last_seen_at,
        workspace_name,
        current: row.token_hash == own,
    }
}

/// Ends a session: one of the caller's own, or for an administrator one of a member in this workspace, whose role is
/// not above theirs.
pub async fn end_session(app: &App, actor: &Actor, id: Uuid) -> Result<()> {
    let user_id = actor.user_id().ok_or(Code::IdentityNotSignedIn)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let mut rows = sessions::list(&tx, user_id, None, now).await?;
    if actor.require(Action::ManageMembers).is_ok() {
        rows.extend(sessions::in_workspace(&tx, actor.workspace, now).await?);
    }
    let row = rows.into_iter().find(|row| id_of(row) == id).ok_or_else(Error::not_found)?;
    if row.user_id != user_id {
        let role = members::role(&tx, actor.workspace, row.user_id).await?.ok_or_else(Error::not_found)?;
        within(actor, stored_role(&role)?)?;
    }
    sessions::delete(&tx, &row.token_hash).await?;
    emit(&tx, Workspace(row.workspace_id), now, &[DomainEvent::SessionsChanged]).await?;
    let device = device(row.user_agent.as_deref().unwrap_or_default());
    let entry = Entry::of("sessions.end").on("person", row.user_id).named(name(&tx, row.user_id).await?);
    let was = json!({"browser": device.browser, "system": device.system, "address": row.address});
    record(&tx, actor, now, entry.was(was)).await?;
    Ok(tx.commit().await?)
}

/// Ends all of the caller's sessions but the one that asks; returns how many.
pub async fn end_other_sessions(app: &App, actor: &Actor, token: &str) -> Result<u64> {
    let user_id = actor.user_id().ok_or(Code::IdentityNotSignedIn)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let ended = sessions::delete_of_user(&tx, user_id, Some(&secret::hash(token))).await?;
    told(&tx, actor, user_id, ended, now).await?;
    tx.commit().await?;
    Ok(ended)
}

/// Ends the sessions that a member has in this workspace; returns how many.
pub async fn end_member_sessions(app: &App, actor: &Actor, user_id: Uuid) -> Result<u64> {
    let workspace = actor.require(Action::ManageMembers)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let role = members::role(&tx, workspace, user_id).await?.ok_or_else(Error::not_found)?;
    within(actor, stored_role(&role)?)?;
    let ended = sessions::delete_in_workspace(&tx, workspace, user_id).await?;
    told(&tx, actor, user_id, ended, now).await?;
    tx.commit().await?;
    Ok(ended)
}

async fn told(tx: &essor_store::Tx, actor: &Actor, user_id: Uuid, ended: u64, now: DateTime<Utc>) -> Result<()> {
    if ended == 0 {
        actor.trail.settle();
        return Ok(());
    }
    emit(tx, actor.workspace, now, &[DomainEvent::SessionsChanged]).await?;
    let entry = Entry::of("sessions.end_all").on("person", user_id).named(name(tx, user_id).await?);
    record(tx, actor, now, entry.was(json!({"sessions": ended}))).await
}
