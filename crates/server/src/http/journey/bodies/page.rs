//! The page of a client's journey, out of what is known of it.

use super::{
    AlertBody, CriterionBody, JourneyBody, JourneyEvidenceBody, JourneyOpportunityBody, JourneyPage, JourneyRiskBody,
    KeyActionBody, MilestoneBody, NextStepBody, ShareBody, StageBody, VisitBody, tenth,
};
use chrono::{DateTime, NaiveDate, Utc};
use essor_app::journey::{Durations, Journey, NextStep, Shown, VisitRow};
use essor_domain::journey::{COMPLETED, Stage, StageStatus, followed};
use serde_json::Value;
use uuid::Uuid;

impl JourneyPage {
    pub(in super::super) fn of(shown: Shown, now: DateTime<Utc>) -> Self {
        let today = shown.today;
        let stages = shown.journey.as_ref().map(|journey| stages(journey, &shown.visits, today)).unwrap_or_default();
        JourneyPage {
            client_id: shown.client.id,
            client_name: shown.client.name,
            health: shown.client.health,
            health_class: shown.client.health_class,
            today,
            stages,
            milestones: milestones(shown.journey.as_ref(), today),
            alerts: shown
                .journey
                .iter()
                .flat_map(|journey| journey.alerts.iter().cloned().map(|row| AlertBody::of(row, today)))
                .collect(),
            journey: shown.journey.map(|journey| head(journey, &shown.client.status, today)),
            risks: shown
                .risks
                .into_iter()
                .map(|risk| JourneyRiskBody {
                    key: risk.key.into_owned(),
                    params: Value::Object(risk.params),
                    points_lost: risk.points_lost,
                    since: risk.since,
                })
                .collect(),
            opportunities: shown
                .opportunities
                .into_iter()
                .map(|o| JourneyOpportunityBody {
                    id: o.id,
                    detector: o.detector,
                    list: o.list,
                    state: o.state,
                    amount_cents: o.amount_cents,
                    expected_cents: o.expected_cents,
                })
                .collect(),
            notes: shown.notes.into_iter().map(Into::into).collect(),
            next_actions: shown.next.into_iter().map(|step| next_step(step, today)).collect(),
            history: shown.visits.into_iter().map(|row| visit(row, today)).collect(),
            shares: shown.shares.into_iter().map(|row| ShareBody::of(row, now)).collect(),
        }
    }

    /// One of its milestones.
    pub(in super::super) fn milestone(self, id: Uuid) -> Option<MilestoneBody> {
        self.milestones.into_iter().find(|milestone| milestone.id == id)
    }
}

fn milestones(journey: Option<&Journey>, today: NaiveDate) -> Vec<MilestoneBody> {
    journey.iter().flat_map(|j| &j.milestones).map(|(m, by_hand)| MilestoneBody::of(m, *by_hand, today)).collect()
}

fn head(journey: Journey, status: &str, today: NaiveDate) -> JourneyBody {
    let row = journey.row;
    JourneyBody {
        id: row.id,
        template_id: row.template_id,
        template_name: journey.template.name.into(),
        version: row.version,
        latest_version: journey.latest,
        status: row.status,
        stage: Some(row.stage).filter(|stage| stage != COMPLETED),
        progress_pct: tenth(row.progress),
        started_on: row.started_on,
        completed_on: row.completed_on,
        inferred: row.inferred,
        expected_end: row.expected_on,
        projected_end: row.projected_on,
        days_late: row.expected_on.map_or(0, |expected| (today - expected).num_days().max(0)),
        last_progress_on: row.progressed_on,
        advance_proposed_on: row.proposed_on,
        advance_held: journey.state.held,
        suspended: !followed(status),
    }
}

fn stages(journey: &Journey, visits: &[VisitRow], today: NaiveDate) -> Vec<StageBody> {
    let places = journey.template.stages.iter().enumerate();
    places.map(|(place, stage)| stage_body(journey, stage, place, visits, today)).collect()
}

fn stage_body(journey: &Journey, stage: &Stage, place: usize, visits: &[VisitRow], today: NaiveDate) -> StageBody {
    let (row, state) = (&journey.row, &journey.state);
    let stands = if row.status == "at_risk" { StageStatus::AtRisk } else { StageStatus::Active };
    let status = state.stage_status(&stage.key, place, stands);
    let current = place == state.place;
    // The newest stay; one that was gone back from is no stay of a stage that is to be done again.
    let visit = visits.iter().find(|visit| visit.journey_id == row.id && visit.stage == stage.key);
    let visit = visit.filter(|_| status != StageStatus::Pending);
    let entered = if current { Some(state.entered_on) } else { visit.map(|visit| visit.entered_on) };
    let left = visit.and_then(|visit| visit.left_on).filter(|_| !current);
    let planned_end = |from: NaiveDate| from + chrono::Days::new(stage.planned_days.max(0).unsigned_abs());
    let expected = if current { row.expected_on } else { entered.map(planned_end) };
    let progress = match status {
        StageStatus::Completed => 100.0,
        StageStatus::Skipped => state.left.get(&stage.key).map_or(0.0, |left| left.progress),
        StageStatus::Pending => 0.0,
        StageStatus::Active | StageStatus::AtRisk => state.stage_progress,
    };
    let until = if current { Some(today) } else { left };
    let stays = journey.stays.iter().filter(|stay| stay.stage == stage.key);
    StageBody {
        key: stage.key.clone(),
        label: stage.label.clone().into(),
        description: stage.description.clone().into(),
        planned_days: stage.planned_days,
        status: status.as_str(),
        progress_pct: tenth(progress),
        entered_on: entered,
        left_on: left,
        expected_end: expected,
        projected_end: row.projected_on.filter(|_| current),
        days: entered.zip(until).map(|(from, to)| (to - from).num_days()),
        days_late: until.zip(expected).map_or(0, |(until, expected)| (until - expected).num_days().max(0)),
        inferred: if current { state.inferred } else { visit.is_some_and(|visit| visit.inferred) },
        reason: visit.and_then(|visit| visit.reason.clone()),
        criteria: criteria(journey, stage),
        actions: stage
            .actions
            .iter()
            .map(|action| {
                let row = journey.actions.iter().find(|row| row.stage == stage.key && row.action == action.key);
                let due = row.and_then(|row| row.due);
                let done_on = row.and_then(|row| row.done_on);
                KeyActionBody {
                    key: action.key.clone(),
                    label: action.label.clone().into(),
                    owner: action.owner.as_str(),
                    due,
                    done: done_on.is_some(),
                    done_on,
                    task_id: row.and_then(|row| row.task_id),
                    owner_name: row.and_then(|row| row.owner_name.clone()),
                    overdue: done_on.is_none() && due.is_some_and(|due| due < today),
                }
            })
            .collect(),
        real: Durations::of(stays).into(),
    }
}

fn criteria(journey: &Journey, stage: &Stage) -> Vec<CriterionBody> {
    stage
        .criteria
        .iter()
        .map(|criterion| {
            let tick = journey.state.tick(&stage.key, &criterion.key).cloned().unwrap_or_default();
            CriterionBody {
                key: criterion.key.clone(),
                label: criterion.label.clone().into(),
                kind: if criterion.expression.is_some() { "measured" } else { "manual" },
                required: criterion.required,
                once: criterion.once,
                expression: criterion.expression.clone(),
                met: tick.met,
                met_on: tick.on,
                met_by: tick.by.and_then(|by| journey.people.get(&by).cloned()),
                fraction: tick.fraction,
                evidence: tick
                    .evidence
                    .into_iter()
                    .map(|e| JourneyEvidenceBody {
                        fact: e.fact,
                        op: e.op,
                        threshold: e.threshold,
                        value: e.value,
                        met: e.met,
                    })
                    .collect(),
                checked_on: tick.checked_on,
            }
        })
        .collect()
}

fn next_step(step: NextStep, today: NaiveDate) -> NextStepBody {
    NextStepBody {
        kind: step.kind,
        id: step.id,
        title: step.title,
        detector: step.detector,
        priority: step.priority.as_str(),
        owner_name: step.owner_name,
        overdue: step.due.is_some_and(|due| due < today),
        due: step.due,
        expected_cents: step.expected_cents,
    }
}

fn visit(row: VisitRow, today: NaiveDate) -> VisitBody {
    VisitBody {
        stage: row.stage,
        days: (row.left_on.unwrap_or(today) - row.entered_on).num_days(),
        entered_on: row.entered_on,
        left_on: row.left_on,
        planned_days: row.planned_days,
        outcome: row.outcome,
        reason: row.reason,
        by: row.user_name,
        inferred: row.inferred,
    }
}
