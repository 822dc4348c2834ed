//! What the answers to surveys count up to.

use crate::{Conn, Result, Workspace, all, all_as, vals};
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

async fn parts(conn: &impl Conn, sql: &str, workspace: Workspace, survey: Uuid) -> Result<Vec<(String, i32, i64)>> {
    all(conn, sql, vals![workspace.0, survey])
        .await?
        .iter()
        .map(|row| Ok((row.try_get("", "part")?, row.try_get("", "score")?, row.try_get("", "n")?)))
        .collect()
}
