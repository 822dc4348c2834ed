//! Each request has an id: in the answer's header, in a refusal's body and in the log.

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use std::time::Instant;
use uuid::Uuid;

tokio::task_local! {
    static ID: String;
}

/// The id of the request under way; empty outside one.
pub fn current() -> String {
    ID.try_with(Clone::clone).unwrap_or_default()
}

/// Gives the request its id and writes one line about it. Paths carry ids, never personal data; queries are left out.
pub async fn layer(request: Request, next: Next) -> Response {
    let id = Uuid::now_v7().simple().to_string();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let started = Instant::now();
    let mut response = ID.scope(id.clone(), next.run(request)).await;
    // A link's token is a secret until it is used.
    let path = if path.contains("/links/") || path.starts_with("/link/") { "/…/links/…".to_owned() } else { path };
    tracing::debug!(
        request_id = id,
        %method,
        path,
        status = response.status().as_u16(),
        ms = started.elapsed().as_millis() as u64,
        "request"
    );
    super::metrics::observe(response.status().as_u16(), started.elapsed());
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}
