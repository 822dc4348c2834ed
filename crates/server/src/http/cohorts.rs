//! Cohorts: clients by the period of their first payment, and what became of them.

use super::auth::Caller;
use super::error::Answer;
use super::json::{Json, Query, limit, read_cursor, write_cursor};
use super::slice::SliceQuery;
use super::{Shared, State};
use axum::extract::State as Extract;
use chrono::NaiveDate;
use essor_app::growth::{self as app, CellQuery, Period};
use essor_domain::{Code, Invalid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(read)).routes(routes!(clients))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
struct CohortsQuery {
    /// month or quarter; default month.
    by: Option<String>,
    /// How many periods back, 1 to 60; default 12.
    periods: Option<u32>,
    as_of: Option<NaiveDate>,
}

fn period(asked: Option<&str>) -> Answer<Period> {
    Ok(Period::parse(asked.filter(|by| !by.is_empty()).unwrap_or("month"))?)
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CohortsBody {
    as_of: NaiveDate,
    currency: String,
    /// month or quarter.
    by: &'static str,
    /// Oldest first; periods in which nobody began are left out.
    items: Vec<CohortBody>,
}

/// Clients that first paid in one period.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CohortBody {
    /// First day of the period.
    from: NaiveDate,
    clients: i64,
    /// What they began with, in cents a month.
    began_cents: i64,
    /// The end of their own period first, then of each one since.
    cells: Vec<CohortCell>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CohortCell {
    /// The close that it is read at.
    day: NaiveDate,
    /// Clients that pay then.
    clients: i64,
    mrr_cents: i64,
    /// Of the clients that began, in per cent.
    clients_pct: Option<f64>,
    /// Of the MRR that they began with, in per cent; above 100 where they have grown.
    mrr_pct: Option<f64>,
}

fn pct(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| 100.0 * part as f64 / whole as f64)
}

/// The cohorts of clients and of MRR, up to a day, by today's knowledge; of a product, by the first payment for it.
#[utoipa::path(get, path = "/growth/cohorts", operation_id = "cohorts", tag = "growth", params(CohortsQuery, SliceQuery), responses((status = 200, body = CohortsBody)))]
async fn read(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(query): Query<CohortsQuery>,
    Query(slice): Query<SliceQuery>,
) -> Answer<Json<CohortsBody>> {
    let by = period(query.by.as_deref())?;
    let periods = match query.periods.unwrap_or(12) {
        n @ 1..=60 => n,
        _ => return Err(Invalid::field(Code::FieldRange, "periods").with("min", 1).with("max", 60).into()),
    };
    let slice = slice.read(&state, &actor).await?;
    let all = app::cohorts(&state.app, &actor, &slice, by, periods, query.as_of).await?;
    let items = all
        .items
        .into_iter()
        .map(|cohort| CohortBody {
            from: cohort.from,
            clients: cohort.clients,
            began_cents: cohort.began_cents,
            cells: cohort
                .cells
                .iter()
                .map(|cell| CohortCell {
                    day: cell.day,
                    clients: cell.clients,
                    mrr_cents: cell.mrr_cents,
                    clients_pct: pct(cell.clients, cohort.clients),
                    mrr_pct: pct(cell.mrr_cents, cohort.began_cents),
                })
                .collect(),
        })
        .collect();
    Ok(Json(CohortsBody { as_of: all.as_of, currency: all.currency, by: by.as_str(), items }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
struct CohortClientsQuery {
    /// Any day of the cohort's period; default all cohorts.
    cohort: Option<NaiveDate>,
    /// month or quarter; default month.
    by: Option<String>,
    /// The close to read at; default now.
    at: Option<NaiveDate>,
    /// Only the clients that pay then.
    paying: Option<bool>,
    /// 1 to 200; default 50.
    limit: Option<i64>,
    /// The `nextCursor` of the page before.
    cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CohortClientPage {
    items: Vec<CohortClientBody>,
    next_cursor: Option<String>,
    total: i64,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CohortClientBody {
    client_id: Uuid,
    client_name: String,
    /// The day of the first payment.
    first_day: NaiveDate,
    began_cents: i64,
    mrr_cents: i64,
}

/// The clients behind a cell of the cohorts, by name.
#[utoipa::path(get, path = "/growth/cohorts/clients", operation_id = "cohort_clients", tag = "growth", params(CohortClientsQuery, SliceQuery), responses((status = 200, body = CohortClientPage)))]
async fn clients(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(query): Query<CohortClientsQuery>,
    Query(slice): Query<SliceQuery>,
) -> Answer<Json<CohortClientPage>> {
    let cell = CellQuery {
        cohort: query.cohort,
        by: period(query.by.as_deref())?,
        at: query.at,
        paying: query.paying.unwrap_or(false),
    };
    let after = read_cursor::<(String, Uuid)>(query.cursor.as_deref())?;
    let limit = limit(query.limit);
    let slice = slice.read(&state, &actor).await?;
    let (mut rows, total) = app::cohort_clients(&state.app, &actor, &slice, &cell, after, limit + 1).await?;
    let more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    let next_cursor = rows.last().filter(|_| more).map(|row| write_cursor(&(&row.name_key, row.id)));
    let items = rows
        .into_iter()
        .map(|row| CohortClientBody {
            client_id: row.id,
            client_name: row.name,
            first_day: row.first_day,
            began_cents: row.began_cents,
            mrr_cents: row.mrr_cents,
        })
        .collect();
    Ok(Json(CohortClientPage { items, next_cursor, total }))
}
