//! One client changed by hand.

use super::{Client, STATUS_SQL};
use crate::health::seats;
use crate::{Result, Tx, Workspace, one, vals};
use chrono::{DateTime, Utc};
use essor_domain::clients::{Editable, fold};
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What people may change of a client, as it stands: its row, its parent's id and name, its tags and its own fields by their
/// keys.
pub fn editable(
    client: &Client,
    parent: Option<(Uuid, String)>,
    tags: Vec<String>,
    fields: BTreeMap<String, Value>,
) -> Editable {
    Editable {
        name: client.name.clone(),
        domain: client.domain.clone(),
        segment: client.segment.clone(),
        industry: client.industry.clone(),
        country: client.country.clone(),
        owner: client.owner.clone(),
        plan: client.plan.clone(),
        seats: client.seats,
        since: client.since,
        paused: client.paused,
        archived: client.archived,
        parent_id: parent.as_ref().map(|(id, _)| *id),
        parent_name: parent.map(|(_, name)| name),
        tags,
        fields,
    }
}

/// Holds a client until the transaction ends, so that what was read of it stays true. False when there is none.
pub async fn hold(tx: &Tx, workspace: Workspace, id: Uuid) -> Result<bool> {
    let sql = format!("SELECT id FROM clients WHERE workspace_id = $1 AND id = $2 {}", tx.engine().for_update());
    Ok(one(tx, &sql, vals![workspace.0, id]).await?.is_some())
}

/// Writes what people may change; the status and the slices of the ledger follow.
pub async fn update(tx: &Tx, workspace: Workspace, id: Uuid, c: &Editable, now: DateTime<Utc>) -> Result<()> {
    let before = seats::own(tx, workspace, "id", vals![id]).await?;
    let changes = before.into_iter().map(|own| (own.clone(), own.set(c.seats, c.since))).collect();
    seats::follow(tx, workspace, changes, now).await?;
    tx.run(
        "UPDATE clients SET name = $1, name_key = $2, domain = $3, segment = $4, industry = $5, country = $6, owner = $7, \
         plan = $8, seats = $9, since = $10, paused = $11, archived = $12, updated_at = $13 \
         WHERE workspace_id = $14 AND id = $15",
        vals![
            c.name.as_str(),
            fold(&c.name),
            c.domain.clone(),
            c.segment.clone(),
            c.industry.clone(),
            c.country.clone(),
            c.owner.clone(),
            c.plan.clone(),
            c.seats,
            c.since,
            c.paused,
            c.archived,
            now,
            workspace.0,
            id
        ],
    )
    .await?;
    let sql = format!("UPDATE clients SET status = {STATUS_SQL} WHERE workspace_id = $1 AND id = $2");
    tx.run(&sql, vals![workspace.0, id]).await?;
    crate::clients_fields::refold(tx, workspace, &[id]).await?;
    crate::growth::slices::follow(tx, workspace, &[id]).await
}
