//! The demo portfolio, from the interface.

use super::auth::{Caller, SessionToken};
use super::error::Answer;
use super::{Shared, State};
use axum::extract::State as Extract;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(enter, remove))
}

/// Makes the demo workspace if there is none, makes the caller a manager of it, and moves the session there.
#[utoipa::path(post, path = "/demo", tag = "demo", responses((status = 202)))]
async fn enter(Extract(state): Shared, Caller(actor): Caller, SessionToken(token): SessionToken) -> Answer<StatusCode> {
    essor_app::demo::enter(&state.app, &actor, &token).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Removes the demo workspace; nothing else is touched.
#[utoipa::path(delete, path = "/demo", tag = "demo", responses((status = 204)))]
async fn remove(Extract(state): Shared, Caller(actor): Caller) -> Answer<StatusCode> {
    essor_app::demo::remove(&state.app, &actor).await?;
    Ok(StatusCode::NO_CONTENT)
}
