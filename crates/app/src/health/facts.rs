//! Gathers what a score is computed from, as of a day and as it was known then: rollups, presence, seats, signals,
//! champions, fees, children.

use crate::error::Result;
use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use essor_domain::clients::TicketPriority;
use essor_domain::health::{
    ChampionFacts, ChildrenFacts, ExchangeFacts, Facts, Feeds, InvoiceFact, OutcomeFacts, PulseFact, SurveyFact,
    SurveyKind, TicketFact,
};
use essor_domain::time::{day_in, end_of_day};
use essor_store::health::beliefs::Beliefs;
use essor_store::health::{self, Subject, champions, family, late, seats};
use essor_store::signals::{self, Signal};
use essor_store::{Conn, Workspace, growth};
use serde_json::Value;
use std::collections::HashMap;
use uuid::Uuid;

/// The components that the workspace feeds, as of a day.
pub(super) async fn feeds(conn: &impl Conn, workspace: Workspace, zone: Tz, day: NaiveDate) -> Result<Feeds> {
    let fed = health::fed(conn, workspace, day).await?;
    let fed = |component: &str| fed.contains(component);
    Ok(Feeds {
        usage: fed("usage"),
        // Users without any seats to hold them against say nothing of licences.
        licence: fed("licence") && seats::any_seats(conn, workspace, day, end_of_day(zone, day)).await?,
        engagement: fed("engagement"),
        support: fed("support"),
        satisfaction: fed("satisfaction"),
        payments: fed("payments"),
        outcomes: fed("outcomes"),
        pulse: fed("pulse"),
        journey: fed("journey"),
    })
}

/// The facts of some clients as of a day, each with its client.
pub(super) async fn gather(
    conn: &impl Conn,
    workspace: Workspace,
    zone: Tz,
    clients: &[Uuid],
    day: NaiveDate,
) -> Result<Vec<(Subject, Facts)>> {
    let (since, until) = (end_of_day(zone, day - Days::new(181)), end_of_day(zone, day));
    let beliefs = Beliefs::at(conn, workspace, clients, until).await?;
    let mut subjects = health::subjects(conn, workspace, clients, day).await?;
    seats::as_believed(conn, workspace, &mut subjects, day, &beliefs).await?;
    let mut usage = health::usage_facts(conn, workspace, clients, day).await?;
    let mut users = health::active_users(conn, workspace, clients, day).await?;
    let mut by_client: HashMap<Uuid, Vec<Signal>> = HashMap::new();
    let mut rest = Rest::default();
    for chunk in clients.chunks(400) {
        // What came after the day is taken off: rare, and only when a past day is looked at.
        for client in late::clients_after(conn, workspace, chunk, day).await? {
            let (counts, people) = health::usage_known(conn, workspace, client, day).await?;
            usage.remove(&client);
            users.remove(&client);
            usage.extend(counts.map(|facts| (client, facts)));
            users.extend(people.map(|count| (client, count)));
        }
        let believed = signals::believed(&beliefs, chunk);
        for signal in signals::for_health(conn, workspace, chunk, (since, until), &believed).await? {
            by_client.entry(signal.client_id).or_default().push(signal);
        }
        rest.read(conn, workspace, zone, (chunk, day), &beliefs, &believed).await?;
    }
    let mut children = children(conn, workspace, clients, (day, until)).await?;
    let mut journeys = crate::journey::health_facts(conn, workspace, clients, day, &beliefs).await?;
    Ok(subjects
        .into_iter()
        .map(|subject| {
            let id = subject.id;
            let signals = by_client.remove(&id).unwrap_or_default();
            let of = |kind: &'static str| signals.iter().filter(move |signal| signal.kind == kind);
            let facts = Facts {
                day,
                since: subject.since.or(subject.first_paid_on),
                usage: usage.remove(&id),
                active_users28: users.get(&id).map(|users| users.last28),
                active_users30: users.get(&id).map(|users| users.last30),
                seats: subject
                    .seats
                    .or_else(|| subject.subscription_seats.and_then(|s| i32::try_from(s).ok()))
                    .filter(|seats| *seats > 0),
                tickets: of("ticket").map(|s| ticket(s, zone, until)).collect(),
                surveys: of("survey").filter_map(|s| survey(s, zone)).collect(),
                exchanges: rest.exchanges.remove(&id),
                champion: rest.champions.remove(&id),
                invoices: of("payment").filter_map(|s| invoice(s, zone, until)).collect(),
                outcomes: rest.outcomes.remove(&id),
                pulse: of("pulse").max_by_key(|s| (s.occurred_at, s.id)).and_then(|s| pulse(s, zone)),
                children: children.remove(&id),
                journey: journeys.remove(&id),
            };
            (subject, facts)
        })
        .collect())
}

/// What is counted in the database instead of row by row.
#[derive(Default)]
struct Rest {
    exchanges: HashMap<Uuid, ExchangeFacts>,
    champions: HashMap<Uuid, ChampionFacts>,
    outcomes: HashMap<Uuid, OutcomeFacts>,
}

impl Rest {
    async fn read(
        &mut self,
        conn: &impl Conn,
        workspace: Workspace,
        zone: Tz,
        (clients, day): (&[Uuid], NaiveDate),
        beliefs: &Beliefs,
        believed: &[Signal],
    ) -> Result<()> {
        let end = |back: u64| -> DateTime<Utc> { end_of_day(zone, day - Days::new(back)) };
        for (client, (last, last28, prior62)) in
            signals::exchanges(conn, workspace, clients, [end(90), end(28), end(0)], believed).await?
        {
            let count = |n: i64| i32::try_from(n).unwrap_or(i32::MAX);
            let last_day = Some(day_in(zone, last));
            let facts = ExchangeFacts { last_day, last28: count(last28), prior62: count(prior62) };
            self.exchanges.insert(client, facts);
        }
        let champions = champions::champions(conn, workspace, clients, (day, end(0)), beliefs).await?;
        for (client, (present, left_on)) in champions {
            let present = i32::try_from(present).unwrap_or(i32::MAX);
            self.champions.insert(client, ChampionFacts { present, left_on });
        }
        self.outcomes.extend(outcomes_of(conn, workspace, zone, (clients, day), believed).await?);
        Ok(())
    }
}

/// Value delivered and fees of the twelve months up to a day, as known at its end; clients without any outcome are absent.
pub(crate) async fn outcomes(
    conn: &impl Conn,
    workspace: Workspace,
    zone: Tz,
    clients: &[Uuid],
    day: NaiveDate,
) -> Result<HashMap<Uuid, OutcomeFacts>> {
    let beliefs = Beliefs::at(conn, workspace, clients, end_of_day(zone, day)).await?;
    outcomes_of(conn, workspace, zone, (clients, day), &signals::believed(&beliefs, clients)).await
}

async fn outcomes_of(
    conn: &impl Conn,
    workspace: Workspace,
    zone: Tz,
    (clients, day): (&[Uuid], NaiveDate),
    believed: &[Signal],
) -> Result<HashMap<Uuid, OutcomeFacts>> {
    let between = (end_of_day(zone, day - Days::new(365)), end_of_day(zone, day));
    let mut out = HashMap::new();
    for chunk in clients.chunks(400) {
        let theirs: Vec<Signal> = believed.iter().filter(|signal| chunk.contains(&signal.client_id)).cloned().collect();
        let delivered = signals::outcomes(conn, workspace, chunk, between, &theirs).await?;
        // What was paid; for clients whose invoices nobody sends, what they owed by the ledger.
        let unpaid: Vec<Uuid> = delivered.iter().filter(|(_, (_, paid))| *paid == 0).map(|(id, _)| *id).collect();
        let fees = growth::fees(conn, workspace, &unpaid, day - Days::new(364), day).await?;
        out.extend(delivered.into_iter().map(|(client, (value_cents, paid))| {
            let fees_cents = if paid > 0 { paid } else { fees.get(&client).copied().unwrap_or(0) };
            (client, OutcomeFacts { value_cents, fees_cents })
        }));
    }
    Ok(out)
}

/// The children of those among the clients that are parents, by their scores and MRR of the day.
async fn children(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
    (day, until): (NaiveDate, DateTime<Utc>),
) -> Result<HashMap<Uuid, ChildrenFacts>> {
    let all = family::children_on(conn, workspace, clients, (day, until)).await?;
    let ids: Vec<Uuid> = all.iter().map(|child| child.id).collect();
    let scores = health::scores_at(conn, workspace, &ids, day).await?;
    let mrr = growth::known::mrr_known(conn, workspace, &ids, day).await?;
    let mut out: HashMap<Uuid, ChildrenFacts> = HashMap::new();
    // Sums in the order of the external ids, so that the same company gives the same bits.
    let mut sums: HashMap<Uuid, [f64; 4]> = HashMap::new();
    for child in all {
        let facts = out.entry(child.parent_id).or_default();
        facts.count += 1;
        let Some(score) = scores.get(&child.id).and_then(|(_, score)| *score).and_then(|s| u8::try_from(s).ok()) else {
            continue;
        };
        facts.scored += 1;
        if facts.lowest.is_none_or(|lowest| score < lowest) {
            facts.lowest = Some(score);
            facts.lowest_name = Some(child.name);
        }
        let weight = mrr.get(&child.id).copied().unwrap_or(0).max(0) as f64;
        let [weighted, weights, plain, count] = sums.entry(child.parent_id).or_default();
        *weighted += weight * f64::from(score);
        *weights += weight;
        *plain += f64::from(score);
        *count += 1.0;
    }
    for (parent, [weighted, weights, plain, count]) in sums {
        let mean = if weights > 0.0 { weighted / weights } else { plain / count };
        if let Some(facts) = out.get_mut(&parent) {
            facts.mean = Some((mean * 10.0).round() / 10.0);
        }
    }
    Ok(out)
}

fn ticket(signal: &Signal, zone: Tz, until: DateTime<Utc>) -> TicketFact {
    // A ticket closed later was open on the day that is looked at, and its satisfaction not yet given.
    let closed = ended(signal, zone, until);
    TicketFact {
        opened: day_in(zone, signal.occurred_at),
        closed,
        priority: TicketPriority::parse(signal.priority.as_deref().unwrap_or("")),
        satisfaction: signal.score.filter(|_| closed.is_some()),
        reopened: signal.data.get("reopened").and_then(Value::as_bool).unwrap_or(false),
    }
}

/// The day on which it ended, if it had by then and somebody knew.
fn ended(signal: &Signal, zone: Tz, until: DateTime<Utc>) -> Option<NaiveDate> {
    signal.ended(until).map(|at| day_in(zone, at))
}

fn survey(signal: &Signal, zone: Tz) -> Option<SurveyFact> {
    let kind = SurveyKind::parse(signal.data.get("survey")?.as_str()?)?;
    Some(SurveyFact { day: day_in(zone, signal.occurred_at), kind, score: signal.score? })
}

fn invoice(signal: &Signal, zone: Tz, until: DateTime<Utc>) -> Option<InvoiceFact> {
    Some(InvoiceFact { due: signal.due_on?, paid: ended(signal, zone, until), cents: signal.amount_cents? })
}

fn pulse(signal: &Signal, zone: Tz) -> Option<PulseFact> {
    let value = signal.score?.round().clamp(1.0, 5.0) as u8;
    Some(PulseFact { day: day_in(zone, signal.occurred_at), value })
}
