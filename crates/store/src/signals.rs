//! Signals: dated facts about clients other than product usage.

mod known;
pub mod metrics;

use crate::clients::{OF_CLIENTS, Upserted, clean, distinct_runs};
use crate::health::beliefs::{self, About, Beliefs};
use crate::{Conn, Result, Tx, Workspace, all_as, vals};
use chrono::{DateTime, NaiveDate, Utc};
use essor_domain::clients::{BY_HAND, SignalInput, TicketPriority, metric_key};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::collections::HashMap;
use uuid::Uuid;

/// A signal as stored.
#[derive(Debug, Clone, PartialEq, FromQueryResult, Serialize, Deserialize)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Signal {
    pub id: Uuid,
    pub client_id: Uuid,
    pub kind: String,
    #[serde(skip)]
    pub message_id: String,
    pub occurred_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
    pub known_at: DateTime<Utc>,
    pub ended_known_at: Option<DateTime<Utc>>,
    pub priority: Option<String>,
    pub score: Option<f64>,
    pub amount_cents: Option<i64>,
    pub due_on: Option<NaiveDate>,
    #[serde(skip)]
    pub contact_id: Option<Uuid>,
    pub data: Json,
}

impl Signal {
    /// Whether a person recorded it, and may correct it.
    pub fn by_hand(&self) -> bool {
        self.message_id.starts_with(BY_HAND)
    }

    /// Whether it had happened, and somebody knew, by an instant.
    pub fn stood(&self, until: DateTime<Utc>) -> bool {
        self.occurred_at < until && self.known_at < until
    }

    /// When it ended, if it had by an instant, and somebody knew by then.
    pub fn ended(&self, until: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let known = self.ended_known_at.unwrap_or(self.known_at);
        self.ended_at.filter(|at| *at < until && known < until)
    }
}

pub(crate) const COLUMNS: &str = "id, client_id, kind, message_id, occurred_at, ended_at, known_at, ended_known_at, priority, score, \
    amount_cents, due_on, contact_id, data";

/// What a signal's money is in the reporting currency, and when an invoice is due; by the signal's place in the list.
pub type Money = (Option<i64>, Option<NaiveDate>);

/// Creates or corrects signals by kind and message id; what a correction replaces is kept as what had been believed.
/// `clients` and `contacts` hold the ids that the inputs name, `money` stands beside the inputs.
pub async fn upsert(
    tx: &Tx,
    workspace: Workspace,
    inputs: &[SignalInput],
    money: &[Money],
    clients: &HashMap<String, Uuid>,
    contacts: &HashMap<String, Uuid>,
    now: DateTime<Utc>,
) -> Result<Vec<Upserted>> {
    let mut out = Vec::with_capacity(inputs.len());
    let mut money = money.iter().copied();
    let names = inputs.iter().filter_map(SignalInput::metric).map(|(name, _)| name);
    let metrics = metrics::ids(tx, workspace, names).await?;
    for chunk in distinct_runs(inputs, |input| input.message_id.as_str()) {
        let before = known::stored(tx, workspace, chunk).await?;
        let mut rows = Vec::with_capacity(chunk.len());
        let mut believed = Vec::new();
        for input in chunk {
            let (amount, due_on) = money.next().unwrap_or_default();
            let Some(client) = clients.get(&input.client_external_id) else { continue };
            let contact = input.contact_external_id.as_ref().and_then(|id| contacts.get(id)).copied();
            let text = |key: &str| input.data.get(key).and_then(Json::as_str);
            let number = |key: &str| input.data.get(key).and_then(Json::as_f64);
            let (priority, score) = match input.kind.as_str() {
                "ticket" => {
                    (Some(TicketPriority::parse(text("priority").unwrap_or("")).as_str()), number("satisfaction"))
                }
                "survey" => (None, number("score")),
                "pulse" | "metric" => (None, number("value")),
                _ => (None, None),
            };
            let metric = input.metric().and_then(|(name, _)| metrics.get(&metric_key(name))).copied();
            let mut signal = Signal {
                id: Uuid::now_v7(),
                client_id: *client,
                kind: input.kind.clone(),
                message_id: input.message_id.clone(),
                occurred_at: essor_domain::time::micros(input.occurred_at),
                ended_at: input.ended_at.map(essor_domain::time::micros),
                known_at: now,
                ended_known_at: None,
                priority: priority.map(str::to_owned),
                score,
                amount_cents: amount,
                due_on,
                contact_id: contact,
                data: clean(Json::Object(input.data.clone())),
            };
            let stood = before.get(&(input.kind.as_str(), input.message_id.as_str()));
            believed.extend(known::learn(&mut signal, stood, input.known_at, now));
            rows.push(vals![
                signal.id,
                workspace.0,
                signal.client_id,
                signal.contact_id,
                signal.kind,
                signal.message_id,
                signal.occurred_at,
                signal.ended_at,
                signal.known_at,
                signal.ended_known_at,
                signal.priority,
                signal.score,
                signal.amount_cents,
                signal.due_on,
                signal.data,
                metric,
                now,
            ]);
        }
        beliefs::keep(tx, workspace, believed).await?;
        let head = "INSERT INTO clients_signals (id, workspace_id, client_id, contact_id, kind, message_id, occurred_at, \
            ended_at, known_at, ended_known_at, priority, score, amount_cents, due_on, data, metric_id, \
            created_at)";
        let tail = " ON CONFLICT (workspace_id, kind, message_id) DO UPDATE SET client_id = excluded.client_id, \
            contact_id = excluded.contact_id, occurred_at = excluded.occurred_at, ended_at = excluded.ended_at, \
            known_at = excluded.known_at, ended_known_at = excluded.ended_known_at, priority = excluded.priority, \
            score = excluded.score, amount_cents = excluded.amount_cents, due_on = excluded.due_on, data = excluded.data, \
            metric_id = excluded.metric_id RETURNING id, message_id AS external_id, created_at";
        for row in tx.insert_many(head, tail, rows).await? {
            let created_at: DateTime<Utc> = row.try_get("", "created_at")?;
            out.push(Upserted {
                id: row.try_get("", "id")?,
                external_id: row.try_get("", "external_id")?,
                created: created_at == now,
            });
        }
    }
    Ok(out)
}

/// One signal of a client.
pub async fn get(conn: &impl Conn, workspace: Workspace, client: Uuid, id: Uuid) -> Result<Option<Signal>> {
    let sql = format!("SELECT {COLUMNS} FROM clients_signals WHERE workspace_id = $1 AND client_id = $2 AND id = $3");
    crate::one_as(conn, &sql, vals![workspace.0, client, id]).await
}

/// A client's signals, newest first, from before a cursor.
pub async fn of_client(
    conn: &impl Conn,
    workspace: Workspace,
    client: Uuid,
    kinds: &[String],
    before: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<Signal>> {
    let mut values = vals![workspace.0, client];
    let mut sql = format!("SELECT {COLUMNS} FROM clients_signals WHERE workspace_id = $1 AND client_id = $2");
    if !kinds.is_empty() {
        sql.push_str(&format!(" AND kind IN ({})", crate::list(values.len() + 1, kinds.len())));
        values.extend(kinds.iter().map(|kind| kind.as_str().into()));
    }
    if let Some((at, id)) = before {
        values.extend(vals![at, id]);
        sql.push_str(&format!(" AND (occurred_at, id) < (${}, ${})", values.len() - 1, values.len()));
    }
    values.push(limit.into());
    sql.push_str(&format!(" ORDER BY occurred_at DESC, id DESC LIMIT ${}", values.len()));
    all_as(conn, &sql, values).await
}

/// The signals of some clients as they were believed to be and are not any more.
pub fn believed(beliefs: &Beliefs, clients: &[Uuid]) -> Vec<Signal> {
    let of = clients.iter().flat_map(|client| beliefs.of::<Signal>(*client, About::Signal));
    of.map(|(_, signal)| signal).collect()
}

/// Tickets, survey answers, invoices and opinions of some clients that matter to health on a day: known by then, not older
/// than `since` (a ticket or an invoice that is still open matters however old it is). `believed` are those that were
/// corrected since.
pub async fn for_health(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
    (since, until): (DateTime<Utc>, DateTime<Utc>),
    believed: &[Signal],
) -> Result<Vec<Signal>> {
    let mut values = vals![workspace.0, since, until];
    values.extend(clients.iter().map(|id| (*id).into()));
    let sql = format!(
        "SELECT {COLUMNS} FROM clients_signals WHERE {OF_CLIENTS} AND client_id IN ({}) \
         AND kind IN ('ticket', 'survey', 'payment', 'pulse') AND occurred_at < $3 AND known_at < $3 \
         AND (occurred_at >= $2 OR (kind IN ('ticket', 'payment') \
         AND (ended_at IS NULL OR ended_at >= $2 OR ended_known_at >= $3))) \
         ORDER BY client_id, occurred_at, message_id",
        crate::list(4, clients.len())
    );
    let mut out: Vec<Signal> = all_as(conn, &sql, values).await?;
    let stood = believed.iter().filter(|signal| {
        let lasts = matches!(signal.kind.as_str(), "ticket" | "payment");
        let open = || signal.ended_at.is_none_or(|at| at >= since) || signal.ended_known_at >= Some(until);
        matches!(signal.kind.as_str(), "ticket" | "survey" | "payment" | "pulse")
            && signal.stood(until)
            && (signal.occurred_at >= since || lasts && open())
    });
    let own = out.len();
    out.extend(stood.cloned());
    if out.len() > own {
        out.sort_by(|a, b| {
            (a.client_id, a.occurred_at, &a.message_id).cmp(&(b.client_id, b.occurred_at, &b.message_id))
        });
    }
    Ok(out)
}

/// What was said to and by some clients before `until`, known by then: the last time, how often since `recent`, how often
/// from `since` to `recent`. Clients without any exchange are absent.
pub async fn exchanges(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
    [since, recent, until]: [DateTime<Utc>; 3],
    believed: &[Signal],
) -> Result<HashMap<Uuid, (DateTime<Utc>, i64, i64)>> {
    let mut values = vals![workspace.0, since, recent, until];
    values.extend(clients.iter().map(|id| (*id).into()));
    let sql = format!(
        "SELECT client_id, MAX(occurred_at) AS last, COUNT(CASE WHEN occurred_at >= $3 THEN 1 END) AS recent, \
         COUNT(CASE WHEN occurred_at >= $2 AND occurred_at < $3 THEN 1 END) AS prior FROM clients_signals \
         WHERE {OF_CLIENTS} AND client_id IN ({}) AND kind IN ('message', 'meeting') AND occurred_at < $4 \
         AND known_at < $4 GROUP BY client_id",
        crate::list(5, clients.len())
    );
    let mut out: HashMap<Uuid, (DateTime<Utc>, i64, i64)> = HashMap::new();
    for row in crate::all(conn, &sql, values).await? {
        let counts = (row.try_get("", "last")?, row.try_get("", "recent")?, row.try_get("", "prior")?);
        out.insert(row.try_get("", "client_id")?, counts);
    }
    let said = believed.iter().filter(|s| matches!(s.kind.as_str(), "message" | "meeting") && s.stood(until));
    for signal in said {
        let (last, in_recent, prior) = out.entry(signal.client_id).or_insert((signal.occurred_at, 0, 0));
        *last = signal.occurred_at.max(*last);
        *in_recent += i64::from(signal.occurred_at >= recent);
        *prior += i64::from(signal.occurred_at >= since && signal.occurred_at < recent);
    }
    Ok(out)
}

/// The value delivered to some clients from `since` to before `until`, known by then, and what they paid meanwhile; in
/// cents. Clients without any outcome are absent.
pub async fn outcomes(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
    (since, until): (DateTime<Utc>, DateTime<Utc>),
    believed: &[Signal],
) -> Result<HashMap<Uuid, (i64, i64)>> {
    let mut values = vals![workspace.0, since, until];
    values.extend(clients.iter().map(|id| (*id).into()));
    // Where something else was believed, an outcome may be among that.
    let having = if believed.is_empty() { " HAVING COUNT(CASE WHEN kind = 'outcome' THEN 1 END) > 0" } else { "" };
    let sql = format!(
        "SELECT client_id, COUNT(CASE WHEN kind = 'outcome' THEN 1 END) AS n, \
         CAST(SUM(CASE WHEN kind = 'outcome' THEN amount_cents ELSE 0 END) AS BIGINT) AS value, \
         CAST(SUM(CASE WHEN kind = 'payment' THEN amount_cents ELSE 0 END) AS BIGINT) AS paid FROM clients_signals \
         WHERE {OF_CLIENTS} AND client_id IN ({}) AND known_at < $3 AND amount_cents IS NOT NULL \
         AND ((kind = 'outcome' AND occurred_at >= $2 AND occurred_at < $3) \
         OR (kind = 'payment' AND occurred_at < $3 AND ended_at >= $2 AND ended_at < $3 \
         AND COALESCE(ended_known_at, known_at) < $3)) GROUP BY client_id{having}",
        crate::list(4, clients.len())
    );
    let mut out: HashMap<Uuid, (i64, i64, i64)> = HashMap::new();
    for row in crate::all(conn, &sql, values).await? {
        let sums = (row.try_get("", "n")?, row.try_get("", "value")?, row.try_get("", "paid")?);
        out.insert(row.try_get("", "client_id")?, sums);
    }
    for signal in believed.iter().filter(|signal| signal.stood(until)) {
        let Some(cents) = signal.amount_cents else { continue };
        let (n, value, paid) = out.entry(signal.client_id).or_default();
        match signal.kind.as_str() {
            "outcome" if signal.occurred_at >= since => (*n, *value) = (*n + 1, *value + cents),
            "payment" if signal.ended(until).is_some_and(|at| at >= since) => *paid += cents,
            _ => {}
        }
    }
    Ok(out.into_iter().filter(|(_, (n, ..))| *n > 0).map(|(id, (_, value, paid))| (id, (value, paid))).collect())
}

/// Takes a signal back; false when the client has none of this kind and id. It was believed until now.
pub async fn delete(
    tx: &Tx,
    workspace: Workspace,
    client: Uuid,
    (kind, id): (&str, Uuid),
    now: DateTime<Utc>,
) -> Result<bool> {
    let sql = format!(
        "DELETE FROM clients_signals WHERE workspace_id = $1 AND client_id = $2 AND kind = $3 AND id = $4 RETURNING {COLUMNS}"
    );
    let Some(gone) = crate::one_as::<Signal>(tx, &sql, vals![workspace.0, client, kind, id]).await? else {
        return Ok(false);
    };
    beliefs::keep(tx, workspace, vec![known::belief(&gone, now)]).await?;
    Ok(true)
}

/// How many of a client's tickets are open.
pub async fn open_tickets(conn: &impl Conn, workspace: Workspace, client: Uuid, now: DateTime<Utc>) -> Result<i64> {
    let sql = "SELECT COUNT(*) AS n FROM clients_signals WHERE workspace_id = $1 AND client_id = $2 AND kind = 'ticket' \
        AND occurred_at <= $3 AND (ended_at IS NULL OR ended_at > $3)";
    Ok(crate::one(conn, sql, vals![workspace.0, client, now]).await?.map_or(Ok(0), |row| row.try_get("", "n"))?)
}
