//! The detectors against told clients, and what must hold for any facts in any order.
#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::growth::Renewing;
use crate::health::{HealthClass, Profile};
use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use uuid::Uuid;

fn day(back: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 17).unwrap() - Days::new(back)
}

fn line(id: &str, product: &str, plan: &str, mrr: i64) -> LineFact {
    LineFact {
        external_id: id.into(),
        product: product.into(),
        plan: Some(plan.into()),
        mrr_cents: mrr,
        quantity: 1,
        seats: None,
        renewing: Renewing { start: day(400), end: None, yearly: false },
    }
}

/// A client in good health with one line of 500.00.
fn calm() -> Facts {
    Facts {
        day: day(0),
        mrr_cents: 50_000,
        health: Some(75),
        class: HealthClass::Good,
        segment: Some("PME".into()),
        first_paid_on: Some(day(400)),
        lines: vec![line("s", "Suite", "Team", 50_000)],
        ..Facts::default()
    }
}

fn metric(back: u64, value: f64, limit: f64) -> MetricFact {
    MetricFact { name: "storage".into(), day: day(back), value, limit }
}

fn market() -> Market {
    let plan = |name: &str, unit_cents, uses28, users28| PlanFigures {
        product: "Suite".into(),
        plan: name.into(),
        clients: 8,
        unit_cents,
        uses28,
        users28: Some(users28),
    };
    let product = |name: &str, segment: Option<&str>, clients, mrr_cents| ProductFigures {
        product: name.into(),
        segment: segment.map(str::to_owned),
        clients,
        mrr_cents,
    };
    Market {
        products: vec![
            product("Suite", None, 40, 60_000),
            product("Reports", None, 12, 9_000),
            product("Reports", Some("PME"), 5, 8_000),
            product("Links", Some("PME"), 2, 7_000),
        ],
        affinities: Vec::new(),
        segments: Default::default(),
        plans: vec![plan("Team", 50_000, 100, 4), plan("Company", 80_000, 400, 10), plan("Group", 200_000, 900, 30)],
        expansion: Some(0.2),
        left: [("critical".to_owned(), Sample { seen: 84, hits: 30 })].into(),
    }
}

fn only(facts: &Facts) -> Option<Found> {
    let found = detect(facts, &market());
    assert!(found.len() <= 1, "{found:?}");
    found.into_iter().next()
}

#[test]
fn a_calm_client_has_none_and_who_pays_nothing_neither() {
    assert_eq!(only(&calm()), None);
    let at_risk = Facts { mrr_cents: 0, at_risk: true, ..calm() };
    assert_eq!(only(&at_risk), None);
}

#[test]
fn a_quota_at_92_percent_for_a_month_is_worth_what_brings_it_back_to_80() {
    let month: Vec<MetricFact> = (0..30).map(|back| metric(back, 92.0, 100.0)).collect();
    let found = only(&Facts { metrics: month.clone(), ..calm() }).unwrap();
    // 92 is 80 % of 115: fifteen hundredths more of the limit, at 5.00 each.
    assert_eq!((found.detector, found.amount_cents), (Detector::Quota, Some(7_500)));
    let params = &found.evidence[0].params;
    assert_eq!((&params["pct"], &params["needed"], &params["days"]), (&92.into(), &115.into(), &30.into()));

    let without = |metrics: Vec<MetricFact>, why: &str| assert_eq!(only(&Facts { metrics, ..calm() }), None, "{why}");
    let mut one_low = month.clone();
    one_low[12].value = 80.0;
    without(one_low, "one day was at 80 %");
    without(month[..10].to_vec(), "ten days are no month");
    without(month[..22].to_vec(), "22 days are no month");
    without(month[..28].to_vec(), "28 days lie 27 apart");
    assert!(
        only(&Facts { metrics: month[..29].to_vec(), ..calm() }).is_some(),
        "four weeks from the first to the last"
    );
    without(month[10..].to_vec(), "the last measure is old");
    without(vec![metric(0, 92.0, 100.0), metric(29, 92.0, 100.0)], "two measures are too few");
    // Weekly measures are measured days too, and the higher of two of one day counts.
    let weekly = vec![
        metric(28, 90.0, 100.0),
        metric(21, 91.0, 100.0),
        metric(14, 95.0, 100.0),
        metric(0, 50.0, 100.0),
        metric(0, 96.0, 100.0),
    ];
    assert_eq!(only(&Facts { metrics: weekly, ..calm() }).unwrap().amount_cents, Some(10_000));
    // Whatever the weekday that it is looked at.
    for last in 0..7 {
        let weeks: Vec<MetricFact> = (0..5).map(|week| metric(last + 7 * week, 92.0, 100.0)).collect();
        assert!(only(&Facts { metrics: weeks.clone(), ..calm() }).is_some(), "last measured {last} days ago");
        without(weeks[..4].to_vec(), "22 days of weekly measures");
    }
    // What was before the month does not matter.
    let mut since = month.clone();
    since.push(metric(31, 40.0, 100.0));
    assert!(only(&Facts { metrics: since, ..calm() }).is_some(), "it has been so for 30 days");
}

#[test]
fn tight_seats_are_sold_by_the_seat() {
    let seats =
        |users, seats, lines: Vec<LineFact>| Facts { active_users28: Some(users), seats: Some(seats), lines, ..calm() };
    let granted = |mrr, n| LineFact { seats: Some(n), ..line("s", "Suite", "Team", mrr) };
    for (facts, amount) in [
        (seats(9, 10, vec![]), None),
        // 48 users fill 60 seats at 80 %: ten more at 10.00.
        (seats(48, 50, vec![granted(50_000, 50)]), Some(10_000)),
        (seats(10, 10, vec![]), Some(15_000)),
        (seats(1, 1, vec![]), Some(50_000)),
    ] {
        assert_eq!(only(&facts).map(|f| f.amount_cents.unwrap()), amount, "{facts:?}");
    }
    assert_eq!(only(&Facts { seats: None, active_users28: Some(9), ..calm() }), None);
}

#[test]
fn limits_value_plans_and_good_moments() {
    let hits = |days: &[u64]| Facts { limit_hits: days.iter().map(|back| day(*back)).collect(), ..calm() };
    assert_eq!(only(&hits(&[1, 1, 2, 2])), None, "two days");
    assert_eq!(only(&hits(&[1, 2, 9])).unwrap().amount_cents, Some(12_500));

    let roi = |outcomes| Facts { outcomes_cents: outcomes, fees_cents: 600_000, ..calm() };
    assert_eq!(only(&roi(None)), None);
    assert_eq!(only(&roi(Some(1_200_000))), None, "200 % is not over 200 %");
    assert_eq!(only(&roi(Some(1_440_000))).unwrap().amount_cents, Some(30_000), "the step to Company");
    let alone = Facts { lines: vec![line("s", "Other", "Only", 50_000)], ..roi(Some(1_440_000)) };
    assert_eq!(only(&alone).unwrap().amount_cents, Some(10_000), "the usual expansion");

    let heavy = |uses28, users| Facts { uses28, active_users28: users, ..calm() };
    assert_eq!(only(&heavy(399, None)), None);
    assert_eq!(only(&heavy(400, Some(9))), None, "fewer people than there");
    let found = only(&heavy(400, Some(10))).unwrap();
    assert_eq!((found.detector, found.amount_cents), (Detector::PlanMismatch, Some(30_000)));

    let answers = |scores: &[(u64, f64)]| Facts {
        nps: scores.iter().map(|(back, score)| NpsFact { day: day(*back), score: *score }).collect(),
        ..calm()
    };
    assert_eq!(only(&answers(&[(90, 10.0), (10, 8.0)])), None, "the last answer counts");
    let found = only(&answers(&[(90, 3.0), (10, 9.0)])).unwrap();
    assert_eq!((found.detector, found.amount_cents), (Detector::Promoter, Some(8_000)), "Reports, as in its segment");
    let excellent = Facts { health: Some(80), class: HealthClass::Excellent, ..answers(&[(10, 9.0)]) };
    let found = detect(&excellent, &market());
    assert_eq!(found.iter().map(|f| f.detector).collect::<Vec<_>>(), [Detector::Promoter, Detector::Reference]);
    assert_eq!((found[1].amount_cents, expected_cents(None, 0.5)), (None, 0));

    let renewal = |edit: fn(&mut LineFact)| {
        let mut facts = calm();
        edit(&mut facts.lines[0]);
        facts
    };
    assert_eq!(only(&renewal(|l| l.renewing.end = Some(day(0) + Days::new(91)))), None);
    assert_eq!(only(&renewal(|l| l.renewing.end = Some(day(0) + Days::new(90)))).unwrap().amount_cents, Some(10_000));
    let yearly = only(&renewal(|l| (l.renewing.yearly, l.renewing.start) = (true, day(365 + 300)))).unwrap();
    assert_eq!(yearly.evidence[0].key, "renews_soon");
    let soon = renewal(|l| l.renewing.end = Some(day(0) + Days::new(9)));
    assert_eq!(only(&Facts { health: Some(69), class: HealthClass::Watch, ..soon.clone() }), None);
    // A profile of the workspace's own says what is good.
    assert!(only(&Facts { health: Some(69), class: HealthClass::Good, ..soon }).is_some());
}

#[test]
fn what_may_be_lost_is_counted_once() {
    let invoice = |back| InvoiceFact { number: "F-1".into(), due: day(back), amount_cents: 50_000 };
    let late = |back| Facts { late_invoices: vec![invoice(back)], ..calm() };
    assert_eq!(only(&late(30)), None);
    assert_eq!(only(&late(31)).unwrap().amount_cents, Some(50_000));
    let both = only(&Facts { at_risk: true, health: Some(41), ..late(40) }).unwrap();
    assert_eq!(both.evidence.iter().map(|e| e.key.as_str()).collect::<Vec<_>>(), ["at_risk", "invoice_late"]);
    assert_eq!(both.amount_cents, Some(50_000));
    // What is expected of working on it: a third of what would be lost, until results say otherwise.
    assert!((kept(0.3, Odds::default()) - 0.1).abs() < 1e-12);
    assert!((kept(0.3, Odds { won: 3, lost: 0 }) - 0.3 * 5.0 / 9.0).abs() < 1e-12);
    assert!((kept(0.3, Odds { won: 0, lost: 3 }) - 0.3 * 2.0 / 9.0).abs() < 1e-12);
    // 84 seen, 30 left, on top of Beta(4, 12).
    assert!((loss(&market(), "critical", false) - 34.0 / 100.0).abs() < 1e-12);
    assert!((loss(&Market::default(), "good", false) - 0.04).abs() < 1e-12);
    assert_eq!(loss(&market(), "good", true), loss(&market(), "critical", false));
}

#[test]
fn states_follow_each_other_as_told() {
    use State::*;
    for from in State::ALL {
        for to in State::ALL {
            let allowed = match (from, to) {
                (Expired, _) | (_, Expired) => false,
                (Open, Open) | (Accepted, Accepted) => false,
                (Open | Accepted | Snoozed, _) => true,
                (Dismissed | Won | Lost, to) => to == Open,
            };
            assert_eq!(from.step(to).is_ok(), allowed, "{from:?} → {to:?}");
        }
    }
}

fn row(detector: Detector, state: State) -> Row {
    Row { id: Uuid::from_u128(7), detector, state, snoozed_until: None, evidence: vec![], amount_cents: None }
}

#[test]
fn what_was_decided_is_found_again_only_after_it_was_gone() {
    let hits = Facts { limit_hits: (1..4).map(day).collect(), ..calm() };
    let found = detect(&hits, &market());
    let same = |state| Row {
        evidence: found[0].evidence.clone(),
        amount_cents: found[0].amount_cents,
        ..row(Detector::LimitHits, state)
    };
    let today = day(0);
    for (found, rows, expected) in [
        (&found[..], vec![], vec![Change::Add(found[0].clone())]),
        (&found[..], vec![same(State::Open)], vec![]),
        (&found[..], vec![same(State::Accepted)], vec![]),
        (&found[..], vec![same(State::Dismissed)], vec![]),
        (&found[..], vec![same(State::Won)], vec![]),
        (
            &found[..],
            vec![row(Detector::LimitHits, State::Open)],
            vec![Change::Refresh(Uuid::from_u128(7), found[0].clone())],
        ),
        (&[], vec![same(State::Open)], vec![Change::Expire(Uuid::from_u128(7))]),
        (&[], vec![same(State::Snoozed)], vec![Change::Expire(Uuid::from_u128(7))]),
        (&[], vec![same(State::Accepted)], vec![]),
        (&[], vec![same(State::Lost)], vec![Change::Gone(Uuid::from_u128(7))]),
    ] {
        assert_eq!(reconcile(found, &rows, today), expected, "{rows:?}");
    }
    let until = |back: i64| Row { snoozed_until: Some(today - chrono::Duration::days(back)), ..same(State::Snoozed) };
    assert_eq!(reconcile(&found, &[until(-1)], today), vec![]);
    assert_eq!(reconcile(&found, &[until(0)], today), vec![Change::Wake(Uuid::from_u128(7))]);
}

prop_compose! {
    fn any_facts()(
        mrr in 0_i64..2_000_000,
        health in proptest::option::of(0_i32..=100),
        at_risk: bool,
        seats in proptest::option::of(0_i32..80),
        users in proptest::option::of(0_i32..90),
        uses28 in 0_i64..1_200,
        metrics in proptest::collection::vec((0_u64..30, 70.0_f64..120.0, 1.0_f64..130.0, 0_u8..2), 0..40),
        hits in proptest::collection::vec(0_u64..30, 0..6),
        outcomes in proptest::option::of(0_i64..9_000_000),
        fees in 0_i64..3_000_000,
        nps in proptest::collection::vec((0_u64..180, 0_u8..=10), 0..5),
        late in proptest::collection::vec((1_u64..120, 1_i64..90_000), 0..4),
        lines in proptest::collection::vec((0_u8..3, 0_u8..4, 1_i64..400_000, proptest::option::of(-5_i64..200), any::<bool>()), 0..5),
    ) -> Facts {
        Facts {
            day: day(0),
            mrr_cents: mrr,
            health,
            class: HealthClass::of(health.and_then(|score| u8::try_from(score).ok()), &Profile::default()),
            at_risk,
            top_risk: None,
            segment: Some("PME".into()),
            seats,
            active_users28: users,
            uses28,
            first_paid_on: Some(day(420)),
            lines: lines.iter().enumerate().map(|(i, (product, plan, mrr, end, yearly))| LineFact {
                renewing: Renewing {
                    start: day(400),
                    end: end.map(|days| day(0) + chrono::Duration::days(days)),
                    yearly: *yearly,
                },
                seats: (i % 2 == 0).then_some(10),
                ..line(&format!("s{i}"), ["Suite", "Reports", "Links"][usize::from(*product)],
                    ["Team", "Company", "Group", "?"][usize::from(*plan)], *mrr)
            }).collect(),
            metrics: metrics.iter().map(|(back, value, limit, name)| MetricFact {
                name: format!("m{name}"), day: day(*back), value: *value, limit: *limit,
            }).collect(),
            limit_hits: hits.iter().map(|back| day(*back)).collect(),
            outcomes_cents: outcomes,
            fees_cents: fees,
            nps: nps.iter().map(|(back, score)| NpsFact { day: day(*back), score: f64::from(*score) }).collect(),
            late_invoices: late.iter().map(|(back, cents)| InvoiceFact {
                number: format!("F{back}"), due: day(*back), amount_cents: *cents,
            }).collect(),
        }
    }
}

/// What stands after changes, as storage would keep it.
fn apply(rows: &[Row], changes: &[Change]) -> Vec<Row> {
    let mut rows = rows.to_vec();
    for change in changes {
        match change {
            Change::Add(found) => rows.push(Row {
                id: Uuid::from_u128(rows.len() as u128 + 100),
                evidence: found.evidence.clone(),
                amount_cents: found.amount_cents,
                ..row(found.detector, State::Open)
            }),
            Change::Refresh(id, found) => {
                for row in rows.iter_mut().filter(|row| row.id == *id) {
                    (row.evidence, row.amount_cents) = (found.evidence.clone(), found.amount_cents);
                }
            }
            Change::Wake(id) => rows.iter_mut().filter(|row| row.id == *id).for_each(|row| row.state = State::Open),
            Change::Expire(id) | Change::Gone(id) => rows.retain(|row| row.id != *id),
        }
    }
    rows
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_order_of_facts_does_not_matter_and_twice_is_once(facts in any_facts(), seed in any::<u64>()) {
        let found = detect(&facts, &market());
        let mut other = facts.clone();
        let turn = |n: usize| if n == 0 { 0 } else { (seed % n as u64) as usize };
        other.metrics.reverse();
        let at = turn(other.metrics.len());
        other.metrics.rotate_left(at);
        other.limit_hits.reverse();
        other.nps.reverse();
        other.late_invoices.reverse();
        other.lines.reverse();
        let at = turn(other.lines.len());
        other.lines.rotate_left(at);
        prop_assert_eq!(&detect(&other, &market()), &found);

        let once = apply(&[], &reconcile(&found, &[], facts.day));
        prop_assert_eq!(reconcile(&found, &once, facts.day), vec![]);
        let gone = reconcile(&[], &once, facts.day);
        prop_assert_eq!(gone.len(), once.len());
        prop_assert!(apply(&once, &gone).is_empty());
        for found in found {
            prop_assert!(found.amount_cents.is_none_or(|cents| cents >= 0));
            prop_assert!(!found.evidence.is_empty());
        }
    }

    #[test]
    fn probabilities_stay_inside_and_rise_with_wins(won in 0_i64..5_000, lost in 0_i64..5_000, cents in 0_i64..1_000_000_000) {
        for detector in Detector::ALL {
            let p = |won, lost| success(detector, Odds { won, lost });
            prop_assert!(0.0 < p(won, lost) && p(won, lost) < 1.0);
            prop_assert!(p(won + 1, lost) > p(won, lost));
            prop_assert!(p(won, lost + 1) < p(won, lost));
            let expected = expected_cents(Some(cents), p(won, lost));
            prop_assert!((0..=cents).contains(&expected));
        }
        for class in ["excellent", "good", "watch", "critical", "unknown"] {
            let market = |hits, seen| Market { left: [(class.to_owned(), Sample { seen, hits })].into(), ..Market::default() };
            let p = loss(&market(won, won + lost), class, false);
            prop_assert!(0.0 < p && p < 1.0);
            prop_assert!(loss(&market(won + 1, won + lost + 1), class, false) > p);
        }
    }
}
