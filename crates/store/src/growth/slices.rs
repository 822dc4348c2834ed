//! The ledger's totals by product, segment and owner: by day and kind, and by cohort and month. Kept in step with every
//! change of the ledger and of the clients' own segment and owner, so that a filtered dashboard does not grow with the
//! clients either.

use super::slice::{Slice, Split, placed};
use super::{ClientLedger, DayTotal};
use crate::clients::SCOPE;
use crate::{Conn, Result, Tx, Workspace, all, all_as, list, vals};
use chrono::NaiveDate;
use essor_domain::growth::ledger::{Movement, MovementKind};
use sea_orm::{FromQueryResult, QueryResult, Value};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Segment and owner; the empty word for none.
pub(super) type Dims = (String, String);

/// What is counted of a movement: day, kind, change of MRR in cents.
pub(super) type Moved = (NaiveDate, MovementKind, i64);

/// Changes of the totals, gathered before they are written.
#[derive(Default)]
pub(super) struct Changes {
    days: BTreeMap<(String, Dims, NaiveDate, &'static str), (i64, i64)>,
    cohorts: super::cohorts::Changes,
}

const NOBODY: fn() -> Dims = Dims::default;

impl Changes {
    /// Adds a client's ledger, whole or within a product (`sign` 1), or takes it away (-1).
    fn add(&mut self, product: &str, dims: &Dims, ledger: &[Moved], sign: i64) {
        for (day, kind, cents) in ledger {
            let total = self.days.entry((product.to_owned(), dims.clone(), *day, kind.as_str())).or_default();
            total.0 += sign * cents;
            total.1 += sign;
        }
        self.cohorts.add(product, dims, ledger, sign);
    }

    /// Adds or takes away what stands in the ledger of some clients, under given dimensions.
    async fn count(&mut self, tx: &Tx, workspace: Workspace, of: &HashMap<Uuid, Dims>, sign: i64) -> Result<()> {
        let ids: Vec<Uuid> = of.keys().copied().collect();
        if ids.is_empty() {
            return Ok(());
        }
        let holes = list(2, ids.len());
        let mut values = vals![workspace.0];
        values.extend(ids.iter().map(|id| (*id).into()));
        let mut ledgers: HashMap<(Uuid, String), Vec<Moved>> = HashMap::new();
        for (product, table) in [("''", "growth_movements"), ("product", "growth_product_movements")] {
            let sql = format!(
                "SELECT client_id, {product} AS product, day, kind, delta_cents FROM {table} \
                 WHERE workspace_id = $1 AND client_id IN ({holes})"
            );
            for row in all(tx, &sql, values.clone()).await? {
                let kind: String = row.try_get("", "kind")?;
                let kind = MovementKind::parse(&kind).unwrap_or(MovementKind::New);
                let whose = (row.try_get("", "client_id")?, row.try_get("", "product")?);
                let moved = (row.try_get("", "day")?, kind, row.try_get("", "delta_cents")?);
                ledgers.entry(whose).or_default().push(moved);
            }
        }
        for ((client, product), ledger) in &ledgers {
            self.add(product, of.get(client).unwrap_or(&NOBODY()), ledger, sign);
        }
        Ok(())
    }

    /// Takes away what some clients count for, and forgets their ledgers by product: they are about to be replaced.
    pub(super) async fn leave(&mut self, tx: &Tx, workspace: Workspace, ids: &[Uuid]) -> Result<()> {
        let holes = list(2, ids.len());
        let mut values = vals![workspace.0];
        values.extend(ids.iter().map(|id| (*id).into()));
        let sql = format!(
            "SELECT client_id AS id, segment, owner FROM growth_client_slices WHERE workspace_id = $1 AND client_id IN ({holes})"
        );
        let counted = dims(tx, &sql, values.clone()).await?;
        self.count(tx, workspace, &counted, -1).await?;
        for table in ["growth_product_movements", "growth_client_products"] {
            let sql = format!("DELETE FROM {table} WHERE workspace_id = $1 AND client_id IN ({holes})");
            tx.run(&sql, values.clone()).await?;
        }
        Ok(())
    }

    /// Counts new ledgers under the segment and owner that their clients have now.
    pub(super) async fn enter(&mut self, tx: &Tx, workspace: Workspace, ledgers: &[ClientLedger]) -> Result<()> {
        let mut values = vals![workspace.0];
        values.extend(ledgers.iter().map(|ledger| ledger.client_id.into()));
        let sql = format!(
            "SELECT id, COALESCE(segment, '') AS segment, COALESCE(owner, '') AS owner FROM clients c \
             WHERE {SCOPE} AND id IN ({})",
            list(2, ledgers.len())
        );
        let current = dims(tx, &sql, values).await?;
        let (mut movements, mut products) = (Vec::new(), Vec::new());
        for ledger in ledgers {
            let nobody = NOBODY();
            let dims = current.get(&ledger.client_id).unwrap_or(&nobody);
            let moved =
                |rows: &[Movement]| -> Vec<Moved> { rows.iter().map(|m| (m.day, m.kind, m.delta_cents)).collect() };
            self.add("", dims, &moved(&ledger.movements), 1);
            for (product, rows, mrr_cents) in &ledger.products {
                products.push(vals![workspace.0, ledger.client_id, product.as_str(), *mrr_cents]);
                self.add(product, dims, &moved(rows), 1);
                movements.extend(rows.iter().map(|m| {
                    vals![
                        workspace.0,
                        ledger.client_id,
                        product.as_str(),
                        m.day,
                        m.kind.as_str(),
                        m.delta_cents,
                        m.after_cents,
                    ]
                }));
            }
        }
        let head = "INSERT INTO growth_product_movements (workspace_id, client_id, product, day, kind, delta_cents, after_cents)";
        tx.insert_many(head, "", movements).await?;
        let head = "INSERT INTO growth_client_products (workspace_id, client_id, product, mrr_cents)";
        tx.insert_many(head, "", products).await?;
        remember(tx, workspace, &current).await
    }

    /// Writes what was gathered.
    pub(super) async fn write(self, tx: &Tx, workspace: Workspace) -> Result<()> {
        let rows = self
            .days
            .into_iter()
            .filter(|(_, total)| *total != (0, 0))
            .map(|((product, (segment, owner), day, kind), (cents, count))| {
                vals![workspace.0, product, segment, owner, day, kind, cents, count]
            })
            .collect();
        tx.insert_many(
            "INSERT INTO growth_slices (workspace_id, product, segment, owner, day, kind, cents, movements)",
            " ON CONFLICT (workspace_id, product, segment, owner, day, kind) DO UPDATE SET \
             cents = growth_slices.cents + excluded.cents, movements = growth_slices.movements + excluded.movements",
            rows,
        )
        .await?;
        self.cohorts.write(tx, workspace).await
    }
}

async fn dims(tx: &Tx, sql: &str, values: Vec<sea_orm::Value>) -> Result<HashMap<Uuid, Dims>> {
    let rows = all(tx, sql, values).await?;
    rows.iter()
        .map(|row| Ok((row.try_get("", "id")?, (row.try_get("", "segment")?, row.try_get("", "owner")?))))
        .collect()
}

async fn remember(tx: &Tx, workspace: Workspace, current: &HashMap<Uuid, Dims>) -> Result<()> {
    let rows = current
        .iter()
        .map(|(id, (segment, owner))| vals![workspace.0, *id, segment.as_str(), owner.as_str()])
        .collect();
    tx.insert_many(
        "INSERT INTO growth_client_slices (workspace_id, client_id, segment, owner)",
        " ON CONFLICT (workspace_id, client_id) DO UPDATE SET segment = excluded.segment, owner = excluded.owner",
        rows,
    )
    .await?;
    Ok(())
}

const MOVED: &str = "SELECT s.client_id AS id, s.segment AS was_segment, s.owner AS was_owner, \
    COALESCE(c.segment, '') AS segment, COALESCE(c.owner, '') AS owner \
    FROM growth_client_slices s JOIN clients c ON c.id = s.client_id \
    WHERE s.workspace_id = $1 AND (COALESCE(c.segment, '') <> s.segment OR COALESCE(c.owner, '') <> s.owner)";

/// Moves the totals of clients whose segment or owner is no longer the one that they are counted under.
async fn move_over(tx: &Tx, workspace: Workspace, rows: &[QueryResult]) -> Result<()> {
    for chunk in rows.chunks(300) {
        let (mut before, mut after) = (HashMap::new(), HashMap::new());
        for row in chunk {
            let id: Uuid = row.try_get("", "id")?;
            before.insert(id, (row.try_get("", "was_segment")?, row.try_get("", "was_owner")?));
            after.insert(id, (row.try_get("", "segment")?, row.try_get("", "owner")?));
        }
        let mut changes = Changes::default();
        changes.count(tx, workspace, &before, -1).await?;
        changes.count(tx, workspace, &after, 1).await?;
        changes.write(tx, workspace).await?;
        remember(tx, workspace, &after).await?;
    }
    Ok(())
}

/// Follows changes of segment or owner of some clients.
pub(crate) async fn follow(tx: &Tx, workspace: Workspace, ids: &[Uuid]) -> Result<()> {
    for chunk in ids.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| (*id).into()));
        let sql = format!("{MOVED} AND s.client_id IN ({})", list(2, chunk.len()));
        let moved = all(tx, &sql, values).await?;
        move_over(tx, workspace, &moved).await?;
    }
    Ok(())
}

/// The same for the whole workspace: once a day, whoever changed a client.
pub async fn follow_all(tx: &Tx, workspace: Workspace) -> Result<()> {
    let moved = all(tx, MOVED, vals![workspace.0]).await?;
    move_over(tx, workspace, &moved).await
}

/// Forgets all slices of a workspace, as a database from before has none; computing its ledgers anew brings them back.
pub async fn forget(db: &crate::Db, workspace: Workspace) -> Result<()> {
    let tx = db.begin().await?;
    for table in [
        "growth_slices",
        "growth_cohorts",
        "growth_client_slices",
        "growth_client_products",
        "growth_product_movements",
    ] {
        tx.run(&format!("DELETE FROM {table} WHERE workspace_id = $1"), vals![workspace.0]).await?;
    }
    tx.commit().await
}

/// The ledger's totals of every day up to and including `until`, for a part of the portfolio, by day.
pub async fn day_totals_in(
    conn: &impl Conn,
    workspace: Workspace,
    slice: &Slice,
    until: NaiveDate,
) -> Result<Vec<DayTotal>> {
    if slice.is_all() {
        return super::day_totals(conn, workspace, until).await;
    }
    if slice.within.is_some() {
        return super::within::day_totals(conn, workspace, slice, until).await;
    }
    let mut values = vals![workspace.0, slice.product.clone().unwrap_or_default(), until];
    let which = slice.of_totals(&mut values);
    let sql = format!(
        "SELECT day, kind, CAST(SUM(cents) AS BIGINT) AS cents, CAST(SUM(movements) AS BIGINT) AS movements \
         FROM growth_slices WHERE workspace_id = $1 AND product = $2 AND day <= $3{which} \
         GROUP BY day, kind ORDER BY day, kind"
    );
    all_as(conn, &sql, values).await
}

/// By how much the MRR of a part changed on a day.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct PartDay {
    /// Segment or product; empty for clients without a segment.
    pub part: String,
    /// The day.
    pub day: NaiveDate,
    /// Signed cents.
    pub cents: i64,
}

/// The changes of MRR by part and day up to `until`, by today's knowledge. Over all parts they add up to the totals.
pub async fn parts(
    conn: &impl Conn,
    workspace: Workspace,
    slice: &Slice,
    split: Split,
    until: NaiveDate,
) -> Result<Vec<PartDay>> {
    if slice.within.is_some() {
        return super::within::parts(conn, workspace, slice, split, until).await;
    }
    let mut values = vals![workspace.0, until];
    let mut which = slice.of_totals(&mut values);
    let column = match split {
        Split::Segment => "segment",
        Split::Product => "product",
    };
    match (&slice.product, split) {
        (Some(product), _) => which.push_str(&format!(" AND product = {}", placed(&mut values, product.as_str()))),
        (None, Split::Product) => which.push_str(" AND product <> ''"),
        (None, Split::Segment) => which.push_str(" AND product = ''"),
    }
    let sql = format!(
        "SELECT {column} AS part, day, CAST(SUM(cents) AS BIGINT) AS cents FROM growth_slices \
         WHERE workspace_id = $1 AND day <= $2{which} GROUP BY {column}, day ORDER BY {column}, day"
    );
    all_as(conn, &sql, values).await
}

/// The changes of MRR by part and day as they were known at the end of a past day, up to that day.
pub async fn parts_known(
    conn: &impl Conn,
    workspace: Workspace,
    slice: &Slice,
    split: Option<Split>,
    known: NaiveDate,
) -> Result<Vec<PartDay>> {
    let mut values = vals![workspace.0, known];
    let (from, which, part) = slice.stretches(split, &mut values);
    // What has begun, less what was known to have ended: both by then.
    let sql = format!(
        "SELECT part, day, CAST(SUM(cents) AS BIGINT) AS cents FROM (\
         SELECT {part} AS part, g.from_day AS day, g.mrr_cents AS cents FROM {from} \
         WHERE g.workspace_id = $1 AND g.from_day <= $2 AND g.known_on <= $2 AND g.mrr_cents > 0{which} \
         UNION ALL SELECT {part} AS part, g.to_day AS day, -g.mrr_cents AS cents FROM {from} \
         WHERE g.workspace_id = $1 AND g.from_day <= $2 AND g.known_on <= $2 AND g.mrr_cents > 0 \
         AND g.to_day <= $2 AND g.to_known_on <= $2{which}) AS both_ends GROUP BY part, day ORDER BY part, day"
    );
    all_as(conn, &sql, values).await
}

/// The products that some clients pay for today, by client.
pub async fn products_of(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
) -> Result<HashMap<Uuid, Vec<String>>> {
    let mut out: HashMap<Uuid, Vec<String>> = HashMap::new();
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT client_id, product FROM growth_client_products WHERE workspace_id = $1 AND mrr_cents > 0 \
             AND client_id IN ({}) ORDER BY client_id, product",
            list(2, chunk.len())
        );
        for row in all(conn, &sql, values).await? {
            out.entry(row.try_get("", "client_id")?).or_default().push(row.try_get("", "product")?);
        }
    }
    Ok(out)
}

/// The products that somebody pays for today, the most widespread first, with how many clients do.
pub async fn products(conn: &impl Conn, workspace: Workspace) -> Result<Vec<(String, i64)>> {
    let sql = "SELECT product AS value, COUNT(*) AS n FROM growth_client_products \
        WHERE workspace_id = $1 AND mrr_cents > 0 GROUP BY product ORDER BY COUNT(*) DESC, product LIMIT 200";
    all(conn, sql, vals![workspace.0])
        .await?
        .iter()
        .map(|row| Ok((row.try_get("", "value")?, row.try_get("", "n")?)))
        .collect()
}
