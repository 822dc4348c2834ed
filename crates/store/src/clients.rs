//! Clients as stored: one, some by their ids, all; what else is of them is in the modules below.

pub mod duplicates;
pub mod edit;
pub mod erasures;
pub mod files;
pub mod forget;
pub mod gone;
pub mod held;
mod list;
pub mod notes;
pub mod people;
pub mod seen;
pub mod stream;
mod upsert;
pub mod words;

pub(crate) use list::Walk;
pub use list::{Facet, Facets, Filter, Key, Sort, count, facet, facets, page};
pub(crate) use people::CONTACT;
pub use people::{Contact, clients_of_contacts, contact, contacts, upsert_contacts};
pub use upsert::{Upserted, upsert};
pub(crate) use upsert::{clean, distinct_runs};

use crate::{Conn, Result, Workspace, all, list, one_as, vals};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{FromQueryResult, Value};
use serde_json::Value as Json;
use std::collections::HashMap;
use uuid::Uuid;

/// A client as stored.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name; units are in the name")]
pub struct Client {
    pub id: Uuid,
    pub external_id: String,
    pub name: String,
    pub domain: Option<String>,
    pub segment: Option<String>,
    pub industry: Option<String>,
    pub country: Option<String>,
    pub owner: Option<String>,
    pub plan: Option<String>,
    pub seats: Option<i32>,
    pub since: Option<NaiveDate>,
    pub traits: Json,
    pub archived: bool,
    pub paused: bool,
    pub status: String,
    pub mrr_cents: i64,
    pub trial: bool,
    pub first_paid_on: Option<NaiveDate>,
    pub churned_on: Option<NaiveDate>,
    pub health: Option<i32>,
    pub health_class: String,
    pub health_coverage: Option<f64>,
    pub health_at: Option<DateTime<Utc>>,
    pub top_risk: Option<Json>,
    pub at_risk: bool,
    pub last_seen_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub stage: Option<String>,
    pub renews_on: Option<NaiveDate>,
}

pub(crate) const COLUMNS: &str = "id, external_id, name, domain, segment, industry, country, owner, plan, seats, since, traits, \
    archived, paused, status, mrr_cents, trial, first_paid_on, churned_on, health, health_class, health_coverage, \
    health_at, top_risk, at_risk, last_seen_at, created_at, stage, renews_on";

/// The scope of clients `c` that are found by their ids or their parents': no index answers an expression, so that
/// SQLite, which without statistics takes `workspace_id` for as narrow as an id, does not walk through all clients.
pub(crate) const SCOPE: &str = "COALESCE(c.workspace_id, c.id) = $1";

/// The same for rows that are found by the clients they belong to: without statistics SQLite would rather walk through all
/// rows of the workspace, by kind or by day, for every chunk of clients.
pub(crate) const OF_CLIENTS: &str = "COALESCE(workspace_id, client_id) = $1";

/// The status of a client from what is derived of its subscriptions and what was set by hand. `none` is a client that
/// never had a subscription; `deleted` one in the trash or merged into another, which no list and no total knows.
pub const STATUS_SQL: &str = "CASE WHEN deleted_at IS NOT NULL THEN 'deleted' WHEN archived AND mrr_cents = 0 THEN 'archived' WHEN paused THEN 'paused' \
    WHEN mrr_cents > 0 THEN 'active' WHEN trial THEN 'trial' WHEN first_paid_on IS NOT NULL THEN 'churned' ELSE 'none' END";

/// The ids of clients by external id, that of a merged client leading to its survivor; unknown ones are absent.
pub async fn ids(conn: &impl Conn, workspace: Workspace, external_ids: &[&str]) -> Result<HashMap<String, Uuid>> {
    let mut out = ids_in(conn, "clients", workspace, external_ids).await?;
    let aliases = gone::aliases(conn, workspace, external_ids).await?;
    out.extend(aliases.into_iter().map(|(alias, (id, _))| (alias, id)));
    Ok(out)
}

/// The ids of contacts by external id; unknown ones are absent.
pub async fn contact_ids(
    conn: &impl Conn,
    workspace: Workspace,
    external_ids: &[&str],
) -> Result<HashMap<String, Uuid>> {
    ids_in(conn, "clients_contacts", workspace, external_ids).await
}

async fn ids_in(
    conn: &impl Conn,
    table: &str,
    workspace: Workspace,
    external_ids: &[&str],
) -> Result<HashMap<String, Uuid>> {
    let mut out = HashMap::new();
    for chunk in external_ids.chunks(400) {
        let sql = format!(
            "SELECT external_id, id FROM {table} WHERE workspace_id = $1 AND external_id IN ({})",
            list(2, chunk.len())
        );
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        for row in all(conn, &sql, values).await? {
            out.insert(row.try_get("", "external_id")?, row.try_get("", "id")?);
        }
    }
    Ok(out)
}

/// One client.
pub async fn get(conn: &impl Conn, workspace: Workspace, id: Uuid) -> Result<Option<Client>> {
    let sql = format!("SELECT {COLUMNS} FROM clients WHERE workspace_id = $1 AND id = $2");
    one_as(conn, &sql, vals![workspace.0, id]).await
}

/// All client ids of a workspace, in order.
pub async fn all_ids(conn: &impl Conn, workspace: Workspace) -> Result<Vec<Uuid>> {
    all(conn, "SELECT id FROM clients WHERE workspace_id = $1 ORDER BY id", vals![workspace.0])
        .await?
        .iter()
        .map(|row| Ok(row.try_get("", "id")?))
        .collect()
}

/// All clients with their segments, in order.
pub async fn segments(conn: &impl Conn, workspace: Workspace) -> Result<Vec<(Uuid, Option<String>)>> {
    all(conn, "SELECT id, segment FROM clients WHERE workspace_id = $1 ORDER BY id", vals![workspace.0])
        .await?
        .iter()
        .map(|row| Ok((row.try_get("", "id")?, row.try_get("", "segment")?)))
        .collect()
}

/// The segments of some clients.
pub async fn segments_of(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
) -> Result<HashMap<Uuid, Option<String>>> {
    let mut out = HashMap::new();
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!("SELECT id, segment FROM clients c WHERE {SCOPE} AND id IN ({})", list(2, chunk.len()));
        for row in all(conn, &sql, values).await? {
            out.insert(row.try_get("", "id")?, row.try_get("", "segment")?);
        }
    }
    Ok(out)
}

/// Those of some clients that pay: id, name, cents a month.
pub async fn paying(conn: &impl Conn, workspace: Workspace, clients: &[Uuid]) -> Result<Vec<(Uuid, String, i64)>> {
    let mut out = Vec::new();
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT id, name, mrr_cents FROM clients c WHERE {SCOPE} AND mrr_cents > 0 AND id IN ({}) ORDER BY id",
            list(2, chunk.len())
        );
        for row in all(conn, &sql, values).await? {
            out.push((row.try_get("", "id")?, row.try_get("", "name")?, row.try_get("", "mrr_cents")?));
        }
    }
    Ok(out)
}

/// The clients that left since a day and have not come back, with the day.
pub async fn left_since(conn: &impl Conn, workspace: Workspace, since: NaiveDate) -> Result<Vec<(Uuid, NaiveDate)>> {
    let sql = "SELECT id, churned_on FROM clients WHERE workspace_id = $1 AND churned_on >= $2 ORDER BY id";
    all(conn, sql, vals![workspace.0, since])
        .await?
        .iter()
        .map(|row| Ok((row.try_get("", "id")?, row.try_get("", "churned_on")?)))
        .collect()
}
