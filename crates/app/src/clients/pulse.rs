//! What a person thinks of a client: an opinion from 1 to 5 with a note, which counts for ninety days.

use crate::error::{Error, Result};
use crate::{Actor, App};
use essor_domain::clients::SignalInput;
use essor_domain::identity::Action;
use essor_store::identity::users;
use essor_store::signals;
use serde_json::{Map, Value};
use uuid::Uuid;

/// An opinion.
#[derive(Debug, Clone)]
pub struct PulseInput {
    /// 1 (lost) to 5 (enthusiastic).
    pub value: u8,
    /// Why.
    pub note: Option<String>,
}

/// Records what the caller thinks of a client; returns the opinion's id.
pub async fn add_pulse(app: &App, actor: &Actor, client: Uuid, input: &PulseInput) -> Result<Uuid> {
    actor.require(Action::WriteClients)?;
    let found = super::client(app, actor, client).await?;
    essor_domain::clients::check_pulse(input.value, input.note.as_deref())?;
    let mut data = Map::new();
    data.insert("value".into(), input.value.into());
    if let Some(note) = input.note.as_deref().map(str::trim).filter(|note| !note.is_empty()) {
        data.insert("note".into(), note.into());
    }
    if let Some(id) = actor.user_id()
        && let Some(user) = users::get(&app.db, id).await?
    {
        data.insert("author".into(), Value::String(user.name));
    }
    let signal = SignalInput {
        kind: "pulse".into(),
        message_id: Uuid::now_v7().to_string(),
        client_external_id: found.external_id,
        contact_external_id: None,
        occurred_at: app.clock.now(),
        ended_at: None,
        known_at: None,
        data,
    };
    let done = super::upsert_signals(app, actor, std::slice::from_ref(&signal)).await?;
    done.first().map(|row| row.id).ok_or_else(Error::not_found)
}

/// Takes an opinion back.
pub async fn drop_pulse(app: &App, actor: &Actor, client: Uuid, id: Uuid) -> Result<()> {
    let workspace = actor.require(Action::WriteClients)?;
    super::client(app, actor, client).await?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    essor_store::usage::lock(&tx, workspace).await?;
    if !signals::delete(&tx, workspace, client, ("pulse", id), now).await? {
        return Err(Error::not_found());
    }
    crate::events::emit(&tx, workspace, now, &[crate::events::DomainEvent::SignalsReceived(vec![client])]).await?;
    tx.commit().await?;
    Ok(())
}
