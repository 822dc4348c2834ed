//! The client journey: one client's, templates, the portfolio by stage, and the page shared with a client.

mod board;
mod bodies;
mod client;
mod parts;
mod settings;
mod shared;
mod templates;

use super::State;
use utoipa_axum::router::OpenApiRouter;

/// The endpoints of this folder.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .merge(client::routes())
        .merge(parts::routes())
        .merge(templates::routes())
        .merge(board::routes())
        .merge(settings::routes())
        .merge(shared::routes())
}
