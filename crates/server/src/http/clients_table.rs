//! What the table of clients is made of: the catalogue of facts, expressions, figures and tabs.

use super::auth::Caller;
use super::clients::FilterParams;
use super::error::Answer;
use super::json::{Json, Query, parse};
use super::{Shared, State};
use axum::body::Bytes;
use axum::extract::State as Extract;
use essor_app::clients::{self as app, FactShown, Written};
use essor_domain::growth::metrics::arr;
use essor_domain::{Code, Invalid};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(facts))
        .routes(routes!(expressions))
        .routes(routes!(figures))
        .routes(routes!(tabs))
}

#[derive(Debug, Serialize, ToSchema)]
struct FactsBody {
    items: Vec<FactBody>,
}

/// A fact that expressions, columns and sorts may name.
#[derive(Debug, Serialize, ToSchema)]
struct FactBody {
    key: String,
    /// The words of a field of one's own, the name of a metric; built-in facts have theirs in the interface.
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    /// text, number, money, day, instant, choice, choices, boolean, person or url.
    kind: &'static str,
    /// The operators that it takes, as the tree writes them.
    ops: Vec<&'static str>,
    /// The words that it has, where they can be listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    choices: Option<Vec<String>>,
    sortable: bool,
    /// Whether it can be a column.
    column: bool,
    /// Whether a journey's criterion may ask for it: not for what the journey decides.
    criterion: bool,
}

impl From<FactShown> for FactBody {
    fn from(shown: FactShown) -> Self {
        let fact = shown.fact;
        FactBody {
            sortable: fact.sortable(),
            kind: fact.kind.as_str(),
            ops: fact.kind.ops().iter().map(|op| op.as_str()).collect(),
            choices: shown.choices,
            column: true,
            criterion: essor_domain::journey::may_measure(fact.source),
            key: fact.key,
            label: fact.label,
        }
    }
}

/// The catalogue of facts.
#[utoipa::path(get, path = "/clients/facts", operation_id = "client_facts", tag = "clients", responses((status = 200, body = FactsBody)))]
async fn facts(Extract(state): Shared, Caller(actor): Caller) -> Answer<Json<FactsBody>> {
    let items = app::facts(&state.app, &actor).await?;
    Ok(Json(FactsBody { items: items.into_iter().map(Into::into).collect() }))
}

/// An expression, as text or as a tree.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ExpressionForm {
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    tree: Option<Value>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ExpressionBody {
    text: String,
    #[schema(value_type = Object)]
    tree: Value,
    /// For how many clients it holds, archived ones left out.
    count: i64,
}

/// Reads and checks an expression, gives it in both forms and counts its clients; a refusal says where.
#[utoipa::path(post, path = "/clients/expressions", operation_id = "client_expression", tag = "clients", request_body = ExpressionForm, responses((status = 200, body = ExpressionBody), (status = 422, body = super::error::Problem)))]
async fn expressions(Extract(state): Shared, Caller(actor): Caller, body: Bytes) -> Answer<Json<ExpressionBody>> {
    actor.require(essor_domain::identity::Action::Read)?;
    let form: ExpressionForm = parse(&body)?;
    let written = match (form.text, form.tree) {
        (Some(text), None) => Written::Text(text),
        (None, Some(tree)) => Written::Tree(tree),
        _ => return Err(Invalid::field(Code::FieldRequired, "text").into()),
    };
    let understood = app::understand(&state.app, &actor, &written).await?;
    Ok(Json(ExpressionBody { text: understood.text, tree: understood.tree, count: understood.count }))
}

/// The figures of a selection; amounts in cents.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FiguresBody {
    count: i64,
    mrr_cents: i64,
    arr_cents: i64,
    /// The unweighted mean over those that pay and have a score; null when there is none.
    mean_health: Option<f64>,
    at_risk: i64,
    risk_mrr_cents: i64,
    by_status: BTreeMap<String, i64>,
    by_class: BTreeMap<String, i64>,
    /// Those with a subscription that ends within ninety days.
    renewals_in_90_days: i64,
}

/// The figures of the clients that a filter matches.
#[utoipa::path(get, path = "/clients/figures", operation_id = "client_figures", tag = "clients", params(FilterParams), responses((status = 200, body = FiguresBody)))]
async fn figures(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(params): Query<FilterParams>,
) -> Answer<Json<FiguresBody>> {
    let (filter, narrow) = params.split();
    let figures = app::figures(&state.app, &actor, filter, &narrow).await?;
    Ok(Json(FiguresBody {
        count: figures.count,
        mrr_cents: figures.mrr_cents,
        arr_cents: arr(figures.mrr_cents),
        mean_health: figures.mean_health,
        at_risk: figures.at_risk,
        risk_mrr_cents: figures.risk_mrr_cents,
        by_status: figures.by_status,
        by_class: figures.by_class,
        renewals_in_90_days: figures.renewals,
    }))
}

/// How many clients each tab holds.
#[derive(Debug, Default, Serialize, ToSchema)]
struct TabsBody {
    all: i64,
    risk: i64,
    onboarding: i64,
    active: i64,
    paused: i64,
    archived: i64,
}

/// How many clients of a filter each tab holds.
#[utoipa::path(get, path = "/clients/tabs", operation_id = "client_tabs", tag = "clients", params(FilterParams), responses((status = 200, body = TabsBody)))]
async fn tabs(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(params): Query<FilterParams>,
) -> Answer<Json<TabsBody>> {
    let (filter, narrow) = params.split();
    let mut body = TabsBody::default();
    for (tab, count) in app::tabs(&state.app, &actor, filter, &narrow).await? {
        match tab {
            "risk" => body.risk = count,
            "onboarding" => body.onboarding = count,
            "active" => body.active = count,
            "paused" => body.paused = count,
            "archived" => body.archived = count,
            _ => body.all = count,
        }
    }
    Ok(Json(body))
}
