//! Erasing a person or a client for good, with a proof that says what was touched and nothing of whom.

use super::empty_log;
use super::files::unlink;
use super::ledger::{keep, salt_of};
use super::trash::compute;
use crate::audit::{Entry, record};
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::{Actor, App};
use chrono::{DateTime, Utc};
use essor_domain::clients::{Named, Words, tombstone};
use essor_domain::identity::Action;
use essor_domain::{Code, Invalid};
use essor_store::clients::erasures::{self, Bytes32, Erasure};
use essor_store::clients::forget::{self, Forgotten, Touched};
use essor_store::clients::{self as store, Contact, gone, held};
use essor_store::health::family;
use essor_store::{Tx, Workspace, usage};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The proof of an erasure: what was touched, when, by whom, and digests by which who knows the name can check it.
pub type Certificate = Value;

/// A name of the erased.
pub(super) type Name = (Named, String);

/// What an erasure did, before it is written down.
pub(super) struct Done {
    pub(super) touched: Touched,
    pub(super) names: Vec<Name>,
    pub(super) clients: Vec<Uuid>,
    /// Files whose content has to go once this is committed.
    pub(super) files: Vec<Uuid>,
}

/// Whom an erasure is about, to be shown beside a field that asks for it to be typed.
fn shown(contact: &Contact) -> &str {
    contact.name.as_deref().or(contact.email.as_deref()).unwrap_or(&contact.external_id)
}

fn typed(name: &str, asked: &str) -> Result<()> {
    if name.trim() == asked.trim() { Ok(()) } else { Err(Invalid::field(Code::ClientsNameMismatch, "name").into()) }
}

/// Erases a person for good; `name` is what was typed to mean it.
pub async fn erase_person(app: &App, actor: &Actor, client: Uuid, id: Uuid, name: &str) -> Result<Certificate> {
    let workspace = actor.require(Action::ErasePeople)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    usage::lock(&tx, workspace).await?;
    let contact = forget::person(&tx, workspace, id).await?.filter(|c| c.client_id == Some(client));
    let contact = contact.ok_or_else(Error::not_found)?;
    typed(name, shown(&contact))?;
    let done = forget_person(&tx, workspace, contact, now).await?;
    let entry = Entry::of("contacts.erase").on("contact", id);
    finish(app, tx, actor, ("contact", entry), done, now).await
}

/// Erases a client for good, with the people at it; `name` is what was typed to mean it.
pub async fn erase_client(app: &App, actor: &Actor, id: Uuid, name: &str) -> Result<Certificate> {
    let workspace = actor.require(Action::ErasePeople)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    usage::lock(&tx, workspace).await?;
    let client = store::get(&tx, workspace, id).await?.ok_or_else(Error::not_found)?;
    typed(name, &client.name)?;
    let done = forget_client(&tx, workspace, id, now).await?;
    let entry = Entry::of("clients.erase").on("client", id);
    finish(app, tx, actor, ("client", entry), done, now).await
}

/// Writes the proof and the tombstones, records and commits; then the record beside the database follows.
async fn finish(
    app: &App,
    tx: Tx,
    actor: &Actor,
    (kind, entry): (&str, Entry),
    done: Done,
    now: DateTime<Utc>,
) -> Result<Certificate> {
    let workspace = actor.workspace;
    let files = done.files.clone();
    let salt = salt_of(&tx, workspace).await?;
    let digests: Vec<Bytes32> = done.names.iter().map(|(named, text)| tombstone(&salt, *named, text)).collect();
    let id = Uuid::now_v7();
    let certificate = certificate(&tx, actor, id, kind, &done, now).await?;
    let erasure = Erasure {
        id,
        workspace_id: workspace.0,
        kind: kind.to_owned(),
        at: now,
        certificate: certificate.clone(),
        refused: 0,
        refused_at: None,
        allowed_at: None,
    };
    erasures::insert(&tx, workspace, &erasure, &salt, &digests).await?;
    gone::raise_epoch(&tx, workspace).await?;
    told(&tx, workspace, done.clients, now).await?;
    record(&tx, actor, now, entry.with(json!({"erasure": id, "rows": done.touched}))).await?;
    tx.commit().await?;
    unlink(app, workspace, &files).await;
    keep(app).await;
    empty_log(app).await;
    Ok(certificate)
}

/// Tells open pages, and has what is left scored anew.
pub(super) async fn told(tx: &Tx, workspace: Workspace, clients: Vec<Uuid>, now: DateTime<Utc>) -> Result<()> {
    let happened = [
        DomainEvent::ClientsChanged(clients.clone()),
        DomainEvent::NotesChanged(clients.clone()),
        DomainEvent::TasksChanged(clients),
        DomainEvent::MrrChanged(Vec::new()),
    ];
    emit(tx, workspace, now, &happened).await
}

/// The proof. Its digests have a salt of their own: it is handed out, and must not help to try names on the tombstones.
async fn certificate(
    tx: &Tx,
    actor: &Actor,
    id: Uuid,
    kind: &str,
    done: &Done,
    now: DateTime<Utc>,
) -> Result<Certificate> {
    let row = crate::identity::workspace_row(tx, actor.workspace).await?;
    let salt = random()?;
    let digests: Vec<Value> = done
        .names
        .iter()
        .map(|(named, text)| {
            let of = match named {
                Named::Client => "client external id",
                Named::Contact => "person external id",
                Named::Email => "e-mail",
                Named::Domain => "client domain",
            };
            json!({"of": of, "blake3": hex(&tombstone(&salt, *named, text))})
        })
        .collect();
    Ok(json!({
        "id": id,
        "workspace": {"id": actor.workspace.0, "name": row.name},
        "erased": kind,
        "at": now,
        "by": {"id": actor.user_id(), "name": actor.name},
        "rows": done.touched,
        "proof": {"salt": hex(&salt), "digests": digests},
    }))
}

/// Takes one person out of everything; whoever has the same address is the same person.
pub(super) async fn forget_person(tx: &Tx, workspace: Workspace, contact: Contact, now: DateTime<Utc>) -> Result<Done> {
    let mut people = match contact.email.as_deref().map(str::trim).filter(|email| !email.is_empty()) {
        Some(email) => forget::same_person(tx, workspace, email).await?,
        None => Vec::new(),
    };
    if people.iter().all(|other| other.id != contact.id) {
        people.push(contact);
    }
    let who = forgotten(&people, &[], &[]);
    let touched = forget::people(tx, workspace, &who, now).await?;
    let clients: BTreeSet<Uuid> = people.iter().filter_map(|person| person.client_id).collect();
    Ok(Done { touched, names: names(&people), clients: clients.into_iter().collect(), files: Vec::new() })
}

/// Takes a client and the people at it out of everything, with those that were merged into it.
pub(super) async fn forget_client(tx: &Tx, workspace: Workspace, id: Uuid, now: DateTime<Utc>) -> Result<Done> {
    let mut ids = vec![id];
    ids.extend(gone::merged_into(tx, workspace, id).await?);
    let (mut people, mut external_ids, mut called, mut domains) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut entries, mut files) = (Vec::new(), Vec::new());
    for id in &ids {
        files.extend(store::files::ids_of(tx, workspace, *id).await?);
        people.extend(forget::people_of(tx, workspace, *id).await?);
        external_ids.extend(gone::aliases_of(tx, workspace, *id).await?);
        entries.extend(forget::ids_of(tx, workspace, *id).await?);
        if let Some(client) = store::get(tx, workspace, *id).await? {
            external_ids.push(client.external_id);
            called.push(client.name);
            domains.extend(client.domain);
        }
    }
    external_ids.sort_unstable();
    external_ids.dedup();
    let above = family::parents_of(tx, workspace, &ids).await?;
    let who = forgotten(&people, &external_ids, &called);
    let mut touched = Touched::new();
    let mut add = |more: Touched| more.into_iter().for_each(|(table, n)| *touched.entry(table).or_default() += n);
    // Those that were merged into another first: they name it.
    for id in ids.iter().rev() {
        add(remove(tx, workspace, *id, now).await?);
    }
    // What goes with the client is counted once; the rest of the workspace is searched for its people after it.
    add(forget::people(tx, workspace, &who, now).await?);
    add(Touched::from([("audit_payloads", forget::audit(tx, workspace, &who.words, &entries, now).await? as i64)]));
    touched.retain(|_, n| *n > 0);
    let mut names = names(&people);
    names.extend(external_ids.into_iter().map(|id| (Named::Client, id)));
    domains.sort_unstable();
    domains.dedup();
    for domain in domains {
        // Another that stays has it too, and is not to be refused.
        if !erasures::has_domain(tx, workspace, &domain).await? {
            names.push((Named::Domain, domain));
        }
    }
    Ok(Done { touched, names, clients: above, files })
}

/// Deletes a client with all that hangs on it; the totals are without it.
pub(super) async fn remove(tx: &Tx, workspace: Workspace, id: Uuid, now: DateTime<Utc>) -> Result<Touched> {
    let stands = gone::gone(tx, workspace, id).await?.ok_or_else(Error::not_found)?;
    let away = gone::Gone { deleted_at: stands.deleted_at.or(Some(now)), ..stands };
    gone::set_gone(tx, workspace, id, away).await?;
    compute(tx, workspace, id, now).await?;
    gone::raise_epoch(tx, workspace).await?;
    Ok(held::delete(tx, workspace, id).await?)
}

/// Who is looked for in texts. Each is counted on under a name that is drawn here and kept nowhere.
pub(super) fn forgotten(people: &[Contact], clients: &[String], called: &[String]) -> Forgotten {
    let mut ids: Vec<&str> = people.iter().map(|person| person.external_id.as_str()).collect();
    ids.extend(clients.iter().map(String::as_str));
    let emails: Vec<&str> = people.iter().filter_map(|person| person.email.as_deref()).collect();
    let mut names: Vec<&str> = people.iter().filter_map(|person| person.name.as_deref()).collect();
    let own: Vec<&str> = people.iter().map(|person| person.external_id.as_str()).collect();
    let of_people = Words::of(&own, &emails, &names);
    names.extend(called.iter().map(String::as_str));
    Forgotten {
        people: of_people,
        contacts: people.iter().map(|person| person.id).collect(),
        users: people.iter().map(|person| (person.external_id.clone(), format!("erased:{}", Uuid::new_v4()))).collect(),
        words: Words::of(&ids, &emails, &names),
    }
}

fn names(people: &[Contact]) -> Vec<Name> {
    let mut out = BTreeSet::new();
    for person in people {
        out.insert((Named::Contact, person.external_id.clone()));
        if let Some(email) = person.email.as_deref().map(str::trim).filter(|email| !email.is_empty()) {
            out.insert((Named::Email, email.to_lowercase()));
        }
    }
    out.into_iter().collect()
}

/// Thirty-two bytes that nobody can guess.
pub(super) fn random() -> Result<Bytes32> {
    let mut out = [0; 32];
    getrandom::fill(&mut out).map_err(|e| Error::Internal(format!("no randomness from the system: {e}")))?;
    Ok(out)
}

/// Bytes as hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
