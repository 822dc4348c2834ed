//! What clients and their subscriptions say of seats and of the beginning, as it was known on a day.

use super::Subject;
use super::beliefs::{self, About, Belief, Beliefs};
use crate::subscriptions::Stored;
use crate::{Conn, Result, Tx, Workspace, all, all_as, list, one, vals};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

/// What a client says of itself.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult, Serialize, Deserialize)]
pub(crate) struct Own {
    #[serde(skip)]
    id: Uuid,
    #[serde(skip)]
    external_id: String,
    seats: Option<i32>,
    since: Option<NaiveDate>,
}

impl Own {
    /// The source's id of the client.
    pub fn external_id(&self) -> &str {
        &self.external_id
    }

    /// The same with what is said now; what is left out stays.
    pub fn with(&self, seats: Option<i32>, since: Option<NaiveDate>) -> Own {
        Own { seats: seats.or(self.seats), since: since.or(self.since), ..self.clone() }
    }

    /// The same as somebody wrote it.
    pub fn set(&self, seats: Option<i32>, since: Option<NaiveDate>) -> Own {
        Own { seats, since, ..self.clone() }
    }
}

/// What some clients say of themselves, by a column that names them: `id` or `external_id`.
pub(crate) async fn own(tx: &Tx, workspace: Workspace, column: &str, keys: Vec<Value>) -> Result<Vec<Own>> {
    let mut out = Vec::new();
    for chunk in keys.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().cloned());
        let sql = format!(
            "SELECT id, external_id, seats, since FROM clients WHERE workspace_id = $1 AND {column} IN ({})",
            list(2, chunk.len())
        );
        out.extend(all_as::<Own>(tx, &sql, values).await?);
    }
    Ok(out)
}

/// Keeps what clients said of themselves where they say something else now: before and after.
pub(crate) async fn follow(tx: &Tx, workspace: Workspace, changes: Vec<(Own, Own)>, now: DateTime<Utc>) -> Result<()> {
    let changed = changes.into_iter().filter(|(before, after)| before != after);
    let believed = changed.map(|(before, _)| Belief::of(before.id, (About::Client, before.id), now, &before)).collect();
    beliefs::keep(tx, workspace, believed).await
}

/// What a subscription said.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult, Serialize, Deserialize)]
struct Line {
    #[serde(skip)]
    id: Uuid,
    #[serde(skip)]
    client_id: Uuid,
    seats: Option<i32>,
    start_date: NaiveDate,
    end_date: Option<NaiveDate>,
    end_known_on: Option<NaiveDate>,
    known_on: Option<NaiveDate>,
}

impl Line {
    fn runs(&self, day: NaiveDate) -> bool {
        let goes_on = |end: NaiveDate| end > day || self.end_known_on.is_some_and(|known| known > day);
        self.start_date <= day && self.end_date.is_none_or(goes_on)
    }
}

const LINE: &str = "s.id, s.client_id, s.seats, s.start_date, s.end_date, s.end_known_on, \
    (SELECT MIN(p.known_on) FROM clients_subscription_phases p WHERE p.subscription_id = s.id) AS known_on";

/// Keeps what subscriptions said that are about to be written otherwise.
pub(crate) async fn follow_lines(tx: &Tx, workspace: Workspace, items: &[Stored], now: DateTime<Utc>) -> Result<()> {
    let mut believed = Vec::new();
    for chunk in items.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|item| Value::from(item.id)));
        let sql = format!(
            "SELECT {LINE} FROM clients_subscriptions s WHERE COALESCE(s.workspace_id, s.id) = $1 AND s.id IN ({})",
            list(2, chunk.len())
        );
        let before: HashMap<Uuid, Line> =
            all_as::<Line>(tx, &sql, values).await?.into_iter().map(|line| (line.id, line)).collect();
        for (item, old) in chunk.iter().filter_map(|item| Some((item, before.get(&item.id)?))) {
            let new = Line {
                seats: item.seats,
                start_date: item.line.start,
                end_date: item.line.end,
                end_known_on: item.line.end_known_on,
                ..old.clone()
            };
            // An end that comes with its day known says itself since when.
            let told = Line { end_date: new.end_date, end_known_on: new.end_known_on, ..old.clone() };
            let only_ends = old.end_date.is_none() && told == new && new.end_known_on.is_some();
            if *old != new && !only_ends {
                believed.push(Belief::of(old.client_id, (About::Subscription, old.id), now, old));
            }
        }
    }
    beliefs::keep(tx, workspace, believed).await
}

/// Gives clients back what they and their subscriptions said at the end of a day.
pub async fn as_believed(
    conn: &impl Conn,
    workspace: Workspace,
    subjects: &mut [Subject],
    day: NaiveDate,
    beliefs: &Beliefs,
) -> Result<()> {
    for subject in subjects.iter_mut().filter(|_| !beliefs.is_empty()) {
        if let Some((_, own)) = beliefs.of::<Own>(subject.id, About::Client).into_iter().next() {
            (subject.seats, subject.since) = (own.seats, own.since);
            if own.since.is_none() && subject.first_paid_on.is_none() {
                subject.first_paid_on = first_paid(conn, workspace, subject.id, day).await?;
            }
        }
        let lines = beliefs.of::<Line>(subject.id, About::Subscription);
        if !lines.is_empty() {
            subject.subscription_seats = line_seats(conn, workspace, subject.id, day, lines).await?;
        }
    }
    Ok(())
}

async fn first_paid(conn: &impl Conn, workspace: Workspace, client: Uuid, day: NaiveDate) -> Result<Option<NaiveDate>> {
    let sql = "SELECT MIN(from_day) AS day FROM growth_stretches WHERE workspace_id = $1 AND client_id = $2 \
        AND mrr_cents > 0 AND from_day <= $3 AND known_on <= $3";
    let row = one(conn, sql, vals![workspace.0, client, day]).await?;
    Ok(row.map_or(Ok(None), |row| row.try_get("", "day"))?)
}

async fn line_seats(
    conn: &impl Conn,
    workspace: Workspace,
    client: Uuid,
    day: NaiveDate,
    believed: Vec<(Uuid, Line)>,
) -> Result<Option<i64>> {
    let sql = format!(
        "SELECT {LINE} FROM clients_subscriptions s WHERE s.workspace_id = $1 AND s.client_id = $2 \
         AND EXISTS (SELECT 1 FROM clients_subscription_phases p WHERE p.subscription_id = s.id AND p.from_day <= $3 \
         AND p.known_on <= $3)"
    );
    let mut lines: HashMap<Uuid, Line> = all_as::<Line>(conn, &sql, vals![workspace.0, client, day])
        .await?
        .into_iter()
        .map(|line| (line.id, line))
        .collect();
    for (id, line) in believed {
        lines.remove(&id);
        if line.known_on.is_none_or(|known| known <= day) {
            lines.insert(id, line);
        }
    }
    let seats: Vec<i64> =
        lines.values().filter(|line| line.runs(day)).filter_map(|line| line.seats).map(i64::from).collect();
    Ok((!seats.is_empty()).then(|| seats.iter().sum()))
}

/// Whether the workspace had seats to hold its users against, on clients or on subscriptions, as of a day whose end is
/// `until`. A client counts from its beginning, which may be long before Essor heard of it.
pub async fn any_seats(conn: &impl Conn, workspace: Workspace, day: NaiveDate, until: DateTime<Utc>) -> Result<bool> {
    let still = |source: &str| {
        format!(
            "NOT EXISTS (SELECT 1 FROM health_beliefs b WHERE b.workspace_id = $1 AND b.source_id = {source} \
             AND b.about IN ('client', 'subscription') AND b.until_at >= $3)"
        )
    };
    let sql = format!(
        "SELECT CASE WHEN EXISTS (SELECT 1 FROM clients c WHERE c.workspace_id = $1 AND c.seats > 0 \
         AND (c.created_at < $3 OR c.since <= $2 OR c.first_paid_on <= $2) AND {}) \
         OR EXISTS (SELECT 1 FROM clients_subscriptions s WHERE s.workspace_id = $1 AND s.seats > 0 \
         AND s.start_date <= $2 AND {}) THEN 1 ELSE 0 END AS n",
        still("c.id"),
        still("s.id")
    );
    let values = || vals![workspace.0, day, until];
    if one(conn, &sql, values()).await?.map_or(Ok(0), |row| row.try_get::<i32>("", "n"))? > 0 {
        return Ok(true);
    }
    let sql = "SELECT state FROM health_beliefs WHERE workspace_id = $1 AND until_at >= $2 \
        AND about IN ('client', 'subscription')";
    for row in all(conn, sql, vals![workspace.0, until]).await? {
        let state: serde_json::Value = row.try_get("", "state")?;
        if state.get("seats").and_then(serde_json::Value::as_i64).is_some_and(|seats| seats > 0) {
            return Ok(true);
        }
    }
    Ok(false)
}
