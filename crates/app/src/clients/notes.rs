//! Notes about a client: written, changed by who wrote them, taken away and had back. Members whom a note names are told.

use crate::audit::{Entry, record};
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::notifications::{Notice, To, notify};
use crate::{Actor, App};
use chrono::{DateTime, Utc};
use essor_domain::Code;
use essor_domain::clients::{check_note, excerpt, mentions};
use essor_domain::identity::Action;
use essor_domain::notifications::Kind;
use essor_store::clients::{self as clients, notes as store};
use essor_store::{Tx, Workspace};
use serde_json::json;
use uuid::Uuid;

pub use essor_store::clients::notes::Note;

/// How long a note or a person that was taken away can be had back, in days.
pub const KEPT_DAYS: i64 = 30;

/// How much of a note a notification quotes, in characters.
const QUOTED: usize = 140;

/// Writes a note.
pub async fn add_note(app: &App, actor: &Actor, client: Uuid, body: &str) -> Result<Note> {
    let workspace = actor.require(Action::WriteClients)?;
    let body = check_note(body)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let found = clients::get(&tx, workspace, client).await?.ok_or_else(Error::not_found)?;
    let id = Uuid::now_v7();
    store::insert(&tx, workspace, (client, id), actor.user_id(), &body, now).await?;
    tell(&tx, actor, workspace, (client, id), &body, "", now).await?;
    let entry = Entry::of("notes.create").on("note", id).named(&found.name).with(json!({"body": body}));
    finish(tx, actor, (client, id), entry, now).await
}

/// Changes what a note says; who is named for the first time is told.
pub async fn change_note(app: &App, actor: &Actor, client: Uuid, id: Uuid, body: &str) -> Result<Note> {
    let workspace = actor.require(Action::WriteClients)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let before = store::get(&tx, workspace, client, id).await?.ok_or_else(Error::not_found)?;
    own(actor, before.author_id)?;
    let body = check_note(body)?;
    store::update(&tx, workspace, id, &body, now).await?;
    tell(&tx, actor, workspace, (client, id), &body, &before.body, now).await?;
    let entry = Entry::of("notes.update").on("note", id).change(json!({"body": before.body}), json!({"body": body}));
    finish(tx, actor, (client, id), entry, now).await
}

/// Takes a note away; it can be had back for thirty days.
pub async fn remove_note(app: &App, actor: &Actor, client: Uuid, id: Uuid) -> Result<()> {
    set_deleted(app, actor, client, id, true).await
}

/// Gives a note back that was taken away.
pub async fn restore_note(app: &App, actor: &Actor, client: Uuid, id: Uuid) -> Result<()> {
    set_deleted(app, actor, client, id, false).await
}

async fn set_deleted(app: &App, actor: &Actor, client: Uuid, id: Uuid, deleted: bool) -> Result<()> {
    let workspace = actor.require(Action::WriteClients)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    own(actor, store::author(&tx, workspace, client, id).await?.ok_or_else(Error::not_found)?)?;
    if !store::set_deleted(&tx, workspace, id, deleted.then_some(now)).await? {
        return Err(Error::not_found());
    }
    emit(&tx, workspace, now, &[DomainEvent::NotesChanged(vec![client])]).await?;
    let operation = if deleted { "notes.delete" } else { "notes.restore" };
    record(&tx, actor, now, Entry::of(operation).on("note", id)).await?;
    Ok(tx.commit().await?)
}

/// A note is its author's; one that a program wrote is everybody's.
fn own(actor: &Actor, author: Option<Uuid>) -> Result<()> {
    if author.is_some() && author != actor.user_id() { Err(Code::ClientsNoteNotYours.into()) } else { Ok(()) }
}

/// Tells open pages, records and commits; the note as it stands.
async fn finish(tx: Tx, actor: &Actor, (client, id): (Uuid, Uuid), entry: Entry, now: DateTime<Utc>) -> Result<Note> {
    emit(&tx, actor.workspace, now, &[DomainEvent::NotesChanged(vec![client])]).await?;
    let note = store::get(&tx, actor.workspace, client, id).await?.ok_or_else(Error::not_found)?;
    record(&tx, actor, now, entry).await?;
    tx.commit().await?;
    Ok(note)
}

/// Tells the members whom a note names and its former text did not; nobody tells themselves.
async fn tell(
    tx: &Tx,
    actor: &Actor,
    workspace: Workspace,
    (client, note): (Uuid, Uuid),
    body: &str,
    before: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let known = mentions(before);
    let notices = mentions(body)
        .into_iter()
        .filter(|member| !known.contains(member) && Some(*member) != actor.user_id())
        .map(|member| Notice {
            kind: Kind::Mentioned,
            client: Some(client),
            subject: Some(note),
            key: format!("note:{note}:{member}"),
            params: json!({"who": actor.name, "text": excerpt(body, QUOTED)}),
            to: To::Person(member),
        })
        .collect();
    notify(tx, workspace, now, notices).await?;
    Ok(())
}
