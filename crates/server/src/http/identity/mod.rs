//! People and access, under `/api/v1`: a file per subject.

mod devices;
mod invitations;
mod links;
mod members;
mod roles;
mod session;
mod tokens;
mod workspace;
mod workspaces;

use super::State;
use super::auth::session_cookie;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;

/// The endpoints of this folder.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .merge(session::routes())
        .merge(devices::routes())
        .merge(links::routes())
        .merge(members::routes())
        .merge(invitations::routes())
        .merge(roles::routes())
        .merge(tokens::routes())
        .merge(workspace::routes())
        .merge(workspaces::routes())
}

/// The answer that begins a session: its token goes into the cookie.
fn signed_in(state: &State, token: &str) -> Response {
    let cookie = [(SET_COOKIE, session_cookie(token, state.secure_cookies))];
    (StatusCode::NO_CONTENT, AppendHeaders(cookie)).into_response()
}
