//! Objectives as stored: what is aimed at, the metric's value on each day, and the day of reaching, written once.

use crate::{Conn, Result, Tx, Workspace, all, all_as, one, one_as, vals};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::FromQueryResult;
use std::collections::HashMap;
use uuid::Uuid;

/// An objective with the day on which it was reached.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct ObjectiveRow {
    pub id: Uuid,
    pub name: String,
    pub metric: String,
    pub direction: String,
    pub start_value: Option<f64>,
    pub target: f64,
    pub start_day: NaiveDate,
    pub due_day: NaiveDate,
    pub evaluated_on: Option<NaiveDate>,
    pub created_at: DateTime<Utc>,
    pub reached_on: Option<NaiveDate>,
    pub reached_value: Option<f64>,
}

const SELECT: &str = "SELECT o.id, o.name, o.metric, o.direction, o.start_value, o.target, o.start_day, o.due_day, \
    o.evaluated_on, o.created_at, r.day AS reached_on, r.value AS reached_value FROM growth_objectives o \
    LEFT JOIN growth_objectives_reached r ON r.workspace_id = o.workspace_id AND r.objective_id = o.id \
    WHERE o.workspace_id = $1 AND o.deleted_at IS NULL";

/// All objectives that stand, the next one due first.
pub async fn list(conn: &impl Conn, workspace: Workspace) -> Result<Vec<ObjectiveRow>> {
    all_as(conn, &format!("{SELECT} ORDER BY o.due_day, o.created_at, o.id"), vals![workspace.0]).await
}

/// Those due within some days, both included.
pub async fn due(conn: &impl Conn, workspace: Workspace, from: NaiveDate, to: NaiveDate) -> Result<Vec<ObjectiveRow>> {
    let sql = format!("{SELECT} AND o.due_day >= $2 AND o.due_day <= $3 ORDER BY o.due_day, o.created_at, o.id");
    all_as(conn, &sql, vals![workspace.0, from, to]).await
}

/// One objective that stands.
pub async fn get(conn: &impl Conn, workspace: Workspace, id: Uuid) -> Result<Option<ObjectiveRow>> {
    one_as(conn, &format!("{SELECT} AND o.id = $2"), vals![workspace.0, id]).await
}

/// How many stand.
pub async fn count(conn: &impl Conn, workspace: Workspace) -> Result<i64> {
    let sql = "SELECT COUNT(*) AS n FROM growth_objectives WHERE workspace_id = $1 AND deleted_at IS NULL";
    Ok(one(conn, sql, vals![workspace.0]).await?.map_or(Ok(0), |row| row.try_get("", "n"))?)
}

/// Whether any is still followed: not over for long, not reached, not deleted.
pub async fn any_open(conn: &impl Conn, workspace: Workspace) -> Result<bool> {
    let sql = "SELECT 1 AS found FROM growth_objectives o WHERE o.workspace_id = $1 AND o.deleted_at IS NULL \
        AND (o.evaluated_on IS NULL OR o.evaluated_on < o.due_day) LIMIT 1";
    Ok(one(conn, sql, vals![workspace.0]).await?.is_some())
}

/// Writes an objective, new or known; what was evaluated of it before is forgotten with `evaluated_on`.
pub async fn save(tx: &Tx, workspace: Workspace, row: &ObjectiveRow, now: DateTime<Utc>) -> Result<()> {
    tx.run(
        "INSERT INTO growth_objectives (id, workspace_id, name, metric, direction, start_value, target, start_day, \
         due_day, evaluated_on, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, metric = excluded.metric, direction = excluded.direction, \
         start_value = excluded.start_value, target = excluded.target, start_day = excluded.start_day, \
         due_day = excluded.due_day, evaluated_on = excluded.evaluated_on, updated_at = excluded.updated_at",
        vals![
            row.id,
            workspace.0,
            row.name.as_str(),
            row.metric.as_str(),
            row.direction.as_str(),
            row.start_value,
            row.target,
            row.start_day,
            row.due_day,
            row.evaluated_on,
            row.created_at,
            now,
        ],
    )
    .await?;
    Ok(())
}

/// Forgets the days of an objective whose metric or beginning has changed.
pub async fn forget_days(tx: &Tx, workspace: Workspace, id: Uuid) -> Result<()> {
    let sql = "DELETE FROM growth_objective_days WHERE workspace_id = $1 AND objective_id = $2";
    tx.run(sql, vals![workspace.0, id]).await?;
    Ok(())
}

/// Deletes an objective, or takes that back; returns whether there was one to do it to.
pub async fn set_deleted(tx: &Tx, workspace: Workspace, id: Uuid, at: Option<DateTime<Utc>>) -> Result<bool> {
    let sql = "UPDATE growth_objectives SET deleted_at = $3 WHERE workspace_id = $1 AND id = $2 \
        AND (CASE WHEN deleted_at IS NULL THEN 0 ELSE 1 END) = $4";
    let was = i64::from(at.is_none());
    Ok(tx.run(sql, vals![workspace.0, id, at, was]).await? > 0)
}

/// Writes the metric's value on some days.
pub async fn set_days(tx: &Tx, workspace: Workspace, id: Uuid, days: &[(NaiveDate, f64)]) -> Result<()> {
    let rows = days.iter().map(|(day, value)| vals![workspace.0, id, *day, *value]).collect();
    tx.insert_many(
        "INSERT INTO growth_objective_days (workspace_id, objective_id, day, value)",
        " ON CONFLICT (workspace_id, objective_id, day) DO UPDATE SET value = excluded.value",
        rows,
    )
    .await?;
    Ok(())
}

/// The values of all objectives up to a day, oldest first.
pub async fn days(
    conn: &impl Conn,
    workspace: Workspace,
    until: NaiveDate,
) -> Result<HashMap<Uuid, Vec<(NaiveDate, f64)>>> {
    let sql = "SELECT objective_id, day, value FROM growth_objective_days WHERE workspace_id = $1 AND day <= $2 \
        ORDER BY objective_id, day";
    let mut out: HashMap<Uuid, Vec<(NaiveDate, f64)>> = HashMap::new();
    for row in all(conn, sql, vals![workspace.0, until]).await? {
        let id = row.try_get("", "objective_id")?;
        out.entry(id).or_default().push((row.try_get("", "day")?, row.try_get("", "value")?));
    }
    Ok(out)
}

/// The newest value of each objective on or before a day.
pub async fn last_values(conn: &impl Conn, workspace: Workspace, day: NaiveDate) -> Result<HashMap<Uuid, f64>> {
    let sql = "SELECT d.objective_id, d.value FROM growth_objective_days d JOIN (SELECT objective_id, MAX(day) AS day \
        FROM growth_objective_days WHERE workspace_id = $1 AND day <= $2 GROUP BY objective_id) AS newest \
        ON newest.objective_id = d.objective_id AND newest.day = d.day WHERE d.workspace_id = $1";
    all(conn, sql, vals![workspace.0, day])
        .await?
        .iter()
        .map(|row| Ok((row.try_get("", "objective_id")?, row.try_get("", "value")?)))
        .collect()
}

/// Records the day of reaching, once; returns whether it was new.
pub async fn reach(
    tx: &Tx,
    workspace: Workspace,
    id: Uuid,
    day: NaiveDate,
    value: f64,
    now: DateTime<Utc>,
) -> Result<bool> {
    let done = tx
        .run(
            "INSERT INTO growth_objectives_reached (workspace_id, objective_id, day, value, recorded_at) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (workspace_id, objective_id) DO NOTHING",
            vals![workspace.0, id, day, value, now],
        )
        .await?;
    Ok(done > 0)
}

/// Notes up to which day the values stand, and the value of the start's day once it is known.
pub async fn evaluated(
    tx: &Tx,
    workspace: Workspace,
    id: Uuid,
    day: NaiveDate,
    start_value: Option<f64>,
) -> Result<()> {
    tx.run(
        "UPDATE growth_objectives SET evaluated_on = $3, start_value = COALESCE(start_value, $4) \
         WHERE workspace_id = $1 AND id = $2",
        vals![workspace.0, id, day, start_value],
    )
    .await?;
    Ok(())
}

/// The portfolio's recorded health by day: scored clients, sum of scores, clients at risk.
pub async fn health_days(
    conn: &impl Conn,
    workspace: Workspace,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<(NaiveDate, i64, i64, i64)>> {
    let sql = "SELECT day, scored, score_sum, at_risk FROM health_days WHERE workspace_id = $1 AND day >= $2 AND day <= $3 \
        ORDER BY day";
    all(conn, sql, vals![workspace.0, from, to])
        .await?
        .iter()
        .map(|row| {
            Ok((
                row.try_get("", "day")?,
                row.try_get("", "scored")?,
                row.try_get("", "score_sum")?,
                row.try_get("", "at_risk")?,
            ))
        })
        .collect()
}
