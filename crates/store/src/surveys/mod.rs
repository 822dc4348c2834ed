//! Surveys and the people that they ask.

mod adopted;
mod asking;
mod figures;
mod rows;

pub use adopted::{Adopted, Answer, adopt, nps_since};
pub use asking::{Asked, Asking, New, count, insert_recipients, select};
pub use figures::{Cell, DayOf, by_day, by_month, by_segment, cells};
pub use rows::{Row, RowFilter, page};

use crate::{Conn, Result, Tx, Workspace, all_as, one_as, vals};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// A survey as stored.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Survey {
    pub id: Uuid,
    pub name: String,
    pub kind: String,
    pub question_fr: String,
    pub question_en: String,
    pub follow_fr: Option<String>,
    pub follow_en: Option<String>,
    pub is_open: bool,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

const SURVEY: &str = "id, name, kind, question_fr, question_en, follow_fr, follow_en, is_open, created_at, updated_at";

/// The surveys of a workspace, the newest first.
pub async fn list(conn: &impl Conn, workspace: Workspace) -> Result<Vec<Survey>> {
    let sql = format!("SELECT {SURVEY} FROM surveys WHERE workspace_id = $1 ORDER BY created_at DESC, id DESC");
    all_as(conn, &sql, vals![workspace.0]).await
}

/// One survey.
pub async fn get(conn: &impl Conn, workspace: Workspace, id: Uuid) -> Result<Option<Survey>> {
    let sql = format!("SELECT {SURVEY} FROM surveys WHERE workspace_id = $1 AND id = $2");
    one_as(conn, &sql, vals![workspace.0, id]).await
}

/// Stores a survey, new or known by its id; its kind stays what it was.
pub async fn save(tx: &Tx, workspace: Workspace, s: &Survey) -> Result<()> {
    tx.run(
        "INSERT INTO surveys (id, workspace_id, name, kind, question_fr, question_en, follow_fr, follow_en, is_open, \
         created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, question_fr = excluded.question_fr, \
         question_en = excluded.question_en, follow_fr = excluded.follow_fr, follow_en = excluded.follow_en, \
         is_open = excluded.is_open, updated_at = excluded.updated_at",
        vals![
            s.id,
            workspace.0,
            s.name.as_str(),
            s.kind.as_str(),
            s.question_fr.as_str(),
            s.question_en.as_str(),
            s.follow_fr.clone(),
            s.follow_en.clone(),
            s.is_open,
            s.created_at,
            s.updated_at
        ],
    )
    .await?;
    Ok(())
}

/// Whether anybody was asked by a survey.
pub async fn was_sent(conn: &impl Conn, workspace: Workspace, survey: Uuid) -> Result<bool> {
    let sql = "SELECT 1 AS found FROM surveys_recipients WHERE workspace_id = $1 AND survey_id = $2 LIMIT 1";
    Ok(crate::one(conn, sql, vals![workspace.0, survey]).await?.is_some())
}

/// Somebody who was asked, with all that the page and the letter of their link need.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Link {
    pub id: Uuid,
    /// By which the link is found.
    pub token_hash: Vec<u8>,
    pub workspace_id: Uuid,
    /// As people know it.
    pub workspace_name: String,
    /// Of its days.
    pub timezone: String,
    pub survey_id: Uuid,
    pub name: String,
    pub kind: String,
    pub question_fr: String,
    pub question_en: String,
    pub follow_fr: Option<String>,
    pub follow_en: Option<String>,
    pub is_open: bool,
    pub state: String,
    pub locale: Option<String>,
    pub expires_at: DateTime<Utc>,
    pub score: Option<i32>,
    pub signal_id: Option<Uuid>,
    /// What they wrote, from the signal.
    pub comment: Option<String>,
    pub client_id: Uuid,
    pub client_external_id: String,
    /// None once they are taken away.
    pub contact_id: Option<Uuid>,
    pub contact_external_id: Option<String>,
    pub contact_name: Option<String>,
    pub contact_email: Option<String>,
    pub consent: Option<String>,
}

const LINK: &str = "SELECT r.id, r.token_hash, r.workspace_id, w.name AS workspace_name, w.timezone, r.survey_id, s.name, s.kind, \
    s.question_fr, s.question_en, s.follow_fr, s.follow_en, s.is_open, r.state, r.locale, r.expires_at, r.score, \
    r.signal_id, g.data ->> 'comment' AS comment, r.client_id, c.external_id AS client_external_id, \
    p.id AS contact_id, p.external_id AS contact_external_id, p.name AS contact_name, p.email AS contact_email, \
    p.consent FROM surveys_recipients r JOIN surveys s ON s.id = r.survey_id \
    JOIN identity_workspaces w ON w.id = r.workspace_id JOIN clients c ON c.id = r.client_id \
    LEFT JOIN clients_contacts p ON p.id = r.contact_id AND p.deleted_at IS NULL \
    LEFT JOIN clients_signals g ON g.id = r.signal_id";

/// Whose link has a token of this hash. It crosses workspaces: the link is what says whose it is.
pub async fn by_token(conn: &impl Conn, hash: &[u8; 32]) -> Result<Option<Link>> {
    one_as(conn, &format!("{LINK} WHERE r.token_hash = $1"), vals![hash.to_vec()]).await
}

/// Somebody who was asked.
pub async fn link(conn: &impl Conn, workspace: Workspace, id: Uuid) -> Result<Option<Link>> {
    one_as(conn, &format!("{LINK} WHERE r.workspace_id = $1 AND r.id = $2"), vals![workspace.0, id]).await
}

/// Notes an answer; given again it takes the place of the one before.
pub async fn answered(
    tx: &Tx,
    workspace: Workspace,
    id: Uuid,
    (score, signal): (i32, Uuid),
    (at, day): (DateTime<Utc>, NaiveDate),
) -> Result<()> {
    let sql = "UPDATE surveys_recipients SET score = $3, signal_id = $4, answered_at = $5, answered_on = $6 \
        WHERE workspace_id = $1 AND id = $2";
    tx.run(sql, vals![workspace.0, id, score, signal, at, day]).await?;
    Ok(())
}

/// Gives a link that nobody has yet another token.
pub async fn set_token(tx: &Tx, workspace: Workspace, id: Uuid, hash: &[u8; 32]) -> Result<()> {
    let sql = "UPDATE surveys_recipients SET token_hash = $3 WHERE workspace_id = $1 AND id = $2";
    tx.run(sql, vals![workspace.0, id, hash.to_vec()]).await?;
    Ok(())
}

/// Notes what became of a letter.
pub async fn set_state(
    tx: &Tx,
    workspace: Workspace,
    id: Uuid,
    (state, reason): (&str, Option<&str>),
    sent_at: Option<DateTime<Utc>>,
) -> Result<()> {
    let sql = "UPDATE surveys_recipients SET state = $3, reason = $4, sent_at = $5 WHERE workspace_id = $1 AND id = $2";
    tx.run(sql, vals![workspace.0, id, state, reason, sent_at]).await?;
    Ok(())
}
