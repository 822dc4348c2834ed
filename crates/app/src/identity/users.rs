//! Making people from the command line.

use super::members::within;
use super::{password, text};
use crate::audit::{Entry, record};
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::{Actor, App};
use essor_domain::identity::{Action, Role};
use essor_domain::{Code, Invalid};
use essor_store::identity::users::{self as store, UserRow};
use essor_store::identity::{links, members, sessions};
use serde_json::json;
use uuid::Uuid;

/// A person to be made a member.
#[derive(Clone)]
pub struct NewUser {
    /// Their address.
    pub email: String,
    /// Their name; without one, what stands before the @.
    pub name: Option<String>,
    /// Their role in the workspace.
    pub role: Role,
    /// Their password; without one they come by a sign-in link.
    pub password: Option<String>,
}

/// Makes a person a member of the actor's workspace. Somebody who is on this Essor already joins this workspace too,
/// and gets the password if one is given.
pub async fn create_user(app: &App, actor: &Actor, new: NewUser) -> Result<Uuid> {
    let workspace = actor.require(Action::ManageMembers)?;
    within(actor, new.role)?;
    let email = text::email(&new.email)?;
    let local = email.split('@').next().unwrap_or_default().to_owned();
    let name = text::name(new.name.as_deref().unwrap_or(&local), "name")?;
    let hash = match new.password {
        Some(given) => {
            password::check(&given, "password", &email, &name)?;
            Some(password::hash(app, given).await?)
        }
        None => None,
    };
    let tx = app.db.begin().await?;
    store::lock_first(&tx).await?;
    let now = app.clock.now();
    let (user_id, name) = match store::by_email(&tx, &email).await? {
        Some(known) => {
            // Only the machine's administrator sets the password of somebody else.
            if let (Some(hash), None) = (&hash, actor.user_id()) {
                store::set_password(&tx, known.id, hash).await?;
                sessions::delete_of_user(&tx, known.id, None).await?;
            }
            (known.id, known.name)
        }
        None => {
            let row = new_row(app, email.clone(), name, hash);
            store::insert(&tx, &row).await?;
            (row.id, row.name)
        }
    };
    members::insert(&tx, workspace, user_id, new.role.as_str(), now).await.map_err(|error| match error {
        essor_store::Error::Conflict => Error::from(Invalid::field(Code::IdentityMemberExists, "email")),
        other => other.into(),
    })?;
    // Somebody is here now: nobody may set Essor up any more, and the invitation has come true.
    links::delete_setup(&tx).await?;
    links::delete_invitations_of(&tx, workspace, &email).await?;
    emit(&tx, workspace, now, &[DomainEvent::MembersChanged]).await?;
    let entry = Entry::of("members.create").on("member", user_id).named(name);
    record(&tx, actor, now, entry.with(json!({"role": new.role.as_str(), "email": email}))).await?;
    tx.commit().await?;
    Ok(user_id)
}

/// The row of somebody new.
pub(super) fn new_row(app: &App, email: String, name: String, password_hash: Option<String>) -> UserRow {
    UserRow {
        id: Uuid::now_v7(),
        email,
        name,
        password_hash,
        locale: None,
        theme: "system".into(),
        created_at: app.clock.now(),
    }
}
