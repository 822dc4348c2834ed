//! What each role may do, from the table that the permissions are judged by.

use super::super::State;
use super::super::auth::Caller;
use super::super::error::Answer;
use axum::Json;
use essor_domain::identity::{Action, Role};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The endpoint of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(roles))
}

/// Roles and actions.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoleTable {
    /// The weakest first; each may do all that the ones before it may.
    #[schema(value_type = Vec<String>)]
    roles: Vec<Role>,
    actions: Vec<RoleAction>,
}

/// What can be done in a workspace.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoleAction {
    /// `write_clients`.
    #[schema(value_type = String)]
    action: Action,
    /// The weakest role that may.
    #[schema(value_type = String)]
    least_role: Role,
    /// The roles that may.
    #[schema(value_type = Vec<String>)]
    roles: Vec<Role>,
    /// Whether it only reads: an API token then needs the scope `read`, else `write`.
    reads: bool,
    /// Whether an API token may, which acts as a manager at most.
    tokens: bool,
}

/// What each role may do.
#[utoipa::path(get, path = "/roles", tag = "identity", responses((status = 200, body = RoleTable)))]
async fn roles(Caller(actor): Caller) -> Answer<Json<RoleTable>> {
    actor.require(Action::Read)?;
    let actions = Action::ALL.into_iter().map(|action| RoleAction {
        action,
        least_role: action.least_role(),
        roles: Role::ALL.into_iter().filter(|role| role.may(action)).collect(),
        reads: action.reads(),
        tokens: Role::Manager.may(action),
    });
    Ok(Json(RoleTable { roles: Role::ALL.to_vec(), actions: actions.collect() }))
}
