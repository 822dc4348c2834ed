//! Gathers what a score is computed from: rollups, presence, seats, tickets and survey answers, as of a day.

use crate::error::Result;
use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use essor_domain::clients::TicketPriority;
use essor_domain::health::{Facts, Feeds, SurveyFact, SurveyKind, TicketFact};
use essor_domain::time::{day_in, end_of_day};
use essor_store::health::{self, Subject};
use essor_store::signals::{self, Signal};
use essor_store::{Conn, Workspace};
use serde_json::Value;
use std::collections::HashMap;
use uuid::Uuid;

/// A component counts as fed when its source was seen in this many days.
const FED: u64 = 180;

/// The components that the workspace feeds, as of a day.
pub(super) async fn feeds(conn: &impl Conn, workspace: Workspace, day: NaiveDate) -> Result<Feeds> {
    let last = health::feeds(conn, workspace).await?;
    let fed = |component: &str| last.get(component).is_some_and(|seen| *seen + Days::new(FED) >= day);
    Ok(Feeds {
        usage: fed("usage"),
        // Users without any seats to hold them against say nothing of licences.
        licence: fed("licence") && health::any_seats(conn, workspace).await?,
        support: fed("support"),
        satisfaction: fed("satisfaction"),
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
    let subjects = health::subjects(conn, workspace, clients, day).await?;
    let mut usage = health::usage_facts(conn, workspace, clients, day).await?;
    let users = health::active_users(conn, workspace, clients, day).await?;
    let mut by_client: HashMap<Uuid, Vec<Signal>> = HashMap::new();
    let (since, until) = (end_of_day(zone, day - Days::new(181)), end_of_day(zone, day));
    for chunk in clients.chunks(400) {
        for signal in signals::for_health(conn, workspace, chunk, since, until).await? {
            by_client.entry(signal.client_id).or_default().push(signal);
        }
    }
    Ok(subjects
        .into_iter()
        .map(|subject| {
            let signals = by_client.remove(&subject.id).unwrap_or_default();
            let facts = Facts {
                day,
                since: subject.since.or(subject.first_paid_on),
                usage: usage.remove(&subject.id),
                active_users28: users.get(&subject.id).copied(),
                seats: subject
                    .seats
                    .or_else(|| subject.subscription_seats.and_then(|s| i32::try_from(s).ok()))
                    .filter(|seats| *seats > 0),
                tickets: signals.iter().filter(|s| s.kind == "ticket").map(|s| ticket(s, zone, day)).collect(),
                surveys: signals.iter().filter_map(|s| survey(s, zone)).collect(),
            };
            (subject, facts)
        })
        .collect())
}

fn ticket(signal: &Signal, zone: Tz, day: NaiveDate) -> TicketFact {
    // A ticket closed later was open on the day that is looked at, and its satisfaction not yet given.
    let closed = signal.ended_at.map(|at| day_in(zone, at)).filter(|closed| *closed <= day);
    TicketFact {
        opened: day_in(zone, signal.occurred_at),
        closed,
        priority: TicketPriority::parse(signal.priority.as_deref().unwrap_or("")),
        satisfaction: signal.score.filter(|_| closed.is_some()),
        reopened: signal.data.get("reopened").and_then(Value::as_bool).unwrap_or(false),
    }
}

fn survey(signal: &Signal, zone: Tz) -> Option<SurveyFact> {
    let kind = SurveyKind::parse(signal.data.get("survey")?.as_str()?)?;
    Some(SurveyFact { day: day_in(zone, signal.occurred_at), kind, score: signal.score? })
}
