//! The portfolio's own figures: read once a day over all clients, kept beside.

use crate::{Conn, Result, Tx, Workspace, all, all_as, one, vals};
use chrono::{Days, NaiveDate};
use sea_orm::FromQueryResult;
use serde_json::Value as Json;
use uuid::Uuid;

/// The figures kept, with their day.
pub async fn get(conn: &impl Conn, workspace: Workspace) -> Result<Option<(NaiveDate, Json)>> {
    let sql = "SELECT day, figures FROM opportunities_market WHERE workspace_id = $1";
    one(conn, sql, vals![workspace.0])
        .await?
        .map(|row| Ok((row.try_get("", "day")?, row.try_get("", "figures")?)))
        .transpose()
}

/// Keeps the figures of a day.
pub async fn set(tx: &Tx, workspace: Workspace, day: NaiveDate, figures: Json) -> Result<()> {
    tx.run(
        "INSERT INTO opportunities_market (workspace_id, day, figures) VALUES ($1, $2, $3) \
         ON CONFLICT (workspace_id) DO UPDATE SET day = excluded.day, figures = excluded.figures",
        vals![workspace.0, day, figures],
    )
    .await?;
    Ok(())
}

/// A subscription that is worth something today.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Line {
    pub client_id: Uuid,
    pub segment: Option<String>,
    pub product: String,
    pub plan: Option<String>,
    pub quantity: i64,
    pub mrr_cents: i64,
}

/// Every line of the portfolio on a day, in the order of the sources' ids.
pub async fn lines(conn: &impl Conn, workspace: Workspace, day: NaiveDate) -> Result<Vec<Line>> {
    let sql = "SELECT g.client_id, c.segment, s.product, s.plan, g.mrr_cents, COALESCE((SELECT p.quantity \
        FROM clients_subscription_phases p WHERE p.subscription_id = s.id AND p.from_day <= $2 \
        ORDER BY p.from_day DESC LIMIT 1), 1) AS quantity FROM growth_stretches g \
        JOIN clients_subscriptions s ON s.id = g.subscription_id JOIN clients c ON c.id = g.client_id \
        WHERE g.workspace_id = $1 AND g.from_day <= $2 AND (g.to_day IS NULL OR g.to_day > $2) AND g.mrr_cents > 0 \
        ORDER BY c.external_id, s.external_id";
    all_as(conn, sql, vals![workspace.0, day]).await
}

/// Gain and MRR before of each expansion after a day and up to another.
pub async fn expansions(
    conn: &impl Conn,
    workspace: Workspace,
    after: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<(i64, i64)>> {
    let sql = "SELECT delta_cents, after_cents - delta_cents AS before_cents FROM growth_movements \
        WHERE workspace_id = $1 AND day > $2 AND day <= $3 AND kind = 'expansion'";
    all(conn, sql, vals![workspace.0, after, to])
        .await?
        .iter()
        .map(|row| Ok((row.try_get("", "delta_cents")?, row.try_get("", "before_cents")?)))
        .collect()
}

/// How many clients of a class paid at a month's end, and how many of them left within `days` days.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Left {
    /// As it was recorded by then; none for who had no record with one.
    pub class: Option<String>,
    /// In the place of a class.
    pub health: Option<i32>,
    pub segment: Option<String>,
    pub seen: i64,
    pub hits: i64,
}

/// At a month's end: by the health class that was recorded by then, how many clients paid, and how many of them left
/// within `days` days. Where no class was recorded, by score and by segment, whose profile says the class.
pub async fn left_within(conn: &impl Conn, workspace: Workspace, month_end: NaiveDate, days: u64) -> Result<Vec<Left>> {
    let sql = "SELECT b.class, CASE WHEN b.class IS NULL THEN b.health END AS health, \
        CASE WHEN b.class IS NULL THEN c.segment END AS segment, COUNT(*) AS seen, \
        CAST(SUM(CASE WHEN EXISTS (SELECT 1 FROM growth_movements m WHERE m.workspace_id = $1 \
        AND m.client_id = b.client_id AND m.day > $2 AND m.day <= $3 AND m.kind = 'churn') THEN 1 ELSE 0 END) AS BIGINT) \
        AS hits FROM (SELECT s.client_id, s.health, (SELECT h.class FROM health_history h WHERE h.workspace_id = $1 \
        AND h.client_id = s.client_id AND h.day <= $2 ORDER BY h.day DESC, h.at DESC LIMIT 1) AS class \
        FROM growth_snapshots s WHERE s.workspace_id = $1 AND s.month_end = $2 AND s.mrr_cents > 0) b \
        JOIN clients c ON c.id = b.client_id GROUP BY 1, 2, 3";
    all_as(conn, sql, vals![workspace.0, month_end, month_end + Days::new(days)]).await
}
