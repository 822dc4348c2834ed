//! A client changed by hand, with `If-Match`.

use super::Shared;
use super::auth::Caller;
use super::error::Answer;
use super::json::{Id, Tagged, given, if_match, parse};
use axum::body::Bytes;
use axum::extract::State as Extract;
use axum::http::HeaderMap;
use chrono::NaiveDate;
use essor_app::clients as app;
use essor_domain::clients::{ClientPatch, Editable};
use essor_domain::identity::Action;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// What people change of a client.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct EditableBody {
    name: String,
    domain: Option<String>,
    segment: Option<String>,
    industry: Option<String>,
    country: Option<String>,
    owner: Option<String>,
    plan: Option<String>,
    seats: Option<i32>,
    since: Option<NaiveDate>,
    paused: bool,
    archived: bool,
    /// The client above this one, and what it is called.
    parent_id: Option<Uuid>,
    parent_name: Option<String>,
    tags: Vec<String>,
    /// What it has in the workspace's own fields, by their keys.
    #[schema(value_type = Object)]
    fields: BTreeMap<String, Value>,
}

impl From<Editable> for EditableBody {
    fn from(c: Editable) -> Self {
        EditableBody {
            name: c.name,
            domain: c.domain,
            segment: c.segment,
            industry: c.industry,
            country: c.country,
            owner: c.owner,
            plan: c.plan,
            seats: c.seats,
            since: c.since,
            paused: c.paused,
            archived: c.archived,
            parent_id: c.parent_id,
            parent_name: c.parent_name,
            tags: c.tags,
            fields: c.fields,
        }
    }
}

/// What changes; null empties a field, left out it stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ClientForm {
    #[serde(default)]
    name: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    domain: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    segment: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    industry: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    country: Option<Option<String>>,
    /// The person in charge, by name or e-mail.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    owner: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    plan: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i32>)]
    seats: Option<Option<i32>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<NaiveDate>)]
    since: Option<Option<NaiveDate>>,
    #[serde(default)]
    paused: Option<bool>,
    /// Set aside: left out of lists and totals, once it no longer pays.
    #[serde(default)]
    archived: Option<bool>,
    /// The client above this one: not itself, nor one below it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Uuid>)]
    parent_id: Option<Option<Uuid>>,
    /// Exactly these tags.
    #[serde(default)]
    tags: Option<Vec<String>>,
    /// Values of the workspace's own fields by their keys; null empties one.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    fields: Map<String, Value>,
}

impl From<ClientForm> for ClientPatch {
    fn from(form: ClientForm) -> Self {
        ClientPatch {
            name: form.name,
            domain: form.domain,
            segment: form.segment,
            industry: form.industry,
            country: form.country,
            owner: form.owner,
            plan: form.plan,
            seats: form.seats,
            since: form.since,
            paused: form.paused,
            archived: form.archived,
            parent_id: form.parent_id,
            tags: form.tags,
            fields: form.fields,
        }
    }
}

/// A client after a change.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChangedBody {
    id: Uuid,
    /// The new state, as in `ETag`.
    version: String,
    editable: EditableBody,
}

/// Changes a client that still stands as it was read: `If-Match` with its `ETag`. 412 answers `current`, the fields as
/// they are now, and `version`, their new `ETag`.
#[utoipa::path(patch, path = "/clients/{id}", operation_id = "change_client", tag = "clients", params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "The `ETag` that was read, or `*`.")), request_body = ClientForm, responses((status = 200, body = ChangedBody), (status = 412, body = super::error::Problem), (status = 428, body = super::error::Problem)))]
pub(super) async fn change(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(id): Id,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<Tagged<ChangedBody>> {
    actor.require(Action::WriteClients)?;
    let form: ClientForm = parse(&body)?;
    let (editable, version) = app::change(&state.app, &actor, id, if_match(&headers), form.into()).await?;
    Ok(Tagged(version.clone(), ChangedBody { id, version, editable: editable.into() }))
}
