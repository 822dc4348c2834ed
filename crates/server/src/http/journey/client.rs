//! One client's journey: read, started, moved, ticked.

use super::super::auth::Caller;
use super::super::error::{Answer, Problem};
use super::super::json::{Id, Json, parse};
use super::super::{Shared, State};
use super::bodies::JourneyPage;
use axum::body::Bytes;
use axum::extract::{Path, State as Extract};
use axum::http::StatusCode;
use essor_app::Actor;
use essor_app::journey as app;
use essor_domain::Code;
use essor_domain::identity::Action;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(show, start))
        .routes(routes!(move_to))
        .routes(routes!(advance))
        .routes(routes!(criterion))
        .routes(routes!(action))
}

/// The journey as it stands after a change.
pub(super) async fn page(state: &State, actor: &Actor, client: Uuid) -> Answer<Json<JourneyPage>> {
    // Whoever may write may see what came of it, a token without the scope `read` too.
    let shown = app::read_after(&state.app, actor, client).await?;
    Ok(Json(JourneyPage::of(shown, state.app.clock.now())))
}

/// An id and a key of the path.
pub(super) fn keyed(path: Path<(String, String)>) -> Answer<(Uuid, String)> {
    let Path((id, key)) = path;
    let id = id.parse().map_err(|_| Code::NotFound)?;
    Ok((id, key))
}

/// A client's journey; `journey` is null for a client without one.
#[utoipa::path(get, path = "/clients/{id}/journey", operation_id = "client_journey", tag = "journey", params(("id" = Uuid, Path)), responses((status = 200, body = JourneyPage)))]
async fn show(Extract(state): Shared, Caller(actor): Caller, Id(id): Id) -> Answer<Json<JourneyPage>> {
    let shown = app::read(&state.app, &actor, id).await?;
    Ok(Json(JourneyPage::of(shown, state.app.clock.now())))
}

/// How a journey starts; with neither, by the template of the client's segment, where tenure and use put it.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct JourneyStart {
    #[serde(default)]
    template_id: Option<Uuid>,
    /// The key of a stage.
    #[serde(default)]
    stage: Option<String>,
}

/// Starts a client's journey.
#[utoipa::path(post, path = "/clients/{id}/journey", operation_id = "start_journey", tag = "journey", params(("id" = Uuid, Path)), request_body = JourneyStart, responses((status = 201, body = JourneyPage), (status = 409, body = Problem)))]
async fn start(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(id): Id,
    body: Bytes,
) -> Answer<(StatusCode, Json<JourneyPage>)> {
    actor.require(Action::WriteClients)?;
    let form: JourneyStart = parse(&body)?;
    app::start(&state.app, &actor, id, form.template_id, form.stage.as_deref()).await?;
    Ok((StatusCode::CREATED, page(&state, &actor, id).await?))
}

/// Where a client is moved.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct JourneyMove {
    /// The key of a stage; null for the end of the journey.
    to: Option<String>,
    /// Kept in the history.
    #[serde(default)]
    reason: String,
    /// The current stage is left out instead of done.
    #[serde(default)]
    skip: bool,
}

/// Moves a client forwards, back or past a stage.
#[utoipa::path(post, path = "/clients/{id}/journey/move", operation_id = "move_journey", tag = "journey", params(("id" = Uuid, Path)), request_body = JourneyMove, responses((status = 200, body = JourneyPage), (status = 422, body = Problem)))]
async fn move_to(Extract(state): Shared, Caller(actor): Caller, Id(id): Id, body: Bytes) -> Answer<Json<JourneyPage>> {
    actor.require(Action::WriteClients)?;
    let form: JourneyMove = parse(&body)?;
    app::move_to(&state.app, &actor, id, form.to.as_deref(), &form.reason, form.skip).await?;
    page(&state, &actor, id).await
}

/// Goes on to the next stage: the answer to what somebody was asked.
#[utoipa::path(post, path = "/clients/{id}/journey/advance", operation_id = "advance_journey", tag = "journey", params(("id" = Uuid, Path)), responses((status = 200, body = JourneyPage), (status = 409, body = Problem)))]
async fn advance(Extract(state): Shared, Caller(actor): Caller, Id(id): Id) -> Answer<Json<JourneyPage>> {
    app::advance(&state.app, &actor, id).await?;
    page(&state, &actor, id).await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CriterionTick {
    met: bool,
}

/// Ticks or unticks a manual criterion of the current stage.
#[utoipa::path(put, path = "/clients/{id}/journey/criteria/{key}", operation_id = "tick_criterion", tag = "journey", params(("id" = Uuid, Path), ("key" = String, Path)), request_body = CriterionTick, responses((status = 200, body = JourneyPage), (status = 422, body = Problem)))]
async fn criterion(
    Extract(state): Shared,
    Caller(actor): Caller,
    path: Path<(String, String)>,
    body: Bytes,
) -> Answer<Json<JourneyPage>> {
    actor.require(Action::WriteClients)?;
    let (id, key) = keyed(path)?;
    let form: CriterionTick = parse(&body)?;
    app::set_criterion(&state.app, &actor, id, &key, form.met).await?;
    page(&state, &actor, id).await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ActionTick {
    pub(super) done: bool,
}

/// Ticks or unticks a key action of the current stage: the same as doing its task.
#[utoipa::path(put, path = "/clients/{id}/journey/actions/{key}", operation_id = "tick_action", tag = "journey", params(("id" = Uuid, Path), ("key" = String, Path)), request_body = ActionTick, responses((status = 200, body = JourneyPage), (status = 422, body = Problem)))]
async fn action(
    Extract(state): Shared,
    Caller(actor): Caller,
    path: Path<(String, String)>,
    body: Bytes,
) -> Answer<Json<JourneyPage>> {
    actor.require(Action::WriteClients)?;
    let (id, key) = keyed(path)?;
    let form: ActionTick = parse(&body)?;
    app::set_action(&state.app, &actor, id, &key, form.done).await?;
    page(&state, &actor, id).await
}
