//! What happens on the public page of a link. Looking at it records nothing, since mail scanners look at everything;
//! only what is sent does.

use crate::audit::{Entry, record};
use crate::clients::write_signals;
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::{Actor, App, secrets};
use chrono::{DateTime, Utc};
use essor_domain::clients::{Consent, SignalInput};
use essor_domain::surveys as rules;
use essor_domain::time::{day_in, parse_zone};
use essor_domain::{Code, Invalid};
use essor_store::clients::{self, people};
use essor_store::surveys::{self as store, Link};
use essor_store::{Conn, Workspace, usage};
use serde_json::{Map, json};

/// How a link stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It can be answered.
    Good,
    /// Its survey is closed.
    Closed,
    /// Its time is over.
    Expired,
    /// Its person was taken away.
    Removed,
}

impl Standing {
    /// As the refusal's parameter says it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Standing::Good => "good",
            Standing::Closed => "closed",
            Standing::Expired => "expired",
            Standing::Removed => "removed",
        }
    }

    /// Of a link, at an instant.
    pub(super) fn of(link: &Link, now: DateTime<Utc>) -> Standing {
        if link.contact_id.is_none() {
            Standing::Removed
        } else if !link.is_open {
            Standing::Closed
        } else if link.expires_at <= now {
            Standing::Expired
        } else {
            Standing::Good
        }
    }
}

/// A link as its page shows it.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The link.
    pub link: Link,
    /// How it stands.
    pub standing: Standing,
}

/// Whose link a token is; none when it is nobody's. It records nothing.
pub async fn open(app: &App, token: &str) -> Result<Option<Opened>> {
    let link = found(&app.db.primary(), token).await?;
    Ok(link.map(|link| Opened { standing: Standing::of(&link, app.clock.now()), link }))
}

async fn found(conn: &impl Conn, token: &str) -> Result<Option<Link>> {
    Ok(store::by_token(conn, &secrets::hash(token)).await?)
}

fn over(reason: &str) -> Error {
    Invalid::new(Code::SurveysLinkOver).with("reason", reason).into()
}

/// Records the answer of a link; given again it takes the place of the one before.
pub async fn answer(app: &App, token: &str, score: i32, comment: Option<&str>) -> Result<()> {
    let now = app.clock.now();
    let first = found(&app.db.primary(), token).await?.ok_or_else(|| over("unknown"))?;
    let workspace = Workspace(first.workspace_id);
    let tx = app.db.begin().await?;
    usage::lock(&tx, workspace).await?;
    let link = store::link(&tx, workspace, first.id).await?.ok_or_else(|| over("unknown"))?;
    let standing = Standing::of(&link, now);
    if standing != Standing::Good {
        return Err(over(standing.as_str()));
    }
    let comment = comment.map(said).filter(|text| !text.is_empty());
    rules::check_answer(rules::kind(&link.kind)?, score, comment.as_deref())?;
    let done = write_signals(&tx, workspace, &[signal(&link, score, comment, now)], now).await?;
    let signal = done.first().map(|row| row.id).ok_or_else(|| Error::Internal("an answer left no signal".into()))?;
    let day = day_in(parse_zone(&link.timezone)?, now);
    store::answered(&tx, workspace, link.id, (score, signal), (now, day)).await?;
    emit(&tx, workspace, now, &[DomainEvent::SurveysChanged]).await?;
    // Who answered, and not what they wrote, nor from where: that stands with the signal, where it can be forgotten.
    let entry = Entry::of("surveys.answer").on("survey", link.survey_id).named(&link.name);
    record(&tx, &Actor::system(workspace), now, entry.with(json!({"link": link.id, "score": score}))).await?;
    Ok(tx.commit().await?)
}

/// A comment without what no text holds.
fn said(text: &str) -> String {
    text.replace("\r\n", "\n").chars().filter(|c| !c.is_control() || *c == '\n').collect::<String>().trim().to_owned()
}

fn signal(link: &Link, score: i32, comment: Option<String>, now: DateTime<Utc>) -> SignalInput {
    let mut data = Map::new();
    data.insert("survey".into(), link.kind.as_str().into());
    data.insert("score".into(), score.into());
    data.insert("name".into(), link.name.as_str().into());
    data.insert("surveyId".into(), link.survey_id.to_string().into());
    if let Some(comment) = comment {
        data.insert("comment".into(), comment.into());
    }
    SignalInput {
        kind: "survey".into(),
        message_id: format!("survey:{}", link.id),
        client_external_id: link.client_external_id.clone(),
        contact_external_id: link.contact_external_id.clone(),
        occurred_at: now,
        ended_at: None,
        known_at: None,
        data,
    }
}

/// Notes that the person of a link wants no more letters. Said again it changes nothing; a link that is over says it too.
pub async fn stop(app: &App, token: &str) -> Result<()> {
    let now = app.clock.now();
    let first = found(&app.db.primary(), token).await?.ok_or_else(|| over("unknown"))?;
    let workspace = Workspace(first.workspace_id);
    let contact = first.contact_id.ok_or_else(|| over("removed"))?;
    let tx = app.db.begin().await?;
    let before = clients::contact(&tx, workspace, contact).await?.ok_or_else(|| over("removed"))?;
    let refused = Consent::Refused.as_str();
    if before.consent.as_deref() == Some(refused) {
        return Ok(());
    }
    let today = day_in(parse_zone(&first.timezone)?, now);
    let after = clients::Contact { consent: Some(refused.into()), consent_on: Some(today), ..before.clone() };
    people::save(&tx, workspace, &after, now).await?;
    let client: Vec<_> = after.client_id.into_iter().collect();
    emit(&tx, workspace, now, &[DomainEvent::ClientsChanged(client)]).await?;
    let entry = Entry::of("contacts.unsubscribe").on("contact", contact);
    let entry = entry.change(json!({"consent": before.consent}), json!({"consent": after.consent}));
    record(&tx, &Actor::system(workspace), now, entry).await?;
    Ok(tx.commit().await?)
}
