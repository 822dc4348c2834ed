//! Acquisition spend by month and the gross margin.

use super::auth::Caller;
use super::error::{Answer, Problem};
use super::json::{Json, Query};
use super::{Shared, State};
use axum::extract::State as Extract;
use axum::http::StatusCode;
use essor_app::growth::{self as app, MarginChange, SpendInput};
use essor_domain::{Code, Invalid};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(read, write))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
struct SpendQuery {
    /// 1 to 60, the current month among them; default 24.
    months: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SpendBody {
    currency: String,
    /// Null while nobody has said it.
    gross_margin_pct: Option<f64>,
    /// Oldest first, the current month last.
    months: Vec<SpendMonthBody>,
}

/// A month's acquisition spend with the clients won in it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SpendMonthBody {
    /// YYYY-MM.
    month: String,
    /// Null where nobody has said it: unknown, not nought.
    amount_cents: Option<i64>,
    won_clients: i64,
    cac_cents: Option<i64>,
}

/// The acquisition spend of the last months.
#[utoipa::path(get, path = "/growth/spend", operation_id = "spend", tag = "growth", params(SpendQuery), responses((status = 200, body = SpendBody)))]
async fn read(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(query): Query<SpendQuery>,
) -> Answer<Json<SpendBody>> {
    let months = match query.months.unwrap_or(24) {
        n @ 1..=60 => n,
        _ => return Err(Invalid::field(Code::FieldRange, "months").with("min", 1).with("max", 60).into()),
    };
    let spend = app::spend(&state.app, &actor, months).await?;
    let months = spend
        .months
        .into_iter()
        .map(|m| SpendMonthBody {
            month: m.month.format("%Y-%m").to_string(),
            amount_cents: m.amount_cents,
            won_clients: m.won,
            cac_cents: m.cac_cents,
        })
        .collect();
    let gross_margin_pct = spend.margin_bp.map(|bp| f64::from(bp) / 100.0);
    Ok(Json(SpendBody { currency: spend.currency, gross_margin_pct, months }))
}

/// What to write: the months named, and the margin when it is named (null takes it away).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SpendForm {
    #[serde(default)]
    months: Vec<SpendMonthForm>,
    /// Above 0, up to 100.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<f64>)]
    gross_margin_pct: Option<Option<f64>>,
}

/// Tells "left out" from null.
fn named<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<f64>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SpendMonthForm {
    /// YYYY-MM, not in the future.
    month: String,
    /// Null takes the month's spend away.
    amount_cents: Option<i64>,
    /// The reporting currency, and no other.
    currency: Option<String>,
}

/// Writes the spend of some months and the gross margin, all or none.
#[utoipa::path(put, path = "/growth/spend", operation_id = "put_spend", tag = "growth", request_body = SpendForm, responses((status = 204), (status = 422, body = Problem)))]
async fn write(Extract(state): Shared, Caller(actor): Caller, Json(form): Json<SpendForm>) -> Answer<StatusCode> {
    let months: Vec<SpendInput> = form
        .months
        .into_iter()
        .map(|m| SpendInput { month: m.month, amount_cents: m.amount_cents, currency: m.currency })
        .collect();
    let margin = form.gross_margin_pct.map_or(MarginChange::Keep, MarginChange::Set);
    app::put_spend(&state.app, &actor, &months, margin).await?;
    Ok(StatusCode::NO_CONTENT)
}
