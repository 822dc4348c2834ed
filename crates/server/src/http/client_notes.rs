//! Notes about a client.

use super::auth::Caller;
use super::error::Answer;
use super::json::{Id, Ids, Json, parse};
use super::{Shared, State};
use axum::body::Bytes;
use axum::extract::State as Extract;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use essor_app::clients::{self as app, Note};
use essor_domain::identity::Action;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file; notes are read in the timeline.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(create)).routes(routes!(change, remove)).routes(routes!(restore))
}

/// A note, as a person wrote it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct NoteBody {
    id: Uuid,
    author_id: Option<Uuid>,
    author_name: Option<String>,
    /// Markdown; a mention is written `@[Name](id of a member)`.
    body: String,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<Note> for NoteBody {
    fn from(note: Note) -> Self {
        NoteBody {
            id: note.id,
            author_id: note.author_id,
            author_name: note.author_name,
            body: note.body,
            created_at: note.created_at,
            updated_at: note.updated_at,
        }
    }
}

/// What a note says.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NoteForm {
    /// Markdown, at most 20,000 characters; `@[Name](id of a member)` tells them.
    body: String,
}

/// Writes a note; the members whom it names are told.
#[utoipa::path(post, path = "/clients/{id}/notes", operation_id = "create_note", tag = "clients", params(("id" = Uuid, Path)), request_body = NoteForm, responses((status = 201, body = NoteBody), (status = 422, body = super::error::Problem)))]
async fn create(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(id): Id,
    body: Bytes,
) -> Answer<(StatusCode, Json<NoteBody>)> {
    actor.require(Action::WriteClients)?;
    let form: NoteForm = parse(&body)?;
    Ok((StatusCode::CREATED, Json(app::add_note(&state.app, &actor, id, &form.body).await?.into())))
}

/// Changes a note; its author may.
#[utoipa::path(patch, path = "/clients/{id}/notes/{noteId}", operation_id = "change_note", tag = "clients", params(("id" = Uuid, Path), ("noteId" = Uuid, Path)), request_body = NoteForm, responses((status = 200, body = NoteBody), (status = 403, body = super::error::Problem)))]
async fn change(
    Extract(state): Shared,
    Caller(actor): Caller,
    Ids(id, note): Ids,
    body: Bytes,
) -> Answer<Json<NoteBody>> {
    actor.require(Action::WriteClients)?;
    let form: NoteForm = parse(&body)?;
    Ok(Json(app::change_note(&state.app, &actor, id, note, &form.body).await?.into()))
}

/// Takes a note away; it can be had back for thirty days.
#[utoipa::path(delete, path = "/clients/{id}/notes/{noteId}", operation_id = "delete_note", tag = "clients", params(("id" = Uuid, Path), ("noteId" = Uuid, Path)), responses((status = 204)))]
async fn remove(Extract(state): Shared, Caller(actor): Caller, Ids(id, note): Ids) -> Answer<StatusCode> {
    app::remove_note(&state.app, &actor, id, note).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a note back that was taken away.
#[utoipa::path(post, path = "/clients/{id}/notes/{noteId}/restore", operation_id = "restore_note", tag = "clients", params(("id" = Uuid, Path), ("noteId" = Uuid, Path)), responses((status = 204)))]
async fn restore(Extract(state): Shared, Caller(actor): Caller, Ids(id, note): Ids) -> Answer<StatusCode> {
    app::restore_note(&state.app, &actor, id, note).await?;
    Ok(StatusCode::NO_CONTENT)
}
