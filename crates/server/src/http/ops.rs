//! Liveness, readiness and metrics.

use super::auth::Caller;
use super::error::Answer;
use super::{Shared, State};
use axum::Router;
use axum::extract::State as Extract;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use essor_domain::identity::Action;
use serde_json::json;

/// `/livez`, `/readyz`, and `/metrics` behind a token.
pub fn routes() -> Router<State> {
    Router::new().route("/livez", get(live)).route("/readyz", get(ready)).route("/metrics", get(metrics))
}

/// `/metrics` without a token, for a listener of its own.
pub fn metrics_routes() -> Router<State> {
    Router::new().route("/metrics", get(open_metrics))
}

async fn live() -> &'static str {
    "ok\n"
}

/// Ready when the database answers and can be written, every migration has run; the queue's delay is
/// told, not judged.
async fn ready(Extract(state): Shared) -> impl IntoResponse {
    let database = state.app.db.ping().await.is_ok();
    let migrations = database && essor_store::is_current(&state.app.db).await.unwrap_or(false);
    let queue_seconds = queue_seconds(&state).await;
    let ready = database && migrations;
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = json!({"ready": ready, "database": database, "migrations": migrations, "queueSeconds": queue_seconds});
    (status, axum::Json(body))
}

async fn queue_seconds(state: &State) -> f64 {
    let now = state.app.clock.now();
    let oldest = essor_store::jobs::oldest_due(&state.app.db, now).await.ok().flatten();
    oldest.map_or(0.0, |at| (now - at).num_milliseconds().max(0) as f64 / 1000.0)
}

async fn metrics(Extract(state): Shared, Caller(actor): Caller) -> Answer<impl IntoResponse> {
    actor.require(Action::Read)?;
    Ok(render(&state).await)
}

async fn open_metrics(Extract(state): Shared) -> impl IntoResponse {
    render(&state).await
}

async fn render(state: &State) -> impl IntoResponse + use<> {
    let text = super::metrics::render(queue_seconds(state).await);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text)
}
