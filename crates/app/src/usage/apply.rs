//! Applies messages to clients and contacts, and hands what they count on to `count.rs`, in one transaction.

use super::ingest::Outcome;
use super::message_key;
use super::receive::Item;
use crate::clients::{Named, among_erased, count_refused};
use crate::error::Result;
use crate::events::{DomainEvent, emit};
use crate::{App, identity};
use chrono::{DateTime, Duration, DurationRound, NaiveDate, Utc};
use chrono_tz::Tz;
use essor_domain::clients::{ClientInput, ContactInput};
use essor_domain::time::{day_in, parse_zone};
use essor_domain::usage::{Message, MessageKind, client_of_group, contact_of_user};
use essor_domain::{Code, Invalid};
use essor_store::usage::{self as store, NewEvent, Quarantined, SourceHour};
use essor_store::{Tx, Workspace, clients};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// A request's messages.
pub struct Batch {
    /// Whose.
    pub workspace: Workspace,
    /// The write key that sent them.
    pub token_id: Uuid,
    /// The messages.
    pub items: Vec<Item>,
}

/// What is known to be stored already, so that it need not be asked or written again. Only what was committed enters;
/// it is forgotten every half minute, because other processes and the API write too.
#[derive(Default)]
pub struct Known {
    pub(super) since: Option<DateTime<Utc>>,
    pub(super) clients: HashMap<(Uuid, String), Uuid>,
    pub(super) users: HashMap<(Uuid, String), Option<Uuid>>,
    pub(super) presence: HashSet<u64>,
    pub(super) months: HashSet<NaiveDate>,
    pub(super) seen: HashMap<(Uuid, String), DateTime<Utc>>,
    pub(super) fed: HashSet<(Uuid, NaiveDate, bool)>,
    pub(super) epochs: HashMap<Uuid, i64>,
}

/// How long [`Known`] is believed.
const BELIEF: Duration = Duration::seconds(30);

impl Known {
    /// Forgets everything when it is too old or too large.
    pub fn expire(&mut self, now: DateTime<Utc>) {
        if self.since.is_none_or(|since| now - since > BELIEF) || self.presence.len() > 2_000_000 {
            let months = std::mem::take(&mut self.months);
            *self = Known { since: Some(now), months, ..Known::default() };
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        *self = Known::default();
    }
}

/// What a transaction adds to [`Known`] once it is committed.
#[derive(Default)]
pub(super) struct Learnt {
    pub(super) clients: Vec<((Uuid, String), Uuid)>,
    pub(super) users: Vec<((Uuid, String), Option<Uuid>)>,
    pub(super) presence: Vec<u64>,
    pub(super) months: Vec<NaiveDate>,
    pub(super) seen: Vec<((Uuid, String), DateTime<Utc>)>,
    pub(super) fed: Vec<(Uuid, NaiveDate, bool)>,
}

/// Writes the messages of some requests, all or none; the outcomes are in the order of the requests.
pub async fn apply(app: &App, known: &mut Known, batches: &[Batch]) -> Result<Vec<Outcome>> {
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let mut outcomes = vec![Outcome::default(); batches.len()];
    let mut learnt = Learnt::default();
    let workspaces: BTreeSet<Uuid> = batches.iter().map(|b| b.workspace.0).collect();
    for id in &workspaces {
        store::lock(&tx, Workspace(*id)).await?;
        // A client was merged or somebody erased: what is remembered may lead to who is gone.
        let epoch = clients::gone::epoch(&tx, Workspace(*id)).await?;
        if known.epochs.get(id).is_some_and(|stood| *stood != epoch) {
            known.clear();
        }
        known.epochs.insert(*id, epoch);
    }
    for id in workspaces {
        let workspace = Workspace(id);
        let row = identity::workspace_row(&tx, workspace).await?;
        let zone = parse_zone(&row.timezone)?;
        let mut run = Run {
            tx: &tx,
            workspace,
            zone,
            create_unknown: row.unknown_groups == "create",
            now,
            known,
            learnt: &mut learnt,
            users: HashMap::new(),
            renamed: HashSet::new(),
            known_on: Some(day_in(zone, now)),
        };
        let mine: Vec<(usize, &Batch)> = batches.iter().enumerate().filter(|(_, b)| b.workspace == workspace).collect();
        for (i, outcome) in run.apply(&mine).await? {
            outcomes[i] = outcome;
        }
    }
    tx.commit().await?;
    known.clients.extend(learnt.clients);
    known.users.extend(learnt.users);
    known.presence.extend(learnt.presence);
    known.months.extend(learnt.months);
    known.seen.extend(learnt.seen);
    known.fed.extend(learnt.fed);
    Ok(outcomes)
}

/// One workspace's part of a transaction.
pub(super) struct Run<'a> {
    pub(super) tx: &'a Tx,
    pub(super) workspace: Workspace,
    pub(super) zone: Tz,
    pub(super) create_unknown: bool,
    pub(super) now: DateTime<Utc>,
    pub(super) known: &'a Known,
    pub(super) learnt: &'a mut Learnt,
    /// The client of each user, as the messages of this transaction move them.
    pub(super) users: HashMap<String, Option<Uuid>>,
    /// The users who took over what waited under another id.
    pub(super) renamed: HashSet<String>,
    /// Today: uses of earlier days are late. None for imports, whose uses are known on their own dates.
    pub(super) known_on: Option<NaiveDate>,
}

impl Run<'_> {
    async fn apply(&mut self, batches: &[(usize, &Batch)]) -> Result<Vec<(usize, Outcome)>> {
        let mut outcomes: BTreeMap<usize, Outcome> = batches.iter().map(|(i, _)| (*i, Outcome::default())).collect();
        let mut quarantined: Vec<Quarantined> = Vec::new();
        let mut set_aside = |batch: &Batch, raw: &str, default_type: Option<&str>, refused: &Invalid| {
            quarantined.push(Quarantined {
                id: Uuid::now_v7(),
                received_at: self.now,
                source: batch.token_id.to_string(),
                default_type: default_type.map(str::to_owned),
                code: refused.code.as_str().to_owned(),
                params: Value::Object(refused.params.clone()),
                raw: raw.to_owned(),
                tries: 0,
            });
        };

        // Which messages are new: the first of each id, here and in the store.
        let mut keys: Vec<(Uuid, NaiveDate)> = Vec::new();
        let mut candidates: Vec<(usize, Uuid, &Message)> = Vec::new();
        let mut here: HashSet<Uuid> = HashSet::new();
        for (i, batch) in batches {
            let outcome = outcomes.entry(*i).or_default();
            for item in &batch.items {
                match &item.message {
                    Ok(message) => {
                        let key = message_key(self.workspace, &message.message_id);
                        if here.insert(key) {
                            keys.push((key, self.now.date_naive()));
                            candidates.push((*i, key, message));
                        } else {
                            outcome.duplicates += 1;
                        }
                    }
                    Err(refused) => {
                        outcome.quarantined += 1;
                        set_aside(batch, &item.raw, item.default_type, refused);
                    }
                }
            }
        }
        let fresh = store::claim(self.tx, &keys).await?;
        candidates.retain(|(i, key, _)| {
            let new = fresh.contains(key);
            if !new {
                outcomes.entry(*i).or_default().duplicates += 1;
            }
            new
        });

        let erased = self.erased(&candidates).await?;
        candidates.retain(|(i, key, _)| {
            let stays = !erased.contains(key);
            if !stays {
                outcomes.entry(*i).or_default().quarantined += 1;
            }
            stays
        });

        let groups = self.groups(&candidates).await?;
        let refused = self.people(&candidates, &groups).await?;
        let mut events = self.events(&candidates, &groups).await?;
        for (i, key, message) in &candidates {
            let outcome = outcomes.entry(*i).or_default();
            if refused.contains(key) {
                outcome.quarantined += 1;
                let why =
                    Invalid::new(Code::UsageGroupUnknown).with("value", message.group.clone().unwrap_or_default());
                let source =
                    batches.iter().find(|(n, _)| n == i).map(|(_, b)| b.token_id.to_string()).unwrap_or_default();
                quarantined.push(Quarantined {
                    id: Uuid::now_v7(),
                    received_at: self.now,
                    source,
                    default_type: None,
                    code: why.code.as_str().to_owned(),
                    params: Value::Object(why.params),
                    raw: rewrite(message),
                    tries: 0,
                });
            } else {
                outcome.accepted += 1;
            }
        }
        events.retain(|(key, _)| !refused.contains(key));
        let refused: Vec<Uuid> = refused.into_iter().collect();
        store::unclaim(self.tx, &refused).await?;

        let mut ready: Vec<NewEvent> = events.into_iter().map(|(_, event)| event).collect();
        ready.extend(self.released().await?);
        let touched = self.count(ready).await?;

        let changed = !quarantined.is_empty();
        store::quarantine(self.tx, self.workspace, quarantined).await?;
        self.count_sources(batches, &outcomes).await?;
        let mut happened = Vec::new();
        if !touched.is_empty() {
            happened.push(DomainEvent::UsageReceived(touched.into_iter().collect()));
        }
        if changed {
            happened.push(DomainEvent::QuarantineChanged);
        }
        emit(self.tx, self.workspace, self.now, &happened).await?;
        Ok(outcomes.into_iter().collect())
    }

    /// The messages that name somebody who was erased. Nothing of them is kept, which would bring back what was erased:
    /// they are counted, and their ids are free, should it be allowed later.
    async fn erased(&self, messages: &[(usize, Uuid, &Message)]) -> Result<HashSet<Uuid>> {
        let workspace = self.workspace;
        let names = |message: &Message| {
            let known = |user: &str| matches!(self.known.users.get(&(workspace.0, user.to_owned())), Some(Some(_)));
            let mut out: Vec<(Named, String)> = Vec::new();
            let people = [message.user.as_deref(), previous(message)].into_iter().flatten();
            out.extend(people.filter(|user| !known(user)).map(|user| (Named::Contact, user.to_owned())));
            let group =
                message.group.as_ref().filter(|g| !self.known.clients.contains_key(&(workspace.0, (*g).clone())));
            out.extend(group.map(|group| (Named::Client, group.clone())));
            if let (Some(group), MessageKind::Group { traits }) = (&message.group, &message.kind) {
                out.extend(client_of_group(group, traits).domain.map(|domain| (Named::Domain, domain)));
            }
            if let MessageKind::Identify { traits } = &message.kind {
                out.extend(traits.get("email").and_then(Value::as_str).map(|email| (Named::Email, email.to_owned())));
            }
            out
        };
        let of: Vec<(Uuid, Vec<(Named, String)>)> = messages.iter().map(|(_, key, m)| (*key, names(m))).collect();
        let all: HashSet<(Named, &str)> =
            of.iter().flat_map(|(_, names)| names.iter().map(|(named, text)| (*named, text.as_str()))).collect();
        let all: Vec<(Named, &str)> = all.into_iter().collect();
        let erased = among_erased(self.tx, workspace, &all).await?;
        let (mut out, mut counts) = (HashSet::new(), BTreeMap::new());
        for (key, names) in &of {
            if let Some(erasure) = names.iter().find_map(|(named, text)| erased.get(&(*named, text.as_str()))) {
                out.insert(*key);
                *counts.entry(*erasure).or_default() += 1;
            }
        }
        count_refused(self.tx, workspace, &counts, self.now).await?;
        let keys: Vec<Uuid> = out.iter().copied().collect();
        store::unclaim(self.tx, &keys).await?;
        Ok(out)
    }

    /// The ids of the clients that messages name; those described by `group` calls are created or updated, and unknown
    /// ones created where the workspace wants it.
    async fn groups(&mut self, messages: &[(usize, Uuid, &Message)]) -> Result<HashMap<String, Uuid>> {
        let mut out: HashMap<String, Uuid> = HashMap::new();
        let mut inputs: Vec<ClientInput> = Vec::new();
        let mut unknown: BTreeSet<&str> = BTreeSet::new();
        for (_, _, message) in messages {
            let Some(group) = &message.group else { continue };
            match self.known.clients.get(&(self.workspace.0, group.clone())) {
                Some(id) => {
                    out.insert(group.clone(), *id);
                }
                None => {
                    unknown.insert(group);
                }
            }
            if let MessageKind::Group { traits } = &message.kind {
                inputs.push(client_of_group(group, traits));
            }
        }
        let unknown: Vec<&str> = unknown.into_iter().collect();
        let stored = clients::ids(self.tx, self.workspace, &unknown).await?;
        out.extend(stored);
        if self.create_unknown {
            let described: HashSet<String> = inputs.iter().map(|c| c.external_id.clone()).collect();
            let missing = unknown.iter().filter(|id| !out.contains_key(**id) && !described.contains(**id));
            inputs.extend(missing.map(|id| ClientInput { external_id: (*id).to_owned(), ..Default::default() }));
        } else {
            inputs.retain(|c| out.contains_key(&c.external_id));
        }
        if !inputs.is_empty() {
            let done = clients::upsert(self.tx, self.workspace, &inputs, self.now).await?;
            let ids: Vec<Uuid> = done.iter().map(|row| row.id).collect();
            out.extend(done.into_iter().map(|row| (row.external_id, row.id)));
            emit(self.tx, self.workspace, self.now, &[DomainEvent::ClientsChanged(ids)]).await?;
        }
        self.learnt.clients.extend(out.iter().map(|(name, id)| ((self.workspace.0, name.clone()), *id)));
        Ok(out)
    }

    /// Contacts: who is new, who is described, who moved to another client. Returns the messages that must be set aside
    /// because they name a client that may not be created.
    async fn people(
        &mut self,
        messages: &[(usize, Uuid, &Message)],
        groups: &HashMap<String, Uuid>,
    ) -> Result<HashSet<Uuid>> {
        let mut refused = HashSet::new();
        let mut asked: BTreeSet<&str> = BTreeSet::new();
        for (_, _, message) in messages {
            for user in [message.user.as_deref(), previous(message)].into_iter().flatten() {
                match self.known.users.get(&(self.workspace.0, user.to_owned())) {
                    Some(client) => {
                        self.users.entry(user.to_owned()).or_insert(*client);
                    }
                    None => {
                        asked.insert(user);
                    }
                }
            }
        }
        let asked: Vec<&str> = asked.into_iter().collect();
        let stored = clients::clients_of_contacts(self.tx, self.workspace, &asked).await?;
        let known_people: HashSet<String> = stored.keys().chain(self.users.keys()).cloned().collect();
        self.users.extend(stored);

        let none = Map::new();
        let mut inputs: Vec<ContactInput> = Vec::new();
        let mut introduced: HashSet<&str> = HashSet::new();
        for (_, key, message) in messages {
            let group = message.group.as_ref().and_then(|g| groups.get(g)).copied();
            if message.group.is_some() && group.is_none() {
                refused.insert(*key);
                continue;
            }
            let Some(user) = message.user.as_deref() else { continue };
            if let Some(old) = previous(message) {
                store::rename_parked(self.tx, self.workspace, old, user).await?;
                self.renamed.insert(user.to_owned());
                if let Some(client) = self.users.get(old).copied().flatten() {
                    self.users.entry(user.to_owned()).or_insert(Some(client));
                }
            }
            let before = self.users.get(user).copied().flatten();
            let moved = group.is_some() && group != before;
            if moved {
                self.users.insert(user.to_owned(), group);
            }
            if message.anonymous {
                continue;
            }
            let traits = match &message.kind {
                MessageKind::Identify { traits } => traits,
                _ => &none,
            };
            if moved || !traits.is_empty() || (!known_people.contains(user) && introduced.insert(user)) {
                inputs.push(contact_of_user(user, message.group.as_deref(), traits));
                self.users.entry(user.to_owned()).or_insert(None);
            }
        }
        if !inputs.is_empty() {
            clients::upsert_contacts(self.tx, self.workspace, &inputs, groups, self.now).await?;
        }
        // Who has no client yet is asked for each time: the API may say it at any moment.
        let settled = self.users.iter().filter(|(_, client)| client.is_some());
        self.learnt.users.extend(settled.map(|(user, client)| ((self.workspace.0, user.clone()), *client)));
        Ok(refused)
    }

    /// Usage events with their clients; those of users without one are parked.
    async fn events(
        &mut self,
        messages: &[(usize, Uuid, &Message)],
        groups: &HashMap<String, Uuid>,
    ) -> Result<Vec<(Uuid, NewEvent)>> {
        let mut out = Vec::new();
        let mut parked = Vec::new();
        for (_, key, message) in messages {
            let MessageKind::Event { name, properties } = &message.kind else { continue };
            if message.group.as_ref().is_some_and(|group| !groups.contains_key(group)) {
                continue;
            }
            let client = match &message.group {
                Some(group) => groups.get(group).copied(),
                None => message.user.as_ref().and_then(|user| self.users.get(user)).copied().flatten(),
            };
            let event = NewEvent {
                client_id: client.unwrap_or_default(),
                occurred_at: message.occurred_at,
                message_key: *key,
                user_key: message.user.clone(),
                event: name.clone(),
                count: 1,
                properties: serde_json::to_string(properties).unwrap_or_default(),
            };
            match (client, &message.user) {
                (None, Some(user)) => parked.push((user.clone(), event)),
                _ => out.push((*key, event)),
            }
        }
        store::park(self.tx, self.workspace, parked).await?;
        Ok(out)
    }

    async fn count_sources(&self, batches: &[(usize, &Batch)], outcomes: &BTreeMap<usize, Outcome>) -> Result<()> {
        let hour = self.now.duration_trunc(Duration::hours(1)).unwrap_or(self.now);
        let mut sums: BTreeMap<Uuid, Outcome> = BTreeMap::new();
        for (i, batch) in batches {
            let sum = sums.entry(batch.token_id).or_default();
            if let Some(outcome) = outcomes.get(i) {
                sum.accepted += outcome.accepted;
                sum.duplicates += outcome.duplicates;
                sum.quarantined += outcome.quarantined;
            }
        }
        let hours = sums
            .into_iter()
            .map(|(token_id, sum)| SourceHour {
                token_id,
                hour,
                accepted: sum.accepted,
                duplicates: sum.duplicates,
                quarantined: sum.quarantined,
            })
            .collect();
        store::count_source(self.tx, self.workspace, hours).await?;
        Ok(())
    }
}

fn previous(message: &Message) -> Option<&str> {
    match &message.kind {
        MessageKind::Alias { previous_id } => Some(previous_id),
        _ => None,
    }
}

/// The message as JSON again, for one that was good but cannot be applied yet.
fn rewrite(message: &Message) -> String {
    let mut out = Map::new();
    out.insert("messageId".into(), message.message_id.clone().into());
    if let Some(user) = &message.user {
        out.insert(if message.anonymous { "anonymousId" } else { "userId" }.into(), user.clone().into());
    }
    out.insert("timestamp".into(), message.occurred_at.to_rfc3339().into());
    let mut context = Map::new();
    if let Some(group) = &message.group {
        context.insert("groupId".into(), group.clone().into());
    }
    let kind = match &message.kind {
        MessageKind::Event { name, properties } => {
            out.insert("event".into(), name.clone().into());
            out.insert("properties".into(), Value::Object(properties.clone()));
            "track"
        }
        MessageKind::Identify { traits } => {
            out.insert("traits".into(), Value::Object(traits.clone()));
            "identify"
        }
        MessageKind::Group { traits } => {
            out.insert("traits".into(), Value::Object(traits.clone()));
            out.insert("groupId".into(), message.group.clone().into());
            "group"
        }
        MessageKind::Alias { previous_id } => {
            out.insert("previousId".into(), previous_id.clone().into());
            "alias"
        }
    };
    out.insert("type".into(), kind.into());
    out.insert("context".into(), Value::Object(context));
    Value::Object(out).to_string()
}
