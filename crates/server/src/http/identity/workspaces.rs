//! The workspaces of the caller, and another one.

use super::super::auth::Caller;
use super::super::error::Answer;
use super::super::json::Json as Body;
use super::super::{Shared, State};
use axum::Json;
use axum::extract::State as Extract;
use essor_app::identity as app;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(list_workspaces, create_workspace))
}

/// The workspaces of a person.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkspaceList {
    items: Vec<OwnWorkspace>,
}

/// A workspace that the caller is a member of.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OwnWorkspace {
    id: Uuid,
    name: String,
    /// The caller's role there: `owner`, `admin`, `manager`, `member` or `viewer`.
    role: String,
    is_demo: bool,
    /// How many members it has.
    members: i64,
    /// Whether the session is in it.
    current: bool,
}

/// A workspace to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkspaceNewForm {
    name: String,
    /// The reporting currency, ISO 4217.
    currency: String,
    /// The zone in which its days begin, by its IANA name.
    timezone: String,
}

/// A workspace that was made.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkspaceMade {
    id: Uuid,
}

/// The caller's workspaces, with their role in each.
#[utoipa::path(get, path = "/workspaces", tag = "identity", responses((status = 200, body = WorkspaceList)))]
async fn list_workspaces(Extract(state): Shared, Caller(actor): Caller) -> Answer<Json<WorkspaceList>> {
    let items = app::own_workspaces(&state.app, &actor).await?.into_iter().map(|w| OwnWorkspace {
        current: w.id == actor.workspace.0,
        id: w.id,
        name: w.name,
        role: w.role,
        is_demo: w.is_demo,
        members: w.members,
    });
    Ok(Json(WorkspaceList { items: items.collect() }))
}

/// Make another workspace, which the caller owns (administrators of the one they are in). The session stays where it is.
#[utoipa::path(post, path = "/workspaces", tag = "identity", request_body = WorkspaceNewForm, responses(
    (status = 200, body = WorkspaceMade),
    (status = 409, description = "identity_workspace_exists"),
))]
async fn create_workspace(
    Extract(state): Shared,
    Caller(actor): Caller,
    Body(form): Body<WorkspaceNewForm>,
) -> Answer<Json<WorkspaceMade>> {
    let new = app::WorkspaceNew { name: form.name, currency: form.currency, timezone: form.timezone, is_demo: false };
    Ok(Json(WorkspaceMade { id: app::found_workspace(&state.app, &actor, new).await?.0 }))
}
