//! What a person decides of an opportunity. A win may change a subscription too, in the same transaction; taking it back
//! gives the subscription its former terms.

use crate::audit::{self, Entry};
use crate::clients::{Origin, apply_subscriptions};
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::{Actor, App};
use chrono::{DateTime, NaiveDate, Utc};
use essor_domain::clients::SubscriptionInput;
use essor_domain::growth::ledger::Terms;
use essor_domain::growth::money::check_amount;
use essor_domain::identity::Action;
use essor_domain::opportunities::{DISMISSED_FOR, Detector, LOST_FOR, Odds, State, expected_cents, success};
use essor_domain::tasks::check_note;
use essor_domain::time::{check_day, day_in, parse_zone};
use essor_domain::{Code, Invalid};
use essor_store::opportunities::{self as store, Decision, Listed};
use essor_store::subscriptions::{Stored, of_clients};
use essor_store::{Tx, Workspace, jobs};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

/// A decision as asked for.
#[derive(Debug, Clone, Default)]
pub struct Decide {
    /// The state to go to; `open` takes a decision back.
    pub state: String,
    /// The day on which a snoozed one is looked at again.
    pub until: Option<NaiveDate>,
    /// Why it is dismissed or lost.
    pub reason: Option<String>,
    /// In words.
    pub note: Option<String>,
    /// MRR that was won, in cents of the reporting currency.
    pub amount_cents: Option<i64>,
    /// The subscription that was changed with it; none when the subscription is recorded elsewhere.
    pub record: Option<Record>,
}

/// The new terms of a subscription.
#[derive(Debug, Clone)]
pub struct Record {
    /// The source's id of one of the client's subscriptions that run.
    pub external_id: String,
    /// Amount per period and unit, in cents of its currency.
    pub amount_cents: i64,
    /// Units; as before when left out.
    pub quantity: Option<i64>,
}

/// A subscription before a win changed it, and what it was changed to.
#[derive(Debug, Serialize, Deserialize)]
struct Before {
    input: SubscriptionInput,
    after: SubscriptionInput,
}

/// Takes a step; returns the opportunity as it then stands.
pub async fn decide(app: &App, actor: &Actor, id: Uuid, asked: &Decide) -> Result<Listed> {
    let workspace = actor.require(Action::WriteClients)?;
    let to = State::parse(&asked.state)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    essor_store::usage::lock(&tx, workspace).await?;
    store::lock(&tx, workspace).await?;
    let before = store::by_id(&tx, workspace, id).await?.ok_or_else(Error::not_found)?;
    State::parse(&before.state)?.step(to)?;
    let row = crate::identity::workspace_row(&tx, workspace).await?;
    let today = day_in(parse_zone(&row.timezone)?, now);
    let mut decision = checked(asked, to, id, actor.user_id(), today, now)?;
    match (&asked.record, to) {
        (Some(record), State::Won) => {
            decision.ledger = Some(change(&tx, workspace, &before, record, today, now).await?);
        }
        (Some(_), _) => {
            return Err(Invalid::field(Code::BadRequest, "subscription").with("detail", "only with won").into());
        }
        (None, State::Open) => restore(&tx, workspace, &before, now).await?,
        (None, _) => {}
    }
    let known = odds_of(&tx, workspace, &before).await?;
    store::decide(&tx, workspace, &decision).await?;
    learn(&tx, workspace, &before, to, known, now).await?;
    emit(&tx, workspace, now, &[DomainEvent::OpportunitiesChanged(vec![before.client_id])]).await?;
    if before.detector == Detector::CrossSell.as_str() {
        // What was declined leaves the matrix, and comes back with the decision.
        let client = before.client_id.to_string();
        jobs::enqueue(&tx, workspace, crate::jobs::OPPORTUNITIES_DETECT, [client], now).await?;
    }
    let after = store::by_id(&tx, workspace, id).await?.ok_or_else(Error::not_found)?;
    let entry = Entry::of(format!("opportunities.{}", verb(to)))
        .on("opportunity", id)
        .named(after.client_name.clone())
        .change(told(&before, &decision, false), told(&after, &decision, true))
        .beside(json!({"detector": after.detector}));
    audit::record(&tx, actor, now, entry).await?;
    tx.commit().await?;
    Ok(after)
}

/// The word for going to a state, in the audit log.
const fn verb(to: State) -> &'static str {
    match to {
        State::Open => "reopen",
        State::Accepted => "accept",
        State::Snoozed => "snooze",
        State::Dismissed => "dismiss",
        State::Won => "win",
        State::Lost => "lose",
        State::Expired => "expire",
    }
}

/// What the audit log keeps of an opportunity, and of the subscription that a decision changes with it.
fn told(listed: &Listed, decision: &Decision, after: bool) -> Value {
    let changed = decision.ledger.clone().and_then(|json| serde_json::from_value::<Before>(json).ok());
    let terms = changed.as_ref().map(|change| if after { &change.after } else { &change.input });
    json!({
        "state": listed.state,
        "until": listed.snoozed_until,
        "reason": listed.reason,
        "note": listed.note,
        "wonCents": listed.won_cents,
        "subscription": terms.filter(|_| after).map(|terms| &terms.external_id),
        "amountCents": terms.map(|terms| terms.amount_cents),
        "currency": terms.filter(|_| after).and_then(|terms| terms.currency.as_deref()),
        "quantity": terms.map(|terms| terms.quantity),
    })
}

/// Accepts an opportunity for which a task is made; one that is accepted already stays so.
pub(crate) async fn accept(
    tx: &Tx,
    workspace: Workspace,
    opportunity: &Listed,
    user_id: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<()> {
    let state = State::parse(&opportunity.state)?;
    if state == State::Accepted {
        return Ok(());
    }
    state.step(State::Accepted)?;
    let decision = Decision {
        id: opportunity.id,
        state: State::Accepted,
        snoozed_until: None,
        reason: None,
        note: None,
        won_cents: None,
        ledger: None,
        user_id,
        at: now,
    };
    store::decide(tx, workspace, &decision).await?;
    emit(tx, workspace, now, &[DomainEvent::OpportunitiesChanged(vec![opportunity.client_id])]).await
}

/// Refuses what does not belong to the state, and asks for what does.
fn checked(
    asked: &Decide,
    to: State,
    id: Uuid,
    user_id: Option<Uuid>,
    today: NaiveDate,
    at: DateTime<Utc>,
) -> std::result::Result<Decision, Invalid> {
    let needed = |field: &str| Invalid::field(Code::FieldRequired, field);
    let reasons: Option<&[&str]> = match to {
        State::Dismissed => Some(&DISMISSED_FOR),
        State::Lost => Some(&LOST_FOR),
        _ => None,
    };
    let reason = match reasons {
        None => None,
        Some(known) => {
            let reason = asked.reason.as_deref().ok_or_else(|| needed("reason"))?;
            let unknown = || {
                Invalid::field(Code::OpportunitiesReasonUnknown, "reason")
                    .with("value", reason)
                    .with("known", known.join(", "))
            };
            Some((*known.iter().find(|word| **word == reason).ok_or_else(unknown)?).to_owned())
        }
    };
    let snoozed_until = match to {
        State::Snoozed => {
            let until = asked.until.ok_or_else(|| needed("until"))?;
            check_day(until, "until")?;
            if until <= today {
                return Err(Invalid::field(Code::OpportunitiesSnoozePast, "until"));
            }
            Some(until)
        }
        _ => None,
    };
    let won_cents = match to {
        State::Won => {
            let cents = asked.amount_cents.ok_or_else(|| needed("amountCents"))?;
            check_amount(cents, "amountCents")?;
            Some(cents)
        }
        _ => None,
    };
    Ok(Decision {
        id,
        state: to,
        snoozed_until,
        reason,
        note: asked.note.as_deref().map_or(Ok(None), |note| check_note(note, "note"))?,
        won_cents,
        ledger: None,
        user_id,
        at,
    })
}

/// Gives a subscription its new terms from today on, as a source would, and keeps what it was.
async fn change(
    tx: &Tx,
    workspace: Workspace,
    opportunity: &Listed,
    record: &Record,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Value> {
    let stored = of_clients(tx, workspace, &[opportunity.client_id]).await?;
    let runs = |s: &&Stored| s.line.start <= today && s.line.end.is_none_or(|end| end > today);
    let stored = stored.iter().filter(runs).find(|s| s.external_id == record.external_id).ok_or_else(|| {
        Invalid::field(Code::OpportunitiesSubscriptionUnknown, "subscription.externalId")
            .with("value", record.external_id.clone())
    })?;
    let phases = stored.line.phases.iter().filter(|p| p.from <= today);
    let terms = &phases.max_by_key(|p| p.from).ok_or_else(Error::not_found)?.terms;
    let input = input_of(opportunity, stored, terms, today);
    let mut after = SubscriptionInput { amount_cents: record.amount_cents, ..input.clone() };
    after.quantity = record.quantity.or(input.quantity);
    let named = |refused: Invalid| refused.inside("subscription");
    after.check().map_err(named)?;
    apply_subscriptions(tx, workspace, std::slice::from_ref(&after), Origin::Api, now).await?;
    Ok(serde_json::to_value(Before { input, after }).unwrap_or_default())
}

fn input_of(opportunity: &Listed, stored: &Stored, terms: &Terms, today: NaiveDate) -> SubscriptionInput {
    SubscriptionInput {
        external_id: stored.external_id.clone(),
        client_external_id: opportunity.client_external_id.clone(),
        product: stored.product.clone(),
        plan: stored.plan.clone(),
        start_date: stored.line.start,
        end_date: stored.line.end,
        amount_cents: terms.amount_cents,
        currency: Some(terms.currency.clone()),
        period: Some(terms.period.as_str().to_owned()),
        quantity: Some(terms.quantity),
        seats: stored.seats,
        discount_cents: Some(terms.discount_cents),
        discount_until: terms.discount_until,
        is_trial: terms.is_trial,
        paused: terms.paused,
        effective_date: Some(today),
        ..SubscriptionInput::default()
    }
}

/// Takes the change of a win back, unless the subscription has been changed again since.
async fn restore(tx: &Tx, workspace: Workspace, opportunity: &Listed, now: DateTime<Utc>) -> Result<()> {
    let Some(before) = opportunity.ledger.clone().and_then(|json| serde_json::from_value::<Before>(json).ok()) else {
        return Ok(());
    };
    let stored = of_clients(tx, workspace, &[opportunity.client_id]).await?;
    let Some(stored) = stored.iter().find(|s| s.external_id == before.after.external_id) else { return Ok(()) };
    let last = stored.line.phases.iter().max_by_key(|phase| phase.from);
    let ours = last.is_some_and(|phase| {
        Some(phase.from) == before.after.effective_date
            && phase.terms.amount_cents == before.after.amount_cents
            && Some(phase.terms.quantity) == before.after.quantity
    });
    if ours {
        apply_subscriptions(tx, workspace, &[before.input], Origin::Api, now).await?;
    }
    Ok(())
}

/// The results so far of an opportunity's detector in its segment.
async fn odds_of(tx: &Tx, workspace: Workspace, of: &Listed) -> Result<Odds> {
    let odds = store::odds(tx, workspace).await?;
    Ok(odds.get(&(of.detector.clone(), of.segment.clone())).copied().unwrap_or_default())
}

/// A result, or one taken back, moves the probability of what is alike; `known` are the results of before.
async fn learn(
    tx: &Tx,
    workspace: Workspace,
    before: &Listed,
    to: State,
    known: Odds,
    now: DateTime<Utc>,
) -> Result<()> {
    let counts = |state: State| matches!(state, State::Won | State::Lost);
    let Some(detector) = Detector::parse(&before.detector) else { return Ok(()) };
    if !counts(to) && !counts(State::parse(&before.state)?) {
        return Ok(());
    }
    let now_known = odds_of(tx, workspace, before).await?;
    // In retention each client has its own probability of loss besides, which a result says nothing about.
    let moved = success(detector, now_known) / success(detector, known);
    let weigh = |probability: f64| match detector {
        Detector::Retention => probability * moved,
        _ => success(detector, now_known),
    };
    let alike = store::alike(tx, workspace, &before.detector, &before.segment).await?;
    let items: Vec<(Uuid, f64, i64)> = alike
        .into_iter()
        .map(|(id, amount, probability)| {
            let probability = weigh(probability);
            (id, probability, expected_cents(amount, probability))
        })
        .collect();
    Ok(store::weigh(tx, workspace, &items, now).await?)
}
