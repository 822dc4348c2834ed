//! The trash: a client that was thrown away counts nowhere for thirty days, and everything of it comes back when it is
//! taken out.

use super::super::KEPT_DAYS;
use super::erase;
use crate::audit::{Entry, record};
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::growth::recompute_ledgers;
use crate::{Actor, App};
use chrono::{DateTime, Duration, Utc};
use essor_domain::Code;
use essor_domain::identity::Action;
use essor_domain::time::{day_in, parse_zone};
use essor_store::clients::{self as store, edit, gone as store_gone};
use essor_store::health::family;
use essor_store::{Tx, Workspace, usage};
use store_gone::{Gone, Trashed};
use uuid::Uuid;

/// Throws a client away, or takes it out of the trash.
pub async fn throw_away(app: &App, actor: &Actor, id: Uuid, away: bool) -> Result<()> {
    let workspace = actor.require(Action::MergeClients)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    usage::lock(&tx, workspace).await?;
    if !edit::hold(&tx, workspace, id).await? {
        return Err(Error::not_found());
    }
    let stands = store_gone::gone(&tx, workspace, id).await?.ok_or_else(Error::not_found)?;
    if stands.merged_into.is_some() || (away && stands.deleted_at.is_some()) {
        return Err(Code::ClientsGone.into());
    }
    if !away && stands.deleted_at.is_none() {
        return Err(Code::ClientsNotInTrash.into());
    }
    let then = Gone { deleted_at: away.then_some(now), merged_into: None };
    store_gone::set_gone(&tx, workspace, id, then).await?;
    compute(&tx, workspace, id, now).await?;
    let mut touched = family::parents_of(&tx, workspace, &[id]).await?;
    touched.push(id);
    let happened = [
        DomainEvent::ClientsChanged(touched),
        DomainEvent::MrrChanged(vec![id]),
        DomainEvent::TasksChanged(vec![id]),
        DomainEvent::OpportunitiesChanged(vec![id]),
    ];
    emit(&tx, workspace, now, &happened).await?;
    let name = store::get(&tx, workspace, id).await?.map(|client| client.name).unwrap_or_default();
    let operation = if away { "clients.delete" } else { "clients.restore" };
    record(&tx, actor, now, Entry::of(operation).on("client", id).named(name)).await?;
    Ok(tx.commit().await?)
}

/// Computes a client's ledger anew: that of one that is gone is empty.
pub(super) async fn compute(tx: &Tx, workspace: Workspace, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    let row = crate::identity::workspace_row(tx, workspace).await?;
    let today = day_in(parse_zone(&row.timezone)?, now);
    recompute_ledgers(tx, workspace, &row.currency, &[id], today, now).await
}

/// A page of the trash, the last thrown away first, each with when it is forgotten.
pub async fn trash(
    app: &App,
    actor: &Actor,
    before: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<(Trashed, DateTime<Utc>)>> {
    let workspace = actor.require(Action::Read)?;
    let rows = store_gone::trash(&app.db, workspace, before, limit).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let until = row.deleted_at + Duration::days(KEPT_DAYS);
            (row, until)
        })
        .collect())
}

/// Whether a client is in the trash, or merged into which.
pub async fn gone(app: &App, actor: &Actor, id: Uuid) -> Result<Gone> {
    let workspace = actor.require(Action::Read)?;
    store_gone::gone(&app.db, workspace, id).await?.ok_or_else(Error::not_found)
}

/// Forgets what was thrown away more than thirty days ago: with everything that hangs on it, and without a tombstone. A
/// source that names it makes a new client.
pub(super) async fn purge(app: &App) -> Result<()> {
    let before = app.clock.now() - Duration::days(KEPT_DAYS);
    let mut forgotten = false;
    for (workspace, id) in store_gone::thrown_away_before(&app.db.primary(), before).await? {
        let workspace = Workspace(workspace);
        let now = app.clock.now();
        let tx = app.db.begin().await?;
        usage::lock(&tx, workspace).await?;
        // Somebody may have taken it out meanwhile.
        let stands = store_gone::gone(&tx, workspace, id).await?;
        if stands.and_then(|gone| gone.deleted_at).is_none_or(|at| at >= before) {
            continue;
        }
        let files = store::files::ids_of(&tx, workspace, id).await?;
        let counts = erase::remove(&tx, workspace, id, now).await?;
        emit(&tx, workspace, now, &[DomainEvent::ClientsChanged(Vec::new())]).await?;
        let entry = Entry::of("clients.purge").on("client", id).with(serde_json::json!({"rows": counts}));
        record(&tx, &Actor::system(workspace), now, entry).await?;
        tx.commit().await?;
        super::files::unlink(app, workspace, &files).await;
        forgotten = true;
    }
    if forgotten {
        super::empty_log(app).await;
    }
    Ok(())
}
