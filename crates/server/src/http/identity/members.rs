//! Who belongs to the workspace.

use super::super::auth::Caller;
use super::super::error::Answer;
use super::super::json::{Id, Json as Body};
use super::super::{Shared, State};
use super::invitations::{self, MemberInvitation};
use axum::Json;
use axum::extract::State as Extract;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use essor_app::identity as app;
use essor_domain::identity::Role;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file, and the invitation that shares a path with the list.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(list_members, invitations::invite_member))
        .routes(routes!(patch_member, delete_member))
}

/// The members and, for who may invite, the invitations of late.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MemberList {
    items: Vec<Member>,
    invitations: Vec<MemberInvitation>,
}

/// A member of the workspace.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    user_id: Uuid,
    email: String,
    name: String,
    /// `owner`, `admin`, `manager`, `member` or `viewer`.
    role: String,
    last_seen_at: Option<DateTime<Utc>>,
}

/// The new role.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoleForm {
    role: String,
}

/// The members of the workspace.
#[utoipa::path(get, path = "/members", tag = "identity", responses((status = 200, body = MemberList)))]
async fn list_members(Extract(state): Shared, Caller(actor): Caller) -> Answer<Json<MemberList>> {
    let list = app::members(&state.app, &actor).await?;
    let items = list.members.into_iter().map(|m| Member {
        user_id: m.user_id,
        email: m.email,
        name: m.name,
        role: m.role,
        last_seen_at: m.last_seen_at,
    });
    let invitations = list.invitations.into_iter().map(Into::into);
    Ok(Json(MemberList { items: items.collect(), invitations: invitations.collect() }))
}

/// Give a member another role (administrators).
#[utoipa::path(patch, path = "/members/{userId}", tag = "identity", params(("userId" = Uuid, Path)),
    request_body = RoleForm, responses(
    (status = 204, description = "Changed"),
    (status = 409, description = "identity_last_owner"),
))]
async fn patch_member(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(user_id): Id,
    Body(form): Body<RoleForm>,
) -> Answer<StatusCode> {
    app::change_role(&state.app, &actor, user_id, Role::parse(&form.role)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Remove a member (administrators), or leave.
#[utoipa::path(delete, path = "/members/{userId}", tag = "identity", params(("userId" = Uuid, Path)), responses(
    (status = 204, description = "Removed"),
    (status = 409, description = "identity_last_owner"),
))]
async fn delete_member(Extract(state): Shared, Caller(actor): Caller, Id(user_id): Id) -> Answer<StatusCode> {
    app::remove_member(&state.app, &actor, user_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
