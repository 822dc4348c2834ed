//! The ingestion page: sources, what they sent, what was set aside.

use super::auth::Caller;
use super::error::Answer;
use super::json::{Id, Json, Query, limit, read_cursor, write_cursor};
use super::{Shared, State};
use axum::extract::State as Extract;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use essor_app::{identity, usage};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(ingestion))
        .routes(routes!(quarantine))
        .routes(routes!(replay_all))
        .routes(routes!(replay))
        .routes(routes!(discard))
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct IngestionBody {
    keys: Vec<KeyBody>,
    /// The last 48 hours, oldest first.
    hours: Vec<HourBody>,
    totals: TotalsBody,
    /// Where SDKs send.
    endpoint: String,
    last_received_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct KeyBody {
    id: Uuid,
    name: String,
    prefix: String,
    created_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
    accepted_24h: i64,
    duplicates_24h: i64,
    quarantined_24h: i64,
}

#[derive(Debug, Serialize, ToSchema)]
struct HourBody {
    hour: DateTime<Utc>,
    accepted: i64,
    duplicates: i64,
    quarantined: i64,
}

#[derive(Debug, Serialize, ToSchema)]
struct TotalsBody {
    events: i64,
    quarantined: i64,
    parked: i64,
}

/// The state of the sources.
#[utoipa::path(get, path = "/ingestion", tag = "usage", responses((status = 200, body = IngestionBody)))]
async fn ingestion(Extract(state): Shared, Caller(actor): Caller) -> Answer<Json<IngestionBody>> {
    let sources = usage::sources(&state.app, &actor).await?;
    let keys = identity::list_write_keys(&state.app, &actor).await?;
    let last_received_at = keys.iter().filter_map(|key| key.last_used_at).max();
    let keys = keys
        .into_iter()
        .map(|key| {
            let counts = sources.keys.get(&key.id).copied().unwrap_or_default();
            KeyBody {
                id: key.id,
                name: key.name,
                prefix: key.prefix,
                created_at: key.created_at,
                last_used_at: key.last_used_at,
                revoked_at: key.revoked_at,
                accepted_24h: counts.accepted,
                duplicates_24h: counts.duplicates,
                quarantined_24h: counts.quarantined,
            }
        })
        .collect();
    let hours = sources.hours.into_iter().map(|(hour, c)| HourBody {
        hour,
        accepted: c.accepted,
        duplicates: c.duplicates,
        quarantined: c.quarantined,
    });
    Ok(Json(IngestionBody {
        keys,
        hours: hours.collect(),
        totals: TotalsBody { events: sources.events, quarantined: sources.quarantined, parked: sources.parked },
        endpoint: format!("{}/v1/batch", state.app.public_url),
        last_received_at,
    }))
}

#[derive(Debug, Deserialize, IntoParams)]
struct PageQuery {
    limit: Option<i64>,
    cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct QuarantinePage {
    items: Vec<QuarantineItem>,
    next_cursor: Option<String>,
    total: i64,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct QuarantineItem {
    id: Uuid,
    received_at: DateTime<Utc>,
    source: String,
    code: String,
    #[schema(value_type = Object)]
    params: Value,
    /// As it was sent.
    raw: String,
    tries: i32,
}

/// Messages set aside, newest first.
#[utoipa::path(get, path = "/quarantine", tag = "usage", params(PageQuery), responses((status = 200, body = QuarantinePage)))]
async fn quarantine(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(query): Query<PageQuery>,
) -> Answer<Json<QuarantinePage>> {
    let limit = limit(query.limit);
    let before = read_cursor::<Uuid>(query.cursor.as_deref())?;
    let (mut rows, total) = usage::list(&state.app, &actor, before, limit + 1).await?;
    let more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    let next_cursor = rows.last().filter(|_| more).map(|row| write_cursor(&row.id));
    let items = rows
        .into_iter()
        .map(|row| QuarantineItem {
            id: row.id,
            received_at: row.received_at,
            source: row.source,
            code: row.code,
            params: row.params,
            raw: row.raw,
            tries: row.tries,
        })
        .collect();
    Ok(Json(QuarantinePage { items, next_cursor, total }))
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct ReplayBody {
    /// The message, mended; as it was when left out.
    raw: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Replayed {
    accepted: bool,
    /// Why not, when not.
    code: Option<&'static str>,
    #[schema(value_type = Object)]
    params: Value,
}

/// Tries a message again, as it is or mended.
#[utoipa::path(post, path = "/quarantine/{id}/replay", tag = "usage", params(("id" = Uuid, Path)), request_body = ReplayBody, responses((status = 200, body = Replayed)))]
async fn replay(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(id): Id,
    body: axum::body::Bytes,
) -> Answer<Json<Replayed>> {
    let body: ReplayBody = if body.is_empty() { ReplayBody::default() } else { super::json::parse(&body)? };
    let refused = usage::replay_one(&state.app, &actor, id, body.raw).await?;
    Ok(Json(Replayed {
        accepted: refused.is_none(),
        code: refused.as_ref().map(|r| r.code.as_str()),
        params: refused.map_or_else(|| Value::Object(Default::default()), |r| Value::Object(r.params)),
    }))
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ReplayedAll {
    accepted: i64,
    still_quarantined: i64,
}

/// Tries all messages again.
#[utoipa::path(post, path = "/quarantine/replay", tag = "usage", responses((status = 200, body = ReplayedAll)))]
async fn replay_all(Extract(state): Shared, Caller(actor): Caller) -> Answer<Json<ReplayedAll>> {
    let (accepted, still_quarantined) = usage::replay_all(&state.app, &actor).await?;
    Ok(Json(ReplayedAll { accepted, still_quarantined }))
}

/// Drops a message for good.
#[utoipa::path(delete, path = "/quarantine/{id}", tag = "usage", params(("id" = Uuid, Path)), responses((status = 204)))]
async fn discard(Extract(state): Shared, Caller(actor): Caller, Id(id): Id) -> Answer<StatusCode> {
    usage::drop_one(&state.app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
