//! Whether new clients begin a journey by themselves, and the days on which nobody works.

use crate::audit::{self, Entry};
use crate::error::Result;
use crate::events::{DomainEvent, emit};
use crate::{Actor, App};
use chrono::NaiveDate;
use essor_domain::identity::Action;
use essor_domain::time::check_day;
use essor_domain::{Code, Invalid};
use essor_store::journey::{self as store, settings as rows};
use serde_json::json;
use std::collections::BTreeMap;

/// The most holidays of a workspace, and the longest name of one.
const MOST: usize = 400;
const MAX_NAME: usize = 80;

/// What a workspace says of journeys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// New clients that pay or try begin a journey by themselves.
    pub auto_start: bool,
    /// Clients that could be on a journey and are not.
    pub without: i64,
}

/// The settings.
pub async fn settings(app: &App, actor: &Actor) -> Result<Settings> {
    let workspace = actor.require(Action::Read)?;
    let auto_start = rows::auto_start(&app.db, workspace).await?;
    Ok(Settings { auto_start, without: store::count_without(&app.db, workspace).await? })
}

/// Changes them.
pub async fn put_settings(app: &App, actor: &Actor, auto_start: bool) -> Result<Settings> {
    let workspace = actor.require(Action::ManageModels)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let before = rows::auto_start(&tx, workspace).await?;
    rows::set_auto_start(&tx, workspace, auto_start).await?;
    emit(&tx, workspace, now, &[DomainEvent::JourneyChanged(Vec::new())]).await?;
    let told = |on: bool| json!({"autoStart": on});
    let entry = Entry::of("journey.settings").about("journey").change(told(before), told(auto_start));
    audit::record(&tx, actor, now, entry).await?;
    let without = store::count_without(&tx, workspace).await?;
    tx.commit().await?;
    Ok(Settings { auto_start, without })
}

/// The days on which nobody works, with their names.
pub async fn holidays(app: &App, actor: &Actor) -> Result<Vec<(NaiveDate, String)>> {
    let workspace = actor.require(Action::Read)?;
    Ok(rows::holidays(&app.db, workspace).await?)
}

/// Puts these days in place of all others; a day that comes twice keeps its last name.
pub async fn put_holidays(app: &App, actor: &Actor, days: &[(NaiveDate, String)]) -> Result<()> {
    let workspace = actor.require(Action::ManageWorkspace)?;
    if days.len() > MOST {
        return Err(Invalid::field(Code::ListTooLong, "days").with("max", MOST).into());
    }
    let mut checked: BTreeMap<NaiveDate, String> = BTreeMap::new();
    for (i, (day, name)) in days.iter().enumerate() {
        check_day(*day, &format!("days[{i}].day"))?;
        let (name, field) = (name.trim(), format!("days[{i}].name"));
        if name.is_empty() {
            return Err(Invalid::field(Code::FieldRequired, field).into());
        }
        if name.chars().count() > MAX_NAME {
            return Err(Invalid::field(Code::FieldTooLong, field).with("max", MAX_NAME).into());
        }
        checked.insert(*day, name.replace('\0', ""));
    }
    let checked: Vec<(NaiveDate, String)> = checked.into_iter().collect();
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let before = rows::holidays(&tx, workspace).await?;
    rows::set_holidays(&tx, workspace, &checked).await?;
    emit(&tx, workspace, now, &[DomainEvent::WorkspaceChanged]).await?;
    let said = |days: &[(NaiveDate, String)]| {
        serde_json::Value::Object(days.iter().map(|(day, name)| (day.to_string(), name.as_str().into())).collect())
    };
    let entry = Entry::of("workspaces.holidays").on("workspace", workspace.0).change(said(&before), said(&checked));
    audit::record(&tx, actor, now, entry).await?;
    Ok(tx.commit().await?)
}
