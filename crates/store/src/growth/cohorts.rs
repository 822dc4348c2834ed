//! Cohorts: clients by the month in which they first paid, and what became of them. Derived of the ledger alone, so that
//! neither usage nor health makes it dearer. Whole months are kept as totals beside the ledger; the month of the day that
//! is asked for, which may not be over, is read off the ledger itself.

use super::slice::{Slice, placed};
use super::slices::{Dims, Moved};
use crate::{Conn, Db, Result, Tx, Workspace, all, all_as, one, vals};
use chrono::NaiveDate;
use essor_domain::growth::ledger::MovementKind;
use essor_domain::time::month_start;
use sea_orm::FromQueryResult;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A cell: product (empty for the whole ledger), segment and owner, the month of the first payment, the month of the
/// movements.
type Cell = (String, Dims, String, String);

/// Changes of the kept cells, gathered before they are written: began, began with, net change in cents and in clients.
#[derive(Default)]
pub(super) struct Changes(BTreeMap<Cell, [i64; 4]>);

impl Changes {
    /// Adds a client's ledger, whole or within a product (`sign` 1), or takes it away (-1).
    pub(super) fn add(&mut self, product: &str, dims: &Dims, ledger: &[Moved], sign: i64) {
        let month = |day: &NaiveDate| day.format("%Y-%m").to_string();
        let Some((began, ..)) = ledger.iter().find(|(_, kind, _)| *kind == MovementKind::New) else { return };
        for (day, kind, cents) in ledger {
            let cell = (product.to_owned(), dims.clone(), month(began), month(day));
            let (new, paying) = match kind {
                MovementKind::New => (1, 1),
                MovementKind::Reactivation => (0, 1),
                MovementKind::Churn => (0, -1),
                MovementKind::Expansion | MovementKind::Contraction => (0, 0),
            };
            let total = self.0.entry(cell).or_default();
            for (sum, one) in total.iter_mut().zip([new, new * cents, *cents, paying]) {
                *sum += sign * one;
            }
        }
    }

    /// Writes what was gathered.
    pub(super) async fn write(self, tx: &Tx, workspace: Workspace) -> Result<()> {
        let rows = self
            .0
            .into_iter()
            .filter(|(_, total)| *total != [0; 4])
            .map(|((product, (segment, owner), cohort, month), [began, began_cents, cents, clients])| {
                vals![workspace.0, product, segment, owner, cohort, month, began, began_cents, cents, clients]
            })
            .collect();
        tx.insert_many(
            "INSERT INTO growth_cohorts (workspace_id, product, segment, owner, cohort, month, began, began_cents, cents, \
             clients)",
            " ON CONFLICT (workspace_id, product, segment, owner, cohort, month) DO UPDATE SET \
             began = growth_cohorts.began + excluded.began, \
             began_cents = growth_cohorts.began_cents + excluded.began_cents, \
             cents = growth_cohorts.cents + excluded.cents, clients = growth_cohorts.clients + excluded.clients",
            rows,
        )
        .await?;
        Ok(())
    }
}

/// What a movement `m` counts for in its cell.
const COUNTS: &str = "CASE WHEN m.kind = 'new' THEN 1 ELSE 0 END AS began, \
    CASE WHEN m.kind = 'new' THEN m.delta_cents ELSE 0 END AS began_cents, m.delta_cents AS cents, \
    CASE m.kind WHEN 'new' THEN 1 WHEN 'reactivation' THEN 1 WHEN 'churn' THEN -1 ELSE 0 END AS clients";

/// The sums of cells.
const SUMS: &str = "CAST(SUM(began) AS BIGINT) AS began, CAST(SUM(began_cents) AS BIGINT) AS began_cents, \
    CAST(SUM(cents) AS BIGINT) AS cents, CAST(SUM(clients) AS BIGINT) AS clients";

/// Takes the kept cells of a workspace away and counts them from its ledgers: what keeping them in step has to come to.
pub async fn count_again(db: &Db, workspace: Workspace) -> Result<()> {
    let tx = db.begin().await?;
    tx.run("DELETE FROM growth_cohorts WHERE workspace_id = $1", vals![workspace.0]).await?;
    count(&tx, Some(workspace)).await?;
    tx.commit().await
}

/// The kept cells of a workspace that hold something: product, segment, owner, cohort, month and the four sums.
pub async fn kept(conn: &impl Conn, workspace: Workspace) -> Result<Vec<([String; 5], [i64; 4])>> {
    let sql = "SELECT product, segment, owner, cohort, month, began, began_cents, cents, clients FROM growth_cohorts \
        WHERE workspace_id = $1 AND (began <> 0 OR began_cents <> 0 OR cents <> 0 OR clients <> 0) \
        ORDER BY product, segment, owner, cohort, month";
    let rows = all(conn, sql, vals![workspace.0]).await?;
    rows.iter()
        .map(|row| {
            let words =
                ["product", "segment", "owner", "cohort", "month"].map(|column| row.try_get::<String>("", column));
            let sums = ["began", "began_cents", "cents", "clients"].map(|column| row.try_get::<i64>("", column));
            let [a, b, c, d, e] = words;
            let [began, began_cents, cents, clients] = sums;
            Ok(([a?, b?, c?, d?, e?], [began?, began_cents?, cents?, clients?]))
        })
        .collect()
}

/// Counts the cells from the ledgers: of a workspace, or of all for a database from before there were any.
pub(crate) async fn count(tx: &Tx, of: Option<Workspace>) -> Result<()> {
    let (scope, values) = match of {
        Some(workspace) => (" AND m.workspace_id = $1", vals![workspace.0]),
        None => ("", vals![]),
    };
    let month = |column: &str| tx.engine().month_of(column);
    for (table, product, same) in
        [("growth_movements", "''", ""), ("growth_product_movements", "m.product", " AND n.product = m.product")]
    {
        let sql = format!(
            "INSERT INTO growth_cohorts (workspace_id, product, segment, owner, cohort, month, began, began_cents, cents, \
             clients) SELECT workspace_id, product, segment, owner, cohort, month, {SUMS} FROM (\
             SELECT m.workspace_id, {product} AS product, k.segment, k.owner, {} AS cohort, {} AS month, {COUNTS} \
             FROM {table} m CROSS JOIN {table} n CROSS JOIN growth_client_slices k \
             WHERE n.workspace_id = m.workspace_id AND n.client_id = m.client_id AND n.kind = 'new'{same} \
             AND k.workspace_id = m.workspace_id AND k.client_id = m.client_id{scope}) AS moved \
             GROUP BY workspace_id, product, segment, owner, cohort, month",
            month("n.day"),
            month("m.day"),
        );
        tx.run(&sql, values.clone()).await?;
    }
    Ok(())
}

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
    // CROSS JOIN: beginnings first, then each client's movements by key.
    format!(
        "FROM {table} n CROSS JOIN {table} m WHERE m.workspace_id = n.workspace_id AND m.client_id = n.client_id{same} \
         AND m.day <= $2 AND n.workspace_id = $1 AND n.kind = 'new' AND n.day >= {from} AND n.day <= {to} \
         AND n.day <= $2{product}{which}"
    )
}

/// The movements up to a day of the clients that first paid since another (the first of a month), by cohort and month,
/// both in order.
pub async fn months(
    conn: &impl Conn,
    workspace: Workspace,
    slice: &Slice,
    since: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<CohortMonth>> {
    let month = |column: &str| conn.engine_of().month_of(column);
    let text = |day: NaiveDate| day.format("%Y-%m").to_string();
    let mut values = vals![workspace.0, until, since];
    // No totals are kept by a view: all movements of its clients are read.
    let (kept, from) = if slice.within.is_some() {
        (String::new(), String::from("$3"))
    } else {
        let from = placed(&mut values, month_start(until));
        let (first, last) = (placed(&mut values, text(since)), placed(&mut values, text(until)));
        let product = placed(&mut values, slice.product.clone().unwrap_or_default());
        let dims = slice.of_totals(&mut values);
        let kept = format!(
            "SELECT cohort, month, began, began_cents, cents, clients FROM growth_cohorts \
             WHERE workspace_id = $1 AND product = {product} AND cohort >= {first} AND month < {last}{dims} UNION ALL "
        );
        (kept, from)
    };
    let (table, product) = slice.ledger("m", &mut values);
    let which = slice.of_ids("m.client_id", &mut values);
    let same = if product.is_empty() { "" } else { " AND n.product = m.product" };
    // CROSS JOIN: the month's movements first, then the beginning of each by key.
    let sql = format!(
        "SELECT cohort, month, {SUMS} FROM (\
         {kept}SELECT {} AS cohort, {} AS month, {COUNTS} FROM {table} m CROSS JOIN {table} n \
         WHERE m.workspace_id = $1 AND m.day >= {from} AND m.day <= $2{product}{which} \
         AND n.workspace_id = m.workspace_id AND n.client_id = m.client_id{same} AND n.kind = 'new' AND n.day >= $3\
         ) AS moved GROUP BY cohort, month \
         HAVING SUM(ABS(began) + ABS(cents) + ABS(clients)) > 0 ORDER BY cohort, month",
        month("n.day"),
        month("m.day"),
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
