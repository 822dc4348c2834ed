//! The portfolio by stage: the board, the lists behind it, the funnel, how long stages take, the pipeline, alerts.

use super::super::auth::Caller;
use super::super::clients::FilterParams;
use super::super::error::Answer;
use super::super::forecast::horizon;
use super::super::json::{Json, Query, limit, read_cursor, write_cursor};
use super::super::{Shared, State};
use super::bodies::{AlertBody, DurationsBody, LabelBody, tenth};
use axum::extract::State as Extract;
use chrono::NaiveDate;
use essor_app::journey::{self as app, After, BoardColumn, Card};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(board))
        .routes(routes!(cards))
        .routes(routes!(funnel))
        .routes(routes!(times))
        .routes(routes!(pipeline))
        .routes(routes!(alerts))
}

/// The portfolio by stage.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct BoardBody {
    /// Clients in all, those without a journey among them.
    total: i64,
    without_journey: i64,
    completed: i64,
    /// Those of the template that everybody follows first.
    stages: Vec<BoardStage>,
    today: NaiveDate,
}

/// A stage of the board.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct BoardStage {
    key: String,
    label: LabelBody,
    planned_days: i64,
    clients: i64,
    mrr_cents: i64,
    /// Past the stage's planned end.
    late: i64,
    at_risk: i64,
    /// Of the stage, 0–100; null without clients.
    mean_progress_pct: Option<f64>,
}

impl From<BoardColumn> for BoardStage {
    fn from(c: BoardColumn) -> Self {
        BoardStage {
            key: c.key,
            label: c.label.into(),
            planned_days: c.planned_days,
            clients: c.clients,
            mrr_cents: c.mrr_cents,
            late: c.late,
            at_risk: c.at_risk,
            mean_progress_pct: c.mean_progress.map(tenth),
        }
    }
}

/// The portfolio by stage.
#[utoipa::path(get, path = "/journey/board", operation_id = "journey_board", tag = "journey", params(FilterParams), responses((status = 200, body = BoardBody)))]
async fn board(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(params): Query<FilterParams>,
) -> Answer<Json<BoardBody>> {
    let (filter, narrow) = params.split();
    let board = app::board(&state.app, &actor, filter, &narrow).await?;
    Ok(Json(BoardBody {
        total: board.total,
        without_journey: board.without,
        completed: board.completed,
        stages: board.stages.into_iter().map(Into::into).collect(),
        today: board.today,
    }))
}

#[derive(Debug, Deserialize, IntoParams)]
struct CardsQuery {
    /// A stage's key, `completed`, or `none` for clients without a journey.
    stage: Option<String>,
    /// late, at_risk, ask (somebody is asked whether they go on) or stalled.
    state: Option<String>,
    /// late (the default: whose planned end lies furthest behind), entered or mrr.
    sort: Option<String>,
    /// 1 to 200; default 50.
    limit: Option<i64>,
    cursor: Option<String>,
}

/// A page of clients by stage.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CardsBody {
    items: Vec<CardBody>,
    next_cursor: Option<String>,
    total: i64,
    today: NaiveDate,
}

/// A client on the board. Those without a journey have no stage and no days.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CardBody {
    client_id: Uuid,
    client_name: String,
    segment: Option<String>,
    owner: Option<String>,
    mrr_cents: i64,
    health: Option<i32>,
    health_class: String,
    /// A stage's key or `completed`; null without a journey.
    stage: Option<String>,
    /// active, at_risk or completed; null without a journey.
    status: Option<String>,
    progress_pct: Option<f64>,
    stage_progress_pct: Option<f64>,
    entered_on: Option<NaiveDate>,
    /// Days in the stage.
    days: Option<i64>,
    planned_days: Option<i64>,
    expected_end: Option<NaiveDate>,
    projected_end: Option<NaiveDate>,
    days_late: i64,
    inferred: bool,
    advance_proposed_on: Option<NaiveDate>,
    /// Alerts that last.
    alerts: i32,
}

fn card(card: Card, planned_days: i64, today: NaiveDate) -> CardBody {
    let until = card.completed_on.unwrap_or(today);
    CardBody {
        client_id: card.client_id,
        client_name: card.client_name,
        segment: card.segment,
        owner: card.owner,
        mrr_cents: card.mrr_cents,
        health: card.health,
        health_class: card.health_class,
        stage: Some(card.stage),
        days_late: card.expected_on.map_or(0, |expected| (today - expected).num_days().max(0)),
        status: Some(card.status),
        progress_pct: Some(tenth(card.progress)),
        stage_progress_pct: Some(tenth(card.stage_progress)),
        entered_on: Some(card.entered_on),
        days: Some((until - card.entered_on).num_days()),
        planned_days: Some(planned_days),
        expected_end: card.expected_on,
        projected_end: card.projected_on,
        inferred: card.inferred,
        advance_proposed_on: card.proposed_on,
        alerts: card.alerts,
    }
}

#[derive(Debug, Serialize, Deserialize)]
enum Cursor {
    Day(NaiveDate, Uuid),
    Cents(i64, Uuid),
}

/// Clients by stage: a column of the board, the list of the late, those that wait for an answer.
#[utoipa::path(get, path = "/journey/clients", operation_id = "journey_clients", tag = "journey", params(CardsQuery, FilterParams), responses((status = 200, body = CardsBody)))]
async fn cards(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(query): Query<CardsQuery>,
    Query(params): Query<FilterParams>,
) -> Answer<Json<CardsBody>> {
    let (filter, narrow) = params.split();
    let after = read_cursor::<Cursor>(query.cursor.as_deref())?.map(|cursor| match cursor {
        Cursor::Day(day, id) => After::Day(day, id),
        Cursor::Cents(cents, id) => After::Cents(cents, id),
    });
    let asked = (query.stage.as_deref(), query.state.as_deref(), query.sort.as_deref());
    let page = app::cards(&state.app, &actor, filter, &narrow, asked, after, limit(query.limit)).await?;
    let today = page.today;
    let without = page.without.into_iter().map(|client| CardBody {
        client_id: client.id,
        client_name: client.name,
        segment: client.segment,
        owner: client.owner,
        mrr_cents: client.mrr_cents,
        health: client.health,
        health_class: client.health_class,
        ..CardBody::default()
    });
    Ok(Json(CardsBody {
        items: page.items.into_iter().map(|(row, days)| card(row, days, today)).chain(without).collect(),
        next_cursor: page.next.map(|next| {
            write_cursor(&match next {
                After::Day(day, id) => Cursor::Day(day, id),
                After::Cents(cents, id) => Cursor::Cents(cents, id),
            })
        }),
        total: page.total,
        today,
    }))
}

#[derive(Debug, Deserialize, IntoParams)]
struct FunnelQuery {
    /// The last so many months in which clients began; 12 when left out, 60 at most.
    months: Option<usize>,
}

/// How far clients went.
#[derive(Debug, Serialize, ToSchema)]
struct FunnelBody {
    stages: Vec<FunnelStage>,
    /// The newest month last.
    cohorts: Vec<FunnelCohort>,
    all: FunnelAll,
}

/// A stage of the funnel.
#[derive(Debug, Serialize, ToSchema)]
struct FunnelStage {
    key: String,
    label: LabelBody,
}

/// Journeys that began in the same month.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FunnelCohort {
    /// `YYYY-MM`.
    month: String,
    entered: i64,
    /// How many came as far as each stage: they entered it, or one after it.
    reached: Vec<i64>,
    /// From each stage to the next; null where nobody was.
    conversion_pct: Vec<Option<f64>>,
    /// Of those that entered, how many were inferred.
    inferred: i64,
}

/// All of them together.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FunnelAll {
    entered: i64,
    reached: Vec<i64>,
    /// From each stage to the next; null where nobody was.
    conversion_pct: Vec<Option<f64>>,
}

/// From stage to stage, by the month in which journeys began, through the template of the segment or the one that everybody
/// follows. Journeys of other templates are left out.
#[utoipa::path(get, path = "/journey/funnel", operation_id = "journey_funnel", tag = "journey", params(FunnelQuery, FilterParams), responses((status = 200, body = FunnelBody)))]
async fn funnel(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(query): Query<FunnelQuery>,
    Query(params): Query<FilterParams>,
) -> Answer<Json<FunnelBody>> {
    let months = query.months.unwrap_or(12).clamp(1, 60);
    let (filter, narrow) = params.split();
    let found = app::funnel(&state.app, &actor, filter, &narrow, months).await?;
    Ok(Json(FunnelBody {
        stages: found.stages.into_iter().map(|(key, label)| FunnelStage { key, label: label.into() }).collect(),
        cohorts: found
            .cohorts
            .into_iter()
            .map(|c| FunnelCohort {
                entered: c.reached.first().copied().unwrap_or(0),
                month: c.month,
                conversion_pct: app::conversions(&c.reached),
                reached: c.reached,
                inferred: c.inferred,
            })
            .collect(),
        all: FunnelAll {
            entered: found.all.first().copied().unwrap_or(0),
            conversion_pct: app::conversions(&found.all),
            reached: found.all,
        },
    }))
}

#[derive(Debug, Deserialize, IntoParams)]
struct TimesQuery {
    /// A segment.
    segment: Option<String>,
}

/// How long stages really take.
#[derive(Debug, Serialize, ToSchema)]
struct TimesBody {
    stages: Vec<StageTimesBody>,
}

/// A stage's planned days beside the real ones.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct StageTimesBody {
    key: String,
    label: LabelBody,
    planned_days: i64,
    #[serde(flatten)]
    real: DurationsBody,
    by_segment: Vec<SegmentTimes>,
}

/// The same of one segment; empty for clients without one.
#[derive(Debug, Serialize, ToSchema)]
struct SegmentTimes {
    segment: String,
    #[serde(flatten)]
    real: DurationsBody,
}

/// How long stages really take beside what was planned.
#[utoipa::path(get, path = "/journey/times", operation_id = "journey_times", tag = "journey", params(TimesQuery), responses((status = 200, body = TimesBody)))]
async fn times(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(query): Query<TimesQuery>,
) -> Answer<Json<TimesBody>> {
    let found = app::times(&state.app, &actor, query.segment.as_deref().filter(|s| !s.is_empty())).await?;
    let stages = found
        .into_iter()
        .map(|((key, label, planned_days), real, segments)| StageTimesBody {
            key,
            label: label.into(),
            planned_days,
            real: real.into(),
            by_segment: segments
                .into_iter()
                .map(|(segment, real)| SegmentTimes { segment, real: real.into() })
                .collect(),
        })
        .collect();
    Ok(Json(TimesBody { stages }))
}

/// Growth by stage.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PipelineBody {
    stages: Vec<PipelineStageBody>,
    without_journey: PipelineRest,
    completed: PipelineRest,
    /// The month-end that `forecastCents` is about.
    forecast_day: Option<NaiveDate>,
}

/// A stage of the pipeline.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PipelineStageBody {
    key: String,
    label: LabelBody,
    planned_days: i64,
    clients: i64,
    /// What they pay a month.
    mrr_cents: i64,
    /// Of what clients in all stages pay, 0–100.
    share_pct: Option<f64>,
    /// The key of the stage after it; null after the last, and for stages of another template than the one that the segment,
    /// or everybody, follows.
    next: Option<String>,
    /// Of those that reached this stage, how many reached the next, 0–100.
    conversion_pct: Option<f64>,
    median_days: Option<i32>,
    p80_days: Option<i32>,
    /// Its part of the forecast's median, by what it pays today.
    forecast_cents: Option<i64>,
}

/// Clients that are in no stage.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PipelineRest {
    clients: i64,
    mrr_cents: i64,
}

#[derive(Debug, Deserialize, IntoParams)]
struct PipelineQuery {
    /// The month-end ahead whose forecast is shared out, 1 to 36; default 3.
    horizon: Option<u32>,
}

/// Clients, value, share, conversion and durations by stage, all of the clients that the filter shows.
#[utoipa::path(get, path = "/journey/pipeline", operation_id = "journey_pipeline", tag = "journey", params(PipelineQuery, FilterParams), responses((status = 200, body = PipelineBody)))]
async fn pipeline(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(query): Query<PipelineQuery>,
    Query(params): Query<FilterParams>,
) -> Answer<Json<PipelineBody>> {
    let (filter, narrow) = params.split();
    let horizon = horizon(query.horizon, 3)?;
    let found = app::pipeline(&state.app, &actor, filter, &narrow, horizon).await?;
    Ok(Json(PipelineBody {
        stages: found
            .stages
            .into_iter()
            .map(|s| PipelineStageBody {
                key: s.key,
                label: s.label.into(),
                planned_days: s.planned_days,
                clients: s.clients,
                mrr_cents: s.mrr_cents,
                share_pct: s.share_pct,
                next: s.next,
                conversion_pct: s.conversion_pct,
                median_days: s.durations.median,
                p80_days: s.durations.p80,
                forecast_cents: s.forecast_cents,
            })
            .collect(),
        without_journey: PipelineRest { clients: found.board.without, mrr_cents: found.board.without_mrr_cents },
        completed: PipelineRest { clients: found.board.completed, mrr_cents: found.board.completed_mrr_cents },
        forecast_day: found.forecast_day,
    }))
}

#[derive(Debug, Deserialize, IntoParams)]
struct AlertsQuery {
    /// stage_late, stage_projected_late, milestone_overdue, action_overdue or stalled.
    kind: Option<String>,
    /// One client.
    client: Option<Uuid>,
    /// Only those that last (the default); false for all.
    open: Option<bool>,
    /// 1 to 200; default 50.
    limit: Option<i64>,
    cursor: Option<String>,
}

/// A page of alerts.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AlertsBody {
    /// The newest first.
    items: Vec<AlertBody>,
    next_cursor: Option<String>,
    /// How many last, by kind, of all clients.
    counts: HashMap<String, i64>,
}

/// Delay alerts.
#[utoipa::path(get, path = "/journey/alerts", operation_id = "journey_alerts", tag = "journey", params(AlertsQuery), responses((status = 200, body = AlertsBody)))]
async fn alerts(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(query): Query<AlertsQuery>,
) -> Answer<Json<AlertsBody>> {
    let after = read_cursor::<(NaiveDate, Uuid)>(query.cursor.as_deref())?;
    let asked = (query.kind.as_deref().filter(|k| !k.is_empty()), query.client, query.open.unwrap_or(true));
    let (items, next, counts, today) = app::alerts(&state.app, &actor, asked, after, limit(query.limit)).await?;
    Ok(Json(AlertsBody {
        items: items.into_iter().map(|row| AlertBody::of(row, today)).collect(),
        next_cursor: next.map(|next| write_cursor(&next)),
        counts,
    }))
}
