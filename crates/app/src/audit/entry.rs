//! Making an entry and appending it.

use crate::error::{Error, Result};
use crate::{Actor, ActorKind};
use chrono::{DateTime, Utc};
use essor_domain::audit::{bounded, changed};
use essor_store::audit::{self as store, NewEntry};
use essor_store::{Tx, events};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// How many of many ids an entry names.
const NAMED: usize = 20;

/// What was done, to what.
#[derive(Debug, Clone)]
pub struct Entry {
    operation: String,
    kind: String,
    id: Option<String>,
    name: Option<String>,
    before: Option<Value>,
    after: Option<Value>,
    beside: Option<Value>,
    compared: bool,
}

impl Entry {
    /// An entry of an operation, by its word: `members.role`.
    pub fn of(operation: impl Into<String>) -> Self {
        Entry {
            operation: operation.into(),
            kind: String::new(),
            id: None,
            name: None,
            before: None,
            after: None,
            beside: None,
            compared: false,
        }
    }

    /// About one thing. The id stands in the chain and outlives an erasure: it must say nothing by itself.
    #[must_use]
    pub fn on(mut self, kind: &str, id: uuid::Uuid) -> Self {
        self.id = Some(id.to_string());
        self.about(kind)
    }

    /// About things of a kind.
    #[must_use]
    pub fn about(mut self, kind: &str) -> Self {
        self.kind = kind.to_owned();
        self
    }

    /// The name of the thing, as people know it.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// What there is now.
    #[must_use]
    pub fn with(mut self, after: Value) -> Self {
        self.after = Some(after);
        self
    }

    /// What there is no longer.
    #[must_use]
    pub fn was(mut self, before: Value) -> Self {
        self.before = Some(before);
        self
    }

    /// What changed: of two objects the fields that differ. When none does, nothing happened and nothing is recorded.
    #[must_use]
    pub fn change(self, before: Value, after: Value) -> Self {
        Entry { before: Some(before), after: Some(after), compared: true, ..self }
    }

    /// Fields that a change is read with and that it does not move: they stand on both sides of it.
    #[must_use]
    pub fn beside(mut self, fields: Value) -> Self {
        self.beside = Some(fields);
        self
    }
}

/// An object with the fields of another before its own.
fn joined(beside: Option<&Value>, side: Value) -> Value {
    let mut out = beside.and_then(Value::as_object).cloned().unwrap_or_default();
    out.extend(side.as_object().cloned().unwrap_or_default());
    out.into()
}

/// How many things were sent and the first of their ids: what an entry about many says.
pub fn listed<'a>(created: usize, updated: usize, ids: impl Iterator<Item = &'a str>) -> Value {
    json!({"created": created, "updated": updated, "ids": ids.take(NAMED).collect::<Vec<_>>()})
}

/// The payload, as it is stored beside the chain.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Payload {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) who: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) before: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) after: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) address: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) agent: Option<String>,
}

/// Appends an entry to the chain of the actor's workspace, in the transaction of what it tells, and tells open pages.
/// Call it last: the end of the chain is held from here to the commit.
pub async fn record(tx: &Tx, actor: &Actor, now: DateTime<Utc>, entry: Entry) -> Result<()> {
    let trail = &actor.trail;
    if trail.is_part() {
        return Ok(());
    }
    trail.settle();
    let (before, after) = match (entry.before, entry.after) {
        (Some(before), Some(after)) if entry.compared => match changed(&before, &after) {
            Some((before, after)) => {
                let [before, after] = [before, after].map(|side| joined(entry.beside.as_ref(), side));
                (Some(before), Some(after))
            }
            None => return Ok(()),
        },
        as_given => as_given,
    };
    let payload = Payload {
        who: actor.name.clone(),
        name: entry.name.map(|name| bounded(&name.into())).and_then(|name| name.as_str().map(str::to_owned)),
        before: before.as_ref().map(bounded),
        after: after.as_ref().map(bounded),
        address: trail.address.map(|address| address.to_canonical().to_string()),
        agent: trail.agent.clone(),
    };
    let body = serde_json::to_string(&payload).map_err(|error| Error::Internal(error.to_string()))?;
    let mut salt = [0; 32];
    getrandom::fill(&mut salt).map_err(|e| Error::Internal(format!("no randomness from the system: {e}")))?;
    let (actor_kind, actor_id) = match actor.kind {
        ActorKind::Member { user_id, .. } => ("person", Some(user_id)),
        ActorKind::Token { token_id, .. } => ("token", Some(token_id)),
        ActorKind::System => ("system", None),
    };
    // Before the head is held: readers of the log wait for nobody.
    events::append(tx, actor.workspace, now, vec![("audit", None, json!({}))]).await?;
    let new = NewEntry {
        at: now,
        actor_kind,
        actor_id,
        origin: trail.origin,
        operation: &entry.operation,
        object_kind: &entry.kind,
        object_id: entry.id.as_deref(),
        request_id: &trail.request_id,
        salt,
        body: &body,
    };
    store::append(tx, actor.workspace, &new).await?;
    Ok(())
}
