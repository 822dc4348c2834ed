//! Subscriptions and their phases (terms over time).

use crate::clients::OF_CLIENTS;
use crate::{Conn, Result, Tx, Workspace, all_as, list, vals};
use chrono::{DateTime, NaiveDate, Utc};
use essor_domain::growth::ledger::{Phase, Subscription, Terms};
use essor_domain::growth::money::{Period, RateE9};
use sea_orm::FromQueryResult;
use std::collections::HashMap;
use uuid::Uuid;

/// A subscription as stored, with its terms over time.
#[derive(Debug, Clone)]
pub struct Stored {
    /// The row's id.
    pub id: Uuid,
    /// The client that pays.
    pub client_id: Uuid,
    /// The source's id.
    pub external_id: String,
    /// Product or offer.
    pub product: String,
    /// Plan within the product.
    pub plan: Option<String>,
    /// Seats that it grants.
    pub seats: Option<i32>,
    /// Dates and terms.
    pub line: Subscription,
}

#[derive(FromQueryResult)]
struct SubscriptionRow {
    id: Uuid,
    client_id: Uuid,
    external_id: String,
    product: String,
    plan: Option<String>,
    seats: Option<i32>,
    start_date: NaiveDate,
    end_date: Option<NaiveDate>,
    end_known_on: Option<NaiveDate>,
}

#[derive(FromQueryResult)]
struct PhaseRow {
    subscription_id: Uuid,
    from_day: NaiveDate,
    known_on: NaiveDate,
    amount_cents: i64,
    currency: String,
    rate_e9: i64,
    period: String,
    quantity: i64,
    discount_cents: i64,
    discount_until: Option<NaiveDate>,
    is_trial: bool,
    paused: bool,
}

/// Subscriptions by external id.
pub async fn by_external_ids(conn: &impl Conn, workspace: Workspace, ids: &[&str]) -> Result<Vec<Stored>> {
    let mut out = Vec::new();
    for chunk in ids.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| (*id).into()));
        let which = format!("s.workspace_id = $1 AND s.external_id IN ({})", list(2, chunk.len()));
        out.extend(load(conn, &which, values).await?);
    }
    Ok(out)
}

/// All subscriptions of some clients.
pub async fn of_clients(conn: &impl Conn, workspace: Workspace, clients: &[Uuid]) -> Result<Vec<Stored>> {
    let mut out = Vec::new();
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| (*id).into()));
        let which = format!("{OF_CLIENTS} AND client_id IN ({})", list(2, chunk.len()));
        out.extend(load(conn, &which, values).await?);
    }
    Ok(out)
}

/// Whether there is any subscription: the reporting currency is then fixed.
pub async fn any(conn: &impl Conn, workspace: Workspace) -> Result<bool> {
    let sql = "SELECT id FROM clients_subscriptions WHERE workspace_id = $1 LIMIT 1";
    Ok(crate::one(conn, sql, vals![workspace.0]).await?.is_some())
}

async fn load(conn: &impl Conn, which: &str, values: Vec<sea_orm::Value>) -> Result<Vec<Stored>> {
    let rows: Vec<SubscriptionRow> = all_as(
        conn,
        &format!(
            "SELECT s.id, s.client_id, s.external_id, s.product, s.plan, s.seats, s.start_date, s.end_date, s.end_known_on \
             FROM clients_subscriptions s WHERE {which} ORDER BY s.start_date, s.external_id"
        ),
        values.clone(),
    )
    .await?;
    let phase_rows: Vec<PhaseRow> = all_as(
        conn,
        &format!(
            "SELECT p.subscription_id, p.from_day, p.known_on, p.amount_cents, p.currency, p.rate_e9, p.period, \
             p.quantity, p.discount_cents, p.discount_until, p.is_trial, p.paused \
             FROM clients_subscriptions s JOIN clients_subscription_phases p ON p.subscription_id = s.id \
             WHERE {which} ORDER BY p.subscription_id, p.from_day"
        ),
        values,
    )
    .await?;
    let mut phases: HashMap<Uuid, Vec<Phase>> = HashMap::new();
    for row in phase_rows {
        phases.entry(row.subscription_id).or_default().push(Phase {
            from: row.from_day,
            known_on: row.known_on,
            terms: Terms {
                amount_cents: row.amount_cents,
                currency: row.currency,
                period: Period::parse(&row.period).unwrap_or(Period::Month),
                quantity: row.quantity,
                discount_cents: row.discount_cents,
                discount_until: row.discount_until,
                is_trial: row.is_trial,
                paused: row.paused,
                rate: RateE9(row.rate_e9),
            },
        });
    }
    Ok(rows
        .into_iter()
        .map(|row| Stored {
            line: Subscription {
                start: row.start_date,
                end: row.end_date,
                end_known_on: row.end_known_on,
                phases: phases.remove(&row.id).unwrap_or_default(),
            },
            id: row.id,
            client_id: row.client_id,
            external_id: row.external_id,
            product: row.product,
            plan: row.plan,
            seats: row.seats,
        })
        .collect())
}

/// Writes subscriptions with all their phases, new or known.
pub async fn save(tx: &Tx, workspace: Workspace, items: &[Stored], now: DateTime<Utc>) -> Result<()> {
    crate::health::seats::follow_lines(tx, workspace, items, now).await?;
    let rows = items
        .iter()
        .map(|s| {
            vals![
                s.id,
                workspace.0,
                s.client_id,
                s.external_id.as_str(),
                s.product.as_str(),
                s.plan.clone(),
                s.seats,
                s.line.start,
                s.line.end,
                s.line.end_known_on,
                now,
                now,
            ]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO clients_subscriptions (id, workspace_id, client_id, external_id, product, plan, seats, start_date, \
         end_date, end_known_on, created_at, updated_at)",
        " ON CONFLICT (id) DO UPDATE SET client_id = excluded.client_id, product = excluded.product, plan = excluded.plan, \
         seats = excluded.seats, start_date = excluded.start_date, end_date = excluded.end_date, \
         end_known_on = excluded.end_known_on, updated_at = excluded.updated_at",
        rows,
    )
    .await?;
    for chunk in items.chunks(400) {
        let values = chunk.iter().map(|s| s.id.into()).collect();
        let ids = list(1, chunk.len());
        tx.run(&format!("DELETE FROM clients_subscription_phases WHERE subscription_id IN ({ids})"), values).await?;
    }
    let mut rows = Vec::new();
    for item in items {
        for phase in &item.line.phases {
            let terms = &phase.terms;
            rows.push(vals![
                item.id,
                phase.from,
                phase.known_on,
                terms.amount_cents,
                terms.currency.as_str(),
                terms.rate.0,
                terms.period.as_str(),
                terms.quantity,
                terms.discount_cents,
                terms.discount_until,
                terms.is_trial,
                terms.paused,
            ]);
        }
    }
    tx.insert_many(
        "INSERT INTO clients_subscription_phases (subscription_id, from_day, known_on, amount_cents, currency, rate_e9, \
         period, quantity, discount_cents, discount_until, is_trial, paused)",
        "",
        rows,
    )
    .await?;
    Ok(())
}

/// The clients of subscriptions by external id.
pub async fn clients_of(conn: &impl Conn, workspace: Workspace, ids: &[&str]) -> Result<HashMap<String, Uuid>> {
    let mut out = HashMap::new();
    for chunk in ids.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| (*id).into()));
        let sql = format!(
            "SELECT external_id, client_id FROM clients_subscriptions WHERE workspace_id = $1 AND external_id IN ({})",
            list(2, chunk.len())
        );
        for row in crate::all(conn, &sql, values).await? {
            out.insert(row.try_get("", "external_id")?, row.try_get("", "client_id")?);
        }
    }
    Ok(out)
}
