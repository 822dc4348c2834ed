//! Sessions as lists: one's own, and those of members in this workspace.

use super::super::auth::{Caller, SentSession, SessionToken};
use super::super::error::Answer;
use super::super::json::Id;
use super::super::{Shared, State};
use axum::Json;
use axum::extract::State as Extract;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use essor_app::identity as app;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(list_sessions, end_other_sessions))
        .routes(routes!(end_session))
        .routes(routes!(list_member_sessions, end_member_sessions))
}

/// Sessions, the last used first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionList {
    items: Vec<OpenSession>,
}

/// A browser that is signed in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpenSession {
    id: Uuid,
    /// `Firefox`; null when it is not known.
    browser: Option<&'static str>,
    /// `Windows`; null when it is not known.
    system: Option<&'static str>,
    /// `desktop`, `phone`, `tablet` or `unknown`.
    device: &'static str,
    /// Where it was last used from; null for a session from before addresses were kept.
    address: Option<String>,
    created_at: DateTime<Utc>,
    /// To the minute.
    last_seen_at: DateTime<Utc>,
    workspace_name: String,
    /// Whether it is the one that asks.
    current: bool,
}

impl From<Vec<app::SessionShown>> for SessionList {
    fn from(sessions: Vec<app::SessionShown>) -> Self {
        let items = sessions.into_iter().map(|s| OpenSession {
            id: s.id,
            browser: s.device.browser,
            system: s.device.system,
            device: s.device.kind,
            address: s.address,
            created_at: s.created_at,
            last_seen_at: s.last_seen_at,
            workspace_name: s.workspace_name,
            current: s.current,
        });
        SessionList { items: items.collect() }
    }
}

/// How many sessions were ended.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionsEnded {
    ended: u64,
}

/// The caller's own sessions, in all their workspaces.
#[utoipa::path(get, path = "/sessions", tag = "identity", responses((status = 200, body = SessionList)))]
async fn list_sessions(
    Extract(state): Shared,
    Caller(actor): Caller,
    SessionToken(token): SessionToken,
) -> Answer<Json<SessionList>> {
    Ok(Json(app::own_sessions(&state.app, &actor, &token).await?.into()))
}

/// End all of the caller's sessions but the one that asks.
#[utoipa::path(delete, path = "/sessions", tag = "identity", responses((status = 200, body = SessionsEnded)))]
async fn end_other_sessions(
    Extract(state): Shared,
    Caller(actor): Caller,
    SessionToken(token): SessionToken,
) -> Answer<Json<SessionsEnded>> {
    Ok(Json(SessionsEnded { ended: app::end_other_sessions(&state.app, &actor, &token).await? }))
}

/// End a session: one of the caller's own, or of a member in this workspace (administrators).
#[utoipa::path(delete, path = "/sessions/{id}", tag = "identity", params(("id" = Uuid, Path)), responses(
    (status = 204, description = "Ended"),
    (status = 404, description = "not_found"),
))]
async fn end_session(
    Extract(state): Shared,
    Caller(actor): Caller,
    SessionToken(_token): SessionToken,
    Id(session): Id,
) -> Answer<StatusCode> {
    app::end_session(&state.app, &actor, session).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The sessions that a member has in this workspace (administrators).
#[utoipa::path(get, path = "/members/{userId}/sessions", tag = "identity", params(("userId" = Uuid, Path)), responses((status = 200, body = SessionList)))]
async fn list_member_sessions(
    Extract(state): Shared,
    Caller(actor): Caller,
    SentSession(token): SentSession,
    Id(user_id): Id,
) -> Answer<Json<SessionList>> {
    let token = token.unwrap_or_default();
    Ok(Json(app::member_sessions(&state.app, &actor, user_id, &token).await?.into()))
}

/// End the sessions that a member has in this workspace (administrators).
#[utoipa::path(delete, path = "/members/{userId}/sessions", tag = "identity", params(("userId" = Uuid, Path)), responses((status = 200, body = SessionsEnded)))]
async fn end_member_sessions(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(user_id): Id,
) -> Answer<Json<SessionsEnded>> {
    Ok(Json(SessionsEnded { ended: app::end_member_sessions(&state.app, &actor, user_id).await? }))
}
