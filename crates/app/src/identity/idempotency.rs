//! `Idempotency-Key`: a request that is sent twice is done once. The operations behind ask for permission themselves.

use crate::error::Result;
use crate::{Actor, App};
use essor_domain::{Code, Invalid};
use essor_store::identity::{Hash, idempotency as store};

const KEY_MAX: usize = 255;

/// What to do with a request that carries a key.
#[derive(Debug, Clone, PartialEq)]
pub enum Begin {
    /// Do it, then call [`finish_request`] with the answer, or [`forget_request`] when nothing was done.
    Fresh,
    /// It was done: answer this again.
    Replay {
        /// The HTTP status of the answer.
        status: u16,
        /// The body of the answer.
        body: String,
    },
}

/// What makes two requests the same: what they ask for and with which body.
pub fn request_hash(method: &str, path: &str, body: &[u8]) -> Hash {
    let mut hasher = blake3::Hasher::new();
    for part in [method.as_bytes(), path.as_bytes(), body] {
        // The length keeps the end of one part from being the beginning of the next.
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
    }
    *hasher.finalize().as_bytes()
}

/// Reserves the key of a request; refuses a key that came with another one, or whose request is under way.
pub async fn begin_request(app: &App, actor: &Actor, key: &str, request: &Hash) -> Result<Begin> {
    if key.is_empty() || key.len() > KEY_MAX || !key.bytes().all(|b| b.is_ascii_graphic()) {
        let detail = format!("1 to {KEY_MAX} visible ASCII characters");
        return Err(Invalid::field(Code::BadRequest, "Idempotency-Key").with("detail", detail).into());
    }
    let tx = app.db.begin().await?;
    let begin = store::begin(&tx, actor.workspace, key, request, app.clock.now()).await?;
    tx.commit().await?;
    match begin {
        store::Begin::Fresh => Ok(Begin::Fresh),
        store::Begin::Replay { status, body } => Ok(Begin::Replay { status, body }),
        store::Begin::Mismatch => Err(Code::IdempotencyMismatch.into()),
        store::Begin::InProgress => Err(Code::IdempotencyInProgress.into()),
    }
}

/// Keeps the answer for a day.
pub async fn finish_request(
    app: &App,
    actor: &Actor,
    key: &str,
    request: &Hash,
    status: u16,
    body: &str,
) -> Result<()> {
    let tx = app.db.begin().await?;
    store::finish(&tx, actor.workspace, key, request, status, body).await?;
    Ok(tx.commit().await?)
}

/// Gives the key back: the request failed without having done anything.
pub async fn forget_request(app: &App, actor: &Actor, key: &str, request: &Hash) -> Result<()> {
    let tx = app.db.begin().await?;
    store::forget(&tx, actor.workspace, key, request).await?;
    Ok(tx.commit().await?)
}
