//! Signing in and out, and the caller's own preferences.

use super::super::auth::{
    Caller, ClientAddress, SentSession, SessionToken, Visited, no_session_cookie, session_cookie,
};
use super::super::error::Answer;
use super::super::json::Json as Body;
use super::super::{Shared, State};
use super::signed_in;
use axum::Json;
use axum::extract::State as Extract;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse, Response};
use essor_app::identity as app;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(session, sign_in, sign_out, patch_session))
        .routes(routes!(put_password))
        .routes(routes!(put_session_workspace))
}

/// Who is signed in, and where.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    user: SessionUser,
    workspace: SessionWorkspace,
    workspaces: Vec<SessionChoice>,
    /// The version of this Essor.
    version: &'static str,
}

/// The person who is signed in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionUser {
    id: Uuid,
    email: String,
    name: String,
    /// `fr`, `en`, or null for the browser's.
    locale: Option<String>,
    /// `light`, `dark` or `system`.
    theme: String,
    has_password: bool,
}

/// The workspace that the session is in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionWorkspace {
    id: Uuid,
    name: String,
    currency: String,
    timezone: String,
    /// `monday` or `sunday`.
    week_start: String,
    is_demo: bool,
    /// `owner`, `admin`, `manager`, `member` or `viewer`.
    role: String,
    health: SessionHealth,
}

/// From which score on each class of health begins, by the profile in force for all clients whose segment has none of its
/// own. A client's class comes with the client.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionHealth {
    excellent: u8,
    good: u8,
    watch: u8,
}

/// A workspace that the person may switch to.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionChoice {
    id: Uuid,
    name: String,
    role: String,
    is_demo: bool,
}

impl From<app::SessionInfo> for Session {
    fn from(info: app::SessionInfo) -> Self {
        let app::SessionInfo { user, workspace, role, workspaces, profile } = info;
        Session {
            user: SessionUser {
                id: user.id,
                has_password: user.password_hash.is_some(),
                email: user.email,
                name: user.name,
                locale: user.locale,
                theme: user.theme,
            },
            workspace: SessionWorkspace {
                id: workspace.id,
                name: workspace.name,
                currency: workspace.currency,
                timezone: workspace.timezone,
                week_start: workspace.week_start,
                is_demo: workspace.is_demo,
                role: role.as_str().to_owned(),
                health: SessionHealth { excellent: profile.excellent, good: profile.good, watch: profile.watch },
            },
            workspaces: workspaces
                .into_iter()
                .map(|w| SessionChoice { id: w.id, name: w.name, role: w.role, is_demo: w.is_demo })
                .collect(),
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

/// E-mail and password.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignInForm {
    email: String,
    #[schema(format = "password")]
    password: String,
}

/// The caller's own preferences; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProfileForm {
    /// `fr`, `en`, or null for the browser's.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    locale: Option<Option<String>>,
    /// `light`, `dark` or `system`.
    theme: Option<String>,
    name: Option<String>,
}

/// The current password, if there is one, and the new one.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PasswordForm {
    #[schema(format = "password")]
    current_password: Option<String>,
    #[schema(format = "password")]
    new_password: String,
}

/// The workspace to switch to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SwitchForm {
    workspace_id: Uuid,
}

/// Who is signed in.
#[utoipa::path(get, path = "/session", tag = "identity", responses(
    (status = 200, body = Session),
    (status = 401, description = "identity_not_signed_in"),
))]
async fn session(Extract(state): Shared, Caller(actor): Caller, SentSession(token): SentSession) -> Answer<Response> {
    let session: Session = app::session_info(&state.app, &actor).await?.into();
    // Using a session prolongs it; the cookie has to last as long.
    let cookie = token.map(|token| (SET_COOKIE, session_cookie(&token, state.secure_cookies)));
    Ok((AppendHeaders(cookie), Json(session)).into_response())
}

/// Sign in with e-mail and password.
#[utoipa::path(post, path = "/session", tag = "identity", request_body = SignInForm, responses(
    (status = 204, description = "Signed in; the session is in the cookie"),
    (status = 401, description = "identity_bad_credentials"),
    (status = 429, description = "identity_too_many_attempts, with retryAfterSeconds"),
))]
async fn sign_in(
    Extract(state): Shared,
    Visited(visited): Visited,
    ClientAddress(address): ClientAddress,
    Body(form): Body<SignInForm>,
) -> Answer<Response> {
    let token = app::sign_in(&visited, &state.limits, address, &form.email, form.password).await?;
    Ok(signed_in(&state, &token))
}

/// Sign out.
#[utoipa::path(delete, path = "/session", tag = "identity", responses((status = 204, description = "Signed out")))]
async fn sign_out(
    Extract(state): Shared,
    Visited(visited): Visited,
    SentSession(token): SentSession,
) -> Answer<Response> {
    if let Some(token) = token {
        app::sign_out(&visited, &token).await?;
    }
    let cookie = [(SET_COOKIE, no_session_cookie(state.secure_cookies))];
    Ok((StatusCode::NO_CONTENT, AppendHeaders(cookie)).into_response())
}

/// Change the caller's own preferences.
#[utoipa::path(patch, path = "/session", tag = "identity", request_body = ProfileForm, responses(
    (status = 204, description = "Changed"),
))]
async fn patch_session(
    Extract(state): Shared,
    Caller(actor): Caller,
    Body(form): Body<ProfileForm>,
) -> Answer<StatusCode> {
    let patch = app::ProfilePatch { name: form.name, theme: form.theme, locale: form.locale };
    app::patch_profile(&state.app, &actor, patch).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Change the caller's own password; their other sessions end.
#[utoipa::path(put, path = "/session/password", tag = "identity", request_body = PasswordForm, responses(
    (status = 204, description = "Changed"),
    (status = 401, description = "identity_bad_credentials"),
    (status = 422, description = "identity_password_too_short, identity_password_common"),
))]
async fn put_password(
    Extract(state): Shared,
    ClientAddress(address): ClientAddress,
    Caller(actor): Caller,
    SessionToken(token): SessionToken,
    Body(form): Body<PasswordForm>,
) -> Answer<StatusCode> {
    let PasswordForm { current_password, new_password } = form;
    app::change_password(&state.app, &state.limits, address, &actor, &token, current_password, new_password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Switch to another of the caller's workspaces.
#[utoipa::path(put, path = "/session/workspace", tag = "identity", request_body = SwitchForm, responses(
    (status = 204, description = "Switched"),
    (status = 404, description = "not_found: the caller is no member there"),
))]
async fn put_session_workspace(
    Extract(state): Shared,
    Caller(actor): Caller,
    SessionToken(token): SessionToken,
    Body(form): Body<SwitchForm>,
) -> Answer<StatusCode> {
    app::switch_workspace(&state.app, &actor, &token, form.workspace_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Tells null from absent: null is `Some(None)`.
fn present<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(value).map(Some)
}
