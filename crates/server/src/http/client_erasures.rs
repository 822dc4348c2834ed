//! What is held of a person or a client, handed out or erased for good; and what was erased.

use super::auth::Caller;
use super::client_keeping::PageParams;
use super::error::Answer;
use super::json::{Id, Ids, Json, Query, limit, parse, read_cursor, write_cursor};
use super::{Shared, State};
use axum::body::Bytes;
use axum::extract::State as Extract;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use essor_app::clients::{self as app, Erased};
use essor_domain::identity::Action;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(export_client))
        .routes(routes!(export_person))
        .routes(routes!(erase_client))
        .routes(routes!(erase_person))
        .routes(routes!(list))
        .routes(routes!(one))
        .routes(routes!(allow))
}

/// A JSON file that is saved, not shown.
fn saved(name: String, value: &Value) -> impl IntoResponse + use<> {
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, serde_json::to_string_pretty(value).unwrap_or_default())
}

/// Everything that is held of a client, by table.
#[utoipa::path(get, path = "/clients/{id}/export", operation_id = "export_client", tag = "erasures", params(("id" = Uuid, Path)), responses((status = 200, body = Object)))]
async fn export_client(Extract(state): Shared, Caller(actor): Caller, Id(id): Id) -> Answer<impl IntoResponse> {
    let held = app::export_client(&state.app, &actor, id).await?;
    Ok(saved(format!("client-{id}.json"), &held))
}

/// Everything that is held of a person: their own rows by table, and the rows of others that name them.
#[utoipa::path(get, path = "/clients/{id}/contacts/{contactId}/export", operation_id = "export_person", tag = "erasures", params(("id" = Uuid, Path), ("contactId" = Uuid, Path)), responses((status = 200, body = Object)))]
async fn export_person(
    Extract(state): Shared,
    Caller(actor): Caller,
    Ids(id, contact): Ids,
) -> Answer<impl IntoResponse> {
    let held = app::export_person(&state.app, &actor, id, contact).await?;
    Ok(saved(format!("person-{contact}.json"), &held))
}

/// What is typed to mean it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EraseForm {
    /// The client's name; of a person the name, else the e-mail address, else the external id.
    name: String,
}

/// The proof of an erasure: what was touched, when, by whom, and salted digests of the names.
#[derive(Debug, Serialize, ToSchema)]
struct CertificateBody {
    #[schema(value_type = Object)]
    certificate: Value,
}

/// Erases a client for good, with the people at it and everything that hangs on it.
#[utoipa::path(post, path = "/clients/{id}/erase", operation_id = "erase_client", tag = "erasures", params(("id" = Uuid, Path)), request_body = EraseForm, responses((status = 200, body = CertificateBody), (status = 422, body = super::error::Problem)))]
async fn erase_client(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(id): Id,
    body: Bytes,
) -> Answer<Json<CertificateBody>> {
    actor.require(Action::ErasePeople)?;
    let form: EraseForm = parse(&body)?;
    Ok(Json(CertificateBody { certificate: app::erase_client(&state.app, &actor, id, &form.name).await? }))
}

/// Erases a person for good: their rows go, texts lose their name, figures stay.
#[utoipa::path(post, path = "/clients/{id}/contacts/{contactId}/erase", operation_id = "erase_person", tag = "erasures", params(("id" = Uuid, Path), ("contactId" = Uuid, Path)), request_body = EraseForm, responses((status = 200, body = CertificateBody), (status = 422, body = super::error::Problem)))]
async fn erase_person(
    Extract(state): Shared,
    Caller(actor): Caller,
    Ids(id, contact): Ids,
    body: Bytes,
) -> Answer<Json<CertificateBody>> {
    actor.require(Action::ErasePeople)?;
    let form: EraseForm = parse(&body)?;
    Ok(Json(CertificateBody { certificate: app::erase_person(&state.app, &actor, id, contact, &form.name).await? }))
}

/// An erasure.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ErasureBody {
    id: Uuid,
    /// contact or client.
    kind: String,
    at: DateTime<Utc>,
    /// The proof, as it was handed out.
    #[schema(value_type = Object)]
    certificate: Value,
    /// How often a source has named them since, and when last: nothing of it was kept.
    refused: i64,
    refused_at: Option<DateTime<Utc>>,
    /// Since when they may come back.
    allowed_at: Option<DateTime<Utc>>,
}

impl From<Erased> for ErasureBody {
    fn from(e: Erased) -> Self {
        ErasureBody {
            id: e.id,
            kind: e.kind,
            at: e.at,
            certificate: e.certificate,
            refused: e.refused,
            refused_at: e.refused_at,
            allowed_at: e.allowed_at,
        }
    }
}

/// A page of erasures.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ErasurePage {
    items: Vec<ErasureBody>,
    next_cursor: Option<String>,
}

/// What was erased, the newest first.
#[utoipa::path(get, path = "/erasures", operation_id = "erasures", tag = "erasures", params(PageParams), responses((status = 200, body = ErasurePage)))]
async fn list(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(params): Query<PageParams>,
) -> Answer<Json<ErasurePage>> {
    let limit = limit(params.limit);
    let before = read_cursor(params.cursor.as_deref())?;
    let mut rows = app::erasures(&state.app, &actor, before, limit + 1).await?;
    let more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    let last = rows.last().map(|row| (row.at, row.id));
    Ok(Json(ErasurePage {
        items: rows.into_iter().map(Into::into).collect(),
        next_cursor: last.filter(|_| more).as_ref().map(write_cursor),
    }))
}

/// One erasure.
#[utoipa::path(get, path = "/erasures/{id}", operation_id = "erasure", tag = "erasures", params(("id" = Uuid, Path)), responses((status = 200, body = ErasureBody)))]
async fn one(Extract(state): Shared, Caller(actor): Caller, Id(id): Id) -> Answer<Json<ErasureBody>> {
    Ok(Json(app::erasure(&state.app, &actor, id).await?.into()))
}

/// Lets the erased come back; what was erased does not.
#[utoipa::path(post, path = "/erasures/{id}/allow", operation_id = "allow_erased", tag = "erasures", params(("id" = Uuid, Path)), responses((status = 204)))]
async fn allow(Extract(state): Shared, Caller(actor): Caller, Id(id): Id) -> Answer<StatusCode> {
    app::allow_erased(&state.app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
