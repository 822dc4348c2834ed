//! The MRR ledger as stored: stretches, movements, their totals by day, and month-end snapshots.

pub mod cohorts;
pub mod known;
pub mod objectives;
mod slice;
pub mod slices;
pub mod spend;
mod within;

pub use slice::{NOT_SET, Slice, Split};
pub use within::Within;

use crate::{Conn, Result, Tx, Workspace, all, all_as, list, one, one_as, vals};
use chrono::{DateTime, Days, NaiveDate, Utc};
use essor_domain::growth::ledger::{Movement, MovementKind, Stretch};
use sea_orm::{FromQueryResult, Value};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// A client's ledger, computed anew from its subscriptions.
#[derive(Debug, Clone)]
pub struct ClientLedger {
    /// Whose.
    pub client_id: Uuid,
    /// The stretches of each subscription.
    pub stretches: Vec<(Uuid, Vec<Stretch>)>,
    /// The client's movements, netted by day.
    pub movements: Vec<Movement>,
    /// The same within each product, with its MRR today in cents.
    pub products: Vec<(String, Vec<Movement>, i64)>,
    /// MRR today, in cents.
    pub mrr_cents: i64,
    /// On trial today.
    pub trial: bool,
    /// First day with MRR, not later than today.
    pub first_paid_on: Option<NaiveDate>,
    /// When a client without MRR lost it.
    pub churned_on: Option<NaiveDate>,
    /// The next day on which one of its subscriptions renews.
    pub renews_on: Option<NaiveDate>,
}

/// Replaces the ledgers of some clients and keeps the totals by day in step.
pub async fn save_ledgers(tx: &Tx, workspace: Workspace, ledgers: &[ClientLedger], now: DateTime<Utc>) -> Result<()> {
    let mut totals: BTreeMap<(NaiveDate, &'static str), (i64, i64)> = BTreeMap::new();
    let mut stretch_rows = Vec::new();
    let mut movement_rows = Vec::new();
    let mut sliced = slices::Changes::default();
    for chunk in ledgers.chunks(300) {
        let clients: Vec<Uuid> = chunk.iter().map(|ledger| ledger.client_id).collect();
        sliced.leave(tx, workspace, &clients).await?;
        sliced.enter(tx, workspace, chunk).await?;
        let ids = list(2, chunk.len());
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|l| l.client_id.into()));
        let old = all(
            tx,
            &format!(
                "SELECT day, kind, delta_cents FROM growth_movements WHERE workspace_id = $1 AND client_id IN ({ids})"
            ),
            values.clone(),
        )
        .await?;
        for row in old {
            let kind: String = row.try_get("", "kind")?;
            let kind = MovementKind::parse(&kind).unwrap_or(MovementKind::New).as_str();
            let total = totals.entry((row.try_get("", "day")?, kind)).or_default();
            total.0 -= row.try_get::<i64>("", "delta_cents")?;
            total.1 -= 1;
        }
        for table in ["growth_movements", "growth_stretches"] {
            let sql = format!("DELETE FROM {table} WHERE workspace_id = $1 AND client_id IN ({ids})");
            tx.run(&sql, values.clone()).await?;
        }
        for ledger in chunk {
            for movement in &ledger.movements {
                let total = totals.entry((movement.day, movement.kind.as_str())).or_default();
                total.0 += movement.delta_cents;
                total.1 += 1;
                movement_rows.push(vals![
                    workspace.0,
                    ledger.client_id,
                    movement.day,
                    movement.kind.as_str(),
                    movement.delta_cents,
                    movement.after_cents,
                ]);
            }
            for (subscription, stretches) in &ledger.stretches {
                for (seq, s) in stretches.iter().enumerate() {
                    stretch_rows.push(vals![
                        workspace.0,
                        ledger.client_id,
                        *subscription,
                        seq as i32,
                        s.from,
                        s.to,
                        s.mrr_cents,
                        s.is_trial,
                        s.known_on,
                        s.to_known_on,
                    ]);
                }
            }
            tx.run(
                "UPDATE clients SET mrr_cents = $1, trial = $2, first_paid_on = $3, churned_on = $4, updated_at = $5, \
                 renews_on = $6, at_risk = CASE WHEN $1 > 0 THEN at_risk ELSE FALSE END WHERE workspace_id = $7 AND id = $8",
                vals![
                    ledger.mrr_cents,
                    ledger.trial,
                    ledger.first_paid_on,
                    ledger.churned_on,
                    now,
                    ledger.renews_on,
                    workspace.0,
                    ledger.client_id
                ],
            )
            .await?;
        }
        let sql = format!(
            "UPDATE clients SET status = {} WHERE COALESCE(workspace_id, id) = $1 AND id IN ({ids})",
            crate::clients::STATUS_SQL
        );
        tx.run(&sql, values).await?;
    }
    tx.insert_many(
        "INSERT INTO growth_stretches (workspace_id, client_id, subscription_id, seq, from_day, to_day, mrr_cents, \
         is_trial, known_on, to_known_on)",
        "",
        stretch_rows,
    )
    .await?;
    tx.insert_many(
        "INSERT INTO growth_movements (workspace_id, client_id, day, kind, delta_cents, after_cents)",
        "",
        movement_rows,
    )
    .await?;
    let rows = totals
        .into_iter()
        .filter(|(_, total)| *total != (0, 0))
        .map(|((day, kind), (cents, count))| vals![workspace.0, day, kind, cents, count])
        .collect();
    tx.insert_many(
        "INSERT INTO growth_days (workspace_id, day, kind, cents, movements)",
        " ON CONFLICT (workspace_id, day, kind) DO UPDATE SET cents = growth_days.cents + excluded.cents, \
         movements = growth_days.movements + excluded.movements",
        rows,
    )
    .await?;
    sliced.write(tx, workspace).await
}

/// One kind's total on one day.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct DayTotal {
    pub day: NaiveDate,
    pub kind: String,
    pub cents: i64,
    pub movements: i64,
}

/// The ledger's totals of every day up to and including `until`, by day: a few thousand rows for years of any number of
/// clients.
pub async fn day_totals(conn: &impl Conn, workspace: Workspace, until: NaiveDate) -> Result<Vec<DayTotal>> {
    let sql =
        "SELECT day, kind, cents, movements FROM growth_days WHERE workspace_id = $1 AND day <= $2 ORDER BY day, kind";
    all_as(conn, sql, vals![workspace.0, until]).await
}

/// A movement with its client's name.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct MovementRow {
    pub client_id: Uuid,
    pub name: String,
    pub day: NaiveDate,
    pub kind: String,
    pub delta_cents: i64,
    pub after_cents: i64,
}

/// The movements after `from` up to and including `to`, newest first, of one kind or all, before a cursor; of a product,
/// those within its own ledger.
pub async fn movements(
    conn: &impl Conn,
    workspace: Workspace,
    slice: &Slice,
    range: (NaiveDate, NaiveDate),
    kind: Option<MovementKind>,
    before: Option<(NaiveDate, Uuid)>,
    limit: i64,
) -> Result<Vec<MovementRow>> {
    let mut values = vals![workspace.0, range.0, range.1];
    let (table, product) = slice.ledger("m", &mut values);
    let which = slice.of_clients("c", &mut values);
    let mut sql = format!(
        "SELECT m.client_id, c.name, m.day, m.kind, m.delta_cents, m.after_cents FROM {table} m \
         JOIN clients c ON c.id = m.client_id WHERE m.workspace_id = $1 AND m.day > $2 AND m.day <= $3{product}{which}"
    );
    if let Some(kind) = kind {
        values.push(kind.as_str().into());
        sql.push_str(&format!(" AND m.kind = ${}", values.len()));
    }
    if let Some((day, client)) = before {
        values.extend(vals![day, client]);
        sql.push_str(&format!(" AND (m.day, m.client_id) < (${}, ${})", values.len() - 1, values.len()));
    }
    values.push(limit.into());
    sql.push_str(&format!(" ORDER BY m.day DESC, m.client_id DESC LIMIT ${}", values.len()));
    all_as(conn, &sql, values).await
}

/// The movements of one client, oldest first.
pub async fn of_client(conn: &impl Conn, workspace: Workspace, client: Uuid) -> Result<Vec<MovementRow>> {
    let sql = "SELECT m.client_id, c.name, m.day, m.kind, m.delta_cents, m.after_cents FROM growth_movements m \
        JOIN clients c ON c.id = m.client_id WHERE m.workspace_id = $1 AND m.client_id = $2 ORDER BY m.day";
    all_as(conn, sql, vals![workspace.0, client]).await
}

/// MRR of some clients on a day by today's knowledge; of one product when it is named.
pub async fn mrr_on(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
    product: Option<&str>,
    day: NaiveDate,
) -> Result<HashMap<Uuid, i64>> {
    let mut out = HashMap::new();
    let slice = Slice { product: product.map(Into::into), ..Slice::default() };
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0, day];
        values.extend(chunk.iter().map(|id| (*id).into()));
        let ids = list(3, chunk.len());
        let (table, product) = slice.ledger("m", &mut values);
        let sql = format!(
            "SELECT m.client_id, CAST(SUM(m.delta_cents) AS BIGINT) AS mrr FROM {table} m \
             WHERE m.workspace_id = $1 AND m.day <= $2 AND m.client_id IN ({ids}){product} GROUP BY m.client_id"
        );
        for row in all(conn, &sql, values).await? {
            out.insert(row.try_get("", "client_id")?, row.try_get("", "mrr")?);
        }
    }
    Ok(out)
}

/// What some clients owed by the ledger from one day to another, both included, in cents: a month's worth is spread over
/// 365 / 12 days. As it is known at the end of `to`.
pub async fn fees(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<HashMap<Uuid, i64>> {
    let mut days: HashMap<Uuid, i128> = HashMap::new();
    // COALESCE, for SQLite, which has no statistics: by client, not by day.
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0, from, to];
        values.extend(chunk.iter().map(|id| (*id).into()));
        let sql = format!(
            "SELECT client_id, from_day, to_day, to_known_on, mrr_cents FROM growth_stretches WHERE workspace_id = $1 \
             AND client_id IN ({}) AND COALESCE(from_day, known_on) <= $3 AND known_on <= $3 AND (to_day IS NULL OR to_day > $2) \
             AND mrr_cents > 0",
            list(4, chunk.len())
        );
        for row in all(conn, &sql, values).await? {
            let begin: NaiveDate = row.try_get("", "from_day")?;
            let end: Option<NaiveDate> = row.try_get("", "to_day")?;
            let known: Option<NaiveDate> = row.try_get("", "to_known_on")?;
            // An end that nobody knew of yet had not come.
            let end = end.filter(|_| known.is_none_or(|known| known <= to));
            let last = end.map_or(to, |end| (end - Days::new(1)).min(to));
            let span = (last - begin.max(from)).num_days() + 1;
            let mrr: i64 = row.try_get("", "mrr_cents")?;
            *days.entry(row.try_get("", "client_id")?).or_default() += i128::from(mrr) * i128::from(span.max(0));
        }
    }
    let cents = |worth: i128| i64::try_from((worth * 12 + 182) / 365).unwrap_or(i64::MAX);
    Ok(days.into_iter().map(|(client, worth)| (client, cents(worth))).collect())
}

/// The condition of "as of day $2": in force on that day and known by then.
const AS_OF: &str = "g.workspace_id = $1 AND g.from_day <= $2 AND g.known_on <= $2 AND g.mrr_cents > 0 \
    AND (g.to_day IS NULL OR g.to_day > $2 OR g.to_known_on > $2)";

/// MRR and active clients as of a day: what was true on it, restricted to what was known by then.
pub async fn as_of(conn: &impl Conn, workspace: Workspace, slice: &Slice, day: NaiveDate) -> Result<(i64, i64)> {
    let mut values = vals![workspace.0, day];
    let (from, which, _) = slice.stretches(None, &mut values);
    let sql = format!(
        "SELECT CAST(COALESCE(SUM(g.mrr_cents), 0) AS BIGINT) AS mrr, COUNT(DISTINCT g.client_id) AS active FROM {from} WHERE {AS_OF}{which}"
    );
    match one(conn, &sql, values).await? {
        Some(row) => Ok((row.try_get("", "mrr")?, row.try_get("", "active")?)),
        None => Ok((0, 0)),
    }
}

/// MRR of every client that has some, as of a day.
pub async fn clients_as_of(conn: &impl Conn, workspace: Workspace, day: NaiveDate) -> Result<HashMap<Uuid, i64>> {
    clients_as_of_in(conn, workspace, &Slice::default(), day).await
}

/// The clients of a slice that have MRR as of day $2, each once: the text of a query.
pub(crate) fn paying(slice: &Slice, values: &mut Vec<Value>) -> String {
    let (from, which, _) = slice.stretches(None, values);
    format!("SELECT DISTINCT g.client_id FROM {from} WHERE {AS_OF}{which}")
}

/// The clients that paid for a product at the end of day $2, by its own ledger: the text of a query. They pay today and
/// have not moved since, or their first movement since is none by which a client comes.
pub(crate) fn paid_for(product: &str, values: &mut Vec<Value>) -> String {
    let product = slice::placed(values, product);
    let moved =
        format!("growth_product_movements m WHERE m.workspace_id = $1 AND m.product = {product} AND m.day > $2");
    format!(
        "SELECT p.client_id FROM growth_client_products p WHERE p.workspace_id = $1 AND p.product = {product} \
         AND p.mrr_cents > 0 AND p.client_id NOT IN (SELECT m.client_id FROM {moved}) \
         UNION ALL SELECT m.client_id FROM {moved} AND m.after_cents <> m.delta_cents \
         AND NOT EXISTS (SELECT 1 FROM growth_product_movements e WHERE e.workspace_id = $1 \
         AND e.client_id = m.client_id AND e.product = {product} AND e.day > $2 AND e.day < m.day)"
    )
}

/// The same for a part of the portfolio.
pub async fn clients_as_of_in(
    conn: &impl Conn,
    workspace: Workspace,
    slice: &Slice,
    day: NaiveDate,
) -> Result<HashMap<Uuid, i64>> {
    let mut values = vals![workspace.0, day];
    let (from, which, _) = slice.stretches(None, &mut values);
    let sql = format!(
        "SELECT g.client_id, CAST(SUM(g.mrr_cents) AS BIGINT) AS mrr FROM {from} WHERE {AS_OF}{which} GROUP BY g.client_id"
    );
    all(conn, &sql, values)
        .await?
        .iter()
        .map(|row| Ok((row.try_get("", "client_id")?, row.try_get("", "mrr")?)))
        .collect()
}

/// Sums over the clients of an opening: what NRR, GRR and churn are made of. Amounts in cents.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "each field is named by what it sums")]
pub struct Retention {
    pub opening: i64,
    pub closing_of_opening: i64,
    pub sum_of_min: i64,
    pub churned_opening: i64,
    pub opening_clients: i64,
    pub churned_clients: i64,
}

/// Retention between the close of `from` and the close of `to`, over the clients that paid at `from`: their MRR together
/// and how many they were is known from the totals by day, so that only the clients that moved since are looked at.
pub async fn retention(
    conn: &impl Conn,
    workspace: Workspace,
    slice: &Slice,
    (from, to): (NaiveDate, NaiveDate),
    (opening, opening_clients): (i64, i64),
) -> Result<Retention> {
    let mut values = vals![workspace.0, from, to];
    let (table, product) = slice.ledger("m", &mut values);
    let which = slice.of_ids("m.client_id", &mut values);
    let before = product.replace("m.", "o.");
    // Whoever is new since then paid nothing at the opening, and has no other ledger.
    let sql = format!(
        "SELECT CAST(COALESCE(SUM(moved), 0) AS BIGINT) AS moved, \
        CAST(COALESCE(SUM(CASE WHEN moved < 0 THEN -moved ELSE 0 END), 0) AS BIGINT) AS lost, \
        CAST(COALESCE(SUM(CASE WHEN opening + moved = 0 THEN opening ELSE 0 END), 0) AS BIGINT) AS churned_opening, \
        COALESCE(SUM(CASE WHEN opening + moved = 0 THEN 1 ELSE 0 END), 0) AS churned_clients \
        FROM (SELECT m.client_id, SUM(m.delta_cents) AS moved, (SELECT SUM(o.delta_cents) FROM {table} o \
        WHERE o.workspace_id = $1 AND o.client_id = m.client_id AND o.day <= $2{before}) AS opening \
        FROM {table} m WHERE m.workspace_id = $1 AND m.day > $2 AND m.day <= $3 AND m.kind <> 'new'{product}{which} \
        GROUP BY m.client_id) AS per WHERE opening > 0"
    );
    let moved: Moved = one_as(conn, &sql, values).await?.unwrap_or_default();
    Ok(Retention {
        opening,
        closing_of_opening: opening + moved.moved,
        sum_of_min: opening - moved.lost,
        churned_opening: moved.churned_opening,
        opening_clients,
        churned_clients: moved.churned_clients,
    })
}

/// Of the clients that paid at an opening, what those made that have moved since.
#[derive(Default, FromQueryResult)]
struct Moved {
    moved: i64,
    lost: i64,
    churned_opening: i64,
    churned_clients: i64,
}

/// Clients whose ledger turns on a day after `after` up to `until`: something starts, ends or renews then.
pub async fn turning(conn: &impl Conn, workspace: Workspace, after: NaiveDate, until: NaiveDate) -> Result<Vec<Uuid>> {
    let sql = "SELECT DISTINCT client_id FROM growth_stretches WHERE workspace_id = $1 AND \
        ((from_day > $2 AND from_day <= $3) OR (to_day > $2 AND to_day <= $3)) \
        UNION SELECT id FROM clients WHERE workspace_id = $1 AND renews_on <= $3";
    all(conn, sql, vals![workspace.0, after, until])
        .await?
        .iter()
        .map(|row| Ok(row.try_get("", "client_id")?))
        .collect()
}

/// Today's totals over the portfolio, from one covering index.
#[derive(Debug, Clone, Default, FromQueryResult)]
#[allow(missing_docs, reason = "each field is named by what it counts")]
pub struct Totals {
    pub clients_total: i64,
    pub active: i64,
    pub scored: i64,
    pub health_sum: i64,
    pub at_risk: i64,
    pub at_risk_mrr: i64,
    pub excellent: i64,
    pub good: i64,
    pub watch: i64,
    pub critical: i64,
    pub unknown: i64,
}

/// Today's totals; health counts are over active clients (MRR above zero).
pub async fn totals(conn: &impl Conn, workspace: Workspace) -> Result<Totals> {
    totals_in(conn, workspace, &Slice::default()).await
}

/// The same for a part of the portfolio. Of a product, the clients that pay for it, with what they pay for it.
pub async fn totals_in(conn: &impl Conn, workspace: Workspace, slice: &Slice) -> Result<Totals> {
    let mut values = vals![workspace.0];
    // CROSS JOIN tells SQLite, which has no statistics, to walk through the product's clients.
    let (from, mrr) = match &slice.product {
        None => ("clients c WHERE", "c.mrr_cents"),
        Some(product) => {
            values.push(product.as_str().into());
            let from = "growth_client_products p CROSS JOIN clients c \
                WHERE p.workspace_id = $1 AND p.product = $2 AND c.id = p.client_id AND";
            (from, "p.mrr_cents")
        }
    };
    let which = slice.of_clients("c", &mut values);
    let sum = |condition: &str| format!("COALESCE(SUM(CASE WHEN {mrr} > 0 AND {condition} THEN 1 ELSE 0 END), 0)");
    let class = |name: &str| format!("{} AS {name}", sum(&format!("c.health_class = '{name}'")));
    let sql = format!(
        "SELECT COALESCE(SUM(CASE WHEN c.status NOT IN ('archived', 'deleted') THEN 1 ELSE 0 END), 0) AS clients_total, \
         {} AS active, {} AS scored, \
         CAST(COALESCE(SUM(CASE WHEN {mrr} > 0 THEN c.health ELSE 0 END), 0) AS BIGINT) AS health_sum, \
         {} AS at_risk, CAST(COALESCE(SUM(CASE WHEN c.at_risk THEN {mrr} ELSE 0 END), 0) AS BIGINT) AS at_risk_mrr, \
         {}, {}, {}, {}, {} FROM {from} c.workspace_id = $1{which}",
        sum("1 = 1"),
        sum("c.health IS NOT NULL"),
        sum("c.at_risk"),
        class("excellent"),
        class("good"),
        class("watch"),
        class("critical"),
        class("unknown"),
    );
    Ok(one_as(conn, &sql, values).await?.unwrap_or_default())
}

/// One client's line of a month-end snapshot.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// Whose.
    pub client_id: Uuid,
    /// MRR at that close.
    pub mrr_cents: i64,
    /// Health then.
    pub health: Option<i32>,
}

/// Appends a month-end snapshot; lines that stand already are never rewritten.
pub async fn append_snapshots(
    tx: &Tx,
    workspace: Workspace,
    month_end: NaiveDate,
    lines: &[Snapshot],
    recomputed: bool,
    now: DateTime<Utc>,
) -> Result<()> {
    let rows = lines
        .iter()
        .map(|l| vals![workspace.0, month_end, l.client_id, l.mrr_cents, l.health, recomputed, now])
        .collect();
    tx.insert_many(
        "INSERT INTO growth_snapshots (workspace_id, month_end, client_id, mrr_cents, health, recomputed, taken_at)",
        " ON CONFLICT (workspace_id, month_end, client_id) DO NOTHING",
        rows,
    )
    .await?;
    Ok(())
}

/// The latest month end that has a snapshot.
pub async fn last_snapshot(conn: &impl Conn, workspace: Workspace) -> Result<Option<NaiveDate>> {
    let sql = "SELECT MAX(month_end) AS day FROM growth_snapshots WHERE workspace_id = $1";
    let row = one(conn, sql, vals![workspace.0]).await?;
    Ok(row.and_then(|row| row.try_get::<Option<NaiveDate>>("", "day").ok().flatten()))
}
