//! When clients and contacts were last seen.

use crate::{Result, Tx, Workspace, vals};
use chrono::{DateTime, Duration, Utc};
use sea_orm::Value;
use uuid::Uuid;

/// "Last seen" moves at most this often for a client or contact: a row and its indexes are not written anew for each
/// event.
pub const EVERY: Duration = Duration::seconds(60);

/// Moves "last seen" of clients forward.
pub async fn clients(tx: &Tx, workspace: Workspace, seen: &[(Uuid, DateTime<Utc>)]) -> Result<()> {
    for chunk in seen.chunks(300) {
        let rows = tx.engine().typed_rows(chunk.len(), &["uuid", "timestamptz", "timestamptz"]);
        let mut values: Vec<Value> = chunk.iter().flat_map(|(id, at)| vals![*id, *at, *at - EVERY]).collect();
        values.push(workspace.0.into());
        let sql = format!(
            "WITH fresh (id, at, before) AS (VALUES {rows}) UPDATE clients SET last_seen_at = fresh.at FROM fresh \
             WHERE clients.id = fresh.id AND COALESCE(clients.workspace_id, clients.id) = ${} \
             AND (clients.last_seen_at IS NULL OR clients.last_seen_at <= fresh.before)",
            values.len()
        );
        tx.run(&sql, values).await?;
    }
    Ok(())
}

/// Moves "last seen" of contacts forward.
pub async fn contacts(tx: &Tx, workspace: Workspace, seen: &[(String, DateTime<Utc>)]) -> Result<()> {
    for chunk in seen.chunks(300) {
        let rows = tx.engine().typed_rows(chunk.len(), &["text", "timestamptz", "timestamptz"]);
        let mut values: Vec<Value> = chunk.iter().flat_map(|(id, at)| vals![id.as_str(), *at, *at - EVERY]).collect();
        values.push(workspace.0.into());
        let sql = format!(
            "WITH fresh (external_id, at, before) AS (VALUES {rows}) UPDATE clients_contacts SET last_seen_at = fresh.at FROM fresh \
             WHERE clients_contacts.external_id = fresh.external_id AND clients_contacts.workspace_id = ${} \
             AND (clients_contacts.last_seen_at IS NULL OR clients_contacts.last_seen_at <= fresh.before)",
            values.len()
        );
        tx.run(&sql, values).await?;
    }
    Ok(())
}
