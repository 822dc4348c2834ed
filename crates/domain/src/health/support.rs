//! Support: open tickets by severity and age, how many came lately, and those that had to be opened again.

use super::curve::{curve, points};
use super::facts::{Facts, TicketFact};
use super::risks::{Found, GOOD};
use super::score::{Evidence, Scored, params};
use crate::clients::TicketPriority;

/// No ticket is good but weak evidence (some never call before they leave), so that nothing scores above this.
const QUIET: f64 = 90.0;

/// Days open → by how much a ticket weighs more than on its first day.
const AGEING: [(f64, f64); 3] = [(0.0, 1.0), (7.0, 1.5), (30.0, 2.0)];
/// Tickets opened in the last 28 days → points lost, though they may all be closed.
const VOLUME: [(f64, f64); 3] = [(2.0, 0.0), (5.0, 8.0), (10.0, 20.0)];
/// Tickets reopened, open or closed in the last 90 days → points lost.
const REOPENED: [(f64, f64); 2] = [(0.0, 0.0), (3.0, 18.0)];

/// Points that an open ticket costs on its first day.
fn weight(priority: TicketPriority) -> f64 {
    match priority {
        TicketPriority::Urgent => 25.0,
        TicketPriority::High => 15.0,
        TicketPriority::Normal => 6.0,
        TicketPriority::Low => 2.0,
    }
}

/// Urgent, or high and not solved within three days.
fn severe(priority: TicketPriority, age: i64) -> bool {
    priority == TicketPriority::Urgent || priority == TicketPriority::High && age >= 3
}

pub(super) fn score(facts: &Facts) -> Scored {
    let age = |ticket: &TicketFact| facts.days_since(ticket.opened);
    let mut tickets: Vec<&TicketFact> = facts.tickets.iter().filter(|ticket| age(ticket) >= 0).collect();
    // Sums of fractions depend on their order: make it the tickets' own.
    tickets.sort_by_key(|ticket| (ticket.opened, ticket.priority));
    // A ticket that closes later was open on this day.
    let since_closed = |ticket: &TicketFact| ticket.closed.map(|at| facts.days_since(at)).filter(|days| *days >= 0);
    let open: Vec<&TicketFact> = tickets.iter().copied().filter(|ticket| since_closed(ticket).is_none()).collect();
    let lately = tickets.iter().filter(|ticket| age(ticket) < 28).count();
    let reopened = tickets.iter().filter(|t| t.reopened && since_closed(t).is_none_or(|days| days < 90)).count();

    let pending: f64 = open.iter().map(|t| weight(t.priority) * curve(&AGEING, age(t) as f64)).sum();
    let lost = pending + curve(&VOLUME, lately as f64) + curve(&REOPENED, reopened as f64);
    let score = points(QUIET - lost);

    let oldest = |of: &[&TicketFact]| of.iter().map(|ticket| age(ticket)).max().unwrap_or(0);
    let urgent = open.iter().filter(|ticket| ticket.priority == TicketPriority::Urgent).count();
    let mut evidence = vec![Evidence::new(
        "tickets_open",
        [
            ("open", open.len().into()),
            ("urgent", urgent.into()),
            ("oldestDays", oldest(&open).into()),
            ("last28", lately.into()),
        ],
    )];
    if reopened > 0 {
        evidence.push(Evidence::new("tickets_reopened", [("count", reopened.into())]));
    }
    let severe: Vec<&TicketFact> = open.into_iter().filter(|t| severe(t.priority, age(t))).collect();
    let mut risks = Vec::new();
    if !severe.is_empty() {
        let params = params([("count", severe.len().into()), ("oldestDays", oldest(&severe).into())]);
        risks.push(Found { key: "tickets_severe", params, better: score.max(GOOD) });
    }
    Scored { score: Some(score), evidence, risks }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::score::tests::{day, quiet};
    use TicketPriority::*;

    fn ticket(priority: TicketPriority, opened: i64, closed: Option<i64>) -> TicketFact {
        TicketFact { opened: day(opened), closed: closed.map(day), priority, satisfaction: None, reopened: false }
    }

    #[test]
    fn tickets_cost_by_severity_and_age() {
        let again = |ticket| TicketFact { reopened: true, ..ticket };
        for (name, tickets, points, severe) in [
            ("none ever", vec![], 90, false),
            ("all closed", vec![ticket(Urgent, -60, Some(-58)), ticket(Normal, -3, Some(-1))], 90, false),
            ("one normal, today", vec![ticket(Normal, 0, None)], 84, false),
            ("one low for a month", vec![ticket(Low, -30, None)], 86, false),
            ("one high, today", vec![ticket(High, 0, None)], 75, false),
            ("one high for a week", vec![ticket(High, -7, None)], 68, true),
            ("one urgent, today", vec![ticket(Urgent, 0, None)], 65, true),
            ("one urgent for a month", vec![ticket(Urgent, -30, None)], 40, true),
            ("two urgent for a month", vec![ticket(Urgent, -30, None), ticket(Urgent, -40, None)], 0, true),
            ("closed later is open today", vec![ticket(Urgent, 0, Some(2))], 65, true),
            ("opened later is not there", vec![ticket(Urgent, 1, None)], 90, false),
            ("five small ones, all closed", vec![ticket(Low, -5, Some(-4)); 5], 82, false),
            ("one opened again, then closed", vec![again(ticket(Normal, -40, Some(-20)))], 84, false),
            ("one opened again long ago", vec![again(ticket(Normal, -140, Some(-120)))], 90, false),
        ] {
            let scored = score(&Facts { tickets, ..quiet() });
            assert_eq!((scored.score, !scored.risks.is_empty()), (Some(points), severe), "{name}");
        }
    }
}
