//! The ranked list of opportunities, its totals, and one of them.

use crate::growth::Slice;
use crate::{Conn, Result, Workspace, all, all_as, list as placeholders, one_as, vals};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{FromQueryResult, Value};
use serde_json::Value as Json;
use std::collections::HashMap;
use uuid::Uuid;

/// An opportunity with its client.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Listed {
    pub id: Uuid,
    pub client_id: Uuid,
    pub client_name: String,
    pub client_external_id: String,
    pub client_owner: Option<String>,
    pub client_segment: Option<String>,
    pub client_mrr_cents: i64,
    pub client_health: Option<i32>,
    pub client_health_class: String,
    pub detector: String,
    pub list: String,
    pub state: String,
    pub segment: String,
    pub evidence: Json,
    pub amount_cents: Option<i64>,
    pub probability: f64,
    pub expected_cents: i64,
    pub since: NaiveDate,
    pub snoozed_until: Option<NaiveDate>,
    pub reason: Option<String>,
    pub note: Option<String>,
    pub won_cents: Option<i64>,
    pub ledger: Option<Json>,
    pub decided_at: Option<DateTime<Utc>>,
    pub decided_by: Option<Uuid>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

const SELECT: &str = "SELECT o.id, o.client_id, c.name AS client_name, c.external_id AS client_external_id, \
    c.owner AS client_owner, c.segment AS client_segment, c.mrr_cents AS client_mrr_cents, c.health AS client_health, \
    c.health_class AS client_health_class, o.detector, o.list, o.state, o.segment, o.evidence, o.amount_cents, \
    o.probability, o.expected_cents, o.since, o.snoozed_until, o.reason, o.note, o.won_cents, o.ledger, o.decided_at, \
    o.decided_by, o.created_at, o.updated_at FROM opportunities o JOIN clients c ON c.id = o.client_id";

/// Which opportunities a list shows.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// One list.
    pub list: Option<&'static str>,
    /// States; none means all.
    pub states: Vec<&'static str>,
    /// At which part of the portfolio.
    pub slice: Slice,
    /// One client.
    pub client: Option<Uuid>,
    /// One detector.
    pub detector: Option<&'static str>,
}

impl Filter {
    /// The conditions on opportunities `o`.
    fn sql(&self, workspace: Workspace) -> (String, Vec<Value>) {
        // What a client in the trash has waits there with it: few clients are, and an index names them.
        let mut sql = String::from(
            "o.workspace_id = $1 AND o.client_id NOT IN (SELECT g.id FROM clients g WHERE g.workspace_id = $1 \
             AND g.deleted_at IS NOT NULL)",
        );
        let mut values = vals![workspace.0];
        let mut push = |text: &str, value: Option<Value>| {
            if let Some(value) = value {
                values.push(value);
                sql.push_str(&text.replace('?', &format!("${}", values.len())));
            }
        };
        push(" AND o.list = ?", self.list.map(Value::from));
        push(" AND o.detector = ?", self.detector.map(Value::from));
        push(" AND o.client_id = ?", self.client.map(Value::from));
        sql.push_str(&self.slice.of_rows("o.client_id", &mut values));
        if !self.states.is_empty() {
            sql.push_str(&format!(" AND o.state IN ({})", placeholders(values.len() + 1, self.states.len())));
            values.extend(self.states.iter().map(|state| Value::from(*state)));
        }
        (sql, values)
    }
}

/// Where a page ended: expected value and id of its last row.
pub type After = (i64, Uuid);

/// A page, the highest expected value first.
pub async fn page(
    conn: &impl Conn,
    workspace: Workspace,
    filter: &Filter,
    after: Option<After>,
    limit: i64,
) -> Result<Vec<Listed>> {
    let (mut sql, mut values) = filter.sql(workspace);
    if let Some((expected, id)) = after {
        values.extend(vals![expected, id]);
        sql.push_str(&format!(" AND (o.expected_cents, o.id) < (${}, ${})", values.len() - 1, values.len()));
    }
    values.push(limit.into());
    let sql = format!("{SELECT} WHERE {sql} ORDER BY o.expected_cents DESC, o.id DESC LIMIT ${}", values.len());
    all_as(conn, &sql, values).await
}

/// One opportunity.
pub async fn by_id(conn: &impl Conn, workspace: Workspace, id: Uuid) -> Result<Option<Listed>> {
    one_as(conn, &format!("{SELECT} WHERE o.workspace_id = $1 AND o.id = $2"), vals![workspace.0, id]).await
}

/// Sums over a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Totals {
    pub count: i64,
    pub clients: i64,
    pub amount_cents: i64,
    pub expected_cents: i64,
    pub won_cents: i64,
}

/// What a filter matches, summed by list and state.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Sum {
    pub list: String,
    pub state: String,
    pub count: i64,
    pub amount_cents: i64,
    pub expected_cents: i64,
    pub won_cents: i64,
}

/// The sums of what a filter matches, by list and state.
pub async fn sums(conn: &impl Conn, workspace: Workspace, filter: &Filter) -> Result<Vec<Sum>> {
    let (sql, values) = filter.sql(workspace);
    let sql = format!(
        "SELECT o.state, o.list, COUNT(*) AS count, \
         CAST(COALESCE(SUM(o.amount_cents), 0) AS BIGINT) AS amount_cents, \
         CAST(COALESCE(SUM(o.expected_cents), 0) AS BIGINT) AS expected_cents, \
         CAST(COALESCE(SUM(o.won_cents), 0) AS BIGINT) AS won_cents \
         FROM opportunities o WHERE {sql} GROUP BY o.state, o.list"
    );
    all_as(conn, &sql, values).await
}

/// How many clients a filter matches, by list.
pub async fn clients(conn: &impl Conn, workspace: Workspace, filter: &Filter) -> Result<Vec<(String, i64)>> {
    let (sql, values) = filter.sql(workspace);
    let sql =
        format!("SELECT o.list, COUNT(DISTINCT o.client_id) AS n FROM opportunities o WHERE {sql} GROUP BY o.list");
    all(conn, &sql, values).await?.iter().map(|row| Ok((row.try_get("", "list")?, row.try_get("", "n")?))).collect()
}

/// The opportunities of one client that wait for somebody: open or accepted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OfClient {
    /// How many.
    pub open: i64,
    /// What they are worth together times their probability, in cents.
    pub expected_cents: i64,
}

/// The open and accepted opportunities of each of some clients; clients without any are absent.
pub async fn of_clients(conn: &impl Conn, workspace: Workspace, clients: &[Uuid]) -> Result<HashMap<Uuid, OfClient>> {
    let mut out = HashMap::new();
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT client_id, COUNT(*) AS n, CAST(SUM(expected_cents) AS BIGINT) AS expected FROM opportunities \
             WHERE workspace_id = $1 AND state IN ('open', 'accepted') AND client_id IN ({}) GROUP BY client_id",
            placeholders(2, chunk.len())
        );
        for row in all(conn, &sql, values).await? {
            let of = OfClient { open: row.try_get("", "n")?, expected_cents: row.try_get("", "expected")? };
            out.insert(row.try_get("", "client_id")?, of);
        }
    }
    Ok(out)
}

/// The highest expected value among the living opportunities of each of some clients.
pub async fn best_of(conn: &impl Conn, workspace: Workspace, clients: &[Uuid]) -> Result<HashMap<Uuid, i64>> {
    let mut out = HashMap::new();
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT client_id, MAX(expected_cents) AS best FROM opportunities WHERE workspace_id = $1 \
             AND state IN ('open', 'accepted', 'snoozed') AND client_id IN ({}) GROUP BY client_id",
            placeholders(2, chunk.len())
        );
        for row in all(conn, &sql, values).await? {
            out.insert(row.try_get("", "client_id")?, row.try_get("", "best")?);
        }
    }
    Ok(out)
}
