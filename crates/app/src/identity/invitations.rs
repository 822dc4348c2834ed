//! Invitations: one-time links that make a member. Essor sends no mail: whoever invites hands the link over.

use super::links::{INVITE_LASTS, New, Purpose, address, insert};
use super::members::within;
use super::{secret, stored_role, text};
use crate::audit::{Entry, record};
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::{Actor, App};
use chrono::{DateTime, Utc};
use essor_domain::identity::{Action, Role};
use essor_domain::{Code, Invalid};
use essor_store::Workspace;
use essor_store::identity::links::{self, LinkRow};
use essor_store::identity::{members, users};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// What has become of an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationState {
    /// It can be accepted.
    Waiting,
    /// Its time is over; it can be renewed.
    Expired,
    /// Somebody has joined with it.
    Accepted,
}

impl InvitationState {
    /// As written by the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            InvitationState::Waiting => "waiting",
            InvitationState::Expired => "expired",
            InvitationState::Accepted => "accepted",
        }
    }
}

/// An invitation in the list.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// Its id.
    pub id: Uuid,
    /// Whom it is for.
    pub email: String,
    /// The role it gives.
    pub role: String,
    /// What has become of it.
    pub state: InvitationState,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// The name of who made it; none when the command line did, or when they are gone.
    pub created_by: Option<String>,
    /// Until when it can be accepted.
    pub expires_at: DateTime<Utc>,
    /// When it was accepted.
    pub accepted_at: Option<DateTime<Utc>>,
}

/// A link to hand over, shown this once.
#[derive(Debug, Clone)]
pub struct InvitationLink {
    /// The invitation.
    pub id: Uuid,
    /// Its address.
    pub link: String,
    /// Until when it can be accepted.
    pub expires_at: DateTime<Utc>,
}

/// The invitations that wait, and those of the last 30 days that were accepted or ran out.
pub(super) async fn list(app: &App, workspace: Workspace) -> Result<Vec<Invitation>> {
    let now = app.clock.now();
    let rows = links::invitations(&app.db, workspace, now).await?;
    let makers: Vec<Uuid> = rows.iter().filter_map(|row| row.created_by).collect();
    let names: HashMap<Uuid, String> = users::names(&app.db, &makers).await?.into_iter().collect();
    Ok(rows
        .into_iter()
        .map(|row| Invitation {
            id: row.id,
            state: state(&row, now),
            email: row.email.unwrap_or_default(),
            role: row.role.unwrap_or_default(),
            created_at: row.created_at,
            created_by: row.created_by.and_then(|id| names.get(&id).cloned()),
            expires_at: row.expires_at,
            accepted_at: row.used_at,
        })
        .collect())
}

fn state(row: &LinkRow, now: DateTime<Utc>) -> InvitationState {
    match row.used_at {
        Some(_) => InvitationState::Accepted,
        None if row.expires_at <= now => InvitationState::Expired,
        None => InvitationState::Waiting,
    }
}

/// Invites somebody. The link takes the place of an earlier one for the same address.
pub async fn invite(app: &App, actor: &Actor, email: &str, role: Role) -> Result<InvitationLink> {
    let workspace = actor.require(Action::ManageMembers)?;
    within(actor, role)?;
    let email = text::email(email)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    if let Some(user) = users::by_email(&tx, &email).await?
        && members::role(&tx, workspace, user.id).await?.is_some()
    {
        return Err(Invalid::field(Code::IdentityMemberExists, "email").into());
    }
    links::delete_invitations_of(&tx, workspace, &email).await?;
    let new = New {
        purpose: Purpose::Invite,
        lasts: INVITE_LASTS,
        workspace_id: Some(workspace.0),
        email: Some(email.clone()),
        role: Some(role.as_str().to_owned()),
        created_by: actor.user_id(),
    };
    let made = insert(app, &tx, new).await?;
    emit(&tx, workspace, now, &[DomainEvent::MembersChanged]).await?;
    let entry = Entry::of("invitations.create").on("invitation", made.id).named(email);
    record(&tx, actor, now, entry.with(json!({"role": role.as_str()}))).await?;
    tx.commit().await?;
    Ok(InvitationLink { id: made.id, link: made.url, expires_at: made.expires_at })
}

/// Makes another link for an invitation, for as long again; the one before stops working.
pub async fn renew_invitation(app: &App, actor: &Actor, id: Uuid) -> Result<InvitationLink> {
    let workspace = actor.require(Action::ManageMembers)?;
    let (token, now) = (secret::opaque()?, app.clock.now());
    let tx = app.db.begin().await?;
    let row = links::invitation(&tx, workspace, id).await?.ok_or_else(Error::not_found)?;
    within(actor, stored_role(row.role.as_deref().unwrap_or_default())?)?;
    let expires_at = now + INVITE_LASTS;
    if !links::renew(&tx, workspace, id, &secret::hash(&token), expires_at).await? {
        return Err(Code::IdentityInvitationAccepted.into());
    }
    emit(&tx, workspace, now, &[DomainEvent::MembersChanged]).await?;
    let entry = Entry::of("invitations.renew").on("invitation", id).named(row.email.unwrap_or_default());
    record(&tx, actor, now, entry.with(json!({"role": row.role, "expiresAt": expires_at}))).await?;
    tx.commit().await?;
    Ok(InvitationLink { id, link: address(app, &token), expires_at })
}

/// Withdraws an invitation; an accepted one has nothing left to withdraw.
pub async fn withdraw_invitation(app: &App, actor: &Actor, id: Uuid) -> Result<()> {
    let workspace = actor.require(Action::ManageMembers)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let Some(row) = links::delete_invitation(&tx, workspace, id).await? else {
        let accepted = links::invitation(&tx, workspace, id).await?.is_some();
        return Err(if accepted { Code::IdentityInvitationAccepted.into() } else { Error::not_found() });
    };
    emit(&tx, workspace, now, &[DomainEvent::MembersChanged]).await?;
    let entry = Entry::of("invitations.withdraw").on("invitation", id).named(row.email.unwrap_or_default());
    record(&tx, actor, now, entry.was(json!({"role": row.role}))).await?;
    Ok(tx.commit().await?)
}
