//! Files of a client. They are saved, never shown: whatever a file says it is, a browser runs nothing of it.

use super::auth::Caller;
use super::clients::Items;
use super::error::{Answer, Failure};
use super::json::{Id, Ids, Json, Query};
use super::{Shared, State};
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State as Extract};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use essor_app::clients::{self as app, FileRow};
use essor_domain::clients::MAX_FILE;
use essor_domain::identity::Action;
use essor_domain::{Code, Invalid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(list, upload))
        .routes(routes!(download, remove))
        .routes(routes!(restore))
        .layer(DefaultBodyLimit::max(MAX_FILE))
}

/// A file of a client.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FileBody {
    id: Uuid,
    name: String,
    /// In bytes.
    size: i64,
    /// Who brought it; null for a program.
    uploaded_by: Option<Uuid>,
    uploaded_by_name: Option<String>,
    created_at: DateTime<Utc>,
}

impl From<FileRow> for FileBody {
    fn from(file: FileRow) -> Self {
        FileBody {
            id: file.id,
            name: file.name,
            size: file.size,
            uploaded_by: file.uploaded_by,
            uploaded_by_name: file.uploaded_by_name,
            created_at: file.created_at,
        }
    }
}

/// A client's files, the newest first.
#[utoipa::path(get, path = "/clients/{id}/files", operation_id = "client_files", tag = "clients", params(("id" = Uuid, Path)), responses((status = 200, body = Items<FileBody>)))]
async fn list(Extract(state): Shared, Caller(actor): Caller, Id(id): Id) -> Answer<Json<Items<FileBody>>> {
    let items = app::files(&state.app, &actor, id).await?;
    Ok(Json(Items { items: items.into_iter().map(Into::into).collect() }))
}

#[derive(Debug, Deserialize, IntoParams)]
struct UploadParams {
    /// The file's name, with its ending.
    #[serde(default)]
    name: String,
}

/// Attaches a file: the body is its content, at most 10 MiB.
#[utoipa::path(post, path = "/clients/{id}/files", operation_id = "attach_file", tag = "clients", params(("id" = Uuid, Path), UploadParams), request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses((status = 201, body = FileBody), (status = 413, body = super::error::Problem)))]
async fn upload(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(id): Id,
    Query(params): Query<UploadParams>,
    content: Result<Bytes, BytesRejection>,
) -> Answer<(StatusCode, Json<FileBody>)> {
    actor.require(Action::WriteClients)?;
    let content = content.map_err(|rejected| match rejected.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Failure::from(Invalid::new(Code::TooLarge).with("max", MAX_FILE)),
        _ => Failure::from(Invalid::new(Code::BadRequest).with("detail", rejected.body_text())),
    })?;
    let file = app::attach(&state.app, &actor, id, &params.name, &content).await?;
    Ok((StatusCode::CREATED, Json(file.into())))
}

/// A file's content, to be saved.
#[utoipa::path(get, path = "/clients/{id}/files/{fileId}", operation_id = "download_file", tag = "clients", params(("id" = Uuid, Path), ("fileId" = Uuid, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")))]
async fn download(Extract(state): Shared, Caller(actor): Caller, Ids(id, file): Ids) -> Answer<impl IntoResponse> {
    let (file, content) = app::download(&state.app, &actor, id, file).await?;
    let fixed = HeaderValue::from_static;
    let headers: [(HeaderName, HeaderValue); 3] = [
        (header::CONTENT_TYPE, fixed("application/octet-stream")),
        (header::CONTENT_SECURITY_POLICY, fixed("default-src 'none'; sandbox")),
        (header::CONTENT_DISPOSITION, attachment(&file.name)),
    ];
    Ok((headers, content))
}

/// A name for browsers that know only ASCII, and the whole of it for the others.
fn attachment(name: &str) -> HeaderValue {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_ ".contains(c) { c } else { '_' }).collect();
    let whole: String = name
        .bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b".-_".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect();
    HeaderValue::from_str(&format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}"))
        .unwrap_or(HeaderValue::from_static("attachment"))
}

/// Takes a file away; it can be had back for thirty days.
#[utoipa::path(delete, path = "/clients/{id}/files/{fileId}", operation_id = "delete_file", tag = "clients", params(("id" = Uuid, Path), ("fileId" = Uuid, Path)), responses((status = 204)))]
async fn remove(Extract(state): Shared, Caller(actor): Caller, Ids(id, file): Ids) -> Answer<StatusCode> {
    app::detach(&state.app, &actor, id, file).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a file back that was taken away.
#[utoipa::path(post, path = "/clients/{id}/files/{fileId}/restore", operation_id = "restore_file", tag = "clients", params(("id" = Uuid, Path), ("fileId" = Uuid, Path)), responses((status = 204)))]
async fn restore(Extract(state): Shared, Caller(actor): Caller, Ids(id, file): Ids) -> Answer<StatusCode> {
    app::give_back(&state.app, &actor, id, file).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use super::attachment;

    #[test]
    fn a_name_cannot_leave_its_header() {
        let value = attachment("Évaluation \"x\".pdf");
        assert_eq!(
            value.to_str().unwrap_or_default(),
            "attachment; filename=\"_valuation _x_.pdf\"; filename*=UTF-8''%C3%89valuation%20%22x%22.pdf"
        );
    }
}
