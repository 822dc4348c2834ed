//! The workspace's own settings, and which workspace a command means.

use super::rates::{RateShown, shown};
use super::text;
use crate::audit::{Entry, record};
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::{Actor, App};
use chrono_tz::Tz;
use essor_domain::growth::money::check_currency;
use essor_domain::identity::Action;
use essor_domain::time::parse_zone;
use essor_domain::{Code, Invalid};
use essor_store::identity::rates;
use essor_store::identity::workspaces::{self as store, Only, Patch, WorkspaceRow};
use essor_store::{Conn, Tx, Workspace, clients};
use serde_json::json;
use uuid::Uuid;

/// A workspace to be made.
#[derive(Debug, Clone)]
pub struct WorkspaceNew {
    /// Its name.
    pub name: String,
    /// Its reporting currency.
    pub currency: String,
    /// Its zone.
    pub timezone: String,
    /// Whether it holds the demo portfolio.
    pub is_demo: bool,
}

impl WorkspaceNew {
    /// A workspace with the usual settings.
    pub fn named(name: &str) -> Self {
        WorkspaceNew { name: name.to_owned(), currency: "EUR".into(), timezone: "Europe/Paris".into(), is_demo: false }
    }
}

/// A workspace with its settings.
#[derive(Debug, Clone)]
pub struct WorkspaceShown {
    /// Its row.
    pub row: WorkspaceRow,
    /// Its exchange rates.
    pub rates: Vec<RateShown>,
    /// Whether the caller may change its currency now.
    pub can_change_currency: bool,
}

/// What to change; `None` leaves a setting as it is.
#[derive(Debug, Clone, Default)]
pub struct WorkspacePatch {
    /// The name.
    pub name: Option<String>,
    /// The reporting currency.
    pub currency: Option<String>,
    /// The zone.
    pub timezone: Option<String>,
    /// `monday` or `sunday`.
    pub week_start: Option<String>,
    /// `create` or `park`.
    pub unknown_groups: Option<String>,
}

/// The row of a workspace, for operations that need its zone or currency.
pub async fn workspace_row(conn: &impl Conn, workspace: Workspace) -> Result<WorkspaceRow> {
    store::get(conn, workspace).await?.ok_or_else(Error::not_found)
}

/// The workspace with its settings.
pub async fn get_workspace(app: &App, actor: &Actor) -> Result<WorkspaceShown> {
    let workspace = actor.require(Action::Read)?;
    let row = workspace_row(&app.db, workspace).await?;
    let rates = rates::list(&app.db, workspace).await?.into_iter().map(shown).collect();
    let may = actor.require(Action::ChangeCurrency).is_ok();
    let can_change_currency = may && !store::has_amounts(&app.db, workspace).await?;
    Ok(WorkspaceShown { row, rates, can_change_currency })
}

/// Changes settings. The currency changes only while there are no amounts (subscriptions, spend, objectives), because they
/// stand in it; its rates, which say what others are worth in it, go with it.
pub async fn patch_workspace(app: &App, actor: &Actor, patch: WorkspacePatch) -> Result<()> {
    let workspace = actor.require(Action::ManageWorkspace)?;
    let zone = patch.timezone.as_deref().map(parse_zone).transpose()?;
    let change = Patch {
        name: patch.name.map(|name| text::name(&name, "name")).transpose()?,
        currency: None,
        week_start: patch.week_start.map(|word| text::one_of(&word, "weekStart", &["monday", "sunday"])).transpose()?,
        unknown_groups: patch
            .unknown_groups
            .map(|word| text::one_of(&word, "unknownGroups", &["create", "park"]))
            .transpose()?,
    };
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let before = workspace_row(&tx, workspace).await?;
    store::patch(&tx, workspace, &change).await.map_err(name_taken)?;
    if let Some(currency) = patch.currency {
        set_currency(&tx, actor, currency).await?;
    }
    let mut happened = vec![DomainEvent::WorkspaceChanged];
    if let Some(zone) = zone
        && set_timezone(&tx, workspace, zone).await?
    {
        happened.push(DomainEvent::ZoneChanged(clients::all_ids(&tx, workspace).await?));
    }
    emit(&tx, workspace, now, &happened).await?;
    let after = workspace_row(&tx, workspace).await?;
    let entry = Entry::of("workspaces.update").on("workspace", workspace.0).named(&after.name);
    record(&tx, actor, now, entry.change(said(&before), said(&after))).await?;
    Ok(tx.commit().await?)
}

/// The settings, as the audit log tells them.
fn said(row: &WorkspaceRow) -> serde_json::Value {
    json!({
        "name": row.name,
        "currency": row.currency,
        "timezone": row.timezone,
        "weekStart": row.week_start,
        "unknownGroups": row.unknown_groups,
    })
}

async fn set_currency(tx: &Tx, actor: &Actor, currency: String) -> Result<()> {
    check_currency(&currency, "currency")?;
    if workspace_row(tx, actor.workspace).await?.currency == currency {
        return Ok(());
    }
    let workspace = actor.require(Action::ChangeCurrency)?;
    if store::has_amounts(tx, workspace).await? {
        return Err(Invalid::field(Code::GrowthCurrencyFixed, "currency").into());
    }
    store::patch(tx, workspace, &Patch { currency: Some(currency), ..Patch::default() }).await?;
    Ok(rates::replace(tx, workspace, &[]).await?)
}

/// Changes the zone in which the workspace's days begin; returns whether it was another one, in which case all that is
/// counted by day has to be rebuilt.
async fn set_timezone(tx: &Tx, workspace: Workspace, zone: Tz) -> Result<bool> {
    Ok(store::set_timezone(tx, workspace, zone.name()).await?)
}

/// Makes a workspace without members.
pub async fn create_workspace(app: &App, new: WorkspaceNew) -> Result<Workspace> {
    let name = new.name.clone();
    let tx = app.db.begin().await?;
    let workspace = insert(app, &tx, new).await?;
    let actor = Actor { trail: app.trail.clone(), ..Actor::system(workspace) };
    record(&tx, &actor, app.clock.now(), Entry::of("workspaces.create").on("workspace", workspace.0).named(name))
        .await?;
    tx.commit().await?;
    Ok(workspace)
}

/// The same inside a transaction.
pub(super) async fn insert(app: &App, tx: &Tx, new: WorkspaceNew) -> Result<Workspace> {
    check_currency(&new.currency, "currency")?;
    let row = WorkspaceRow {
        id: Uuid::now_v7(),
        name: text::name(&new.name, "name")?,
        currency: new.currency,
        timezone: parse_zone(&new.timezone)?.name().to_owned(),
        week_start: "monday".into(),
        is_demo: new.is_demo,
        unknown_groups: "create".into(),
        created_at: app.clock.now(),
    };
    store::insert(tx, &row).await.map_err(name_taken)?;
    Ok(Workspace(row.id))
}

/// The workspace that a command means: the one of this name, or without a name the only one, made as "default" when
/// there is none. For the command line, which acts as the machine's administrator.
pub async fn ensure_workspace(app: &App, name: Option<&str>) -> Result<Workspace> {
    if let Some(name) = name {
        let row = store::by_name(&app.db, name.trim()).await?;
        return row
            .map(|row| Workspace(row.id))
            .ok_or_else(|| Invalid::field(Code::IdentityWorkspaceUnknown, "workspace").with("value", name).into());
    }
    match only(app).await? {
        Some(workspace) => Ok(workspace),
        None => match create_workspace(app, WorkspaceNew::named("default")).await {
            // Another command made it at the same moment.
            Err(error) if error.code() == Code::IdentityWorkspaceExists => {
                only(app).await?.ok_or_else(Error::not_found)
            }
            made => made,
        },
    }
}

async fn only(app: &App) -> Result<Option<Workspace>> {
    match store::only(&app.db).await? {
        Only::None => Ok(None),
        Only::One(row) => Ok(Some(Workspace(row.id))),
        Only::Several => Err(Code::IdentityWorkspaceAmbiguous.into()),
    }
}

/// Names are unique: says so instead of "conflict".
pub(super) fn name_taken(error: essor_store::Error) -> Error {
    match error {
        essor_store::Error::Conflict => Invalid::field(Code::IdentityWorkspaceExists, "name").into(),
        other => other.into(),
    }
}
