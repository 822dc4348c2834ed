//! A client's health and usage.

use super::auth::Caller;
use super::error::Answer;
use super::json::{Id, Ids, Json, Query};
use super::slice::SliceQuery;
use super::{Shared, State};
use axum::extract::State as Extract;
use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use essor_app::clients::PulseInput;
use essor_app::health::ProfileRef;
use essor_domain::health::{Cap, Component, Evidence, Factor, Risk};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(health))
        .routes(routes!(seen))
        .routes(routes!(moved))
        .routes(routes!(usage))
        .routes(routes!(add_pulse))
        .routes(routes!(drop_pulse))
        .routes(routes!(portfolio))
        .routes(routes!(portfolio_days))
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
    caps: Vec<CapBody>,
    alert_threshold: u8,
    /// With which profile it was computed; null for scores of before profiles had versions.
    profile: Option<ProfileRefBody>,
}

/// A veto: the score is at most `cap` while the risk of the same key stands.
#[derive(Debug, Serialize, ToSchema)]
struct CapBody {
    key: String,
    cap: u8,
    /// What the score would be without any veto.
    mean: u8,
}

impl From<&Cap> for CapBody {
    fn from(cap: &Cap) -> Self {
        CapBody { key: cap.key.to_string(), cap: cap.cap, mean: cap.mean }
    }
}

/// Which version of which profile.
#[derive(Debug, Serialize, ToSchema)]
struct ProfileRefBody {
    /// Empty for everybody's.
    segment: String,
    /// 0 is the built-in profile.
    version: i32,
}

impl From<ProfileRef> for ProfileRefBody {
    fn from(of: ProfileRef) -> Self {
        ProfileRefBody { segment: of.segment, version: of.version }
    }
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
        factor(f, f.score.zip(then).map(|(now, then)| i32::from(now) - i32::from(*then)))
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
        caps: page.health.iter().flat_map(|h| &h.caps).map(CapBody::from).collect(),
        alert_threshold: page.alert,
        profile: page.profile.map(ProfileRefBody::from),
    }))
}

fn factor(f: &Factor, change_30d: Option<i32>) -> FactorBody {
    FactorBody {
        component: f.component.as_str(),
        score: f.score,
        weight: f.weight,
        change_30d,
        evidence: f.evidence.clone(),
    }
}

#[derive(Debug, Deserialize, IntoParams)]
struct SeenQuery {
    /// The end of this day.
    day: NaiveDate,
    /// With `version`: the profile of this segment; left out for everybody's.
    segment: Option<String>,
    /// The version of the profile; left out for the one in force.
    version: Option<i32>,
}

/// A client's health computed now from what was known at the end of a past day.
#[derive(Debug, Serialize, ToSchema)]
struct SeenBody {
    day: NaiveDate,
    score: Option<u8>,
    class: &'static str,
    coverage: f64,
    factors: Vec<FactorBody>,
    risks: Vec<RiskBody>,
    caps: Vec<CapBody>,
    profile: ProfileRefBody,
    /// What was recorded then; never rewritten.
    recorded: Option<RecordedBody>,
}

#[derive(Debug, Serialize, ToSchema)]
struct RecordedBody {
    /// The day on which it was recorded.
    day: NaiveDate,
    score: Option<i32>,
    recomputed: bool,
}

/// The time machine: a client's health as of any past day, with any version of a profile.
#[utoipa::path(get, path = "/clients/{id}/health/at", operation_id = "client_health_at", tag = "health", params(("id" = Uuid, Path), SeenQuery), responses((status = 200, body = SeenBody), (status = 422, body = super::error::Problem)))]
async fn seen(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(id): Id,
    Query(query): Query<SeenQuery>,
) -> Answer<Json<SeenBody>> {
    let with = query.version.map(|version| (query.segment.unwrap_or_default(), version));
    let seen = essor_app::health::seen(&state.app, &actor, id, query.day, with).await?;
    Ok(Json(SeenBody {
        day: seen.day,
        score: seen.health.score,
        class: seen.health.class.as_str(),
        coverage: seen.health.coverage,
        factors: seen.health.factors.iter().map(|f| factor(f, None)).collect(),
        risks: seen.health.risks.iter().map(RiskBody::from).collect(),
        caps: seen.health.caps.iter().map(CapBody::from).collect(),
        profile: seen.profile.into(),
        recorded: seen.recorded.map(|(day, score, recomputed)| RecordedBody { day, score, recomputed }),
    }))
}

#[derive(Debug, Deserialize, IntoParams)]
struct MovedQuery {
    from: NaiveDate,
    to: NaiveDate,
}

/// Why a recorded score moved between two days.
#[derive(Debug, Serialize, ToSchema)]
struct MovedBody {
    from: EndBody,
    to: EndBody,
    /// What each component brought, the largest first; they add up to the change.
    moves: Vec<MoveBody>,
}

#[derive(Debug, Serialize, ToSchema)]
struct EndBody {
    day: NaiveDate,
    /// The day on which what stood then was recorded.
    recorded: Option<NaiveDate>,
    score: Option<u8>,
    factors: Vec<FactorBody>,
    /// The vetoes that held, whether or not they lowered the score.
    caps: Vec<CapBody>,
    /// Their reasons are among these, by key.
    risks: Vec<RiskBody>,
    profile: Option<ProfileRefBody>,
}

#[derive(Debug, Serialize, ToSchema)]
struct MoveBody {
    /// Null for the vetoes.
    component: Option<&'static str>,
    before: Option<u8>,
    after: Option<u8>,
    /// Points of the score, to one digit.
    points: f64,
}

/// Why a client's score moved between two days: what each component brought.
#[utoipa::path(get, path = "/clients/{id}/health/moves", operation_id = "client_health_moves", tag = "health", params(("id" = Uuid, Path), MovedQuery), responses((status = 200, body = MovedBody), (status = 422, body = super::error::Problem)))]
async fn moved(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(id): Id,
    Query(query): Query<MovedQuery>,
) -> Answer<Json<MovedBody>> {
    let moved = essor_app::health::moved(&state.app, &actor, id, query.from, query.to).await?;
    let end = |end: essor_app::health::End| EndBody {
        day: end.day,
        recorded: end.recorded,
        score: end.health.as_ref().and_then(|h| h.score),
        factors: end.health.iter().flat_map(|h| &h.factors).map(|f| factor(f, None)).collect(),
        caps: end.health.iter().flat_map(|h| &h.caps).map(CapBody::from).collect(),
        risks: end.health.iter().flat_map(|h| &h.risks).map(RiskBody::from).collect(),
        profile: end.profile.map(ProfileRefBody::from),
    };
    Ok(Json(MovedBody {
        from: end(moved.from),
        to: end(moved.to),
        moves: moved
            .moves
            .into_iter()
            .map(|m| MoveBody {
                component: m.component.map(Component::as_str),
                before: m.before,
                after: m.after,
                points: m.points,
            })
            .collect(),
    }))
}

/// What a person thinks of a client.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PulseBody {
    /// 1 (lost) to 5 (enthusiastic).
    value: i64,
    /// Why.
    #[serde(default)]
    note: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct PulseAdded {
    id: Uuid,
}

/// Records what the caller thinks of a client; it counts in its health for 90 days.
#[utoipa::path(post, path = "/clients/{id}/pulse", operation_id = "add_pulse", tag = "health", params(("id" = Uuid, Path)), request_body = PulseBody, responses((status = 200, body = PulseAdded), (status = 422, body = super::error::Problem)))]
async fn add_pulse(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(id): Id,
    Json(body): Json<PulseBody>,
) -> Answer<Json<PulseAdded>> {
    let input = PulseInput { value: u8::try_from(body.value).unwrap_or(u8::MAX), note: body.note };
    let id = essor_app::clients::add_pulse(&state.app, &actor, id, &input).await?;
    Ok(Json(PulseAdded { id }))
}

/// Takes an opinion back.
#[utoipa::path(delete, path = "/clients/{id}/pulse/{pulseId}", operation_id = "drop_pulse", tag = "health", params(("id" = Uuid, Path), ("pulseId" = Uuid, Path)), responses((status = 204)))]
async fn drop_pulse(Extract(state): Shared, Caller(actor): Caller, Ids(id, pulse): Ids) -> Answer<StatusCode> {
    essor_app::clients::drop_pulse(&state.app, &actor, id, pulse).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize, IntoParams)]
struct PortfolioQuery {
    /// Days of the mean's history, 1 to 730; default 90.
    days: Option<u64>,
}

/// Paying clients by score, by risk and by day.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PortfolioBody {
    day: NaiveDate,
    /// Paying clients by ten points: 0–9, 10–19, … 90–100.
    bins: Vec<i64>,
    /// Paying clients without a score.
    unknown: i64,
    /// Of those with a score; null where nobody has one.
    mean: Option<f64>,
    /// Paying clients with a score.
    scored: i64,
    /// Paying clients at risk.
    at_risk: i64,
    /// What those pay a month, in cents.
    at_risk_mrr_cents: i64,
    /// The dearest risk of each client, counted; by what those clients pay.
    risks: Vec<RiskCountBody>,
    /// Of all clients, whatever the filter; oldest first. `/health/portfolio/days` has those of a slice.
    days: Vec<HealthDayBody>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RiskCountBody {
    key: String,
    clients: i64,
    mrr_cents: i64,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct HealthDayBody {
    day: NaiveDate,
    /// Null on a day without any score.
    mean: Option<f64>,
    scored: i64,
    at_risk: i64,
}

impl From<&(NaiveDate, essor_app::growth::HealthDay)> for HealthDayBody {
    fn from((day, of): &(NaiveDate, essor_app::growth::HealthDay)) -> Self {
        let mean = (of.scored > 0).then(|| of.score_sum as f64 / of.scored as f64);
        HealthDayBody { day: *day, mean, scored: of.scored, at_risk: of.at_risk }
    }
}

/// How the mean went.
#[derive(Debug, Serialize, ToSchema)]
struct HealthDaysBody {
    /// Oldest first.
    items: Vec<HealthDayBody>,
}

/// How the mean of a slice went: read off the recorded scores of its clients, week by week, of a large slice at fewer days.
#[utoipa::path(get, path = "/health/portfolio/days", operation_id = "health_portfolio_days", tag = "health", params(PortfolioQuery, SliceQuery), responses((status = 200, body = HealthDaysBody)))]
async fn portfolio_days(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(query): Query<PortfolioQuery>,
    Query(slice): Query<SliceQuery>,
) -> Answer<Json<HealthDaysBody>> {
    let slice = slice.read(&state, &actor).await?;
    let days = query.days.unwrap_or(90).clamp(1, 730);
    let found = essor_app::growth::health_days(&state.app, &actor, &slice, days).await?;
    Ok(Json(HealthDaysBody { items: found.iter().map(HealthDayBody::from).collect() }))
}

/// The portfolio's health: distribution, what worries most, how the mean went.
#[utoipa::path(get, path = "/health/portfolio", operation_id = "health_portfolio", tag = "health", params(PortfolioQuery, SliceQuery), responses((status = 200, body = PortfolioBody)))]
async fn portfolio(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(query): Query<PortfolioQuery>,
    Query(slice): Query<SliceQuery>,
) -> Answer<Json<PortfolioBody>> {
    let text = |value: Option<String>| value.filter(|v| !v.trim().is_empty());
    let filter = essor_app::clients::Filter {
        segment: text(slice.segment),
        owner: text(slice.owner),
        product: text(slice.product),
        ..essor_app::clients::Filter::default()
    };
    let narrow = essor_app::clients::Narrow { view: slice.view, ..Default::default() };
    let days = query.days.unwrap_or(90).clamp(1, 730);
    let found = essor_app::health::portfolio(&state.app, &actor, &filter, &narrow, days).await?;
    let mean = |sum: i64, scored: i64| (scored > 0).then(|| sum as f64 / scored as f64);
    let spread = &found.spread;
    let scored = spread.bins.iter().sum();
    Ok(Json(PortfolioBody {
        day: found.day,
        bins: spread.bins.to_vec(),
        unknown: spread.unknown,
        mean: mean(spread.score_sum, scored),
        scored,
        at_risk: spread.at_risk,
        at_risk_mrr_cents: spread.at_risk_cents,
        risks: found
            .risks
            .into_iter()
            .map(|r| RiskCountBody { key: r.key, clients: r.clients, mrr_cents: r.mrr_cents })
            .collect(),
        days: found.days.iter().map(HealthDayBody::from).collect(),
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
