//! What a survey has brought: its figures by month and by segment, and the people behind each.

use super::auth::Caller;
use super::error::{Answer, Failure};
use super::json::{Id, Json, Query, limit, read_cursor, write_cursor};
use super::surveys::SurveyBody;
use super::{Shared, State};
use axum::extract::State as Extract;
use chrono::{DateTime, Utc};
use essor_app::surveys::{self as app, Part, Row, RowFilter};
use essor_domain::{Code, Invalid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(one)).routes(routes!(recipients))
}

/// Answers that have something in common.
#[derive(Debug, Serialize, ToSchema)]
struct SurveyPartBody {
    /// The month (`YYYY-MM`), or the segment; the empty one is that of clients without.
    key: String,
    answers: i64,
    figure: Option<f64>,
}

impl From<Part> for SurveyPartBody {
    fn from(part: Part) -> Self {
        SurveyPartBody { key: part.key, answers: part.answers, figure: part.figure }
    }
}

/// A survey in full.
#[derive(Debug, Serialize, ToSchema)]
struct SurveyDetail {
    #[serde(flatten)]
    survey: SurveyBody,
    /// By the month of the answer, in order.
    months: Vec<SurveyPartBody>,
    /// By the segment in which each client is now.
    segments: Vec<SurveyPartBody>,
    /// Whether letters can be sent.
    mail: bool,
}

/// One survey with its results.
#[utoipa::path(get, path = "/surveys/{id}", operation_id = "survey", tag = "surveys", params(("id" = Uuid, Path)), responses((status = 200, body = SurveyDetail)))]
async fn one(Extract(state): Shared, Caller(actor): Caller, Id(id): Id) -> Answer<Json<SurveyDetail>> {
    let detail = app::detail(&state.app, &actor, id).await?;
    Ok(Json(SurveyDetail {
        survey: detail.shown.into(),
        months: detail.months.into_iter().map(Into::into).collect(),
        segments: detail.segments.into_iter().map(Into::into).collect(),
        mail: app::mail_is_on(&state.app),
    }))
}

/// Which of those who were asked.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
struct RecipientsQuery {
    /// true: those who answered; false: those who did not.
    answered: Option<bool>,
    /// Only those who wrote something.
    #[serde(default)]
    commented: bool,
    /// The lowest score.
    min: Option<i32>,
    /// The highest score.
    max: Option<i32>,
    /// link, queued, sent or failed.
    state: Option<String>,
    /// The segment of the client; empty for clients without one.
    segment: Option<String>,
    /// The month of the answer, `YYYY-MM`.
    month: Option<String>,
    cursor: Option<String>,
    limit: Option<i64>,
}

impl RecipientsQuery {
    fn filter(&self) -> Result<RowFilter, Failure> {
        let month = self.month.clone().filter(|month| !month.is_empty());
        if let Some(month) = &month
            && format!("{month}-01").parse::<chrono::NaiveDate>().is_err()
        {
            return Err(Invalid::field(Code::SurveysMonth, "month").with("value", month.as_str()).into());
        }
        let scores = (self.min.is_some() || self.max.is_some())
            .then(|| (self.min.unwrap_or(i32::MIN), self.max.unwrap_or(i32::MAX)));
        Ok(RowFilter {
            answered: self.answered,
            commented: self.commented,
            scores,
            state: self.state.clone().filter(|state| !state.is_empty()),
            segment: self.segment.clone(),
            month,
            usable_at: None,
        })
    }
}

/// Somebody who was asked. Their name is null once they are taken away.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SurveyRecipientBody {
    id: Uuid,
    client_id: Uuid,
    client_name: String,
    segment: Option<String>,
    contact_id: Option<Uuid>,
    contact_name: Option<String>,
    email: Option<String>,
    /// link, queued, sent or failed.
    state: String,
    /// Why it failed: rejected, unreachable, bad_address, no_address, unsubscribed, closed, expired or removed.
    reason: Option<String>,
    asked_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    score: Option<i32>,
    answered_at: Option<DateTime<Utc>>,
    comment: Option<String>,
}

impl From<Row> for SurveyRecipientBody {
    fn from(row: Row) -> Self {
        SurveyRecipientBody {
            id: row.id,
            client_id: row.client_id,
            client_name: row.client_name,
            segment: row.segment,
            contact_id: row.contact_id,
            contact_name: row.contact_name,
            email: row.email,
            state: row.state,
            reason: row.reason,
            asked_at: row.asked_at,
            expires_at: row.expires_at,
            score: row.score,
            answered_at: row.answered_at,
            comment: row.comment,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SurveyRecipientsBody {
    items: Vec<SurveyRecipientBody>,
    next_cursor: Option<String>,
}

/// The people behind a figure of a survey, the latest answer, or the latest asked, first.
#[utoipa::path(get, path = "/surveys/{id}/recipients", operation_id = "survey_recipients", tag = "surveys", params(("id" = Uuid, Path), RecipientsQuery), responses((status = 200, body = SurveyRecipientsBody), (status = 422, body = super::error::Problem)))]
async fn recipients(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(id): Id,
    Query(query): Query<RecipientsQuery>,
) -> Answer<Json<SurveyRecipientsBody>> {
    let (limit, filter) = (limit(query.limit), query.filter()?);
    let after = read_cursor(query.cursor.as_deref())?;
    let rows = app::behind(&state.app, &actor, id, &filter, after, limit).await?;
    let next_cursor = rows.last().filter(|_| rows.len() as i64 == limit).map(|row| write_cursor(&row.place(&filter)));
    Ok(Json(SurveyRecipientsBody { items: rows.into_iter().map(Into::into).collect(), next_cursor }))
}
