//! Sending letters: a job for each, tried again for about an hour while the mail server is away.
//!
//! A crash between the server's word and our commit sends a letter twice, under the same Message-ID, rather than never.

use super::address;
use super::answer::Standing;
use super::letter::letter;
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::mail::Undelivered;
use crate::{App, secrets};
use chrono::Duration;
use essor_store::jobs::{self, Job};
use essor_store::{Workspace, surveys as store};
use uuid::Uuid;

/// How often a letter is tried: after waits of 2, 4, 8… seconds, the last of them 34 minutes.
const TRIES: i32 = 12;

/// What became of a letter.
enum Done {
    /// The server has it, or its person was written to already.
    Sent,
    /// It will not be sent, and why.
    Failed(&'static str),
    /// It is tried again.
    Later(String),
    /// There is nothing to send.
    Nothing,
}

/// Sends the letters of some jobs side by side, and ends each job with what became of its letter.
pub(crate) async fn deliver(app: &App, worker: Uuid, workspace: Workspace, batch: &[Job]) -> Result<()> {
    let mut letters = tokio::task::JoinSet::new();
    for job in batch {
        let (app, job) = (app.clone(), job.clone());
        letters.spawn(async move {
            let done = one(&app, workspace, &job).await;
            (job, done)
        });
    }
    while let Some(joined) = letters.join_next().await {
        let (job, done) = joined.map_err(|error| Error::Internal(error.to_string()))?;
        finish(app, worker, workspace, &job, done?).await?;
    }
    Ok(())
}

async fn one(app: &App, workspace: Workspace, job: &Job) -> Result<Done> {
    let Ok(id) = job.key.parse() else { return Ok(Done::Nothing) };
    let Some(link) = store::link(&app.db.primary(), workspace, id).await? else { return Ok(Done::Nothing) };
    if link.state != "queued" {
        return Ok(Done::Nothing);
    }
    // Since it was queued, much may have been said.
    let over = match Standing::of(&link, app.clock.now()) {
        Standing::Good if link.consent.as_deref() == Some("refused") => Some("unsubscribed"),
        Standing::Good if link.contact_email.as_deref().is_none_or(|email| email.trim().is_empty()) => {
            Some("no_address")
        }
        Standing::Good => None,
        standing => Some(standing.as_str()),
    };
    if let Some(reason) = over {
        return Ok(Done::Failed(reason));
    }
    let Some(mailer) = &app.mailer else { return Ok(Done::Later("no mail server is set".into())) };
    let Some(letter) = letter(&link, &address(app, id)) else { return Ok(Done::Nothing) };
    // The secret is another than when it was queued: the link that is sent has to be the one that is found.
    let hash = secrets::hash(&app.secret.token(id));
    if link.token_hash != hash {
        let tx = app.db.begin().await?;
        store::set_token(&tx, workspace, id, &hash).await?;
        tx.commit().await?;
    }
    Ok(match mailer.send(&letter).await {
        Ok(()) => Done::Sent,
        Err(Undelivered::BadAddress) => Done::Failed("bad_address"),
        Err(Undelivered::Rejected) => Done::Failed("rejected"),
        Err(Undelivered::Later(why)) => Done::Later(why),
    })
}

async fn finish(app: &App, worker: Uuid, workspace: Workspace, job: &Job, done: Done) -> Result<()> {
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let (state, sent_at) = match done {
        Done::Later(why) if job.attempts < TRIES => {
            tracing::warn!(feature = "surveys", tries = job.attempts, why, "a letter was not sent; it is tried again");
            let wait = Duration::seconds(2_i64.saturating_pow(job.attempts.clamp(1, 11) as u32));
            jobs::fail(&tx, worker, job, now + wait, &why).await?;
            return Ok(tx.commit().await?);
        }
        Done::Sent => (Some(("sent", None)), Some(now)),
        Done::Failed(reason) => (Some(("failed", Some(reason))), None),
        Done::Later(_) => (Some(("failed", Some("unreachable"))), None),
        Done::Nothing => (None, None),
    };
    if let (Some(state), Ok(id)) = (state, job.key.parse()) {
        store::set_state(&tx, workspace, id, state, sent_at).await?;
        emit(&tx, workspace, now, &[DomainEvent::SurveysChanged]).await?;
    }
    if jobs::finish(&tx, worker, std::slice::from_ref(job)).await? {
        tx.commit().await?;
    }
    Ok(())
}
