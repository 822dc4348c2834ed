//! Duplicates and merging, and the trash.

use super::auth::Caller;
use super::client_edit::EditableBody;
use super::clients::Items;
use super::error::Answer;
use super::json::{Id, Ids, Json, Query, limit, parse, read_cursor, write_cursor};
use super::{Shared, State};
use axum::body::Bytes;
use axum::extract::State as Extract;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use essor_app::clients::{self as app, Duplicate, Side};
use essor_domain::identity::Action;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(duplicates))
        .routes(routes!(preview))
        .routes(routes!(merge))
        .routes(routes!(trash))
        .routes(routes!(restore))
}

/// A client that is likely the same as another.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DuplicateBody {
    id: Uuid,
    external_id: String,
    name: String,
    domain: Option<String>,
    mrr_cents: i64,
    /// domain: they have one domain; name: their names are the same but for legal form and signs; near_name: but for a
    /// letter or two.
    like: &'static str,
}

impl From<Duplicate> for DuplicateBody {
    fn from(Duplicate { client, like }: Duplicate) -> Self {
        DuplicateBody {
            id: client.id,
            external_id: client.external_id,
            name: client.name,
            domain: client.domain,
            mrr_cents: client.mrr_cents,
            like: like.as_str(),
        }
    }
}

/// Clients that are likely the same as this one, the likeliest first.
#[utoipa::path(get, path = "/clients/{id}/duplicates", operation_id = "client_duplicates", tag = "clients", params(("id" = Uuid, Path)), responses((status = 200, body = Items<DuplicateBody>)))]
async fn duplicates(Extract(state): Shared, Caller(actor): Caller, Id(id): Id) -> Answer<Json<Items<DuplicateBody>>> {
    let items = app::duplicates(&state.app, &actor, id).await?;
    Ok(Json(Items { items: items.into_iter().map(Into::into).collect() }))
}

/// One of two clients that are compared.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SideBody {
    id: Uuid,
    external_id: String,
    editable: EditableBody,
    /// The workspace's own fields that it has, by their keys.
    #[schema(value_type = Object)]
    fields: BTreeMap<String, Value>,
    mrr_cents: i64,
    /// How many rows each table has of it.
    #[schema(value_type = Object)]
    counts: BTreeMap<&'static str, i64>,
}

impl From<Side> for SideBody {
    fn from(side: Side) -> Self {
        SideBody {
            id: side.client.id,
            external_id: side.client.external_id,
            editable: side.editable.into(),
            fields: side.fields,
            mrr_cents: side.client.mrr_cents,
            counts: side.counts,
        }
    }
}

/// Two clients before they become one.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ComparedBody {
    /// Who stays.
    keep: SideBody,
    /// Whose rows move to it.
    other: SideBody,
    /// The code of what stands in the way; null when nothing does.
    obstacle: Option<&'static str>,
}

/// Compares two clients, and says what would move.
#[utoipa::path(get, path = "/clients/{id}/merge/{otherId}", operation_id = "merge_preview", tag = "clients", params(("id" = Uuid, Path), ("otherId" = Uuid, Path)), responses((status = 200, body = ComparedBody)))]
async fn preview(Extract(state): Shared, Caller(actor): Caller, Ids(id, other): Ids) -> Answer<Json<ComparedBody>> {
    let compared = app::merge_preview(&state.app, &actor, id, other).await?;
    Ok(Json(ComparedBody {
        keep: compared.keep.into(),
        other: compared.other.into(),
        obstacle: compared.obstacle.map(essor_domain::Code::as_str),
    }))
}

/// Which client goes, and which of its values are kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct MergeForm {
    /// The client that goes.
    with: Uuid,
    /// Fields whose value is that client's: `name`, `domain`, `segment`, `industry`, `country`, `owner`, `plan`, `seats`,
    /// `since`, or `field.` with a key. Where only one of the two has a value, it is kept anyway.
    #[serde(default)]
    take: Vec<String>,
}

/// Makes one client of two: everything of the other moves to this one, and its external id leads here from then on. It
/// cannot be undone.
#[utoipa::path(post, path = "/clients/{id}/merge", operation_id = "merge_clients", tag = "clients", params(("id" = Uuid, Path)), request_body = MergeForm, responses((status = 204), (status = 409, body = super::error::Problem)))]
async fn merge(Extract(state): Shared, Caller(actor): Caller, Id(id): Id, body: Bytes) -> Answer<StatusCode> {
    actor.require(Action::MergeClients)?;
    let form: MergeForm = parse(&body)?;
    app::merge(&state.app, &actor, id, form.with, &form.take).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Throws a client away: it counts nowhere, and can be taken out of the trash for thirty days.
#[utoipa::path(delete, path = "/clients/{id}", operation_id = "delete_client", tag = "clients", params(("id" = Uuid, Path)), responses((status = 204), (status = 409, body = super::error::Problem)))]
pub(super) async fn throw_away(Extract(state): Shared, Caller(actor): Caller, Id(id): Id) -> Answer<StatusCode> {
    app::throw_away(&state.app, &actor, id, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a client out of the trash, with everything of it.
#[utoipa::path(post, path = "/clients/{id}/restore", operation_id = "restore_client", tag = "clients", params(("id" = Uuid, Path)), responses((status = 204), (status = 409, body = super::error::Problem)))]
async fn restore(Extract(state): Shared, Caller(actor): Caller, Id(id): Id) -> Answer<StatusCode> {
    app::throw_away(&state.app, &actor, id, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
pub(super) struct PageParams {
    /// 1 to 200; default 50.
    pub(super) limit: Option<i64>,
    /// The `nextCursor` of the page before.
    pub(super) cursor: Option<String>,
}

/// A page of the trash.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TrashPage {
    items: Vec<TrashedBody>,
    next_cursor: Option<String>,
}

/// A client in the trash.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TrashedBody {
    id: Uuid,
    external_id: String,
    name: String,
    domain: Option<String>,
    deleted_at: DateTime<Utc>,
    /// From when on it is forgotten.
    until: DateTime<Utc>,
}

/// The clients in the trash, the last thrown away first.
#[utoipa::path(get, path = "/clients/trash", operation_id = "clients_trash", tag = "clients", params(PageParams), responses((status = 200, body = TrashPage)))]
async fn trash(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(params): Query<PageParams>,
) -> Answer<Json<TrashPage>> {
    let limit = limit(params.limit);
    let before = read_cursor(params.cursor.as_deref())?;
    let mut rows = app::trash(&state.app, &actor, before, limit + 1).await?;
    let more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    let last = rows.last().map(|(row, _)| (row.deleted_at, row.id));
    let body = |(row, until): (app::Trashed, DateTime<Utc>)| TrashedBody {
        id: row.id,
        external_id: row.external_id,
        name: row.name,
        domain: row.domain,
        deleted_at: row.deleted_at,
        until,
    };
    Ok(Json(TrashPage {
        items: rows.into_iter().map(body).collect(),
        next_cursor: last.filter(|_| more).as_ref().map(write_cursor),
    }))
}
