//! What a row would do to what is there: create, change, nothing, or be refused. Only what changes something is written,
//! so that the same file twice leaves no trace.

use super::Record;
use super::plan::Key;
use super::rows::cut;
use super::run::{Taken, Work, digest, key_of};
use crate::clients::{self, Named, Origin, Would, among_erased};
use crate::error::{Error, Result};
use chrono::{DateTime, Utc};
use essor_domain::clients::{ClientInput, ContactInput, MAX_TAGS, SubscriptionInput, fold};
use essor_domain::expressions::Held;
use essor_domain::{Code, Invalid};
use essor_store::clients::{Client, ids};
use essor_store::connectors::{self as store, KnownContact};
use essor_store::{Tx, clients_fields};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Created,
    Changed,
    Unchanged,
    Refused,
}

impl Outcome {
    pub const fn as_str(self) -> &'static str {
        match self {
            Outcome::Created => "created",
            Outcome::Changed => "changed",
            Outcome::Unchanged => "unchanged",
            Outcome::Refused => "refused",
        }
    }
}

/// A row that has been looked at.
pub(super) struct Judged {
    /// What it is about.
    pub key: Option<String>,
    /// What it does, with what is to be written; or why it is refused.
    pub result: std::result::Result<(Outcome, Record), Invalid>,
}

impl Judged {
    pub fn outcome(&self) -> Outcome {
        self.result.as_ref().map_or(Outcome::Refused, |(outcome, _)| *outcome)
    }
}

/// Looks at rows, in their order.
pub(super) async fn judge(work: &Work<'_>, tx: &Tx, rows: &[Taken], now: DateTime<Utc>) -> Result<Vec<Judged>> {
    let mut out: Vec<Judged> = rows
        .iter()
        .map(|row| match &row.record {
            Ok(record) => {
                Judged { key: Some(key_of(record).to_owned()), result: Ok((Outcome::Unchanged, record.clone())) }
            }
            Err(refused) => Judged { key: None, result: Err(refused.clone()) },
        })
        .collect();
    resolve(work, tx, &mut out).await?;
    let mut named = erased(work, tx, &mut out).await?;
    clients_of(work, tx, &mut out).await?;
    contacts_of(work, tx, &mut out).await?;
    subscriptions_of(work, tx, &mut out, now).await?;
    for judged in &mut out {
        let key = judged.key.clone().unwrap_or_default();
        if let Some(refused) = work.unwanted(&key, judged.outcome()) {
            judged.result = Err(refused);
        }
    }
    for (erasure, times) in refused_naming_erased(work, tx, rows, &mut out).await? {
        *named.entry(erasure).or_default() += times;
    }
    if !work.only_try {
        clients::count_refused(tx, work.workspace, &named, now).await?;
    }
    Ok(out)
}

/// Writes what changes something.
pub(super) async fn write(work: &Work<'_>, tx: &Tx, judged: &[Judged], now: DateTime<Utc>) -> Result<()> {
    let (mut clients, mut contacts, mut lines) = (Vec::new(), Vec::new(), Vec::new());
    for judged in judged {
        let Ok((Outcome::Created | Outcome::Changed, record)) = &judged.result else { continue };
        match record {
            Record::Client(client) => clients.push(client.clone()),
            Record::Contact(contact) => contacts.push(contact.clone()),
            Record::Subscription(line) => lines.push(line.clone()),
            Record::Signal(_) | Record::Usage(_) => {}
        }
    }
    if !clients.is_empty() {
        clients::apply_clients(tx, work.workspace, &clients, now).await?;
    }
    if !contacts.is_empty() {
        clients::apply_contacts(work.app, tx, work.workspace, &contacts, now).await?;
    }
    if !lines.is_empty() {
        clients::apply_subscriptions(tx, work.workspace, &lines, Origin::Import, now).await?;
    }
    Ok(())
}

/// Puts the identifier of what has a domain or an address in its place: what is new is identified by it.
async fn resolve(work: &Work<'_>, tx: &Tx, rows: &mut [Judged]) -> Result<()> {
    if work.plan.key == Key::ExternalId {
        return Ok(());
    }
    let words: HashSet<String> = rows.iter().filter_map(|row| row.key.clone()).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let known = match work.plan.key {
        Key::Email => store::by_email(tx, work.workspace, &words).await?,
        _ => store::by_domain(tx, work.workspace, &words).await?,
    };
    for row in rows {
        let Some(word) = row.key.clone() else { continue };
        match (known.get(&word).map(Vec::as_slice), &mut row.result) {
            (Some([one]), Ok((_, Record::Client(client)))) => client.external_id.clone_from(one),
            (Some([one]), Ok((_, Record::Contact(contact)))) => contact.external_id.clone_from(one),
            (Some([_, _, ..]), _) => {
                row.result = Err(Invalid::new(Code::ConnectorsKeyShared).with("value", word.as_str()));
            }
            _ => {}
        }
        if let Ok((_, record)) = &row.result {
            row.key = Some(key_of(record).to_owned());
        }
    }
    Ok(())
}

/// The names by which a row would bring back somebody, each with its field.
fn names_of(record: &Record) -> Vec<(Named, &str, &'static str)> {
    match record {
        Record::Client(client) => {
            let domain = client.domain.as_deref().map(|domain| (Named::Domain, domain, "domain"));
            let own = (Named::Client, client.external_id.as_str(), "externalId");
            std::iter::once(own).chain(domain).collect()
        }
        Record::Contact(contact) => {
            let email = contact.email.as_deref().map(|email| (Named::Email, email, "email"));
            let own = (Named::Contact, contact.external_id.as_str(), "externalId");
            std::iter::once(own).chain(email).collect()
        }
        _ => Vec::new(),
    }
}

/// How many rows name whom of the erased.
type Times = BTreeMap<Uuid, i64>;

/// Who was erased stays erased, whatever a file says.
async fn erased(work: &Work<'_>, tx: &Tx, rows: &mut [Judged]) -> Result<Times> {
    let named = rows.iter().filter_map(|row| row.result.as_ref().ok()).flat_map(|(_, record)| names_of(record));
    let named: HashSet<(Named, String)> = named.map(|(named, text, _)| (named, text.to_owned())).collect();
    let asked: Vec<(Named, &str)> = named.iter().map(|(named, text)| (*named, text.as_str())).collect();
    let erased = among_erased(tx, work.workspace, &asked).await?;
    let mut times = Times::new();
    for row in rows {
        let Ok((_, record)) = &row.result else { continue };
        let of = |(named, text, field)| Some((*erased.get(&(named, text))?, field));
        let found: Option<(Uuid, &str)> = names_of(record).into_iter().find_map(of);
        if let Some((erasure, field)) = found {
            *times.entry(erasure).or_default() += 1;
            row.result = Err(Invalid::field(Code::ClientsErased, field));
        }
    }
    Ok(times)
}

/// Of rows that are refused their cells are kept, to be mended: not of one whose cells name the erased, whatever else is
/// wrong with it.
async fn refused_naming_erased(work: &Work<'_>, tx: &Tx, taken: &[Taken], rows: &mut [Judged]) -> Result<Times> {
    const NAMES: [Named; 4] = [Named::Client, Named::Contact, Named::Email, Named::Domain];
    let mut cells: Vec<(usize, String)> = Vec::new();
    for (i, (row, taken)) in rows.iter().zip(taken).enumerate() {
        if row.result.as_ref().is_err_and(|refused| refused.code != Code::ClientsErased) {
            let cut = cut(&taken.raw, work.separator).unwrap_or_else(|_| vec![taken.raw.clone()]);
            cells.extend(cut.iter().map(|cell| cell.trim()).filter(|c| !c.is_empty()).map(|c| (i, c.to_owned())));
        }
    }
    let asked = cells.iter().flat_map(|(_, cell)| NAMES.map(|named| (named, cell.as_str())));
    let erased = among_erased(tx, work.workspace, &asked.collect::<Vec<_>>()).await?;
    let found: BTreeMap<usize, Uuid> = cells
        .iter()
        .filter_map(|(i, cell)| Some((*i, *NAMES.iter().find_map(|named| erased.get(&(*named, cell.as_str())))?)))
        .collect();
    let mut times = Times::new();
    for (i, erasure) in found {
        *times.entry(erasure).or_default() += 1;
        rows[i].result = Err(Invalid::new(Code::ClientsErased));
    }
    Ok(times)
}

fn text_of(value: Option<&str>, held: Option<&str>) -> bool {
    value.is_some_and(|value| Some(value) != held)
}

fn traits_differ(traits: &Map<String, Value>, held: &Value) -> bool {
    traits.iter().any(|(name, value)| held.get(name) != Some(value))
}

/// What is known of the clients that rows are about.
struct Known {
    clients: HashMap<String, Client>,
    parents: HashMap<Uuid, String>,
    tags: HashMap<Uuid, Vec<String>>,
    values: HashMap<Uuid, HashMap<Uuid, Held>>,
    above: HashSet<String>,
}

async fn known(work: &Work<'_>, tx: &Tx, inputs: &[&ClientInput]) -> Result<Known> {
    let names: Vec<&str> = inputs.iter().map(|client| client.external_id.as_str()).collect();
    let clients = store::clients(tx, work.workspace, &names).await?;
    let ids_of: Vec<Uuid> = clients.values().map(|client| client.id).collect();
    let wanted: HashSet<&str> =
        inputs.iter().filter_map(|client| client.parent_external_id.as_deref()).filter(|id| !id.is_empty()).collect();
    let kinds = work.own.iter().map(|field| (field.id, field.kind())).collect();
    let tagged = inputs.iter().any(|client| client.tags.is_some());
    let valued = inputs.iter().any(|client| !client.fields.is_empty());
    Ok(Known {
        parents: if wanted.is_empty() { HashMap::new() } else { store::parents(tx, work.workspace, &ids_of).await? },
        above: if wanted.is_empty() {
            HashSet::new()
        } else {
            let wanted: Vec<&str> = wanted.into_iter().collect();
            ids(tx, work.workspace, &wanted).await?.into_keys().collect()
        },
        tags: if tagged { clients_fields::tags_of(tx, work.workspace, &ids_of).await? } else { HashMap::new() },
        values: if valued {
            clients_fields::values_of(tx, work.workspace, &ids_of, &kinds).await?
        } else {
            HashMap::new()
        },
        clients,
    })
}

async fn clients_of(work: &Work<'_>, tx: &Tx, rows: &mut [Judged]) -> Result<()> {
    let inputs: Vec<&ClientInput> = rows
        .iter()
        .filter_map(|row| match &row.result {
            Ok((_, Record::Client(client))) => Some(client),
            _ => None,
        })
        .collect();
    if inputs.is_empty() {
        return Ok(());
    }
    let mut known = known(work, tx, &inputs).await?;
    // A client may stand under one of a row above, which is written before it.
    for row in rows {
        let Ok((outcome, Record::Client(client))) = &mut row.result else { continue };
        let parent = client.parent_external_id.as_deref().filter(|id| !id.is_empty());
        if let Some(parent) = parent.filter(|parent| !known.above.contains(*parent)) {
            // What a trial does not write will be there.
            if !(work.only_try && work.seen.contains_key(&digest(parent))) {
                let refused = Invalid::field(Code::ClientsUnknown, "parentExternalId").with("value", parent);
                row.result = Err(refused);
                continue;
            }
        }
        known.above.insert(client.external_id.clone());
        match judge_client(work, &known, client)? {
            Ok(found) => *outcome = found,
            Err(refused) => row.result = Err(refused),
        }
    }
    Ok(())
}

fn judge_client(
    work: &Work<'_>,
    known: &Known,
    client: &mut ClientInput,
) -> Result<std::result::Result<Outcome, Invalid>> {
    let held = known.clients.get(&client.external_id);
    let has = held.and_then(|held| known.tags.get(&held.id)).map(Vec::as_slice).unwrap_or_default();
    let mut fresh = false;
    // A file gives tags and takes none away: what people have added stays.
    if let Some(tags) = &mut client.tags {
        let keys: HashSet<String> = has.iter().map(|tag| fold(tag)).collect();
        fresh = tags.iter().any(|tag| !keys.contains(&fold(tag)) && !fold(tag).is_empty());
        tags.splice(0..0, has.iter().cloned());
        if tags.len() > MAX_TAGS {
            return Ok(Err(Invalid::field(Code::ListTooLong, "tags").with("max", MAX_TAGS)));
        }
    }
    let Some(held) = held else { return Ok(Ok(Outcome::Created)) };
    let values = known.values.get(&held.id);
    let checked = match clients::fields::checked(&work.own, &client.fields) {
        Ok(checked) => checked,
        Err(Error::Invalid(refused)) => return Ok(Err(refused)),
        Err(other) => return Err(other),
    };
    let name = client.name.as_deref().filter(|name| !name.trim().is_empty() && *name != client.external_id);
    let domain = client.domain.as_ref().map(|domain| domain.to_lowercase());
    let parent = client.parent_external_id.as_deref();
    let differs = fresh
        || text_of(name, Some(&held.name))
        || text_of(domain.as_deref(), held.domain.as_deref())
        || text_of(client.segment.as_deref(), held.segment.as_deref())
        || text_of(client.industry.as_deref(), held.industry.as_deref())
        || text_of(client.country.as_deref(), held.country.as_deref())
        || text_of(client.owner.as_deref(), held.owner.as_deref())
        || text_of(client.plan.as_deref(), held.plan.as_deref())
        || client.seats.is_some_and(|seats| Some(seats) != held.seats)
        || client.since.is_some_and(|since| Some(since) != held.since)
        || client.archived.is_some_and(|flag| flag != held.archived)
        || client.paused.is_some_and(|flag| flag != held.paused)
        || parent.is_some_and(|parent| parent != known.parents.get(&held.id).map_or("", String::as_str))
        || traits_differ(&client.traits, &held.traits)
        || checked.iter().any(|(field, value)| value.as_ref() != values.and_then(|values| values.get(field)));
    Ok(Ok(if differs { Outcome::Changed } else { Outcome::Unchanged }))
}

async fn contacts_of(work: &Work<'_>, tx: &Tx, rows: &mut [Judged]) -> Result<()> {
    let (mut names, mut clients) = (Vec::new(), HashSet::new());
    for row in rows.iter() {
        if let Ok((_, Record::Contact(contact))) = &row.result {
            names.push(contact.external_id.as_str());
            clients.extend(contact.client_external_id.as_deref());
        }
    }
    if names.is_empty() {
        return Ok(());
    }
    let held = store::contacts(tx, work.workspace, &names).await?;
    let clients: Vec<&str> = clients.into_iter().collect();
    let there = ids(tx, work.workspace, &clients).await?;
    for row in rows {
        let Ok((outcome, Record::Contact(contact))) = &mut row.result else { continue };
        if let Some(client) = contact.client_external_id.as_deref().filter(|id| !there.contains_key(*id)) {
            row.result = Err(Invalid::field(Code::ClientsUnknown, "clientExternalId").with("value", client));
            continue;
        }
        *outcome = match held.get(&contact.external_id) {
            None => Outcome::Created,
            Some(held) if contact_differs(contact, held) => Outcome::Changed,
            Some(_) => Outcome::Unchanged,
        };
    }
    Ok(())
}

fn contact_differs(contact: &ContactInput, held: &KnownContact) -> bool {
    let (part, title) = contact.part_and_title();
    held.deleted_at.is_some()
        || text_of(contact.client_external_id.as_deref(), held.client.as_deref())
        || text_of(contact.name.as_deref(), held.name.as_deref())
        || text_of(contact.email.as_deref(), held.email.as_deref())
        || text_of(part, held.role.as_deref())
        || text_of(title, held.title.as_deref())
        || contact.left_on.is_some_and(|day| Some(day) != held.left_on)
        || traits_differ(&contact.traits, &held.traits)
}

async fn subscriptions_of(work: &Work<'_>, tx: &Tx, rows: &mut [Judged], now: DateTime<Utc>) -> Result<()> {
    let lines = |row: &Judged| match &row.result {
        Ok((_, Record::Subscription(line))) => Some(line.clone()),
        _ => None,
    };
    let named: HashSet<String> = rows.iter().filter_map(lines).map(|line| line.client_external_id).collect();
    if named.is_empty() {
        return Ok(());
    }
    let named: Vec<&str> = named.iter().map(String::as_str).collect();
    let there = ids(tx, work.workspace, &named).await?;
    for row in rows.iter_mut() {
        if let Some(line) = lines(row).filter(|line| !there.contains_key(&line.client_external_id)) {
            let refused = Invalid::field(Code::ClientsUnknown, "clientExternalId");
            row.result = Err(refused.with("value", line.client_external_id));
        }
    }
    let inputs: Vec<SubscriptionInput> = rows.iter().filter_map(lines).collect();
    let mut would = clients::would(tx, work.workspace, &inputs, Origin::Import, now).await?.into_iter();
    for row in rows.iter_mut().filter(|row| matches!(row.result, Ok((_, Record::Subscription(_))))) {
        match (would.next(), &mut row.result) {
            (Some(Ok(would)), Ok((outcome, _))) => {
                *outcome = match would {
                    Would::Create => Outcome::Created,
                    Would::Change => Outcome::Changed,
                    Would::Nothing => Outcome::Unchanged,
                };
            }
            (Some(Err(refused)), result) => *result = Err(refused),
            _ => {}
        }
    }
    Ok(())
}
