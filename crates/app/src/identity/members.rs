//! Who belongs to a workspace. A workspace keeps an owner, and nobody gives, changes or takes a role above their own.

use super::links::{INVITE_LASTS, New, Purpose, insert};
use super::{stored_role, text};
use crate::error::{Error, Result};
use crate::{Actor, ActorKind, App};
use chrono::{DateTime, Utc};
use essor_domain::identity::{Action, Role};
use essor_domain::{Code, Invalid};
use essor_store::identity::members::{self as store, MemberRow};
use essor_store::identity::{links, users};
use essor_store::{Tx, Workspace};
use uuid::Uuid;

/// The members of a workspace and who is on the way.
#[derive(Debug, Clone)]
pub struct Members {
    /// Who is here.
    pub members: Vec<MemberRow>,
    /// Who was invited; empty for who may not invite.
    pub invitations: Vec<Invitation>,
}

/// An invitation that waits.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// Its id.
    pub id: Uuid,
    /// Whom it is for.
    pub email: String,
    /// The role it gives.
    pub role: String,
    /// Until when it can be accepted.
    pub expires_at: DateTime<Utc>,
}

/// The members, and for an administrator the invitations.
pub async fn members(app: &App, actor: &Actor) -> Result<Members> {
    let workspace = actor.require(Action::Read)?;
    let members = store::list(&app.db, workspace).await?;
    let invitations = match actor.require(Action::ManageMembers) {
        Ok(_) => links::invitations(&app.db, workspace, app.clock.now()).await?,
        Err(_) => Vec::new(),
    };
    let invitations = invitations
        .into_iter()
        .map(|row| Invitation {
            id: row.id,
            email: row.email.unwrap_or_default(),
            role: row.role.unwrap_or_default(),
            expires_at: row.expires_at,
        })
        .collect();
    Ok(Members { members, invitations })
}

/// Invites somebody: returns a link to hand over, which is shown this once. It takes the place of an earlier one for
/// the same address.
pub async fn invite(app: &App, actor: &Actor, email: &str, role: Role) -> Result<String> {
    let workspace = actor.require(Action::ManageMembers)?;
    within(actor, role)?;
    let email = text::email(email)?;
    let tx = app.db.begin().await?;
    if let Some(user) = users::by_email(&tx, &email).await?
        && store::role(&tx, workspace, user.id).await?.is_some()
    {
        return Err(Invalid::field(Code::IdentityMemberExists, "email").into());
    }
    links::delete_invitations_of(&tx, workspace, &email).await?;
    let new = New {
        purpose: Purpose::Invite,
        lasts: INVITE_LASTS,
        workspace_id: Some(workspace.0),
        email: Some(email),
        role: Some(role.as_str().to_owned()),
    };
    let url = insert(app, &tx, new).await?;
    tx.commit().await?;
    Ok(url)
}

/// Withdraws an invitation.
pub async fn withdraw_invitation(app: &App, actor: &Actor, id: Uuid) -> Result<()> {
    let workspace = actor.require(Action::ManageMembers)?;
    let tx = app.db.begin().await?;
    if !links::delete_invitation(&tx, workspace, id).await? {
        return Err(Error::not_found());
    }
    Ok(tx.commit().await?)
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
    Ok(tx.commit().await?)
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
