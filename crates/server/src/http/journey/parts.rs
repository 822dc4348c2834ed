//! What people add to a client's journey: milestones, risks and opportunities, links for the client.

use super::super::auth::Caller;
use super::super::error::{Answer, Problem};
use super::super::json::{Id, Ids, Json, parse};
use super::super::{Shared, State};
use super::bodies::{JourneyNoteBody, JourneyPage, LabelBody, MilestoneBody, ShareBody};
use axum::body::Bytes;
use axum::extract::State as Extract;
use axum::http::StatusCode;
use chrono::NaiveDate;
use essor_app::Actor;
use essor_app::journey::{self as app, MilestoneNew, MilestonePatch};
use essor_domain::Code;
use essor_domain::identity::Action;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(add_milestone))
        .routes(routes!(change_milestone, remove_milestone))
        .routes(routes!(add_note))
        .routes(routes!(remove_note))
        .routes(routes!(share))
        .routes(routes!(unshare))
}

async fn milestone(state: &State, actor: &Actor, client: Uuid, id: Uuid) -> Answer<Json<MilestoneBody>> {
    let shown = app::read_after(&state.app, actor, client).await?;
    let body = JourneyPage::of(shown, state.app.clock.now()).milestone(id);
    Ok(Json(body.ok_or(Code::NotFound)?))
}

/// A new milestone.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct MilestoneForm {
    title: LabelBody,
    due: NaiveDate,
    /// low, medium (the default) or high.
    #[serde(default)]
    impact: Option<String>,
    /// Missing it puts the journey at risk.
    #[serde(default)]
    critical: bool,
    #[serde(default)]
    stage: Option<String>,
}

/// Adds a milestone.
#[utoipa::path(post, path = "/clients/{id}/journey/milestones", operation_id = "add_milestone", tag = "journey", params(("id" = Uuid, Path)), request_body = MilestoneForm, responses((status = 201, body = MilestoneBody), (status = 422, body = Problem)))]
async fn add_milestone(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(client): Id,
    body: Bytes,
) -> Answer<(StatusCode, Json<MilestoneBody>)> {
    actor.require(Action::WriteClients)?;
    let form: MilestoneForm = parse(&body)?;
    let new = MilestoneNew {
        title: form.title.into(),
        due: form.due,
        impact: form.impact,
        critical: form.critical,
        stage: form.stage,
    };
    let id = app::add_milestone(&state.app, &actor, client, &new).await?;
    Ok((StatusCode::CREATED, milestone(&state, &actor, client, id).await?))
}

/// What changes of a milestone.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct MilestonePatchForm {
    #[serde(default)]
    title: Option<LabelBody>,
    #[serde(default)]
    due: Option<NaiveDate>,
    #[serde(default)]
    impact: Option<String>,
    #[serde(default)]
    critical: Option<bool>,
    /// true notes the day on which it was reached; false takes that back.
    #[serde(default)]
    completed: Option<bool>,
}

/// Changes a milestone.
#[utoipa::path(patch, path = "/clients/{id}/journey/milestones/{milestoneId}", operation_id = "change_milestone", tag = "journey", params(("id" = Uuid, Path), ("milestoneId" = Uuid, Path)), request_body = MilestonePatchForm, responses((status = 200, body = MilestoneBody), (status = 422, body = Problem)))]
async fn change_milestone(
    Extract(state): Shared,
    Caller(actor): Caller,
    Ids(client, id): Ids,
    body: Bytes,
) -> Answer<Json<MilestoneBody>> {
    actor.require(Action::WriteClients)?;
    let form: MilestonePatchForm = parse(&body)?;
    let patch = MilestonePatch {
        title: form.title.map(Into::into),
        due: form.due,
        impact: form.impact,
        critical: form.critical,
        completed: form.completed,
    };
    app::change_milestone(&state.app, &actor, client, id, &patch).await?;
    milestone(&state, &actor, client, id).await
}

/// Takes a milestone away.
#[utoipa::path(delete, path = "/clients/{id}/journey/milestones/{milestoneId}", operation_id = "remove_milestone", tag = "journey", params(("id" = Uuid, Path), ("milestoneId" = Uuid, Path)), responses((status = 204)))]
async fn remove_milestone(Extract(state): Shared, Caller(actor): Caller, Ids(client, id): Ids) -> Answer<StatusCode> {
    app::remove_milestone(&state.app, &actor, client, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A risk or an opportunity that somebody sees.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct JourneyNoteForm {
    /// risk or opportunity.
    kind: String,
    text: String,
    #[serde(default)]
    stage: Option<String>,
}

/// Adds a risk or an opportunity.
#[utoipa::path(post, path = "/clients/{id}/journey/notes", operation_id = "add_journey_note", tag = "journey", params(("id" = Uuid, Path)), request_body = JourneyNoteForm, responses((status = 201, body = JourneyNoteBody), (status = 422, body = Problem)))]
async fn add_note(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(client): Id,
    body: Bytes,
) -> Answer<(StatusCode, Json<JourneyNoteBody>)> {
    actor.require(Action::WriteClients)?;
    let form: JourneyNoteForm = parse(&body)?;
    let note = app::add_note(&state.app, &actor, client, &form.kind, &form.text, form.stage.as_deref()).await?;
    Ok((StatusCode::CREATED, Json(note.into())))
}

/// Takes one away.
#[utoipa::path(delete, path = "/clients/{id}/journey/notes/{noteId}", operation_id = "remove_journey_note", tag = "journey", params(("id" = Uuid, Path), ("noteId" = Uuid, Path)), responses((status = 204)))]
async fn remove_note(Extract(state): Shared, Caller(actor): Caller, Ids(client, id): Ids) -> Answer<StatusCode> {
    app::remove_note(&state.app, &actor, client, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a link shows, and how long it lasts.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ShareForm {
    /// Keys of stages.
    stages: Vec<String>,
    /// 1 to 365; 30 when left out.
    #[serde(default)]
    days: Option<i64>,
}

/// A new link.
#[derive(Debug, Serialize, ToSchema)]
struct ShareMade {
    share: ShareBody,
    /// Its address, which is shown this once.
    url: String,
}

/// Makes a link under which the client sees its plan.
#[utoipa::path(post, path = "/clients/{id}/journey/shares", operation_id = "share_journey", tag = "journey", params(("id" = Uuid, Path)), request_body = ShareForm, responses((status = 201, body = ShareMade), (status = 422, body = Problem)))]
async fn share(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(client): Id,
    body: Bytes,
) -> Answer<(StatusCode, Json<ShareMade>)> {
    actor.require(Action::WriteClients)?;
    let form: ShareForm = parse(&body)?;
    let (row, url) = app::share(&state.app, &actor, client, &form.stages, form.days).await?;
    let share = ShareBody::of(row, state.app.clock.now());
    Ok((StatusCode::CREATED, Json(ShareMade { share, url })))
}

/// Revokes a link.
#[utoipa::path(delete, path = "/clients/{id}/journey/shares/{shareId}", operation_id = "revoke_share", tag = "journey", params(("id" = Uuid, Path), ("shareId" = Uuid, Path)), responses((status = 204)))]
async fn unshare(Extract(state): Shared, Caller(actor): Caller, Ids(client, id): Ids) -> Answer<StatusCode> {
    app::unshare(&state.app, &actor, client, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
