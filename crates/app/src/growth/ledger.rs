//! Recomputes the ledgers of the clients touched, and only theirs.

use crate::App;
use crate::error::Result;
use chrono::{DateTime, NaiveDate, Utc};
use essor_domain::growth::ledger::{self, MovementKind, Stretch, movements, mrr_on, stretches};
use essor_domain::time::{day_in, parse_zone};
use essor_store::growth::{ClientLedger, save_ledgers};
use essor_store::subscriptions::{Stored, of_clients};
use essor_store::{Tx, Workspace, clients};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Computes the ledgers of some clients anew from all their subscriptions and saves them.
pub async fn recompute_ledgers(
    tx: &Tx,
    workspace: Workspace,
    currency: &str,
    clients: &[Uuid],
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<()> {
    for chunk in clients.chunks(400) {
        let mut by_client: HashMap<Uuid, Vec<Stored>> = chunk.iter().map(|id| (*id, Vec::new())).collect();
        // What is in the trash or merged into another pays nothing and never did.
        let gone = clients::gone::gone_of(tx, workspace, chunk).await?;
        let subscriptions = of_clients(tx, workspace, chunk).await?;
        for subscription in subscriptions.into_iter().filter(|s| !gone.contains(&s.client_id)) {
            by_client.entry(subscription.client_id).or_default().push(subscription);
        }
        let ledgers: Vec<ClientLedger> =
            by_client.into_iter().map(|(id, subs)| ledger(id, &subs, currency, today)).collect();
        save_ledgers(tx, workspace, &ledgers, now).await?;
    }
    Ok(())
}

/// Computes the ledgers of a whole workspace anew, some clients at a time: when what is derived of them has a new form.
pub async fn rebuild_ledgers(app: &App, workspace: Workspace) -> Result<()> {
    let now = app.clock.now();
    let row = crate::identity::workspace_row(&app.db.primary(), workspace).await?;
    let today = day_in(parse_zone(&row.timezone)?, now);
    for chunk in clients::all_ids(&app.db.primary(), workspace).await?.chunks(400) {
        let tx = app.db.begin().await?;
        essor_store::usage::lock(&tx, workspace).await?;
        recompute_ledgers(&tx, workspace, &row.currency, chunk, today, now).await?;
        tx.commit().await?;
    }
    Ok(())
}

fn ledger(client_id: Uuid, subscriptions: &[Stored], currency: &str, today: NaiveDate) -> ClientLedger {
    let lines: Vec<(Uuid, Vec<Stretch>)> = subscriptions.iter().map(|s| (s.id, stretches(&s.line, currency))).collect();
    let all: Vec<Stretch> = lines.iter().flat_map(|(_, s)| s.iter().cloned()).collect();
    let movements = movements(&all);
    let mut by_product: BTreeMap<&str, Vec<Stretch>> = BTreeMap::new();
    for (subscription, (_, stretches)) in subscriptions.iter().zip(&lines) {
        by_product.entry(&subscription.product).or_default().extend(stretches.iter().cloned());
    }
    let products = by_product
        .into_iter()
        .map(|(product, of)| (product.to_owned(), ledger::movements(&of), mrr_on(&of, today)))
        .collect();
    let past = || movements.iter().filter(|m| m.day <= today);
    let mrr_cents = mrr_on(&all, today);
    ClientLedger {
        client_id,
        mrr_cents,
        trial: all.iter().any(|s| s.is_trial && s.from <= today && s.to.is_none_or(|to| today < to)),
        first_paid_on: past().next().map(|m| m.day),
        churned_on: past().next_back().filter(|m| m.kind == MovementKind::Churn).map(|m| m.day),
        renews_on: subscriptions.iter().filter_map(|s| s.line.renewal(today, currency)).min(),
        stretches: lines,
        movements,
        products,
    }
}
