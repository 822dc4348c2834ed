//! The growth dashboard's endpoints: figures, history, movements, metrics. Each takes a slice of the portfolio.

use super::auth::Caller;
use super::error::Answer;
use super::json::{Json, Query, limit, read_cursor, write_cursor};
use super::slice::SliceQuery;
use super::{Shared, State};
use axum::extract::State as Extract;
use chrono::{DateTime, NaiveDate, Utc};
use essor_app::growth;
use essor_domain::growth::ledger::MovementKind;
use essor_domain::{Code, Invalid};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(summary))
        .routes(routes!(health_changes))
        .routes(routes!(history))
        .routes(routes!(movements))
        .routes(routes!(movement_clients))
        .routes(routes!(metrics))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
struct AsOf {
    /// End of that day in the workspace's zone; default now.
    as_of: Option<NaiveDate>,
}

/// The headline figures. Amounts in cents of `currency`; names ending in `Pct` are percentages; `null` where a ratio
/// does not exist.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[allow(clippy::struct_field_names)]
struct SummaryBody {
    as_of: NaiveDate,
    currency: String,
    mrr_cents: i64,
    /// Against the close of the previous month.
    mrr_change_pct: Option<f64>,
    previous_mrr_cents: i64,
    previous_day: NaiveDate,
    active_clients: i64,
    active_change: i64,
    /// Unweighted mean over active clients with a score.
    mean_health: Option<f64>,
    scored_clients: i64,
    /// Null for a slice: there `/growth/health-changes` reads it.
    mean_health_change_30d: Option<f64>,
    at_risk_clients: i64,
    at_risk_mrr_cents: i64,
    /// Likewise.
    at_risk_change_7d: Option<i64>,
    /// Reached of those due in the quarter, in per cent; null while none is. Of the whole workspace, whatever the slice.
    objectives_reached_pct: Option<f64>,
    objectives: super::objectives::StandingBody,
    health_classes: BTreeMap<&'static str, i64>,
    month_movements: BTreeMap<&'static str, i64>,
    clients_total: i64,
    computed_at: DateTime<Utc>,
}

fn by_kind(kinds: &[(MovementKind, i64); 5]) -> BTreeMap<&'static str, i64> {
    kinds.iter().map(|(kind, cents)| (kind.as_str(), *cents)).collect()
}

/// The headline figures, now or as of a past day.
#[utoipa::path(get, path = "/growth/summary", tag = "growth", params(AsOf, SliceQuery), responses((status = 200, body = SummaryBody)))]
async fn summary(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(query): Query<AsOf>,
    Query(slice): Query<SliceQuery>,
) -> Answer<Json<SummaryBody>> {
    let slice = slice.read(&state, &actor).await?;
    let s = growth::summary(&state.app, &actor, &slice, query.as_of).await?;
    Ok(Json(SummaryBody {
        as_of: s.as_of,
        currency: s.currency,
        mrr_cents: s.mrr_cents,
        mrr_change_pct: s.mrr_change_pct,
        previous_mrr_cents: s.previous_mrr_cents,
        previous_day: s.previous_day,
        active_clients: s.active_clients,
        active_change: s.active_change,
        mean_health: s.mean_health,
        scored_clients: s.scored_clients,
        mean_health_change_30d: s.mean_health_change_30d,
        at_risk_clients: s.at_risk_clients,
        at_risk_mrr_cents: s.at_risk_mrr_cents,
        at_risk_change_7d: s.at_risk_change_7d,
        objectives_reached_pct: s.objectives.reached_pct(),
        objectives: s.objectives.into(),
        health_classes: s.health_classes.into_iter().collect(),
        month_movements: by_kind(&s.month_movements),
        clients_total: s.clients_total,
        computed_at: s.computed_at,
    }))
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct HealthChangesBody {
    as_of: NaiveDate,
    /// Of mean health, in points, against thirty days before; null when nobody had a score on either day.
    mean_health_change_30d: Option<f64>,
    /// Of the number of clients at risk, against seven days before; null when nobody had a score then.
    at_risk_change_7d: Option<i64>,
}

/// How health has changed, of a slice too: there it is read off the recorded scores of its clients.
#[utoipa::path(get, path = "/growth/health-changes", operation_id = "health_changes", tag = "growth", params(AsOf, SliceQuery), responses((status = 200, body = HealthChangesBody)))]
async fn health_changes(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(query): Query<AsOf>,
    Query(slice): Query<SliceQuery>,
) -> Answer<Json<HealthChangesBody>> {
    let slice = slice.read(&state, &actor).await?;
    let of = growth::health_changes(&state.app, &actor, &slice, query.as_of).await?;
    Ok(Json(HealthChangesBody {
        as_of: of.as_of,
        mean_health_change_30d: of.mean_30d,
        at_risk_change_7d: of.at_risk_7d,
    }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
struct HistoryQuery {
    /// 1 to 60; default 12.
    months: Option<u32>,
    as_of: Option<NaiveDate>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct HistoryBody {
    currency: String,
    /// Month-ends, oldest first; the first is only an opening.
    points: Vec<PointBody>,
}

/// A month's close and what moved since the one before, in cents.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PointBody {
    day: NaiveDate,
    mrr_cents: i64,
    active_clients: i64,
    new: i64,
    expansion: i64,
    contraction: i64,
    churn: i64,
    reactivation: i64,
}

/// MRR at each month's close.
#[utoipa::path(get, path = "/growth/history", tag = "growth", params(HistoryQuery, SliceQuery), responses((status = 200, body = HistoryBody)))]
async fn history(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(query): Query<HistoryQuery>,
    Query(slice): Query<SliceQuery>,
) -> Answer<Json<HistoryBody>> {
    let months = months(query.months)?;
    let slice = slice.read(&state, &actor).await?;
    let (currency, points) = growth::history(&state.app, &actor, &slice, months, query.as_of).await?;
    let points = points
        .into_iter()
        .map(|p| {
            let [new, expansion, contraction, churn, reactivation] = p.movements.map(|(_, cents)| cents);
            PointBody {
                day: p.day,
                mrr_cents: p.mrr_cents,
                active_clients: p.active_clients,
                new,
                expansion,
                contraction,
                churn,
                reactivation,
            }
        })
        .collect();
    Ok(Json(HistoryBody { currency, points }))
}

fn months(asked: Option<u32>) -> Answer<u32> {
    match asked.unwrap_or(12) {
        n @ 1..=60 => Ok(n),
        _ => Err(Invalid::field(Code::FieldRange, "months").with("min", 1).with("max", 60).into()),
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
struct RangeQuery {
    /// The close to start from; default the previous month's.
    from: Option<NaiveDate>,
    /// The close to end at; default today.
    to: Option<NaiveDate>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
struct RowsQuery {
    /// The close to start from; default the previous month's.
    from: Option<NaiveDate>,
    /// The close to end at; default today.
    to: Option<NaiveDate>,
    /// new, expansion, contraction, churn or reactivation; default all.
    kind: Option<String>,
    /// 1 to 200; default 50.
    limit: Option<i64>,
    /// The `nextCursor` of the page before.
    cursor: Option<String>,
}

/// Opening + movements = closing, to the cent.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct WaterfallBody {
    from: NaiveDate,
    to: NaiveDate,
    currency: String,
    opening_cents: i64,
    closing_cents: i64,
    kinds: Vec<KindBody>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct KindBody {
    kind: &'static str,
    cents: i64,
    count: i64,
}

/// The movements between two closes, by kind.
#[utoipa::path(get, path = "/growth/movements", tag = "growth", params(RangeQuery, SliceQuery), responses((status = 200, body = WaterfallBody)))]
async fn movements(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(query): Query<RangeQuery>,
    Query(slice): Query<SliceQuery>,
) -> Answer<Json<WaterfallBody>> {
    let slice = slice.read(&state, &actor).await?;
    let w = growth::waterfall(&state.app, &actor, &slice, query.from, query.to).await?;
    let kinds = w.kinds.iter().map(|k| KindBody { kind: k.kind.as_str(), cents: k.cents, count: k.count }).collect();
    Ok(Json(WaterfallBody {
        from: w.from,
        to: w.to,
        currency: w.currency,
        opening_cents: w.opening_cents,
        closing_cents: w.closing_cents,
        kinds,
    }))
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MovementPage {
    items: Vec<MovementBody>,
    next_cursor: Option<String>,
    total: i64,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MovementBody {
    client_id: Uuid,
    client_name: String,
    day: NaiveDate,
    kind: String,
    delta_cents: i64,
    mrr_after_cents: i64,
}

/// The clients behind the movements between two closes, newest first.
#[utoipa::path(get, path = "/growth/movements/clients", tag = "growth", params(RowsQuery, SliceQuery), responses((status = 200, body = MovementPage)))]
async fn movement_clients(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(query): Query<RowsQuery>,
    Query(slice): Query<SliceQuery>,
) -> Answer<Json<MovementPage>> {
    let kind = query.kind.as_deref().filter(|k| !k.is_empty()).map(MovementKind::parse).transpose()?;
    let before = read_cursor::<(NaiveDate, Uuid)>(query.cursor.as_deref())?;
    let limit = limit(query.limit);
    let slice = slice.read(&state, &actor).await?;
    let (mut rows, total) =
        growth::movements(&state.app, &actor, &slice, (query.from, query.to), kind, before, limit + 1).await?;
    let more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    let next_cursor = rows.last().filter(|_| more).map(|row| write_cursor(&(row.day, row.client_id)));
    let items = rows
        .into_iter()
        .map(|row| MovementBody {
            client_id: row.client_id,
            client_name: row.name,
            day: row.day,
            kind: row.kind,
            delta_cents: row.delta_cents,
            mrr_after_cents: row.after_cents,
        })
        .collect();
    Ok(Json(MovementPage { items, next_cursor, total }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
struct MetricsQuery {
    as_of: Option<NaiveDate>,
    /// The period's length, 1 to 60; default 12.
    months: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MetricsBody {
    as_of: NaiveDate,
    from: NaiveDate,
    currency: String,
    items: Vec<MetricBody>,
}

/// A metric with what it is computed from; `value` is null when its denominator is empty.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MetricBody {
    /// mrr, arr, nrr, grr, logoChurn, revenueChurn, quickRatio, arpa, monthlyChurn, ltv, cac, payback, ltvCac.
    key: &'static str,
    value: Option<f64>,
    /// cents, ratio (a fraction), number or months.
    unit: &'static str,
    parts: Vec<PartBody>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PartBody {
    key: &'static str,
    /// cents, count or ratio: which of the three holds the value; it is absent where it is not known.
    unit: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cents: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ratio: Option<f64>,
}

impl From<growth::MetricPart> for PartBody {
    fn from(part: growth::MetricPart) -> Self {
        let of = |unit| PartBody { key: part.key, unit, cents: None, count: None, ratio: None };
        match part.value {
            growth::PartValue::Cents(cents) => PartBody { cents, ..of("cents") },
            growth::PartValue::Count(count) => PartBody { count: Some(count), ..of("count") },
            growth::PartValue::Ratio(ratio) => PartBody { ratio, ..of("ratio") },
        }
    }
}

/// The standard metrics of a period: MRR, ARR, NRR, GRR, churn, quick ratio, ARPA, LTV, CAC, payback.
#[utoipa::path(get, path = "/growth/metrics", tag = "growth", params(MetricsQuery, SliceQuery), responses((status = 200, body = MetricsBody)))]
async fn metrics(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(query): Query<MetricsQuery>,
    Query(slice): Query<SliceQuery>,
) -> Answer<Json<MetricsBody>> {
    let slice = slice.read(&state, &actor).await?;
    let m = growth::metrics(&state.app, &actor, &slice, query.as_of, months(query.months)?).await?;
    let items = m
        .items
        .into_iter()
        .map(|item| MetricBody {
            key: item.key,
            value: item.value,
            unit: item.unit,
            parts: item.parts.into_iter().map(Into::into).collect(),
        })
        .collect();
    Ok(Json(MetricsBody { as_of: m.as_of, from: m.from, currency: m.currency, items }))
}
