//! Objectives: what is aimed at, how far it has come, and the quarter's standing.

use super::auth::Caller;
use super::error::{Answer, Problem};
use super::json::{Id, Json};
use super::{Shared, State};
use axum::extract::State as Extract;
use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use essor_app::growth::objectives::{self as app, Objective, ObjectiveInput, Standing};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(change, remove)).routes(routes!(restore))
}

/// How the objectives due in the calendar quarter stand.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct StandingBody {
    /// Reached, of those due in the quarter.
    reached: i64,
    due: i64,
    /// Mean progress of those due, 0 to 100; null where none is known.
    mean_progress_pct: Option<f64>,
    on_track: i64,
    /// Behind or missed.
    late: i64,
    quarter_from: NaiveDate,
    quarter_to: NaiveDate,
}

impl From<Standing> for StandingBody {
    fn from(s: Standing) -> Self {
        StandingBody {
            reached: s.reached,
            due: s.due,
            mean_progress_pct: s.mean_progress_pct,
            on_track: s.on_track,
            late: s.late,
            quarter_from: s.from,
            quarter_to: s.to,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ObjectivesBody {
    today: NaiveDate,
    currency: String,
    computed_at: DateTime<Utc>,
    quarter: StandingBody,
    /// The next one due first.
    items: Vec<ObjectiveBody>,
}

/// An objective. Values in the metric's unit: cents of the reporting currency, a fraction, a count, points of 100, how
/// many times, months, −100 to 100 for the NPS, 1 to 7 for the CES.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ObjectiveBody {
    id: Uuid,
    name: String,
    /// mrr, arr, activeClients, arpa, newMrr, expansionMrr, netNewMrr, newClients, meanHealth, atRiskClients, nrr, grr,
    /// logoChurn, revenueChurn, monthlyChurn, quickRatio, ltv, cac, payback, ltvCac, nps, csat or ces.
    metric: &'static str,
    /// cents, ratio (a fraction), number, score, times, months, nps or ces.
    unit: &'static str,
    /// up or down.
    direction: String,
    /// The metric's value on the start's day; null until that day has come.
    start_value: Option<f64>,
    target: f64,
    start_date: NaiveDate,
    due_date: NaiveDate,
    /// Now; on the due day once that is over.
    value: Option<f64>,
    /// How far it has come from the start to the target, 0 to 100.
    progress_pct: Option<f64>,
    /// How far linear time asks it to be, 0 to 100.
    pace_pct: f64,
    /// planned, on_track, behind, reached, missed or unknown.
    state: &'static str,
    /// The day on which the target was first met; recorded once.
    reached_on: Option<NaiveDate>,
    reached_value: Option<f64>,
    /// The forecast's probability that MRR is at the target on the month-end of the due day, 0 to 100; MRR and ARR only.
    chance_pct: Option<f64>,
    /// Stored values by day, oldest first, at most 60.
    points: Vec<ObjectivePoint>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ObjectivePoint {
    day: NaiveDate,
    value: f64,
}

fn body(of: Objective) -> ObjectiveBody {
    ObjectiveBody {
        id: of.row.id,
        name: of.row.name,
        metric: of.metric.as_str(),
        unit: of.metric.unit().as_str(),
        direction: of.row.direction,
        start_value: of.row.start_value,
        target: of.row.target,
        start_date: of.row.start_day,
        due_date: of.row.due_day,
        value: of.value,
        progress_pct: of.progress_pct,
        pace_pct: of.pace_pct,
        state: of.state.as_str(),
        reached_on: of.row.reached_on,
        reached_value: of.row.reached_value,
        chance_pct: of.chance.map(|chance| 100.0 * chance),
        points: of.points.into_iter().map(|(day, value)| ObjectivePoint { day, value }).collect(),
    }
}

/// All objectives with their progress, and the quarter's standing.
#[utoipa::path(get, path = "/growth/objectives", operation_id = "objectives", tag = "growth", responses((status = 200, body = ObjectivesBody)))]
async fn list(Extract(state): Shared, Caller(actor): Caller) -> Answer<Json<ObjectivesBody>> {
    let all = app::objectives(&state.app, &actor).await?;
    Ok(Json(ObjectivesBody {
        today: all.today,
        currency: all.currency,
        computed_at: all.computed_at,
        quarter: all.standing.into(),
        items: all.items.into_iter().map(body).collect(),
    }))
}

/// An objective to be set.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ObjectiveForm {
    name: String,
    metric: String,
    /// up or down; by default what is better for the metric.
    direction: Option<String>,
    /// In the metric's unit.
    target: f64,
    /// The day whose stored figure is the start value; today when left out.
    start_date: Option<NaiveDate>,
    due_date: NaiveDate,
}

impl From<ObjectiveForm> for ObjectiveInput {
    fn from(form: ObjectiveForm) -> Self {
        ObjectiveInput {
            name: form.name,
            metric: form.metric,
            direction: form.direction,
            target: form.target,
            start_day: form.start_date,
            due_day: form.due_date,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
struct ObjectiveSaved {
    id: Uuid,
}

/// Sets an objective; its start value is read off the stored figures.
#[utoipa::path(post, path = "/growth/objectives", operation_id = "add_objective", tag = "growth", request_body = ObjectiveForm, responses((status = 200, body = ObjectiveSaved), (status = 422, body = Problem)))]
async fn add(
    Extract(state): Shared,
    Caller(actor): Caller,
    Json(form): Json<ObjectiveForm>,
) -> Answer<Json<ObjectiveSaved>> {
    let id = app::save_objective(&state.app, &actor, None, &form.into()).await?;
    Ok(Json(ObjectiveSaved { id }))
}

/// Changes an objective; one that is reached keeps all but its name.
#[utoipa::path(put, path = "/growth/objectives/{id}", operation_id = "change_objective", tag = "growth", params(("id" = Uuid, Path)), request_body = ObjectiveForm, responses((status = 200, body = ObjectiveSaved), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn change(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(id): Id,
    Json(form): Json<ObjectiveForm>,
) -> Answer<Json<ObjectiveSaved>> {
    let id = app::save_objective(&state.app, &actor, Some(id), &form.into()).await?;
    Ok(Json(ObjectiveSaved { id }))
}

/// Deletes an objective.
#[utoipa::path(delete, path = "/growth/objectives/{id}", operation_id = "delete_objective", tag = "growth", params(("id" = Uuid, Path)), responses((status = 204), (status = 404, body = Problem)))]
async fn remove(Extract(state): Shared, Caller(actor): Caller, Id(id): Id) -> Answer<StatusCode> {
    app::delete_objective(&state.app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a deletion back.
#[utoipa::path(post, path = "/growth/objectives/{id}/restore", operation_id = "restore_objective", tag = "growth", params(("id" = Uuid, Path)), responses((status = 204), (status = 404, body = Problem)))]
async fn restore(Extract(state): Shared, Caller(actor): Caller, Id(id): Id) -> Answer<StatusCode> {
    app::restore_objective(&state.app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
