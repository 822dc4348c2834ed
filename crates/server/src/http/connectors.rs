//! Imports of files: sent, looked at, tried, imported; and what became of their rows.

use super::auth::Caller;
use super::error::{Answer, Failure};
use super::json::{Id, Json, Query, limit, parse, read_cursor, write_cursor};
use super::words::{Language, sentence};
use super::{Shared, State};
use axum::body::{Body, Bytes};
use axum::extract::{Request, State as Extract};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use essor_app::connectors::{self as app, Import, Plan, PreviewRow, Row};
use essor_domain::identity::Action;
use essor_domain::{Code, Invalid};
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tokio::io::AsyncWriteExt;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(history, upload))
        .routes(routes!(targets))
        .routes(routes!(one, stop))
        .routes(routes!(preview))
        .routes(routes!(check))
        .routes(routes!(run))
        .routes(routes!(rows))
        .routes(routes!(refused))
}

/// An import: its file, what was found in it, what its columns mean, and how far it is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ImportBody {
    id: Uuid,
    /// new, checking, checked, running, done, failed or stopped.
    state: String,
    file_name: String,
    bytes: i64,
    /// Separator, encoding, rows, and of each column its name, samples, and how days and numbers are written.
    #[schema(value_type = Object)]
    found: Value,
    /// What columns mean, as it was guessed, remembered or said.
    #[schema(value_type = Option<Object>)]
    plan: Option<Value>,
    /// Rows that have been looked at.
    done: i64,
    /// Rows in all.
    rows: i64,
    created: i64,
    changed: i64,
    unchanged: i64,
    refused: i64,
    /// The code of what ended it.
    failure: Option<String>,
    /// Who sent it, or ran it.
    by: String,
    uploaded_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
}

impl From<Import> for ImportBody {
    fn from(i: Import) -> Self {
        ImportBody {
            rows: i.found["rows"].as_i64().unwrap_or(0),
            id: i.id,
            state: i.state,
            file_name: i.file_name,
            bytes: i.bytes,
            found: i.found,
            plan: i.plan,
            done: i.place,
            created: i.created_rows,
            changed: i.changed_rows,
            unchanged: i.unchanged_rows,
            refused: i.refused_rows,
            failure: i.failure,
            by: i.by_name,
            uploaded_at: i.uploaded_at,
            started_at: i.started_at,
            finished_at: i.finished_at,
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
struct UploadQuery {
    /// The file's name.
    name: Option<String>,
}

/// Takes a CSV or XLSX file, the body as it is, and says what it is and what its columns seem to mean. Nothing is imported
/// yet.
#[utoipa::path(post, path = "/imports", operation_id = "upload_import", tag = "imports", params(UploadQuery), request_body(content = String, content_type = "application/octet-stream"), responses((status = 201, body = ImportBody), (status = 413, body = super::error::Problem), (status = 422, body = super::error::Problem)))]
async fn upload(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(query): Query<UploadQuery>,
    request: Request,
) -> Answer<(StatusCode, Json<ImportBody>)> {
    let upload = app::receive(&state.app, &actor).await?;
    let failed = |error: std::io::Error| Failure::from(app::unwritable(&error));
    let mut file = tokio::fs::File::create(&upload.path).await.map_err(failed)?;
    let mut body = request.into_body().into_data_stream();
    let mut bytes = 0;
    while let Some(piece) = body.next().await {
        let piece = piece.map_err(|error| Invalid::new(Code::BadRequest).with("detail", error.to_string()))?;
        bytes += piece.len() as u64;
        if bytes > app::MAX_FILE {
            return Err(Invalid::new(Code::TooLarge).with("max", app::MAX_FILE).into());
        }
        file.write_all(&piece).await.map_err(failed)?;
    }
    file.flush().await.map_err(failed)?;
    file.sync_all().await.map_err(failed)?;
    drop(file);
    let import = app::take(&state.app, &actor, upload, query.name.as_deref().unwrap_or_default()).await?;
    Ok((StatusCode::CREATED, Json(import.into())))
}

#[derive(Debug, Deserialize, IntoParams)]
struct ListQuery {
    /// 1 to 200; default 50.
    limit: Option<i64>,
    cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ImportsBody {
    items: Vec<ImportBody>,
    next_cursor: Option<String>,
}

/// Imports, the newest first; what was found in their files is left out.
#[utoipa::path(get, path = "/imports", operation_id = "imports", tag = "imports", params(ListQuery), responses((status = 200, body = ImportsBody)))]
async fn history(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(query): Query<ListQuery>,
) -> Answer<Json<ImportsBody>> {
    let asked = limit(query.limit);
    let before = read_cursor(query.cursor.as_deref())?;
    let mut list = app::history(&state.app, &actor, before, asked + 1).await?;
    let more = list.len() as i64 > asked;
    list.truncate(asked as usize);
    let next_cursor = list.last().filter(|_| more).map(|last| write_cursor(&(last.uploaded_at, last.id)));
    let items = list.into_iter().map(|import| {
        let rows = import.found["rows"].as_i64().unwrap_or(0);
        ImportBody { rows, found: json!({}), ..import.into() }
    });
    Ok(Json(ImportsBody { items: items.collect(), next_cursor }))
}

#[derive(Debug, Serialize, ToSchema)]
struct ImportTargetsBody {
    items: Vec<ImportEntityBody>,
}

/// What rows can be, and what their columns can mean.
#[derive(Debug, Serialize, ToSchema)]
struct ImportEntityBody {
    /// client, contact or subscription.
    entity: &'static str,
    targets: Vec<ImportTargetBody>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ImportTargetBody {
    /// As a plan names it.
    to: &'static str,
    /// text, integer, number, boolean, date, instant, money or words.
    kind: &'static str,
}

/// What columns can mean; fields of the workspace's own come beside these, as `field.<key>` of a client.
#[utoipa::path(get, path = "/imports/targets", operation_id = "import_targets", tag = "imports", responses((status = 200, body = ImportTargetsBody)))]
async fn targets(Caller(actor): Caller) -> Answer<Json<ImportTargetsBody>> {
    actor.require(Action::Read)?;
    let entities = [app::Entity::Client, app::Entity::Contact, app::Entity::Subscription];
    let items = entities.map(|entity| ImportEntityBody {
        entity: entity.as_str(),
        targets: app::targets(entity).into_iter().map(|(to, kind)| ImportTargetBody { to, kind }).collect(),
    });
    Ok(Json(ImportTargetsBody { items: items.into() }))
}

/// An import with how far it is.
#[utoipa::path(get, path = "/imports/{id}", operation_id = "import", tag = "imports", params(("id" = Uuid, Path)), responses((status = 200, body = ImportBody)))]
async fn one(Extract(state): Shared, Caller(actor): Caller, Id(id): Id) -> Answer<Json<ImportBody>> {
    Ok(Json(app::import_of(&state.app, &actor, id).await?.into()))
}

/// Drops a file that was not imported, or stops an import: what it has written stays.
#[utoipa::path(delete, path = "/imports/{id}", operation_id = "stop_import", tag = "imports", params(("id" = Uuid, Path)), responses((status = 204), (status = 409, body = super::error::Problem)))]
async fn stop(Extract(state): Shared, Caller(actor): Caller, Id(id): Id) -> Answer<StatusCode> {
    app::stop(&state.app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ImportPlanForm {
    /// `entity` (client, contact, subscription), `mode` (upsert, create, update), `key` (externalId, domain, email) and
    /// `columns`: of each its place `at`, what it means (`to`), and where that cannot be told how its `days` (dmy, mdy,
    /// ymd) and numbers (`decimal`: a point or a comma) are written.
    #[schema(value_type = Object)]
    plan: Plan,
}

#[derive(Debug, Serialize, ToSchema)]
struct ImportPreviewBody {
    items: Vec<PreviewRowBody>,
}

/// A row as a plan understands it.
#[derive(Debug, Serialize, ToSchema)]
struct PreviewRowBody {
    line: u64,
    /// Null when it cannot be cut into as many cells as the header has.
    cells: Option<Vec<String>>,
    /// All that is wrong: a code with its parameters, `column` among them.
    wrong: Vec<RefusalBody>,
}

#[derive(Debug, Serialize, ToSchema)]
struct RefusalBody {
    code: String,
    #[schema(value_type = Object)]
    params: Map<String, Value>,
}

impl From<PreviewRow> for PreviewRowBody {
    fn from(row: PreviewRow) -> Self {
        let wrong = row.wrong.into_iter();
        let wrong = wrong.map(|refused| RefusalBody { code: refused.code.as_str().to_owned(), params: refused.params });
        PreviewRowBody { line: row.line, cells: row.cells, wrong: wrong.collect() }
    }
}

/// The first rows as a plan understands them; it changes nothing.
#[utoipa::path(post, path = "/imports/{id}/preview", operation_id = "preview_import", tag = "imports", params(("id" = Uuid, Path)), request_body = ImportPlanForm, responses((status = 200, body = ImportPreviewBody), (status = 422, body = super::error::Problem)))]
async fn preview(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(id): Id,
    body: Bytes,
) -> Answer<Json<ImportPreviewBody>> {
    let form = form(&state, &actor, id, &body).await?;
    let rows = app::preview(&state.app, &actor, id, &form.plan).await?;
    Ok(Json(ImportPreviewBody { items: rows.into_iter().map(Into::into).collect() }))
}

/// Who may not is told so before what they sent is read, and so is who names another's import.
async fn form(state: &State, actor: &essor_app::Actor, id: Uuid, body: &Bytes) -> Answer<ImportPlanForm> {
    actor.require(Action::ManageIngestion)?;
    app::import_of(&state.app, actor, id).await?;
    parse(body)
}

#[derive(Debug, Serialize, ToSchema)]
struct ImportStartedBody {
    id: Uuid,
}

/// Looks at every row as an import would, and counts what it would do; it changes nothing. A job does it.
#[utoipa::path(post, path = "/imports/{id}/check", operation_id = "check_import", tag = "imports", params(("id" = Uuid, Path)), request_body = ImportPlanForm, responses((status = 202, body = ImportStartedBody), (status = 409, body = super::error::Problem), (status = 422, body = super::error::Problem)))]
async fn check(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(id): Id,
    body: Bytes,
) -> Answer<(StatusCode, Json<ImportStartedBody>)> {
    let form = form(&state, &actor, id, &body).await?;
    app::start(&state.app, &actor, id, &form.plan, true).await?;
    Ok((StatusCode::ACCEPTED, Json(ImportStartedBody { id })))
}

/// Imports the file; a job does it. What the columns mean is remembered for files with the same header.
#[utoipa::path(post, path = "/imports/{id}/run", operation_id = "run_import", tag = "imports", params(("id" = Uuid, Path)), request_body = ImportPlanForm, responses((status = 202, body = ImportStartedBody), (status = 409, body = super::error::Problem), (status = 422, body = super::error::Problem)))]
async fn run(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(id): Id,
    body: Bytes,
) -> Answer<(StatusCode, Json<ImportStartedBody>)> {
    let form = form(&state, &actor, id, &body).await?;
    app::start(&state.app, &actor, id, &form.plan, false).await?;
    Ok((StatusCode::ACCEPTED, Json(ImportStartedBody { id })))
}

#[derive(Debug, Deserialize, IntoParams)]
struct RowsQuery {
    /// created, changed, unchanged or refused (the default).
    outcome: Option<String>,
    /// 1 to 200; default 50.
    limit: Option<i64>,
    cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ImportRowsBody {
    items: Vec<ImportRowBody>,
    next_cursor: Option<String>,
}

/// What became of a row.
#[derive(Debug, Serialize, ToSchema)]
struct ImportRowBody {
    /// The line on which it begins, the header being line 1.
    line: i64,
    outcome: String,
    /// The external id of what it is about.
    key: Option<String>,
    /// Why it was refused: a code with its parameters.
    #[schema(value_type = Option<Object>)]
    refusal: Option<Value>,
}

/// What became of rows, in the order of the file.
#[utoipa::path(get, path = "/imports/{id}/rows", operation_id = "import_rows", tag = "imports", params(("id" = Uuid, Path), RowsQuery), responses((status = 200, body = ImportRowsBody)))]
async fn rows(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(id): Id,
    Query(query): Query<RowsQuery>,
) -> Answer<Json<ImportRowsBody>> {
    let outcome = query.outcome.as_deref().unwrap_or("refused");
    let asked = limit(query.limit);
    let after = read_cursor(query.cursor.as_deref())?.unwrap_or(-1);
    let mut rows = app::rows(&state.app, &actor, id, outcome, after, asked + 1).await?;
    let more = rows.len() as i64 > asked;
    rows.truncate(asked as usize);
    let next_cursor = rows.last().filter(|_| more).map(|row| write_cursor(&row.line));
    let body =
        |row: Row| ImportRowBody { line: row.line, outcome: row.outcome, key: row.row_key, refusal: row.refusal };
    Ok(Json(ImportRowsBody { items: rows.into_iter().map(body).collect(), next_cursor }))
}

#[derive(Debug, Deserialize, IntoParams)]
struct RefusedQuery {
    /// The language of the reasons: fr (the default) or en.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    lang: Language,
}

/// The refused rows as a file that can be mended and imported again: their lines, the reasons, and their cells.
#[utoipa::path(get, path = "/imports/{id}/refused", operation_id = "refused_rows", tag = "imports", params(("id" = Uuid, Path), RefusedQuery), responses((status = 200, body = String, content_type = "text/csv")))]
async fn refused(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(id): Id,
    Query(query): Query<RefusedQuery>,
) -> Answer<Response> {
    let headings = match query.lang {
        Language::Fr => ["Ligne (Essor)", "Motif (Essor)"],
        Language::En => ["Line (Essor)", "Reason (Essor)"],
    };
    let say = move |code: &str, params: &Map<String, Value>| sentence(query.lang, code, params);
    let mut pages = app::refused_file(&state.app, &actor, id, headings, say).await?;
    let stream = futures_util::stream::poll_fn(move |context| pages.poll_recv(context));
    Ok(attachment("text/csv; charset=utf-8", "refused.csv", Body::from_stream(stream.map(flat))))
}

/// A piece of a file that is sent as it is made; a failure breaks it off.
pub(super) fn flat(piece: essor_app::Result<String>) -> Result<Bytes, std::io::Error> {
    piece.map(Bytes::from).map_err(|error| {
        tracing::error!(feature = "http", %error, "a file broke off");
        std::io::Error::other(error.to_string())
    })
}

/// A file that is handed over rather than shown.
pub(super) fn attachment(kind: &'static str, name: &str, body: Body) -> Response {
    let named = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, named)], body).into_response()
}
