//! Progress and the projected end: sums over what is stored, nothing else.

use super::state::{Action, Outcome, State};
use super::template::{Plan, Stage, Template, Weights};
use chrono::{Days, NaiveDate};

/// The end is projected once this share of the planned time has passed: one day in five.
const PROJECTED_FROM: i64 = 5;

/// The weighted share of criteria met and key actions done, 0–100. Where a stage has only one of the two, that one counts
/// alone; with neither there is nothing to progress in.
pub fn stage_progress(stage: &Stage, weights: Weights, state: &State, actions: &[Action]) -> f64 {
    share(stage, weights, actions, |key| f64::from(u8::from(state.tick(&stage.key, key).is_some_and(|tick| tick.met))))
}

/// The same with measured criteria counted by how far they are: only for looking ahead.
fn ahead(stage: &Stage, weights: Weights, state: &State, actions: &[Action]) -> f64 {
    share(stage, weights, actions, |key| {
        state.tick(&stage.key, key).map_or(0.0, |tick| if tick.met { 1.0 } else { tick.fraction })
    })
}

fn share(stage: &Stage, weights: Weights, actions: &[Action], met: impl Fn(&str) -> f64) -> f64 {
    let total: i64 = stage.criteria.iter().map(|criterion| criterion.weight).sum();
    let sum: f64 = stage.criteria.iter().map(|criterion| criterion.weight as f64 * met(&criterion.key)).sum();
    let is_done = |key: &str| actions.iter().any(|a| a.stage == stage.key && a.key == key && a.done_on.is_some());
    let done = stage.actions.iter().filter(|action| is_done(&action.key)).count();
    let criteria = (total > 0).then(|| (weights.criteria as f64, sum / total as f64));
    let actions =
        (!stage.actions.is_empty()).then(|| (weights.actions as f64, done as f64 / stage.actions.len() as f64));
    let parts: Vec<(f64, f64)> = criteria.into_iter().chain(actions).collect();
    let weight: f64 = parts.iter().map(|(weight, _)| weight).sum();
    let weighted: f64 = parts.iter().map(|(weight, share)| weight * share).sum();
    if weight > 0.0 { hundredths(100.0 * weighted / weight) } else { 0.0 }
}

/// The mean of all stages by their planned days, 0–100: those done count whole, those skipped as they were left.
pub fn journey_progress(template: &Template, state: &State) -> f64 {
    let planned: i64 = template.stages.iter().map(|stage| stage.planned_days).sum();
    let of = |place: usize, stage: &Stage| match state.left.get(&stage.key) {
        Some(left) if left.outcome == Outcome::Completed => 100.0,
        Some(left) => left.progress,
        None if place == state.place => state.stage_progress,
        None => 0.0,
    };
    let stages = template.stages.iter().enumerate();
    let sum: f64 = stages.map(|(place, stage)| stage.planned_days as f64 * of(place, stage)).sum();
    if planned > 0 { hundredths(sum / planned as f64).clamp(0.0, 100.0) } else { 0.0 }
}

/// Two digits, so that both engines keep the same.
fn hundredths(percent: f64) -> f64 {
    ((percent * 100.0).round() / 100.0).clamp(0.0, 100.0)
}

/// When the current stage should end, and when it looks as if it will.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outlook {
    /// By the plan.
    pub expected: NaiveDate,
    /// At the pace so far; none before a fifth of the time has passed, and without any progress.
    pub projected: Option<NaiveDate>,
    /// Whether it looks as if it will be late; without any progress after a fifth of the time, it does.
    pub slow: bool,
}

impl Outlook {
    /// Of the current stage; none once the journey is completed.
    pub fn of(plan: &Plan, state: &State, actions: &[Action], today: NaiveDate) -> Option<Outlook> {
        let stage = plan.template.stages.get(state.place)?;
        let day = |days: i64| state.plan_from + Days::new(days.max(0).unsigned_abs());
        let expected = day(stage.planned_days);
        let elapsed = (today - state.plan_from).num_days();
        if elapsed <= 0 || elapsed * PROJECTED_FROM < stage.planned_days {
            return Some(Outlook { expected, projected: None, slow: false });
        }
        let share = ahead(stage, plan.template.weights, state, actions) / 100.0;
        if share <= 0.0 {
            return Some(Outlook { expected, projected: None, slow: true });
        }
        // A pace of next to nothing ends beyond any calendar.
        let total = (elapsed as f64 / share).ceil().min(36_500.0) as i64;
        let projected = day(total);
        Some(Outlook { expected, projected: Some(projected), slow: projected > expected })
    }
}
