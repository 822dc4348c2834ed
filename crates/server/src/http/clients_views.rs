//! Saved views of the table of clients: segments.

use super::auth::Caller;
use super::error::Answer;
use super::json::{Id, Json, parse};
use super::{Shared, State};
use axum::body::Bytes;
use axum::extract::State as Extract;
use axum::http::StatusCode;
use essor_app::clients::views::{self as app, Saved, Shown};
use essor_domain::identity::Action;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(change, remove))
}

/// A column of a view.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ViewColumn {
    /// A fact.
    key: String,
    /// In pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    width: Option<i32>,
}

/// A view.
#[derive(Debug, Serialize, ToSchema)]
struct ViewBody {
    id: Uuid,
    name: String,
    shared: bool,
    /// Whether the caller made it.
    mine: bool,
    /// Its expression, as text.
    #[serde(rename = "where")]
    condition: String,
    /// The same as a tree.
    #[schema(value_type = Option<Object>)]
    tree: Option<Value>,
    sort: Option<String>,
    columns: Vec<ViewColumn>,
    /// table or cards.
    layout: String,
    /// How many clients it holds, archived ones left out; null when it names a fact that is gone.
    count: Option<i64>,
    position: i32,
}

impl From<Shown> for ViewBody {
    fn from(shown: Shown) -> Self {
        let view = shown.view;
        ViewBody {
            id: view.id,
            name: view.name,
            shared: view.shared,
            mine: shown.mine,
            condition: view.condition,
            tree: shown.tree,
            sort: view.sort,
            columns: serde_json::from_value(view.columns).unwrap_or_default(),
            layout: view.layout,
            count: shown.count,
            position: view.position,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
struct ViewsBody {
    items: Vec<ViewBody>,
}

/// The views that the caller sees: their own and the shared ones, with their counts.
#[utoipa::path(get, path = "/clients/views", operation_id = "client_views", tag = "clients", responses((status = 200, body = ViewsBody)))]
async fn list(Extract(state): Shared, Caller(actor): Caller) -> Answer<Json<ViewsBody>> {
    let items = app::list(&state.app, &actor).await?;
    Ok(Json(ViewsBody { items: items.into_iter().map(Into::into).collect() }))
}

/// A field that is there, be it null, as against one left out.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(deserializer).map(Some)
}

/// What a view is; left out it stays, or is empty in a new one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ViewForm {
    #[serde(default)]
    name: Option<String>,
    /// Seen by everybody: for managers.
    #[serde(default)]
    shared: Option<bool>,
    /// An expression, as text.
    #[serde(default, rename = "where")]
    condition: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    sort: Option<Option<String>>,
    #[serde(default)]
    columns: Option<Vec<ViewColumn>>,
    /// table (the default) or cards.
    #[serde(default)]
    layout: Option<String>,
    #[serde(default)]
    position: Option<i32>,
}

impl From<ViewForm> for Saved {
    fn from(form: ViewForm) -> Self {
        Saved {
            name: form.name,
            shared: form.shared,
            condition: form.condition,
            sort: form.sort,
            columns: form.columns.map(|columns| columns.into_iter().map(|c| (c.key, c.width)).collect()),
            layout: form.layout,
            position: form.position,
        }
    }
}

/// Saves a view.
#[utoipa::path(post, path = "/clients/views", operation_id = "create_client_view", tag = "clients", request_body = ViewForm, responses((status = 201, body = ViewBody), (status = 422, body = super::error::Problem)))]
async fn create(Extract(state): Shared, Caller(actor): Caller, body: Bytes) -> Answer<(StatusCode, Json<ViewBody>)> {
    actor.require(Action::WriteClients)?;
    let form: ViewForm = parse(&body)?;
    Ok((StatusCode::CREATED, Json(app::create(&state.app, &actor, &form.into()).await?.into())))
}

/// Changes a view.
#[utoipa::path(patch, path = "/clients/views/{id}", operation_id = "change_client_view", tag = "clients", params(("id" = Uuid, Path)), request_body = ViewForm, responses((status = 200, body = ViewBody), (status = 422, body = super::error::Problem)))]
async fn change(Extract(state): Shared, Caller(actor): Caller, Id(id): Id, body: Bytes) -> Answer<Json<ViewBody>> {
    actor.require(Action::WriteClients)?;
    let form: ViewForm = parse(&body)?;
    Ok(Json(app::change(&state.app, &actor, id, &form.into()).await?.into()))
}

/// Deletes a view; saved again it is a new one.
#[utoipa::path(delete, path = "/clients/views/{id}", operation_id = "delete_client_view", tag = "clients", params(("id" = Uuid, Path)), responses((status = 204)))]
async fn remove(Extract(state): Shared, Caller(actor): Caller, Id(id): Id) -> Answer<StatusCode> {
    app::remove(&state.app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
