//! Support: open tickets by severity and age, how many came lately, and those that had to be opened again.

use super::curve::{CurveName, curve, points};
use super::facts::{Facts, TicketFact};
use super::profile::Profile;
use super::risks::{Found, GOOD};
use super::score::{Evidence, Scored, params};
use crate::clients::TicketPriority;

/// Days open → by how much a ticket weighs more than on its first day.
const AGEING: [(f64, f64); 3] = [(0.0, 1.0), (7.0, 1.5), (30.0, 2.0)];

/// What an open ticket weighs on its first day: by the built-in curve, the points that it costs.
fn weight(priority: TicketPriority) -> f64 {
    match priority {
        TicketPriority::Urgent => 25.0,
        TicketPriority::High => 15.0,
        TicketPriority::Normal => 6.0,
        TicketPriority::Low => 2.0,
    }
}

/// Where the built-in curve of open tickets begins.
const QUIET: f64 = CurveName::SupportOpen.default_points()[0].1;

/// Urgent, or high and not solved within three days.
fn severe(priority: TicketPriority, age: i64) -> bool {
    priority == TicketPriority::Urgent || priority == TicketPriority::High && age >= 3
}

pub(super) fn score(facts: &Facts, profile: &Profile) -> Scored {
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
    let recent = profile.height(CurveName::SupportRecent, lately as f64);
    let again = profile.height(CurveName::SupportReopened, reopened as f64);
    let score = match profile.curves.get(&CurveName::SupportOpen) {
        Some(own) => points(curve(own, pending) - recent - again),
        // The built-in curve falls a point a point: a plain difference, without the last bits of a division.
        None => points(QUIET - (pending + recent + again)),
    };

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
            let scored = score(&Facts { tickets, ..quiet() }, &Profile::default());
            assert_eq!((scored.score, !scored.risks.is_empty()), (Some(points), severe), "{name}");
        }
    }

    #[test]
    fn curves_of_a_profile_say_what_tickets_cost() {
        let of = |tickets: &[TicketFact], curves: &[(CurveName, &[(f64, f64)])]| {
            let curves = curves.iter().map(|(name, points)| (*name, points.to_vec())).collect();
            score(&Facts { tickets: tickets.to_vec(), ..quiet() }, &Profile { curves, ..Profile::default() }).score
        };
        let busy = [ticket(Urgent, -7, None), ticket(Low, -5, Some(-4)), ticket(Low, -5, Some(-4))];
        let again = [TicketFact { reopened: true, ..ticket(Normal, -40, Some(-20)) }];
        // An urgent ticket of a week weighs 37.5, three tickets of 28 days cost 2.67.
        assert_eq!(of(&busy, &[]), Some(50));
        assert_eq!(of(&busy, &[(CurveName::SupportOpen, &[(0.0, 100.0), (50.0, 20.0)])]), Some(37));
        assert_eq!(of(&busy, &[(CurveName::SupportRecent, &[(0.0, 0.0), (10.0, 0.0)])]), Some(53));
        assert_eq!(of(&again, &[(CurveName::SupportReopened, &[(0.0, 0.0), (1.0, 50.0)])]), Some(40));
        assert_eq!(of(&[], &[(CurveName::SupportOpen, &[(0.0, 100.0), (90.0, 0.0)])]), Some(100));
    }

    proptest::proptest! {
        /// As it was computed before there were curves: ninety less what tickets cost.
        #[test]
        fn the_built_in_curves_move_no_score(
            tickets in proptest::collection::vec((0..4_usize, -120..3_i64, proptest::option::of(0..90_i64), proptest::bool::ANY), 0..12),
        ) {
            let tickets: Vec<TicketFact> = tickets
                .into_iter()
                .map(|(priority, opened, lasted, reopened)| TicketFact {
                    reopened,
                    ..ticket([Low, Normal, High, Urgent][priority], opened, lasted.map(|days| opened + days))
                })
                .collect();
            let mut sorted: Vec<&TicketFact> = tickets.iter().filter(|t| t.opened <= day(0)).collect();
            sorted.sort_by_key(|t| (t.opened, t.priority));
            let age = |t: &TicketFact| (day(0) - t.opened).num_days();
            let closed = |t: &TicketFact| t.closed.filter(|at| *at <= day(0));
            let pending: f64 = sorted
                .iter()
                .filter(|t| closed(t).is_none())
                .map(|t| weight(t.priority) * curve(&AGEING, age(t) as f64))
                .sum();
            let lately = sorted.iter().filter(|t| age(t) < 28).count() as f64;
            let reopened = sorted
                .iter()
                .filter(|t| t.reopened && closed(t).is_none_or(|at| (day(0) - at).num_days() < 90))
                .count() as f64;
            let lost = pending
                + curve(&[(2.0, 0.0), (5.0, 8.0), (10.0, 20.0)], lately)
                + curve(&[(0.0, 0.0), (3.0, 18.0)], reopened);
            let scored = score(&Facts { tickets: tickets.clone(), ..quiet() }, &Profile::default());
            proptest::prop_assert_eq!(scored.score, Some((90.0 - lost).clamp(0.0, 100.0).round() as u8));
            // Saved as a curve of one's own it says the same, to the rounding of a half.
            let own = std::collections::BTreeMap::from([(CurveName::SupportOpen, vec![(0.0, 90.0), (90.0, 0.0)])]);
            let same = score(&Facts { tickets, ..quiet() }, &Profile { curves: own, ..Profile::default() });
            let near = same.score.zip(scored.score).is_some_and(|(a, b)| a.abs_diff(b) <= 1);
            proptest::prop_assert!(near, "{:?} {:?}", same.score, scored.score);
        }
    }
}
