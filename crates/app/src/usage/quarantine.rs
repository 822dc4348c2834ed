//! Messages set aside: looked at, mended, replayed or dropped.

use super::apply::{Batch, Known, apply};
use super::receive::{Item, read_one};
use crate::audit::{Entry, record};
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::{Actor, App};
use essor_domain::identity::Action;
use essor_domain::usage::Clock;
use essor_domain::{Code, Invalid};
use essor_store::Workspace;
use essor_store::usage::{self as store, Quarantined};
use serde_json::json;
use uuid::Uuid;

/// The messages in quarantine, newest first.
pub async fn list(app: &App, actor: &Actor, before: Option<Uuid>, limit: i64) -> Result<(Vec<Quarantined>, i64)> {
    let workspace = actor.require(Action::Read)?;
    let mut rows = store::quarantined(&app.db, workspace, before, limit).await?;
    let keys = crate::identity::list_write_keys(app, actor).await?;
    for row in &mut rows {
        if let Some(key) = keys.iter().find(|key| key.id.to_string() == row.source) {
            row.source = key.name.clone();
        }
    }
    let (_, total, _) = store::totals(&app.db, workspace).await?;
    Ok((rows, total))
}

/// Tries one message again, as it is or as mended. Returns the reason if it is refused again.
pub async fn replay_one(app: &App, actor: &Actor, id: Uuid, mended: Option<String>) -> Result<Option<Invalid>> {
    let workspace = actor.require(Action::ManageIngestion)?;
    let mut row = store::quarantined_one(&app.db, workspace, id).await?.ok_or_else(Error::not_found)?;
    if let Some(raw) = mended {
        row.raw = raw;
    }
    replay(app, workspace, &row, Some(actor)).await
}

/// Tries all messages again, oldest page last; returns how many were accepted and how many stay.
pub async fn replay_all(app: &App, actor: &Actor) -> Result<(i64, i64)> {
    let workspace = actor.require(Action::ManageIngestion)?;
    let (mut accepted, mut before) = (0, None);
    loop {
        let rows = store::quarantined(&app.db, workspace, before, 200).await?;
        let Some(last) = rows.last() else { break };
        before = Some(last.id);
        for row in &rows {
            accepted += i64::from(replay(app, workspace, row, None).await?.is_none());
        }
    }
    let (_, still, _) = store::totals(&app.db.primary(), workspace).await?;
    let tx = app.db.begin().await?;
    let entry = Entry::of("quarantine.replay_all").about("message");
    record(&tx, actor, app.clock.now(), entry.with(json!({"accepted": accepted, "still": still}))).await?;
    tx.commit().await?;
    Ok((accepted, still))
}

/// Drops a message for good.
pub async fn drop_one(app: &App, actor: &Actor, id: Uuid) -> Result<()> {
    let workspace = actor.require(Action::ManageIngestion)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let row = store::quarantined_one(&tx, workspace, id).await?.ok_or_else(Error::not_found)?;
    if !store::drop_quarantined(&tx, workspace, id).await? {
        return Err(Error::not_found());
    }
    emit(&tx, workspace, now, &[DomainEvent::QuarantineChanged]).await?;
    let entry = Entry::of("quarantine.drop").on("message", id);
    record(&tx, actor, now, entry.was(json!({"code": row.code, "receivedAt": row.received_at}))).await?;
    tx.commit().await?;
    Ok(())
}

/// Replays one message, and records it when it is what the actor asked for, alone.
async fn replay(app: &App, workspace: Workspace, row: &Quarantined, actor: Option<&Actor>) -> Result<Option<Invalid>> {
    let now = app.clock.now();
    let default_type = ["track", "identify", "group", "page", "screen", "alias"]
        .into_iter()
        .find(|kind| Some(*kind) == row.default_type.as_deref());
    // Its time is judged by when it was received, so that a replay does not make it older than it was.
    let clock = Clock { received_at: row.received_at.max(now - chrono::Duration::days(1)), sent_at: None };
    let item: Item = read_one(&row.raw, default_type, clock, None);
    let mut again = None;
    let refused = match &item.message {
        Err(refused) => Some(refused.clone()),
        Ok(message) => {
            let unknown =
                Invalid::new(Code::UsageGroupUnknown).with("value", message.group.clone().unwrap_or_default());
            let token_id = row.source.parse().unwrap_or_default();
            let outcome =
                apply(app, &mut Known::default(), &[Batch { workspace, token_id, items: vec![item] }]).await?[0];
            // Set aside once more, as a new entry: the old one goes, below, and the caller is told why.
            again = (outcome.quarantined > 0).then_some(unknown);
            None
        }
    };
    let tx = app.db.begin().await?;
    match &refused {
        None => {
            store::drop_quarantined(&tx, workspace, row.id).await?;
        }
        Some(refused) => {
            let params = serde_json::Value::Object(refused.params.clone());
            store::requarantine(&tx, workspace, row.id, &row.raw, refused.code.as_str(), &params).await?;
        }
    }
    emit(&tx, workspace, now, &[DomainEvent::QuarantineChanged]).await?;
    let refused = refused.or(again);
    if let Some(actor) = actor {
        let after = json!({"accepted": refused.is_none(), "code": refused.as_ref().map(|r| r.code.as_str())});
        record(&tx, actor, now, Entry::of("quarantine.replay").on("message", row.id).with(after)).await?;
    }
    tx.commit().await?;
    Ok(refused)
}
