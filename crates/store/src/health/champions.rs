//! Champions as a score sees them: who is there and who left, as of a day and as it was known at its end.

use super::beliefs::{self, About, Belief, Beliefs};
use crate::clients::OF_CLIENTS;
use crate::{Conn, Result, Tx, Workspace, all, all_as, list, vals};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// What was believed of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct State {
    champion: bool,
    left_on: Option<NaiveDate>,
    since: DateTime<Utc>,
}

/// How many champions some clients have, and when the last one left, as of a day; people who were heard of later are not
/// counted. Clients that never had one are absent.
pub async fn champions(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
    (day, until): (NaiveDate, DateTime<Utc>),
    beliefs: &Beliefs,
) -> Result<HashMap<Uuid, (i64, Option<NaiveDate>)>> {
    let mut values = vals![workspace.0, until];
    values.extend(clients.iter().map(|id| Value::from(*id)));
    let sql = format!(
        "SELECT client_id, id, left_on FROM clients_contacts WHERE {OF_CLIENTS} AND client_id IN ({}) \
         AND LOWER(role) = 'champion' AND deleted_at IS NULL AND created_at < $2",
        list(3, clients.len())
    );
    let mut out: HashMap<Uuid, (i64, Option<NaiveDate>)> = HashMap::new();
    let mut count = |client: Uuid, left_on: Option<NaiveDate>| {
        let (present, last_left) = out.entry(client).or_default();
        match left_on.filter(|left| *left <= day) {
            Some(left) => *last_left = (*last_left).max(Some(left)),
            None => *present += 1,
        }
    };
    let mut otherwise: HashSet<(Uuid, Uuid)> = HashSet::new();
    for client in clients.iter().filter(|_| !beliefs.is_empty()) {
        for (contact, state) in beliefs.of::<State>(*client, About::Contact) {
            otherwise.insert((*client, contact));
            if state.champion && state.since < until {
                count(*client, state.left_on);
            }
        }
    }
    for row in all(conn, &sql, values).await? {
        let (client, contact): (Uuid, Uuid) = (row.try_get("", "client_id")?, row.try_get("", "id")?);
        if !otherwise.contains(&(client, contact)) {
            count(client, row.try_get("", "left_on")?);
        }
    }
    Ok(out)
}

/// A person before a change.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct Person {
    id: Uuid,
    client_id: Option<Uuid>,
    role: Option<String>,
    left_on: Option<NaiveDate>,
    deleted_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
}

impl Person {
    fn state(&self) -> State {
        let champion =
            self.deleted_at.is_none() && self.role.as_deref().is_some_and(|r| r.to_lowercase() == "champion");
        State { champion, left_on: self.left_on.filter(|_| champion), since: self.created_at }
    }
}

/// Some people as they are now, by a column that names them: `id` or `external_id`.
pub(crate) async fn people(tx: &Tx, workspace: Workspace, column: &str, keys: Vec<Value>) -> Result<Vec<Person>> {
    // SQLite, which has no statistics, would take the index of the workspace for narrower than many ids.
    let scope = if column == "id" { "COALESCE(workspace_id, id)" } else { "workspace_id" };
    let mut out = Vec::new();
    for chunk in keys.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().cloned());
        let sql = format!(
            "SELECT id, client_id, role, left_on, deleted_at, created_at FROM clients_contacts WHERE {scope} = $1 \
             AND {column} IN ({})",
            list(2, chunk.len())
        );
        out.extend(all_as::<Person>(tx, &sql, values).await?);
    }
    Ok(out)
}

/// Keeps what was believed of people who have just been changed.
pub(crate) async fn follow(tx: &Tx, workspace: Workspace, before: Vec<Person>, now: DateTime<Utc>) -> Result<()> {
    let keys = before.iter().map(|person| person.id.into()).collect();
    let after: HashMap<Uuid, Person> =
        people(tx, workspace, "id", keys).await?.into_iter().map(|person| (person.id, person)).collect();
    let mut believed = Vec::new();
    for (old, new) in before.iter().filter_map(|old| Some((old, after.get(&old.id)?))) {
        let (was, is) = (old.state(), new.state());
        let about = (About::Contact, old.id);
        if old.client_id == new.client_id {
            let client = old.client_id.filter(|_| was != is);
            believed.extend(client.map(|client| Belief::of(client, about, now, &was)));
            continue;
        }
        // Who comes from elsewhere was no champion here.
        let here = new.client_id.filter(|_| is.champion);
        let nobody = State { champion: false, left_on: None, since: old.created_at };
        believed.extend(old.client_id.filter(|_| was.champion).map(|client| Belief::of(client, about, now, &was)));
        believed.extend(here.map(|client| Belief::of(client, about, now, &nobody)));
    }
    beliefs::keep(tx, workspace, believed).await
}
