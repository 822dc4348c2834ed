//! Which usage events say that a limit was hit.

use crate::audit::{self, Entry};
use crate::error::Result;
use crate::jobs::OPPORTUNITIES_DETECT;
use crate::{Actor, App};
use essor_domain::clients::MAX_TEXT;
use essor_domain::identity::Action;
use essor_domain::opportunities::LIMIT_EVENTS;
use essor_domain::{Code, Invalid};
use essor_store::jobs::enqueue;
use essor_store::opportunities as store;
use serde_json::json;

/// The most names that a workspace may give.
const MOST: usize = 20;

/// The names, the usual ones unless the workspace has its own.
pub async fn limit_events(app: &App, actor: &Actor) -> Result<Vec<String>> {
    let workspace = actor.require(Action::Read)?;
    let own = store::limit_events(&app.db, workspace).await?;
    Ok(own.unwrap_or_else(usual))
}

fn usual() -> Vec<String> {
    LIMIT_EVENTS.iter().map(|name| (*name).to_owned()).collect()
}

/// Names the events; everybody is looked at again.
pub async fn set_limit_events(app: &App, actor: &Actor, names: Vec<String>) -> Result<Vec<String>> {
    let workspace = actor.require(Action::ManageWorkspace)?;
    if names.len() > MOST {
        return Err(Invalid::field(Code::ListTooLong, "limitEvents").with("max", MOST).into());
    }
    let mut kept: Vec<String> = Vec::new();
    for (i, name) in names.iter().enumerate() {
        let (name, field) = (name.trim(), format!("limitEvents[{i}]"));
        if name.is_empty() {
            return Err(Invalid::field(Code::FieldRequired, field).into());
        }
        if name.chars().count() > MAX_TEXT || name.contains('\0') {
            return Err(Invalid::field(Code::FieldTooLong, field).with("max", MAX_TEXT).into());
        }
        if !kept.iter().any(|other| other == name) {
            kept.push(name.to_owned());
        }
    }
    let ids = essor_store::clients::all_ids(&app.db, workspace).await?;
    let tx = app.db.begin().await?;
    let before = store::limit_events(&tx, workspace).await?;
    store::set_limit_events(&tx, workspace, &kept).await?;
    let now = app.clock.now();
    enqueue(&tx, workspace, OPPORTUNITIES_DETECT, ids.iter().map(uuid::Uuid::to_string), now).await?;
    let before = before.unwrap_or_else(usual);
    let entry = Entry::of("opportunities.settings").about("opportunity");
    let entry = entry.change(json!({"limitEvents": before}), json!({"limitEvents": kept}));
    audit::record(&tx, actor, now, entry).await?;
    tx.commit().await?;
    Ok(kept)
}
