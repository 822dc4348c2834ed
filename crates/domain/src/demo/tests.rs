//! What the portfolio must be for every seed: repeatable, valid, and believable in its totals.

#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;
use chrono::{Datelike, Days, Months};
use std::collections::BTreeSet;

fn spec(seed: u64) -> DemoSpec {
    DemoSpec { clients: 120, months: 24, seed, until: "2026-11-22".parse().unwrap() }
}

fn portfolio(spec: &DemoSpec) -> Vec<DemoClient> {
    (0..spec.clients).map(|index| client(spec, index)).collect()
}

/// The state of a subscription on a day, if it counts: the plain reading of the rules, apart from the ledger's.
fn line_mrr(states: &[SubscriptionInput], day: NaiveDate) -> f64 {
    let Some(now) = states.iter().rev().find(|s| s.effective_date.unwrap() <= day) else { return 0.0 };
    if now.is_trial || day < now.start_date || now.end_date.is_some_and(|end| day >= end) {
        return 0.0;
    }
    let per = if now.period.as_deref() == Some("year") { 12.0 } else { 1.0 };
    now.amount_cents as f64 * now.quantity.unwrap() as f64 / 100.0 / per
}

fn mrr(client: &DemoClient, day: NaiveDate) -> f64 {
    client.subscriptions.iter().map(|states| line_mrr(states, day)).sum()
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let digest = |seed| {
        let spec = DemoSpec { clients: 30, ..spec(seed) };
        let mut hash = blake3::Hasher::new();
        for client in portfolio(&spec) {
            hash.update(format!("{client:?}").as_bytes());
        }
        hash.finalize()
    };
    assert_eq!(digest(1), digest(1));
    assert_ne!(digest(1), digest(2));
}

#[test]
fn a_client_does_not_depend_on_how_many_there_are() {
    let (few, many, thousands) =
        (spec(7), DemoSpec { clients: 2_000, ..spec(7) }, DemoSpec { clients: 100_000, ..spec(7) });
    for index in [0, 3, 41, 119] {
        assert_eq!(client(&few, index), client(&many, index));
        // Only the volume of use and of what was said is thinned out in a large portfolio.
        let (mut a, mut b) = (client(&few, index), client(&thousands, index));
        assert!(b.signals.iter().all(|signal| a.signals.contains(signal)), "nothing is told otherwise");
        (a.usage, b.usage) = (Vec::new(), Vec::new());
        (a.signals, b.signals) = (Vec::new(), Vec::new());
        assert_eq!(a, b);
    }
}

#[test]
fn everything_passes_the_checks_of_real_sources() {
    for seed in 1..=3 {
        let spec = spec(seed);
        for made in portfolio(&spec) {
            made.client.check().unwrap();
            let mut people = BTreeSet::new();
            for contact in &made.contacts {
                contact.check().unwrap();
                assert!(contact.email.as_deref().unwrap().ends_with(".example"));
                assert!(people.insert(contact.email.clone()), "{:?} twice", contact.email);
            }
            for states in &made.subscriptions {
                let mut before = None;
                for state in states {
                    state.check().unwrap();
                    let (day, known) = (state.effective_date.unwrap(), state.known_at.unwrap().date_naive());
                    assert!(day <= spec.until && known == day && before <= Some(day), "{state:?}");
                    before = Some(day);
                }
            }
            let mut keys = BTreeSet::new();
            for signal in &made.signals {
                signal.check().unwrap();
                assert!(keys.insert((&signal.kind, &signal.message_id)), "{} twice", signal.message_id);
                assert!(signal.occurred_at.date_naive() <= spec.until);
                assert!(signal.ended_at.is_none_or(|end| end.date_naive() <= spec.until));
            }
            let mut rows = BTreeSet::new();
            for row in &made.usage {
                assert!(usize::from(row.user) < made.contacts.len() && row.count > 0 && row.day <= spec.until);
                assert!(rows.insert((row.day, row.user, &row.event)), "{row:?} twice");
            }
        }
    }
}

#[test]
fn names_and_domains_are_distinct_and_taken_from_nobody() {
    const KNOWN: [&str; 24] = [
        "altran",
        "alstom",
        "arval",
        "atos",
        "capgemini",
        "carrefour",
        "dalkia",
        "danone",
        "dassault",
        "doctolib",
        "ferrero",
        "galeries lafayette",
        "hermes",
        "michelin",
        "orange",
        "pathe",
        "renault",
        "salomon",
        "solvay",
        "sodexo",
        "valeo",
        "veolia",
        "vinci",
        "zalando",
    ];
    let (mut names, mut domains) = (BTreeSet::new(), BTreeSet::new());
    for index in 0..100_000 {
        let made = names::identity(1, index, life::Segment::Pme);
        assert!(!KNOWN.contains(&crate::clients::fold(&made.name).as_str()), "{}", made.name);
        assert!(domains.insert(made.domain.clone()), "{} twice", made.domain);
        assert!(names.insert(made.name), "{} twice", made.domain);
    }
}

#[test]
fn nobody_uses_the_product_long_after_leaving() {
    let spec = DemoSpec { clients: 300, ..spec(4) };
    let mut left = 0;
    for made in portfolio(&spec) {
        let present = |day: NaiveDate| {
            made.subscriptions.iter().flatten().any(|s| s.start_date <= day) && {
                // Someone who fetches a last export within five days is still let in.
                let near = |s: &SubscriptionInput| s.end_date.is_none_or(|end| day < end + Days::new(5));
                made.subscriptions.iter().any(|states| states[0].start_date <= day && near(states.last().unwrap()))
            }
        };
        assert!(made.usage.iter().all(|row| present(row.day)), "{}", made.client.external_id);
        left += u32::from(mrr(&made, spec.until) == 0.0);
    }
    assert!(left > 20, "{left}");
}

#[test]
fn use_falls_before_a_departure() {
    let spec = DemoSpec { clients: 300, ..spec(5) };
    let (mut before, mut last, mut leavers) = (0, 0, 0);
    for made in portfolio(&spec) {
        let Some(end) = made.subscriptions[0].last().unwrap().end_date else { continue };
        if made.subscriptions[0].iter().any(|s| s.is_trial) || end < spec.until - Months::new(18) {
            continue;
        }
        let between = |from: u64, to: u64| {
            let span = (end - Days::new(from))..(end - Days::new(to));
            made.usage.iter().filter(|row| span.contains(&row.day)).count()
        };
        before += between(140, 112);
        last += between(28, 0);
        leavers += 1;
    }
    assert!(leavers >= 10 && last * 2 < before, "{leavers} leavers: {before} rows, then {last}");
}

#[test]
fn totals_are_those_of_a_believable_vendor() {
    let mut yearly = Vec::new();
    for seed in 1..=5 {
        let spec = spec(seed);
        let all = portfolio(&spec);
        let months: Vec<NaiveDate> = (0..=24).rev().map(|m| spec.until - Months::new(m)).collect();
        let total = |day: NaiveDate| all.iter().map(|c| mrr(c, day)).sum::<f64>();

        let growth = (total(months[24]) / total(months[0])).powf(1.0 / 24.0) - 1.0;
        assert!((0.010..0.035).contains(&growth), "seed {seed}: {growth:.4} a month");

        let mut rates = Vec::new();
        for pair in months.windows(2) {
            let active: Vec<&DemoClient> = all.iter().filter(|c| mrr(c, pair[0]) > 0.0).collect();
            let gone = active.iter().filter(|c| mrr(c, pair[1]) == 0.0).count();
            rates.push(gone as f64 / active.len() as f64);
        }
        let churn = rates.iter().sum::<f64>() / rates.len() as f64;
        assert!((0.004..0.017).contains(&churn), "seed {seed}: {churn:.4} leave a month");

        let opening: Vec<&DemoClient> = all.iter().filter(|c| mrr(c, months[12]) > 0.0).collect();
        let sum = |day| opening.iter().map(|c| mrr(c, day)).sum::<f64>();
        let nrr = sum(months[24]) / sum(months[12]);
        assert!((0.96..1.22).contains(&nrr), "seed {seed}: NRR {nrr:.3}");
        yearly.push(nrr);

        for made in &all {
            let (least, _, most) =
                all_segments().find(|s| Some(s.name()) == made.client.segment.as_deref()).unwrap().range();
            let first = made.subscriptions[0].iter().find(|s| !s.is_trial);
            if let Some(first) = first {
                let worth = line_mrr(std::slice::from_ref(first), first.effective_date.unwrap());
                assert!(worth >= least - 0.01 && worth <= most + 0.01, "{first:?} is worth {worth}");
            }
            assert!(mrr(made, spec.until) <= most * 4.0);
        }
    }
    let mean = yearly.iter().sum::<f64>() / yearly.len() as f64;
    assert!((1.0..1.15).contains(&mean), "NRR {yearly:?}");
}

fn all_segments() -> impl Iterator<Item = life::Segment> {
    [life::Segment::Tpe, life::Segment::Pme, life::Segment::Eti, life::Segment::Large].into_iter()
}

#[test]
fn use_has_weeks_summers_and_a_last_day() {
    let friday: NaiveDate = "2026-11-20".parse().unwrap();
    let spec = DemoSpec { until: friday, ..spec(2) };
    let all = portfolio(&spec);
    let rows = |test: &dyn Fn(NaiveDate) -> bool| all.iter().flat_map(|c| &c.usage).filter(|r| test(r.day)).count();
    assert!(rows(&|day| day == friday) > 100);
    let tuesdays = rows(&|day| day.weekday() == chrono::Weekday::Tue);
    assert!(rows(&|day| day.weekday() == chrono::Weekday::Sun) * 8 < tuesdays);
    let (june, august) = (rows(&|d| (d.year(), d.month()) == (2026, 6)), rows(&|d| (d.year(), d.month()) == (2026, 8)));
    assert!(august * 10 < june * 9, "{june} rows in June, {august} in August");

    let active = all.iter().filter(|c| mrr(c, friday) > 0.0).count();
    let a_month = rows(&|day| day > friday - Days::new(30)) / active;
    assert!((60..250).contains(&a_month), "{a_month} rows a client and month");
}

#[test]
fn a_large_portfolio_is_light() {
    let spec = DemoSpec { clients: 100_000, ..spec(1) };
    let mut total = 0;
    for made in (0..400).map(|index| client(&spec, index)) {
        total += made.usage.len();
        let mut by_day: std::collections::BTreeMap<NaiveDate, Vec<u16>> = Default::default();
        for row in &made.usage {
            assert!(row.day > spec.until - Days::new(120) && !calendar::weekend(row.day));
            by_day.entry(row.day).or_default().push(row.user);
        }
        for users in by_day.values_mut() {
            assert!(users.len() <= 6);
            users.dedup();
            assert!(users.len() <= 3);
        }
    }
    assert!((30..150).contains(&(total / 400)), "{} rows a client", total / 400);
}
