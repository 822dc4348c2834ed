//! The audit log: a chain of entries per workspace, and beside it the payloads that can be erased.

use crate::{Conn, Result, Tx, Workspace, all_as, one_as, vals};
use chrono::{DateTime, Utc};
use essor_domain::audit::{Digest, Link, START, payload_digest};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

/// What happened, to be appended.
#[derive(Debug, Clone)]
pub struct NewEntry<'a> {
    /// When.
    pub at: DateTime<Utc>,
    /// `person`, `token` or `system`.
    pub actor_kind: &'a str,
    /// The person or token.
    pub actor_id: Option<Uuid>,
    /// `api`, `cli` or `system`.
    pub origin: &'a str,
    /// What was done.
    pub operation: &'a str,
    /// The kind of what it was done to.
    pub object_kind: &'a str,
    /// Its id, when it is one thing.
    pub object_id: Option<&'a str>,
    /// The request.
    pub request_id: &'a str,
    /// Drawn for this payload alone.
    pub salt: Digest,
    /// Names, values and addresses, as JSON.
    pub body: &'a str,
}

/// An entry with its payload.
#[derive(Debug, Clone, FromQueryResult)]
pub struct EntryRow {
    /// Its number in the workspace, from 1.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// `person`, `token` or `system`.
    pub actor_kind: String,
    /// The person or token.
    pub actor_id: Option<Uuid>,
    /// `api`, `cli` or `system`.
    pub origin: String,
    /// What was done.
    pub operation: String,
    /// The kind of what it was done to.
    pub object_kind: String,
    /// Its id, when it is one thing.
    pub object_id: Option<String>,
    /// The request.
    pub request_id: String,
    /// What the chain covers of the payload.
    pub payload_digest: Vec<u8>,
    /// The hash over this entry and the one before.
    pub hash: Vec<u8>,
    /// Null once erased.
    pub salt: Option<Vec<u8>>,
    /// Null once erased.
    pub body: Option<String>,
    /// When the payload was erased.
    pub erased_at: Option<DateTime<Utc>>,
}

/// The end of a chain.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Head {
    /// The number of the newest entry: how many there are.
    pub seq: i64,
    /// Its hash.
    pub hash: Vec<u8>,
}

/// Which entries to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this person or token.
    pub actor: Option<Uuid>,
    /// Whose operation begins so: `members.`.
    pub operation: Option<String>,
    /// About the thing of this id.
    pub object: Option<String>,
    /// From this instant on.
    pub from: Option<DateTime<Utc>>,
    /// Before this instant.
    pub until: Option<DateTime<Utc>>,
}

/// Appends an entry in the transaction of what it tells, and returns its number. Takes the workspace's head until the
/// transaction ends: append last.
pub async fn append(tx: &Tx, workspace: Workspace, new: &NewEntry<'_>) -> Result<i64> {
    let sql = "INSERT INTO audit_heads (workspace_id, seq, hash) VALUES ($1, 1, $2)
         ON CONFLICT (workspace_id) DO UPDATE SET seq = audit_heads.seq + 1 RETURNING seq, hash";
    let before: Head = one_as(tx, sql, vals![workspace.0, START.to_vec()])
        .await?
        .ok_or_else(|| crate::Error::Database("no head".into()))?;
    let digest = payload_digest(&new.salt, new.body);
    let link = Link {
        workspace: workspace.0,
        seq: before.seq,
        at: new.at,
        actor_kind: new.actor_kind,
        actor_id: new.actor_id,
        origin: new.origin,
        operation: new.operation,
        object_kind: new.object_kind,
        object_id: new.object_id,
        request_id: new.request_id,
        payload: &digest,
    };
    let hash = link.hash(&before.hash).to_vec();
    tx.run(
        "INSERT INTO audit_entries (workspace_id, seq, at, actor_kind, actor_id, origin, operation, object_kind,
         object_id, request_id, payload_digest, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        vals![
            workspace.0,
            before.seq,
            new.at,
            new.actor_kind,
            new.actor_id,
            new.origin,
            new.operation,
            new.object_kind,
            new.object_id.map(str::to_owned),
            new.request_id,
            digest.to_vec(),
            hash.clone()
        ],
    )
    .await?;
    tx.run(
        "INSERT INTO audit_payloads (workspace_id, seq, salt, body) VALUES ($1, $2, $3, $4)",
        vals![workspace.0, before.seq, new.salt.to_vec(), new.body],
    )
    .await?;
    tx.run("UPDATE audit_heads SET hash = $2 WHERE workspace_id = $1", vals![workspace.0, hash]).await?;
    Ok(before.seq)
}

/// The end of the chain; `None` before the first entry.
pub async fn head(conn: &impl Conn, workspace: Workspace) -> Result<Option<Head>> {
    one_as(conn, "SELECT seq, hash FROM audit_heads WHERE workspace_id = $1", vals![workspace.0]).await
}

const SELECT: &str = "SELECT e.seq, e.at, e.actor_kind, e.actor_id, e.origin, e.operation, e.object_kind, e.object_id,
    e.request_id, e.payload_digest, e.hash, p.salt, p.body, p.erased_at
    FROM audit_entries e LEFT JOIN audit_payloads p ON p.workspace_id = e.workspace_id AND p.seq = e.seq";

/// A page of entries that a filter lets through, before a number, newest first.
pub async fn page(
    conn: &impl Conn,
    workspace: Workspace,
    filter: &Filter,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<EntryRow>> {
    let mut values = vals![workspace.0];
    let mut sql = format!("{SELECT} WHERE e.workspace_id = $1");
    let mut push = |text: &str, value: Value| {
        values.push(value);
        sql.push_str(&text.replace('?', &format!("${}", values.len())));
    };
    if let Some(actor) = filter.actor {
        push(" AND e.actor_id = ?", actor.into());
    }
    if let Some(prefix) = &filter.operation {
        // Operations are ASCII words: "~" comes after everything in them.
        push(" AND e.operation >= ?", prefix.as_str().into());
        push(" AND e.operation < ?", format!("{prefix}~").into());
    }
    if let Some(object) = &filter.object {
        push(" AND e.object_id = ?", object.as_str().into());
    }
    if let Some(from) = filter.from {
        push(" AND e.at >= ?", from.into());
    }
    if let Some(until) = filter.until {
        push(" AND e.at < ?", until.into());
    }
    if let Some(before) = before {
        push(" AND e.seq < ?", before.into());
    }
    push(" ORDER BY e.seq DESC LIMIT ?", limit.into());
    all_as(conn, &sql, values).await
}

/// Entries after a number, oldest first, to walk the chain.
pub async fn after(conn: &impl Conn, workspace: Workspace, seq: i64, limit: i64) -> Result<Vec<EntryRow>> {
    let sql = format!("{SELECT} WHERE e.workspace_id = $1 AND e.seq > $2 ORDER BY e.seq LIMIT $3");
    all_as(conn, &sql, vals![workspace.0, seq, limit]).await
}

/// Empties the payloads of the entries that a person made, that are about them, or that hold their address; returns how
/// many. The entries stay, with when it was done.
pub async fn erase(tx: &Tx, workspace: Workspace, person: Uuid, email: &str, now: DateTime<Utc>) -> Result<u64> {
    let escaped = email.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    tx.run(
        "UPDATE audit_payloads SET salt = NULL, body = NULL, erased_at = $4
         WHERE workspace_id = $1 AND erased_at IS NULL AND (body LIKE $5 ESCAPE '\\' OR body LIKE $6 OR seq IN
           (SELECT seq FROM audit_entries WHERE workspace_id = $1 AND (actor_id = $2 OR object_id = $3)))",
        vals![workspace.0, person, person.to_string(), now, format!("%{escaped}%"), format!("%{person}%")],
    )
    .await
}
