//! Surveys: written, sent, listed.

use super::auth::Caller;
use super::error::{Answer, Failure};
use super::json::{Id, Json, given, parse};
use super::{Shared, State};
use axum::body::Bytes;
use axum::extract::State as Extract;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use essor_app::clients::Narrow;
use essor_app::surveys::{self as app, Draft, Sending, Shown};
use essor_domain::identity::Action;
use essor_domain::surveys::{CONTACT_DAYS, LINK_DAYS, Locale, Side};
use essor_domain::{Code, Invalid};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(change))
        .routes(routes!(preview))
        .routes(routes!(send))
        .routes(routes!(ask))
        .routes(routes!(links))
}

/// A survey with its figures.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SurveyBody {
    id: Uuid,
    name: String,
    /// nps, csat or ces.
    kind: &'static str,
    question_fr: String,
    question_en: String,
    /// What is asked beside it; null when nothing is.
    follow_fr: Option<String>,
    follow_en: Option<String>,
    open: bool,
    created_at: DateTime<Utc>,
    /// How many people were asked; those whose letter failed were not.
    asked: i64,
    answered: i64,
    /// The share of those asked who answered, 0–1; null while nobody was asked.
    response_rate: Option<f64>,
    /// NPS (−100–100), CSAT (0–100) or CES (1–7); null while nobody has answered.
    figure: Option<f64>,
    /// Answers on each side of the scale: detractors, passives, promoters; or the like.
    bad: i64,
    middle: i64,
    good: i64,
    distribution: Vec<SurveyScoreBody>,
    states: SurveyStatesBody,
}

/// How many gave a score.
#[derive(Debug, Serialize, ToSchema)]
struct SurveyScoreBody {
    score: i32,
    /// bad, middle or good.
    side: &'static str,
    answers: i64,
}

/// Links by how they go: handed over by hand, waiting to be sent by e-mail, sent, not sent.
#[derive(Debug, Serialize, ToSchema)]
struct SurveyStatesBody {
    link: i64,
    queued: i64,
    sent: i64,
    failed: i64,
}

const fn side(side: Side) -> &'static str {
    match side {
        Side::Bad => "bad",
        Side::Middle => "middle",
        Side::Good => "good",
    }
}

impl From<Shown> for SurveyBody {
    fn from(shown: Shown) -> Self {
        let state = |name: &str| shown.states.get(name).copied().unwrap_or(0);
        let score = |&(score, answers): &(i32, i64)| SurveyScoreBody {
            score,
            side: side(essor_domain::surveys::side(shown.kind, score)),
            answers,
        };
        SurveyBody {
            asked: shown.asked,
            answered: shown.answered,
            response_rate: shown.rate(),
            figure: shown.figure,
            bad: shown.on(Side::Bad),
            middle: shown.on(Side::Middle),
            good: shown.on(Side::Good),
            distribution: shown.distribution.iter().map(score).collect(),
            states: SurveyStatesBody {
                link: state("link"),
                queued: state("queued"),
                sent: state("sent"),
                failed: state("failed"),
            },
            kind: shown.kind.as_str(),
            id: shown.survey.id,
            name: shown.survey.name,
            question_fr: shown.survey.question_fr,
            question_en: shown.survey.question_en,
            follow_fr: shown.survey.follow_fr,
            follow_en: shown.survey.follow_en,
            open: shown.survey.is_open,
            created_at: shown.survey.created_at,
        }
    }
}

/// The surveys, and what holds for all of them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SurveysBody {
    items: Vec<SurveyBody>,
    /// Whether letters can be sent: a mail server is set.
    mail: bool,
    /// A person is asked once in so many days.
    contact_days: i64,
    /// A link can be answered for so many days.
    link_days: i64,
}

/// The surveys, the newest first.
#[utoipa::path(get, path = "/surveys", operation_id = "surveys", tag = "surveys", responses((status = 200, body = SurveysBody)))]
async fn list(Extract(state): Shared, Caller(actor): Caller) -> Answer<Json<SurveysBody>> {
    let items = app::list(&state.app, &actor).await?;
    Ok(Json(SurveysBody {
        items: items.into_iter().map(Into::into).collect(),
        mail: app::mail_is_on(&state.app),
        contact_days: CONTACT_DAYS,
        link_days: LINK_DAYS,
    }))
}

/// A new survey; questions left out are the usual ones of its kind.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewSurveyForm {
    name: String,
    /// nps, csat or ces.
    kind: String,
    #[serde(default)]
    question_fr: Option<String>,
    #[serde(default)]
    question_en: Option<String>,
    /// null asks nothing beside.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    follow_fr: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    follow_en: Option<Option<String>>,
}

/// Writes a survey.
#[utoipa::path(post, path = "/surveys", operation_id = "create_survey", tag = "surveys", request_body = NewSurveyForm, responses((status = 201, body = SurveyBody), (status = 422, body = super::error::Problem)))]
async fn create(Extract(state): Shared, Caller(actor): Caller, body: Bytes) -> Answer<(StatusCode, Json<SurveyBody>)> {
    actor.require(Action::ManageModels)?;
    let form: NewSurveyForm = parse(&body)?;
    let draft = Draft {
        name: Some(form.name),
        question_fr: form.question_fr,
        question_en: form.question_en,
        follow_fr: form.follow_fr,
        follow_en: form.follow_en,
        open: None,
    };
    Ok((StatusCode::CREATED, Json(app::create(&state.app, &actor, &form.kind, &draft).await?.into())))
}

/// What changes of a survey; left out it stays. The questions stay once somebody was asked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SurveyForm {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    question_fr: Option<String>,
    #[serde(default)]
    question_en: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    follow_fr: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    follow_en: Option<Option<String>>,
    /// Closed, it asks nobody and takes no answer.
    #[serde(default)]
    open: Option<bool>,
}

/// Changes a survey, closes it or opens it again.
#[utoipa::path(patch, path = "/surveys/{id}", operation_id = "change_survey", tag = "surveys", params(("id" = Uuid, Path)), request_body = SurveyForm, responses((status = 200, body = SurveyBody), (status = 409, body = super::error::Problem)))]
async fn change(Extract(state): Shared, Caller(actor): Caller, Id(id): Id, body: Bytes) -> Answer<Json<SurveyBody>> {
    actor.require(Action::ManageModels)?;
    let form: SurveyForm = parse(&body)?;
    let draft = Draft {
        name: form.name,
        question_fr: form.question_fr,
        question_en: form.question_en,
        follow_fr: form.follow_fr,
        follow_en: form.follow_en,
        open: form.open,
    };
    Ok(Json(app::change(&state.app, &actor, id, &draft).await?.into()))
}

/// Whom to ask: `contactIds`, or the people of the clients that `where` and `view` match, all when neither is there.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SurveySendForm {
    #[serde(default)]
    contact_ids: Option<Vec<Uuid>>,
    /// An expression, as text.
    #[serde(default, rename = "where")]
    condition: Option<String>,
    /// A saved view.
    #[serde(default)]
    view: Option<Uuid>,
    /// Also those who have never said whether they want to be written to. Those who refused are never asked.
    #[serde(default)]
    silent: bool,
    /// link (the default): links to hand over; email.
    #[serde(default)]
    delivery: Option<String>,
    /// fr or en: the language of letters to those whose own is not known.
    #[serde(default)]
    locale: Option<String>,
}

fn by_email(delivery: Option<&str>) -> Result<bool, Failure> {
    match delivery {
        None | Some("link") => Ok(false),
        Some("email") => Ok(true),
        Some(_) => Err(Invalid::field(Code::FieldType, "delivery").with("expected", "link or email").into()),
    }
}

fn spoken(locale: Option<&str>) -> Result<Option<Locale>, Failure> {
    let refused = || Failure::from(Invalid::field(Code::FieldType, "locale").with("expected", "fr or en"));
    locale.map(|text| Locale::parse(text).ok_or_else(refused)).transpose()
}

impl SurveySendForm {
    fn sending(self) -> Result<Sending, Failure> {
        Ok(Sending {
            email: by_email(self.delivery.as_deref())?,
            locale: spoken(self.locale.as_deref())?,
            contacts: self.contact_ids,
            narrow: Narrow { condition: self.condition, tab: None, view: self.view },
            silent: self.silent,
        })
    }
}

/// Who would be asked.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SurveyPreviewBody {
    /// How many would be asked.
    asked: i64,
    /// How many of them one sending asks at most.
    most: i64,
    left_out: SurveyLeftOutBody,
}

/// How many are left out, each for the first reason that holds.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SurveyLeftOutBody {
    /// Their client is archived.
    archived: i64,
    /// They have left their client.
    left: i64,
    /// They want no letters.
    refused: i64,
    /// They have never said whether they want any.
    silent: i64,
    /// They have no address.
    no_address: i64,
    /// They were asked, or answered, in the last 180 days.
    recent: i64,
}

impl From<BTreeMap<String, i64>> for SurveyLeftOutBody {
    fn from(map: BTreeMap<String, i64>) -> Self {
        let of = |key: &str| map.get(key).copied().unwrap_or(0);
        SurveyLeftOutBody {
            archived: of("archived"),
            left: of("left"),
            refused: of("refused"),
            silent: of("silent"),
            no_address: of("no_address"),
            recent: of("recent"),
        }
    }
}

/// Who would be asked, and who not and why. It changes nothing.
#[utoipa::path(post, path = "/surveys/{id}/preview", operation_id = "preview_survey", tag = "surveys", params(("id" = Uuid, Path)), request_body = SurveySendForm, responses((status = 200, body = SurveyPreviewBody), (status = 422, body = super::error::Problem)))]
async fn preview(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(id): Id,
    body: Bytes,
) -> Answer<Json<SurveyPreviewBody>> {
    actor.require(Action::ManageModels)?;
    let sending = parse::<SurveySendForm>(&body)?.sending()?;
    let found = app::preview(&state.app, &actor, id, &sending).await?;
    Ok(Json(SurveyPreviewBody { asked: found.asked, most: app::MOST, left_out: found.left_out.into() }))
}

/// What a sending did.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SurveySentBody {
    asked: i64,
    /// How many more another sending may ask.
    remaining: i64,
    left_out: SurveyLeftOutBody,
}

/// Asks everybody who may be asked: makes a link for each, and sends it by e-mail where that was chosen.
#[utoipa::path(post, path = "/surveys/{id}/send", operation_id = "send_survey", tag = "surveys", params(("id" = Uuid, Path)), request_body = SurveySendForm, responses((status = 201, body = SurveySentBody), (status = 409, body = super::error::Problem), (status = 422, body = super::error::Problem)))]
async fn send(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(id): Id,
    body: Bytes,
) -> Answer<(StatusCode, Json<SurveySentBody>)> {
    actor.require(Action::ManageModels)?;
    let sending = parse::<SurveySendForm>(&body)?.sending()?;
    let sent = app::send(&state.app, &actor, id, &sending).await?;
    let body = SurveySentBody { asked: sent.asked, remaining: sent.remaining, left_out: sent.left_out.into() };
    Ok((StatusCode::CREATED, Json(body)))
}

/// One person to ask.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SurveyAskForm {
    contact_id: Uuid,
    /// link (the default) or email.
    #[serde(default)]
    delivery: Option<String>,
    /// fr or en: the language of the letter when that of the person is not known.
    #[serde(default)]
    locale: Option<String>,
}

/// What asking one person gave.
#[derive(Debug, Serialize, ToSchema)]
struct SurveyAskedBody {
    id: Uuid,
    /// Their link.
    url: String,
    /// link or email.
    delivery: &'static str,
}

/// Asks one person of a client. Those who refused, and those asked in the last 180 days, are not.
#[utoipa::path(post, path = "/surveys/{id}/ask", operation_id = "ask_contact", tag = "surveys", params(("id" = Uuid, Path)), request_body = SurveyAskForm, responses((status = 201, body = SurveyAskedBody), (status = 409, body = super::error::Problem), (status = 422, body = super::error::Problem)))]
async fn ask(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(id): Id,
    body: Bytes,
) -> Answer<(StatusCode, Json<SurveyAskedBody>)> {
    actor.require(Action::WriteClients)?;
    let form: SurveyAskForm = parse(&body)?;
    let (email, locale) = (by_email(form.delivery.as_deref())?, spoken(form.locale.as_deref())?);
    let asked = app::ask(&state.app, &actor, id, form.contact_id, email, locale).await?;
    let delivery = if asked.email { "email" } else { "link" };
    Ok((StatusCode::CREATED, Json(SurveyAskedBody { id: asked.id, url: asked.url, delivery })))
}

/// A link to hand over.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SurveyHandedBody {
    id: Uuid,
    client_id: Uuid,
    client_name: String,
    contact_name: Option<String>,
    email: Option<String>,
    /// Until when it can be answered.
    expires_at: DateTime<Utc>,
    url: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct SurveyLinksBody {
    items: Vec<SurveyHandedBody>,
}

/// The links that can be handed over: not answered yet, not over, and not on their way by e-mail. Who reads them could
/// answer in their place: it is for managers, and recorded.
#[utoipa::path(post, path = "/surveys/{id}/links", operation_id = "survey_links", tag = "surveys", params(("id" = Uuid, Path)), responses((status = 200, body = SurveyLinksBody)))]
async fn links(Extract(state): Shared, Caller(actor): Caller, Id(id): Id) -> Answer<Json<SurveyLinksBody>> {
    let rows = app::links(&state.app, &actor, id).await?;
    let items = rows.into_iter().map(|(row, url)| SurveyHandedBody {
        id: row.id,
        client_id: row.client_id,
        client_name: row.client_name,
        contact_name: row.contact_name,
        email: row.email,
        expires_at: row.expires_at,
        url,
    });
    Ok(Json(SurveyLinksBody { items: items.collect() }))
}
