//! The ledger against told examples, and against random histories of a client.

use super::*;
use crate::growth::metrics::MovementTotals;
use chrono::Days;
use proptest::prelude::*;

fn day(offset: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 1).unwrap_or_default() + Days::new(offset)
}

fn terms(amount_cents: i64) -> Terms {
    Terms {
        amount_cents,
        currency: "EUR".to_owned(),
        period: Period::Month,
        quantity: 1,
        discount_cents: 0,
        discount_until: None,
        is_trial: false,
        paused: false,
        rate: RateE9::ONE,
    }
}

fn phase(from: u64, known_on: u64, terms: Terms) -> Phase {
    Phase { from: day(from), known_on: day(known_on), terms }
}

/// A subscription whose facts were known when they took effect.
fn sub(start: u64, end: Option<u64>, phases: &[(u64, Terms)]) -> Subscription {
    let phases = phases.iter().map(|(from, terms)| phase(*from, *from, terms.clone())).collect();
    Subscription { start: day(start), end: end.map(day), end_known_on: None, phases }
}

fn all(subs: &[Subscription]) -> Vec<Stretch> {
    subs.iter().flat_map(|sub| stretches(sub, "EUR")).collect()
}

/// Movements as (day, kind, delta), days counted from 1 January 2024.
fn moves(subs: &[Subscription]) -> Vec<(i64, MovementKind, i64)> {
    let offset = |at: NaiveDate| (at - day(0)).num_days();
    movements(&all(subs)).into_iter().map(|m| (offset(m.day), m.kind, m.delta_cents)).collect()
}

#[test]
fn told_histories_move_as_told() {
    use MovementKind::*;
    let trial = |amount| Terms { is_trial: true, ..terms(amount) };
    let paused = |amount| Terms { paused: true, ..terms(amount) };
    let discounted = |until| Terms { discount_cents: 40, discount_until: Some(day(until)), ..terms(100) };
    let dollars =
        |amount, quantity, rate| Terms { currency: "USD".to_owned(), rate: RateE9(rate), quantity, ..terms(amount) };
    type Told = (&'static str, Vec<Subscription>, Vec<(i64, MovementKind, i64)>);
    let cases: Vec<Told> = vec![
        ("a life", vec![sub(0, Some(90), &[(0, terms(100)), (30, terms(150)), (60, terms(120))])], {
            vec![(0, New, 100), (30, Expansion, 50), (60, Contraction, -30), (90, Churn, -120)]
        }),
        ("end = start is worth nothing", vec![sub(5, Some(5), &[(5, terms(100))])], vec![]),
        (
            "one of two cancelled is a contraction",
            vec![sub(0, Some(30), &[(0, terms(100))]), sub(0, None, &[(0, terms(70))])],
            vec![(0, New, 170), (30, Contraction, -100)],
        ),
        (
            "cancelled and started again on one day nets",
            vec![sub(0, Some(30), &[(0, terms(100))]), sub(30, None, &[(30, terms(130))])],
            vec![(0, New, 100), (30, Expansion, 30)],
        ),
        (
            "cancelled and started again at the same price is nothing",
            vec![sub(0, Some(30), &[(0, terms(100))]), sub(30, None, &[(30, terms(100))])],
            vec![(0, New, 100)],
        ),
        (
            "back after a gap",
            vec![sub(0, Some(30), &[(0, terms(100))]), sub(700, None, &[(700, terms(80))])],
            vec![(0, New, 100), (30, Churn, -100), (700, Reactivation, 80)],
        ),
        ("a trial that converts", vec![sub(0, None, &[(0, trial(100)), (14, terms(100))])], vec![(14, New, 100)]),
        ("a trial that does not", vec![sub(0, Some(14), &[(0, trial(100))])], vec![]),
        ("a pause", vec![sub(0, None, &[(0, terms(100)), (10, paused(100)), (20, terms(100))])], {
            vec![(0, New, 100), (10, Churn, -100), (20, Reactivation, 100)]
        }),
        ("a discount that ends", vec![sub(0, None, &[(0, discounted(60))])], vec![(0, New, 60), (60, Expansion, 40)]),
        ("a discount over before it starts", vec![sub(0, None, &[(0, discounted(0))])], vec![(0, New, 100)]),
        ("a discount cut short", vec![sub(0, None, &[(0, discounted(60)), (30, terms(60))])], vec![(0, New, 60)]),
        (
            "a paused line at another day's rate moves by nothing but the pause",
            vec![sub(0, None, &[(0, dollars(100, 1, 900_000_000)), (9, dollars(100, 2, 500_000_000))])],
            vec![(0, New, 90), (9, Expansion, 90)],
        ),
        (
            "a new price takes the rate of its day",
            vec![sub(0, None, &[(0, dollars(100, 1, 900_000_000)), (9, dollars(200, 1, 500_000_000))])],
            vec![(0, New, 90), (9, Expansion, 10)],
        ),
        ("terms dated before the start begin with it", vec![sub(5, None, &[(0, terms(100))])], vec![(5, New, 100)]),
        ("a change after the end is nothing", vec![sub(0, Some(9), &[(0, terms(100)), (20, terms(900))])], {
            vec![(0, New, 100), (9, Churn, -100)]
        }),
    ];
    for (name, subs, told) in cases {
        assert_eq!(moves(&subs), told, "{name}");
    }
}

#[test]
fn of_two_phases_of_one_day_the_later_known_holds() {
    let mut one = sub(0, None, &[]);
    one.phases = vec![phase(0, 20, terms(120)), phase(0, 0, terms(100))];
    let all = stretches(&one, "EUR");
    assert_eq!([mrr_on(&all, day(0)), mrr_on(&all, day(50))], [120, 120]);
    assert_eq!([mrr_as_of(&all, day(19)), mrr_as_of(&all, day(20))], [100, 120]);
    assert_eq!(movements(&all).len(), 1);
}

#[test]
fn as_of_a_day_only_what_was_known_counts_and_counts_once() {
    // From day 31 the price is 150, which is known on day 80 only; from day 60 it is 200, known on day 65.
    let mut one = sub(0, Some(100), &[]);
    one.phases = vec![phase(0, 0, terms(100)), phase(31, 80, terms(150)), phase(60, 65, terms(200))];
    // The end, on day 100, is known on day 110.
    one.end_known_on = Some(day(110));
    let all = stretches(&one, "EUR");
    for (at, today, then) in [
        (0, 100, 100),
        (30, 100, 100),
        (31, 150, 100),
        (59, 150, 100),
        (60, 200, 100),
        (64, 200, 100),
        (65, 200, 200), // the first terms are over here, though what ended them was not known yet
        (80, 200, 200), // and what is learnt late about days 31 to 59 adds nothing
        (99, 200, 200),
        (100, 0, 200),
        (109, 0, 200),
        (110, 0, 0),
    ] {
        assert_eq!((mrr_on(&all, day(at)), mrr_as_of(&all, day(at))), (today, then), "day {at}");
    }
}

#[test]
fn a_notice_known_early_ends_nothing_early() {
    let mut one = sub(0, Some(100), &[(0, terms(100))]);
    one.end_known_on = Some(day(40));
    let all = stretches(&one, "EUR");
    assert_eq!(all.iter().map(|s| s.to_known_on).collect::<Vec<_>>(), [Some(day(40))]);
    assert_eq!([99, 100].map(|at| mrr_as_of(&all, day(at))), [100, 0]);
}

#[test]
fn kinds_read_what_they_write() {
    for kind in MovementKind::ALL {
        assert_eq!(MovementKind::parse(kind.as_str()), Ok(kind));
    }
    assert!(MovementKind::parse("upsell").is_err());
}

const SPAN: u64 = 900;

fn any_terms() -> impl Strategy<Value = Terms> {
    let currency = prop::sample::select(vec!["EUR", "EUR", "USD", "JPY", "KWD"]);
    let flags = (prop::bool::weighted(0.15), prop::bool::weighted(0.15));
    let discount = (prop_oneof![2 => Just(0_i64), 1 => 1..3_000_i64], prop::option::of(0..SPAN));
    // Few prices, so that two phases often have the same.
    let amount = prop_oneof![Just(0_i64), Just(9_900), 1..30_000_i64];
    (amount, currency, prop::sample::select(Period::ALL.to_vec()), 0..4_i64, discount, flags).prop_map(
        |(amount_cents, currency, period, quantity, (discount_cents, until), (is_trial, paused))| Terms {
            amount_cents,
            currency: currency.to_owned(),
            period,
            quantity,
            discount_cents,
            discount_until: until.map(day),
            is_trial,
            paused,
            rate: RateE9(match currency {
                "USD" => 912_345_678,
                "JPY" => 6_123_457,
                "KWD" => 2_987_654_321,
                _ => RateE9::ONE.0,
            }),
        },
    )
}

/// `lag`: by how many days facts may be known late (or an end early).
fn any_sub(lag: u64) -> impl Strategy<Value = Subscription> {
    let phases = prop::collection::vec((0..SPAN, 0..=lag, any_terms()), 1..5);
    // Ends lie on a grid often, so that one subscription ends on the day on which another starts.
    let start = prop_oneof![0..SPAN, (0..SPAN / 60).prop_map(|n| n * 60)];
    let end = prop::option::weighted(0.7, (prop_oneof![0..SPAN, (0..SPAN / 60).prop_map(|n| n * 60)], 0..=2 * lag));
    (start, end, phases).prop_map(move |(start, end, phases)| {
        let end = end.map(|(len, known)| (start.max(len), known));
        let phases = phases.into_iter().enumerate().map(|(i, (from, late, terms))| {
            // The first phase begins with the subscription, as the application writes it.
            let from = if i == 0 { start } else { start + from };
            phase(from, from + late, terms)
        });
        Subscription {
            start: day(start),
            end: end.map(|(end, _)| day(end)),
            end_known_on: end.map(|(end, known)| day((end + known).saturating_sub(lag))),
            phases: phases.collect(),
        }
    })
}

fn any_client(lag: u64) -> impl Strategy<Value = Vec<Subscription>> {
    prop::collection::vec(any_sub(lag), 0..5)
}

/// The subscription as it looked on a day: only the facts known by then.
fn known_by(sub: &Subscription, at: NaiveDate) -> Subscription {
    let end = sub.end.filter(|end| sub.end_known_on.unwrap_or(*end) <= at);
    let phases = sub.phases.iter().filter(|phase| phase.known_on <= at).cloned().collect();
    Subscription { start: sub.start, end, end_known_on: end.and(sub.end_known_on), phases }
}

/// MRR on a day straight from the definition: the last phase in force, its discount while it lasts.
fn by_definition(sub: &Subscription, at: NaiveDate) -> i64 {
    if at < sub.start || sub.end.is_some_and(|end| at >= end) {
        return 0;
    }
    let mut phases: Vec<&Phase> = sub.phases.iter().filter(|phase| phase.from <= at).collect();
    phases.sort_by_key(|phase| (phase.from, phase.known_on));
    phases.last().map_or(0, |phase| {
        let discounted = phase.terms.discount_until.is_none_or(|until| at < until);
        phase.terms.monthly(discounted, phase.terms.rate, "EUR")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn opening_plus_movements_is_closing_to_the_cent(
        subs in any_client(40), a in 0..SPAN * 2, b in 0..SPAN * 2,
    ) {
        let (opening, closing) = (day(a.min(b)), day(a.max(b)));
        let all = all(&subs);
        let moved = movements(&all);
        let between = moved.iter().filter(|m| opening < m.day && m.day <= closing);
        let totals = MovementTotals::of(between);
        prop_assert!(totals.reconciles(mrr_on(&all, opening), mrr_on(&all, closing)));
        prop_assert!(totals.contraction <= 0 && totals.churn <= 0);
        prop_assert!(totals.new >= 0 && totals.expansion >= 0 && totals.reactivation >= 0);
    }

    #[test]
    fn stretches_are_the_definition_on_every_day(subs in any_client(40), at in 0..SPAN * 2) {
        let at = day(at);
        let told: i64 = subs.iter().map(|sub| by_definition(sub, at)).sum();
        let one_by_one: i64 = subs.iter().map(|sub| mrr_on(&stretches(sub, "EUR"), at)).sum();
        prop_assert_eq!(told, one_by_one);
        prop_assert_eq!(told, mrr_on(&all(&subs), at));
        // One subscription is in one state at a time.
        for sub in &subs {
            let now = stretches(sub, "EUR").iter().filter(|s| s.from <= at && s.to.is_none_or(|to| at < to)).count();
            prop_assert!(now <= 1);
        }
    }

    #[test]
    fn kinds_follow_from_what_was_before_and_after(subs in any_client(40)) {
        let moved = movements(&all(&subs));
        let mut before = 0;
        for (i, m) in moved.iter().enumerate() {
            prop_assert_eq!(m.after_cents, before + m.delta_cents);
            let told = match (before, m.after_cents) {
                (0, _) if i == 0 => MovementKind::New,
                (0, _) => MovementKind::Reactivation,
                (_, 0) => MovementKind::Churn,
                (b, a) if a > b => MovementKind::Expansion,
                _ => MovementKind::Contraction,
            };
            prop_assert_eq!(m.kind, told);
            prop_assert!(m.delta_cents != 0 && m.after_cents >= 0);
            before = m.after_cents;
        }
        prop_assert!(moved.is_sorted_by(|a, b| a.day < b.day));
    }

    #[test]
    fn as_of_is_the_past_recomputed_from_the_facts_known_then(subs in any_client(120), at in 0..SPAN * 2) {
        let at = day(at);
        let then: Vec<Subscription> = subs.iter().map(|sub| known_by(sub, at)).collect();
        prop_assert_eq!(mrr_as_of(&all(&subs), at), mrr_on(&all(&then), at));
    }

    #[test]
    fn as_of_is_today_when_all_was_known_in_time(subs in any_client(0), at in 0..SPAN * 2) {
        let all = all(&subs);
        prop_assert_eq!(mrr_as_of(&all, day(at)), mrr_on(&all, day(at)));
    }

    #[test]
    fn cancelling_one_of_two_is_a_contraction(mut one in any_sub(0), keep in 1..9_000_i64, end in 0..SPAN) {
        one.end = Some(one.start + Days::new(end));
        one.end_known_on = None;
        let kept = Subscription { phases: vec![phase(0, 0, terms(keep))], ..sub(0, None, &[]) };
        let moved = movements(&all(&[one, kept]));
        let between = [MovementKind::Expansion, MovementKind::Contraction];
        prop_assert!(moved.iter().skip(1).all(|m| between.contains(&m.kind)));
    }

    #[test]
    fn exchange_rates_alone_never_move(
        amount in 0..1_000_000_i64, rates in prop::collection::vec(1..5_000_000_000_i64, 1..6),
    ) {
        let dollars = |rate| Terms { currency: "USD".to_owned(), rate: RateE9(rate), ..terms(amount) };
        let phases: Vec<_> = (0..).map(|n| n * 30).zip(rates.into_iter().map(dollars)).collect();
        let moved = movements(&all(&[sub(0, None, &phases)]));
        prop_assert!(moved.iter().all(|m| m.day == day(0)));
    }
}
