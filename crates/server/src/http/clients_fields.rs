//! Fields of a workspace's own.

use super::auth::Caller;
use super::error::Answer;
use super::json::{Id, Json, parse};
use super::{Shared, State};
use axum::body::Bytes;
use axum::extract::State as Extract;
use axum::http::StatusCode;
use essor_app::clients::fields::{self as app, New, Patch};
use essor_domain::identity::Action;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(change, remove))
}

/// A field; expressions, columns and sorts name it `field.<key>`.
#[derive(Debug, Serialize, ToSchema)]
struct FieldBody {
    id: Uuid,
    key: String,
    label: String,
    /// text, number, money, day, choice, choices, boolean, url or person.
    kind: &'static str,
    choices: Option<Vec<String>>,
    position: i32,
}

impl From<essor_app::clients::fields::Field> for FieldBody {
    fn from(field: essor_app::clients::fields::Field) -> Self {
        FieldBody {
            kind: field.kind().as_str(),
            choices: field.choices(),
            id: field.id,
            key: field.key,
            label: field.label,
            position: field.position,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
struct FieldsBody {
    items: Vec<FieldBody>,
}

/// The fields, in their order.
#[utoipa::path(get, path = "/clients/fields", operation_id = "client_fields", tag = "clients", responses((status = 200, body = FieldsBody)))]
async fn list(Extract(state): Shared, Caller(actor): Caller) -> Answer<Json<FieldsBody>> {
    let items = app::list(&state.app, &actor).await?;
    Ok(Json(FieldsBody { items: items.into_iter().map(Into::into).collect() }))
}

/// A new field.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FieldForm {
    /// Lower-case letters, digits and `_`, a letter first; it stands.
    key: String,
    label: String,
    kind: String,
    /// The words of a choice.
    #[serde(default)]
    choices: Option<Vec<String>>,
}

/// Makes a field.
#[utoipa::path(post, path = "/clients/fields", operation_id = "create_client_field", tag = "clients", request_body = FieldForm, responses((status = 201, body = FieldBody), (status = 409, body = super::error::Problem), (status = 422, body = super::error::Problem)))]
async fn create(Extract(state): Shared, Caller(actor): Caller, body: Bytes) -> Answer<(StatusCode, Json<FieldBody>)> {
    actor.require(Action::ManageModels)?;
    let form: FieldForm = parse(&body)?;
    let new = New { key: form.key, label: form.label, kind: form.kind, choices: form.choices };
    Ok((StatusCode::CREATED, Json(app::create(&state.app, &actor, &new).await?.into())))
}

/// What changes; left out it stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FieldPatch {
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    choices: Option<Vec<String>>,
    #[serde(default)]
    position: Option<i32>,
}

/// Changes the words or the place of a field.
#[utoipa::path(patch, path = "/clients/fields/{id}", operation_id = "change_client_field", tag = "clients", params(("id" = Uuid, Path)), request_body = FieldPatch, responses((status = 200, body = FieldBody), (status = 422, body = super::error::Problem)))]
async fn change(Extract(state): Shared, Caller(actor): Caller, Id(id): Id, body: Bytes) -> Answer<Json<FieldBody>> {
    actor.require(Action::ManageModels)?;
    let form: FieldPatch = parse(&body)?;
    let patch = Patch { label: form.label, choices: form.choices, position: form.position };
    Ok(Json(app::change(&state.app, &actor, id, &patch).await?.into()))
}

/// Deletes a field with the values that clients have in it.
#[utoipa::path(delete, path = "/clients/fields/{id}", operation_id = "delete_client_field", tag = "clients", params(("id" = Uuid, Path)), responses((status = 204)))]
async fn remove(Extract(state): Shared, Caller(actor): Caller, Id(id): Id) -> Answer<StatusCode> {
    app::remove(&state.app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
