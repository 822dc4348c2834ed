//! Cross-sell: what holds as a rule, whose rules count, which product wins.

#![allow(clippy::unwrap_used, reason = "tests")]

use crate::growth::Renewing;
use crate::opportunities::*;
use chrono::NaiveDate;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn basket<'a>(segment: Option<&'a str>, products: &[(&'a str, i64)]) -> Basket<'a> {
    Basket { segment, products: products.iter().copied().collect() }
}

/// `n` times the same basket.
fn many<'a>(n: usize, segment: &'a str, products: &[(&'a str, i64)]) -> Vec<Basket<'a>> {
    vec![basket(Some(segment), products); n]
}

fn owner(segment: Option<&str>, products: &[&str]) -> Facts {
    let day = NaiveDate::from_ymd_opt(2026, 6, 15).unwrap();
    let line = |(i, product): (usize, &&str)| LineFact {
        external_id: format!("s{i}"),
        product: (*product).to_owned(),
        plan: None,
        mrr_cents: 10_000,
        quantity: 1,
        seats: None,
        renewing: Renewing { start: day, end: None, yearly: false },
    };
    Facts {
        day,
        mrr_cents: 10_000 * products.len() as i64,
        segment: segment.map(str::to_owned),
        lines: products.iter().enumerate().map(line).collect(),
        ..Facts::default()
    }
}

fn market(baskets: &[Basket<'_>]) -> Market {
    let (affinities, segments) = affinities(baskets);
    Market { affinities, segments, ..Market::default() }
}

/// 52 Enterprise clients with CRM, 38 of them with Analytics; 48 others without CRM, of whom 4 have Analytics.
fn enterprise() -> Vec<Basket<'static>> {
    let mut all = many(38, "Enterprise", &[("CRM", 50_000), ("Analytics", 20_000)]);
    all.extend(many(14, "Enterprise", &[("CRM", 50_000)]));
    all.extend(many(4, "Enterprise", &[("Desk", 9_000), ("Analytics", 90_000)]));
    all.extend(many(44, "Enterprise", &[("Desk", 9_000)]));
    all
}

#[test]
fn the_sentence_can_be_checked_by_counting() {
    let market = market(&enterprise());
    let found = detect(&owner(Some("Enterprise"), &["CRM"]), &market);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].detector, found[0].detector.list()), (Detector::CrossSell, List::Conversation));
    // The four that pay 900.00 have no CRM: they are not similar.
    assert_eq!(found[0].amount_cents, Some(20_000));
    let params = &found[0].evidence[0].params;
    for (name, value) in [("both", 38), ("owners", 52), ("base", 42), ("clients", 100)] {
        assert_eq!(params[name], value, "{name}");
    }
    // (38 / 52) / (42 / 100) = 1.74.
    assert_eq!(params["lift"], 1.7);
    assert_eq!((&params["product"], &params["segment"]), (&"Analytics".into(), &"Enterprise".into()));
}

#[test]
fn who_has_it_or_has_nothing_that_goes_with_it_is_left_alone() {
    let market = market(&enterprise());
    for products in [&["CRM", "Analytics"][..], &["Desk"], &["Other"], &[]] {
        assert_eq!(gaps(&owner(Some("Enterprise"), products), &market), vec![], "{products:?}");
    }
    let mut left = owner(Some("Enterprise"), &["CRM"]);
    left.mrr_cents = 0;
    assert_eq!(gaps(&left, &market), vec![], "who pays nothing");
}

#[test]
fn too_few_prove_nothing() {
    // Both of the two owners of A have B, of a hundred clients of whom ten have B: a lift of 10 on two clients.
    let mut few = many(2, "PME", &[("A", 1_000), ("B", 1_000)]);
    few.extend(many(8, "PME", &[("B", 1_000)]));
    few.extend(many(90, "PME", &[("C", 1_000)]));
    assert_eq!(affinities(&few).0, vec![]);
    // Five of five.
    let mut five = many(5, "PME", &[("A", 1_000), ("B", 1_000)]);
    five.extend(many(5, "PME", &[("B", 1_000)]));
    five.extend(many(90, "PME", &[("C", 1_000)]));
    assert!(affinities(&five).0.iter().any(|rule| rule.from == "A" && rule.to == "B"));
    // What everybody has goes with nothing.
    let all = many(80, "PME", &[("A", 1_000), ("B", 1_000)]);
    assert_eq!(affinities(&all).0, vec![]);
}

#[test]
fn a_pair_of_many_wins_over_a_rare_one_with_a_higher_lift() {
    // A → B: 60 of 80 among 400, base 64 of 400. A → R: 5 of 80, base 5 of 400, a lift of 5 on five clients.
    let mut all = many(55, "PME", &[("A", 1_000), ("B", 2_000)]);
    all.extend(many(5, "PME", &[("A", 1_000), ("B", 2_000), ("R", 70_000)]));
    all.extend(many(20, "PME", &[("A", 1_000)]));
    all.extend(many(4, "PME", &[("B", 2_000)]));
    all.extend(many(316, "PME", &[("C", 1_000)]));
    let found = gaps(&owner(Some("PME"), &["A"]), &market(&all));
    assert_eq!(found.iter().map(|gap| gap.product.as_str()).collect::<Vec<_>>(), ["B", "R"]);
}

#[test]
fn a_small_segment_is_measured_with_everybody() {
    let mut all = enterprise();
    all.extend(many(29, "Tiny", &[("CRM", 5_000)]));
    let market = market(&all);
    assert_eq!(market.segments.iter().collect::<Vec<_>>(), ["Enterprise"]);
    for segment in [Some("Tiny"), Some("Unheard of"), None] {
        let found = gaps(&owner(segment, &["CRM"]), &market);
        assert_eq!(found[0].evidence.params["clients"], 129, "{segment:?}");
        assert!(found[0].evidence.params["segment"].is_null());
    }
    // From thirty on a segment speaks for itself, even when it says nothing.
    all.push(basket(Some("Tiny"), &[("CRM", 5_000)]));
    let (affinities, segments) = affinities(&all);
    let market = Market { affinities, segments, ..Market::default() };
    assert_eq!(gaps(&owner(Some("Tiny"), &["CRM"]), &market), vec![]);
}

#[test]
fn the_interval_is_wilsons() {
    // Figures of the formula worked by hand: 38 of 52 and z = 1.96.
    for (hits, of, low) in [(38, 52, 0.597_5), (2, 2, 0.342_4), (5, 5, 0.565_5), (0, 10, 0.0), (0, 0, 0.0)] {
        assert!((wilson_low(hits, of) - low).abs() < 5e-5, "{hits} of {of}: {}", wilson_low(hits, of));
    }
}

prop_compose! {
    fn portfolio()(rows in proptest::collection::vec((0_u8..3, 0_u8..64), 0..160)) -> Vec<(u8, u8)> { rows }
}

const NAMES: [&str; 6] = ["A", "B", "C", "D", "E", "F"];
const SEGMENTS: [&str; 3] = ["x", "y", "z"];

fn read(rows: &[(u8, u8)]) -> Vec<Basket<'static>> {
    rows.iter()
        .map(|(segment, bits)| Basket {
            segment: (*segment > 0).then(|| SEGMENTS[usize::from(*segment)]),
            products: (0..6)
                .filter(|bit| bits & (1 << bit) != 0)
                .map(|bit| (NAMES[bit], 1_000 * (bit as i64 + 1)))
                .collect::<BTreeMap<_, _>>(),
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn rules_count_right_and_the_order_of_clients_does_not_matter(rows in portfolio(), turn in 0_usize..160) {
        let baskets = read(&rows);
        let (rules, segments) = affinities(&baskets);
        let mut other = baskets.clone();
        other.reverse();
        if !other.is_empty() {
            let at = turn % other.len();
            other.rotate_left(at);
        }
        prop_assert_eq!(&affinities(&other), &(rules.clone(), segments.clone()));
        for rule in &rules {
            let of: Vec<_> = baskets.iter().filter(|b| rule.segment.is_none() || b.segment == rule.segment.as_deref()).collect();
            let has = |b: &&&Basket<'_>, product: &str| b.products.contains_key(product);
            prop_assert_eq!(rule.clients, of.len() as i64);
            prop_assert_eq!(rule.base, of.iter().filter(|b| has(b, &rule.to)).count() as i64);
            prop_assert_eq!(rule.owners, of.iter().filter(|b| has(b, &rule.from)).count() as i64);
            prop_assert_eq!(rule.both, of.iter().filter(|b| has(b, &rule.to) && has(b, &rule.from)).count() as i64);
            prop_assert!(rule.both >= 5 && rule.proven_lift() > 1.0 && rule.lift() >= rule.proven_lift());
            if let Some(segment) = &rule.segment {
                prop_assert!(segments.contains(segment) && rule.clients >= SEGMENT_CLIENTS);
            }
        }
        let market = Market { affinities: rules, segments, ..Market::default() };
        for (segment, bits) in rows.iter().take(20) {
            let products: Vec<&str> = (0..6).filter(|bit| bits & (1 << bit) != 0).map(|bit| NAMES[bit]).collect();
            let facts = owner((*segment > 0).then(|| SEGMENTS[usize::from(*segment)]), &products);
            for gap in gaps(&facts, &market) {
                prop_assert!(!products.contains(&gap.product.as_str()));
                prop_assert!(gap.amount_cents > 0);
            }
        }
    }

    #[test]
    fn the_proven_share_is_below_the_seen_one_and_rises_with_support(hits in 0_i64..500, misses in 0_i64..500, times in 2_i64..9) {
        let of = hits + misses;
        prop_assume!(of > 0);
        let low = wilson_low(hits, of);
        prop_assert!((0.0..1.0).contains(&low) && low <= hits as f64 / of as f64 + 1e-12);
        prop_assert!(wilson_low(hits * times, of * times) >= low - 1e-12);
    }
}
