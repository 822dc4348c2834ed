//! The rules of the journey, by tables and by properties.
#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::expressions::{Catalogue, Facts, Held, Kind, Known, Moment, Source};
use crate::{Code, Invalid};
use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use uuid::Uuid;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn catalogue() -> Catalogue {
    Catalogue::with([(Uuid::from_u128(1), "won".to_owned(), "Won".to_owned(), Kind::Boolean, None)])
}

fn moment() -> Moment {
    Moment { today: day("2026-06-17"), zone: chrono_tz::Europe::Paris }
}

fn plan() -> Plan {
    Plan::of(Template::built_in(), &catalogue(), &moment())
}

#[test]
fn the_built_in_template_is_what_was_promised() {
    let template = Template::built_in();
    let stages: Vec<(&str, i64)> = template.stages.iter().map(|s| (s.key.as_str(), s.planned_days)).collect();
    assert_eq!(stages, [("onboarding", 30), ("adoption", 60), ("growth", 90), ("expansion", 120), ("advocacy", 60)]);
    assert_eq!(template.weights, Weights { criteria: 70, actions: 30 });
    for stage in &template.stages {
        assert_eq!((stage.criteria.len(), stage.actions.len()), (3, 3), "{}", stage.key);
        assert!(stage.criteria.iter().all(|c| c.expression.is_some()), "{} is measured", stage.key);
        assert!(stage.criteria.iter().any(|c| c.required), "{} can be completed", stage.key);
    }
    let checked = template.checked(&catalogue(), &moment()).unwrap();
    let words = |t: &Template| t.stages.iter().map(|s| (s.label.clone(), s.criteria.len())).collect::<Vec<_>>();
    assert_eq!(words(&checked), words(&template));
    assert_eq!(checked.checked(&catalogue(), &moment()), Ok(checked.clone()), "what is kept stays as it is");
    let adoption = &checked.stages[1];
    let texts: Vec<&str> = adoption.criteria.iter().filter_map(|c| c.expression.as_deref()).collect();
    assert_eq!(texts, ["usage.active_days_30d >= 20", "client.roi >= 1", "survey.csat_mean_90d >= 80"]);
}

#[test]
fn mistakes_are_named_with_their_field() {
    let with = |change: &dyn Fn(&mut Template)| {
        let mut template = Template::built_in();
        change(&mut template);
        template.checked(&catalogue(), &moment()).map(|_| ())
    };
    let refused = |result: Result<(), Invalid>| {
        result.err().map(|e| (e.code, e.params["field"].as_str().unwrap_or_default().to_owned()))
    };
    let expression = |text: &str| {
        let text = text.to_owned();
        move |t: &mut Template| t.stages[1].criteria[0].expression = Some(text.clone())
    };
    let at = "stages[1].criteria[0].expression";
    for (change, code, field) in [
        (Box::new(|t: &mut Template| t.stages.clear()) as Box<dyn Fn(&mut Template)>, Code::JourneyNoStage, "stages"),
        (Box::new(|t| t.stages[0].planned_days = 0), Code::JourneyDuration, "stages[0].plannedDays"),
        (Box::new(|t| t.stages[2].planned_days = -5), Code::JourneyDuration, "stages[2].plannedDays"),
        (Box::new(|t| t.stages[2].planned_days = 9_999), Code::JourneyDuration, "stages[2].plannedDays"),
        (Box::new(|t| t.stages[1].key = "onboarding".into()), Code::JourneyKeyDuplicate, "stages[1].key"),
        (Box::new(|t| t.stages[1].key = "Été 2".into()), Code::JourneyKey, "stages[1].key"),
        (Box::new(|t| t.stages[1].key = COMPLETED.into()), Code::JourneyKey, "stages[1].key"),
        (
            Box::new(|t| t.stages[0].actions[2].key = "kickoff".into()),
            Code::JourneyKeyDuplicate,
            "stages[0].actions[2].key",
        ),
        (Box::new(|t| t.stages[0].milestones[0].day = -1), Code::JourneyMilestoneEarly, "stages[0].milestones[0].day"),
        (Box::new(|t| t.stages[0].milestones[0].day = 31), Code::JourneyMilestoneLate, "stages[0].milestones[0].day"),
        (Box::new(|t| t.weights.actions = 40), Code::JourneyWeightsSum, "weights"),
        (Box::new(|t| t.weights = Weights { criteria: 130, actions: -30 }), Code::FieldRange, "weights.criteria"),
        (Box::new(|t| t.stalled_after_days = 0), Code::FieldRange, "stalledAfterDays"),
        (Box::new(|t| t.name = Label::default()), Code::FieldRequired, "name"),
        (Box::new(|t| t.stages[0].label = Label::default()), Code::FieldRequired, "stages[0].label"),
        (Box::new(expression("usage.active_day_30d >= 20")), Code::ExpressionsFactUnknown, at),
        (Box::new(expression("mrr >=")), Code::ExpressionsSyntax, at),
        (Box::new(expression("mrr >= \"much\"")), Code::ExpressionsValue, at),
        (Box::new(expression("journey.progress >= 50")), Code::JourneyFactCircular, at),
        (Box::new(expression("mrr > 0 and not stage = \"adoption\"")), Code::JourneyFactCircular, at),
        (Box::new(expression("health >= 80")), Code::JourneyFactCircular, at),
        (Box::new(expression("open_opportunities > 0")), Code::JourneyFactCircular, at),
        (Box::new(expression("journey.done has \"typo\"")), Code::JourneyActionUnknown, at),
        (Box::new(expression("not journey.done has \"typo\"")), Code::JourneyActionUnknown, at),
        (
            Box::new(|t| t.stages[3].actions[0].key = "performance_review".into()),
            Code::JourneyKeyDuplicate,
            "stages[3].actions[0].key",
        ),
    ] {
        assert_eq!(refused(with(&change)), Some((code, field.to_owned())), "{code:?}");
    }
    assert_eq!(with(&expression("field.won = true and mrr > 100")), Ok(()));
    assert_eq!(with(&|t| t.stages[3].actions[0].key = "kickoff".into()), Ok(()), "no criterion waits for either");
    assert_eq!(with(&|t| t.stages[1].criteria[0].expression = Some("  ".into())), Ok(()), "nothing asked is manual");
    let words = Template { name: Label { fr: " Parcours ".into(), en: String::new() }, ..Template::built_in() };
    let name = words.checked(&catalogue(), &moment()).unwrap().name;
    assert_eq!(name, Label::new("Parcours", "Parcours"), "one language serves for both");
}

fn known(facts: &[(Known, Held)]) -> Facts {
    let mut out = Facts::default();
    for (known, held) in facts {
        out.put(Source::Known(*known), held.clone());
    }
    out
}

fn done(stage: &str, key: &str, on: &str) -> Action {
    Action { stage: stage.into(), key: key.into(), task: None, due: None, done_on: Some(day(on)) }
}

fn look(state: &mut State, plan: &Plan, facts: &Facts, actions: &[Action], on: &str) -> Verdict {
    let catalogue = catalogue();
    let case = Case { plan, catalogue: &catalogue, facts, actions, milestones: &[], today: day(on) };
    evaluate(state, &case)
}

#[test]
fn a_criterion_reopens_unless_it_is_once() {
    let plan = plan();
    let mut state = State::begun(0, day("2026-06-01"));
    let used = |days: f64, users: f64| {
        known(&[
            (Known::ActiveDays30d, Held::Number(days)),
            (Known::ActiveUsers30d, Held::Number(users)),
            (Known::Features30d, Held::Number(4.0)),
        ])
    };
    let verdict = look(&mut state, &plan, &used(8.0, 2.0), &[], "2026-06-10");
    // Two of three criteria at 70 %: 46.67; of the journey 30 days of 360.
    assert_eq!((state.stage_progress, verdict.progress), (46.67, 3.89));
    let tick = state.tick("onboarding", "autonomous").unwrap();
    assert_eq!((tick.met, tick.on), (true, Some(day("2026-06-10"))));
    assert!(!verdict.goes_on, "the training has not been held");
    let verdict = look(&mut state, &plan, &used(4.0, 2.0), &[], "2026-06-20");
    let autonomous = state.tick("onboarding", "autonomous").unwrap();
    assert_eq!((autonomous.met, autonomous.on, autonomous.fraction), (false, None, 0.5), "it reopened, half way");
    assert_eq!(autonomous.evidence[1].value, 4);
    assert_eq!((autonomous.evidence[1].threshold.clone(), autonomous.evidence[1].met), (8.into(), false));
    let first = state.tick("onboarding", "first_project").unwrap();
    assert_eq!((first.met, first.on), (true, Some(day("2026-06-10"))));
    assert_eq!(state.stage_progress, 23.33);
    assert!(verdict.progress < 3.89);
    let verdict = look(&mut state, &plan, &used(0.0, 0.0), &[], "2026-06-21");
    assert!(state.tick("onboarding", "first_project").unwrap().met, "once is for good");
    assert_eq!(verdict.status, StageStatus::AtRisk);
}

#[test]
fn the_end_is_projected_from_a_fifth_of_the_time_on() {
    let plan = plan();
    let action = done("onboarding", "kickoff", "2026-06-02");
    for (on, facts, actions, projected, slow) in [
        // 5 of 30 days: too early.
        ("2026-06-06", vec![], vec![], None, false),
        // Nothing at all after a fifth.
        ("2026-06-07", vec![], vec![], None, true),
        // One of three actions, 10 %: 6 / 0.1 = 60 days.
        ("2026-06-07", vec![], vec![action.clone()], Some("2026-07-31"), true),
        // The project is half way (2 of 2 features, 1.5 of 3 days is 0.5) and a quarter of the users' criterion.
        (
            "2026-06-11",
            vec![(Known::Features30d, 2.0), (Known::ActiveDays30d, 2.0), (Known::ActiveUsers30d, 2.0)],
            vec![action.clone()],
            // 0.7 × (0 + 2/3 + 1/4) / 3 + 0.1 = 0.3139; 10 / 0.3139 = 31.86: 32 days.
            Some("2026-07-03"),
            true,
        ),
        (
            "2026-06-11",
            vec![(Known::Features30d, 2.0), (Known::ActiveDays30d, 3.0), (Known::ActiveUsers30d, 2.0)],
            vec![action],
            // 0.7 × (1 + 3/8) / 3 + 0.1 = 0.4208: 24 days.
            Some("2026-06-25"),
            false,
        ),
    ] {
        let mut state = State::begun(0, day("2026-06-01"));
        let facts: Vec<(Known, Held)> = facts.into_iter().map(|(known, n)| (known, Held::Number(n))).collect();
        let verdict = look(&mut state, &plan, &known(&facts), &actions, on);
        let outlook = verdict.outlook.unwrap();
        assert_eq!(outlook.expected, day("2026-07-01"));
        assert_eq!((outlook.projected, outlook.slow), (projected.map(day), slow), "{on} {facts:?}");
        let kinds: Vec<AlertKind> = verdict.alerts.iter().map(|alert| alert.kind).collect();
        assert_eq!(kinds, if slow { vec![AlertKind::StageProjectedLate] } else { vec![] }, "{on}");
    }
}

#[test]
fn what_is_late_is_told_by_kind() {
    let plan = plan();
    let milestone = |critical, due: &str, reached: Option<&str>| Milestone {
        id: Uuid::from_u128(7),
        title: Label::new("a", "a"),
        stage: None,
        due: day(due),
        impact: Impact::High,
        critical,
        completed_on: reached.map(day),
    };
    let open = Action { due: Some(day("2026-06-05")), done_on: None, ..done("onboarding", "kickoff", "2026-06-01") };
    let catalogue = catalogue();
    let facts = Facts::default();
    let kinds = |milestones: &[Milestone], actions: &[Action], on: &str| {
        let mut state = State::begun(0, day("2026-06-01"));
        let case = Case { plan: &plan, catalogue: &catalogue, facts: &facts, actions, milestones, today: day(on) };
        let verdict = evaluate(&mut state, &case);
        (verdict.status, verdict.alerts.iter().map(|alert| alert.kind).collect::<Vec<_>>())
    };
    use AlertKind::{ActionOverdue, MilestoneOverdue, StageLate, StageProjectedLate, Stalled};
    assert_eq!(kinds(&[], &[], "2026-06-05"), (StageStatus::Active, vec![]));
    assert_eq!(
        kinds(&[], std::slice::from_ref(&open), "2026-06-05"),
        (StageStatus::Active, vec![]),
        "due today is not late"
    );
    assert_eq!(kinds(&[], &[open], "2026-06-06"), (StageStatus::Active, vec![ActionOverdue]));
    let missed = milestone(false, "2026-06-04", None);
    assert_eq!(kinds(&[missed], &[], "2026-06-05"), (StageStatus::Active, vec![MilestoneOverdue]));
    let critical = milestone(true, "2026-06-04", None);
    assert_eq!(kinds(&[critical], &[], "2026-06-05"), (StageStatus::AtRisk, vec![MilestoneOverdue]));
    let reached = milestone(true, "2026-06-04", Some("2026-06-05"));
    assert_eq!(reached.days_late(day("2026-06-20")), 1);
    assert_eq!(kinds(&[reached], &[], "2026-06-05"), (StageStatus::Active, vec![]));
    assert_eq!(kinds(&[], &[], "2026-06-22"), (StageStatus::AtRisk, vec![StageProjectedLate, Stalled]));
    assert_eq!(kinds(&[], &[], "2026-07-02"), (StageStatus::AtRisk, vec![StageLate, Stalled]));
    for (due, status) in
        [("2026-06-25", "upcoming"), ("2026-06-24", "due_soon"), ("2026-06-17", "due_soon"), ("2026-06-16", "overdue")]
    {
        assert_eq!(milestone(false, due, None).status(day("2026-06-17")).as_str(), status, "{due}");
    }
}

#[test]
fn moving_forwards_back_and_past() {
    let template = Template::built_in();
    let mut state = State::begun(0, day("2026-06-01"));
    state.stage_progress = 40.0;
    state.go(&template, 2, Outcome::Skipped, day("2026-06-10"));
    let status = |state: &State| {
        let stages = template.stages.iter().enumerate();
        stages.map(|(i, s)| state.stage_status(&s.key, i, StageStatus::Active).as_str()).collect::<Vec<_>>()
    };
    assert_eq!(status(&state), ["skipped", "skipped", "active", "pending", "pending"]);
    // 30 days at 40 %, of 360.
    assert_eq!(journey_progress(&template, &state), 3.33);
    state.go(&template, 1, Outcome::Moved, day("2026-06-12"));
    assert_eq!(status(&state), ["skipped", "active", "pending", "pending", "pending"]);
    state.go(&template, 9, Outcome::Completed, day("2026-06-14"));
    assert_eq!((state.place, state.completed_on), (5, Some(day("2026-06-14"))));
    assert_eq!(status(&state), ["skipped", "completed", "skipped", "skipped", "skipped"]);
}

#[test]
fn a_stage_is_inferred_from_tenure_use_and_what_is_measured() {
    let plan = plan();
    let since = day("2026-01-01");
    let measured = |days: f64, users: f64, features: f64| {
        let number = Held::Number;
        known(&[
            (Known::ActiveDays30d, number(days)),
            (Known::ActiveUsers30d, number(users)),
            (Known::Features30d, number(features)),
        ])
    };
    let all = measured(30.0, 40.0, 9.0);
    let places = |used: Option<(&[NaiveDate], NaiveDate, &Facts)>, today: &str| {
        let used = used.map(|(days, known_from, facts)| Used { days, known_from, facts });
        let visits = infer(&plan, since, used, day(today));
        for pair in visits.windows(2) {
            assert_eq!(pair[0].left, Some(pair[1].entered), "one stage begins when the other ends");
        }
        visits.last().map(|visit| (visit.place, visit.entered)).unwrap()
    };
    assert_eq!(places(None, "2026-01-20"), (0, since));
    assert_eq!(places(None, "2026-02-15"), (1, day("2026-01-31")));
    assert_eq!(places(None, "2029-01-01").0, 4, "the last stage takes deeds");
    assert_eq!(
        places(Some((&[], since, &all)), "2026-12-31"),
        (0, since),
        "who never used the product is where they began"
    );
    let daily: Vec<NaiveDate> = (0..400).map(|n| since + Days::new(n)).collect();
    // Four fifths of 30 days.
    assert_eq!(places(Some((&daily, since, &all)), "2026-02-15"), (1, day("2026-01-25")));
    let weekly: Vec<NaiveDate> = (0..60).map(|n| since + Days::new(7 * n)).collect();
    // The twelfth day of use, eleven weeks on.
    assert_eq!(places(Some((&weekly, since, &all)), "2026-04-15"), (1, day("2026-03-19")));
    // Use is known from the middle of the second stage (31 January to 1 April) on: the first went as planned, and of the
    // second half its days are asked for, twelve of them, at one a week.
    let late: Vec<NaiveDate> = (0..60).map(|n| day("2026-03-02") + Days::new(7 * n)).collect();
    let known_from = day("2026-03-02");
    assert_eq!(places(Some((&late, known_from, &all)), "2026-05-01"), (1, day("2026-01-31")));
    assert_eq!(places(Some((&late, known_from, &all)), "2026-06-01"), (2, day("2026-05-18")));
    // Few features are used today: nobody is past the stage that asks for five of them, however long ago it was.
    let (narrow, idle) = (measured(30.0, 40.0, 3.0), measured(0.0, 0.0, 0.0));
    assert_eq!(places(Some((&daily, since, &narrow)), "2029-01-01").0, 2);
    assert_eq!(places(Some((&daily, since, &idle)), "2029-01-01"), (0, since));
    assert_eq!(places(Some((&daily, since, &all)), "2029-01-01").0, 4);
}

/// Criteria of a stage: what each measures, from where on it holds, what it weighs, required, once.
type Measured = Vec<(usize, u8, i64, bool, bool)>;

/// What is measured: two counts of use, an amount, and a key action that was done.
fn asked(what: usize, from: u8, stage: usize) -> String {
    match what {
        0 => format!("usage.active_days_30d >= {from}"),
        1 => format!("usage.active_users_30d > {from} or mrr >= {from}"),
        2 => format!("mrr >= {from} and not usage.active_days_30d < 3"),
        _ => format!("journey.done has \"s{stage}a{}\"", from % 3),
    }
}

/// A template of some stages, of criteria, of how many actions each, and of the weight of criteria.
fn templates() -> impl Strategy<Value = Template> {
    let criteria = prop::collection::vec((0..4_usize, 0..20_u8, 1..6_i64, any::<bool>(), any::<bool>()), 0..4);
    let stages = prop::collection::vec((criteria, 0..4_usize, 1..60_i64), 1..5);
    (stages, 0..=100_i64).prop_map(|(stages, weight): (Vec<(Measured, usize, i64)>, i64)| {
        let built_in = Template::built_in();
        let stage = |(place, (criteria, actions, days)): (usize, (Measured, usize, i64))| Stage {
            key: format!("s{place}"),
            planned_days: days,
            criteria: criteria
                .into_iter()
                .enumerate()
                .map(|(i, (what, from, weight, required, once))| Criterion {
                    key: format!("c{i}"),
                    label: Label::new("c", "c"),
                    expression: Some(asked(what, from, place)),
                    required,
                    once,
                    weight,
                })
                .collect(),
            actions: (0..actions)
                .map(|i| KeyAction { key: format!("s{place}a{i}"), ..built_in.stages[0].actions[0].clone() })
                .collect(),
            milestones: Vec::new(),
            ..built_in.stages[0].clone()
        };
        let stages = stages.into_iter().enumerate().map(stage).collect();
        Template { weights: Weights { criteria: weight, actions: 100 - weight }, stages, ..built_in }
    })
}

/// Facts of a day, a key action that was done, and how far the day lies ahead.
fn steps() -> impl Strategy<Value = Vec<([u8; 3], (usize, usize), u8)>> {
    prop::collection::vec((prop::array::uniform3(0..25_u8), (0..5_usize, 0..4_usize), 0..8_u8), 1..20)
}

proptest! {
    #[test]
    fn progress_stays_in_range_and_falls_only_when_something_reopens(template in templates(), steps in steps()) {
        let plan = Plan::of(template, &catalogue(), &moment());
        let mut state = State::begun(0, day("2026-06-01"));
        let mut on = day("2026-06-01");
        let mut actions: Vec<Action> = Vec::new();
        let (mut before, mut met): (f64, Vec<(String, String)>) = (0.0, Vec::new());
        for ([days, users, mrr], (stage, action), ahead) in steps {
            on = on + Days::new(u64::from(ahead));
            actions.push(done(&format!("s{stage}"), &format!("s{stage}a{action}"), &on.to_string()));
            let mut facts = known(&[
                (Known::ActiveDays30d, Held::Number(f64::from(days))),
                (Known::ActiveUsers30d, Held::Number(f64::from(users))),
                (Known::Mrr, Held::Cents(i64::from(mrr) * 100)),
            ]);
            let keys = actions.iter().map(|action| action.key.clone()).collect();
            facts.put(Source::Known(Known::JourneyDone), Held::Texts(keys));
            let catalogue = catalogue();
            let case = Case { plan: &plan, catalogue: &catalogue, facts: &facts, actions: &actions, milestones: &[], today: on };
            let verdict = evaluate(&mut state, &case);
            prop_assert!((0.0..=100.0).contains(&verdict.progress) && (0.0..=100.0).contains(&state.stage_progress));
            let now: Vec<(String, String)> = state.ticks.iter()
                .flat_map(|(stage, ticks)| ticks.iter().filter(|(_, t)| t.met).map(move |(key, _)| (stage.clone(), key.clone())))
                .collect();
            let reopened: Vec<&(String, String)> = met.iter().filter(|tick| !now.contains(tick)).collect();
            prop_assert!(!reopened.is_empty() || verdict.progress >= before, "{} fell to {}", before, verdict.progress);
            for (stage, key) in reopened {
                let (_, stage) = plan.template.stage(stage).unwrap();
                prop_assert!(stage.criteria.iter().any(|c| c.key == *key && !c.once), "{} was for good", key);
            }
            // The same look finds the same.
            let again = evaluate(&mut state.clone(), &case);
            prop_assert_eq!(&again, &verdict);
            prop_assert!(!verdict.goes_on || state.missing(&plan).is_empty());
            before = verdict.progress;
            if verdict.goes_on {
                let to = state.place + 1;
                state.go(&plan.template, to, Outcome::Completed, on);
                before = journey_progress(&plan.template, &state);
                prop_assert!(before >= verdict.progress, "going on never costs progress");
            }
            met = now;
        }
    }

    #[test]
    fn who_is_moved_stays_where_facts_would_move_them(template in templates(), facts in prop::array::uniform3(0..25_u8)) {
        // Everything is done, and the client goes on as far as facts take it.
        let plan = Plan::of(template, &catalogue(), &moment());
        let all: Vec<Action> = plan.template.stages.iter()
            .flat_map(|stage| stage.actions.iter().map(|action| done(&stage.key, &action.key, "2026-06-01")))
            .collect();
        let [days, users, mrr] = facts;
        let mut facts = known(&[
            (Known::ActiveDays30d, Held::Number(f64::from(days))),
            (Known::ActiveUsers30d, Held::Number(f64::from(users))),
            (Known::Mrr, Held::Cents(i64::from(mrr) * 100)),
        ]);
        facts.put(Source::Known(Known::JourneyDone), Held::Texts(all.iter().map(|action| action.key.clone()).collect()));
        let mut state = State::begun(0, day("2026-06-01"));
        while look(&mut state, &plan, &facts, &all, "2026-06-02").goes_on {
            let to = state.place + 1;
            state.go(&plan.template, to, Outcome::Completed, day("2026-06-02"));
        }
        for back in (0..state.place).rev() {
            state.go(&plan.template, back, Outcome::Moved, day("2026-06-03"));
            for on in ["2026-06-03", "2026-06-09"] {
                prop_assert!(!look(&mut state, &plan, &facts, &all, on).goes_on);
                prop_assert!(state.held && state.proposed_on == Some(day("2026-06-03")));
            }
        }
    }

    #[test]
    fn every_stage_has_a_place_in_every_other_template(
        from in prop::collection::btree_set(0..9_u8, 1..8), to in prop::collection::btree_set(0..9_u8, 1..8),
        at in 0..9_usize, turned in any::<bool>(),
    ) {
        let of = |keys: &std::collections::BTreeSet<u8>, turned: bool| {
            let mut template = Template::built_in();
            let stage = template.stages[0].clone();
            template.stages = keys.iter().map(|n| Stage { key: format!("s{n}"), ..stage.clone() }).collect();
            if turned {
                template.stages.reverse();
            }
            template
        };
        let (from, to) = (of(&from, false), of(&to, turned));
        let mut state = State::begun(0, day("2026-06-01"));
        state.go(&from, at, Outcome::Completed, day("2026-06-10"));
        let (moved, other) = mapped(&from, &state, &to, day("2026-06-20"));
        prop_assert_eq!(moved.completed_on.is_some(), moved.place == to.stages.len());
        prop_assert!(moved.place <= to.stages.len());
        if let Some(stage) = from.stages.get(state.place) {
            prop_assert!(moved.place < to.stages.len(), "a running journey goes on");
            let still = to.stage(&stage.key).is_some();
            prop_assert_eq!(to.stages[moved.place].key == stage.key, still);
            // A stage that is still there goes on since its day; another one begins.
            prop_assert_eq!(other, !still);
            let since = if still { state.entered_on } else { day("2026-06-20") };
            prop_assert_eq!((moved.entered_on, moved.plan_from, moved.progressed_on), (since, since, since));
        } else {
            prop_assert!(!other, "what is over stays over");
        }
        // Behind the stage everything is behind, and nothing else is.
        for (place, stage) in to.stages.iter().enumerate() {
            prop_assert_eq!(moved.left.contains_key(&stage.key), place < moved.place);
        }
        let progress = journey_progress(&to, &moved);
        prop_assert!((0.0..=100.0).contains(&progress));
    }
}
