//! Whether new clients begin by themselves, starting everybody's journey, and the days on which nobody works.

use super::super::auth::Caller;
use super::super::error::{Answer, Problem};
use super::super::json::{Json, parse};
use super::super::{Shared, State};
use axum::body::Bytes;
use axum::extract::State as Extract;
use axum::http::StatusCode;
use chrono::NaiveDate;
use essor_app::journey as app;
use essor_domain::identity::Action;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The endpoints of this file.
pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(settings, put_settings))
        .routes(routes!(infer))
        .routes(routes!(holidays, put_holidays))
}

/// What a workspace says of journeys.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct JourneySettings {
    /// New clients that pay or try begin a journey by themselves.
    auto_start: bool,
    /// Clients that could be on a journey and are not.
    without_journey: i64,
}

impl From<app::Settings> for JourneySettings {
    fn from(s: app::Settings) -> Self {
        JourneySettings { auto_start: s.auto_start, without_journey: s.without }
    }
}

/// The settings of journeys.
#[utoipa::path(get, path = "/journey/settings", operation_id = "journey_settings", tag = "journey", responses((status = 200, body = JourneySettings)))]
async fn settings(Extract(state): Shared, Caller(actor): Caller) -> Answer<Json<JourneySettings>> {
    Ok(Json(app::settings(&state.app, &actor).await?.into()))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct JourneySettingsForm {
    auto_start: bool,
}

/// Changes the settings of journeys.
#[utoipa::path(put, path = "/journey/settings", operation_id = "change_journey_settings", tag = "journey", request_body = JourneySettingsForm, responses((status = 200, body = JourneySettings)))]
async fn put_settings(Extract(state): Shared, Caller(actor): Caller, body: Bytes) -> Answer<Json<JourneySettings>> {
    actor.require(Action::ManageModels)?;
    let form: JourneySettingsForm = parse(&body)?;
    Ok(Json(app::put_settings(&state.app, &actor, form.auto_start).await?.into()))
}

/// How many journeys a job starts.
#[derive(Debug, Serialize, ToSchema)]
struct JourneysStarting {
    clients: i64,
}

/// Starts journeys for all clients that have none, where tenure and use put them; a job does it.
#[utoipa::path(post, path = "/journey/infer", operation_id = "infer_journeys", tag = "journey", responses((status = 202, body = JourneysStarting)))]
async fn infer(Extract(state): Shared, Caller(actor): Caller) -> Answer<(StatusCode, Json<JourneysStarting>)> {
    let clients = app::infer_all(&state.app, &actor).await?;
    Ok((StatusCode::ACCEPTED, Json(JourneysStarting { clients })))
}

/// Days on which nobody works: they are no business days.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Holidays {
    /// At most 400.
    days: Vec<Holiday>,
}

/// A day on which nobody works.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Holiday {
    day: NaiveDate,
    name: String,
}

/// The days on which nobody works.
#[utoipa::path(get, path = "/workspace/holidays", operation_id = "holidays", tag = "identity", responses((status = 200, body = Holidays)))]
async fn holidays(Extract(state): Shared, Caller(actor): Caller) -> Answer<Json<Holidays>> {
    let days = app::holidays(&state.app, &actor).await?;
    Ok(Json(Holidays { days: days.into_iter().map(|(day, name)| Holiday { day, name }).collect() }))
}

/// Puts these days in place of all others.
#[utoipa::path(put, path = "/workspace/holidays", operation_id = "put_holidays", tag = "identity", request_body = Holidays, responses((status = 200, body = Holidays), (status = 422, body = Problem)))]
async fn put_holidays(Extract(state): Shared, Caller(actor): Caller, body: Bytes) -> Answer<Json<Holidays>> {
    actor.require(Action::ManageWorkspace)?;
    let form: Holidays = parse(&body)?;
    let days: Vec<(NaiveDate, String)> = form.days.into_iter().map(|h| (h.day, h.name)).collect();
    app::put_holidays(&state.app, &actor, &days).await?;
    holidays(Extract(state), Caller(actor)).await
}
