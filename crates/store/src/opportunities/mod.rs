//! Opportunities as stored: what stands at clients, what changes, the ranked list.

pub mod facts;
pub mod gaps;
pub mod invoices;
mod list;
pub mod market;

pub use list::{After, Filter, Listed, OfClient, Sum, Totals, best_of, by_id, clients, of_clients, page, sums};

use crate::{Conn, Result, Tx, Workspace, all, all_as, list as placeholders, one, vals};
use chrono::{DateTime, NaiveDate, Utc};
use essor_domain::opportunities::{Detector, Evidence, Odds, Row, State};
use sea_orm::{FromQueryResult, Value};
use serde_json::Value as Json;
use std::collections::HashMap;
use uuid::Uuid;

/// Serialises the writers of a workspace's opportunities until the transaction ends: a decision and a detection of the
/// same client must not each miss the other.
pub async fn lock(tx: &Tx, workspace: Workspace) -> Result<()> {
    let (high, low) = workspace.0.as_u64_pair();
    tx.lock((high ^ low ^ 0x6f70_706f).cast_signed()).await
}

#[derive(FromQueryResult)]
struct Stands {
    id: Uuid,
    client_id: Uuid,
    detector: String,
    state: String,
    snoozed_until: Option<NaiveDate>,
    evidence: Json,
    amount_cents: Option<i64>,
    segment: String,
    probability: f64,
}

/// What stands at some clients: those that live, and decided ones whose evidence has not gone. With each its segment
/// and probability as stored.
pub async fn standing(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
) -> Result<HashMap<Uuid, Vec<(Row, String, f64)>>> {
    let mut out: HashMap<Uuid, Vec<(Row, String, f64)>> = HashMap::new();
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0, false];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT id, client_id, detector, state, snoozed_until, evidence, amount_cents, segment, probability \
             FROM opportunities WHERE workspace_id = $1 AND client_id IN ({}) AND (state IN ('open', 'accepted', 'snoozed') \
             OR (state IN ('dismissed', 'won', 'lost') AND gone = $2)) ORDER BY id",
            placeholders(3, chunk.len())
        );
        for row in all_as::<Stands>(conn, &sql, values).await? {
            let (Some(detector), Ok(state)) = (Detector::parse(&row.detector), State::parse(&row.state)) else {
                continue;
            };
            let standing = Row {
                id: row.id,
                detector,
                state,
                snoozed_until: row.snoozed_until,
                evidence: evidence(row.evidence),
                amount_cents: row.amount_cents,
            };
            out.entry(row.client_id).or_default().push((standing, row.segment, row.probability));
        }
    }
    Ok(out)
}

/// Reads evidence; what is not understood is left out.
fn evidence(json: Json) -> Vec<Evidence> {
    serde_json::from_value(json).unwrap_or_default()
}

/// A new opportunity.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct New {
    pub id: Uuid,
    pub client_id: Uuid,
    pub detector: Detector,
    pub segment: String,
    pub evidence: Vec<Evidence>,
    pub amount_cents: Option<i64>,
    pub probability: f64,
    pub expected_cents: i64,
    pub since: NaiveDate,
}

/// Stores new opportunities, each with its first step.
pub async fn insert(tx: &Tx, workspace: Workspace, items: &[New], at: DateTime<Utc>) -> Result<()> {
    let rows = items
        .iter()
        .map(|item| {
            vals![
                item.id,
                workspace.0,
                item.client_id,
                item.detector.as_str(),
                item.detector.list().as_str(),
                State::Open.as_str(),
                item.segment.as_str(),
                serde_json::to_value(&item.evidence).unwrap_or_default(),
                item.amount_cents,
                item.probability,
                item.expected_cents,
                item.since,
                false,
                at,
                at,
            ]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO opportunities (id, workspace_id, client_id, detector, list, state, segment, evidence, amount_cents, \
         probability, expected_cents, since, gone, created_at, updated_at)",
        "",
        rows,
    )
    .await?;
    let ids: Vec<Uuid> = items.iter().map(|item| item.id).collect();
    steps(tx, workspace, &ids, State::Open, at).await
}

/// What is found now in place of what was found before.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Fresh {
    pub id: Uuid,
    pub segment: String,
    pub evidence: Vec<Evidence>,
    pub amount_cents: Option<i64>,
    pub probability: f64,
    pub expected_cents: i64,
}

/// Brings opportunities up to date.
pub async fn refresh(tx: &Tx, workspace: Workspace, items: &[Fresh], at: DateTime<Utc>) -> Result<()> {
    const TYPES: [&str; 6] = ["uuid", "text", "jsonb", "bigint", "double precision", "bigint"];
    for chunk in items.chunks(300) {
        let mut values = Vec::with_capacity(chunk.len() * TYPES.len() + 2);
        for item in chunk {
            values.extend(vals![
                item.id,
                item.segment.as_str(),
                serde_json::to_value(&item.evidence).unwrap_or_default(),
                item.amount_cents,
                item.probability,
                item.expected_cents
            ]);
        }
        let rows = tx.engine().typed_rows(chunk.len(), &TYPES);
        values.extend(vals![at, workspace.0]);
        let n = values.len();
        let sql = format!(
            "WITH fresh (id, segment, evidence, amount, probability, expected) AS (VALUES {rows}) \
             UPDATE opportunities SET segment = fresh.segment, evidence = fresh.evidence, amount_cents = fresh.amount, \
             probability = fresh.probability, expected_cents = fresh.expected, updated_at = ${} FROM fresh \
             WHERE opportunities.id = fresh.id AND opportunities.workspace_id = ${n}",
            n - 1
        );
        tx.run(&sql, values).await?;
    }
    Ok(())
}

/// Moves opportunities to a state that the detectors decide: back to open, or expired.
pub async fn turn(tx: &Tx, workspace: Workspace, ids: &[Uuid], to: State, at: DateTime<Utc>) -> Result<()> {
    for chunk in ids.chunks(400) {
        let mut values = vals![to.as_str(), at, workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "UPDATE opportunities SET state = $1, snoozed_until = NULL, updated_at = $2 WHERE workspace_id = $3 AND id IN ({})",
            placeholders(4, chunk.len())
        );
        tx.run(&sql, values).await?;
    }
    steps(tx, workspace, ids, to, at).await
}

/// Notes that the evidence of decided opportunities is gone.
pub async fn mark_gone(tx: &Tx, workspace: Workspace, ids: &[Uuid]) -> Result<()> {
    for chunk in ids.chunks(400) {
        let mut values = vals![true, workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "UPDATE opportunities SET gone = $1 WHERE workspace_id = $2 AND id IN ({})",
            placeholders(3, chunk.len())
        );
        tx.run(&sql, values).await?;
    }
    Ok(())
}

async fn steps(tx: &Tx, workspace: Workspace, ids: &[Uuid], state: State, at: DateTime<Utc>) -> Result<()> {
    let rows = ids.iter().map(|id| vals![workspace.0, *id, at, state.as_str()]).collect();
    tx.insert_many(
        "INSERT INTO opportunities_steps (workspace_id, opportunity_id, at, state)",
        " ON CONFLICT (opportunity_id, at, state) DO NOTHING",
        rows,
    )
    .await?;
    Ok(())
}

/// What somebody decided.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Decision {
    pub id: Uuid,
    pub state: State,
    pub snoozed_until: Option<NaiveDate>,
    pub reason: Option<String>,
    pub note: Option<String>,
    pub won_cents: Option<i64>,
    pub ledger: Option<Json>,
    pub user_id: Option<Uuid>,
    pub at: DateTime<Utc>,
}

/// Writes a decision and its step. `Conflict` when another opportunity of the same detector lives by now.
pub async fn decide(tx: &Tx, workspace: Workspace, d: &Decision) -> Result<()> {
    let decided = !d.state.lives();
    tx.run(
        "UPDATE opportunities SET state = $1, snoozed_until = $2, reason = $3, note = $4, won_cents = $5, ledger = $6, \
         decided_at = $7, decided_by = $8, gone = $9, updated_at = $10 WHERE workspace_id = $11 AND id = $12",
        vals![
            d.state.as_str(),
            d.snoozed_until,
            d.reason.clone(),
            d.note.clone(),
            d.won_cents,
            d.ledger.clone(),
            decided.then_some(d.at),
            d.user_id.filter(|_| decided),
            false,
            d.at,
            workspace.0,
            d.id
        ],
    )
    .await?;
    tx.run(
        "INSERT INTO opportunities_steps (workspace_id, opportunity_id, at, state, user_id, reason, note, amount_cents) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (opportunity_id, at, state) DO NOTHING",
        vals![
            workspace.0,
            d.id,
            d.at,
            d.state.as_str(),
            d.user_id,
            d.reason.clone(),
            d.note.clone(),
            d.won_cents
        ],
    )
    .await?;
    Ok(())
}

/// A step of an opportunity's life.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Step {
    pub at: DateTime<Utc>,
    pub state: String,
    pub user_id: Option<Uuid>,
    pub reason: Option<String>,
    pub note: Option<String>,
    pub amount_cents: Option<i64>,
}

/// The steps of an opportunity, oldest first.
pub async fn steps_of(conn: &impl Conn, workspace: Workspace, id: Uuid) -> Result<Vec<Step>> {
    let sql = "SELECT at, state, user_id, reason, note, amount_cents FROM opportunities_steps \
        WHERE workspace_id = $1 AND opportunity_id = $2 ORDER BY at";
    all_as(conn, sql, vals![workspace.0, id]).await
}

/// Results so far, by detector and segment.
pub async fn odds(conn: &impl Conn, workspace: Workspace) -> Result<HashMap<(String, String), Odds>> {
    let sql = "SELECT detector, segment, state, COUNT(*) AS n FROM opportunities \
        WHERE workspace_id = $1 AND state IN ('won', 'lost') GROUP BY detector, segment, state";
    let mut out: HashMap<(String, String), Odds> = HashMap::new();
    for row in all(conn, sql, vals![workspace.0]).await? {
        let entry = out.entry((row.try_get("", "detector")?, row.try_get("", "segment")?)).or_default();
        let n: i64 = row.try_get("", "n")?;
        if row.try_get::<String>("", "state")? == "won" { entry.won = n } else { entry.lost = n }
    }
    Ok(out)
}

/// The living opportunities of a detector in a segment with their amounts and probabilities: a result moves these.
pub async fn alike(
    conn: &impl Conn,
    workspace: Workspace,
    detector: &str,
    segment: &str,
) -> Result<Vec<(Uuid, Option<i64>, f64)>> {
    let sql = "SELECT id, amount_cents, probability FROM opportunities WHERE workspace_id = $1 AND detector = $2 AND segment = $3 \
        AND state IN ('open', 'accepted', 'snoozed')";
    all(conn, sql, vals![workspace.0, detector, segment])
        .await?
        .iter()
        .map(|row| Ok((row.try_get("", "id")?, row.try_get("", "amount_cents")?, row.try_get("", "probability")?)))
        .collect()
}

/// Gives living opportunities another probability with what it makes of their amounts.
pub async fn weigh(tx: &Tx, workspace: Workspace, items: &[(Uuid, f64, i64)], at: DateTime<Utc>) -> Result<()> {
    for chunk in items.chunks(300) {
        let mut values: Vec<Value> =
            chunk.iter().flat_map(|(id, probability, expected)| vals![*id, *probability, *expected]).collect();
        let rows = tx.engine().typed_rows(chunk.len(), &["uuid", "double precision", "bigint"]);
        values.extend(vals![at, workspace.0]);
        let n = values.len();
        let sql = format!(
            "WITH fresh (id, probability, expected) AS (VALUES {rows}) UPDATE opportunities \
             SET probability = fresh.probability, expected_cents = fresh.expected, updated_at = ${} FROM fresh \
             WHERE opportunities.id = fresh.id AND opportunities.workspace_id = ${n}",
            n - 1
        );
        tx.run(&sql, values).await?;
    }
    Ok(())
}

/// Whether this workspace ever had an opportunity: the first finds are history, not news.
pub async fn any(conn: &impl Conn, workspace: Workspace) -> Result<bool> {
    let sql = "SELECT id FROM opportunities WHERE workspace_id = $1 LIMIT 1";
    Ok(one(conn, sql, vals![workspace.0]).await?.is_some())
}

/// The names of the events that say that a limit was hit; none when the workspace names none of its own.
pub async fn limit_events(conn: &impl Conn, workspace: Workspace) -> Result<Option<Vec<String>>> {
    let sql = "SELECT limit_events FROM opportunities_settings WHERE workspace_id = $1";
    let Some(row) = one(conn, sql, vals![workspace.0]).await? else { return Ok(None) };
    Ok(serde_json::from_value(row.try_get("", "limit_events")?).ok())
}

/// Names the events that say that a limit was hit.
pub async fn set_limit_events(tx: &Tx, workspace: Workspace, names: &[String]) -> Result<()> {
    tx.run(
        "INSERT INTO opportunities_settings (workspace_id, limit_events) VALUES ($1, $2) \
         ON CONFLICT (workspace_id) DO UPDATE SET limit_events = excluded.limit_events",
        vals![workspace.0, serde_json::to_value(names).unwrap_or_default()],
    )
    .await?;
    Ok(())
}

/// An opportunity of the past, decided long ago.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Decided {
    pub new: New,
    pub state: State,
    pub reason: Option<String>,
    pub won_cents: Option<i64>,
    pub found_at: DateTime<Utc>,
    pub decided_at: DateTime<Utc>,
}

/// Stores opportunities of the past with their two steps; their evidence is gone. For the demo.
pub async fn insert_decided(tx: &Tx, workspace: Workspace, items: &[Decided]) -> Result<()> {
    let rows = items
        .iter()
        .map(|item| {
            vals![
                item.new.id,
                workspace.0,
                item.new.client_id,
                item.new.detector.as_str(),
                item.new.detector.list().as_str(),
                item.state.as_str(),
                item.new.segment.as_str(),
                serde_json::to_value(&item.new.evidence).unwrap_or_default(),
                item.new.amount_cents,
                item.new.probability,
                item.new.expected_cents,
                item.new.since,
                item.reason.clone(),
                item.won_cents,
                true,
                item.decided_at,
                item.found_at,
                item.decided_at,
            ]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO opportunities (id, workspace_id, client_id, detector, list, state, segment, evidence, amount_cents, \
         probability, expected_cents, since, reason, won_cents, gone, decided_at, created_at, updated_at)",
        "",
        rows,
    )
    .await?;
    let rows = items
        .iter()
        .flat_map(|item| {
            let step = |at, state: State, reason: Option<String>, cents: Option<i64>| {
                vals![workspace.0, item.new.id, at, state.as_str(), reason, cents]
            };
            [
                step(item.found_at, State::Open, None, None),
                step(item.decided_at, item.state, item.reason.clone(), item.won_cents),
            ]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO opportunities_steps (workspace_id, opportunity_id, at, state, reason, amount_cents)",
        " ON CONFLICT (opportunity_id, at, state) DO NOTHING",
        rows,
    )
    .await?;
    Ok(())
}
