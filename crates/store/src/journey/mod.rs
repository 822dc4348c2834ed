//! Journeys as stored: where each client stands, its stays in stages, key actions, milestones, alerts, and the links under
//! which clients see their plan.

pub mod actions;
pub mod alerts;
pub mod board;
pub mod milestones;
pub mod notes;
pub mod settings;
pub mod shares;
pub mod standing;
pub mod templates;
pub mod visits;

use crate::clients::SCOPE;
use crate::{Conn, Result, Tx, Workspace, all, all_as, list, one, vals};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{FromQueryResult, Value};
use serde_json::Value as Json;
use std::collections::HashMap;
use uuid::Uuid;

/// Serialises the writers of a workspace's journeys until the transaction ends: a person and a job must not each miss
/// what the other did.
pub async fn lock(tx: &Tx, workspace: Workspace) -> Result<()> {
    let (high, low) = workspace.0.as_u64_pair();
    tx.lock((high ^ low ^ 0x6a6f_7572).cast_signed()).await
}

/// A client's journey.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct JourneyRow {
    pub id: Uuid,
    pub client_id: Uuid,
    pub template_id: Uuid,
    pub version: i32,
    pub stage: String,
    pub place: i32,
    pub status: String,
    pub progress: f64,
    pub stage_progress: f64,
    pub started_on: NaiveDate,
    pub entered_on: NaiveDate,
    pub plan_from: NaiveDate,
    pub expected_on: Option<NaiveDate>,
    pub projected_on: Option<NaiveDate>,
    pub progressed_on: NaiveDate,
    pub proposed_on: Option<NaiveDate>,
    pub completed_on: Option<NaiveDate>,
    pub standing_on: NaiveDate,
    pub overdue: i32,
    pub overdue_critical: i32,
    pub alerts: i32,
    pub stalled: bool,
    pub inferred: bool,
    pub state: Json,
}

const COLUMNS: [&str; 24] = [
    "id",
    "client_id",
    "template_id",
    "version",
    "stage",
    "place",
    "status",
    "progress",
    "stage_progress",
    "started_on",
    "entered_on",
    "plan_from",
    "expected_on",
    "projected_on",
    "progressed_on",
    "proposed_on",
    "completed_on",
    "standing_on",
    "overdue",
    "overdue_critical",
    "alerts",
    "stalled",
    "inferred",
    "state",
];

/// The journeys of some clients.
pub async fn of_clients(conn: &impl Conn, workspace: Workspace, clients: &[Uuid]) -> Result<HashMap<Uuid, JourneyRow>> {
    let mut out = HashMap::new();
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT {} FROM journeys WHERE workspace_id = $1 AND client_id IN ({})",
            COLUMNS.join(", "),
            list(2, chunk.len())
        );
        out.extend(all_as::<JourneyRow>(conn, &sql, values).await?.into_iter().map(|row| (row.client_id, row)));
    }
    Ok(out)
}

/// Writes journeys, one a client, and the stage on each client.
pub async fn save(tx: &Tx, workspace: Workspace, items: &[JourneyRow], at: DateTime<Utc>) -> Result<()> {
    standing::follow(tx, workspace, items, at).await?;
    let rows = items
        .iter()
        .map(|j| {
            vals![
                j.id,
                j.client_id,
                j.template_id,
                j.version,
                j.stage.as_str(),
                j.place,
                j.status.as_str(),
                j.progress,
                j.stage_progress,
                j.started_on,
                j.entered_on,
                j.plan_from,
                j.expected_on,
                j.projected_on,
                j.progressed_on,
                j.proposed_on,
                j.completed_on,
                j.standing_on,
                j.overdue,
                j.overdue_critical,
                j.alerts,
                j.stalled,
                j.inferred,
                j.state.clone(),
                workspace.0,
                at,
                at,
            ]
        })
        .collect();
    let set: Vec<String> = COLUMNS.iter().map(|name| format!("{name} = excluded.{name}")).collect();
    tx.insert_many(
        &format!("INSERT INTO journeys ({}, workspace_id, created_at, updated_at)", COLUMNS.join(", ")),
        &format!(
            " ON CONFLICT (workspace_id, client_id) DO UPDATE SET {}, updated_at = excluded.updated_at",
            set.join(", ")
        ),
        rows,
    )
    .await?;
    for chunk in items.chunks(400) {
        let mut values = Vec::new();
        for item in chunk {
            values.extend(vals![item.client_id, item.stage.as_str()]);
        }
        let rows = tx.engine().typed_rows(chunk.len(), &["uuid", "text"]);
        values.push(workspace.0.into());
        let n = values.len();
        let sql = format!(
            "WITH fresh (id, stage) AS (VALUES {rows}) UPDATE clients SET stage = fresh.stage FROM fresh \
             WHERE clients.id = fresh.id AND COALESCE(clients.workspace_id, clients.id) = ${n} \
             AND COALESCE(clients.stage, '') <> fresh.stage"
        );
        tx.run(&sql, values).await?;
    }
    Ok(())
}

/// What a journey needs to know of its client.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Subject {
    pub id: Uuid,
    pub name: String,
    pub segment: Option<String>,
    pub segment_key: Option<String>,
    pub owner: Option<String>,
    pub status: String,
    pub since: Option<NaiveDate>,
    pub first_paid_on: Option<NaiveDate>,
    pub created_at: DateTime<Utc>,
}

/// Some clients.
pub async fn subjects(conn: &impl Conn, workspace: Workspace, clients: &[Uuid]) -> Result<Vec<Subject>> {
    let mut out = Vec::with_capacity(clients.len());
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT c.id, c.name, c.segment, c.segment_key, c.owner, c.status, c.since, c.first_paid_on, c.created_at \
             FROM clients c WHERE {SCOPE} AND c.id IN ({}) ORDER BY c.id",
            list(2, chunk.len())
        );
        out.extend(all_as::<Subject>(conn, &sql, values).await?);
    }
    Ok(out)
}

/// Clients that could be on a journey and are not, from after one.
pub async fn without(conn: &impl Conn, workspace: Workspace, after: Option<Uuid>, limit: i64) -> Result<Vec<Uuid>> {
    let mut values = vals![workspace.0, limit];
    let mut sql = String::from(
        "SELECT id FROM clients WHERE workspace_id = $1 AND stage IS NULL AND status IN ('active', 'trial')",
    );
    if let Some(after) = after {
        values.push(after.into());
        sql.push_str(" AND id > $3");
    }
    sql.push_str(" ORDER BY id LIMIT $2");
    all(conn, &sql, values).await?.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
}

/// How many those are.
pub async fn count_without(conn: &impl Conn, workspace: Workspace) -> Result<i64> {
    let sql =
        "SELECT COUNT(*) AS n FROM clients WHERE workspace_id = $1 AND stage IS NULL AND status IN ('active', 'trial')";
    Ok(one(conn, sql, vals![workspace.0]).await?.map_or(Ok(0), |row| row.try_get("", "n"))?)
}

/// The days with use of some clients, oldest first.
pub async fn days_used(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
    until: NaiveDate,
) -> Result<HashMap<Uuid, Vec<NaiveDate>>> {
    let mut out: HashMap<Uuid, Vec<NaiveDate>> = HashMap::new();
    for chunk in clients.chunks(200) {
        let mut values = vals![workspace.0, until];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT client_id, day FROM usage_rollups WHERE workspace_id = $1 AND day <= $2 AND count > 0 \
             AND client_id IN ({}) GROUP BY client_id, day ORDER BY client_id, day",
            list(3, chunk.len())
        );
        for row in all(conn, &sql, values).await? {
            out.entry(row.try_get("", "client_id")?).or_default().push(row.try_get("", "day")?);
        }
    }
    Ok(out)
}

/// The clients whose running journey follows a version of a template other than one, from after a client.
pub async fn behind(
    conn: &impl Conn,
    workspace: Workspace,
    (template, version): (Uuid, i32),
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Uuid>> {
    let mut values = vals![workspace.0, template, version, limit];
    let mut sql = String::from(
        "SELECT client_id FROM journeys WHERE workspace_id = $1 AND template_id = $2 AND version <> $3 \
         AND status <> 'completed'",
    );
    if let Some(after) = after {
        values.push(after.into());
        sql.push_str(" AND client_id > $5");
    }
    sql.push_str(" ORDER BY client_id LIMIT $4");
    all(conn, &sql, values).await?.iter().map(|row| Ok(row.try_get("", "client_id")?)).collect()
}

/// How many running journeys follow each version of each template.
pub async fn by_version(conn: &impl Conn, workspace: Workspace) -> Result<HashMap<(Uuid, i32), i64>> {
    let sql = "SELECT template_id, version, COUNT(*) AS n FROM journeys WHERE workspace_id = $1 AND status <> 'completed' \
        GROUP BY template_id, version";
    all(conn, sql, vals![workspace.0])
        .await?
        .iter()
        .map(|row| Ok(((row.try_get("", "template_id")?, row.try_get("", "version")?), row.try_get("", "n")?)))
        .collect()
}
