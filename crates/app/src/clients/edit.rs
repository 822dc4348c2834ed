//! A client changed by hand, by one person at a time: who read an older state is told, and nothing is lost.

use crate::audit::{Entry, record};
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::{Actor, App};
use essor_domain::clients::{ClientPatch, Editable};
use essor_domain::identity::Action;
use essor_domain::{Code, Invalid};
use essor_store::clients::{self as store, Client, edit};
use serde_json::{Value, json};
use uuid::Uuid;

/// The fields of a client that people change, as they stand, and the version of that state.
pub fn editable(client: &Client) -> (Editable, String) {
    let fields = edit::editable(client);
    let version = fields.version();
    (fields, version)
}

/// Changes a client that stands as `version` says; `*` stands for any. Refused when somebody was faster, with the fields
/// as they are now and their version.
pub async fn change(
    app: &App,
    actor: &Actor,
    id: Uuid,
    version: Option<&str>,
    patch: ClientPatch,
) -> Result<(Editable, String)> {
    let workspace = actor.require(Action::WriteClients)?;
    patch.check()?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    if !edit::hold(&tx, workspace, id).await? {
        return Err(Error::not_found());
    }
    let asked = version.ok_or(Error::from(Code::PreconditionRequired))?;
    let client = store::get(&tx, workspace, id).await?.ok_or_else(Error::not_found)?;
    let (before, stands) = editable(&client);
    if asked != "*" && asked != stands {
        return Err(Invalid::new(Code::PreconditionFailed)
            .with("current", value(&before))
            .with("version", stands)
            .into());
    }
    let after = before.clone().with(patch);
    if after == before {
        actor.trail.settle();
        return Ok((before, stands));
    }
    edit::update(&tx, workspace, id, &after, now).await?;
    emit(&tx, workspace, now, &[DomainEvent::ClientsChanged(vec![id])]).await?;
    let entry = Entry::of("clients.update").on("client", id).named(&after.name);
    record(&tx, actor, now, entry.change(value(&before), value(&after))).await?;
    tx.commit().await?;
    let version = after.version();
    Ok((after, version))
}

fn value(fields: &Editable) -> Value {
    serde_json::to_value(fields).unwrap_or_else(|_| json!({}))
}
