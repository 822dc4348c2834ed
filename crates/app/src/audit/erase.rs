//! Erasing a person from the log: names, values and addresses go, the chain stays whole.

use super::{Entry, record};
use crate::error::{Error, Result};
use crate::{Actor, ActorKind, App};
use essor_domain::Invalid;
use essor_store::audit as store;
use essor_store::identity::users;
use serde_json::json;

/// Empties what the log holds of a person in the actor's workspace: the entries that they made, those about them and
/// those that hold their address. What happened and when stays, under their id alone. Returns how many entries.
/// For the machine's administrator.
pub async fn erase(app: &App, actor: &Actor, email: &str) -> Result<u64> {
    if !matches!(actor.kind, ActorKind::System) {
        return Err(Invalid::new(essor_domain::Code::Forbidden).with("needs", "the command line").into());
    }
    let email = email.trim().to_lowercase();
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let person = users::by_email(&tx, &email).await?.ok_or_else(Error::not_found)?;
    let erased = store::erase(&tx, actor.workspace, person.id, &email, now).await?;
    record(&tx, actor, now, Entry::of("audit.erase").on("person", person.id).with(json!({"entries": erased}))).await?;
    tx.commit().await?;
    Ok(erased)
}
