//! Using a link. Everything that can be refused is refused before, and the link is used in the transaction of what it
//! does: a mistake in the form does not cost the link, and of two people with one link exactly one gets in.

use super::limits::Limits;
use super::links::{Purpose, usable_for};
use super::sessions::{right_password, signed_in, start};
use super::users::new_row;
use super::workspace::{self, WorkspaceNew};
use super::{password, secret, stored_role, text};
use crate::audit::{Entry, record};
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::{Actor, App};
use essor_domain::growth::money::check_currency;
use essor_domain::time::parse_zone;
use essor_domain::{Code, Invalid};
use essor_store::identity::links::{self, LinkRow};
use essor_store::identity::workspaces::{self, Patch, WorkspaceRow};
use essor_store::identity::{members, users};
use essor_store::{Tx, Workspace};
use serde_json::json;
use std::net::IpAddr;
use uuid::Uuid;

/// What the first person says.
#[derive(Debug, Clone)]
pub struct SetupAnswer {
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Their password.
    pub password: String,
    /// The name of their workspace.
    pub workspace_name: String,
    /// Its reporting currency.
    pub currency: String,
    /// Its zone.
    pub timezone: String,
    /// Their language.
    pub locale: Option<String>,
}

/// What somebody who was invited says. Who has an account gives its password; the name is then left as it is.
#[derive(Debug, Clone, Default)]
pub struct InviteAnswer {
    /// Their name.
    pub name: Option<String>,
    /// Their password, new or known.
    pub password: Option<String>,
}

/// Sets Essor up: the first person, and the workspace that they own. Returns the session's token.
///
/// What the command line made before anybody came (an import into "default", say) becomes theirs too, or nobody could
/// ever reach it; when there is exactly one such workspace it is *the* workspace and takes the name. Its currency and
/// zone follow the form as long as it has no clients, whose figures would have to be computed again.
pub async fn accept_setup(app: &App, token: &str, answer: SetupAnswer) -> Result<String> {
    usable_for(app, token, Purpose::Setup).await?;
    let email = text::email(&answer.email)?;
    let name = text::name(&answer.name, "name")?;
    let workspace_name = text::name(&answer.workspace_name, "workspaceName")?;
    check_currency(&answer.currency, "currency")?;
    let zone = parse_zone(&answer.timezone)?;
    let locale = answer.locale.map(|l| text::one_of(&l, "locale", &["fr", "en"])).transpose()?;
    password::check(&answer.password, "password", &email, &name)?;
    let password_hash = password::hash(app, answer.password).await?;

    let tx = app.db.begin().await?;
    users::lock_first(&tx).await?;
    use_up(app, &tx, token).await?;
    if users::any(&tx).await? {
        return Err(Code::IdentityLinkInvalid.into());
    }
    let user = essor_store::identity::users::UserRow { locale, ..new_row(app, email, name, Some(password_hash)) };
    users::insert(&tx, &user).await?;

    let waiting = workspaces::without_members(&tx).await?;
    let new = WorkspaceNew {
        currency: answer.currency,
        timezone: zone.name().to_owned(),
        ..WorkspaceNew::named(&workspace_name)
    };
    let home = match waiting.as_slice() {
        [only] => adopt(&tx, only, new).await?,
        several => match several.iter().find(|row| row.name == new.name) {
            Some(row) => Workspace(row.id),
            None => workspace::insert(app, &tx, new).await?,
        },
    };
    let now = app.clock.now();
    let all: std::collections::BTreeSet<Uuid> = waiting.iter().map(|row| row.id).chain([home.0]).collect();
    for id in &all {
        members::insert(&tx, Workspace(*id), user.id, "owner", now).await?;
    }
    let started = start(app, &tx, &user, Some(home.0)).await?;
    for id in all {
        let actor = Actor { workspace: Workspace(id), ..started.actor.clone() };
        let entry = if id == home.0 {
            Entry::of("workspaces.setup").on("workspace", id).named(&workspace_name)
        } else {
            Entry::of("members.join").on("member", user.id).named(&user.name).with(json!({"role": "owner"}))
        };
        emit(&tx, actor.workspace, now, &[DomainEvent::MembersChanged, DomainEvent::WorkspaceChanged]).await?;
        record(&tx, &actor, now, entry).await?;
    }
    tx.commit().await?;
    Ok(started.token)
}

/// Gives the only workspace there is its name, and its settings while they change no figure.
async fn adopt(tx: &Tx, row: &WorkspaceRow, new: WorkspaceNew) -> Result<Workspace> {
    let scope = Workspace(row.id);
    let settled = workspaces::has_clients(tx, scope).await?;
    let patch = Patch {
        name: Some(new.name).filter(|name| *name != row.name),
        currency: Some(new.currency).filter(|_| !settled),
        ..Patch::default()
    };
    workspaces::patch(tx, scope, &patch).await.map_err(workspace::name_taken)?;
    if !settled {
        workspaces::set_timezone(tx, scope, &new.timezone).await?;
    }
    Ok(scope)
}

/// Makes whoever was invited a member; returns the session's token.
///
/// An invitation is handed over by an administrator of one workspace, so it must not open the account of somebody who
/// is already here: they give their password, or are signed in (`current`) while they accept.
pub async fn accept_invite(
    app: &App,
    limits: &Limits,
    address: IpAddr,
    token: &str,
    answer: InviteAnswer,
    current: Option<Uuid>,
) -> Result<String> {
    let link = usable_for(app, token, Purpose::Invite).await?;
    let (Some(workspace_id), Some(email), Some(role)) = (link.workspace_id, &link.email, &link.role) else {
        return Err(Error::Internal("an invitation without workspace, address or role".into()));
    };
    let (scope, role) = (Workspace(workspace_id), stored_role(role)?);
    let known = users::by_email(&app.db, email).await?;
    let required = |field: &str| Invalid::field(Code::FieldRequired, field);
    let (user, newcomer) = match known {
        Some(user) if current == Some(user.id) => (user, false),
        Some(_) => {
            let given = answer.password.ok_or_else(|| required("password"))?;
            (right_password(app, limits, address, email, given).await?, false)
        }
        None => {
            let name = text::name(&answer.name.ok_or_else(|| required("name"))?, "name")?;
            let given = answer.password.ok_or_else(|| required("password"))?;
            password::check(&given, "password", email, &name)?;
            let hash = password::hash(app, given).await?;
            (new_row(app, email.clone(), name, Some(hash)), true)
        }
    };
    let (user_id, now) = (user.id, app.clock.now());

    let tx = app.db.begin().await?;
    members::lock(&tx, scope).await?;
    use_up(app, &tx, token).await?;
    if newcomer {
        // Somebody of this address came in meanwhile: the next try asks for their password.
        users::insert(&tx, &user).await?;
    }
    if members::role(&tx, scope, user_id).await?.is_none() {
        members::insert(&tx, scope, user_id, role.as_str(), now).await?;
    }
    let started = start(app, &tx, &user, Some(workspace_id)).await?;
    emit(&tx, scope, now, &[DomainEvent::MembersChanged, DomainEvent::SessionsChanged]).await?;
    let entry = Entry::of("members.join").on("member", user_id).named(&user.name);
    record(&tx, &started.actor, now, entry.with(json!({"role": role.as_str()}))).await?;
    tx.commit().await?;
    Ok(started.token)
}

/// Signs the person of a sign-in link in; returns the session's token.
pub async fn accept_sign_in(app: &App, token: &str) -> Result<String> {
    usable_for(app, token, Purpose::SignIn).await?;
    let tx = app.db.begin().await?;
    let link = use_up(app, &tx, token).await?;
    let email = link.email.ok_or(Code::IdentityLinkInvalid)?;
    let user = users::by_email(&tx, &email).await?.ok_or(Code::IdentityLinkInvalid)?;
    let started = start(app, &tx, &user, link.workspace_id).await?;
    signed_in(app, &tx, &started, "link").await?;
    tx.commit().await?;
    Ok(started.token)
}

async fn use_up(app: &App, tx: &Tx, token: &str) -> Result<LinkRow> {
    links::consume(tx, &secret::hash(token), app.clock.now()).await?.ok_or_else(|| Code::IdentityLinkInvalid.into())
}
