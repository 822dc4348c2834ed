//! From the secret of a token to what it opens. Crosses workspaces: the token says which one its caller means.
//!
//! Answers are remembered for ten seconds, so that a source sending thousands of events a second does not ask the
//! database each time. Only secrets that were right are remembered, under their hash.

use super::secret;
use super::sessions::NOTED_EVERY;
use crate::error::Result;
use crate::{Actor, ActorKind, App};
use chrono::{DateTime, Utc};
use essor_domain::Code;
use essor_store::Workspace;
use essor_store::identity::{Hash, tokens};
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use uuid::Uuid;

const REMEMBERED: Duration = Duration::from_secs(10);
/// Far more tokens than any workspace has: a bound, not a size.
const MOST: usize = 10_000;

/// What a write key opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriteKeyScope {
    /// The workspace that the events are for.
    pub workspace: Workspace,
    /// The key.
    pub token_id: Uuid,
}

#[derive(Debug, Clone)]
struct Opened {
    workspace: Workspace,
    id: Uuid,
    name: String,
    is_key: bool,
    read: bool,
    write: bool,
}

/// One memory for the process: secrets are random, so two databases never share one. It measures real time and not the
/// application's clock, because it is no part of what is replayed.
static MEMORY: LazyLock<Mutex<HashMap<Hash, (Opened, Instant)>>> = LazyLock::new(Mutex::default);

/// Who calls with an API token.
pub async fn token_actor(app: &App, secret: &str) -> Result<Actor> {
    let opened = open(app, secret).await?.filter(|o| !o.is_key).ok_or(Code::IdentityTokenInvalid)?;
    Ok(Actor {
        workspace: opened.workspace,
        kind: ActorKind::Token { token_id: opened.id, read: opened.read, write: opened.write },
        name: opened.name,
        trail: app.trail.clone(),
    })
}

/// What a write key opens.
pub async fn write_key(app: &App, secret: &str) -> Result<WriteKeyScope> {
    let opened = open(app, secret).await?.filter(|o| o.is_key).ok_or(Code::UsageKeyInvalid)?;
    Ok(WriteKeyScope { workspace: opened.workspace, token_id: opened.id })
}

async fn open(app: &App, secret: &str) -> Result<Option<Opened>> {
    if !secret.starts_with("essor_") {
        return Ok(None);
    }
    let hash = secret::hash(secret);
    if let Some((opened, at)) = memory().get(&hash)
        && at.elapsed() < REMEMBERED
    {
        return Ok(Some(opened.clone()));
    }
    let asked_at = Instant::now();
    let Some(found) = tokens::find(&app.db.primary(), &hash).await? else { return Ok(None) };
    let has = |scope: &str| found.scopes.split(',').any(|s| s == scope);
    let opened = Opened {
        workspace: Workspace(found.workspace_id),
        id: found.id,
        name: found.name,
        is_key: found.kind == super::TokenKind::Write.as_str(),
        read: has("read"),
        write: has("write"),
    };
    remember(hash, opened.clone(), asked_at);
    let now = app.clock.now();
    if found.last_used_at.is_none_or(|at| at < now - NOTED_EVERY) {
        note_use(app, opened.workspace, opened.id, now);
    }
    Ok(Some(opened))
}

fn remember(hash: Hash, opened: Opened, asked_at: Instant) {
    let mut memory = memory();
    if memory.len() >= MOST {
        memory.retain(|_, (_, at)| at.elapsed() < REMEMBERED);
    }
    if memory.len() < MOST {
        memory.insert(hash, (opened, asked_at));
    }
}

/// Forgets a token that was revoked.
pub(super) fn forget(hash: &[u8]) {
    if let Ok(hash) = Hash::try_from(hash) {
        memory().remove(&hash);
    }
}

/// Notes the use beside the request, which must not wait for the writer.
fn note_use(app: &App, workspace: Workspace, id: Uuid, now: DateTime<Utc>) {
    let app = app.clone();
    tokio::spawn(async move {
        let noted = async {
            let tx = app.db.begin().await?;
            tokens::touch(&tx, workspace, id, now, now - NOTED_EVERY).await?;
            tx.commit().await
        };
        if let Err(error) = noted.await {
            tracing::warn!(feature = "identity", %error, "the use of a token was not noted");
        }
    });
}

fn memory() -> MutexGuard<'static, HashMap<Hash, (Opened, Instant)>> {
    MEMORY.lock().unwrap_or_else(PoisonError::into_inner)
}
