//! The people behind each figure of a survey.

use crate::{Conn, Result, Workspace, all_as, vals};
use chrono::{DateTime, Utc};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

/// Somebody who was asked.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Row {
    pub id: Uuid,
    /// By which the link is found.
    pub token_hash: Vec<u8>,
    pub client_id: Uuid,
    pub client_name: String,
    pub segment: Option<String>,
    pub contact_id: Option<Uuid>,
    pub contact_name: Option<String>,
    pub email: Option<String>,
    pub state: String,
    pub reason: Option<String>,
    pub asked_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub score: Option<i32>,
    pub answered_at: Option<DateTime<Utc>>,
    pub comment: Option<String>,
}

/// Which of them.
#[derive(Debug, Clone, Default)]
pub struct RowFilter {
    /// Whether they have answered.
    pub answered: Option<bool>,
    /// Only those who wrote something.
    pub commented: bool,
    /// Lowest and highest score.
    pub scores: Option<(i32, i32)>,
    /// The state of their link.
    pub state: Option<String>,
    /// The segment of their client; the empty one is that of clients without.
    pub segment: Option<String>,
    /// The month of the answer, `YYYY-MM`.
    pub month: Option<String>,
    /// Only links that can be answered at this instant.
    pub usable_at: Option<DateTime<Utc>>,
}

impl RowFilter {
    /// Those who have answered stand in the order of their answers, the others in that of being asked.
    fn by_answer(&self) -> bool {
        self.answered == Some(true) || self.commented || self.scores.is_some() || self.month.is_some()
    }
}

impl Row {
    /// The place of the row in the order of a filter.
    pub fn place(&self, filter: &RowFilter) -> (DateTime<Utc>, Uuid) {
        let at = if filter.by_answer() { self.answered_at } else { None };
        (at.unwrap_or(self.asked_at), self.id)
    }
}

/// People of a survey, the latest first, from after a place.
pub async fn page(
    conn: &impl Conn,
    workspace: Workspace,
    survey: Uuid,
    filter: &RowFilter,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<Row>> {
    let mut values = vals![workspace.0, survey];
    let mut sql = String::from("r.workspace_id = $1 AND r.survey_id = $2");
    let mut push = |text: &str, value: Value| {
        values.push(value);
        sql.push_str(&text.replace('?', &format!("${}", values.len())));
    };
    let at = if filter.by_answer() { "r.answered_at" } else { "r.asked_at" };
    if let Some((min, max)) = filter.scores {
        push(" AND r.score >= ?", min.into());
        push(" AND r.score <= ?", max.into());
    }
    if let Some(state) = &filter.state {
        push(" AND r.state = ?", state.as_str().into());
    }
    if let Some(segment) = &filter.segment {
        push(" AND COALESCE(c.segment, '') = ?", segment.as_str().into());
    }
    if let Some(month) = &filter.month {
        push(&format!(" AND {} = ?", conn.engine_of().month_of("r.answered_on")), month.as_str().into());
    }
    if let Some(now) = filter.usable_at {
        push(" AND r.expires_at > ? AND p.id IS NOT NULL", now.into());
    }
    if let Some((at_then, id)) = after {
        push(&format!(" AND ({at}, r.id) < (?, "), at_then.into());
        push("?)", id.into());
    }
    match filter.answered {
        Some(true) => sql.push_str(" AND r.score IS NOT NULL"),
        Some(false) => sql.push_str(" AND r.score IS NULL"),
        None => {}
    }
    if filter.commented {
        sql.push_str(" AND g.data ->> 'comment' IS NOT NULL");
    }
    if filter.by_answer() {
        sql.push_str(" AND r.answered_at IS NOT NULL");
    }
    values.push(limit.into());
    let sql = format!(
        "SELECT r.id, r.token_hash, r.client_id, c.name AS client_name, c.segment, p.id AS contact_id, p.name AS contact_name, p.email, \
         r.state, r.reason, r.asked_at, r.expires_at, r.score, r.answered_at, g.data ->> 'comment' AS comment \
         FROM surveys_recipients r JOIN clients c ON c.id = r.client_id \
         LEFT JOIN clients_contacts p ON p.id = r.contact_id AND p.deleted_at IS NULL \
         LEFT JOIN clients_signals g ON g.id = r.signal_id WHERE {sql} ORDER BY {at} DESC, r.id DESC LIMIT ${}",
        values.len()
    );
    all_as(conn, &sql, values).await
}
