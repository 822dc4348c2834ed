//! Answers that are there already, taken into a survey: the demo's survey has the answers of its story.

use crate::{Conn, Result, Tx, Workspace, all_as, vals};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// An NPS answer as a source sent it.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Answer {
    pub id: Uuid,
    pub client_id: Uuid,
    pub contact_id: Uuid,
    pub score: f64,
    pub occurred_at: DateTime<Utc>,
}

/// The NPS answers of people since an instant, in order.
pub async fn nps_since(conn: &impl Conn, workspace: Workspace, since: DateTime<Utc>) -> Result<Vec<Answer>> {
    let sql = "SELECT s.id, s.client_id, s.contact_id, s.score, s.occurred_at FROM clients_signals s \
        JOIN clients_contacts p ON p.id = s.contact_id AND p.deleted_at IS NULL WHERE s.workspace_id = $1 \
        AND s.kind = 'survey' AND s.data ->> 'survey' = 'nps' AND s.score IS NOT NULL AND s.occurred_at >= $2 \
        ORDER BY s.occurred_at, s.message_id";
    all_as(conn, sql, vals![workspace.0, since]).await
}

/// Somebody who was asked, with what they answered.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Adopted {
    pub id: Uuid,
    pub client_id: Uuid,
    pub contact_id: Uuid,
    pub token_hash: [u8; 32],
    pub asked_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// Score, signal, when and on which day.
    pub answer: Option<(i32, Uuid, DateTime<Utc>, NaiveDate)>,
}

/// Stores them as people of a survey.
pub async fn adopt(tx: &Tx, workspace: Workspace, survey: Uuid, people: &[Adopted]) -> Result<()> {
    let rows = people.iter().map(|p| {
        vals![
            p.id,
            workspace.0,
            survey,
            p.client_id,
            p.contact_id,
            p.token_hash.to_vec(),
            "link",
            p.asked_at,
            p.expires_at,
            p.answer.map(|(score, ..)| score),
            p.answer.map(|(_, signal, ..)| signal),
            p.answer.map(|(_, _, at, _)| at),
            p.answer.map(|(_, _, _, day)| day)
        ]
    });
    let head = "INSERT INTO surveys_recipients (id, workspace_id, survey_id, client_id, contact_id, token_hash, state, \
        asked_at, expires_at, score, signal_id, answered_at, answered_on)";
    tx.insert_many(head, "", rows.collect()).await?;
    Ok(())
}
