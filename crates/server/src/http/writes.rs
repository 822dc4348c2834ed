//! Writing by the API: clients, contacts, subscriptions and signals, one or a list, with `Idempotency-Key`.

use super::auth::Caller;
use super::error::{Answer, Failure};
use super::json::parse_many;
use super::{Shared, State};
use axum::body::Bytes;
use axum::extract::State as Extract;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use essor_app::clients as app;
use essor_app::identity::{Begin, begin_request, finish_request, forget_request, request_hash};
use essor_app::{Actor, clients::Upserted};
use serde::{Deserialize, Serialize};
use std::future::Future;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file, except `POST /clients`, which shares its path with the list.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(contacts)).routes(routes!(subscriptions)).routes(routes!(signals))
}

/// What became of each item, in the order of the request.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct UpsertedBody {
    items: Vec<UpsertedItem>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct UpsertedItem {
    id: Uuid,
    external_id: String,
    created: bool,
}

impl From<Vec<Upserted>> for UpsertedBody {
    fn from(rows: Vec<Upserted>) -> Self {
        let items = rows
            .into_iter()
            .map(|row| UpsertedItem { id: row.id, external_id: row.external_id, created: row.created })
            .collect();
        UpsertedBody { items }
    }
}

/// Creates or updates clients by `externalId`; one object or a list of at most 1,000.
#[utoipa::path(post, path = "/clients", tag = "clients", request_body(content = Object, description = "A client or a list of clients"), responses((status = 200, body = UpsertedBody), (status = 422, body = super::error::Problem)))]
pub(super) async fn clients(
    Extract(state): Shared,
    Caller(actor): Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<Response> {
    once(&state, &actor, "/clients", &headers, &body, async {
        Ok(app::upsert_clients(&state.app, &actor, &parse_many(&body)?).await?.into())
    })
    .await
}

/// Creates or updates contacts by `externalId`.
#[utoipa::path(post, path = "/contacts", tag = "clients", request_body(content = Object, description = "A contact or a list of contacts"), responses((status = 200, body = UpsertedBody)))]
async fn contacts(Extract(state): Shared, Caller(actor): Caller, headers: HeaderMap, body: Bytes) -> Answer<Response> {
    once(&state, &actor, "/contacts", &headers, &body, async {
        Ok(app::upsert_contacts(&state.app, &actor, &parse_many(&body)?).await?.into())
    })
    .await
}

/// Creates or changes subscriptions by `externalId`; a change holds from `effectiveDate`, by default today.
#[utoipa::path(post, path = "/subscriptions", tag = "clients", request_body(content = Object, description = "A subscription or a list of subscriptions"), responses((status = 200, body = UpsertedBody)))]
async fn subscriptions(
    Extract(state): Shared,
    Caller(actor): Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<Response> {
    once(&state, &actor, "/subscriptions", &headers, &body, async {
        let inputs = parse_many(&body)?;
        Ok(app::upsert_subscriptions(&state.app, &actor, &inputs, app::Origin::Api).await?.into())
    })
    .await
}

/// Stores signals; `kind` with `messageId` counts once.
#[utoipa::path(post, path = "/signals", tag = "clients", request_body(content = Object, description = "A signal or a list of signals"), responses((status = 200, body = UpsertedBody)))]
async fn signals(Extract(state): Shared, Caller(actor): Caller, headers: HeaderMap, body: Bytes) -> Answer<Response> {
    once(&state, &actor, "/signals", &headers, &body, async {
        Ok(app::upsert_signals(&state.app, &actor, &parse_many(&body)?).await?.into())
    })
    .await
}

/// Runs a write once per `Idempotency-Key`: the same request again gets the first answer, another body is refused.
/// Refusals are not kept, so that a mended request may use the same key.
async fn once(
    state: &State,
    actor: &Actor,
    path: &str,
    headers: &HeaderMap,
    body: &[u8],
    write: impl Future<Output = Result<UpsertedBody, Failure>>,
) -> Answer<Response> {
    actor.require(essor_domain::identity::Action::WriteClients)?;
    let Some(key) = headers.get("idempotency-key").and_then(|value| value.to_str().ok()) else {
        return Ok(axum::Json(write.await?).into_response());
    };
    let request = request_hash("POST", path, body);
    match begin_request(&state.app, actor, key, &request).await? {
        Begin::Fresh => {}
        Begin::Replay { status, body } => {
            // It was recorded when it was done.
            actor.trail.settle();
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
            let json = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
            return Ok((status, json, body).into_response());
        }
    }
    match write.await {
        Ok(done) => {
            let text = serde_json::to_string(&done).unwrap_or_default();
            finish_request(&state.app, actor, key, &request, 200, &text).await?;
            Ok(axum::Json(done).into_response())
        }
        Err(failure) => {
            forget_request(&state.app, actor, key, &request).await?;
            Err(failure)
        }
    }
}
