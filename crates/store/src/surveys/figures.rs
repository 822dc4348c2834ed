//! What the answers to surveys count up to.

use crate::{Conn, Result, Workspace, all, all_as, vals};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// How many people of a survey are in a state and gave a score; those without one have not answered.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Cell {
    pub survey_id: Uuid,
    pub state: String,
    pub score: Option<i32>,
    pub n: i64,
}

/// The people of one survey, or of all, by state and score.
pub async fn cells(conn: &impl Conn, workspace: Workspace, survey: Option<Uuid>) -> Result<Vec<Cell>> {
    let mut values = vals![workspace.0];
    let mut sql =
        String::from("SELECT survey_id, state, score, COUNT(*) AS n FROM surveys_recipients WHERE workspace_id = $1");
    if let Some(survey) = survey {
        values.push(survey.into());
        sql.push_str(" AND survey_id = $2");
    }
    sql.push_str(" GROUP BY survey_id, state, score ORDER BY survey_id, state, score");
    all_as(conn, &sql, values).await
}

/// Answers by month (`YYYY-MM`) and score, in order.
pub async fn by_month(conn: &impl Conn, workspace: Workspace, survey: Uuid) -> Result<Vec<(String, i32, i64)>> {
    let month = conn.engine_of().month_of("answered_on");
    let sql = format!(
        "SELECT {month} AS part, score, COUNT(*) AS n FROM surveys_recipients WHERE workspace_id = $1 \
         AND survey_id = $2 AND score IS NOT NULL GROUP BY {month}, score ORDER BY {month}, score"
    );
    parts(conn, &sql, workspace, survey).await
}

/// Answers by the segment in which each client is now, and score; the empty segment is that of clients without one.
pub async fn by_segment(conn: &impl Conn, workspace: Workspace, survey: Uuid) -> Result<Vec<(String, i32, i64)>> {
    let sql = "SELECT COALESCE(c.segment, '') AS part, r.score, COUNT(*) AS n FROM surveys_recipients r \
        JOIN clients c ON c.id = r.client_id WHERE r.workspace_id = $1 AND r.survey_id = $2 AND r.score IS NOT NULL \
        GROUP BY COALESCE(c.segment, ''), r.score";
    let mut found = parts(conn, sql, workspace, survey).await?;
    // As bytes: the engines sort text in different ways.
    found.sort();
    Ok(found)
}

/// A day with its first instant and the first one after it.
pub type DayOf = (NaiveDate, DateTime<Utc>, DateTime<Utc>);

/// The answers of some days, those of other tools too, by day, kind and score: each answer is read once, however many
/// days are asked for.
pub async fn by_day(
    conn: &impl Conn,
    workspace: Workspace,
    days: &[DayOf],
) -> Result<Vec<(NaiveDate, String, f64, i64)>> {
    let mut out = Vec::new();
    for chunk in days.chunks(100) {
        let rows = conn.engine_of().typed_rows(chunk.len(), &["date", "timestamptz", "timestamptz"]);
        let mut values: Vec<_> = chunk.iter().flat_map(|(day, since, until)| vals![*day, *since, *until]).collect();
        values.push(workspace.0.into());
        let sql = format!(
            "WITH days (day, since, until) AS (VALUES {rows}) SELECT d.day, s.data ->> 'survey' AS kind, s.score, \
             COUNT(*) AS n FROM days d CROSS JOIN clients_signals s WHERE s.workspace_id = ${} AND s.kind = 'survey' \
             AND s.occurred_at >= d.since AND s.occurred_at < d.until AND s.score IS NOT NULL \
             GROUP BY d.day, s.data ->> 'survey', s.score ORDER BY d.day, s.score",
            values.len()
        );
        for row in all(conn, &sql, values).await? {
            let kind: Option<String> = row.try_get("", "kind")?;
            let Some(kind) = kind else { continue };
            out.push((row.try_get("", "day")?, kind, row.try_get("", "score")?, row.try_get("", "n")?));
        }
    }
    Ok(out)
}

async fn parts(conn: &impl Conn, sql: &str, workspace: Workspace, survey: Uuid) -> Result<Vec<(String, i32, i64)>> {
    all(conn, sql, vals![workspace.0, survey])
        .await?
        .iter()
        .map(|row| Ok((row.try_get("", "part")?, row.try_get("", "score")?, row.try_get("", "n")?)))
        .collect()
}
