//! The matrix of clients and products, as pages and as a file.

use super::audit::cell;
use super::auth::Caller;
use super::clients::FilterParams;
use super::error::Answer;
use super::json::{Json, Query, limit, read_cursor, write_cursor};
use super::{Shared, State};
use axum::body::{Body, Bytes};
use axum::extract::State as Extract;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use essor_app::opportunities::{self as app, Cell, Column, MatrixQuery, MatrixRow};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(matrix)).routes(routes!(export))
}

#[derive(Debug, Deserialize, IntoParams)]
struct MatrixParams {
    /// Only clients to whom this product could be sold.
    suggested: Option<String>,
    /// 1 to 200; default 50.
    limit: Option<i64>,
    cursor: Option<String>,
}

impl MatrixParams {
    fn read(self, filter: FilterParams) -> Answer<MatrixQuery> {
        let (filter, narrow) = filter.split();
        Ok(MatrixQuery {
            filter,
            narrow,
            product: self.suggested.filter(|product| !product.trim().is_empty()),
            after: read_cursor(self.cursor.as_deref())?,
            limit: limit(self.limit),
        })
    }
}

/// Amounts are cents of MRR in the reporting currency.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MatrixBody {
    /// Products over all clients that match, those with the most owners first.
    products: Vec<MatrixProduct>,
    /// Products beyond the sixty that are told.
    more_products: i64,
    /// Clients, those to whom most could be sold first.
    items: Vec<MatrixClient>,
    next_cursor: Option<String>,
    /// Clients that match; all of them pay.
    total: i64,
    today: NaiveDate,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MatrixProduct {
    product: String,
    owners: i64,
    mrr_cents: i64,
    /// Owners among the clients that match, 0–1; null when there are none.
    penetration: Option<f64>,
    /// Clients to whom it could be sold.
    suggested: i64,
    /// What it would bring there.
    amount_cents: i64,
    /// The same, each times its probability.
    expected_cents: i64,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MatrixClient {
    id: Uuid,
    name: String,
    segment: Option<String>,
    owner: Option<String>,
    mrr_cents: i64,
    /// What all that could be sold to it would bring.
    amount_cents: i64,
    expected_cents: i64,
    /// By product; absent where it is neither owned nor suggested.
    cells: BTreeMap<String, MatrixCell>,
}

/// Owned (`mrrCents`), or suggested (the rest).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MatrixCell {
    #[serde(skip_serializing_if = "Option::is_none")]
    mrr_cents: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount_cents: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    probability: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_cents: Option<i64>,
    /// As for opportunities: key and params of each sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Object>>)]
    evidence: Option<Value>,
    /// The opportunity that stands for it, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    opportunity_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    opportunity_state: Option<&'static str>,
}

impl From<Column> for MatrixProduct {
    fn from(c: Column) -> Self {
        MatrixProduct {
            product: c.product,
            owners: c.owners,
            mrr_cents: c.mrr_cents,
            penetration: c.penetration,
            suggested: c.clients,
            amount_cents: c.amount_cents,
            expected_cents: c.expected_cents,
        }
    }
}

impl From<Cell> for MatrixCell {
    fn from(cell: Cell) -> Self {
        let mut body = MatrixCell {
            mrr_cents: None,
            amount_cents: None,
            probability: None,
            expected_cents: None,
            evidence: None,
            opportunity_id: None,
            opportunity_state: None,
        };
        match cell {
            Cell::Owned { mrr_cents } => body.mrr_cents = Some(mrr_cents),
            Cell::Suggested { amount_cents, probability, expected_cents, evidence, opportunity } => {
                (body.amount_cents, body.probability) = (Some(amount_cents), Some(probability));
                (body.expected_cents, body.evidence) = (Some(expected_cents), Some(evidence));
                body.opportunity_id = opportunity.map(|(id, _)| id);
                body.opportunity_state = opportunity.map(|(_, state)| state.as_str());
            }
        }
        body
    }
}

impl From<MatrixRow> for MatrixClient {
    fn from(row: MatrixRow) -> Self {
        MatrixClient {
            id: row.id,
            name: row.name,
            segment: row.segment,
            owner: row.owner,
            mrr_cents: row.mrr_cents,
            amount_cents: row.amount_cents,
            expected_cents: row.expected_cents,
            cells: row.cells.into_iter().map(|(product, cell)| (product, cell.into())).collect(),
        }
    }
}

/// The matrix of clients that pay and products: what each owns, and what could be sold to it because clients like it own
/// it.
#[utoipa::path(get, path = "/opportunities/matrix", operation_id = "opportunities_matrix", tag = "opportunities", params(MatrixParams, FilterParams), responses((status = 200, body = MatrixBody)))]
async fn matrix(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(params): Query<MatrixParams>,
    Query(filter): Query<FilterParams>,
) -> Answer<Json<MatrixBody>> {
    let query = params.read(filter)?;
    let page = app::matrix(&state.app, &actor, &query).await?;
    Ok(Json(MatrixBody {
        products: page.products.into_iter().map(Into::into).collect(),
        more_products: page.more_products,
        items: page.rows.into_iter().map(Into::into).collect(),
        next_cursor: page.next.map(|next| write_cursor(&next)),
        total: page.total,
        today: page.today,
    }))
}

/// How many clients of the file are read at once.
const STEP: i64 = 1_000;

/// The same as a file, all pages of it: for each product two columns, what a client pays for it, and what is expected of
/// selling it there. Amounts are units of the reporting currency a month.
#[utoipa::path(get, path = "/opportunities/matrix/export", operation_id = "opportunities_matrix_export", tag = "opportunities", params(MatrixParams, FilterParams), responses((status = 200, content_type = "text/csv", body = String)))]
async fn export(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(params): Query<MatrixParams>,
    Query(filter): Query<FilterParams>,
) -> Answer<Response> {
    let mut query = params.read(filter)?;
    (query.limit, query.after) = (1, None);
    let products: Vec<String> =
        app::matrix(&state.app, &actor, &query).await?.products.into_iter().map(|column| column.product).collect();
    query.limit = STEP;
    let mut names = String::from("id,client,segment,owner,mrr,potential,expected");
    for product in &products {
        names.push_str(&format!(",{},{}", cell(product), cell(&format!("{product} (expected)"))));
    }
    names.push_str("\r\n");
    // Pages follow each other while the file is sent: its length is nobody's memory.
    let pages = stream::try_unfold(Some((state, actor, query, products)), |reading| async move {
        let Some((state, actor, mut query, products)) = reading else { return Ok(None) };
        let page = app::matrix_rows(&state.app, &actor, &query).await;
        let (rows, next) = page.map_err(std::io::Error::other)?;
        let text: String = rows.iter().map(|row| line(row, &products)).collect();
        query.after = next;
        Ok::<_, std::io::Error>(Some((Bytes::from(text), next.map(|_| (state, actor, query, products)))))
    });
    let all = futures_util::StreamExt::chain(stream::iter([Ok(Bytes::from(names))]), pages);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"matrix.csv\"")),
    ];
    Ok((headers, Body::from_stream(all)).into_response())
}

fn money(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

fn line(row: &MatrixRow, products: &[String]) -> String {
    let word = |word: &Option<String>| cell(word.as_deref().unwrap_or_default());
    let mut out = format!("{},{},{},{}", row.id, cell(&row.name), word(&row.segment), word(&row.owner));
    for cents in [row.mrr_cents, row.amount_cents, row.expected_cents] {
        out.push_str(&format!(",{}", money(cents)));
    }
    for product in products {
        out.push_str(&match row.cells.get(product) {
            Some(Cell::Owned { mrr_cents }) => format!(",{},", money(*mrr_cents)),
            Some(Cell::Suggested { expected_cents, .. }) => format!(",,{}", money(*expected_cents)),
            None => ",,".to_owned(),
        });
    }
    out.push_str("\r\n");
    out
}
