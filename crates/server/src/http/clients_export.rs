//! The table of clients as a file.

use super::auth::Caller;
use super::clients_bulk::SelectionForm;
use super::connectors::{attachment, flat};
use super::error::{Answer, Failure};
use super::json::parse;
use super::{Shared, State};
use axum::body::{Body, Bytes};
use axum::extract::State as Extract;
use axum::response::Response;
use essor_app::clients::{self as app, Export, Format};
use essor_domain::identity::Action;
use futures_util::StreamExt;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(export))
}

/// Which clients, which columns, in which order, as what.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ExportForm {
    selection: SelectionForm,
    columns: Vec<ExportColumnForm>,
    /// As the list sorts; by name when left out.
    #[serde(default)]
    sort: Option<String>,
    /// csv (the default), csvFrench (semicolons, decimal commas, a byte-order mark) or xlsx.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    format: Format,
}

/// A column of the file.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ExportColumnForm {
    /// The key of a fact.
    key: String,
    /// Its heading; the key when left out.
    #[serde(default)]
    heading: Option<String>,
}

/// Clients as a CSV or XLSX file: days as ISO writes them, amounts in units, cells that a spreadsheet would run defused.
#[utoipa::path(post, path = "/clients/export", operation_id = "export_clients", tag = "clients", request_body = ExportForm, responses((status = 200, body = String, content_type = "text/csv"), (status = 422, body = super::error::Problem)))]
async fn export(Extract(state): Shared, Caller(actor): Caller, body: Bytes) -> Answer<Response> {
    actor.require(Action::WriteClients)?;
    let form: ExportForm = parse(&body)?;
    let asked = Export {
        selection: form.selection.read()?,
        sort: form.sort.filter(|sort| !sort.trim().is_empty()),
        columns: form.columns.into_iter().map(|column| (column.key, column.heading)).collect(),
        format: form.format,
    };
    let running = app::export(&state.app, &actor, asked).await?;
    if running.format() != Format::Xlsx {
        let mut pieces = running.csv();
        let stream = futures_util::stream::poll_fn(move |context| pieces.poll_recv(context));
        return Ok(attachment("text/csv; charset=utf-8", "clients.csv", Body::from_stream(stream.map(flat))));
    }
    let path = running.workbook().await?;
    let failed =
        |error: std::io::Error| Failure(essor_app::Error::Internal(format!("an export cannot be read: {error}")));
    let file = tokio::fs::File::open(&path).await.map_err(failed);
    // Open, it can be read to its end though it has no name any more.
    let _ = tokio::fs::remove_file(&path).await;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(attachment(kind, "clients.xlsx", Body::from_stream(tokio_util::io::ReaderStream::new(file?))))
}
