//! Usage: level, trend, breadth, recency and activity, each against the client's own habit.
//!
//! The day is not over. Level, trend and activity are therefore read twice, over the windows that end today and over
//! those that ended yesterday, and the better reading counts: absence weighs only once its day is over, while an
//! event that arrives now counts at once.

use super::curve::{CurveName, curve, percent, points};
use super::facts::{Facts, UsageFacts};
use super::profile::Profile;
use super::risks::{Found, GOOD};
use super::score::{Evidence, Scored, params};
use serde_json::Value;

/// Days of use needed before the last 28 for a baseline: less is no habit yet.
const MIN_BASELINE_DAYS: i64 = 14;

/// Events per 28 days added to both sides of a ratio, so that two events instead of four is not a collapse.
const SMALL: f64 = 2.0;

/// Last 7 days / last 28 days, as daily rates.
const TREND: [(f64, f64); 5] = [(0.0, 0.0), (0.5, 35.0), (0.8, 72.0), (1.0, 90.0), (1.2, 100.0)];
/// Event names of 28 days / event names of 90 days.
const BREADTH: [(f64, f64); 4] = [(0.0, 0.0), (0.5, 60.0), (0.8, 90.0), (1.0, 100.0)];
/// Whole days without use, in days of the client's own rhythm.
const RECENCY: [(f64, f64); 4] = [(2.0, 100.0), (7.0, 65.0), (14.0, 30.0), (30.0, 0.0)];
/// Share of active days / the same share in the 62 days before.
const ACTIVITY: [(f64, f64); 4] = [(0.0, 0.0), (0.5, 40.0), (1.0, 92.0), (1.15, 100.0)];
/// Share of active days since the first use, for a client without a habit.
const FIRST_ACTIVITY: [(f64, f64); 4] = [(0.0, 0.0), (0.15, 40.0), (0.35, 80.0), (0.6, 100.0)];

/// Never used, though there was time to begin.
const NEVER: u8 = 10;

/// The habit: what the client did before the last 28 days (D-28 left out, since yesterday's window holds it).
struct Habit {
    per_day: f64,
    active_share: f64,
}

impl Habit {
    fn of(facts: &Facts, usage: &UsageFacts) -> Option<Self> {
        let first = facts.days_since(usage.first_day?).clamp(0, 89);
        let days = first - 28;
        let events = count(usage.prior62) - count(usage.on_day28);
        if days < MIN_BASELINE_DAYS || events <= 0.0 {
            return None;
        }
        let on_day28 = if usage.on_day28 > 0 { 1.0 } else { 0.0 };
        let active = (f64::from(usage.active_days_prior62) - on_day28).clamp(1.0, days as f64);
        Some(Habit { per_day: events / days as f64, active_share: active / days as f64 })
    }

    /// Days from one use to the next.
    fn gap(&self) -> f64 {
        1.0 / self.active_share
    }
}

/// The recent windows, as they end today or yesterday.
struct View {
    last7: f64,
    last28: f64,
    active28: f64,
    /// Days since the first use, within the window.
    span: f64,
}

fn views(facts: &Facts, usage: &UsageFacts) -> [View; 2] {
    let age = usage.first_day.map_or(27, |first| facts.days_since(first)).clamp(0, 28) as f64;
    let one = |events: i64| if events > 0 { 1.0 } else { 0.0 };
    let active = f64::from(usage.active_days28.clamp(0, 28));
    // Events before the first seven days count against those days, so that a first week is not judged by its Sunday.
    let span = |days: f64| days.clamp(7.0, 28.0);
    [
        View { last7: count(usage.last7), last28: count(usage.last28), active28: active, span: span(age + 1.0) },
        View {
            last7: (count(usage.last7) - count(usage.today) + count(usage.on_day7)).max(0.0),
            last28: (count(usage.last28) - count(usage.today) + count(usage.on_day28)).max(0.0),
            active28: (active - one(usage.today) + one(usage.on_day28)).clamp(0.0, 28.0),
            span: span(age),
        },
    ]
}

/// Broken facts (negative counts) are no use, never a panic.
fn count(events: i64) -> f64 {
    events.max(0) as f64
}

impl View {
    /// Against the habit, per 28 days.
    fn level(&self, habit: &Habit) -> f64 {
        (self.last28 + SMALL) / (habit.per_day * 28.0 + SMALL)
    }

    /// Against the last 28 days; but where those have collapsed, against half the habit, or else the first event
    /// after a silence would look like a boom.
    fn trend(&self, habit: &Habit) -> f64 {
        let small = SMALL / 28.0;
        (self.last7 / 7.0 + small) / ((self.last28 / 28.0).max(habit.per_day / 2.0) + small)
    }

    fn activity(&self, habit: &Habit) -> f64 {
        (self.active28 + 1.0) / (habit.active_share * 28.0 + 1.0)
    }

    /// Parts that depend on the window, each with its weight. Someone who comes once a week or less has no weekly
    /// trend to speak of.
    fn parts(&self, habit: Option<&Habit>, profile: &Profile) -> Vec<(f64, f64)> {
        match habit {
            Some(habit) => {
                let level = profile.height(CurveName::UsageLevel, self.level(habit) * 100.0);
                let mut parts = vec![(0.45, level), (0.15, curve(&ACTIVITY, self.activity(habit)))];
                if habit.gap() < 6.0 {
                    parts.push((0.20, curve(&TREND, self.trend(habit))));
                }
                parts
            }
            None => vec![(0.60, curve(&FIRST_ACTIVITY, self.active28 / self.span))],
        }
    }
}

fn mean(parts: &[(f64, f64)]) -> f64 {
    let weight: f64 = parts.iter().map(|(weight, _)| weight).sum();
    parts.iter().map(|(weight, value)| weight * value).sum::<f64>() / weight
}

pub(super) fn score(facts: &Facts, profile: &Profile) -> Scored {
    match facts.used() {
        Some(usage) => used_score(facts, usage, profile),
        None => never_used(facts),
    }
}

fn never_used(facts: &Facts) -> Scored {
    let Some(days) = facts.settled_days() else { return Scored::default() };
    Scored {
        score: Some(NEVER),
        evidence: vec![Evidence::new("usage_inactive_days", [("days", days.into())])],
        risks: vec![Found { key: "usage_stopped", params: params([("days", days.into())]), better: GOOD }],
    }
}

fn used_score(facts: &Facts, usage: &UsageFacts, profile: &Profile) -> Scored {
    let habit = Habit::of(facts, usage);
    let since_use = match usage.last_day {
        _ if usage.today > 0 => 0,
        Some(last) => facts.days_since(last).max(0),
        None => 90,
    };
    // Today is not over: it is not yet a day without use.
    let idle_days = (since_use - 1).max(0) as f64;
    let idle = idle_days / habit.as_ref().map_or(1.0, |habit| (habit.gap() / 2.0).max(1.0));
    let mut common = vec![(if habit.is_some() { 0.10 } else { 0.40 }, curve(&RECENCY, idle))];
    if habit.is_some() && usage.events90 > 0 {
        common.push((0.10, curve(&BREADTH, f64::from(usage.events28) / f64::from(usage.events90))));
    }
    let [today, yesterday] = views(facts, usage).map(|view| {
        let mut parts = view.parts(habit.as_ref(), profile);
        parts.extend_from_slice(&common);
        (mean(&parts), view)
    });
    let (value, view) = if yesterday.0 > today.0 { yesterday } else { today };
    let score = points(value);

    let mut evidence = Vec::new();
    let mut risks = Vec::new();
    let stopped = since_use >= 14 && idle >= 7.0;
    if stopped {
        let params = params([("days", since_use.into())]);
        risks.push(Found { key: "usage_stopped", params, better: score.max(GOOD) });
    }
    match &habit {
        Some(habit) => {
            let change = percent(view.last28 / (habit.per_day * 28.0) - 1.0);
            evidence.push(Evidence::new(
                "usage_vs_baseline",
                [
                    ("changePct", change.into()),
                    ("last30", whole(view.last28 / 28.0 * 30.0)),
                    ("baseline30", whole(habit.per_day * 30.0)),
                ],
            ));
            if !stopped && view.level(habit) <= 0.75 {
                let params = params([("changePct", change.into())]);
                risks.push(Found { key: "usage_down", params, better: score.max(GOOD) });
            }
            if view.last28 > 0.0 {
                let change = percent(view.last7 * 4.0 / view.last28 - 1.0);
                evidence.push(Evidence::new("usage_trend", [("changePct", change.into()), ("days", 7.into())]));
            }
            if usage.events90 > 0 {
                let (events, usual) = (usage.events28.into(), usage.events90.into());
                evidence.push(Evidence::new("usage_breadth", [("events", events), ("usual", usual)]));
            }
        }
        None => {
            let days = usage.first_day.map(|first| facts.days_since(first).max(0));
            evidence.push(Evidence::new("usage_no_baseline", [("days", days.into())]));
        }
    }
    evidence.push(Evidence::new("usage_inactive_days", [("days", since_use.into())]));
    Scored { score: Some(score), evidence, risks }
}

fn whole(value: f64) -> Value {
    (value.round() as i64).into()
}
