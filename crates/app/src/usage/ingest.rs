//! The ingestor: everything that waits is written in one transaction, so that one fsync serves many requests.

use super::apply::{Batch, Known, apply};
use super::receive::Item;
use crate::App;
use crate::error::{Error, Result};
use essor_domain::{Code, Invalid};
use essor_store::{self as store, Workspace};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

/// What became of a request's messages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Counted.
    pub accepted: i64,
    /// Seen before.
    pub duplicates: i64,
    /// Set aside with their reasons.
    pub quarantined: i64,
}

struct Request {
    batch: Batch,
    reply: oneshot::Sender<Result<Outcome>>,
}

/// Takes requests and writes them together. A request is answered after its commit.
#[derive(Clone)]
pub struct Ingestor {
    sender: mpsc::Sender<Request>,
}

/// Requests that may wait; past that the answer is "try again later" at once.
const QUEUE: usize = 512;
/// Events written in one transaction: enough to share an fsync, few enough to answer soon.
const GROUP: usize = 6_000;
/// How often a transaction that lost a race is tried again.
const RETRIES: u32 = 5;

impl Ingestor {
    /// Starts the writer. It ends when the last clone is dropped, after what was accepted is written.
    pub fn start(app: App) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE);
        tokio::spawn(write(app, receiver));
        Ingestor { sender }
    }

    /// Stores a request's messages; durable when it returns.
    pub async fn ingest(&self, workspace: Workspace, token_id: Uuid, items: Vec<Item>) -> Result<Outcome> {
        let (reply, answer) = oneshot::channel();
        let batch = Batch { workspace, token_id, items };
        self.sender.try_send(Request { batch, reply }).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => Invalid::new(Code::RateLimited).with("retryAfterSeconds", 1).into(),
            mpsc::error::TrySendError::Closed(_) => Error::Internal("the ingestor has stopped".into()),
        })?;
        answer.await.unwrap_or_else(|_| Err(Error::Internal("the ingestor dropped a request".into())))
    }
}

async fn write(app: App, mut receiver: mpsc::Receiver<Request>) {
    let mut known = Known::default();
    while let Some(first) = receiver.recv().await {
        let mut size = first.batch.items.len();
        let mut group = vec![first];
        while size < GROUP {
            let Ok(next) = receiver.try_recv() else { break };
            size += next.batch.items.len();
            group.push(next);
        }
        let (batches, replies): (Vec<Batch>, Vec<_>) = group.into_iter().map(|r| (r.batch, r.reply)).unzip();
        match attempt(&app, &mut known, &batches).await {
            Ok(outcomes) => {
                for (reply, outcome) in replies.into_iter().zip(outcomes) {
                    // The sender may have gone; its events are stored all the same.
                    let _ = reply.send(Ok(outcome));
                }
            }
            Err(error) if matches!(error.code(), Code::StorageUnavailable) => {
                tracing::warn!(feature = "usage", requests = replies.len(), %error, "events refused: storage unavailable");
                for reply in replies {
                    let _ = reply.send(Err(Error::Storage(store::Error::Unavailable("see above".into()))));
                }
            }
            Err(error) => {
                // One request must not sink the others: each alone.
                tracing::warn!(feature = "usage", requests = replies.len(), %error, "a group failed; trying each alone");
                for (reply, batch) in replies.into_iter().zip(batches) {
                    let outcome = attempt(&app, &mut known, &[batch]).await.map(|outcomes| outcomes[0]);
                    let _ = reply.send(outcome);
                }
            }
        }
    }
}

async fn attempt(app: &App, known: &mut Known, batches: &[Batch]) -> Result<Vec<Outcome>> {
    let mut tries = 0;
    loop {
        known.expire(app.clock.now());
        match apply(app, known, batches).await {
            Err(Error::Storage(store::Error::Retry)) if tries < RETRIES => {
                known.clear();
                tries += 1;
                tokio::time::sleep(Duration::from_millis(10 << tries)).await;
            }
            Err(error) => {
                known.clear();
                return Err(error);
            }
            Ok(outcomes) => return Ok(outcomes),
        }
    }
}
