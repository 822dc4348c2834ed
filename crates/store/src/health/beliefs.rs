//! What was believed until something else became known: the former states of what a score is made from. The row itself
//! holds what is known now; a past day reads the belief that stood at its end, where there is one.

use crate::{Conn, Result, Tx, Workspace, all, list, one, vals};
use chrono::{DateTime, Utc};
use sea_orm::Value;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use std::collections::HashMap;
use uuid::Uuid;

/// What a belief is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum About {
    /// A signal.
    Signal,
    /// Whether a person is a champion, and when they left.
    Contact,
    /// A client's own seats and its beginning.
    Client,
    /// A subscription's seats and days.
    Subscription,
    /// Where a journey stands.
    Journey,
    /// Under whom a client stood: the source is that parent, or nobody.
    Parent,
}

impl About {
    const ALL: [About; 6] =
        [About::Signal, About::Contact, About::Client, About::Subscription, About::Journey, About::Parent];

    const fn as_str(self) -> &'static str {
        match self {
            About::Signal => "signal",
            About::Contact => "contact",
            About::Client => "client",
            About::Subscription => "subscription",
            About::Journey => "journey",
            About::Parent => "parent",
        }
    }
}

/// A former state of a row, until when it was believed.
#[derive(Debug, Clone)]
pub struct Belief {
    /// Whose score it is part of.
    pub client: Uuid,
    /// Of what.
    pub about: About,
    /// The row.
    pub source: Uuid,
    /// When something else became known.
    pub until: DateTime<Utc>,
    /// What was believed.
    pub state: Json,
}

impl Belief {
    /// A belief that ends now.
    pub(crate) fn of(
        client: Uuid,
        (about, source): (About, Uuid),
        until: DateTime<Utc>,
        state: &impl serde::Serialize,
    ) -> Belief {
        Belief { client, about, source, until, state: serde_json::to_value(state).unwrap_or_default() }
    }
}

/// Keeps what was believed. Of two changes at one instant the first is kept: what stood in between nobody believed.
pub(crate) async fn keep(tx: &Tx, workspace: Workspace, beliefs: Vec<Belief>) -> Result<()> {
    if beliefs.is_empty() {
        return Ok(());
    }
    let rows = beliefs
        .into_iter()
        .map(|b| {
            let until = essor_domain::time::micros(b.until);
            vals![workspace.0, b.client, b.about.as_str(), b.source, until, crate::clients::clean(b.state)]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO health_beliefs (workspace_id, client_id, about, source_id, until_at, state)",
        " ON CONFLICT (workspace_id, client_id, about, source_id, until_at) DO NOTHING",
        rows,
    )
    .await?;
    Ok(())
}

/// Whether anything was believed at an instant that is not believed any more.
pub async fn any(conn: &impl Conn, workspace: Workspace, at: DateTime<Utc>) -> Result<bool> {
    let sql = "SELECT 1 AS n FROM health_beliefs WHERE workspace_id = $1 AND until_at >= $2 LIMIT 1";
    Ok(one(conn, sql, vals![workspace.0, at]).await?.is_some())
}

/// What was believed of some clients at an instant and is not any more; by client.
#[derive(Debug, Clone, Default)]
pub struct Beliefs(HashMap<Uuid, Vec<(About, Uuid, Json)>>);

impl Beliefs {
    /// Reads it. As of today there is nothing: that is one look for all clients.
    pub async fn at(conn: &impl Conn, workspace: Workspace, clients: &[Uuid], at: DateTime<Utc>) -> Result<Beliefs> {
        let mut out = Beliefs::default();
        if !any(conn, workspace, at).await? {
            return Ok(out);
        }
        // COALESCE, for SQLite, which has no statistics: by client, not by instant.
        for chunk in clients.chunks(400) {
            let mut values = vals![workspace.0, at];
            values.extend(chunk.iter().map(|id| Value::from(*id)));
            let sql = format!(
                "SELECT client_id, about, source_id, state FROM health_beliefs WHERE workspace_id = $1 \
                 AND COALESCE(until_at, $2) >= $2 AND client_id IN ({}) ORDER BY client_id, until_at",
                list(3, chunk.len())
            );
            for row in all(conn, &sql, values).await? {
                let (about, source): (String, Uuid) = (row.try_get("", "about")?, row.try_get("", "source_id")?);
                let Some(about) = About::ALL.into_iter().find(|a| a.as_str() == about) else { continue };
                let of = out.0.entry(row.try_get("", "client_id")?).or_default();
                // The first to end is the one that stood.
                if !of.iter().any(|(a, s, _)| (*a, *s) == (about, source)) {
                    of.push((about, source, row.try_get("", "state")?));
                }
            }
        }
        Ok(out)
    }

    /// Whether everything that was believed is still believed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was believed of a client about something: the rows and their states.
    pub fn of<T: DeserializeOwned>(&self, client: Uuid, about: About) -> Vec<(Uuid, T)> {
        let of = self.0.get(&client).into_iter().flatten().filter(|(a, ..)| *a == about);
        of.filter_map(|(_, source, state)| Some((*source, serde_json::from_value(state.clone()).ok()?))).collect()
    }
}

/// What was believed of one client is believed of the one that it is merged into; whose seats and whose parent those
/// were, nobody asks any more. Where a journey had stood goes with the journey: a source that is there no more is not read.
pub(crate) async fn merge(tx: &Tx, workspace: Workspace, from: Uuid, into: Uuid) -> Result<()> {
    for about in [About::Client, About::Parent] {
        let sql = "DELETE FROM health_beliefs WHERE workspace_id = $1 AND client_id = $2 AND about = $3";
        tx.run(sql, vals![workspace.0, from, about.as_str()]).await?;
    }
    let sql = "INSERT INTO health_beliefs (workspace_id, client_id, about, source_id, until_at, state) \
        SELECT workspace_id, $2, about, source_id, until_at, state FROM health_beliefs \
        WHERE workspace_id = $1 AND client_id = $3 \
        ON CONFLICT (workspace_id, client_id, about, source_id, until_at) DO NOTHING";
    tx.run(sql, vals![workspace.0, into, from]).await?;
    let sql = "DELETE FROM health_beliefs WHERE workspace_id = $1 AND client_id = $2";
    tx.run(sql, vals![workspace.0, from]).await?;
    let sql = "UPDATE health_beliefs SET source_id = $2 WHERE workspace_id = $1 AND source_id = $3 AND about = $4";
    tx.run(sql, vals![workspace.0, into, from, About::Parent.as_str()]).await?;
    Ok(())
}

/// Clients that once stood under one that is deleted stood under nobody.
pub(crate) async fn orphan(tx: &Tx, workspace: Workspace, parent: Uuid) -> Result<()> {
    let sql = "DELETE FROM health_beliefs WHERE workspace_id = $1 AND source_id = $2 AND about = $3";
    tx.run(sql, vals![workspace.0, parent, About::Parent.as_str()]).await?;
    Ok(())
}

/// Forgets what was believed of people.
pub(crate) async fn forget(tx: &Tx, workspace: Workspace, contacts: &[Uuid]) -> Result<u64> {
    let mut values = vals![workspace.0];
    values.extend(contacts.iter().map(|id| Value::from(*id)));
    let ids = list(2, contacts.len());
    tx.run(&format!("DELETE FROM health_beliefs WHERE workspace_id = $1 AND source_id IN ({ids})"), values).await
}
