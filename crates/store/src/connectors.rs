//! Imports of files: their state, what became of their rows, and what columns meant before.

use crate::{Conn, Result, Tx, Workspace, all, all_as, list, one, one_as, vals};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{FromQueryResult, Value};
use serde_json::Value as Json;
use std::collections::HashMap;
use uuid::Uuid;

/// An import as stored.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Import {
    pub id: Uuid,
    /// new, checking, checked, running, done, failed or stopped.
    pub state: String,
    pub file_name: String,
    pub bytes: i64,
    pub found: Json,
    pub plan: Option<Json>,
    /// Rows that the last commit covers.
    pub place: i64,
    pub created_rows: i64,
    pub changed_rows: i64,
    pub unchanged_rows: i64,
    pub refused_rows: i64,
    /// The code of what ended it.
    pub failure: Option<String>,
    pub user_id: Option<Uuid>,
    pub by_name: String,
    pub uploaded_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
}

const IMPORT: &str = "id, state, file_name, bytes, found, plan, place, created_rows, changed_rows, unchanged_rows, \
    refused_rows, failure, user_id, by_name, uploaded_at, started_at, finished_at";

/// What became of a row.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Row {
    pub line: i64,
    /// created, changed, unchanged or refused.
    pub outcome: String,
    pub row_key: Option<String>,
    /// `{"code": …, "params": {…}}`.
    pub refusal: Option<Json>,
    /// As it stands in the file, of refused rows.
    pub raw: Option<String>,
}

/// Stores an import, new or changed.
pub async fn save(tx: &Tx, workspace: Workspace, import: &Import) -> Result<()> {
    let updates = IMPORT
        .split(", ")
        .filter(|column| !["id", "file_name", "bytes", "uploaded_at"].contains(&column.trim()))
        .map(|column| format!("{0} = excluded.{0}", column.trim()))
        .collect::<Vec<_>>()
        .join(", ");
    let sql = format!(
        "INSERT INTO connectors_imports ({IMPORT}, workspace_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) \
         ON CONFLICT (id) DO UPDATE SET {updates} WHERE connectors_imports.workspace_id = excluded.workspace_id"
    );
    let i = import.clone();
    tx.run(
        &sql,
        vals![
            i.id,
            i.state,
            i.file_name,
            i.bytes,
            i.found,
            i.plan,
            i.place,
            i.created_rows,
            i.changed_rows,
            i.unchanged_rows,
            i.refused_rows,
            i.failure,
            i.user_id,
            i.by_name,
            i.uploaded_at,
            i.started_at,
            i.finished_at,
            workspace.0
        ],
    )
    .await?;
    Ok(())
}

/// One import.
pub async fn get(conn: &impl Conn, workspace: Workspace, id: Uuid) -> Result<Option<Import>> {
    let sql = format!("SELECT {IMPORT} FROM connectors_imports WHERE workspace_id = $1 AND id = $2");
    one_as(conn, &sql, vals![workspace.0, id]).await
}

/// The same, held until the transaction ends.
pub async fn hold(tx: &Tx, workspace: Workspace, id: Uuid) -> Result<Option<Import>> {
    let lock = tx.engine().for_update();
    let sql = format!("SELECT {IMPORT} FROM connectors_imports WHERE workspace_id = $1 AND id = $2 {lock}");
    one_as(tx, &sql, vals![workspace.0, id]).await
}

/// Imports, the newest first, from before one.
pub async fn recent(
    conn: &impl Conn,
    workspace: Workspace,
    before: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<Import>> {
    let mut values = vals![workspace.0, limit];
    let mut after = String::new();
    if let Some((at, id)) = before {
        values.extend(vals![at, id]);
        after = " AND (uploaded_at, id) < ($3, $4)".into();
    }
    let sql = format!(
        "SELECT {IMPORT} FROM connectors_imports WHERE workspace_id = $1{after} ORDER BY uploaded_at DESC, id DESC LIMIT $2"
    );
    all_as(conn, &sql, values).await
}

/// Forgets an import with what became of its rows.
pub async fn delete(tx: &Tx, workspace: Workspace, id: Uuid) -> Result<()> {
    forget_rows(tx, workspace, id).await?;
    tx.run("DELETE FROM connectors_imports WHERE workspace_id = $1 AND id = $2", vals![workspace.0, id]).await?;
    Ok(())
}

/// Forgets what became of the rows of an import: it begins anew.
pub async fn forget_rows(tx: &Tx, workspace: Workspace, id: Uuid) -> Result<()> {
    let sql = "DELETE FROM connectors_import_rows WHERE workspace_id = $1 AND import_id = $2";
    tx.run(sql, vals![workspace.0, id]).await?;
    Ok(())
}

/// Notes what became of rows.
pub async fn note(tx: &Tx, workspace: Workspace, id: Uuid, rows: Vec<Row>) -> Result<()> {
    let rows = rows
        .into_iter()
        .map(|row| vals![workspace.0, id, row.outcome, row.line, row.row_key, row.refusal, row.raw])
        .collect();
    tx.insert_many(
        "INSERT INTO connectors_import_rows (workspace_id, import_id, outcome, line, row_key, refusal, raw)",
        "",
        rows,
    )
    .await?;
    Ok(())
}

/// Rows of one outcome in the order of the file, from after a line.
pub async fn rows(
    conn: &impl Conn,
    workspace: Workspace,
    id: Uuid,
    outcome: &str,
    after: i64,
    limit: i64,
) -> Result<Vec<Row>> {
    let sql = "SELECT line, outcome, row_key, refusal, raw FROM connectors_import_rows \
        WHERE workspace_id = $1 AND import_id = $2 AND outcome = $3 AND line > $4 ORDER BY line LIMIT $5";
    all_as(conn, sql, vals![workspace.0, id, outcome, after, limit]).await
}

/// What columns meant when a file had this header.
pub async fn remembered(conn: &impl Conn, workspace: Workspace, header: &str) -> Result<Option<Json>> {
    let sql = "SELECT plan FROM connectors_mappings WHERE workspace_id = $1 AND header_key = $2";
    Ok(one(conn, sql, vals![workspace.0, header]).await?.map(|row| row.try_get("", "plan")).transpose()?)
}

/// Remembers what columns mean.
pub async fn remember(tx: &Tx, workspace: Workspace, header: &str, plan: &Json, now: DateTime<Utc>) -> Result<()> {
    tx.run(
        "INSERT INTO connectors_mappings (workspace_id, header_key, plan, used_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (workspace_id, header_key) DO UPDATE SET plan = excluded.plan, used_at = excluded.used_at",
        vals![workspace.0, header, plan.clone(), now],
    )
    .await?;
    Ok(())
}

/// Files that nobody has worked on since an instant: the imports that have not been run. Crosses workspaces.
pub async fn abandoned(conn: &impl Conn, before: DateTime<Utc>) -> Result<Vec<(Workspace, Uuid)>> {
    let sql = "SELECT workspace_id, id FROM connectors_imports WHERE state IN ('new', 'checked') AND uploaded_at < $1";
    all(conn, sql, vals![before])
        .await?
        .iter()
        .map(|row| Ok((Workspace(row.try_get("", "workspace_id")?), row.try_get("", "id")?)))
        .collect()
}

/// Imports that were over before an instant and whose rows are still known. Crosses workspaces: it is retention.
pub async fn long_over(conn: &impl Conn, before: DateTime<Utc>) -> Result<Vec<(Workspace, Uuid)>> {
    let sql = "SELECT i.workspace_id, i.id FROM connectors_imports i WHERE i.finished_at < $1 \
        AND EXISTS (SELECT 1 FROM connectors_import_rows r WHERE r.workspace_id = i.workspace_id AND r.import_id = i.id)";
    all(conn, sql, vals![before])
        .await?
        .iter()
        .map(|row| Ok((Workspace(row.try_get("", "workspace_id")?), row.try_get("", "id")?)))
        .collect()
}

/// A list of texts bound from the second place on, chunk by chunk, after the workspace.
fn bound(workspace: Workspace, texts: &[&str]) -> Vec<Value> {
    let mut values = vals![workspace.0];
    values.extend(texts.iter().map(|text| Value::from(*text)));
    values
}

/// The external ids of clients by their domain; a domain may be several clients'.
pub async fn by_domain(
    conn: &impl Conn,
    workspace: Workspace,
    domains: &[&str],
) -> Result<HashMap<String, Vec<String>>> {
    by_word(conn, "clients", "domain", workspace, domains, "").await
}

/// The external ids of contacts by their e-mail address.
pub async fn by_email(conn: &impl Conn, workspace: Workspace, emails: &[&str]) -> Result<HashMap<String, Vec<String>>> {
    by_word(conn, "clients_contacts", "email", workspace, emails, " AND deleted_at IS NULL").await
}

async fn by_word(
    conn: &impl Conn,
    table: &str,
    column: &str,
    workspace: Workspace,
    words: &[&str],
    only: &str,
) -> Result<HashMap<String, Vec<String>>> {
    let mut out: HashMap<String, Vec<String>> = HashMap::new();
    for chunk in words.chunks(400) {
        let sql = format!(
            "SELECT {column} AS word, external_id FROM {table} WHERE workspace_id = $1 AND {column} IN ({}){only} \
             ORDER BY external_id",
            list(2, chunk.len())
        );
        for row in all(conn, &sql, bound(workspace, chunk)).await? {
            out.entry(row.try_get("", "word")?).or_default().push(row.try_get("", "external_id")?);
        }
    }
    Ok(out)
}

/// The external ids of the clients above some clients.
pub async fn parents(conn: &impl Conn, workspace: Workspace, clients: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    let mut out = HashMap::new();
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT c.id, p.external_id FROM clients c JOIN clients p ON p.id = c.parent_id \
             WHERE {} AND c.id IN ({})",
            crate::clients::SCOPE,
            list(2, chunk.len())
        );
        for row in all(conn, &sql, values).await? {
            out.insert(row.try_get("", "id")?, row.try_get("", "external_id")?);
        }
    }
    Ok(out)
}

/// Clients by external id.
pub async fn clients(
    conn: &impl Conn,
    workspace: Workspace,
    external_ids: &[&str],
) -> Result<HashMap<String, crate::clients::Client>> {
    let mut out = HashMap::new();
    for chunk in external_ids.chunks(400) {
        let sql = format!(
            "SELECT {} FROM clients WHERE workspace_id = $1 AND external_id IN ({})",
            crate::clients::COLUMNS,
            list(2, chunk.len())
        );
        for client in all_as::<crate::clients::Client>(conn, &sql, bound(workspace, chunk)).await? {
            out.insert(client.external_id.clone(), client);
        }
    }
    Ok(out)
}

/// What an import compares of a contact.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct KnownContact {
    pub external_id: String,
    /// The external id of their client.
    pub client: Option<String>,
    pub name: Option<String>,
    pub email: Option<String>,
    pub role: Option<String>,
    pub title: Option<String>,
    pub left_on: Option<NaiveDate>,
    pub traits: Json,
    pub deleted_at: Option<DateTime<Utc>>,
}

/// Contacts by external id, those taken away too.
pub async fn contacts(
    conn: &impl Conn,
    workspace: Workspace,
    external_ids: &[&str],
) -> Result<HashMap<String, KnownContact>> {
    let mut out = HashMap::new();
    for chunk in external_ids.chunks(400) {
        let sql = format!(
            "SELECT k.external_id, c.external_id AS client, k.name, k.email, k.role, k.title, k.left_on, k.traits, k.deleted_at \
             FROM clients_contacts k LEFT JOIN clients c ON c.id = k.client_id \
             WHERE k.workspace_id = $1 AND k.external_id IN ({})",
            list(2, chunk.len())
        );
        for contact in all_as::<KnownContact>(conn, &sql, bound(workspace, chunk)).await? {
            out.insert(contact.external_id.clone(), contact);
        }
    }
    Ok(out)
}
