//! Opportunities and the best next moves.

use super::auth::Caller;
use super::error::Answer;
use super::json::{Id, Json, Query, limit, read_cursor, write_cursor};
use super::slice::SliceQuery;
use super::{Shared, State};
use axum::extract::State as Extract;
use chrono::{DateTime, NaiveDate, Utc};
use essor_app::opportunities::{self as app, ActionOf, Decide, ListQuery, NextAction, Record};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(settings, set_settings))
        .routes(routes!(one, decide))
        .routes(routes!(actions))
}

#[derive(Debug, Deserialize, IntoParams)]
struct OpportunitiesQuery {
    /// expansion, retention or conversation; all when left out.
    list: Option<String>,
    /// States separated by commas: open, accepted, snoozed, dismissed, won, lost, expired, or all; open and accepted
    /// when left out.
    state: Option<String>,
    /// quota, seats, limit_hits, roi, plan_mismatch, retention, promoter, cross_sell, early_renewal or reference.
    detector: Option<String>,
    /// One client.
    client: Option<Uuid>,
    /// 1 to 200; default 50.
    limit: Option<i64>,
    cursor: Option<String>,
}

/// An opportunity. Amounts are cents of MRR in the reporting currency.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct OpportunityBody {
    id: Uuid,
    client_id: Uuid,
    client_name: String,
    client_owner: Option<String>,
    client_segment: Option<String>,
    client_mrr_cents: i64,
    client_health: Option<i32>,
    client_health_class: String,
    detector: String,
    list: String,
    state: String,
    #[schema(value_type = Vec<OpportunityEvidence>)]
    evidence: Value,
    /// What could be gained, or what is at stake; null where there is no amount to name.
    amount_cents: Option<i64>,
    /// Between 0 and 1: that it is won. For retention: that the client would leave within 90 days and is kept by working
    /// on it.
    probability: f64,
    /// Amount × probability.
    expected_cents: i64,
    /// The day on which it was found.
    since: NaiveDate,
    snoozed_until: Option<NaiveDate>,
    reason: Option<String>,
    note: Option<String>,
    won_cents: Option<i64>,
    /// Whether winning it changed a subscription.
    recorded: bool,
    decided_at: Option<DateTime<Utc>>,
    updated_at: DateTime<Utc>,
}

/// A fact that it rests on: `key` names the sentence, `params` what it needs.
#[derive(Debug, Serialize, ToSchema)]
#[allow(dead_code, reason = "describes what is stored as JSON")]
struct OpportunityEvidence {
    key: String,
    #[schema(value_type = Object)]
    params: Value,
}

impl From<app::Listed> for OpportunityBody {
    fn from(o: app::Listed) -> Self {
        OpportunityBody {
            id: o.id,
            client_id: o.client_id,
            client_name: o.client_name,
            client_owner: o.client_owner,
            client_segment: o.client_segment,
            client_mrr_cents: o.client_mrr_cents,
            client_health: o.client_health,
            client_health_class: o.client_health_class,
            detector: o.detector,
            list: o.list,
            state: o.state,
            evidence: o.evidence,
            amount_cents: o.amount_cents,
            probability: o.probability,
            expected_cents: o.expected_cents,
            since: o.since,
            snoozed_until: o.snoozed_until,
            reason: o.reason,
            note: o.note,
            won_cents: o.won_cents,
            recorded: o.ledger.is_some(),
            decided_at: o.decided_at,
            updated_at: o.updated_at,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OpportunitiesBody {
    items: Vec<OpportunityBody>,
    next_cursor: Option<String>,
    /// How many match.
    total: i64,
    /// By list, of what matches in any list: `expansion`, `retention`, `conversation`.
    totals: BTreeMap<&'static str, OpportunityTotals>,
    /// How many there are by state, whatever states were asked for.
    states: HashMap<String, i64>,
    today: NaiveDate,
}

/// Sums over opportunities, in cents. A client with several of them counts once in `clients`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OpportunityTotals {
    count: i64,
    clients: i64,
    amount_cents: i64,
    expected_cents: i64,
    won_cents: i64,
}

/// Opportunities, the highest expected value first, with their sums.
#[utoipa::path(get, path = "/opportunities", operation_id = "opportunities", tag = "opportunities", params(OpportunitiesQuery, SliceQuery), responses((status = 200, body = OpportunitiesBody)))]
async fn list(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(query): Query<OpportunitiesQuery>,
    Query(slice): Query<SliceQuery>,
) -> Answer<Json<OpportunitiesBody>> {
    let asked = ListQuery {
        list: query.list,
        states: query.state.iter().flat_map(|s| s.split(',')).filter(|s| !s.is_empty()).map(Into::into).collect(),
        detector: query.detector,
        slice: slice.read(&state, &actor).await?,
        client: query.client,
        after: read_cursor(query.cursor.as_deref())?,
        limit: limit(query.limit),
    };
    let page = app::list(&state.app, &actor, &asked).await?;
    let totals = page.totals.into_iter().map(|(list, sum)| {
        let body = OpportunityTotals {
            count: sum.count,
            clients: sum.clients,
            amount_cents: sum.amount_cents,
            expected_cents: sum.expected_cents,
            won_cents: sum.won_cents,
        };
        (list.as_str(), body)
    });
    Ok(Json(OpportunitiesBody {
        items: page.items.into_iter().map(Into::into).collect(),
        next_cursor: page.next.map(|next| write_cursor(&next)),
        total: page.total,
        totals: totals.collect(),
        states: page.states,
        today: page.today,
    }))
}

/// An opportunity with its life and what its probability rests on.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OpportunityDetail {
    #[serde(flatten)]
    opportunity: OpportunityBody,
    /// Oldest first.
    steps: Vec<OpportunityStep>,
    /// Results of this detector in this segment so far.
    won: i64,
    lost: i64,
    /// Of a living one of retention, the two that make its probability: that the client leaves within 90 days when nobody
    /// works on it, and that it is then kept by working on it.
    loss_probability: Option<f64>,
    saved_probability: Option<f64>,
    today: NaiveDate,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OpportunityStep {
    at: DateTime<Utc>,
    state: String,
    /// Who took it; null for the detector.
    by: Option<String>,
    reason: Option<String>,
    note: Option<String>,
    amount_cents: Option<i64>,
}

/// One opportunity.
#[utoipa::path(get, path = "/opportunities/{id}", operation_id = "opportunity", tag = "opportunities", params(("id" = Uuid, Path)), responses((status = 200, body = OpportunityDetail)))]
async fn one(Extract(state): Shared, Caller(actor): Caller, Id(id): Id) -> Answer<Json<OpportunityDetail>> {
    let detail = app::one(&state.app, &actor, id).await?;
    Ok(Json(OpportunityDetail {
        loss_probability: detail.saved.map(|saved| (detail.listed.probability / saved).min(1.0)),
        saved_probability: detail.saved,
        opportunity: detail.listed.into(),
        steps: detail
            .steps
            .into_iter()
            .map(|step| OpportunityStep {
                at: step.at,
                state: step.state,
                by: step.by,
                reason: step.reason,
                note: step.note,
                amount_cents: step.amount_cents,
            })
            .collect(),
        won: detail.odds.won,
        lost: detail.odds.lost,
        today: detail.today,
    }))
}

/// A step. `open` takes a decision back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DecideForm {
    /// open, accepted, snoozed, dismissed, won or lost.
    state: String,
    /// For `snoozed`: the day on which it is looked at again.
    #[serde(default)]
    until: Option<NaiveDate>,
    /// For `dismissed`: not_relevant, wrong_data, already_done, bad_timing, other. For `lost`: price, budget,
    /// competitor, no_need, no_answer, other.
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    note: Option<String>,
    /// For `won`: the MRR that was gained or kept, in cents of the reporting currency.
    #[serde(default)]
    amount_cents: Option<i64>,
    /// For `won`: a subscription whose new terms are recorded with it, from today on. Without it the ledger does not move.
    #[serde(default)]
    subscription: Option<RecordForm>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RecordForm {
    external_id: String,
    /// For one unit and one period, in cents of the subscription's currency.
    amount_cents: i64,
    #[serde(default)]
    quantity: Option<i64>,
}

/// Decides: accept, put off, dismiss, win, lose, or take back. A win may record new terms of a subscription in the same
/// transaction; taking it back restores them.
#[utoipa::path(patch, path = "/opportunities/{id}", operation_id = "decide_opportunity", tag = "opportunities", params(("id" = Uuid, Path)), request_body = DecideForm, responses((status = 200, body = OpportunityBody), (status = 409, body = super::error::Problem), (status = 422, body = super::error::Problem)))]
async fn decide(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(id): Id,
    body: axum::body::Bytes,
) -> Answer<Json<OpportunityBody>> {
    actor.require(essor_domain::identity::Action::WriteClients)?;
    let form: DecideForm = super::json::parse(&body)?;
    let asked = Decide {
        state: form.state,
        until: form.until,
        reason: form.reason,
        note: form.note,
        amount_cents: form.amount_cents,
        record: form.subscription.map(|record| Record {
            external_id: record.external_id,
            amount_cents: record.amount_cents,
            quantity: record.quantity,
        }),
    };
    Ok(Json(app::decide(&state.app, &actor, id, &asked).await?.into()))
}

/// What detection can be told.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DetectionSettings {
    /// Names of usage events that say that a limit was hit, at most 20.
    limit_events: Vec<String>,
}

/// What detection goes by.
#[utoipa::path(get, path = "/opportunities/settings", operation_id = "detection_settings", tag = "opportunities", responses((status = 200, body = DetectionSettings)))]
async fn settings(Extract(state): Shared, Caller(actor): Caller) -> Answer<Json<DetectionSettings>> {
    Ok(Json(DetectionSettings { limit_events: app::limit_events(&state.app, &actor).await? }))
}

/// Changes what detection goes by; everybody is looked at again.
#[utoipa::path(put, path = "/opportunities/settings", operation_id = "set_detection_settings", tag = "opportunities", request_body = DetectionSettings, responses((status = 200, body = DetectionSettings)))]
async fn set_settings(
    Extract(state): Shared,
    Caller(actor): Caller,
    Json(form): Json<DetectionSettings>,
) -> Answer<Json<DetectionSettings>> {
    let limit_events = app::set_limit_events(&state.app, &actor, form.limit_events).await?;
    Ok(Json(DetectionSettings { limit_events }))
}

#[derive(Debug, Deserialize, IntoParams)]
struct ActionsQuery {
    /// Only moves at this client.
    client: Option<Uuid>,
    /// 1 to 10; default 3.
    limit: Option<usize>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct NextMovesBody {
    /// The best first, one a client.
    items: Vec<NextMoveBody>,
    /// The sum of `items`.
    expected_cents: i64,
    today: NaiveDate,
}

/// A move: exactly one of `opportunity`, `invoice` and `task` is there.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct NextMoveBody {
    /// Names the move.
    key: String,
    /// What it is expected to bring or keep, in cents of MRR.
    expected_cents: i64,
    client_id: Option<Uuid>,
    client_name: Option<String>,
    opportunity: Option<OpportunityBody>,
    invoice: Option<LateInvoiceBody>,
    task: Option<super::tasks::TaskBody>,
    /// When and by whom it should be done, and how urgently.
    due: NaiveDate,
    priority: &'static str,
    owner_id: Option<Uuid>,
    owner_name: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct LateInvoiceBody {
    number: String,
    due: NaiveDate,
    days_late: i64,
    amount_cents: i64,
    client_mrr_cents: i64,
}

fn action(action: NextAction, today: NaiveDate) -> NextMoveBody {
    let key = action.key();
    let (owner_id, owner_name) = action.owner.unzip();
    let mut body = NextMoveBody {
        key,
        expected_cents: action.expected_cents,
        client_id: None,
        client_name: None,
        opportunity: None,
        invoice: None,
        task: None,
        due: action.due,
        priority: action.priority.as_str(),
        owner_id,
        owner_name,
    };
    match action.of {
        ActionOf::Opportunity(listed) => {
            (body.client_id, body.client_name) = (Some(listed.client_id), Some(listed.client_name.clone()));
            body.opportunity = Some((*listed).into());
        }
        ActionOf::Invoice(invoice) => {
            (body.client_id, body.client_name) = (Some(invoice.client_id), Some(invoice.client_name));
            body.invoice = Some(LateInvoiceBody {
                number: invoice.number,
                due: invoice.due,
                days_late: (today - invoice.due).num_days(),
                amount_cents: invoice.amount_cents,
                client_mrr_cents: invoice.client_mrr_cents,
            });
        }
        ActionOf::Task(task) => {
            (body.client_id, body.client_name) = (task.client_id, task.client_name.clone());
            body.task = Some((*task).into());
        }
    }
    body
}

/// The best next moves by expected value, from open opportunities, late invoices and one's overdue tasks. A move is made
/// by `POST /tasks` (with `opportunityId` it also accepts the opportunity).
#[utoipa::path(get, path = "/growth/actions", operation_id = "next_actions", tag = "opportunities", params(ActionsQuery, SliceQuery), responses((status = 200, body = NextMovesBody)))]
async fn actions(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(query): Query<ActionsQuery>,
    Query(slice): Query<SliceQuery>,
) -> Answer<Json<NextMovesBody>> {
    let most = query.limit.unwrap_or(3).clamp(1, 10);
    let slice = slice.read(&state, &actor).await?;
    let found = app::next_actions_in(&state.app, &actor, &slice, query.client, most).await?;
    Ok(Json(NextMovesBody {
        expected_cents: found.items.iter().map(|item| item.expected_cents).sum(),
        items: found.items.into_iter().map(|item| action(item, found.today)).collect(),
        today: found.today,
    }))
}
