//! What a client's timeline is made of, one query per source, each from after a place in the stream.

use super::notes::{self, Note};
use crate::{Conn, Result, Workspace, all_as};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

/// From where on a source is read, newest first. Entries of one instant are ordered by source, then by key.
#[derive(Debug, Clone)]
pub enum Place<K> {
    /// From the newest.
    Newest,
    /// At this instant or earlier.
    At(DateTime<Utc>),
    /// Earlier than this instant.
    Before(DateTime<Utc>),
    /// Earlier than this instant, or of it with a smaller key.
    After(DateTime<Utc>, K),
}

impl<K: Clone + Into<Value>> Place<K> {
    /// The condition on the columns of instant and key, to be put behind others.
    fn sql(&self, at: &str, key: &str, values: &mut Vec<Value>) -> String {
        let n = values.len() + 1;
        match self {
            Place::Newest => String::new(),
            Place::At(instant) => {
                values.push((*instant).into());
                format!(" AND {at} <= ${n}")
            }
            Place::Before(instant) => {
                values.push((*instant).into());
                format!(" AND {at} < ${n}")
            }
            Place::After(instant, last) => {
                values.extend([(*instant).into(), last.clone().into()]);
                format!(" AND ({at}, {key}) < (${n}, ${})", n + 1)
            }
        }
    }
}

/// Reads a source: `head` with its conditions on `$1` workspace and `$2` client, newest first.
async fn read<T: FromQueryResult, K: Clone + Into<Value>>(
    conn: &impl Conn,
    workspace: Workspace,
    client: impl Into<Value>,
    head: &str,
    [at, key]: [&str; 2],
    from: &Place<K>,
    limit: i64,
) -> Result<Vec<T>> {
    let mut values = vec![workspace.0.into(), client.into()];
    let place = from.sql(at, key, &mut values);
    values.push(limit.into());
    let sql = format!("{head}{place} ORDER BY {at} DESC, {key} DESC LIMIT ${}", values.len());
    all_as(conn, &sql, values).await
}

/// A client's signals of some kinds, or of all.
pub async fn signals(
    conn: &impl Conn,
    workspace: Workspace,
    client: Uuid,
    kinds: &[&str],
    from: &Place<Uuid>,
    limit: i64,
) -> Result<Vec<crate::signals::Signal>> {
    // Kinds are words of ours, checked before.
    let which = match kinds {
        [] => String::new(),
        some => format!(" AND kind IN ('{}')", some.join("', '")),
    };
    let head = format!(
        "SELECT {} FROM clients_signals WHERE workspace_id = $1 AND client_id = $2{which}",
        crate::signals::COLUMNS
    );
    read(conn, workspace, client, &head, ["occurred_at", "id"], from, limit).await
}

/// A client's notes.
pub async fn notes_of(
    conn: &impl Conn,
    workspace: Workspace,
    client: Uuid,
    from: &Place<Uuid>,
    limit: i64,
) -> Result<Vec<Note>> {
    let head = format!("{} WHERE n.workspace_id = $1 AND n.client_id = $2 AND n.deleted_at IS NULL", notes::SELECT);
    read(conn, workspace, client, &head, ["n.created_at", "n.id"], from, limit).await
}

/// A task as the stream tells it: when it was made, and when it was done.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct TaskMade {
    pub id: Uuid,
    pub title: String,
    pub owner_name: Option<String>,
    pub due: Option<NaiveDate>,
    pub done_at: Option<DateTime<Utc>>,
    pub done_by_name: Option<String>,
    pub created_at: DateTime<Utc>,
}

/// A client's tasks.
pub async fn tasks(
    conn: &impl Conn,
    workspace: Workspace,
    client: Uuid,
    from: &Place<Uuid>,
    limit: i64,
) -> Result<Vec<TaskMade>> {
    let head = "SELECT t.id, t.title, u.name AS owner_name, t.due, t.done_at, d.name AS done_by_name, t.created_at \
        FROM tasks t LEFT JOIN identity_users u ON u.id = t.owner_id LEFT JOIN identity_users d ON d.id = t.done_by \
        WHERE t.workspace_id = $1 AND t.client_id = $2 AND t.deleted_at IS NULL";
    read(conn, workspace, client, head, ["t.created_at", "t.id"], from, limit).await
}

/// A step of an opportunity.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct OpportunityStep {
    pub opportunity_id: Uuid,
    pub detector: String,
    pub at: DateTime<Utc>,
    pub state: String,
    pub who: Option<String>,
    pub reason: Option<String>,
    pub note: Option<String>,
    pub amount_cents: Option<i64>,
    pub expected_cents: i64,
}

/// The steps of a client's opportunities, being found the first.
pub async fn opportunities(
    conn: &impl Conn,
    workspace: Workspace,
    client: Uuid,
    from: &Place<Uuid>,
    limit: i64,
) -> Result<Vec<OpportunityStep>> {
    let head = "SELECT s.opportunity_id, o.detector, s.at, s.state, u.name AS who, s.reason, s.note, s.amount_cents, \
        o.expected_cents FROM opportunities o JOIN opportunities_steps s ON s.opportunity_id = o.id \
        LEFT JOIN identity_users u ON u.id = s.user_id WHERE o.workspace_id = $1 AND o.client_id = $2";
    read(conn, workspace, client, head, ["s.at", "s.opportunity_id"], from, limit).await
}

/// A client's files.
pub async fn files(
    conn: &impl Conn,
    workspace: Workspace,
    client: Uuid,
    from: &Place<Uuid>,
    limit: i64,
) -> Result<Vec<super::files::FileRow>> {
    let head =
        format!("{} WHERE f.workspace_id = $1 AND f.client_id = $2 AND f.deleted_at IS NULL", super::files::SELECT);
    read(conn, workspace, client, &head, ["f.created_at", "f.id"], from, limit).await
}

/// A change of the client itself, as the audit log has it.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Changed {
    pub seq: i64,
    pub at: DateTime<Utc>,
    pub actor_kind: String,
    pub operation: String,
    pub body: Option<String>,
}

/// The changes of a client that were made one at a time.
pub async fn changes(
    conn: &impl Conn,
    workspace: Workspace,
    client: Uuid,
    from: &Place<i64>,
    limit: i64,
) -> Result<Vec<Changed>> {
    let head = "SELECT e.seq, e.at, e.actor_kind, e.operation, p.body FROM audit_entries e \
        LEFT JOIN audit_payloads p ON p.workspace_id = e.workspace_id AND p.seq = e.seq \
        WHERE e.workspace_id = $1 AND e.object_id = $2 AND e.object_kind = 'client' AND e.operation >= 'clients.' \
        AND e.operation < 'clients.~'";
    read(conn, workspace, client.to_string(), head, ["e.at", "e.seq"], from, limit).await
}
