//! The way each request came, for the audit log; and the record of a request whose operation wrote none itself.

use super::auth::client_address;
use super::{Shared, request_id};
use axum::body::Bytes;
use axum::extract::{Request, State as Extract};
use axum::http::header::USER_AGENT;
use axum::http::{Extensions, Method};
use axum::middleware::Next;
use axum::response::Response;
use essor_app::Actor;
use essor_app::audit::{self, Trail};
use std::sync::{Arc, Mutex, PoisonError};

/// What a request carries along: its trail, who turned out to call, and what they said.
#[derive(Clone)]
pub struct Sent {
    /// The way it came.
    pub trail: Trail,
    known: Arc<Mutex<(Option<Actor>, Option<Bytes>)>>,
}

impl Sent {
    /// What the request under way carries; outside the layer a trail that leads nowhere.
    pub fn of(extensions: &Extensions) -> Sent {
        extensions.get::<Sent>().cloned().unwrap_or_else(|| Sent { trail: Trail::system(), known: Arc::default() })
    }

    /// Notes who calls.
    pub fn called(&self, actor: &Actor) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).0 = Some(actor.clone());
    }

    /// Notes what they said. Bytes are counted, not copied.
    pub fn said(&self, body: &Bytes) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).1 = Some(body.clone());
    }
}

/// Gives each request its trail. One that may have changed something, was answered well and has not settled its record
/// is recorded by its method and path.
pub async fn layer(Extract(state): Shared, mut request: Request, next: Next) -> Response {
    let address = client_address(request.extensions(), request.headers(), state.trusted_proxy);
    let agent = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok());
    let sent = Sent { trail: Trail::api(request_id::current(), address, agent), known: Arc::default() };
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let path = request.uri().path().strip_prefix("/api/v1/").filter(|_| changes).map(str::to_owned);
    let method = request.method().clone();
    request.extensions_mut().insert(sent.clone());
    let response = next.run(request).await;
    if let Some(path) = path.filter(|_| response.status().is_success() && !sent.trail.is_settled()) {
        let (caller, body) = std::mem::take(&mut *sent.known.lock().unwrap_or_else(PoisonError::into_inner));
        if let Some(actor) = caller {
            let body = body.and_then(|bytes| serde_json::from_slice(&bytes).ok());
            if let Err(error) = audit::record_request(&state.app, &actor, method.as_str(), &path, body).await {
                tracing::error!(feature = "audit", request_id = actor.trail.request_id, %error, "a request was not recorded");
            }
        }
    }
    response
}
