//! Cohorts: clients by the month in which they first paid, and what became of them. Read off the ledger alone, so that
//! neither usage nor health makes it dearer.

use super::slice::{Slice, placed};
use crate::{Conn, Result, Workspace, all_as, one, vals};
use chrono::NaiveDate;
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// What moved in a month among the clients that first paid in another.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct CohortMonth {
    /// The month of the first payment, `YYYY-MM`.
    pub cohort: String,
    /// The month of the movements, `YYYY-MM`.
    pub month: String,
    /// Clients that began to pay.
    pub began: i64,
    /// What they began with, in cents.
    pub began_cents: i64,
    /// Net change of their MRR, in cents.
    pub cents: i64,
    /// Net change of how many of them pay.
    pub clients: i64,
}

/// The first movement of each client (`n`) from one day to another, and all of its movements up to a close (`m`). Only the
/// clients of the cohorts asked for are read, by index, so that the rest of the portfolio costs nothing.
fn ledger(slice: &Slice, began: (NaiveDate, NaiveDate), values: &mut Vec<sea_orm::Value>) -> String {
    let (table, product) = slice.ledger("n", values);
    let which = slice.of_ids("n.client_id", values);
    let same = if product.is_empty() { "" } else { " AND m.product = n.product" };
    let (from, to) = (placed(values, began.0), placed(values, began.1));
    format!(
        "FROM {table} n JOIN {table} m ON m.workspace_id = n.workspace_id AND m.client_id = n.client_id{same} AND m.day <= $2 \
         WHERE n.workspace_id = $1 AND n.kind = 'new' AND n.day >= {from} AND n.day <= {to} AND n.day <= $2{product}{which}"
    )
}

/// The movements up to a day of the clients that first paid since another, by cohort and month, both in order. Beginnings
/// are counted as they stand by day; only what came after is brought together with its client's beginning.
pub async fn months(
    conn: &impl Conn,
    workspace: Workspace,
    slice: &Slice,
    since: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<CohortMonth>> {
    let mut values = vals![workspace.0, until, since];
    let (table, product) = slice.ledger("n", &mut values);
    let which = slice.of_ids("n.client_id", &mut values);
    let same = if product.is_empty() { "" } else { " AND m.product = n.product" };
    let month = |column: &str| conn.engine_of().month_of(column);
    let (cohort, of) = (month("n.day"), month("m.day"));
    let sql = format!(
        "SELECT cohort, month, CAST(SUM(began) AS BIGINT) AS began, CAST(SUM(began_cents) AS BIGINT) AS began_cents, \
         CAST(SUM(cents) AS BIGINT) AS cents, CAST(SUM(clients) AS BIGINT) AS clients FROM (\
         SELECT {cohort} AS cohort, {cohort} AS month, COUNT(*) AS began, SUM(n.delta_cents) AS began_cents, \
         SUM(n.delta_cents) AS cents, COUNT(*) AS clients FROM {table} n \
         WHERE n.workspace_id = $1 AND n.kind = 'new' AND n.day >= $3 AND n.day <= $2{product}{which} GROUP BY n.day \
         UNION ALL SELECT {cohort}, {of}, 0, 0, m.delta_cents, \
         CASE m.kind WHEN 'reactivation' THEN 1 WHEN 'churn' THEN -1 ELSE 0 END \
         FROM {table} m JOIN {table} n ON n.workspace_id = m.workspace_id AND n.client_id = m.client_id{same} \
         AND n.kind = 'new' AND n.day >= $3 \
         WHERE m.workspace_id = $1 AND m.kind <> 'new' AND m.day >= $3 AND m.day <= $2{product}{which}\
         ) AS moved GROUP BY cohort, month ORDER BY cohort, month"
    );
    all_as(conn, &sql, values).await
}

/// A client of a cohort.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct CohortClient {
    /// The client.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its name as lists sort it.
    pub name_key: String,
    /// The day on which it first paid.
    pub first_day: NaiveDate,
    /// What it began with, in cents.
    pub began_cents: i64,
    /// What it pays at the close asked for, in cents.
    pub mrr_cents: i64,
}

/// Which clients of a cohort.
#[derive(Debug, Clone, Copy)]
pub struct Which {
    /// The first and the last day of their first payment.
    pub began: (NaiveDate, NaiveDate),
    /// The close at which they are read.
    pub until: NaiveDate,
    /// Leaves out those that pay nothing then.
    pub paying: bool,
}

/// The clients of a cohort with what they pay at a close, by name, after a cursor; and how many there are.
pub async fn clients(
    conn: &impl Conn,
    workspace: Workspace,
    slice: &Slice,
    which: Which,
    after: Option<(String, Uuid)>,
    limit: i64,
) -> Result<(Vec<CohortClient>, i64)> {
    let mut values = vals![workspace.0, which.until];
    let ledger = ledger(slice, which.began, &mut values);
    let having = if which.paying { " HAVING SUM(m.delta_cents) > 0" } else { "" };
    let of = format!(
        "SELECT n.client_id, n.day AS first_day, \
         CAST(SUM(CASE WHEN m.kind = 'new' THEN m.delta_cents ELSE 0 END) AS BIGINT) AS began_cents, \
         CAST(SUM(m.delta_cents) AS BIGINT) AS mrr_cents {ledger} GROUP BY n.client_id, n.day{having}"
    );
    let count = format!("SELECT COUNT(*) AS n FROM ({of}) AS cohort");
    let total = one(conn, &count, values.clone()).await?.map_or(Ok(0), |row| row.try_get("", "n"))?;
    let mut beyond = String::new();
    if let Some((name, id)) = after {
        values.extend(vals![name, id]);
        beyond = format!(" WHERE (c.name_key, c.id) > (${}, ${})", values.len() - 1, values.len());
    }
    values.push(limit.into());
    let sql = format!(
        "SELECT c.id, c.name, c.name_key, cohort.first_day, cohort.began_cents, cohort.mrr_cents FROM ({of}) AS cohort \
         JOIN clients c ON c.id = cohort.client_id{beyond} ORDER BY c.name_key, c.id LIMIT ${}",
        values.len()
    );
    Ok((all_as(conn, &sql, values).await?, total))
}
