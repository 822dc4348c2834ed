//! People at a client, by hand: made, changed, taken away and had back.

use super::read::client;
use super::{Named, refuse_erased, told};
use crate::audit::{Entry, record};
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::{Actor, App};
use chrono::{DateTime, NaiveDate, Utc};
use essor_domain::clients::{Consent, ContactPatch};
use essor_domain::identity::Action;
use essor_domain::time::{day_in, parse_zone};
use essor_domain::{Code, Invalid};
use essor_store::Tx;
use essor_store::clients::{self, Contact, people as store};
use std::collections::HashMap;
use uuid::Uuid;

/// A person with their last NPS answer and when it was given.
#[derive(Debug, Clone)]
pub struct Person {
    /// The person.
    pub contact: Contact,
    /// 0–10, and when.
    pub nps: Option<(f64, DateTime<Utc>)>,
}

/// The people at a client, the last seen first.
pub async fn people(app: &App, actor: &Actor, id: Uuid) -> Result<Vec<Person>> {
    client(app, actor, id).await?;
    let mut nps: HashMap<Uuid, _> = store::nps(&app.db, actor.workspace, id).await?;
    let rows = clients::contacts(&app.db, actor.workspace, id).await?;
    Ok(rows.into_iter().map(|contact| Person { nps: nps.remove(&contact.id), contact }).collect())
}

/// Writes a new person at a client. Somebody has to be named: a name or an e-mail address.
pub async fn add_person(app: &App, actor: &Actor, client: Uuid, patch: &ContactPatch) -> Result<Person> {
    let workspace = actor.require(Action::WriteClients)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    clients::get(&tx, workspace, client).await?.ok_or_else(Error::not_found)?;
    patch.check()?;
    let id = Uuid::now_v7();
    let blank = Contact {
        id,
        client_id: Some(client),
        external_id: format!("hand:{id}"),
        name: None,
        email: None,
        role: None,
        title: None,
        left_on: None,
        consent: None,
        consent_on: None,
        last_seen_at: None,
    };
    let contact = with(blank, patch, today(app, &tx, actor).await?);
    if contact.name.is_none() && contact.email.is_none() {
        return Err(Invalid::field(Code::FieldRequired, "name").into());
    }
    not_erased(&tx, &contact, None, actor).await?;
    store::save(&tx, workspace, &contact, now).await?;
    let entry = Entry::of("contacts.create").on("contact", id).named(shown(&contact));
    let entry = entry.with(told::contact(&tx, workspace, Some(id)).await?);
    finish(app, tx, actor, contact, entry, now).await
}

/// Changes a person.
pub async fn change_person(app: &App, actor: &Actor, client: Uuid, id: Uuid, patch: &ContactPatch) -> Result<Person> {
    let workspace = actor.require(Action::WriteClients)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let before = clients::contact(&tx, workspace, id).await?.filter(|c| c.client_id == Some(client));
    let before = before.ok_or_else(Error::not_found)?;
    patch.check()?;
    let then = told::contact(&tx, workspace, Some(id)).await?;
    let email = before.email.clone();
    let contact = with(before, patch, today(app, &tx, actor).await?);
    not_erased(&tx, &contact, email, actor).await?;
    store::save(&tx, workspace, &contact, now).await?;
    let entry = Entry::of("contacts.update").on("contact", id).named(shown(&contact));
    let entry = entry.change(then, told::contact(&tx, workspace, Some(id)).await?);
    finish(app, tx, actor, contact, entry, now).await
}

/// Somebody who was erased does not come back by hand either, unless it is allowed.
async fn not_erased(tx: &Tx, contact: &Contact, before: Option<String>, actor: &Actor) -> Result<()> {
    match contact.email.as_deref().filter(|email| before.as_deref() != Some(email)) {
        Some(email) => refuse_erased(tx, actor.workspace, &[(Named::Email, email, "email".into())]).await,
        None => Ok(()),
    }
}

async fn finish(
    app: &App,
    tx: Tx,
    actor: &Actor,
    contact: Contact,
    entry: Entry,
    now: DateTime<Utc>,
) -> Result<Person> {
    let client: Vec<Uuid> = contact.client_id.into_iter().collect();
    emit(&tx, actor.workspace, now, &[DomainEvent::ClientsChanged(client.clone())]).await?;
    record(&tx, actor, now, entry).await?;
    tx.commit().await?;
    let mut nps = HashMap::new();
    if let [client] = client.as_slice() {
        nps = store::nps(&app.db.primary(), actor.workspace, *client).await?;
    }
    Ok(Person { nps: nps.remove(&contact.id), contact })
}

/// Takes a person away; they can be had back for thirty days.
pub async fn remove_person(app: &App, actor: &Actor, client: Uuid, id: Uuid) -> Result<()> {
    set_deleted(app, actor, client, id, true).await
}

/// Gives a person back who was taken away.
pub async fn restore_person(app: &App, actor: &Actor, client: Uuid, id: Uuid) -> Result<()> {
    set_deleted(app, actor, client, id, false).await
}

async fn set_deleted(app: &App, actor: &Actor, client: Uuid, id: Uuid, deleted: bool) -> Result<()> {
    let workspace = actor.require(Action::WriteClients)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let theirs = store::client_of(&tx, workspace, id).await?.flatten() == Some(client);
    if !theirs || !store::set_deleted(&tx, workspace, id, deleted, now).await? {
        return Err(Error::not_found());
    }
    emit(&tx, workspace, now, &[DomainEvent::ClientsChanged(vec![client])]).await?;
    let operation = if deleted { "contacts.delete" } else { "contacts.restore" };
    record(&tx, actor, now, Entry::of(operation).on("contact", id)).await?;
    Ok(tx.commit().await?)
}

async fn today(app: &App, tx: &Tx, actor: &Actor) -> Result<NaiveDate> {
    let row = crate::identity::workspace_row(tx, actor.workspace).await?;
    Ok(day_in(parse_zone(&row.timezone)?, app.clock.now()))
}

fn shown(contact: &Contact) -> String {
    contact.name.clone().or_else(|| contact.email.clone()).unwrap_or_else(|| contact.external_id.clone())
}

/// The person with a change applied; consent that is said now holds from today unless a day is given.
fn with(before: Contact, patch: &ContactPatch, today: NaiveDate) -> Contact {
    let text = |now: Option<String>, then: &Option<Option<String>>| match then {
        Some(text) => text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned),
        None => now,
    };
    let said = patch.consent.as_deref().map(|text| Consent::parse(text).ok().flatten());
    let consent = match said {
        Some(consent) => consent.map(|consent| consent.as_str().to_owned()),
        None => before.consent.clone(),
    };
    let since = if consent == before.consent { before.consent_on } else { Some(today) };
    Contact {
        name: text(before.name, &patch.name),
        email: text(before.email, &patch.email),
        role: text(before.role, &patch.role),
        title: text(before.title, &patch.title),
        left_on: patch.left_on.unwrap_or(before.left_on),
        consent_on: consent.as_ref().and(patch.consent_on.flatten().or(since)),
        consent,
        ..before
    }
}
