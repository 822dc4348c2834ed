//! A journey as the API writes it.

mod page;

use chrono::{DateTime, NaiveDate, Utc};
use essor_app::journey::{AlertRow, Durations, NoteRow, ShareRow};
use essor_domain::journey::{Label, Milestone};
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
    /// Somebody took the client back to a stage that is done: it goes on when a person confirms.
    advance_held: bool,
    /// The client left, or is paused: nothing is late, and it does not go on by itself.
    suspended: bool,
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
    /// A task's words, an invoice's number.
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
