//! A client's health and usage.

use super::auth::Caller;
use super::error::Answer;
use super::json::{Id, Json, Query};
use super::{Shared, State};
use axum::extract::State as Extract;
use chrono::{DateTime, NaiveDate, Utc};
use essor_domain::health::{Evidence, Risk};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(health)).routes(routes!(usage))
}

#[derive(Debug, Deserialize, IntoParams)]
struct DaysQuery {
    /// 1 to 730; default 90.
    days: Option<u64>,
}

fn days(query: &DaysQuery) -> u64 {
    query.days.unwrap_or(90).clamp(1, 730)
}

/// A client's score, what it is made of, and how it went.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct HealthBody {
    /// 0–100; null when too little is known.
    score: Option<u8>,
    class: &'static str,
    /// Known share of the weight, 0–1.
    coverage: f64,
    computed_at: Option<DateTime<Utc>>,
    /// The day it looks at.
    as_of_day: Option<NaiveDate>,
    recomputed: bool,
    factors: Vec<FactorBody>,
    history: Vec<ScoreBody>,
    risks: Vec<RiskBody>,
    alert_threshold: u8,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FactorBody {
    component: &'static str,
    score: Option<u8>,
    /// Share of the known weight; null when the component is unknown.
    weight: Option<f64>,
    /// Points against 30 days before.
    change_30d: Option<i32>,
    #[schema(value_type = Vec<Object>)]
    evidence: Vec<Evidence>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ScoreBody {
    day: NaiveDate,
    score: Option<i32>,
    coverage: f64,
    recomputed: bool,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RiskBody {
    key: String,
    #[schema(value_type = Object)]
    params: Value,
    since: Option<NaiveDate>,
    points_lost: u8,
}

impl From<&Risk> for RiskBody {
    fn from(risk: &Risk) -> Self {
        RiskBody {
            key: risk.key.to_string(),
            params: Value::Object(risk.params.clone()),
            since: risk.since,
            points_lost: risk.points_lost,
        }
    }
}

/// A client's health with factors, risks and history.
#[utoipa::path(get, path = "/clients/{id}/health", tag = "health", params(("id" = Uuid, Path), DaysQuery), responses((status = 200, body = HealthBody)))]
async fn health(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(id): Id,
    Query(query): Query<DaysQuery>,
) -> Answer<Json<HealthBody>> {
    let page = essor_app::health::page(&state.app, &actor, id, days(&query)).await?;
    let factors = page.health.iter().flat_map(|h| &h.factors).map(|f| {
        let then = page.before.get(f.component.as_str());
        FactorBody {
            component: f.component.as_str(),
            score: f.score,
            weight: f.weight,
            change_30d: f.score.zip(then).map(|(now, then)| i32::from(now) - i32::from(*then)),
            evidence: f.evidence.clone(),
        }
    });
    Ok(Json(HealthBody {
        score: page.health.as_ref().and_then(|h| h.score),
        class: page.health.as_ref().map_or("unknown", |h| h.class.as_str()),
        coverage: page.health.as_ref().map_or(0.0, |h| h.coverage),
        computed_at: page.computed_at,
        as_of_day: page.day,
        recomputed: page.recomputed,
        factors: factors.collect(),
        history: page
            .history
            .iter()
            .map(|(day, score, coverage, again)| ScoreBody {
                day: *day,
                score: *score,
                coverage: *coverage,
                recomputed: *again,
            })
            .collect(),
        risks: page.risks().into_iter().map(RiskBody::from).collect(),
        alert_threshold: page.alert,
    }))
}

#[derive(Debug, Serialize, ToSchema)]
struct UsageBody {
    from: NaiveDate,
    to: NaiveDate,
    /// Only days with use.
    days: Vec<DayBody>,
    /// Most used first.
    events: Vec<EventBody>,
    seats: Option<i32>,
}

#[derive(Debug, Serialize, ToSchema)]
struct DayBody {
    day: NaiveDate,
    count: i64,
    /// Distinct users of the day; 0 where the source names none.
    users: i64,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct EventBody {
    event: String,
    count: i64,
    users: i64,
    last_day: NaiveDate,
}

/// A client's use of the product by day and by event.
#[utoipa::path(get, path = "/clients/{id}/usage", tag = "health", params(("id" = Uuid, Path), DaysQuery), responses((status = 200, body = UsageBody)))]
async fn usage(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(id): Id,
    Query(query): Query<DaysQuery>,
) -> Answer<Json<UsageBody>> {
    let page = essor_app::health::usage(&state.app, &actor, id, days(&query)).await?;
    Ok(Json(UsageBody {
        from: page.from,
        to: page.to,
        days: page.days.into_iter().map(|(day, count, users)| DayBody { day, count, users }).collect(),
        events: page
            .events
            .into_iter()
            .map(|(event, count, users, last_day)| EventBody { event, count, users, last_day })
            .collect(),
        seats: page.seats,
    }))
}
