//! People at clients: described by sources, or written by hand, changed, taken away and had back; and their last NPS.

use super::upsert::{Returned, Upserted, clean, distinct_runs};
use super::words;
use crate::health::champions;
use crate::{Conn, Result, Tx, Workspace, all, all_as, list, one, one_as, vals};
use chrono::{DateTime, NaiveDate, Utc};
use essor_domain::clients::ContactInput;
use sea_orm::{FromQueryResult, Value};
use serde_json::Value as Json;
use std::collections::HashMap;
use uuid::Uuid;

/// A contact as stored.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Contact {
    pub id: Uuid,
    pub client_id: Option<Uuid>,
    pub external_id: String,
    pub name: Option<String>,
    pub email: Option<String>,
    pub role: Option<String>,
    pub title: Option<String>,
    pub left_on: Option<NaiveDate>,
    pub consent: Option<String>,
    pub consent_on: Option<NaiveDate>,
    pub last_seen_at: Option<DateTime<Utc>>,
}

pub(crate) const CONTACT: &str =
    "id, client_id, external_id, name, email, role, title, left_on, consent, consent_on, last_seen_at";

/// Creates or updates contacts by external id; `clients` holds the ids of the clients that the inputs name.
pub async fn upsert_contacts(
    tx: &Tx,
    workspace: Workspace,
    inputs: &[ContactInput],
    clients: &HashMap<String, Uuid>,
    now: DateTime<Utc>,
) -> Result<Vec<Upserted>> {
    let merge = tx.engine().json_merge("clients_contacts.traits", "excluded.traits");
    let tail = format!(
        " ON CONFLICT (workspace_id, external_id) DO UPDATE SET \
         client_id = COALESCE(excluded.client_id, clients_contacts.client_id), \
         name = COALESCE(excluded.name, clients_contacts.name), email = COALESCE(excluded.email, clients_contacts.email), \
         role = COALESCE(excluded.role, clients_contacts.role), \
         title = COALESCE(excluded.title, clients_contacts.title), \
         left_on = COALESCE(excluded.left_on, clients_contacts.left_on), traits = {merge}, updated_at = excluded.updated_at, \
         deleted_at = NULL RETURNING id, external_id, created_at, updated_at"
    );
    let mut out = Vec::with_capacity(inputs.len());
    for chunk in distinct_runs(inputs, |input| input.external_id.as_str()) {
        let keys = chunk.iter().map(|input| input.external_id.as_str().into()).collect();
        let before = champions::people(tx, workspace, "external_id", keys).await?;
        let rows = chunk
            .iter()
            .map(|c| {
                let client = c.client_external_id.as_ref().and_then(|id| clients.get(id)).copied();
                let (part, title) = c.part_and_title();
                vals![
                    Uuid::now_v7(),
                    workspace.0,
                    client,
                    c.external_id.as_str(),
                    c.name.clone(),
                    c.email.clone(),
                    part,
                    title,
                    c.left_on,
                    clean(Json::Object(c.traits.clone())),
                    now,
                    now,
                ]
            })
            .collect();
        let head = "INSERT INTO clients_contacts (id, workspace_id, client_id, external_id, name, email, role, title, left_on, traits, created_at, updated_at)";
        let mut by_id: HashMap<String, Upserted> = HashMap::new();
        for row in tx.insert_many(head, &tail, rows).await? {
            let row: Upserted = Returned::from_query_result(&row, "")?.into();
            by_id.insert(row.external_id.clone(), row);
        }
        let named = chunk.iter().filter(|input| input.name.is_some() || input.email.is_some());
        let named: Vec<Uuid> = named.filter_map(|input| by_id.get(&input.external_id)).map(|row| row.id).collect();
        words::write(tx, workspace, &named).await?;
        champions::follow(tx, workspace, before, now).await?;
        out.extend(chunk.iter().filter_map(|input| by_id.remove(&input.external_id)));
    }
    Ok(out)
}

/// One contact.
pub async fn contact(conn: &impl Conn, workspace: Workspace, id: Uuid) -> Result<Option<Contact>> {
    let sql =
        format!("SELECT {CONTACT} FROM clients_contacts WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL");
    one_as(conn, &sql, vals![workspace.0, id]).await
}

/// The people at a client, the last seen first.
pub async fn contacts(conn: &impl Conn, workspace: Workspace, client: Uuid) -> Result<Vec<Contact>> {
    let sql = format!(
        "SELECT {CONTACT} FROM clients_contacts WHERE workspace_id = $1 AND client_id = $2 \
         AND deleted_at IS NULL ORDER BY CASE WHEN last_seen_at IS NULL THEN 1 ELSE 0 END, last_seen_at DESC, external_id LIMIT 500"
    );
    all_as(conn, &sql, vals![workspace.0, client]).await
}

/// The clients of contacts by external id: where a user's events go.
pub async fn clients_of_contacts(
    conn: &impl Conn,
    workspace: Workspace,
    users: &[&str],
) -> Result<HashMap<String, Option<Uuid>>> {
    let mut out = HashMap::new();
    for chunk in users.chunks(400) {
        let sql = format!(
            "SELECT external_id, client_id FROM clients_contacts WHERE workspace_id = $1 AND external_id IN ({})",
            list(2, chunk.len())
        );
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|user| Value::from(*user)));
        for row in all(conn, &sql, values).await? {
            out.insert(row.try_get("", "external_id")?, row.try_get("", "client_id")?);
        }
    }
    Ok(out)
}

/// Takes a row of a table away, or gives it back. False when it already is so.
pub(super) async fn mark_deleted(
    tx: &Tx,
    table: &str,
    workspace: Workspace,
    id: Uuid,
    deleted_at: Option<DateTime<Utc>>,
) -> Result<bool> {
    let there = if deleted_at.is_some() { "deleted_at IS NULL" } else { "deleted_at IS NOT NULL" };
    let sql = format!("UPDATE {table} SET deleted_at = $1 WHERE workspace_id = $2 AND id = $3 AND {there}");
    Ok(tx.run(&sql, vals![deleted_at, workspace.0, id]).await? > 0)
}

/// The client of a contact, taken away or not; none when there is no such contact.
pub async fn client_of(conn: &impl Conn, workspace: Workspace, id: Uuid) -> Result<Option<Option<Uuid>>> {
    let sql = "SELECT client_id FROM clients_contacts WHERE workspace_id = $1 AND id = $2";
    match one(conn, sql, vals![workspace.0, id]).await? {
        Some(row) => Ok(Some(row.try_get("", "client_id")?)),
        None => Ok(None),
    }
}

/// Stores a person, new or known by their id.
pub async fn save(tx: &Tx, workspace: Workspace, c: &Contact, now: DateTime<Utc>) -> Result<()> {
    let before = champions::people(tx, workspace, "id", vals![c.id]).await?;
    tx.run(
        "INSERT INTO clients_contacts (id, workspace_id, client_id, external_id, name, email, role, title, left_on, \
         consent, consent_on, traits, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13) \
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email, role = excluded.role, \
         title = excluded.title, left_on = excluded.left_on, consent = excluded.consent, \
         consent_on = excluded.consent_on, updated_at = excluded.updated_at",
        vals![
            c.id,
            workspace.0,
            c.client_id,
            c.external_id.as_str(),
            c.name.clone(),
            c.email.clone(),
            c.role.clone(),
            c.title.clone(),
            c.left_on,
            c.consent.clone(),
            c.consent_on,
            Json::Object(serde_json::Map::new()),
            now
        ],
    )
    .await?;
    champions::follow(tx, workspace, before, now).await?;
    super::words::write(tx, workspace, &[c.id]).await
}

/// Takes a person away, or gives them back. False when they already are so.
pub async fn set_deleted(tx: &Tx, workspace: Workspace, id: Uuid, deleted: bool, now: DateTime<Utc>) -> Result<bool> {
    let before = champions::people(tx, workspace, "id", vals![id]).await?;
    let done = mark_deleted(tx, "clients_contacts", workspace, id, deleted.then_some(now)).await?;
    champions::follow(tx, workspace, before, now).await?;
    Ok(done)
}

/// Forgets people who were taken away before an instant. Crosses workspaces: it is retention.
pub async fn purge(tx: &Tx, before: DateTime<Utc>) -> Result<u64> {
    tx.run("DELETE FROM clients_contacts WHERE deleted_at < $1", vals![before]).await
}

/// The last NPS answer of each person at a client, with when it was given.
pub async fn nps(conn: &impl Conn, workspace: Workspace, client: Uuid) -> Result<HashMap<Uuid, (f64, DateTime<Utc>)>> {
    // Oldest first: a later answer takes the place of an earlier one.
    let sql = "SELECT contact_id, score, occurred_at, data FROM clients_signals WHERE workspace_id = $1 \
        AND client_id = $2 AND kind = 'survey' AND contact_id IS NOT NULL AND score IS NOT NULL ORDER BY occurred_at, id";
    let mut out = HashMap::new();
    for row in all(conn, sql, vals![workspace.0, client]).await? {
        let data: Json = row.try_get("", "data")?;
        if data.get("survey").and_then(Json::as_str).is_some_and(|survey| survey.eq_ignore_ascii_case("nps")) {
            out.insert(row.try_get("", "contact_id")?, (row.try_get("", "score")?, row.try_get("", "occurred_at")?));
        }
    }
    Ok(out)
}
