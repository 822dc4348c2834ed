//! The score against told clients, and its promises against random facts.

#![allow(clippy::unwrap_used, reason = "tests")]

use super::super::facts::{
    ChampionFacts, ChildrenFacts, ExchangeFacts, InvoiceFact, OutcomeFacts, PulseFact, SurveyFact, SurveyKind,
    TicketFact, UsageFacts,
};
use super::super::moves::moves;
use super::super::profile::{Vetoes, Weights};
use super::super::risks::carry_since;
use super::*;
use crate::clients::TicketPriority;
use chrono::{Duration, NaiveDate};
use proptest::prelude::*;

const NOT_FED: Feeds = Feeds {
    usage: false,
    licence: false,
    engagement: false,
    support: false,
    satisfaction: false,
    payments: false,
    outcomes: false,
    pulse: false,
    journey: false,
};
const ALL_FED: Feeds = Feeds { usage: true, licence: true, support: true, satisfaction: true, ..NOT_FED };
const USAGE_FED: Feeds = Feeds { usage: true, ..NOT_FED };

/// A day counted from the day of the facts: 0 is D, -1 yesterday.
pub(in crate::health) fn day(offset: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 6, 15).unwrap() + Duration::days(offset)
}

/// A client of long standing of which nothing else is known.
pub(in crate::health) fn quiet() -> Facts {
    Facts {
        day: day(0),
        since: Some(day(-400)),
        usage: None,
        active_users28: None,
        active_users30: None,
        seats: None,
        tickets: vec![],
        surveys: vec![],
        exchanges: None,
        champion: None,
        invoices: vec![],
        outcomes: None,
        pulse: None,
        children: None,
        journey: None,
    }
}

/// Events as (days ago, number of the event's name, how many).
type Events = Vec<(i64, u8, i64)>;

/// The facts as the store gathers them from the daily rollup.
fn gathered(events: &Events) -> UsageFacts {
    let within = |newest: i64, oldest: i64| {
        let used = |e: &&(i64, u8, i64)| (newest..=oldest).contains(&e.0) && e.2 > 0;
        events.iter().filter(used).copied().collect::<Vec<_>>()
    };
    let sum = |newest, oldest| within(newest, oldest).iter().map(|e| e.2).sum::<i64>();
    let distinct = |keys: Vec<i64>| keys.into_iter().collect::<std::collections::BTreeSet<_>>().len() as i32;
    let days = |newest, oldest| distinct(within(newest, oldest).iter().map(|e| e.0).collect());
    let names = |newest, oldest| distinct(within(newest, oldest).iter().map(|e| e.1.into()).collect());
    UsageFacts {
        today: sum(0, 0),
        last7: sum(0, 6),
        last28: sum(0, 27),
        on_day7: sum(7, 7),
        on_day28: sum(28, 28),
        prior62: sum(28, 89),
        active_days28: days(0, 27),
        active_days_prior62: days(28, 89),
        events28: names(0, 27),
        events90: names(0, 89),
        active_days30: days(0, 29),
        events30: names(0, 29),
        first_day: within(0, 9_999).iter().map(|e| e.0).max().map(|ago| day(-ago)),
        last_day: within(0, 9_999).iter().map(|e| e.0).min().map(|ago| day(-ago)),
    }
}

fn with_events(events: &Events) -> Facts {
    Facts { usage: Some(gathered(events)), ..quiet() }
}

/// Four kinds of event on every working day (D is a Sunday), `level(days ago)` in all.
fn working_days(ages: std::ops::Range<i64>, level: impl Fn(i64) -> i64) -> Events {
    ages.filter(|ago| ago % 7 != 0 && ago % 7 != 1)
        .flat_map(|ago| (0..4_u8).map(move |name| (ago, name)))
        .map(|(ago, name)| (ago, name, level(ago) / 4))
        .collect()
}

/// With seats half used, two closed tickets and a passive answer.
fn with_the_rest(events: &Events, users: i32) -> Facts {
    let ticket = |opened, closed| TicketFact {
        opened: day(opened),
        closed: Some(day(closed)),
        priority: TicketPriority::Normal,
        satisfaction: Some(4.0),
        reopened: false,
    };
    Facts {
        active_users28: Some(users),
        seats: Some(20),
        tickets: vec![ticket(-50, -48), ticket(-12, -11)],
        surveys: vec![SurveyFact { day: day(-30), kind: SurveyKind::Nps, score: 8.0 }],
        ..with_events(events)
    }
}

fn usage_of(facts: &Facts) -> Health {
    score(facts, &Profile::default(), USAGE_FED)
}

fn full(facts: &Facts) -> Health {
    score(facts, &Profile::default(), ALL_FED)
}

fn risk_keys(health: &Health) -> Vec<&str> {
    health.risks.iter().map(|risk| risk.key.as_ref()).collect()
}

#[test]
fn told_clients_land_where_an_account_manager_puts_them() {
    let steady = working_days(0..120, |_| 40);
    let growing = working_days(0..120, |ago| 80 - ago / 2);
    let declining = working_days(0..120, |ago| (40 + ago).min(100));
    let collapsed = working_days(15..120, |_| 40);
    let just_gone = working_days(9..120, |_| 40);
    let fortnightly: Events = (0..9).map(|n| (4 + n * 14, 0, 30)).collect();
    for (name, events, users, usage_range, full_range, risks) in [
        ("steady", &steady, 14, 80..=95, 80..=95, vec![]),
        ("growing", &growing, 16, 90..=100, 85..=100, vec![]),
        ("declining slowly", &declining, 11, 50..=72, 60..=75, vec!["usage_down"]),
        ("collapsed", &collapsed, 2, 0..=35, 0..=45, vec!["usage_stopped", "licence_low"]),
        ("gone for a week", &just_gone, 10, 25..=59, 40..=69, vec!["usage_down"]),
        ("steady, once a fortnight", &fortnightly, 14, 75..=100, 78..=95, vec![]),
    ] {
        let facts = with_the_rest(events, users);
        let (usage, full) = (usage_of(&facts), full(&facts));
        let told = format!("{name}: usage {:?}, all {:?}, {:?}", usage.score, full.score, full.risks);
        assert!(usage.score.is_some_and(|score| usage_range.contains(&score)), "{told}");
        assert!(full.score.is_some_and(|score| full_range.contains(&score)), "{told}");
        assert_eq!(risk_keys(&full), risks, "{told}");
    }
}

#[test]
fn one_day_of_new_activity_shows_at_once_after_a_collapse() {
    let mut events = working_days(31..120, |_| 40);
    let gone = full(&with_the_rest(&events, 0)).score.unwrap();
    events.push((0, 0, 1));
    let one_event = full(&with_the_rest(&events, 1)).score.unwrap();
    events.extend([(0, 1, 15), (0, 2, 15), (0, 3, 9)]);
    let one_day = full(&with_the_rest(&events, 3)).score.unwrap();
    assert!(gone < 45 && one_event >= gone + 3 && one_day >= one_event + 5, "{gone} → {one_event} → {one_day}");
}

#[test]
fn an_unfinished_day_without_use_lowers_nothing() {
    // Every day but today; the same client seen yesterday had all of its days.
    let every_day: Events = (0..120).map(|ago| (ago, 0, 20)).collect();
    let not_yet: Events = every_day.iter().copied().filter(|e| e.0 > 0).collect();
    assert_eq!(usage_of(&with_events(&every_day)).score, usage_of(&with_events(&not_yet)).score);
}

#[test]
fn a_young_client_is_judged_on_activity_and_recency_only() {
    let evidence = |health: &Health| health.factors[0].evidence.iter().map(|e| e.key.clone()).collect::<Vec<_>>();
    let lively = usage_of(&with_events(&(0..10).map(|ago| (ago, 0, 5)).collect()));
    assert_eq!(lively.score, Some(100));
    assert_eq!(evidence(&lively), ["usage_no_baseline", "usage_inactive_days"]);
    let tried = usage_of(&with_events(&vec![(20, 0, 5), (19, 0, 5)]));
    assert!(tried.score.unwrap() < 30);
    assert_eq!(risk_keys(&tried), ["usage_stopped"]);
    let settled = usage_of(&with_events(&(0..45).map(|ago| (ago, 0, 5)).collect()));
    assert!(!evidence(&settled).contains(&"usage_no_baseline".into()));
}

#[test]
fn never_used_is_low_for_a_settled_client_and_unknown_for_a_young_one() {
    for (since, score) in [(Some(-15), Some(10)), (Some(-14), None), (Some(0), None), (None, None)] {
        for usage in [None, Some(UsageFacts::default())] {
            let health = usage_of(&Facts { since: since.map(day), usage, ..quiet() });
            assert_eq!(health.score, score, "{since:?}");
            assert_eq!(health.factors[0].score, score);
        }
    }
}

#[test]
fn coverage_counts_only_what_the_workspace_feeds() {
    let steady = working_days(0..120, |_| 40);
    let health = full(&with_events(&steady));
    // Usage 30 and support 10 are known of 60; licence and satisfaction are left out, not 0.
    assert_eq!(health.coverage, 0.6667);
    assert_eq!(health.factors.iter().map(|f| f.weight).collect::<Vec<_>>(), [Some(0.75), None, Some(0.25), None]);
    assert!(health.score.unwrap() >= 80);
    // A workspace that sends only usage is scored on usage.
    let health = usage_of(&with_events(&steady));
    assert_eq!((health.coverage, health.factors.len()), (1.0, 1));
    assert_eq!(health.score, health.factors[0].score);
    // 20 of 60 is too little for a number.
    let facts = Facts { usage: None, since: None, ..with_the_rest(&steady, 9) };
    let health = score(&Facts { seats: None, ..facts }, &Profile::default(), ALL_FED);
    assert_eq!((health.coverage, health.score, health.class), (0.3333, None, HealthClass::Unknown));
    // Exactly 40 % is enough.
    let feeds = Feeds { licence: false, ..ALL_FED };
    let health = score(&Facts { since: None, ..with_the_rest(&vec![], 9) }, &Profile::default(), feeds);
    assert_eq!((health.coverage, health.score.is_some()), (0.4, true));
    // Nothing fed.
    let health = score(&quiet(), &Profile::default(), Feeds::default());
    assert_eq!((health.coverage, health.score, health.factors.len()), (0.0, None, 0));
}

#[test]
fn a_risk_costs_what_mending_it_would_bring() {
    let facts = Facts { seats: Some(20), active_users28: Some(2), ..with_events(&working_days(0..120, |_| 40)) };
    let feeds = Feeds { satisfaction: false, support: false, ..ALL_FED };
    let now = score(&facts, &Profile::default(), feeds);
    assert_eq!(risk_keys(&now), ["licence_low"]);
    // Licence counts a quarter, and stands at 12 instead of 85.
    assert_eq!(now.factors[1].score, Some(12));
    assert!((18..=19).contains(&now.risks[0].points_lost), "{:?}", now.risks);
}

#[test]
fn a_veto_caps_the_score_and_says_why() {
    let steady = with_the_rest(&working_days(0..120, |_| 40), 16);
    let feeds = Feeds { payments: true, engagement: true, ..ALL_FED };
    let invoice = |late: i64| InvoiceFact { due: day(-late), paid: None, cents: 90_000 };
    let with = |late: i64, champion: Option<ChampionFacts>| {
        let exchanges = Some(ExchangeFacts { last_day: Some(day(-2)), last28: 4, prior62: 8 });
        Facts { invoices: vec![invoice(late)], exchanges, champion, ..steady.clone() }
    };
    let gone = || Some(ChampionFacts { present: 0, left_on: Some(day(-30)) });
    let profile = Profile::default();
    for (name, facts, most, caps) in [
        ("59 days late", with(59, None), 100, vec![]),
        ("60 days late", with(60, None), 50, vec!["invoice_late"]),
        ("the champion left", with(-5, gone()), 65, vec!["champion_left"]),
        ("both", with(60, gone()), 50, vec!["invoice_late", "champion_left"]),
        (
            "another champion is there",
            with(-5, Some(ChampionFacts { present: 1, left_on: Some(day(-30)) })),
            100,
            vec![],
        ),
    ] {
        let health = score(&facts, &profile, feeds);
        assert_eq!(health.caps.iter().map(|cap| cap.key.as_ref()).collect::<Vec<_>>(), caps, "{name}");
        let mean = health.caps.first().map_or(health.score.unwrap(), |cap| cap.mean);
        assert_eq!(health.score, Some(mean.min(most)), "{name}");
        for key in caps {
            assert!(risk_keys(&health).contains(&key), "{name}: {:?}", health.risks);
        }
    }
    // What the veto takes is what paying the invoice brings back.
    let late = score(&with(60, None), &profile, feeds);
    let paid = score(&with(-5, None), &profile, feeds).score.unwrap();
    let lost = late.risks.iter().find(|risk| risk.key == "invoice_late").unwrap().points_lost;
    assert!(lost >= 25 && paid.abs_diff(late.score.unwrap() + lost) <= 2, "{lost} of {:?} → {paid}", late.score);
    let off = Profile { vetoes: Vetoes { invoice_cap: None, ..Vetoes::default() }, ..profile };
    assert!(score(&with(60, None), &off, feeds).score > Some(60));
}

#[test]
fn a_parent_stands_on_its_children_with_its_own_components_on_top() {
    let children = |mean, lowest| {
        Some(ChildrenFacts {
            count: 3,
            scored: 3,
            mean: Some(mean),
            lowest: Some(lowest),
            lowest_name: Some("Nord".into()),
        })
    };
    // Nothing of its own: the mean of its children.
    let health = score(&Facts { children: children(72.0, 65), ..quiet() }, &Profile::default(), NOT_FED);
    assert_eq!((health.score, health.coverage), (Some(72), 1.0));
    // Its own usage weighs 30 beside 100.
    let own = with_events(&working_days(0..120, |_| 40));
    let usage = usage_of(&own).score.unwrap();
    let health = usage_of(&Facts { children: children(50.0, 20), ..own });
    let expected = (30.0 * f64::from(usage) + 100.0 * 50.0) / 130.0;
    assert_eq!(health.score, Some(expected.round() as u8));
    assert_eq!(risk_keys(&health), ["child_low"]);
}

#[test]
fn risks_keep_the_day_since_which_they_stand() {
    let down = with_events(&working_days(0..120, |ago| (40 + ago).min(100)));
    let mut before = usage_of(&down);
    carry_since(&mut before, None, day(-9));
    let mut now = usage_of(&down);
    carry_since(&mut now, Some(&before), day(0));
    assert_eq!(now.risks[0].since, Some(day(-9)));
    assert_eq!(now.risks[0].params["since"], day(-9).to_string());
    // Gone in between: it stands anew.
    let well = usage_of(&with_events(&working_days(0..120, |_| 40)));
    let mut again = usage_of(&down);
    carry_since(&mut again, Some(&well), day(5));
    assert_eq!(again.risks[0].since, Some(day(5)));
}

fn any_events() -> impl Strategy<Value = Events> {
    let dense = (0..150_i64, 0..120_i64, 1..60_i64, 1..8_i64).prop_map(|(from, len, count, every)| {
        (from..from + len).filter(|ago| ago % every == 0).map(|ago| (ago, (ago % 5) as u8, count)).collect::<Events>()
    });
    let sparse = prop::collection::vec((0..150_i64, 0..6_u8, 0..80_i64), 0..40);
    (prop_oneof![dense, Just(vec![])], sparse).prop_map(|(mut events, sparse)| {
        events.extend(sparse);
        events
    })
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    (-400..30_i64).prop_map(day)
}

fn any_usage() -> impl Strategy<Value = UsageFacts> {
    let counts = prop::array::uniform6(prop_oneof![any::<i64>(), -5..500_i64]);
    let days = prop::array::uniform4(prop_oneof![any::<i32>(), -5..90_i32]);
    (counts, days, prop::option::of(any_day()), prop::option::of(any_day())).prop_map(|(c, d, first_day, last_day)| {
        UsageFacts {
            today: c[0],
            last7: c[1],
            last28: c[2],
            on_day7: c[3],
            on_day28: c[4],
            prior62: c[5],
            active_days28: d[0],
            active_days_prior62: d[1],
            events28: d[2],
            events90: d[3],
            active_days30: d[0],
            events30: d[2],
            first_day,
            last_day,
        }
    })
}

/// Any facts at all, broken ones included.
pub(in crate::health) fn any_facts() -> impl Strategy<Value = Facts> {
    let priority = prop::sample::select(vec![
        TicketPriority::Low,
        TicketPriority::Normal,
        TicketPriority::High,
        TicketPriority::Urgent,
    ]);
    let ticket = (any_day(), prop::option::of(any_day()), priority, prop::option::of(any::<f64>()), any::<bool>());
    let ticket = ticket.prop_map(|(opened, closed, priority, satisfaction, reopened)| TicketFact {
        opened,
        closed,
        priority,
        satisfaction,
        reopened,
    });
    let kind = prop::sample::select(vec![SurveyKind::Nps, SurveyKind::Csat, SurveyKind::Ces]);
    let given = prop_oneof![any::<f64>(), 0.0..10.0];
    let survey = (any_day(), kind, given).prop_map(|(day, kind, score)| SurveyFact { day, kind, score });
    let people = (prop::option::of(any::<i32>()), prop::option::of(any::<i32>()));
    (
        any_rest(),
        prop::option::of(any_day()),
        prop::option::of(prop_oneof![any_usage(), any_events().prop_map(|events| gathered(&events))]),
        people,
        prop::collection::vec(ticket, 0..6),
        prop::collection::vec(survey, 0..6),
    )
        .prop_map(|(rest, since, usage, (active_users28, seats), tickets, surveys)| Facts {
            since,
            usage,
            active_users28,
            seats,
            tickets,
            surveys,
            ..rest
        })
}

/// Exchanges, champions, invoices, outcomes, pulse and children, broken ones included.
fn any_rest() -> impl Strategy<Value = Facts> {
    let exchanges = (prop::option::of(any_day()), any::<i32>(), any::<i32>())
        .prop_map(|(last_day, last28, prior62)| ExchangeFacts { last_day, last28, prior62 });
    let champion = (0..3_i32, prop::option::of(any_day()));
    let champion = champion.prop_map(|(present, left_on)| ChampionFacts { present, left_on });
    let invoice = (any_day(), prop::option::of(any_day()), any::<i64>());
    let invoice = invoice.prop_map(|(due, paid, cents)| InvoiceFact { due, paid, cents });
    let outcomes = (any::<i64>(), any::<i64>());
    let outcomes = outcomes.prop_map(|(value_cents, fees_cents)| OutcomeFacts { value_cents, fees_cents });
    let pulse = (any_day(), any::<u8>()).prop_map(|(day, value)| PulseFact { day, value });
    let children = (prop::option::of(any::<f64>()), prop::option::of(any::<u8>()))
        .prop_map(|(mean, lowest)| ChildrenFacts { count: 2, scored: 1, mean, lowest, lowest_name: None });
    (
        prop::option::of(exchanges),
        prop::option::of(champion),
        prop::collection::vec(invoice, 0..4),
        prop::option::of(outcomes),
        prop::option::of(pulse),
        prop::option::of(children),
    )
        .prop_map(|(exchanges, champion, invoices, outcomes, pulse, children)| Facts {
            exchanges,
            champion,
            invoices,
            outcomes,
            pulse,
            children,
            ..quiet()
        })
}

pub(in crate::health) fn any_feeds() -> impl Strategy<Value = Feeds> {
    any::<[bool; 8]>().prop_map(|[usage, licence, engagement, support, satisfaction, payments, outcomes, pulse]| {
        Feeds { usage, licence, engagement, support, satisfaction, payments, outcomes, pulse, journey: false }
    })
}

/// The default profile with some weight on opinions, so that every component can count.
fn heard() -> Profile {
    let default = Profile::default();
    Profile { weights: Weights { usage: 25, pulse: 5, ..default.weights }, ..default }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn facts_of_daily_counts_are_those_of_the_store(events in any_events()) {
        let counts: Vec<_> = events.iter().map(|(ago, name, n)| (day(-ago), name.to_string(), *n)).collect();
        let expected = gathered(&events);
        prop_assert_eq!(UsageFacts::of_counts(&counts, day(0)), expected.first_day.map(|_| expected));
    }

    #[test]
    fn any_facts_make_a_score_within_range(facts in any_facts(), feeds in any_feeds()) {
        let health = score(&facts, &Profile::default(), feeds);
        prop_assert!(health.score.is_none_or(|score| score <= 100));
        prop_assert!((0.0..=1.0).contains(&health.coverage));
        prop_assert_eq!(health.score.is_some(), health.coverage >= 0.4);
        for factor in &health.factors {
            prop_assert!(factor.score.is_none_or(|score| score <= 100));
            prop_assert_eq!(factor.weight.is_some(), factor.score.is_some());
        }
        // A risk costs no more than there is to gain, and stands once.
        for risk in &health.risks {
            prop_assert!(risk.points_lost <= 100 - health.score.unwrap_or(0));
            prop_assert_eq!(health.risks.iter().filter(|other| other.key == risk.key).count(), 1);
        }
    }

    /// The published rule, from the published factors: what is missing is left out, never 0.
    #[test]
    fn the_score_can_be_computed_again_from_its_factors(facts in any_facts(), feeds in any_feeds()) {
        let profile = heard();
        let health = score(&facts, &profile, feeds);
        let known: Vec<(u32, u32)> = health
            .factors
            .iter()
            .filter_map(|factor| Some((profile.weights.of(factor.component), u32::from(factor.score?))))
            .collect();
        let weight: u32 = known.iter().map(|(weight, _)| weight).sum();
        if let Some(score) = health.score {
            let sum: u32 = known.iter().map(|(weight, score)| weight * score).sum();
            let mean = (f64::from(sum) / f64::from(weight)).round() as u32;
            let cap = health.caps.iter().map(|cap| u32::from(cap.cap)).min().unwrap_or(100);
            prop_assert_eq!(u32::from(score), mean.min(cap));
            prop_assert!(health.caps.iter().all(|cap| u32::from(cap.mean) == mean));
        }
        // Not feeding the components that are unknown anyway changes nothing but the coverage.
        let only = |component| health.factors.iter().any(|f| f.component == component && f.score.is_some());
        let feeds = Feeds {
            usage: only(Component::Usage),
            licence: only(Component::Licence),
            engagement: only(Component::Engagement),
            support: only(Component::Support),
            satisfaction: only(Component::Satisfaction),
            payments: only(Component::Payments),
            outcomes: only(Component::Outcomes),
            pulse: only(Component::Pulse),
            journey: only(Component::Journey),
        };
        let again = super::score(&facts, &profile, feeds);
        prop_assert!(health.score.is_none() || again.score == health.score);
    }

    #[test]
    fn same_facts_same_bits_in_any_order(mut facts in any_facts(), feeds in any_feeds()) {
        let health = score(&facts, &Profile::default(), feeds);
        facts.tickets.reverse();
        facts.surveys.reverse();
        facts.invoices.reverse();
        let json = serde_json::to_string(&health).unwrap();
        let again = score(&facts, &Profile::default(), feeds);
        prop_assert_eq!(&json, &serde_json::to_string(&again).unwrap());
        prop_assert_eq!(serde_json::from_str::<Health>(&json).unwrap(), again);
    }

    /// The parts of a change add up to it, whatever appeared, disappeared or was capped.
    #[test]
    fn the_moves_add_up_to_the_change(
        before in any_facts(), after in any_facts(), fed_before in any_feeds(), fed_after in any_feeds(),
    ) {
        let (before, after) = (score(&before, &heard(), fed_before), score(&after, &heard(), fed_after));
        let sum: f64 = moves(&before, &after).iter().map(|part| part.points).sum();
        match (before.score, after.score) {
            (Some(then), Some(now)) => prop_assert!((sum - (f64::from(now) - f64::from(then))).abs() < 1e-6),
            _ => prop_assert_eq!(sum, 0.0),
        }
    }

    /// More use on a day that both recent windows hold (D-6 to D) never lowers the score, for a client whose usage
    /// was scored before. Not so for D-27 to D-7: use there makes the last week look smaller, which is what a trend
    /// is for. And a client of whom nothing was known gets a new component, which may stand below the others.
    #[test]
    fn more_use_in_the_last_seven_days_never_lowers_the_score(
        facts in any_facts(), mut events in any_events(), feeds in any_feeds(),
        ago in 0..7_i64, name in 0..8_u8, more in 1..200_i64,
    ) {
        let profile = Profile::default();
        let feeds = Feeds { usage: true, ..feeds };
        let before = score(&Facts { usage: Some(gathered(&events)), ..facts.clone() }, &profile, feeds);
        events.push((ago, name, more));
        let after = score(&Facts { usage: Some(gathered(&events)), ..facts }, &profile, feeds);
        if before.factors[0].score.is_some() && before.factors.iter().zip(&after.factors).all(|(b, a)| {
            b.score.is_some() == a.score.is_some()
        }) {
            prop_assert!(after.score >= before.score, "{:?} → {:?}", before, after);
        }
    }

    #[test]
    fn more_active_people_never_lower_the_score(facts in any_facts(), users in 0..200_i32, more in 1..50_i32) {
        let at = |users| full(&Facts { active_users28: Some(users), ..facts.clone() });
        let (before, after) = (at(users), at(users + more));
        if before.coverage == after.coverage {
            prop_assert!(after.score >= before.score);
        }
    }
}
