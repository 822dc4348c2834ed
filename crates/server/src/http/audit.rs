//! The audit log: its entries, the same as a file, and whether the chain is whole.

use super::auth::Caller;
use super::error::{Answer, Failure};
use super::json::{Json, Query, limit, read_cursor, write_cursor};
use super::{Shared, State};
use axum::body::{Body, Bytes};
use axum::extract::State as Extract;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use essor_app::audit::{self as app, EntryShown, Filter};
use essor_app::{Actor, App};
use essor_domain::identity::Action;
use futures_util::stream;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(export)).routes(routes!(verify))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
struct AuditParams {
    /// 1 to 200; default 50.
    limit: Option<i64>,
    /// The `nextCursor` of the page before.
    cursor: Option<String>,
    /// The id of a person or token.
    person: Option<Uuid>,
    /// How the operation begins: `members.`, or a whole one.
    operation: Option<String>,
    /// The id of a thing.
    object: Option<String>,
    /// From this day on, in the workspace's zone.
    from: Option<NaiveDate>,
    /// Until this day, included.
    to: Option<NaiveDate>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AuditPage {
    /// Newest first.
    items: Vec<AuditEntry>,
    next_cursor: Option<String>,
    /// How many entries the log has, the filter aside.
    entries: i64,
}

/// One entry: who did what to what, and how it came.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AuditEntry {
    /// Its number in the workspace, from 1.
    seq: i64,
    at: DateTime<Utc>,
    /// `person`, `token` or `system`.
    actor_kind: String,
    actor_id: Option<Uuid>,
    /// Their name then; null for the machine, and once erased.
    actor_name: Option<String>,
    /// `api` (the interface too), `cli` or `system`.
    origin: String,
    /// `members.role`.
    operation: String,
    object_kind: String,
    object_id: Option<String>,
    /// Its name then; null once erased.
    object_name: Option<String>,
    /// The fields that changed, as they were.
    #[schema(value_type = Option<Object>)]
    before: Option<Value>,
    /// The fields that changed, as they became.
    #[schema(value_type = Option<Object>)]
    after: Option<Value>,
    address: Option<String>,
    user_agent: Option<String>,
    request_id: String,
    /// The hash over this entry and the one before, in hexadecimal.
    hash: String,
    /// When names and values were erased.
    erased_at: Option<DateTime<Utc>>,
}

impl From<EntryShown> for AuditEntry {
    fn from(e: EntryShown) -> Self {
        AuditEntry {
            seq: e.seq,
            at: e.at,
            actor_kind: e.actor_kind,
            actor_id: e.actor_id,
            actor_name: e.actor_name,
            origin: e.origin,
            operation: e.operation,
            object_kind: e.object_kind,
            object_id: e.object_id,
            object_name: e.object_name,
            before: e.before,
            after: e.after,
            address: e.address,
            user_agent: e.agent,
            request_id: e.request_id,
            hash: e.hash,
            erased_at: e.erased_at,
        }
    }
}

async fn filter(app: &App, actor: &Actor, params: &AuditParams) -> Result<Filter, Failure> {
    let text = |value: &Option<String>| value.clone().filter(|text| !text.trim().is_empty());
    let (from, until) = essor_app::audit::days(app, actor, params.from, params.to).await?;
    Ok(Filter { actor: params.person, operation: text(&params.operation), object: text(&params.object), from, until })
}

/// Who changed what, newest first (administrators).
#[utoipa::path(get, path = "/audit", operation_id = "audit", tag = "audit", params(AuditParams), responses((status = 200, body = AuditPage)))]
async fn list(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(params): Query<AuditParams>,
) -> Answer<Json<AuditPage>> {
    let limit = limit(params.limit);
    let before = read_cursor::<i64>(params.cursor.as_deref())?;
    let filter = filter(&state.app, &actor, &params).await?;
    let (mut rows, entries) = app::list(&state.app, &actor, &filter, before, limit + 1).await?;
    let more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    let next_cursor = rows.last().filter(|_| more).map(|row| write_cursor(&row.seq));
    Ok(Json(AuditPage { items: rows.into_iter().map(Into::into).collect(), next_cursor, entries }))
}

/// How many entries of the file are read at once.
const STEP: i64 = 1_000;

/// The same as a file, all pages of it (administrators). Instants are in UTC.
#[utoipa::path(get, path = "/audit/export", operation_id = "audit_export", tag = "audit", params(AuditParams), responses((status = 200, content_type = "text/csv", body = String)))]
async fn export(Extract(state): Shared, Caller(actor): Caller, Query(params): Query<AuditParams>) -> Answer<Response> {
    actor.require(Action::ReadAudit)?;
    let filter = filter(&state.app, &actor, &params).await?;
    let header = Bytes::from_static(
        b"seq,at,actor_kind,actor,origin,operation,object_kind,object_id,object,before,after,address,request_id,hash\r\n",
    );
    // Pages follow each other while the file is sent: its length is nobody's memory.
    let pages = stream::try_unfold((state, actor, filter, None::<i64>), |(state, actor, filter, before)| async move {
        let (rows, _) = app::list(&state.app, &actor, &filter, before, STEP).await.map_err(std::io::Error::other)?;
        let Some(last) = rows.last().map(|row| row.seq) else { return Ok(None) };
        let text: String = rows.iter().map(line).collect();
        Ok::<_, std::io::Error>(Some((Bytes::from(text), (state, actor, filter, Some(last)))))
    });
    let all = futures_util::StreamExt::chain(stream::iter([Ok(header)]), pages);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"audit.csv\"")),
    ];
    Ok((headers, Body::from_stream(all)).into_response())
}

fn line(e: &EntryShown) -> String {
    let json = |value: &Option<Value>| value.as_ref().map(Value::to_string).unwrap_or_default();
    let cells = [
        e.seq.to_string(),
        e.at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
        e.actor_kind.clone(),
        e.actor_name.clone().unwrap_or_default(),
        e.origin.clone(),
        e.operation.clone(),
        e.object_kind.clone(),
        e.object_id.clone().unwrap_or_default(),
        e.object_name.clone().unwrap_or_default(),
        json(&e.before),
        json(&e.after),
        e.address.clone().unwrap_or_default(),
        e.request_id.clone(),
        e.hash.clone(),
    ];
    let mut out = cells.map(|text| cell(&text)).join(",");
    out.push_str("\r\n");
    out
}

/// A cell; a text that a spreadsheet would run as a formula is defused.
pub(super) fn cell(text: &str) -> String {
    let safe = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    if safe.contains(['"', ',', '\n', '\r', ';']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

#[derive(Debug, Deserialize, IntoParams)]
struct VerifyParams {
    /// From the first entry on, instead of what came since the last time.
    full: Option<bool>,
}

/// Whether the chain is whole, and until when.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AuditVerdict {
    entries: i64,
    /// The number of the last entry that is as it was written.
    verified_seq: i64,
    /// When that entry was written.
    verified_until: Option<DateTime<Utc>>,
    /// How many entries had their names and values erased.
    erased: i64,
    /// The number of the first entry that is not as it was written, or is missing; null when all are.
    broken_seq: Option<i64>,
    /// `missing`, `hash` (the entry was changed), `payload` (its names or values were) or `end` (entries are missing at the
    /// end).
    broken_reason: Option<&'static str>,
}

/// Walks the chain (administrators): what came since the last time, or all of it.
#[utoipa::path(get, path = "/audit/verify", operation_id = "audit_verify", tag = "audit", params(VerifyParams), responses((status = 200, body = AuditVerdict)))]
async fn verify(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(params): Query<VerifyParams>,
) -> Answer<Json<AuditVerdict>> {
    let v = app::verify(&state.app, &actor, params.full.unwrap_or(false)).await?;
    Ok(Json(AuditVerdict {
        entries: v.entries,
        verified_seq: v.verified_seq,
        verified_until: v.verified_until,
        erased: v.erased,
        broken_seq: v.broken_seq,
        broken_reason: v.broken_reason,
    }))
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn audit_cells_are_safe_to_open() {
        for (text, written) in [
            ("a", "a"),
            ("a,b", "\"a,b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("=1+1", "'=1+1"),
            ("@cmd;", "\"'@cmd;\""),
            ("", ""),
        ] {
            assert_eq!(cell(text), written);
        }
    }
}
