//! Changes of many clients at once: runs, the rows of each, and the writes that they are made of.

use crate::clients::{Filter, SCOPE, STATUS_SQL, Walk};
use crate::clients_fields::key;
use crate::{Conn, Result, Tx, Workspace, all, all_as, list, one_as, vals};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{FromQueryResult, Value};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A run as stored.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Run {
    pub id: Uuid,
    /// What is done, as it was asked for.
    pub action: Json,
    /// running, done, undoing or undone.
    pub state: String,
    pub total: i64,
    pub user_id: Option<Uuid>,
    pub by_name: String,
    pub started_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
}

const RUN: &str = "id, action, state, total, user_id, by_name, started_at, finished_at";

/// What became of one client.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Row {
    pub client_id: Uuid,
    /// waiting, changed, unchanged, refused, undone or kept.
    pub outcome: String,
    pub before_value: Option<Json>,
    pub after_value: Option<Json>,
    /// The code of the refusal.
    pub reason: Option<String>,
}

/// What a change reads of a client.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Now {
    pub id: Uuid,
    pub name: String,
    pub segment: Option<String>,
    pub industry: Option<String>,
    pub country: Option<String>,
    pub owner: Option<String>,
    pub plan: Option<String>,
    pub seats: Option<i32>,
    pub since: Option<NaiveDate>,
    pub paused: bool,
    pub archived: bool,
    pub mrr_cents: i64,
}

/// The ids of the clients that a filter matches, in order.
pub async fn matching(conn: &impl Conn, workspace: Workspace, filter: &Filter) -> Result<Vec<Uuid>> {
    let (from, values) = filter.from(workspace, Walk::Product);
    all(conn, &format!("SELECT clients.id AS id FROM {from} ORDER BY clients.id"), values)
        .await?
        .iter()
        .map(|row| Ok(row.try_get("", "id")?))
        .collect()
}

/// What some clients are now; those of other workspaces are not there.
pub async fn now(conn: &impl Conn, workspace: Workspace, clients: &[Uuid]) -> Result<Vec<Now>> {
    let mut out = Vec::new();
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT id, name, segment, industry, country, owner, plan, seats, since, paused, archived, mrr_cents FROM clients c \
             WHERE {SCOPE} AND c.id IN ({})",
            list(2, chunk.len())
        );
        out.extend(all_as::<Now>(conn, &sql, values).await?);
    }
    Ok(out)
}

/// Begins a run over clients.
pub async fn insert(tx: &Tx, workspace: Workspace, run: &Run, clients: &[Uuid]) -> Result<()> {
    tx.run(
        "INSERT INTO clients_bulk_runs (id, workspace_id, action, state, total, user_id, by_name, started_at, kind) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        vals![
            run.id,
            workspace.0,
            run.action.clone(),
            run.state.as_str(),
            run.total,
            run.user_id,
            run.by_name.as_str(),
            run.started_at,
            run.action.get("kind").and_then(Json::as_str).map(str::to_owned)
        ],
    )
    .await?;
    let rows = clients.iter().map(|client| vals![workspace.0, run.id, "waiting", *client]).collect();
    tx.insert_many(
        "INSERT INTO clients_bulk_rows (workspace_id, run_id, outcome, client_id)",
        " ON CONFLICT (workspace_id, run_id, client_id) DO NOTHING",
        rows,
    )
    .await?;
    Ok(())
}

/// One run.
pub async fn get(conn: &impl Conn, workspace: Workspace, id: Uuid) -> Result<Option<Run>> {
    let sql = format!("SELECT {RUN} FROM clients_bulk_runs WHERE workspace_id = $1 AND id = $2");
    one_as(conn, &sql, vals![workspace.0, id]).await
}

/// The last runs of a kind, the newest first.
pub async fn latest(conn: &impl Conn, workspace: Workspace, kind: &str, limit: i64) -> Result<Vec<Run>> {
    let sql = format!(
        "SELECT {RUN} FROM clients_bulk_runs WHERE workspace_id = $1 AND kind = $2 ORDER BY started_at DESC, id DESC LIMIT $3"
    );
    all_as(conn, &sql, vals![workspace.0, kind, limit]).await
}

/// Notes the state of a run.
pub async fn set_state(
    tx: &Tx,
    workspace: Workspace,
    id: Uuid,
    state: &str,
    finished_at: Option<DateTime<Utc>>,
) -> Result<()> {
    tx.run(
        "UPDATE clients_bulk_runs SET state = $1, finished_at = $2 WHERE workspace_id = $3 AND id = $4",
        vals![state, finished_at, workspace.0, id],
    )
    .await?;
    Ok(())
}

/// How many rows a run has by outcome.
pub async fn outcomes(conn: &impl Conn, workspace: Workspace, id: Uuid) -> Result<BTreeMap<String, i64>> {
    let sql =
        "SELECT outcome, COUNT(*) AS n FROM clients_bulk_rows WHERE workspace_id = $1 AND run_id = $2 GROUP BY outcome";
    all(conn, sql, vals![workspace.0, id])
        .await?
        .iter()
        .map(|row| Ok((row.try_get("", "outcome")?, row.try_get("", "n")?)))
        .collect()
}

/// Rows of one outcome, in the order of their clients, from after one.
pub async fn rows(
    conn: &impl Conn,
    workspace: Workspace,
    id: Uuid,
    outcome: &str,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Row>> {
    let sql = "SELECT client_id, outcome, before_value, after_value, reason FROM clients_bulk_rows \
        WHERE workspace_id = $1 AND run_id = $2 AND outcome = $3 AND client_id > $4 ORDER BY client_id LIMIT $5";
    all_as(conn, sql, vals![workspace.0, id, outcome, after.unwrap_or_else(Uuid::nil), limit]).await
}

/// Notes what became of clients.
pub async fn note(tx: &Tx, workspace: Workspace, id: Uuid, rows: Vec<Row>) -> Result<()> {
    let rows = rows
        .into_iter()
        .map(|row| vals![workspace.0, id, row.outcome, row.client_id, row.before_value, row.after_value, row.reason])
        .collect();
    tx.insert_many(
        "INSERT INTO clients_bulk_rows (workspace_id, run_id, outcome, client_id, before_value, after_value, reason)",
        " ON CONFLICT (workspace_id, run_id, client_id) DO UPDATE SET outcome = excluded.outcome, \
         before_value = excluded.before_value, after_value = excluded.after_value, reason = excluded.reason",
        rows,
    )
    .await?;
    Ok(())
}

/// A word of clients that a run may write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// Segment.
    Segment,
    /// Industry.
    Industry,
    /// Country.
    Country,
    /// Person in charge.
    Owner,
    /// Plan.
    Plan,
}

impl Word {
    /// The word of a fact's key.
    pub fn of(fact: &str) -> Option<Word> {
        [Word::Segment, Word::Industry, Word::Country, Word::Owner, Word::Plan]
            .into_iter()
            .find(|word| word.column() == fact)
    }

    const fn column(self) -> &'static str {
        match self {
            Word::Segment => "segment",
            Word::Industry => "industry",
            Word::Country => "country",
            Word::Owner => "owner",
            Word::Plan => "plan",
        }
    }

    /// What it is at a client.
    pub fn at(self, now: &Now) -> Option<&str> {
        match self {
            Word::Segment => now.segment.as_deref(),
            Word::Industry => now.industry.as_deref(),
            Word::Country => now.country.as_deref(),
            Word::Owner => now.owner.as_deref(),
            Word::Plan => now.plan.as_deref(),
        }
    }
}

/// Writes one word at clients, with its key; the ledger's slices follow.
pub async fn set_word(
    tx: &Tx,
    workspace: Workspace,
    word: Word,
    value: Option<&str>,
    clients: &[Uuid],
    at: DateTime<Utc>,
) -> Result<()> {
    let column = word.column();
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0, value.map(str::to_owned), key(value), at];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "UPDATE clients SET {column} = $2, {column}_key = $3, updated_at = $4 \
             WHERE COALESCE(workspace_id, id) = $1 AND id IN ({})",
            list(5, chunk.len())
        );
        tx.run(&sql, values).await?;
    }
    if matches!(word, Word::Segment | Word::Owner) {
        crate::growth::slices::follow(tx, workspace, clients).await?;
    }
    Ok(())
}

/// Writes the seats that clients bought.
pub async fn set_seats(
    tx: &Tx,
    workspace: Workspace,
    seats: Option<i32>,
    clients: &[Uuid],
    at: DateTime<Utc>,
) -> Result<()> {
    set(tx, workspace, "seats", seats.into(), clients, at).await
}

/// Writes since when clients are.
pub async fn set_since(
    tx: &Tx,
    workspace: Workspace,
    day: Option<NaiveDate>,
    clients: &[Uuid],
    at: DateTime<Utc>,
) -> Result<()> {
    set(tx, workspace, "since", day.into(), clients, at).await
}

async fn set(
    tx: &Tx,
    workspace: Workspace,
    column: &str,
    value: Value,
    clients: &[Uuid],
    at: DateTime<Utc>,
) -> Result<()> {
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0, value.clone(), at];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "UPDATE clients SET {column} = $2, updated_at = $3 WHERE COALESCE(workspace_id, id) = $1 AND id IN ({})",
            list(4, chunk.len())
        );
        tx.run(&sql, values).await?;
    }
    Ok(())
}

/// Pauses or archives clients, or takes that back; their status follows.
pub async fn set_flag(
    tx: &Tx,
    workspace: Workspace,
    archived: bool,
    flag: bool,
    clients: &[Uuid],
    at: DateTime<Utc>,
) -> Result<()> {
    let column = if archived { "archived" } else { "paused" };
    for chunk in clients.chunks(400) {
        let ids = list(4, chunk.len());
        let scope = format!("COALESCE(workspace_id, id) = $1 AND id IN ({ids})");
        let mut values = vals![workspace.0, flag, at];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        tx.run(&format!("UPDATE clients SET {column} = $2, updated_at = $3 WHERE {scope}"), values).await?;
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let scope = format!("COALESCE(workspace_id, id) = $1 AND id IN ({})", list(2, chunk.len()));
        tx.run(&format!("UPDATE clients SET status = {STATUS_SQL} WHERE {scope}"), values).await?;
    }
    Ok(())
}

/// Takes away tasks that nobody has touched since they were made; returns those that went.
pub async fn drop_tasks(tx: &Tx, workspace: Workspace, tasks: &[Uuid], at: DateTime<Utc>) -> Result<Vec<Uuid>> {
    let mut out = Vec::new();
    for chunk in tasks.chunks(400) {
        let mut values = vals![workspace.0, at];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "UPDATE tasks SET deleted_at = $2, updated_at = $2 WHERE COALESCE(workspace_id, id) = $1 AND id IN ({}) \
             AND deleted_at IS NULL AND done_at IS NULL AND updated_at = created_at RETURNING id",
            list(3, chunk.len())
        );
        for row in all(tx, &sql, values).await? {
            out.push(row.try_get("", "id")?);
        }
    }
    Ok(out)
}
