//! Signals that people record on a client's page. They are read in the timeline.

use super::auth::Caller;
use super::error::Answer;
use super::json::{Id, Ids, parse};
use super::{Shared, State};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State as Extract;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use essor_app::clients::{self as app, SignalByHand};
use essor_domain::identity::Action;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(record)).routes(routes!(correct, remove))
}

/// What a person says happened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct HandSignalBody {
    /// ticket, survey, message, payment, meeting, outcome, metric or churn_reason.
    kind: String,
    /// Not in the future.
    occurred_at: DateTime<Utc>,
    /// When a ticket was closed, an invoice paid, a meeting over; not in the future.
    #[serde(default)]
    ended_at: Option<DateTime<Utc>>,
    /// One of the people at the client.
    #[serde(default)]
    contact_id: Option<Uuid>,
    /// The facts of the kind, as `POST /signals` takes them.
    #[schema(value_type = Object)]
    data: Map<String, Value>,
}

impl From<HandSignalBody> for SignalByHand {
    fn from(body: HandSignalBody) -> Self {
        SignalByHand {
            kind: body.kind,
            occurred_at: body.occurred_at,
            ended_at: body.ended_at,
            contact: body.contact_id,
            data: body.data,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
struct HandSignalDone {
    id: Uuid,
}

/// Records a signal by hand; it counts as one of a source does.
#[utoipa::path(post, path = "/clients/{id}/signals", operation_id = "record_signal", tag = "clients", params(("id" = Uuid, Path)), request_body = HandSignalBody, responses((status = 201, body = HandSignalDone), (status = 422, body = super::error::Problem)))]
async fn record(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(id): Id,
    body: Bytes,
) -> Answer<(StatusCode, Json<HandSignalDone>)> {
    actor.require(Action::WriteClients)?;
    let said: HandSignalBody = parse(&body)?;
    let id = app::record_signal(&state.app, &actor, id, said.into()).await?;
    Ok((StatusCode::CREATED, Json(HandSignalDone { id })))
}

/// Corrects a signal that was recorded by hand; its kind stays.
#[utoipa::path(put, path = "/clients/{id}/signals/{signalId}", operation_id = "correct_signal", tag = "clients", params(("id" = Uuid, Path), ("signalId" = Uuid, Path)), request_body = HandSignalBody, responses((status = 200, body = HandSignalDone), (status = 404, body = super::error::Problem), (status = 422, body = super::error::Problem)))]
async fn correct(
    Extract(state): Shared,
    Caller(actor): Caller,
    Ids(client, id): Ids,
    body: Bytes,
) -> Answer<Json<HandSignalDone>> {
    actor.require(Action::WriteClients)?;
    let said: HandSignalBody = parse(&body)?;
    app::correct_signal(&state.app, &actor, client, id, said.into()).await?;
    Ok(Json(HandSignalDone { id }))
}

/// Takes a signal back that was recorded by hand.
#[utoipa::path(delete, path = "/clients/{id}/signals/{signalId}", operation_id = "remove_signal", tag = "clients", params(("id" = Uuid, Path), ("signalId" = Uuid, Path)), responses((status = 204), (status = 404, body = super::error::Problem)))]
async fn remove(Extract(state): Shared, Caller(actor): Caller, Ids(client, id): Ids) -> Answer<StatusCode> {
    app::remove_signal(&state.app, &actor, client, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
