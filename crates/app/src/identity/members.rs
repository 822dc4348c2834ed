//! Who belongs to a workspace. A workspace keeps an owner, and nobody gives, changes or takes a role above their own.

use super::invitations::{self, Invitation};
use super::stored_role;
use crate::audit::{Entry, record};
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::{Actor, ActorKind, App};
use essor_domain::identity::{Action, Role};
use essor_domain::{Code, Invalid};
use essor_store::identity::members::{self as store, MemberRow};
use essor_store::identity::users;
use essor_store::{Tx, Workspace};
use serde_json::json;
use uuid::Uuid;

/// The members of a workspace and who is on the way.
#[derive(Debug, Clone)]
pub struct Members {
    /// Who is here.
    pub members: Vec<MemberRow>,
    /// Who was invited, of late; empty for who may not invite.
    pub invitations: Vec<Invitation>,
}

/// The members, and for an administrator the invitations.
pub async fn members(app: &App, actor: &Actor) -> Result<Members> {
    let workspace = actor.require(Action::Read)?;
    let members = store::list(&app.db, workspace).await?;
    let invitations = match actor.require(Action::ManageMembers) {
        Ok(_) => invitations::list(app, workspace).await?,
        Err(_) => Vec::new(),
    };
    Ok(Members { members, invitations })
}

/// Gives a member another role.
pub async fn change_role(app: &App, actor: &Actor, user_id: Uuid, role: Role) -> Result<()> {
    let workspace = actor.require(Action::ManageMembers)?;
    within(actor, role)?;
    let tx = app.db.begin().await?;
    let before = locked_role(&tx, workspace, user_id).await?;
    within(actor, before)?;
    if role != Role::Owner {
        keep_an_owner(&tx, workspace, before).await?;
    }
    store::set_role(&tx, workspace, user_id, role.as_str()).await?;
    let now = app.clock.now();
    if role != before {
        emit(&tx, workspace, now, &[DomainEvent::MembersChanged]).await?;
    }
    let entry = Entry::of("members.role").on("member", user_id).named(name(&tx, user_id).await?);
    let entry = entry.change(json!({"role": before.as_str()}), json!({"role": role.as_str()}));
    record(&tx, actor, now, entry).await?;
    Ok(tx.commit().await?)
}

/// Removes a member; whoever they are, people may leave by themselves.
pub async fn remove_member(app: &App, actor: &Actor, user_id: Uuid) -> Result<()> {
    let leaves = actor.user_id() == Some(user_id);
    let workspace = actor.require(if leaves { Action::Read } else { Action::ManageMembers })?;
    let tx = app.db.begin().await?;
    let before = locked_role(&tx, workspace, user_id).await?;
    within(actor, before)?;
    keep_an_owner(&tx, workspace, before).await?;
    store::delete(&tx, workspace, user_id).await?;
    let now = app.clock.now();
    emit(&tx, workspace, now, &[DomainEvent::MembersChanged, DomainEvent::SessionsChanged]).await?;
    let operation = if leaves { "members.leave" } else { "members.remove" };
    let entry = Entry::of(operation).on("member", user_id).named(name(&tx, user_id).await?);
    record(&tx, actor, now, entry.was(json!({"role": before.as_str()}))).await?;
    Ok(tx.commit().await?)
}

/// The name of a person, as the audit log tells it.
pub(super) async fn name(tx: &Tx, user_id: Uuid) -> Result<String> {
    Ok(users::get(tx, user_id).await?.map(|user| user.name).unwrap_or_default())
}

/// The role of a member, read after everybody else who changes members has finished.
async fn locked_role(tx: &Tx, workspace: Workspace, user_id: Uuid) -> Result<Role> {
    store::lock(tx, workspace).await?;
    stored_role(&store::role(tx, workspace, user_id).await?.ok_or_else(Error::not_found)?)
}

async fn keep_an_owner(tx: &Tx, workspace: Workspace, leaving: Role) -> Result<()> {
    if leaving == Role::Owner && store::count(tx, workspace, Role::Owner.as_str()).await? <= 1 {
        return Err(Code::IdentityLastOwner.into());
    }
    Ok(())
}

/// Refuses a role above the caller's own.
pub(super) fn within(actor: &Actor, role: Role) -> Result<()> {
    let own = match actor.kind {
        ActorKind::System => Role::Owner,
        ActorKind::Member { role, .. } => role,
        ActorKind::Token { .. } => Role::Manager,
    };
    if role <= own { Ok(()) } else { Err(Invalid::new(Code::Forbidden).with("needs", role.as_str()).into()) }
}
