//! Signals that people record on a client's page: a meeting, a call, an invoice, what was delivered. They count as those
//! of a source do. Only what was recorded by hand is corrected and taken back by hand.

use crate::audit::{Entry, record};
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::{Actor, App};
use chrono::{DateTime, Utc};
use essor_domain::clients::{BY_HAND, SignalInput, check_by_hand};
use essor_domain::identity::Action;
use essor_domain::{Code, Invalid};
use essor_store::clients::{self, Client};
use essor_store::identity::users;
use essor_store::signals::{self, Signal};
use essor_store::{Tx, usage};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// What a person says happened.
#[derive(Debug, Clone)]
pub struct SignalByHand {
    /// The kind, any but an opinion.
    pub kind: String,
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// When it ended: a ticket closed, an invoice paid.
    pub ended_at: Option<DateTime<Utc>>,
    /// The person at the client that it is about or from.
    pub contact: Option<Uuid>,
    /// The facts of its kind, as [`essor_domain::clients::SignalKind`] names them.
    pub data: Map<String, Value>,
}

/// Records a signal; returns its id.
pub async fn record_signal(app: &App, actor: &Actor, client: Uuid, said: SignalByHand) -> Result<Uuid> {
    let workspace = actor.require(Action::WriteClients)?;
    let now = app.clock.now();
    let author = match actor.user_id() {
        Some(id) => users::get(&app.db, id).await?.map(|user| user.name),
        None => None,
    };
    let tx = app.db.begin().await?;
    usage::lock(&tx, workspace).await?;
    let found = clients::get(&tx, workspace, client).await?.ok_or_else(Error::not_found)?;
    let input = input(&tx, actor, &found, format!("{BY_HAND}{}", Uuid::now_v7()), said, author).await?;
    let id = write(&tx, actor, &input, now).await?;
    let entry = Entry::of("signals.record").on("signal", id).named(&found.name).with(told(&input));
    record(&tx, actor, now, entry).await?;
    tx.commit().await?;
    Ok(id)
}

/// Corrects a signal that was recorded by hand. Its kind stays, and so does who recorded it; what was believed until now
/// is kept for the scores of past days.
pub async fn correct_signal(app: &App, actor: &Actor, client: Uuid, id: Uuid, said: SignalByHand) -> Result<()> {
    let workspace = actor.require(Action::WriteClients)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    usage::lock(&tx, workspace).await?;
    let found = clients::get(&tx, workspace, client).await?.ok_or_else(Error::not_found)?;
    let before = by_hand(&tx, actor, client, id).await?;
    if said.kind != before.kind {
        return Err(Invalid::field(Code::ClientsSignalKindUnknown, "kind").with("kind", said.kind).into());
    }
    let author = before.data.get("author").and_then(Value::as_str).map(str::to_owned);
    let input = input(&tx, actor, &found, before.message_id.clone(), said, author).await?;
    write(&tx, actor, &input, now).await?;
    let entry = Entry::of("signals.correct").on("signal", id).named(&found.name).change(stood(&before), told(&input));
    record(&tx, actor, now, entry).await?;
    Ok(tx.commit().await?)
}

/// Takes a signal back that was recorded by hand.
pub async fn remove_signal(app: &App, actor: &Actor, client: Uuid, id: Uuid) -> Result<()> {
    let workspace = actor.require(Action::WriteClients)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    usage::lock(&tx, workspace).await?;
    let found = clients::get(&tx, workspace, client).await?.ok_or_else(Error::not_found)?;
    let before = by_hand(&tx, actor, client, id).await?;
    signals::delete(&tx, workspace, client, (&before.kind, id), now).await?;
    emit(&tx, workspace, now, &[DomainEvent::SignalsReceived(vec![client])]).await?;
    record(&tx, actor, now, Entry::of("signals.remove").on("signal", id).named(&found.name).was(stood(&before)))
        .await?;
    Ok(tx.commit().await?)
}

async fn by_hand(tx: &Tx, actor: &Actor, client: Uuid, id: Uuid) -> Result<Signal> {
    let found = signals::get(tx, actor.workspace, client, id).await?;
    found.filter(Signal::by_hand).ok_or_else(Error::not_found)
}

/// What a person said, as a source would say it.
async fn input(
    tx: &Tx,
    actor: &Actor,
    client: &Client,
    message_id: String,
    said: SignalByHand,
    author: Option<String>,
) -> Result<SignalInput> {
    let contact_external_id = match said.contact {
        None => None,
        Some(id) => {
            let found = clients::contact(tx, actor.workspace, id).await?.filter(|c| c.client_id == Some(client.id));
            let refused = || Invalid::field(Code::ClientsContactUnknown, "contactId").with("value", id.to_string());
            Some(found.ok_or_else(refused)?.external_id)
        }
    };
    let mut data = said.data;
    data.remove("author");
    data.extend(author.map(|name| ("author".to_owned(), name.into())));
    Ok(SignalInput {
        kind: said.kind,
        message_id,
        client_external_id: client.external_id.clone(),
        contact_external_id,
        occurred_at: said.occurred_at,
        ended_at: said.ended_at,
        known_at: None,
        data,
    })
}

async fn write(tx: &Tx, actor: &Actor, input: &SignalInput, now: DateTime<Utc>) -> Result<Uuid> {
    check_by_hand(input, now)?;
    let done = super::write_signals(tx, actor.workspace, std::slice::from_ref(input), now).await?;
    done.first().map(|row| row.id).ok_or_else(Error::not_found)
}

/// What the log keeps of a signal that stood, in the words of [`told`].
fn stood(signal: &Signal) -> Value {
    json!({"kind": signal.kind, "occurredAt": signal.occurred_at, "endedAt": signal.ended_at, "data": signal.data})
}

/// What it keeps of what a person said.
fn told(input: &SignalInput) -> Value {
    json!({"kind": input.kind, "occurredAt": input.occurred_at, "endedAt": input.ended_at, "data": input.data})
}
