//! Making and showing one-time links. A link's page is shown by GET and used by POST, because mail scanners open
//! whatever they find.

use super::{secret, text};
use crate::App;
use crate::error::{Error, Result};
use chrono::Duration;
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

/// What the page of a link shows before it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkShown {
    /// What it is for.
    pub purpose: Purpose,
    /// Whom it is for.
    pub email: Option<String>,
    /// Where it leads.
    pub workspace_name: Option<String>,
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
    let url = insert(app, &tx, New { purpose: Purpose::Setup, lasts: SETUP_LASTS, ..New::default() }).await?;
    tx.commit().await?;
    Ok(Some(url))
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
    let new = New { purpose: Purpose::SignIn, lasts: SIGN_IN_LASTS, workspace_id, email: Some(user.email), role: None };
    let url = insert(app, &tx, new).await?;
    tx.commit().await?;
    Ok(url)
}

/// What a link is for; showing it does not use it.
pub async fn show_link(app: &App, token: &str) -> Result<LinkShown> {
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
    Ok(LinkShown { purpose, email: row.email, workspace_name })
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
}

impl Default for New {
    fn default() -> Self {
        New { purpose: Purpose::SignIn, lasts: SIGN_IN_LASTS, workspace_id: None, email: None, role: None }
    }
}

/// Stores a link and returns its address.
pub(super) async fn insert(app: &App, tx: &Tx, new: New) -> Result<String> {
    let (token, now) = (secret::opaque()?, app.clock.now());
    let row = LinkRow {
        id: Uuid::now_v7(),
        purpose: new.purpose.as_str().to_owned(),
        workspace_id: new.workspace_id,
        email: new.email,
        role: new.role,
        created_at: now,
        expires_at: now + new.lasts,
    };
    links::insert(tx, &secret::hash(&token), &row).await?;
    Ok(format!("{}/link/{token}", app.public_url))
}
