//! Asking people: who would be asked and who is left out for what, and the links that are made for them.

use super::address;
use crate::audit::{Entry, record};
use crate::clients::{Filter, Language, Narrow};
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::jobs::SURVEYS_SEND;
use crate::{Actor, App, secrets};
use chrono::Duration;
use essor_domain::identity::Action;
use essor_domain::surveys::{CONTACT_DAYS, LINK_DAYS, Locale};
use essor_domain::{Code, Invalid};
use essor_store::surveys::{self as store, Asking, New, Row, RowFilter};
use essor_store::{Tx, Workspace, jobs};
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// How many people one sending asks; the others are asked by the next one.
pub const MOST: i64 = 10_000;
/// The most people that a sending names one by one.
const MAX_NAMED: usize = 1_000;

/// Whom to ask, and how.
#[derive(Debug, Clone, Default)]
pub struct Sending {
    /// These people, and nobody else.
    pub contacts: Option<Vec<Uuid>>,
    /// Those of the clients that match.
    pub narrow: Narrow,
    /// Also those who have never said whether they want to be written to.
    pub silent: bool,
    /// By e-mail instead of by links that are handed over.
    pub email: bool,
    /// The language of letters to those whose own is not known.
    pub locale: Option<Locale>,
}

/// Who would be asked.
#[derive(Debug, Clone, Default)]
pub struct Preview {
    /// How many would be asked.
    pub asked: i64,
    /// How many not, for each reason: archived, left, refused, silent, no_address, recent.
    pub left_out: BTreeMap<String, i64>,
}

/// What a sending did.
#[derive(Debug, Clone)]
pub struct Sent {
    /// How many were asked.
    pub asked: i64,
    /// How many more may be asked by another sending.
    pub remaining: i64,
    /// How many were left out, for each reason.
    pub left_out: BTreeMap<String, i64>,
}

/// Who would be asked. It changes nothing.
pub async fn preview(app: &App, actor: &Actor, survey: Uuid, sending: &Sending) -> Result<Preview> {
    let workspace = actor.require(Action::ManageModels)?;
    store::get(&app.db, workspace, survey).await?.ok_or_else(Error::not_found)?;
    let asking = asking(app, actor, sending).await?;
    let found = counted(store::count(&app.db, workspace, &asking).await?);
    actor.trail.settle();
    Ok(found)
}

fn counted(rows: Vec<(String, i64)>) -> Preview {
    let mut left_out: BTreeMap<String, i64> = rows.into_iter().collect();
    Preview { asked: left_out.remove("ask").unwrap_or(0), left_out }
}

async fn asking(app: &App, actor: &Actor, sending: &Sending) -> Result<Asking> {
    if let Some(ids) = &sending.contacts {
        if ids.is_empty() {
            return Err(Invalid::field(Code::FieldRequired, "contactIds").into());
        }
        if ids.len() > MAX_NAMED {
            return Err(Invalid::field(Code::ListTooLong, "contactIds").with("max", MAX_NAMED).into());
        }
    }
    let language = Language::of(app, actor.workspace).await?;
    // Archived clients are found too, so that it can be said why their people are not asked.
    let filter = Filter { status: Some("all".into()), ..Filter::default() };
    Ok(Asking {
        contacts: sending.contacts.clone(),
        filter: language.narrowed(app, actor, filter, &sending.narrow).await?,
        silent: sending.silent,
        email: sending.email,
        today: language.moment.today,
        since: app.clock.now() - Duration::days(CONTACT_DAYS),
    })
}

/// Asks everybody of a selection who may be asked.
pub async fn send(app: &App, actor: &Actor, survey: Uuid, sending: &Sending) -> Result<Sent> {
    let workspace = actor.require(Action::ManageModels)?;
    let asking = asking(app, actor, sending).await?;
    let now = app.clock.now();
    let (tx, survey) = begin(app, workspace, survey, sending.email).await?;
    let found = counted(store::count(&tx, workspace, &asking).await?);
    let made = make(app, &tx, workspace, survey.id, sending, &asking, MOST).await?;
    if made.is_empty() {
        return Err(Code::SurveysNobody.into());
    }
    let asked = made.len() as i64;
    emit(&tx, workspace, now, &[DomainEvent::SurveysChanged]).await?;
    let told = json!({
        "asked": asked,
        "leftOut": found.left_out,
        "email": sending.email,
        "where": sending.narrow.condition,
        "view": sending.narrow.view,
        "contacts": sending.contacts.as_ref().map(Vec::len),
        "silent": sending.silent,
    });
    record(&tx, actor, now, Entry::of("surveys.send").on("survey", survey.id).named(&survey.name).with(told)).await?;
    tx.commit().await?;
    Ok(Sent { asked, remaining: (found.asked - asked).max(0), left_out: found.left_out })
}

/// What asking one person gave.
#[derive(Debug, Clone)]
pub struct AskedOne {
    /// Their link's row.
    pub id: Uuid,
    /// Their link.
    pub url: String,
    /// Whether it goes by e-mail.
    pub email: bool,
}

/// Asks one person. Somebody who asks by hand knows whom: who has never said may be asked, who refused may not.
pub async fn ask(
    app: &App,
    actor: &Actor,
    survey: Uuid,
    contact: Uuid,
    email: bool,
    locale: Option<Locale>,
) -> Result<AskedOne> {
    let workspace = actor.require(Action::WriteClients)?;
    let now = app.clock.now();
    let sending = Sending { contacts: Some(vec![contact]), silent: true, email, locale, ..Sending::default() };
    let asking = asking(app, actor, &sending).await?;
    let (tx, survey) = begin(app, workspace, survey, email).await?;
    let found = counted(store::count(&tx, workspace, &asking).await?);
    if let Some(reason) = found.left_out.keys().next() {
        return Err(Invalid::field(Code::SurveysLeftOut, "contactId").with("reason", reason.as_str()).into());
    }
    let made = make(app, &tx, workspace, survey.id, &sending, &asking, 1).await?;
    let id = *made
        .first()
        .ok_or_else(|| Invalid::field(Code::ClientsContactUnknown, "contactId").with("value", contact.to_string()))?;
    emit(&tx, workspace, now, &[DomainEvent::SurveysChanged]).await?;
    let entry = Entry::of("surveys.ask").on("survey", survey.id).named(&survey.name);
    record(&tx, actor, now, entry.with(json!({"contact": contact, "email": email}))).await?;
    tx.commit().await?;
    Ok(AskedOne { id, url: address(app, id), email })
}

/// Two sendings at once would both find the same person free: one waits for the other.
async fn begin(app: &App, workspace: Workspace, survey: Uuid, email: bool) -> Result<(Tx, store::Survey)> {
    let tx = app.db.begin().await?;
    essor_store::usage::lock(&tx, workspace).await?;
    let survey = store::get(&tx, workspace, survey).await?.ok_or_else(Error::not_found)?;
    if !survey.is_open {
        return Err(Code::SurveysClosed.into());
    }
    if email && app.mailer.is_none() {
        return Err(Invalid::field(Code::SurveysMailOff, "delivery").into());
    }
    Ok((tx, survey))
}

async fn make(
    app: &App,
    tx: &Tx,
    workspace: Workspace,
    survey: Uuid,
    sending: &Sending,
    asking: &Asking,
    most: i64,
) -> Result<Vec<Uuid>> {
    let now = app.clock.now();
    let people = store::select(tx, workspace, asking, most).await?;
    let made: Vec<New> = people
        .into_iter()
        .map(|person| {
            let id = Uuid::now_v7();
            let theirs = Locale::of_person(person.words.as_deref(), person.country.as_deref());
            // A page asks the browser; a letter has to be in some language.
            let locale = theirs.or(if sending.email { Some(sending.locale.unwrap_or(Locale::En)) } else { None });
            New {
                id,
                client_id: person.client_id,
                contact_id: person.id,
                token_hash: secrets::hash(&app.secret.token(id)),
                locale: locale.map(Locale::as_str),
            }
        })
        .collect();
    let state = if sending.email { "queued" } else { "link" };
    store::insert_recipients(tx, workspace, survey, state, &made, (now, now + Duration::days(LINK_DAYS))).await?;
    if sending.email {
        jobs::enqueue(tx, workspace, SURVEYS_SEND, made.iter().map(|row| row.id.to_string()), now).await?;
    }
    Ok(made.into_iter().map(|row| row.id).collect())
}

/// The links of a survey that can be handed over: not answered yet, still good, and not on their way by e-mail. They are
/// computed again, so that the database never holds them; who reads them is recorded.
pub async fn links(app: &App, actor: &Actor, survey: Uuid) -> Result<Vec<(Row, String)>> {
    let workspace = actor.require(Action::ManageModels)?;
    let now = app.clock.now();
    let survey = store::get(&app.db, workspace, survey).await?.ok_or_else(Error::not_found)?;
    let mut rows = Vec::new();
    for state in ["link", "failed"] {
        let filter = RowFilter {
            answered: Some(false),
            state: Some(state.into()),
            usable_at: Some(now),
            ..RowFilter::default()
        };
        rows.extend(store::page(&app.db, workspace, survey.id, &filter, None, MOST).await?);
    }
    // Made under another secret, they cannot be computed again; those that were handed over go on working.
    rows.retain(|row| row.token_hash == secrets::hash(&app.secret.token(row.id)));
    rows.truncate(MOST as usize);
    let tx = app.db.begin().await?;
    let entry = Entry::of("surveys.links").on("survey", survey.id).named(&survey.name);
    record(&tx, actor, now, entry.with(json!({"links": rows.len()}))).await?;
    tx.commit().await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let url = address(app, row.id);
            (row, url)
        })
        .collect())
}
