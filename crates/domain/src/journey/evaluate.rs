//! One look at a journey: criteria are measured, progress counted, and it is said where the client stands.

use super::alerts::{Alert, alerts};
use super::criteria::measure;
use super::milestones::{Milestone, MilestoneStatus};
use super::progress::{Outlook, journey_progress, stage_progress};
use super::state::{Action, Outcome, StageStatus, State};
use super::template::{Advance, Plan};
use crate::expressions::{Catalogue, Facts};
use chrono::NaiveDate;

/// What a look needs.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The plan that the journey follows.
    pub plan: &'a Plan,
    /// The language of its criteria.
    pub catalogue: &'a Catalogue,
    /// What is known of the client.
    pub facts: &'a Facts,
    /// Its key actions.
    pub actions: &'a [Action],
    /// Its milestones.
    pub milestones: &'a [Milestone],
    /// The day.
    pub today: NaiveDate,
}

/// What a look found.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Active, at risk, or completed.
    pub status: StageStatus,
    /// The whole journey's progress, 0–100.
    pub progress: f64,
    /// The current stage's outlook; none once completed.
    pub outlook: Option<Outlook>,
    /// Everything that is late.
    pub alerts: Vec<Alert>,
    /// All required criteria of the stage hold, and the template lets it go on by itself; not one that somebody took back.
    pub goes_on: bool,
}

/// Measures the current stage's criteria, which notes what changed in `state`, and says where the client stands. It does
/// not move the client: entering a stage makes tasks and milestones, which are not this function's.
pub fn evaluate(state: &mut State, case: &Case<'_>) -> Verdict {
    let Case { plan, actions, milestones, today, .. } = *case;
    let Some(stage) = plan.template.stages.get(state.place) else {
        let progress = journey_progress(&plan.template, state);
        return Verdict { status: StageStatus::Completed, progress, outlook: None, alerts: Vec::new(), goes_on: false };
    };
    let ticks = state.ticks.entry(stage.key.clone()).or_default();
    for (criterion, rule) in stage.criteria.iter().zip(plan.rules.get(state.place).into_iter().flatten()) {
        let Some(rule) = rule else { continue };
        let tick = ticks.entry(criterion.key.clone()).or_default();
        if criterion.once && tick.met {
            continue;
        }
        let found = measure(rule, case.facts, case.catalogue);
        let fraction = (found.fraction * 1e4).round() / 1e4;
        if tick.checked_on.is_some()
            && (tick.met, tick.fraction) == (found.met, fraction)
            && tick.evidence == found.evidence
        {
            continue;
        }
        tick.on = if found.met { tick.on.filter(|_| tick.met).or(Some(today)) } else { None };
        (tick.met, tick.fraction, tick.evidence, tick.checked_on) = (found.met, fraction, found.evidence, Some(today));
    }
    let progress = stage_progress(stage, plan.template.weights, state, actions);
    if progress > state.stage_progress {
        state.progressed_on = today;
    }
    state.stage_progress = progress;
    let required = || stage.criteria.iter().filter(|criterion| criterion.required);
    // Without a required criterion nothing says when a stage is done: a person does.
    let ready = required().next().is_some()
        && required().all(|criterion| state.tick(&stage.key, &criterion.key).is_some_and(|tick| tick.met));
    // What reopened after somebody took the client back is to be done again, and then goes on as any other.
    state.held &= ready;
    let by_itself = plan.template.advance == Advance::Auto && !state.held;
    let asks = ready && !by_itself;
    state.proposed_on = if asks { state.proposed_on.or(Some(today)) } else { None };
    let outlook = Outlook::of(plan, state, actions, today);
    let missed = milestones.iter().any(|m| m.critical && m.status(today) == MilestoneStatus::Overdue);
    let late = outlook.is_some_and(|outlook| outlook.slow || today > outlook.expected);
    Verdict {
        status: if late || missed { StageStatus::AtRisk } else { StageStatus::Active },
        progress: journey_progress(&plan.template, state),
        outlook,
        alerts: alerts(plan, state, actions, milestones, outlook, today),
        goes_on: ready && by_itself,
    }
}

impl Verdict {
    /// The same of a client that has left, or is paused: nothing is late, and it does not go on by itself.
    pub fn suspended(self, state: &mut State) -> Verdict {
        state.proposed_on = None;
        let status = match self.status {
            StageStatus::AtRisk => StageStatus::Active,
            status => status,
        };
        Verdict { status, outlook: None, alerts: Vec::new(), goes_on: false, ..self }
    }
}

/// Whether a journey is followed while its client has this status: one that pays, tries, or has no subscription yet. That
/// of a client that left, is paused or thrown away is suspended.
pub fn followed(status: &str) -> bool {
    matches!(status, "active" | "trial" | "none")
}

impl State {
    /// How a person who moves the client on leaves the current stage: one in which something required is missing is not
    /// completed by saying so, and counts as left out.
    pub fn left_as(&self, plan: &Plan, skip: bool) -> Outcome {
        if skip || !self.missing(plan).is_empty() { Outcome::Skipped } else { Outcome::Completed }
    }

    /// The required criteria of the current stage that do not hold; none when the stage can be completed.
    pub fn missing<'a>(&self, plan: &'a Plan) -> Vec<&'a str> {
        let Some(stage) = plan.template.stages.get(self.place) else { return Vec::new() };
        let required = stage.criteria.iter().filter(|criterion| criterion.required);
        let met = |key: &str| self.tick(&stage.key, key).is_some_and(|tick| tick.met);
        required.map(|criterion| criterion.key.as_str()).filter(|key| !met(key)).collect()
    }

    /// The status of a stage by its place, while the journey itself stands so.
    pub fn stage_status(&self, key: &str, place: usize, status: StageStatus) -> StageStatus {
        match self.left.get(key) {
            Some(left) if left.outcome == Outcome::Skipped => StageStatus::Skipped,
            Some(_) => StageStatus::Completed,
            None if place == self.place => status,
            None if place < self.place => StageStatus::Completed,
            None => StageStatus::Pending,
        }
    }
}
