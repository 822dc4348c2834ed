//! Subscriptions: each state that a source sends becomes terms in force from a day, and the ledger follows.

use super::rates::Rates;
use super::upsert::known_clients;
use super::{at, check_all, told};
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::growth::recompute_ledgers;
use crate::{Actor, App};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use essor_domain::Invalid;
use essor_domain::clients::SubscriptionInput;
use essor_domain::growth::ledger::{Phase, Subscription, Terms};
use essor_domain::growth::money::{self, Period};
use essor_domain::identity::Action;
use essor_domain::time::{day_in, parse_zone};
use essor_store::clients::Upserted;
use essor_store::subscriptions::{self, Stored};
use essor_store::{Tx, Workspace};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Who says it, which decides when a fact counts as known if the source does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The API: known on receipt.
    Api,
    /// An import of history: known on the fact's own date; an end on the end itself.
    Import,
}

/// What turning inputs into terms needs of the workspace.
struct Books {
    zone: Tz,
    today: NaiveDate,
    rates: Rates,
}

/// Creates or changes subscriptions by external id, all or none, and recomputes the ledgers of their clients.
pub async fn upsert_subscriptions(
    app: &App,
    actor: &Actor,
    inputs: &[SubscriptionInput],
    origin: Origin,
) -> Result<Vec<Upserted>> {
    let workspace = actor.require(Action::WriteClients)?;
    check_all(inputs, SubscriptionInput::check)?;
    let tx = app.db.begin().await?;
    let now = app.clock.now();
    let (done, one) = apply_subscriptions(&tx, workspace, inputs, origin, now).await?;
    told::upserted(&tx, actor, now, ("subscriptions.upsert", "subscription"), &done, one).await?;
    tx.commit().await?;
    Ok(done)
}

/// Before and after of the only subscription that a call changed.
type Changed = Option<(Value, Value)>;

/// The same within a transaction, for what changes subscriptions together with something else, and tells so itself.
pub(crate) async fn apply_subscriptions(
    tx: &Tx,
    workspace: Workspace,
    inputs: &[SubscriptionInput],
    origin: Origin,
    now: DateTime<Utc>,
) -> Result<(Vec<Upserted>, Changed)> {
    // Two writers of one client's ledger would each miss what the other adds.
    essor_store::usage::lock(tx, workspace).await?;
    let books = Books::of(tx, workspace, now).await?;
    let names: Vec<Option<&str>> = inputs.iter().map(|s| Some(s.client_external_id.as_str())).collect();
    let clients = known_clients(tx, workspace, &names).await?;
    let ids: HashSet<&str> = inputs.iter().map(|s| s.external_id.as_str()).collect();
    let ids: Vec<&str> = ids.into_iter().collect();
    let mut stored: HashMap<String, Stored> = subscriptions::by_external_ids(tx, workspace, &ids)
        .await?
        .into_iter()
        .map(|s| (s.external_id.clone(), s))
        .collect();

    let mut done = Vec::with_capacity(inputs.len());
    let was = inputs.first().and_then(|first| stored.get(&first.external_id)).map(told::subscription);
    let mut touched: HashSet<Uuid> = HashSet::new();
    for (i, input) in inputs.iter().enumerate() {
        let known_on = books.known_on(input, origin);
        let client_id = *clients.get(&input.client_external_id).ok_or_else(Error::not_found)?;
        let before = stored.remove(&input.external_id);
        let created = before.is_none();
        // A subscription that moves to another client changes both ledgers.
        touched.extend(before.as_ref().map(|s| s.client_id));
        touched.insert(client_id);
        let line = books
            .apply(before.as_ref().map(|s| &s.line), input, known_on, origin)
            .map_err(|refused| at(i, inputs.len(), refused))?;
        let item = Stored {
            id: before.map_or_else(Uuid::now_v7, |s| s.id),
            client_id,
            external_id: input.external_id.clone(),
            product: input.product.clone(),
            plan: input.plan.clone(),
            seats: input.seats,
            line,
        };
        done.push(Upserted { id: item.id, external_id: item.external_id.clone(), created });
        stored.insert(input.external_id.clone(), item);
    }
    let items: Vec<Stored> = stored.into_values().collect();
    subscriptions::save(tx, workspace, &items, now).await?;
    let touched: Vec<Uuid> = touched.into_iter().collect();
    recompute_ledgers(tx, workspace, &books.rates.currency, &touched, books.today, now).await?;
    emit(tx, workspace, now, &[DomainEvent::MrrChanged(touched)]).await?;
    let one = match items.as_slice() {
        [item] => Some((was.unwrap_or_else(|| json!({})), told::subscription(item))),
        _ => None,
    };
    Ok((done, one))
}

/// What sending a state would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Would {
    /// Make a new thing.
    Create,
    /// Change one that is there.
    Change,
    /// Nothing.
    Nothing,
}

/// What each of some states would do, or why it is refused; their clients are there. Each is looked at alone.
pub(crate) async fn would(
    tx: &Tx,
    workspace: Workspace,
    inputs: &[SubscriptionInput],
    origin: Origin,
    now: DateTime<Utc>,
) -> Result<Vec<std::result::Result<Would, Invalid>>> {
    let books = Books::of(tx, workspace, now).await?;
    let names: Vec<Option<&str>> = inputs.iter().map(|s| Some(s.client_external_id.as_str())).collect();
    let clients = known_clients(tx, workspace, &names).await?;
    let ids: HashSet<&str> = inputs.iter().map(|s| s.external_id.as_str()).collect();
    let stored = subscriptions::by_external_ids(tx, workspace, &ids.into_iter().collect::<Vec<_>>()).await?;
    let stored: HashMap<&str, &Stored> = stored.iter().map(|s| (s.external_id.as_str(), s)).collect();
    let one = |input: &SubscriptionInput| {
        let before = stored.get(input.external_id.as_str());
        let line = books.apply(before.map(|s| &s.line), input, books.known_on(input, origin), origin)?;
        let Some(before) = before else { return Ok(Would::Create) };
        let same = before.line == line
            && clients.get(&input.client_external_id) == Some(&before.client_id)
            && (&before.product, &before.plan, before.seats) == (&input.product, &input.plan, input.seats);
        Ok(if same { Would::Nothing } else { Would::Change })
    };
    Ok(inputs.iter().map(one).collect())
}

impl Books {
    async fn of(tx: &Tx, workspace: Workspace, now: DateTime<Utc>) -> Result<Books> {
        let row = crate::identity::workspace_row(tx, workspace).await?;
        let zone = parse_zone(&row.timezone)?;
        Ok(Books { zone, today: day_in(zone, now), rates: Rates::load(tx, workspace, row.currency).await? })
    }

    /// The day on which a state was known.
    fn known_on(&self, input: &SubscriptionInput, origin: Origin) -> NaiveDate {
        let otherwise = match origin {
            Origin::Api => self.today,
            Origin::Import => input.effective_date.unwrap_or(input.start_date),
        };
        input.known_at.map_or(otherwise, |at| day_in(self.zone, at))
    }

    /// The subscription after a state was sent: the same terms change nothing, other terms hold from their day on.
    fn apply(
        &self,
        before: Option<&Subscription>,
        input: &SubscriptionInput,
        known_on: NaiveDate,
        origin: Origin,
    ) -> std::result::Result<Subscription, Invalid> {
        let mut line = before.cloned().unwrap_or(Subscription {
            start: input.start_date,
            end: None,
            end_known_on: None,
            phases: Vec::new(),
        });
        if before.is_none() || line.end != input.end_date {
            line.end_known_on = input.end_date.map(|end| match origin {
                Origin::Import => end,
                Origin::Api => known_on,
            });
            line.end = input.end_date;
        }
        if line.start != input.start_date {
            // A corrected start: the first terms begin there.
            line.phases.retain(|phase| phase.from > input.start_date);
            line.start = input.start_date;
        }
        let current = |day: NaiveDate| line.phases.iter().filter(|p| p.from <= day).max_by_key(|p| p.from);
        let default_day = if line.phases.is_empty() { input.start_date } else { self.today.max(input.start_date) };
        let from = input.effective_date.unwrap_or(default_day);
        let mut terms = self.terms(input, from)?;
        if let Some(phase) = current(from) {
            terms.rate = if phase.terms.currency == terms.currency && phase.terms.amount_cents == terms.amount_cents {
                phase.terms.rate
            } else {
                terms.rate
            };
            if phase.terms == terms {
                return Ok(line);
            }
        }
        money::check_line(&terms.line(), &self.rates.currency, "amountCents")?;
        line.phases.retain(|phase| phase.from != from);
        line.phases.push(Phase { from, known_on, terms });
        line.phases.sort_by_key(|phase| phase.from);
        Ok(line)
    }

    fn terms(&self, input: &SubscriptionInput, from: NaiveDate) -> std::result::Result<Terms, Invalid> {
        let currency = input.currency.clone().unwrap_or_else(|| self.rates.currency.clone());
        Ok(Terms {
            amount_cents: input.amount_cents,
            rate: self.rates.at(&currency, from, "currency")?,
            currency,
            period: input.period.as_deref().map_or(Ok(Period::Month), Period::parse)?,
            quantity: input.quantity.unwrap_or(1),
            discount_cents: input.discount_cents.unwrap_or(0),
            discount_until: input.discount_until,
            is_trial: input.is_trial,
            paused: input.paused,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use essor_domain::Code;
    use essor_domain::growth::ledger::{mrr_as_of, mrr_on, stretches};
    use essor_domain::growth::money::RateE9;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn books() -> Books {
        Books {
            zone: chrono_tz::Europe::Paris,
            today: day("2026-06-15"),
            rates: Rates::of(
                "EUR",
                vec![
                    ("USD".into(), day("2026-01-01"), RateE9(900_000_000)),
                    ("USD".into(), day("2026-06-01"), RateE9(800_000_000)),
                ],
            ),
        }
    }

    fn input(amount: i64) -> SubscriptionInput {
        SubscriptionInput {
            external_id: "s".into(),
            client_external_id: "c".into(),
            product: "p".into(),
            start_date: day("2026-01-10"),
            amount_cents: amount,
            ..Default::default()
        }
    }

    #[test]
    fn the_same_state_sent_twice_changes_nothing() {
        let first = books().apply(None, &input(1000), day("2026-06-15"), Origin::Api).unwrap();
        let second = books().apply(Some(&first), &input(1000), day("2026-06-15"), Origin::Api).unwrap();
        assert_eq!(first, second);
    }

    #[test]
    fn a_change_holds_from_today_unless_dated() {
        let first = books().apply(None, &input(1000), day("2026-01-10"), Origin::Import).unwrap();
        let changed = books().apply(Some(&first), &input(2000), day("2026-06-15"), Origin::Api).unwrap();
        let lines = stretches(&changed, "EUR");
        assert_eq!(mrr_on(&lines, day("2026-06-14")), 1000);
        assert_eq!(mrr_on(&lines, day("2026-06-15")), 2000);
        let dated = SubscriptionInput { effective_date: Some(day("2026-03-01")), ..input(3000) };
        let changed = books().apply(Some(&first), &dated, day("2026-06-15"), Origin::Api).unwrap();
        let lines = stretches(&changed, "EUR");
        assert_eq!(mrr_on(&lines, day("2026-03-01")), 3000);
        assert_eq!(mrr_as_of(&lines, day("2026-03-01")), 1000, "it was not known then");
    }

    #[test]
    fn a_foreign_amount_keeps_the_rate_of_its_day() {
        let foreign = SubscriptionInput { currency: Some("USD".into()), ..input(1000) };
        let first = books().apply(None, &foreign, day("2026-01-10"), Origin::Import).unwrap();
        let more = SubscriptionInput { quantity: Some(2), ..foreign.clone() };
        let line = books().apply(Some(&first), &more, day("2026-06-15"), Origin::Api).unwrap();
        assert_eq!(mrr_on(&stretches(&line, "EUR"), day("2026-06-15")), 1800, "two at the frozen rate of January");
        let unknown = SubscriptionInput { currency: Some("CHF".into()), ..input(1000) };
        let refused = books().apply(None, &unknown, day("2026-06-15"), Origin::Api).unwrap_err();
        assert_eq!(refused.code, Code::GrowthRateMissing);
    }
}
