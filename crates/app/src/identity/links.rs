//! Making and showing one-time links. A link's page is shown by GET and used by POST, because mail scanners open
//! whatever they find.

use super::{secret, text};
use crate::audit::{Entry, record};
use crate::error::{Error, Result};
use crate::{Actor, App};
use chrono::{DateTime, Duration, Utc};
use essor_domain::Code;
use essor_store::identity::links::{self, LinkRow};
use essor_store::identity::{users, workspaces};
use essor_store::{Tx, Workspace};
use uuid::Uuid;

const SETUP_LASTS: Duration = Duration::hours(24);
const SIGN_IN_LASTS: Duration = Duration::minutes(15);
pub(super) const INVITE_LASTS: Duration = Duration::days(7);

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The first person sets Essor up.
    Setup,
    /// A person signs in without a password.
    SignIn,
    /// Somebody becomes a member.
    Invite,
}

impl Purpose {
    /// As stored and written by the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Purpose::Setup => "setup",
            Purpose::SignIn => "sign_in",
            Purpose::Invite => "invite",
        }
    }
}

/// Whether whoever an invitation is for is on this Essor already, and how they prove it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Account {
    /// They are new here: they choose a name and a password.
    New,
    /// They give their password.
    Password,
    /// They have none: they sign in by a link first.
    Link,
    /// They are signed in while they look at the page.
    SignedIn,
}

impl Account {
    /// As written by the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Account::New => "new",
            Account::Password => "password",
            Account::Link => "link",
            Account::SignedIn => "signed_in",
        }
    }
}

/// What the page of a link shows before it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkShown {
    /// What it is for.
    pub purpose: Purpose,
    /// Whom it is for.
    pub email: Option<String>,
    /// Where it leads.
    pub workspace_name: Option<String>,
    /// The role that an invitation gives.
    pub role: Option<String>,
    /// Until when it can be used.
    pub expires_at: DateTime<Utc>,
    /// Of an invitation: what its person has to do.
    pub account: Option<Account>,
}

/// The link that sets Essor up, while there is nobody yet. Each call makes a new one and withdraws the one before: only
/// its hash is kept, so the old one cannot be printed again.
pub async fn setup_link(app: &App) -> Result<Option<String>> {
    if users::any(&app.db).await? {
        return Ok(None);
    }
    let tx = app.db.begin().await?;
    users::lock_first(&tx).await?;
    if users::any(&tx).await? {
        return Ok(None);
    }
    links::delete_setup(&tx).await?;
    let made = insert(app, &tx, New { purpose: Purpose::Setup, lasts: SETUP_LASTS, ..New::default() }).await?;
    tx.commit().await?;
    Ok(Some(made.url))
}

/// A link that signs a person in once, for whoever administers the machine.
pub async fn sign_in_link(app: &App, email: &str) -> Result<String> {
    make_sign_in_link(app, email, None).await
}

/// The same, landing in one workspace of the person.
pub async fn sign_in_link_to(app: &App, email: &str, workspace: Workspace) -> Result<String> {
    make_sign_in_link(app, email, Some(workspace.0)).await
}

async fn make_sign_in_link(app: &App, email: &str, workspace_id: Option<Uuid>) -> Result<String> {
    let user = users::by_email(&app.db, &text::email(email)?).await?.ok_or_else(Error::not_found)?;
    let tx = app.db.begin().await?;
    let new = New { workspace_id, email: Some(user.email.clone()), ..New::default() };
    let made = insert(app, &tx, new).await?;
    // It opens all that its person may open; it is told where they land.
    let lands = match workspace_id {
        Some(id) => Some(id),
        None => workspaces::of_user(&tx, user.id).await?.first().map(|place| place.id),
    };
    if let Some(id) = lands {
        let actor = Actor { trail: app.trail.clone(), ..Actor::system(Workspace(id)) };
        let entry = Entry::of("links.create").on("person", user.id).named(&user.name);
        record(&tx, &actor, app.clock.now(), entry).await?;
    }
    tx.commit().await?;
    Ok(made.url)
}

/// What a link is for, as somebody who may be signed in (`current`) sees it; showing it does not use it.
pub async fn show_link(app: &App, token: &str, current: Option<Uuid>) -> Result<LinkShown> {
    let row = usable(app, token).await?;
    let purpose = purpose(&row)?;
    let workspace_name = match (purpose, row.workspace_id) {
        // The workspace that the first person is going to take over.
        (Purpose::Setup, _) => match workspaces::without_members(&app.db).await?.as_slice() {
            [only] => Some(only.name.clone()),
            _ => None,
        },
        (_, Some(id)) => Some(super::workspace_row(&app.db, Workspace(id)).await?.name),
        (_, None) => None,
    };
    let account = match (purpose, &row.email) {
        (Purpose::Invite, Some(email)) => Some(match users::by_email(&app.db, email).await? {
            None => Account::New,
            Some(user) if current == Some(user.id) => Account::SignedIn,
            Some(user) if user.password_hash.is_some() => Account::Password,
            Some(_) => Account::Link,
        }),
        _ => None,
    };
    Ok(LinkShown { purpose, email: row.email, workspace_name, role: row.role, expires_at: row.expires_at, account })
}

/// The stored link of a token, while it can be used.
pub(super) async fn usable(app: &App, token: &str) -> Result<LinkRow> {
    let row = links::find(&app.db, &secret::hash(token), app.clock.now()).await?.ok_or(Code::IdentityLinkInvalid)?;
    if purpose(&row)? == Purpose::Setup && users::any(&app.db).await? {
        return Err(Code::IdentityLinkInvalid.into());
    }
    Ok(row)
}

/// The same for one purpose.
pub(super) async fn usable_for(app: &App, token: &str, wanted: Purpose) -> Result<LinkRow> {
    let row = usable(app, token).await?;
    if purpose(&row)? == wanted { Ok(row) } else { Err(Code::IdentityLinkInvalid.into()) }
}

fn purpose(row: &LinkRow) -> Result<Purpose> {
    [Purpose::Setup, Purpose::SignIn, Purpose::Invite]
        .into_iter()
        .find(|purpose| purpose.as_str() == row.purpose)
        .ok_or_else(|| Error::Internal("a stored link has no purpose of ours".into()))
}

/// A link to be made.
pub(super) struct New {
    pub(super) purpose: Purpose,
    pub(super) lasts: Duration,
    pub(super) workspace_id: Option<Uuid>,
    pub(super) email: Option<String>,
    pub(super) role: Option<String>,
    pub(super) created_by: Option<Uuid>,
}

impl Default for New {
    fn default() -> Self {
        New {
            purpose: Purpose::SignIn,
            lasts: SIGN_IN_LASTS,
            workspace_id: None,
            email: None,
            role: None,
            created_by: None,
        }
    }
}

/// A link that was made.
pub(super) struct Made {
    /// Its id.
    pub(super) id: Uuid,
    /// Its address, shown this once.
    pub(super) url: String,
    /// Until when it can be used.
    pub(super) expires_at: DateTime<Utc>,
}

/// Stores a link.
pub(super) async fn insert(app: &App, tx: &Tx, new: New) -> Result<Made> {
    let (token, now) = (secret::opaque()?, app.clock.now());
    let row = LinkRow {
        id: Uuid::now_v7(),
        purpose: new.purpose.as_str().to_owned(),
        workspace_id: new.workspace_id,
        email: new.email,
        role: new.role,
        created_at: now,
        expires_at: now + new.lasts,
        used_at: None,
        created_by: new.created_by,
    };
    links::insert(tx, &secret::hash(&token), &row).await?;
    Ok(Made { id: row.id, url: address(app, &token), expires_at: row.expires_at })
}

/// The address of a link's page.
pub(super) fn address(app: &App, token: &str) -> String {
    format!("{}/link/{token}", app.public_url)
}
