//! The workspace and its settings.

use super::super::auth::Caller;
use super::super::error::Answer;
use super::super::json::Json as Body;
use super::super::{Shared, State};
use axum::Json;
use axum::extract::State as Extract;
use axum::http::StatusCode;
use chrono::NaiveDate;
use essor_app::identity as app;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(workspace, patch_workspace, delete_workspace)).routes(routes!(put_rates))
}

/// The workspace and its settings.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkspaceSettings {
    id: Uuid,
    name: String,
    currency: String,
    timezone: String,
    /// `monday` or `sunday`.
    week_start: String,
    is_demo: bool,
    /// `create` or `park`: what happens to usage of an unknown group.
    unknown_groups: String,
    rates: Vec<ExchangeRate>,
    /// Whether the caller may change the currency now: an owner, while there is no subscription.
    can_change_currency: bool,
}

/// A dated exchange rate.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExchangeRate {
    currency: String,
    /// The first day on which it is in force.
    from: NaiveDate,
    /// Units of the reporting currency for one unit.
    rate: f64,
}

/// Settings to change; what is left out stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct WorkspaceForm {
    name: Option<String>,
    currency: Option<String>,
    timezone: Option<String>,
    week_start: Option<String>,
    unknown_groups: Option<String>,
}

/// All exchange rates, in place of the ones before.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RatesForm {
    rates: Vec<RateForm>,
}

/// A dated exchange rate to keep.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RateForm {
    currency: String,
    /// The first day on which it is in force.
    #[schema(format = "date")]
    from: String,
    /// Units of the reporting currency for one unit.
    rate: f64,
}

/// The workspace and its settings.
#[utoipa::path(get, path = "/workspace", tag = "identity", responses((status = 200, body = WorkspaceSettings)))]
async fn workspace(Extract(state): Shared, Caller(actor): Caller) -> Answer<Json<WorkspaceSettings>> {
    let app::WorkspaceShown { row, rates, can_change_currency } = app::get_workspace(&state.app, &actor).await?;
    Ok(Json(WorkspaceSettings {
        id: row.id,
        name: row.name,
        currency: row.currency,
        timezone: row.timezone,
        week_start: row.week_start,
        is_demo: row.is_demo,
        unknown_groups: row.unknown_groups,
        rates: rates.into_iter().map(|r| ExchangeRate { currency: r.currency, from: r.from, rate: r.rate }).collect(),
        can_change_currency,
    }))
}

/// Change settings of the workspace (administrators; the currency: owners, while there is no subscription).
#[utoipa::path(patch, path = "/workspace", tag = "identity", request_body = WorkspaceForm, responses(
    (status = 204, description = "Changed"),
    (status = 409, description = "growth_currency_fixed, identity_workspace_exists"),
))]
async fn patch_workspace(
    Extract(state): Shared,
    Caller(actor): Caller,
    Body(form): Body<WorkspaceForm>,
) -> Answer<StatusCode> {
    let patch = app::WorkspacePatch {
        name: form.name,
        currency: form.currency,
        timezone: form.timezone,
        week_start: form.week_start,
        unknown_groups: form.unknown_groups,
    };
    app::patch_workspace(&state.app, &actor, patch).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Replace the exchange rates (administrators). Amounts that are stored keep the rate they were converted at.
#[utoipa::path(put, path = "/workspace/rates", tag = "identity", request_body = RatesForm, responses(
    (status = 204, description = "Replaced"),
    (status = 422, description = "growth_rate_invalid, growth_currency_unknown, growth_day_invalid"),
))]
async fn put_rates(Extract(state): Shared, Caller(actor): Caller, Body(form): Body<RatesForm>) -> Answer<StatusCode> {
    let inputs: Vec<app::RateInput> =
        form.rates.into_iter().map(|r| app::RateInput { currency: r.currency, from: r.from, rate: r.rate }).collect();
    app::put_rates(&state.app, &actor, &inputs).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The name of the workspace, repeated.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeletionForm {
    /// As it stands in the settings: what cannot be undone is typed.
    name: String,
}

/// Delete the workspace with all that it holds, for good (owners). Sessions in it move to another workspace of their
/// person.
#[utoipa::path(delete, path = "/workspace", tag = "identity", request_body = DeletionForm, responses(
    (status = 204, description = "Deleted"),
    (status = 409, description = "identity_last_workspace: it is the caller's only real one"),
    (status = 422, description = "identity_workspace_name_mismatch"),
))]
async fn delete_workspace(
    Extract(state): Shared,
    Caller(actor): Caller,
    Body(form): Body<DeletionForm>,
) -> Answer<StatusCode> {
    app::delete_workspace(&state.app, &actor, &form.name).await?;
    Ok(StatusCode::NO_CONTENT)
}
