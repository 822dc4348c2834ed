//! Writing a survey: its name and its words, in both languages; opening and closing it.

use super::read::{Shown, one};
use crate::audit::{Entry, record};
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::{Actor, App};
use essor_domain::identity::Action;
use essor_domain::surveys::{self as rules, Locale, MAX_NAME, MAX_QUESTION};
use essor_domain::{Code, Invalid};
use essor_store::surveys::{self as store, Survey};
use serde_json::{Value, json};
use uuid::Uuid;

/// What is written of a survey; what is left out stays, or is the usual in a new one.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// Its name.
    pub name: Option<String>,
    /// Its question in French.
    pub question_fr: Option<String>,
    /// Its question in English.
    pub question_en: Option<String>,
    /// What is asked beside it, in French; an inner none asks nothing.
    pub follow_fr: Option<Option<String>>,
    /// The same in English.
    pub follow_en: Option<Option<String>>,
    /// Whether it asks and takes answers.
    pub open: Option<bool>,
}

/// Writes a new survey, open.
pub async fn create(app: &App, actor: &Actor, kind: &str, draft: &Draft) -> Result<Shown> {
    let workspace = actor.require(Action::ManageModels)?;
    let kind = rules::kind(kind)?;
    let now = app.clock.now();
    let usual = |locale| rules::question(kind, locale).to_owned();
    let mut survey = Survey {
        id: Uuid::now_v7(),
        name: String::new(),
        kind: kind.as_str().into(),
        question_fr: usual(Locale::Fr),
        question_en: usual(Locale::En),
        follow_fr: Some(rules::follow_up(Locale::Fr).into()),
        follow_en: Some(rules::follow_up(Locale::En).into()),
        is_open: true,
        created_at: now,
        updated_at: now,
    };
    apply(&mut survey, draft)?;
    if survey.name.is_empty() {
        return Err(Invalid::field(Code::FieldRequired, "name").into());
    }
    let tx = app.db.begin().await?;
    store::save(&tx, workspace, &survey).await?;
    emit(&tx, workspace, now, &[DomainEvent::SurveysChanged]).await?;
    let entry = Entry::of("surveys.create").on("survey", survey.id).named(&survey.name).with(told(&survey));
    record(&tx, actor, now, entry).await?;
    tx.commit().await?;
    Ok(Shown::blank(survey))
}

/// Changes a survey. What it asks stays as it was once somebody was asked: answers to two questions are not one figure.
pub async fn change(app: &App, actor: &Actor, id: Uuid, draft: &Draft) -> Result<Shown> {
    let workspace = actor.require(Action::ManageModels)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    essor_store::usage::lock(&tx, workspace).await?;
    let before = store::get(&tx, workspace, id).await?.ok_or_else(Error::not_found)?;
    let mut survey = before.clone();
    apply(&mut survey, draft)?;
    let asks = |s: &Survey| (s.question_fr.clone(), s.question_en.clone());
    if asks(&survey) != asks(&before) && store::was_sent(&tx, workspace, id).await? {
        let field = if survey.question_fr == before.question_fr { "questionEn" } else { "questionFr" };
        return Err(Invalid::field(Code::SurveysSent, field).into());
    }
    if survey != before {
        survey.updated_at = now;
        store::save(&tx, workspace, &survey).await?;
        emit(&tx, workspace, now, &[DomainEvent::SurveysChanged]).await?;
    }
    let entry = Entry::of("surveys.update").on("survey", id).named(&survey.name);
    record(&tx, actor, now, entry.change(told(&before), told(&survey))).await?;
    tx.commit().await?;
    one(&app.db.primary(), workspace, id).await
}

fn apply(survey: &mut Survey, draft: &Draft) -> Result<()> {
    if let Some(name) = &draft.name {
        survey.name = rules::text(name, "name", MAX_NAME)?;
    }
    if let Some(text) = &draft.question_fr {
        survey.question_fr = rules::text(text, "questionFr", MAX_QUESTION)?;
    }
    if let Some(text) = &draft.question_en {
        survey.question_en = rules::text(text, "questionEn", MAX_QUESTION)?;
    }
    let follow = |text: &Option<String>, field: &str| -> Result<Option<String>> {
        let text = text.as_deref().filter(|text| !text.trim().is_empty());
        Ok(text.map(|text| rules::text(text, field, MAX_QUESTION)).transpose()?)
    };
    if let Some(text) = &draft.follow_fr {
        survey.follow_fr = follow(text, "followFr")?;
    }
    if let Some(text) = &draft.follow_en {
        survey.follow_en = follow(text, "followEn")?;
    }
    // Asked in one language only, half of them would be asked less.
    match (&survey.follow_fr, &survey.follow_en) {
        (Some(_), None) => return Err(Invalid::field(Code::FieldRequired, "followEn").into()),
        (None, Some(_)) => return Err(Invalid::field(Code::FieldRequired, "followFr").into()),
        _ => {}
    }
    survey.is_open = draft.open.unwrap_or(survey.is_open);
    Ok(())
}

fn told(s: &Survey) -> Value {
    json!({
        "name": s.name,
        "kind": s.kind,
        "questionFr": s.question_fr,
        "questionEn": s.question_en,
        "followFr": s.follow_fr,
        "followEn": s.follow_en,
        "open": s.is_open,
    })
}
