//! Who would be asked, who is left out and why, and the links that are made.

use crate::clients::Filter;
use crate::{Conn, Result, Tx, Workspace, all, all_as, list, vals};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

/// Whom a sending is for.
#[derive(Debug, Clone)]
pub struct Asking {
    /// These people, and nobody else.
    pub contacts: Option<Vec<Uuid>>,
    /// The people of the clients that it matches; archived ones too, which are then left out for it.
    pub filter: Filter,
    /// Also those who have never said whether they want to be written to.
    pub silent: bool,
    /// Only those who have an address.
    pub email: bool,
    /// The day, for those who have left by it.
    pub today: NaiveDate,
    /// Who was asked or answered from then on is left in peace.
    pub since: DateTime<Utc>,
}

/// A person who will be asked.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Asked {
    pub id: Uuid,
    pub client_id: Uuid,
    /// What a source says of their language.
    pub words: Option<String>,
    /// Of their client.
    pub country: Option<String>,
}

impl Asking {
    /// The condition of the people in question, and the word for each: `ask`, or why not. The first reason counts.
    fn sql(&self, workspace: Workspace) -> (String, String, Vec<Value>) {
        let (clients, mut values) = self.filter.sql(workspace);
        let mut put = |value: Value| {
            values.push(value);
            format!("${}", values.len())
        };
        let today = put(self.today.into());
        let since = put(self.since.into());
        let mut whom = format!(
            "p.workspace_id = $1 AND p.deleted_at IS NULL AND p.client_id IN (SELECT id FROM clients WHERE {clients})"
        );
        if let Some(ids) = &self.contacts {
            let from = values.len() + 1;
            values.extend(ids.iter().map(|id| Value::from(*id)));
            whom.push_str(&format!(" AND p.id IN ({})", list(from, ids.len())));
        }
        let silent = if self.silent { "" } else { " WHEN p.consent IS NULL THEN 'silent'" };
        let address = if self.email { " WHEN COALESCE(TRIM(p.email), '') = '' THEN 'no_address'" } else { "" };
        let why = format!(
            "CASE WHEN k.status = 'archived' THEN 'archived' WHEN p.left_on <= {today} THEN 'left' \
             WHEN p.consent = 'refused' THEN 'refused'{silent}{address} \
             WHEN EXISTS (SELECT 1 FROM surveys_recipients r WHERE r.contact_id = p.id AND r.asked_at > {since}) \
             OR EXISTS (SELECT 1 FROM clients_signals g WHERE g.contact_id = p.id AND g.kind = 'survey' \
             AND g.occurred_at > {since}) THEN 'recent' ELSE 'ask' END"
        );
        (whom, why, values)
    }
}

const FROM: &str = "FROM clients_contacts p JOIN clients k ON k.id = p.client_id";

/// How many would be asked (`ask`), and how many not for each reason.
pub async fn count(conn: &impl Conn, workspace: Workspace, asking: &Asking) -> Result<Vec<(String, i64)>> {
    let (whom, why, values) = asking.sql(workspace);
    let sql = format!("SELECT why, COUNT(*) AS n FROM (SELECT {why} AS why {FROM} WHERE {whom}) found GROUP BY why");
    all(conn, &sql, values).await?.iter().map(|row| Ok((row.try_get("", "why")?, row.try_get("", "n")?))).collect()
}

/// Those who are asked, up to a number.
pub async fn select(conn: &impl Conn, workspace: Workspace, asking: &Asking, most: i64) -> Result<Vec<Asked>> {
    let (whom, why, mut values) = asking.sql(workspace);
    values.push(most.into());
    let sql = format!(
        "SELECT p.id, p.client_id, COALESCE(p.traits ->> 'locale', p.traits ->> 'language') AS words, k.country {FROM} \
         WHERE {whom} AND {why} = 'ask' ORDER BY p.id LIMIT ${}",
        values.len()
    );
    all_as(conn, &sql, values).await
}

/// A link to be made.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct New {
    pub id: Uuid,
    pub client_id: Uuid,
    pub contact_id: Uuid,
    pub token_hash: [u8; 32],
    pub locale: Option<&'static str>,
}

/// Stores links that are made together.
pub async fn insert_recipients(
    tx: &Tx,
    workspace: Workspace,
    survey: Uuid,
    state: &str,
    new: &[New],
    (now, expires_at): (DateTime<Utc>, DateTime<Utc>),
) -> Result<()> {
    let rows = new.iter().map(|row| {
        vals![
            row.id,
            workspace.0,
            survey,
            row.client_id,
            row.contact_id,
            row.token_hash.to_vec(),
            state,
            row.locale,
            now,
            expires_at
        ]
    });
    let head = "INSERT INTO surveys_recipients (id, workspace_id, survey_id, client_id, contact_id, token_hash, state, \
        locale, asked_at, expires_at)";
    tx.insert_many(head, "", rows.collect()).await?;
    Ok(())
}
