//! People at a client, written by hand: made, changed, taken away and had back; and their last NPS.

use super::Contact;
use crate::{Conn, Result, Tx, Workspace, all, one, vals};
use chrono::{DateTime, Utc};
use serde_json::Value as Json;
use std::collections::HashMap;
use uuid::Uuid;

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
    super::words::write(tx, workspace, &[c.id]).await
}

/// Takes a person away, or gives them back. False when they already are so.
pub async fn set_deleted(tx: &Tx, workspace: Workspace, id: Uuid, deleted_at: Option<DateTime<Utc>>) -> Result<bool> {
    mark_deleted(tx, "clients_contacts", workspace, id, deleted_at).await
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
