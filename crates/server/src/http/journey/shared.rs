//! What a client sees of its plan, without signing in: the link is the credential.

use super::super::auth::{ClientAddress, Visited};
use super::super::error::{Answer, Problem};
use super::super::json::{Json, parse};
use super::super::{Shared, State};
use super::bodies::{LabelBody, tenth};
use super::client::ActionTick;
use axum::body::Bytes;
use axum::extract::{Path, State as Extract};
use chrono::{DateTime, NaiveDate, Utc};
use essor_app::journey as app;
use essor_domain::Code;
use essor_domain::journey::{OwnerRole, StageStatus};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The endpoints of this file.
pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(show)).routes(routes!(tick))
}

/// A client's plan as the client sees it: the stages that were chosen, and nothing else.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SharedJourney {
    workspace_name: String,
    client_name: String,
    expires_at: DateTime<Utc>,
    today: NaiveDate,
    stages: Vec<SharedStage>,
}

/// A stage.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SharedStage {
    key: String,
    label: LabelBody,
    description: LabelBody,
    /// pending, active, completed or skipped: what is at risk is told to nobody outside.
    status: &'static str,
    progress_pct: f64,
    entered_on: Option<NaiveDate>,
    expected_end: Option<NaiveDate>,
    criteria: Vec<SharedCriterion>,
    actions: Vec<SharedAction>,
    milestones: Vec<SharedMilestone>,
}

/// A condition of success.
#[derive(Debug, Serialize, ToSchema)]
struct SharedCriterion {
    label: LabelBody,
    met: bool,
}

/// A key action.
#[derive(Debug, Serialize, ToSchema)]
struct SharedAction {
    key: String,
    label: LabelBody,
    done: bool,
    due: Option<NaiveDate>,
    /// The client ticks it.
    yours: bool,
}

/// A milestone.
#[derive(Debug, Serialize, ToSchema)]
struct SharedMilestone {
    title: LabelBody,
    due: NaiveDate,
    /// upcoming, due_soon, overdue or completed.
    status: &'static str,
}

fn body(shared: app::Shared) -> Answer<SharedJourney> {
    let today = shared.shown.today;
    // A journey that has ended altogether leaves nothing to show.
    let journey = shared.shown.journey.ok_or(Code::JourneyShareUnknown)?;
    let (state, template) = (&journey.state, &journey.template);
    let stages = template.stages.iter().enumerate().filter(|(_, stage)| shared.stages.contains(&stage.key));
    let stages = stages
        .map(|(place, stage)| {
            let status = state.stage_status(&stage.key, place, StageStatus::Active);
            let current = place == state.place;
            SharedStage {
                key: stage.key.clone(),
                label: stage.label.clone().into(),
                description: stage.description.clone().into(),
                status: status.as_str(),
                progress_pct: match status {
                    StageStatus::Completed => 100.0,
                    _ if current => tenth(state.stage_progress),
                    _ => 0.0,
                },
                entered_on: current.then_some(state.entered_on),
                expected_end: journey.row.expected_on.filter(|_| current),
                criteria: stage
                    .criteria
                    .iter()
                    .map(|criterion| SharedCriterion {
                        label: criterion.label.clone().into(),
                        met: state.tick(&stage.key, &criterion.key).is_some_and(|tick| tick.met),
                    })
                    .collect(),
                actions: stage
                    .actions
                    .iter()
                    .map(|action| {
                        let row = journey.actions.iter().find(|row| row.stage == stage.key && row.action == action.key);
                        SharedAction {
                            key: action.key.clone(),
                            label: action.label.clone().into(),
                            done: row.is_some_and(|row| row.done_on.is_some()),
                            due: row.and_then(|row| row.due),
                            yours: current && action.owner == OwnerRole::Client,
                        }
                    })
                    .collect(),
                milestones: journey
                    .milestones
                    .iter()
                    .filter(|(milestone, _)| milestone.stage.as_deref() == Some(&stage.key))
                    .map(|(milestone, _)| SharedMilestone {
                        title: milestone.title.clone().into(),
                        due: milestone.due,
                        status: milestone.status(today).as_str(),
                    })
                    .collect(),
            }
        })
        .collect();
    Ok(SharedJourney {
        workspace_name: shared.workspace_name,
        client_name: shared.shown.client.name,
        expires_at: shared.share.expires_at,
        today,
        stages,
    })
}

/// A client's plan under a link.
#[utoipa::path(get, path = "/shared/journey/{token}", operation_id = "shared_journey", tag = "journey", params(("token" = String, Path)), responses(
    (status = 200, body = SharedJourney),
    (status = 404, description = "journey_share_unknown", body = Problem),
    (status = 410, description = "journey_share_over: revoked or expired", body = Problem),
))]
async fn show(
    Extract(state): Shared,
    ClientAddress(address): ClientAddress,
    Path(token): Path<String>,
) -> Answer<Json<SharedJourney>> {
    state.shared.call(address, state.app.clock.now())?;
    Ok(Json(body(app::shared(&state.app, &token).await?)?))
}

/// The client ticks one of its own actions of the current stage.
#[utoipa::path(put, path = "/shared/journey/{token}/actions/{key}", operation_id = "tick_shared_action", tag = "journey", params(("token" = String, Path), ("key" = String, Path)), request_body = ActionTick, responses(
    (status = 200, body = SharedJourney),
    (status = 403, description = "journey_action_not_yours", body = Problem),
    (status = 404, description = "journey_share_unknown", body = Problem),
    (status = 410, description = "journey_share_over", body = Problem),
))]
async fn tick(
    Extract(state): Shared,
    Visited(visited): Visited,
    ClientAddress(address): ClientAddress,
    Path((token, key)): Path<(String, String)>,
    bytes: Bytes,
) -> Answer<Json<SharedJourney>> {
    state.shared.call(address, state.app.clock.now())?;
    let form: ActionTick = parse(&bytes)?;
    let shared = app::tick_shared(&state.app, visited.trail.clone(), &token, &key, form.done).await?;
    Ok(Json(body(shared)?))
}
