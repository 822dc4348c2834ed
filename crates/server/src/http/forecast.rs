//! The forecast of MRR.

use super::auth::Caller;
use super::error::{Answer, Problem};
use super::json::{Json, Query};
use super::slice::SliceQuery;
use super::{Shared, State};
use axum::extract::State as Extract;
use chrono::{DateTime, NaiveDate, Utc};
use essor_app::forecast::{self as app, Forecasted, MonthAhead, OTHER, Part};
use essor_app::growth::Split;
use essor_domain::forecast::{Inside, MIN_CLOSES, VERIFIABLE};
use essor_domain::{Code, Invalid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(read))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
struct ForecastQuery {
    /// Month-ends ahead, 1 to 36; default 6.
    horizon: Option<u32>,
    /// By what was known at the end of that day; default now.
    as_of: Option<NaiveDate>,
    /// segment or product: adds `parts`.
    split: Option<String>,
}

/// Amounts in cents of `currency`; `p15` is the amount that is reached or passed with 85 %.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ForecastBody {
    as_of: NaiveDate,
    currency: String,
    /// MRR at the end of `asOf`.
    now_cents: i64,
    /// The month-ends that were over, oldest first, at most 60.
    history: Vec<ForecastClose>,
    /// The month-ends strictly after `asOf`; empty where there is too little history.
    base: Vec<ForecastMonth>,
    reliability: ForecastReliability,
    /// Segments or products, the largest first, when a split is asked for. They add up to the whole.
    parts: Vec<ForecastPart>,
    computed_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ForecastClose {
    /// YYYY-MM.
    month: String,
    mrr_cents: i64,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ForecastMonth {
    /// YYYY-MM.
    month: String,
    p5: i64,
    p10: i64,
    p15: i64,
    p25: i64,
    p35: i64,
    p50: i64,
    p55: i64,
    p75: i64,
    p85: i64,
    p90: i64,
    p95: i64,
}

/// Times that past forecasts held what came.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ForecastHeld {
    held: usize,
    of: usize,
}

impl From<Inside> for ForecastHeld {
    fn from(inside: Inside) -> Self {
        ForecastHeld { held: inside.inside, of: inside.of }
    }
}

/// How the model is made and how its own past bears it out.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ForecastReliability {
    /// damped_drift; null where there is too little history.
    method: Option<&'static str>,
    /// Month-ends that it could learn from.
    closes: usize,
    /// Month-ends that a forecast needs.
    closes_needed: usize,
    /// Month-ends that are missing for a forecast.
    closes_missing: usize,
    /// Damping of the trend per month.
    phi: Option<f64>,
    /// Weight of the latest change in the trend.
    beta: Option<f64>,
    /// The trend: cents a month, undamped.
    trend_cents: Option<i64>,
    /// Months ahead at which past forecasts were held against what came.
    horizon: usize,
    /// Past forecasts that could be checked.
    origins: usize,
    /// How many a check needs.
    origins_needed: usize,
    /// Whether there are as many.
    verifiable: bool,
    /// Inside the 50 % interval.
    band50: ForecastHeld,
    /// Inside the 80 % interval.
    band80: ForecastHeld,
    /// Reached the amount given with 85 %.
    p15: ForecastHeld,
    /// Reached the median.
    p50: ForecastHeld,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ForecastPart {
    /// `other` for the smaller ones together, `-` for clients without a segment, else the name.
    key: String,
    /// Null for `other` and `-`.
    name: Option<String>,
    now_cents: i64,
    history: Vec<ForecastClose>,
    /// The part's own forecast, brought into proportion with the median of the whole.
    base: Vec<ForecastPartMonth>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ForecastPartMonth {
    /// YYYY-MM.
    month: String,
    p50: i64,
}

fn month(day: NaiveDate) -> String {
    day.format("%Y-%m").to_string()
}

fn closes(history: Vec<(NaiveDate, i64)>) -> Vec<ForecastClose> {
    history.into_iter().map(|(day, mrr_cents)| ForecastClose { month: month(day), mrr_cents }).collect()
}

fn ahead(of: &MonthAhead) -> ForecastMonth {
    let [p5, p10, p15, p25, p35, p50, p55, p75, p85, p90, p95] = of.amounts;
    ForecastMonth { month: month(of.day), p5, p10, p15, p25, p35, p50, p55, p75, p85, p90, p95 }
}

fn part(of: Part) -> ForecastPart {
    let key = if of.other { OTHER.to_owned() } else { of.name.clone().unwrap_or_else(|| "-".into()) };
    ForecastPart {
        key,
        name: of.name,
        now_cents: of.now_cents,
        history: closes(of.history),
        base: of.months.into_iter().map(|(day, p50)| ForecastPartMonth { month: month(day), p50 }).collect(),
    }
}

fn reliability(of: &Forecasted) -> ForecastReliability {
    let model = of.model.as_ref().ok();
    let record = model.map(|model| model.reliability).unwrap_or_default();
    let closes = match &of.model {
        Ok(model) => model.closes,
        Err(have) => *have,
    };
    ForecastReliability {
        method: model.map(|_| "damped_drift"),
        closes,
        closes_needed: MIN_CLOSES,
        closes_missing: MIN_CLOSES.saturating_sub(closes),
        phi: model.map(|model| model.phi),
        beta: model.map(|model| model.beta),
        trend_cents: model.map(|model| model.trend.round() as i64),
        horizon: record.horizon,
        origins: record.origins,
        origins_needed: VERIFIABLE,
        verifiable: record.origins >= VERIFIABLE,
        band50: record.band50.into(),
        band80: record.band80.into(),
        p15: record.reached85.into(),
        p50: record.reached50.into(),
    }
}

/// How many month-ends ahead, as asked or as usual.
pub(super) fn horizon(asked: Option<u32>, usual: u32) -> Result<u32, Invalid> {
    match asked.unwrap_or(usual) {
        n @ 1..=36 => Ok(n),
        _ => Err(Invalid::field(Code::FieldRange, "horizon").with("min", 1).with("max", 36)),
    }
}

/// The MRR of the months to come, with intervals from the model's own past misses.
#[utoipa::path(get, path = "/forecast", operation_id = "forecast", tag = "forecast", params(ForecastQuery, SliceQuery), responses((status = 200, body = ForecastBody), (status = 422, body = Problem)))]
async fn read(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(query): Query<ForecastQuery>,
    Query(slice): Query<SliceQuery>,
) -> Answer<Json<ForecastBody>> {
    let horizon = horizon(query.horizon, 6)?;
    let split = match query.split.as_deref().filter(|split| !split.is_empty()) {
        None => None,
        Some("segment") => Some(Split::Segment),
        Some("product") => Some(Split::Product),
        Some(other) => {
            return Err(Invalid::field(Code::ForecastSplitUnknown, "split").with("value", other).into());
        }
    };
    let slice = slice.read(&state, &actor).await?;
    let of = app::forecast(&state.app, &actor, &slice, split, horizon, query.as_of).await?;
    Ok(Json(ForecastBody {
        reliability: reliability(&of),
        as_of: of.as_of,
        currency: of.currency,
        now_cents: of.now_cents,
        history: closes(of.history),
        base: of.months.iter().map(ahead).collect(),
        parts: of.parts.into_iter().map(part).collect(),
        computed_at: of.computed_at,
    }))
}
