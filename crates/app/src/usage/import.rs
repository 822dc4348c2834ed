//! Uses that come otherwise than as messages: from imports, and those that waited for a client.

use super::apply::{Known, Learnt, Run};
use super::message_key;
use crate::clients::{Named, among_erased};
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::{App, identity};
use chrono::{DateTime, NaiveDate, Utc};
use essor_domain::time::{day_in, parse_zone};
use essor_store::usage::{self as store, NewEvent};
use essor_store::{Tx, Workspace};
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// One use of the product from an import, its client already known.
pub struct ImportedUse {
    /// The client.
    pub client_id: Uuid,
    /// The source's stable key.
    pub message_id: String,
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// Who, if the source says.
    pub user: Option<String>,
    /// What.
    pub event: String,
    /// How many uses.
    pub count: i64,
    /// The rest, as JSON.
    pub properties: String,
}

/// Stores uses from an import: no limit of age, no jobs (the import finishes derived work itself). Returns how many
/// were new.
pub async fn import_usage(app: &App, workspace: Workspace, uses: Vec<ImportedUse>) -> Result<usize> {
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    store::lock(&tx, workspace).await?;
    let row = identity::workspace_row(&tx, workspace).await?;
    let mut uses_by_key: BTreeMap<Uuid, ImportedUse> = BTreeMap::new();
    for item in uses {
        uses_by_key.entry(message_key(workspace, &item.message_id)).or_insert(item);
    }
    let keys: Vec<(Uuid, NaiveDate)> = uses_by_key.keys().map(|key| (*key, now.date_naive())).collect();
    let fresh = store::claim(&tx, &keys).await?;
    let users: HashSet<String> = uses_by_key.values().filter_map(|item| item.user.clone()).collect();
    let users: Vec<(Named, &str)> = users.iter().map(|user| (Named::Contact, user.as_str())).collect();
    // What the erased did is counted; that they did it is not kept.
    let erased = among_erased(&tx, workspace, &users).await?;
    let events: Vec<NewEvent> = uses_by_key
        .into_iter()
        .filter(|(key, _)| fresh.contains(key))
        .map(|(key, item)| NewEvent {
            client_id: item.client_id,
            occurred_at: item.occurred_at,
            message_key: key,
            user_key: item.user.filter(|user| !erased.contains_key(&(Named::Contact, user.as_str()))),
            event: item.event,
            count: item.count,
            properties: item.properties,
        })
        .collect();
    let count = events.len();
    let (known, mut learnt) = (Known::default(), Learnt::default());
    let mut run = Run {
        tx: &tx,
        workspace,
        zone: parse_zone(&row.timezone).map_err(Error::from)?,
        create_unknown: false,
        now,
        known: &known,
        learnt: &mut learnt,
        users: HashMap::new(),
        renamed: HashSet::new(),
        known_on: None,
    };
    run.count(events).await?;
    tx.commit().await?;
    Ok(count)
}

/// Applies what waited for the clients of some users, who became known by another way than messages. In the caller's
/// transaction, which holds the workspace's lock.
pub async fn release(app: &App, tx: &Tx, workspace: Workspace, users: HashMap<String, Uuid>) -> Result<()> {
    let row = identity::workspace_row(tx, workspace).await?;
    let (known, mut learnt) = (Known::default(), Learnt::default());
    let now = app.clock.now();
    let zone = parse_zone(&row.timezone)?;
    let mut run = Run {
        tx,
        workspace,
        zone,
        create_unknown: false,
        now,
        known: &known,
        learnt: &mut learnt,
        users: users.into_iter().map(|(user, client)| (user, Some(client))).collect(),
        renamed: HashSet::new(),
        known_on: Some(day_in(zone, now)),
    };
    let events = run.released().await?;
    let touched = run.count(events).await?;
    if !touched.is_empty() {
        emit(tx, workspace, now, &[DomainEvent::UsageReceived(touched.into_iter().collect())]).await?;
    }
    Ok(())
}
