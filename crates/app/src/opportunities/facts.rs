//! Gathers what detectors look at, for many clients at once: a dozen queries whatever their number.

use crate::error::Result;
use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use essor_domain::growth::ledger::{mrr_on, stretches};
use essor_domain::health::HealthClass;
use essor_domain::opportunities::{Facts, InvoiceFact, LIMIT_EVENTS, LineFact, MetricFact, NpsFact};
use essor_domain::time::{day_in, end_of_day, parse_zone};
use essor_store::identity::workspaces::WorkspaceRow;
use essor_store::opportunities::facts::{self as store, Fact, Subject};
use essor_store::opportunities::limit_events;
use essor_store::subscriptions::{Stored, of_clients};
use essor_store::{Conn, Workspace, health};
use serde_json::Value;
use std::collections::HashMap;
use uuid::Uuid;

/// How far back each kind of fact is read, in days. Metrics: a month's quota, of which the last measure may be a week old.
const METRICS: u64 = 36;
const ANSWERS: u64 = 180;
/// Invoices older than this are written off rather than chased.
const INVOICES: u64 = 400;

/// A client with its facts, and which signal each late invoice is.
pub(super) struct Seen {
    pub subject: Subject,
    pub facts: Facts,
    pub invoices: Vec<(Uuid, InvoiceFact)>,
}

/// The facts of some clients as of a day.
pub(super) async fn gather(
    conn: &impl Conn,
    row: &WorkspaceRow,
    clients: &[Uuid],
    day: NaiveDate,
) -> Result<Vec<Seen>> {
    let workspace = Workspace(row.id);
    let zone = parse_zone(&row.timezone)?;
    let since = |days: u64| end_of_day(zone, day - Days::new(days));
    let until = end_of_day(zone, day);
    let subjects = store::subjects(conn, workspace, clients).await?;
    // Who pays nothing is not looked at any further.
    let paying: Vec<Uuid> = subjects.iter().filter(|s| s.mrr_cents > 0).map(|s| s.id).collect();
    let mut lines = by_client(of_clients(conn, workspace, &paying).await?, |s| s.client_id);
    let read = async |kind: &str, days: u64, open: bool| -> Result<HashMap<Uuid, Vec<Fact>>> {
        let rows = store::signals(conn, workspace, &paying, kind, since(days), until, open).await?;
        Ok(by_client(rows, |fact| fact.client_id))
    };
    let mut metrics = read("metric", METRICS, false).await?;
    let mut answers = read("survey", ANSWERS, false).await?;
    // The same return on investment as in the client's health.
    let outcomes = crate::health::outcomes(conn, workspace, zone, &paying, day).await?;
    let mut payments = read("payment", INVOICES, true).await?;
    let users = health::active_users(conn, workspace, &paying, day).await?;
    let uses = store::uses(conn, workspace, &paying, day - Days::new(27), day).await?;
    let own = limit_events(conn, workspace).await?;
    let names = own.unwrap_or_else(|| LIMIT_EVENTS.iter().map(|name| (*name).to_owned()).collect());
    let mut hits = store::days_of_events(conn, workspace, &paying, &names, day - Days::new(29), day).await?;
    Ok(subjects
        .into_iter()
        .map(|subject| {
            let id = subject.id;
            let lines: Vec<LineFact> =
                lines.remove(&id).unwrap_or_default().iter().filter_map(|s| line(s, &row.currency, day)).collect();
            let granted: i32 = lines.iter().filter_map(|line| line.seats).fold(0, i32::saturating_add);
            let invoices: Vec<(Uuid, InvoiceFact)> =
                payments.remove(&id).unwrap_or_default().iter().filter_map(|fact| late(fact, day)).collect();
            let facts = Facts {
                day,
                mrr_cents: if ["archived", "paused"].contains(&subject.status.as_str()) {
                    0
                } else {
                    subject.mrr_cents
                },
                health: subject.health,
                class: HealthClass::parse(&subject.health_class).unwrap_or_default(),
                at_risk: subject.at_risk,
                top_risk: subject.top_risk.as_ref().map(short),
                segment: subject.segment.clone(),
                seats: subject.seats.or(Some(granted)).filter(|seats| *seats > 0),
                active_users28: users.get(&id).map(|users| users.last28),
                uses28: uses.get(&id).copied().unwrap_or(0),
                first_paid_on: subject.first_paid_on,
                lines,
                metrics: metrics.remove(&id).unwrap_or_default().iter().filter_map(|f| metric(f, zone)).collect(),
                limit_hits: hits.remove(&id).unwrap_or_default(),
                outcomes_cents: outcomes.get(&id).map(|of| of.value_cents),
                fees_cents: outcomes.get(&id).map_or(0, |of| of.fees_cents),
                nps: answers.remove(&id).unwrap_or_default().iter().filter_map(|f| answer(f, zone)).collect(),
                late_invoices: invoices.iter().map(|(_, invoice)| invoice.clone()).collect(),
            };
            Seen { subject, facts, invoices }
        })
        .collect())
}

/// A risk without what changes from one hour to the next: since when it stands and how many points it costs.
fn short(risk: &Value) -> Value {
    serde_json::json!({"key": risk.get("key"), "params": risk.get("params")})
}

fn by_client<T>(rows: Vec<T>, client: impl Fn(&T) -> Uuid) -> HashMap<Uuid, Vec<T>> {
    let mut out: HashMap<Uuid, Vec<T>> = HashMap::new();
    for row in rows {
        out.entry(client(&row)).or_default().push(row);
    }
    out
}

/// A subscription that is worth something on the day.
fn line(stored: &Stored, currency: &str, day: NaiveDate) -> Option<LineFact> {
    let mrr_cents = mrr_on(&stretches(&stored.line, currency), day);
    let (terms, renewing) = (stored.line.terms(day)?, stored.line.renewing(day)?);
    (mrr_cents > 0).then(|| LineFact {
        external_id: stored.external_id.clone(),
        product: stored.product.clone(),
        plan: stored.plan.clone(),
        mrr_cents,
        quantity: terms.quantity.max(1),
        seats: stored.seats,
        renewing,
    })
}

fn metric(fact: &Fact, zone: Tz) -> Option<MetricFact> {
    let number = |key: &str| fact.data.get(key).and_then(Value::as_f64);
    Some(MetricFact {
        name: fact.data.get("name")?.as_str()?.to_owned(),
        day: day_in(zone, fact.occurred_at),
        value: number("value")?,
        limit: number("limit").filter(|limit| *limit > 0.0)?,
    })
}

fn answer(fact: &Fact, zone: Tz) -> Option<NpsFact> {
    let nps = fact.data.get("survey").and_then(Value::as_str) == Some("nps");
    Some(NpsFact { day: day_in(zone, fact.occurred_at), score: fact.score.filter(|_| nps)? })
}

/// An invoice that was due before the day.
fn late(fact: &Fact, day: NaiveDate) -> Option<(Uuid, InvoiceFact)> {
    let due = fact.due_on.filter(|due| *due < day)?;
    let number = fact.data.get("number").and_then(Value::as_str).unwrap_or(&fact.message_id);
    Some((fact.id, InvoiceFact { number: number.to_owned(), due, amount_cents: fact.amount_cents? }))
}

/// Whether a client came too recently for what is found at it to be news.
pub(super) fn is_new(subject: &Subject, now: DateTime<Utc>) -> bool {
    now - subject.created_at < chrono::Duration::hours(24)
}
