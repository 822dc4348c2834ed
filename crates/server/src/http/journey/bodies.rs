//! A journey as the API writes it.

use chrono::{DateTime, NaiveDate, Utc};
use essor_app::journey::{AlertRow, Durations, Journey, NextStep, NoteRow, ShareRow, Shown, VisitRow};
use essor_domain::journey::{COMPLETED, Label, Milestone, Stage, StageStatus};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// Words in both languages; in a request one of the two is enough.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LabelBody {
    pub(super) fr: String,
    pub(super) en: String,
}

impl From<Label> for LabelBody {
    fn from(label: Label) -> Self {
        LabelBody { fr: label.fr, en: label.en }
    }
}

impl From<LabelBody> for Label {
    fn from(label: LabelBody) -> Self {
        Label { fr: label.fr, en: label.en }
    }
}

/// One client's journey with all that its page shows.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct JourneyPage {
    client_id: Uuid,
    client_name: String,
    health: Option<i32>,
    health_class: String,
    /// The day that it is shown for.
    today: NaiveDate,
    /// Null without a journey.
    journey: Option<JourneyBody>,
    /// In the order of the template; empty without a journey.
    stages: Vec<StageBody>,
    milestones: Vec<MilestoneBody>,
    /// Alerts that last, the oldest first.
    alerts: Vec<AlertBody>,
    /// Risks of the client's health that matter in the stage: `health.risk.<key>`.
    risks: Vec<JourneyRiskBody>,
    /// Opportunities that matter in the stage, the most valuable first.
    opportunities: Vec<JourneyOpportunityBody>,
    /// Risks and opportunities that people added, the newest first.
    notes: Vec<JourneyNoteBody>,
    /// What to do next, by expected value.
    next_actions: Vec<NextStepBody>,
    /// Stays in stages, the newest first.
    history: Vec<VisitBody>,
    /// Links that are not revoked.
    shares: Vec<ShareBody>,
}

/// Where the client stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct JourneyBody {
    id: Uuid,
    template_id: Uuid,
    template_name: LabelBody,
    version: i32,
    latest_version: i32,
    /// active, at_risk or completed.
    status: String,
    /// The current stage's key; null once it is completed.
    stage: Option<String>,
    /// 0–100.
    progress_pct: f64,
    started_on: NaiveDate,
    completed_on: Option<NaiveDate>,
    /// The stage was read off tenure and use.
    inferred: bool,
    /// Of the current stage, by the plan.
    expected_end: Option<NaiveDate>,
    /// Of the current stage, at the pace so far; null before a fifth of its time has passed.
    projected_end: Option<NaiveDate>,
    /// Of the current stage, past its planned end.
    days_late: i64,
    last_progress_on: NaiveDate,
    /// Since when somebody is asked whether the client goes on.
    advance_proposed_on: Option<NaiveDate>,
}

/// A stage.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct StageBody {
    key: String,
    label: LabelBody,
    description: LabelBody,
    planned_days: i64,
    /// pending, active, at_risk, completed or skipped.
    status: &'static str,
    /// 0–100.
    progress_pct: f64,
    entered_on: Option<NaiveDate>,
    left_on: Option<NaiveDate>,
    expected_end: Option<NaiveDate>,
    projected_end: Option<NaiveDate>,
    /// Days spent, so far for the current one.
    days: Option<i64>,
    days_late: i64,
    inferred: bool,
    /// The reason given when it was left by hand.
    reason: Option<String>,
    criteria: Vec<CriterionBody>,
    actions: Vec<KeyActionBody>,
    /// How long it really takes, of all clients.
    real: DurationsBody,
}

/// How long a stage really takes.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DurationsBody {
    median_days: Option<i32>,
    p80_days: Option<i32>,
    /// Completed stays, seen from entry to exit, that it rests on.
    sample: i64,
    /// Inferred stays, which are left out.
    inferred: i64,
}

impl From<Durations> for DurationsBody {
    fn from(d: Durations) -> Self {
        DurationsBody { median_days: d.median, p80_days: d.p80, sample: d.sample, inferred: d.inferred }
    }
}

/// A condition of success.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CriterionBody {
    key: String,
    label: LabelBody,
    /// measured or manual.
    kind: &'static str,
    required: bool,
    once: bool,
    expression: Option<String>,
    met: bool,
    met_on: Option<NaiveDate>,
    /// Who ticked it.
    met_by: Option<String>,
    /// How far it is, 0–1.
    fraction: f64,
    evidence: Vec<JourneyEvidenceBody>,
    /// The day as of which the evidence is.
    checked_on: Option<NaiveDate>,
}

/// A condition beside the client's value.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct JourneyEvidenceBody {
    fact: String,
    op: String,
    #[schema(value_type = Option<Object>)]
    threshold: Value,
    #[schema(value_type = Option<Object>)]
    value: Value,
    met: bool,
}

/// A key action.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct KeyActionBody {
    key: String,
    label: LabelBody,
    /// in_charge, client or managers.
    owner: &'static str,
    due: Option<NaiveDate>,
    done: bool,
    done_on: Option<NaiveDate>,
    task_id: Option<Uuid>,
    owner_name: Option<String>,
    overdue: bool,
}

/// A milestone.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct MilestoneBody {
    pub(super) id: Uuid,
    title: LabelBody,
    due: NaiveDate,
    stage: Option<String>,
    /// low, medium or high.
    impact: &'static str,
    critical: bool,
    /// upcoming, due_soon, overdue or completed.
    status: &'static str,
    days_late: i64,
    completed_on: Option<NaiveDate>,
    by_hand: bool,
}

impl MilestoneBody {
    fn of(m: &Milestone, by_hand: bool, today: NaiveDate) -> Self {
        MilestoneBody {
            id: m.id,
            title: m.title.clone().into(),
            due: m.due,
            stage: m.stage.clone(),
            impact: m.impact.as_str(),
            critical: m.critical,
            status: m.status(today).as_str(),
            days_late: m.days_late(today),
            completed_on: m.completed_on,
            by_hand,
        }
    }
}

/// A delay alert.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AlertBody {
    id: Uuid,
    /// stage_late, stage_projected_late, milestone_overdue, action_overdue or stalled.
    kind: String,
    client_id: Uuid,
    client_name: String,
    stage: Option<String>,
    /// The words of the stage, milestone or action that it is about.
    label: Option<LabelBody>,
    raised_on: NaiveDate,
    resolved_on: Option<NaiveDate>,
    /// The day that lies behind; of a projection the planned end, of a stall the last progress.
    due: Option<NaiveDate>,
    /// Where a projection ends.
    projected: Option<NaiveDate>,
    days_late: i64,
    critical: bool,
}

impl AlertBody {
    pub(super) fn of(row: AlertRow, today: NaiveDate) -> Self {
        let detail: Option<essor_domain::journey::Alert> = serde_json::from_value(row.detail).ok();
        let until = row.resolved_on.unwrap_or(today);
        let projected = detail.as_ref().and_then(|d| d.projected);
        let due = detail.as_ref().map(|d| d.due);
        AlertBody {
            id: row.id,
            kind: row.kind,
            client_id: row.client_id,
            client_name: row.client_name,
            days_late: due.map_or(0, |due| (projected.unwrap_or(until) - due).num_days().max(0)),
            stage: detail.as_ref().map(|d| d.stage.clone()),
            critical: detail.as_ref().is_some_and(|d| d.critical),
            label: detail.map(|d| d.label.into()),
            raised_on: row.raised_on,
            resolved_on: row.resolved_on,
            due,
            projected,
        }
    }
}

/// A risk of the client's health.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct JourneyRiskBody {
    key: String,
    #[schema(value_type = Object)]
    params: Value,
    points_lost: u8,
    since: Option<NaiveDate>,
}

/// An opportunity.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct JourneyOpportunityBody {
    id: Uuid,
    detector: String,
    list: String,
    state: String,
    amount_cents: Option<i64>,
    expected_cents: i64,
}

/// A risk or opportunity that somebody added.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct JourneyNoteBody {
    id: Uuid,
    /// risk or opportunity.
    kind: String,
    stage: Option<String>,
    text: String,
    by: Option<String>,
    at: DateTime<Utc>,
}

impl From<NoteRow> for JourneyNoteBody {
    fn from(n: NoteRow) -> Self {
        JourneyNoteBody { id: n.id, kind: n.kind, stage: n.stage, text: n.text, by: n.user_name, at: n.created_at }
    }
}

/// Something to do next.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct NextStepBody {
    /// task, opportunity or invoice.
    kind: &'static str,
    id: Uuid,
    /// A task's words.
    title: Option<String>,
    /// An opportunity's detector.
    detector: Option<String>,
    priority: &'static str,
    owner_name: Option<String>,
    due: Option<NaiveDate>,
    expected_cents: i64,
    overdue: bool,
}

/// A stay in a stage.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct VisitBody {
    stage: String,
    entered_on: NaiveDate,
    left_on: Option<NaiveDate>,
    /// So far for the current one.
    days: i64,
    planned_days: i32,
    /// completed, skipped or moved; null while the client is there.
    outcome: Option<String>,
    reason: Option<String>,
    by: Option<String>,
    inferred: bool,
}

/// A link under which the client sees its plan.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ShareBody {
    id: Uuid,
    /// The stages that are shown.
    stages: Vec<String>,
    created_at: DateTime<Utc>,
    created_by: Option<String>,
    expires_at: DateTime<Utc>,
    last_seen_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
    /// active, expired or revoked.
    status: &'static str,
}

impl ShareBody {
    pub(super) fn of(row: ShareRow, now: DateTime<Utc>) -> Self {
        ShareBody {
            id: row.id,
            stages: serde_json::from_value(row.stages).unwrap_or_default(),
            created_at: row.created_at,
            created_by: row.user_name,
            expires_at: row.expires_at,
            last_seen_at: row.seen_at,
            status: match row.revoked_at {
                Some(_) => "revoked",
                None if row.expires_at <= now => "expired",
                None => "active",
            },
            revoked_at: row.revoked_at,
        }
    }
}

/// A percentage to one digit.
pub(super) fn tenth(percent: f64) -> f64 {
    (percent * 10.0).round() / 10.0
}

impl JourneyPage {
    pub(super) fn of(shown: Shown, now: DateTime<Utc>) -> Self {
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
            journey: shown.journey.map(|journey| head(journey, today)),
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
    pub(super) fn milestone(self, id: Uuid) -> Option<MilestoneBody> {
        self.milestones.into_iter().find(|milestone| milestone.id == id)
    }
}

pub(super) fn milestones(journey: Option<&Journey>, today: NaiveDate) -> Vec<MilestoneBody> {
    journey.iter().flat_map(|j| &j.milestones).map(|(m, by_hand)| MilestoneBody::of(m, *by_hand, today)).collect()
}

fn head(journey: Journey, today: NaiveDate) -> JourneyBody {
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
