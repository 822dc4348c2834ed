//! One change of many clients: preview, run, progress, rows, undo.

use super::auth::Caller;
use super::clients::FilterParams;
use super::error::Answer;
use super::json::{Id, Json, Query, limit, parse, read_cursor, write_cursor};
use super::{Shared, State};
use axum::body::Bytes;
use axum::extract::State as Extract;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use essor_app::clients::bulk::{self as app, Act, Selection};
use essor_domain::identity::Action;
use essor_domain::{Code, Invalid};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(preview))
        .routes(routes!(start))
        .routes(routes!(one))
        .routes(routes!(rows))
        .routes(routes!(undo))
}

/// Which clients, and what is done to each.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BulkForm {
    selection: SelectionForm,
    /// assign (owner), tag, untag (tag), set (fact, value), archive, restore or task (title, dueInDays, owner, priority),
    /// named by `kind`.
    #[schema(value_type = Object)]
    action: Act,
}

/// These clients (`ids`), or all that the other fields match, but for `except`.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SelectionForm {
    #[serde(default)]
    ids: Option<Vec<Uuid>>,
    /// An expression, as text; empty for all.
    #[serde(default, rename = "where")]
    condition: Option<String>,
    #[serde(default)]
    tab: Option<String>,
    #[serde(default)]
    view: Option<Uuid>,
    #[serde(default)]
    q: Option<String>,
    #[serde(default)]
    status: Option<String>,
    /// Health classes, separated by commas.
    #[serde(default)]
    health: Option<String>,
    #[serde(default)]
    risk: Option<bool>,
    /// The key of the risk that costs most points.
    #[serde(default)]
    cause: Option<String>,
    #[serde(default)]
    segment: Option<String>,
    #[serde(default)]
    owner: Option<String>,
    #[serde(default)]
    product: Option<String>,
    #[serde(default)]
    except: Vec<Uuid>,
}

impl SelectionForm {
    pub(super) fn read(self) -> Result<Selection, Invalid> {
        if let Some(ids) = self.ids {
            return Ok(Selection::Ids(ids));
        }
        // Everybody is asked for, not meant by leaving everything out.
        if self.condition.is_none() && self.tab.is_none() && self.view.is_none() && self.q.is_none() {
            return Err(Invalid::field(Code::ClientsSelectionEmpty, "selection"));
        }
        let params = FilterParams {
            condition: self.condition,
            tab: self.tab,
            view: self.view,
            q: self.q,
            status: self.status,
            health: self.health,
            risk: self.risk,
            cause: self.cause,
            segment: self.segment,
            owner: self.owner,
            product: self.product,
        };
        let (filter, narrow) = params.split();
        Ok(Selection::Matching(Box::new(filter), narrow, self.except))
    }
}

/// What a run would do.
#[derive(Debug, Serialize, ToSchema)]
struct PreviewBody {
    total: i64,
    changes: i64,
    unchanged: i64,
    refused: i64,
    /// The first changes.
    sample: Vec<SampleBody>,
}

/// One client, before and after.
#[derive(Debug, Serialize, ToSchema)]
struct SampleBody {
    id: Uuid,
    name: String,
    #[schema(value_type = Option<Object>)]
    before: Value,
    #[schema(value_type = Option<Object>)]
    after: Value,
}

/// What a change of many clients would do; it changes nothing.
#[utoipa::path(post, path = "/clients/bulk/preview", operation_id = "preview_client_bulk", tag = "clients", request_body = BulkForm, responses((status = 200, body = PreviewBody), (status = 422, body = super::error::Problem)))]
async fn preview(Extract(state): Shared, Caller(actor): Caller, body: Bytes) -> Answer<Json<PreviewBody>> {
    actor.require(Action::WriteClients)?;
    let form: BulkForm = parse(&body)?;
    let preview = app::preview(&state.app, &actor, &form.selection.read()?, &form.action).await?;
    let sample = preview.sample.into_iter();
    Ok(Json(PreviewBody {
        total: preview.total,
        changes: preview.changes,
        unchanged: preview.unchanged,
        refused: preview.refused,
        sample: sample.map(|(id, name, before, after)| SampleBody { id, name, before, after }).collect(),
    }))
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StartedBody {
    pub(super) id: Uuid,
}

/// Begins a change of many clients; a job makes it.
#[utoipa::path(post, path = "/clients/bulk", operation_id = "start_client_bulk", tag = "clients", request_body = BulkForm, responses((status = 202, body = StartedBody), (status = 422, body = super::error::Problem)))]
async fn start(Extract(state): Shared, Caller(actor): Caller, body: Bytes) -> Answer<(StatusCode, Json<StartedBody>)> {
    actor.require(Action::WriteClients)?;
    let form: BulkForm = parse(&body)?;
    let id = app::start(&state.app, &actor, &form.selection.read()?, &form.action).await?;
    Ok((StatusCode::ACCEPTED, Json(StartedBody { id })))
}

/// A run with how far it is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RunBody {
    id: Uuid,
    /// running (also while it is taken back), done or undone.
    state: &'static str,
    total: i64,
    /// Clients that have been looked at; while the run is taken back, those that have been.
    done: i64,
    /// Those that are as the run left them.
    changed: i64,
    unchanged: i64,
    refused: i64,
    /// Those that were given back what they had.
    undone: i64,
    /// Those that were not, because somebody has changed them since.
    kept: i64,
    #[schema(value_type = Object)]
    action: Value,
    started_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
    /// Who asked for it.
    by: String,
}

impl From<app::Progress> for RunBody {
    fn from(progress: app::Progress) -> Self {
        let [waiting, changed, undone, kept] = ["waiting", "changed", "undone", "kept"].map(|o| progress.of(o));
        let (unchanged, refused) = (progress.of("unchanged"), progress.of("refused"));
        let run = progress.run;
        let (state, left) = match run.state.as_str() {
            "undoing" => ("running", changed),
            "undone" => ("undone", 0),
            "done" => ("done", 0),
            _ => ("running", waiting),
        };
        RunBody {
            id: run.id,
            state,
            total: run.total,
            done: run.total - left,
            changed,
            unchanged,
            refused,
            undone,
            kept,
            action: run.action,
            started_at: run.started_at,
            finished_at: run.finished_at,
            by: run.by_name,
        }
    }
}

/// How far a run is.
#[utoipa::path(get, path = "/clients/bulk/{id}", operation_id = "client_bulk", tag = "clients", params(("id" = Uuid, Path)), responses((status = 200, body = RunBody)))]
async fn one(Extract(state): Shared, Caller(actor): Caller, Id(id): Id) -> Answer<Json<RunBody>> {
    Ok(Json(app::progress(&state.app, &actor, id).await?.into()))
}

#[derive(Debug, Deserialize, IntoParams)]
struct RowsQuery {
    /// changed, unchanged, refused (the default), undone, kept or waiting.
    outcome: Option<String>,
    /// 1 to 200; default 50.
    limit: Option<i64>,
    cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RowsBody {
    items: Vec<RowBody>,
    next_cursor: Option<String>,
}

/// What became of one client.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RowBody {
    client_id: Uuid,
    /// Null when there is no such client.
    name: Option<String>,
    outcome: String,
    #[schema(value_type = Option<Object>)]
    before: Option<Value>,
    #[schema(value_type = Option<Object>)]
    after: Option<Value>,
    /// The code of the refusal.
    reason: Option<String>,
}

/// What became of the clients of a run, by outcome.
#[utoipa::path(get, path = "/clients/bulk/{id}/rows", operation_id = "client_bulk_rows", tag = "clients", params(("id" = Uuid, Path), RowsQuery), responses((status = 200, body = RowsBody)))]
async fn rows(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(id): Id,
    Query(query): Query<RowsQuery>,
) -> Answer<Json<RowsBody>> {
    let outcome = query.outcome.as_deref().unwrap_or("refused");
    let asked = limit(query.limit);
    let after = read_cursor(query.cursor.as_deref())?;
    let mut rows = app::rows(&state.app, &actor, id, outcome, after, asked + 1).await?;
    let more = rows.len() as i64 > asked;
    rows.truncate(asked as usize);
    let next_cursor = rows.last().filter(|_| more).map(|(row, _)| write_cursor(&row.client_id));
    let items = rows.into_iter().map(|(row, name)| RowBody {
        client_id: row.client_id,
        name,
        outcome: row.outcome,
        before: row.before_value,
        after: row.after_value,
        reason: row.reason,
    });
    Ok(Json(RowsBody { items: items.collect(), next_cursor }))
}

/// Takes a finished run back: what is still as it left it becomes what it was.
#[utoipa::path(post, path = "/clients/bulk/{id}/undo", operation_id = "undo_client_bulk", tag = "clients", params(("id" = Uuid, Path)), responses((status = 202, body = StartedBody), (status = 409, body = super::error::Problem)))]
async fn undo(Extract(state): Shared, Caller(actor): Caller, Id(id): Id) -> Answer<(StatusCode, Json<StartedBody>)> {
    app::undo(&state.app, &actor, id).await?;
    Ok((StatusCode::ACCEPTED, Json(StartedBody { id })))
}
