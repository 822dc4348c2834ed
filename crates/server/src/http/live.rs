//! Server-sent events: kinds and ids, resumable; the page refetches what it shows.

use super::auth::Caller;
use super::error::Answer;
use super::{Shared, State};
use axum::extract::State as Extract;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use essor_app::live::{Change, missed};
use essor_domain::identity::Action;
use futures_util::stream::{self, Stream, StreamExt};
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The endpoint of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(live))
}

/// Changes as they happen: `{"kinds":[…],"clients":[…]}`; resumes with `Last-Event-ID`.
#[utoipa::path(get, path = "/live", tag = "live", responses((status = 200, content_type = "text/event-stream", body = String)))]
async fn live(
    Extract(state): Shared,
    Caller(actor): Caller,
    headers: HeaderMap,
) -> Answer<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    let workspace = actor.require(Action::Read)?;
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse().ok());
    // Listening starts before the look back, so that nothing falls between the two.
    let receiver = state.live.subscribe();
    let back = match last {
        Some(last) => missed(&state.app, workspace, last).await?,
        None => None,
    };
    let hello = stream::once(async { Event::default().event("hello").data("{}") });
    let back = stream::iter(back.map(|change| event(&change)));
    let stop = state.stop.clone();
    let changes = stream::unfold((receiver, stop), move |(mut receiver, mut stop)| async move {
        loop {
            let received = tokio::select! {
                received = receiver.recv() => received,
                _ = stop.changed() => return None,
            };
            match received {
                Ok(change) if change.workspace == workspace.0 => return Some((event(&change), (receiver, stop))),
                Ok(_) => {}
                // A page that fell behind refetches everything.
                Err(RecvError::Lagged(_)) => return Some((everything(), (receiver, stop))),
                Err(RecvError::Closed) => return None,
            }
        }
    });
    let all = hello.chain(back).chain(changes).map(Ok);
    Ok(Sse::new(all).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}

fn event(change: &Change) -> Event {
    let data = serde_json::to_string(change).unwrap_or_else(|_| "{}".into());
    Event::default().id(change.place.to_string()).event("change").data(data)
}

fn everything() -> Event {
    Event::default().event("change").data(r#"{"kinds":["everything"],"clients":[]}"#)
}
