//! The ledger's totals of the clients that a saved view holds for today. No table is kept by it, as one is by segment and
//! owner: the clients' own movements are added up.

use super::slice::Slice;
use super::slices::PartDay;
use super::{DayTotal, Split};
use crate::{Conn, Result, Workspace, all_as, vals};
use chrono::NaiveDate;
use essor_domain::expressions::{Moment, Rule};

/// A condition that has to hold of each client today.
#[derive(Debug, Clone, PartialEq)]
pub struct Within {
    /// The condition.
    pub rule: Rule,
    /// The day that it is about.
    pub moment: Moment,
}

/// The totals of every day up to and including `until`, by day.
pub(super) async fn day_totals(
    conn: &impl Conn,
    workspace: Workspace,
    slice: &Slice,
    until: NaiveDate,
) -> Result<Vec<DayTotal>> {
    let mut values = vals![workspace.0, until];
    let (table, product) = slice.ledger("m", &mut values);
    let which = slice.of_ids("m.client_id", &mut values);
    let sql = format!(
        "SELECT m.day, m.kind, CAST(SUM(m.delta_cents) AS BIGINT) AS cents, COUNT(*) AS movements FROM {table} m \
         WHERE m.workspace_id = $1 AND m.day <= $2{product}{which} GROUP BY m.day, m.kind ORDER BY m.day, m.kind"
    );
    all_as(conn, &sql, values).await
}

/// The changes of MRR by part and day up to `until`.
pub(super) async fn parts(
    conn: &impl Conn,
    workspace: Workspace,
    slice: &Slice,
    split: Split,
    until: NaiveDate,
) -> Result<Vec<PartDay>> {
    let mut values = vals![workspace.0, until];
    let (table, product) = slice.ledger("m", &mut values);
    let which = slice.of_ids("m.client_id", &mut values);
    let (table, join, part) = match split {
        Split::Segment => (table, " JOIN clients c ON c.id = m.client_id", "COALESCE(c.segment, '')"),
        Split::Product => ("growth_product_movements", "", "m.product"),
    };
    let sql = format!(
        "SELECT {part} AS part, m.day, CAST(SUM(m.delta_cents) AS BIGINT) AS cents FROM {table} m{join} \
         WHERE m.workspace_id = $1 AND m.day <= $2{product}{which} GROUP BY {part}, m.day ORDER BY {part}, m.day"
    );
    all_as(conn, &sql, values).await
}
