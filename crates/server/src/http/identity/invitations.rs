//! Invitations: links that make a member, handed over by whoever invites.

use super::super::auth::Caller;
use super::super::error::Answer;
use super::super::json::{Id, Json as Body};
use super::super::{Shared, State};
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

/// The endpoints of this file, except `POST /members`, which shares its path with the list of members.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(delete_invitation)).routes(routes!(renew_invitation))
}

/// An invitation, as long as it waits and for 30 days after.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MemberInvitation {
    id: Uuid,
    email: String,
    role: String,
    /// `waiting`, `expired` or `accepted`.
    state: &'static str,
    created_at: DateTime<Utc>,
    /// The name of who made it; null when the command line did.
    created_by: Option<String>,
    expires_at: DateTime<Utc>,
    accepted_at: Option<DateTime<Utc>>,
}

impl From<app::Invitation> for MemberInvitation {
    fn from(i: app::Invitation) -> Self {
        MemberInvitation {
            id: i.id,
            email: i.email,
            role: i.role,
            state: i.state.as_str(),
            created_at: i.created_at,
            created_by: i.created_by,
            expires_at: i.expires_at,
            accepted_at: i.accepted_at,
        }
    }
}

/// Whom to invite.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InviteForm {
    email: String,
    /// `owner`, `admin`, `manager`, `member` or `viewer`; not above the caller's own.
    role: String,
}

/// A link to hand over, shown this once: Essor sends no mail.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InviteLink {
    /// The invitation.
    id: Uuid,
    link: String,
    expires_at: DateTime<Utc>,
}

impl From<app::InvitationLink> for InviteLink {
    fn from(made: app::InvitationLink) -> Self {
        InviteLink { id: made.id, link: made.link, expires_at: made.expires_at }
    }
}

/// Invite somebody (administrators).
#[utoipa::path(post, path = "/members", tag = "identity", request_body = InviteForm, responses(
    (status = 200, body = InviteLink),
    (status = 409, description = "identity_member_exists"),
))]
pub(super) async fn invite_member(
    Extract(state): Shared,
    Caller(actor): Caller,
    Body(form): Body<InviteForm>,
) -> Answer<Json<InviteLink>> {
    Ok(Json(app::invite(&state.app, &actor, &form.email, Role::parse(&form.role)?).await?.into()))
}

/// Make another link for an invitation that waits or ran out; the one before stops working (administrators).
#[utoipa::path(post, path = "/invitations/{id}/renew", tag = "identity", params(("id" = Uuid, Path)), responses(
    (status = 200, body = InviteLink),
    (status = 409, description = "identity_invitation_accepted"),
))]
async fn renew_invitation(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(invitation): Id,
) -> Answer<Json<InviteLink>> {
    Ok(Json(app::renew_invitation(&state.app, &actor, invitation).await?.into()))
}

/// Withdraw an invitation (administrators).
#[utoipa::path(delete, path = "/invitations/{id}", tag = "identity", params(("id" = Uuid, Path)), responses(
    (status = 204, description = "Withdrawn"),
    (status = 409, description = "identity_invitation_accepted"),
))]
async fn delete_invitation(Extract(state): Shared, Caller(actor): Caller, Id(invitation): Id) -> Answer<StatusCode> {
    app::withdraw_invitation(&state.app, &actor, invitation).await?;
    Ok(StatusCode::NO_CONTENT)
}
