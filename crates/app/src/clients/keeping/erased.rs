//! The erased stay erased: who names them again is refused until an administrator allows it.

use super::ledger::keep;
use crate::audit::{Entry, record};
use crate::error::{Error, Result};
use crate::{Actor, App};
use chrono::{DateTime, Utc};
use essor_domain::clients::{Named, tombstone};
use essor_domain::identity::Action;
use essor_domain::{Code, Invalid};
use essor_store::clients::erasures::{self, Bytes32};
use essor_store::clients::gone;
use essor_store::{Conn, Tx, Workspace};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

pub use essor_store::clients::erasures::Erasure as Erased;

/// A page of erasures.
pub type ErasureList = Vec<Erased>;

/// What was erased, the newest first.
pub async fn erasures(
    app: &App,
    actor: &Actor,
    before: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<ErasureList> {
    let workspace = actor.require(Action::ExportPeople)?;
    Ok(erasures::page(&app.db, workspace, before, limit).await?)
}

/// One erasure with its certificate.
pub async fn erasure(app: &App, actor: &Actor, id: Uuid) -> Result<Erased> {
    let workspace = actor.require(Action::ExportPeople)?;
    erasures::get(&app.db, workspace, id).await?.ok_or_else(Error::not_found)
}

/// Lets the erased come back.
pub async fn allow_erased(app: &App, actor: &Actor, id: Uuid) -> Result<()> {
    let workspace = actor.require(Action::AllowErased)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    erasures::get(&tx, workspace, id).await?.ok_or_else(Error::not_found)?;
    if erasures::allow(&tx, workspace, id, actor.user_id(), now).await? {
        gone::raise_epoch(&tx, workspace).await?;
        record(&tx, actor, now, Entry::of("erasures.allow").on("erasure", id)).await?;
        tx.commit().await?;
        keep(app).await;
    } else {
        actor.trail.settle();
    }
    Ok(())
}

/// Of some names those of the erased, with their erasures.
pub(crate) async fn among_erased<'a>(
    conn: &impl Conn,
    workspace: Workspace,
    names: &[(Named, &'a str)],
) -> Result<HashMap<(Named, &'a str), Uuid>> {
    let salts = erasures::salts(conn, workspace).await?;
    let mut of: HashMap<Bytes32, (Named, &'a str)> = HashMap::new();
    for salt in &salts {
        of.extend(names.iter().map(|(named, text)| (tombstone(salt, *named, text), (*named, *text))));
    }
    if of.is_empty() {
        return Ok(HashMap::new());
    }
    let digests: Vec<Bytes32> = of.keys().copied().collect();
    let standing = erasures::standing(conn, workspace, &digests).await?;
    Ok(standing.into_iter().filter_map(|(digest, erasure)| Some((*of.get(&digest)?, erasure))).collect())
}

/// Refuses a write that names somebody who was erased; each name with the field that says it.
pub(crate) async fn refuse_erased(tx: &Tx, workspace: Workspace, names: &[(Named, &str, String)]) -> Result<()> {
    let asked: Vec<(Named, &str)> = names.iter().map(|(named, text, _)| (*named, *text)).collect();
    let erased = among_erased(tx, workspace, &asked).await?;
    match names.iter().find(|(named, text, _)| erased.contains_key(&(*named, *text))) {
        Some((_, _, field)) => Err(Invalid::field(Code::ClientsErased, field.clone()).into()),
        None => Ok(()),
    }
}

/// Ends a write that failed. Where it named the erased it leaves the count of that beside the erasure, and nothing else.
pub(crate) async fn write_refused(
    app: &App,
    tx: Tx,
    workspace: Workspace,
    names: &[(Named, &str, String)],
    error: Error,
) -> Error {
    if error.code() != Code::ClientsErased {
        return error;
    }
    drop(tx);
    let count = async {
        let tx = app.db.begin().await?;
        let asked: Vec<(Named, &str)> = names.iter().map(|(named, text, _)| (*named, *text)).collect();
        let once = among_erased(&tx, workspace, &asked).await?.into_values().map(|erasure| (erasure, 1)).collect();
        count_refused(&tx, workspace, &once, app.clock.now()).await?;
        Result::Ok(tx.commit().await?)
    };
    if let Err(error) = count.await {
        tracing::warn!(feature = "clients", %error, "a write that named the erased was refused and not counted");
    }
    error
}

/// Counts that a source named the erased again: it is told with the erasure, so that somebody mends the source.
pub(crate) async fn count_refused(
    tx: &Tx,
    workspace: Workspace,
    refused: &BTreeMap<Uuid, i64>,
    now: DateTime<Utc>,
) -> Result<()> {
    for (erasure, times) in refused {
        erasures::refused(tx, workspace, *erasure, *times, now).await?;
    }
    Ok(())
}
