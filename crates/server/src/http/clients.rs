//! Reading clients: the list, one client, what hangs on it.

use super::auth::Caller;
use super::error::Answer;
use super::json::{Id, Json, Query, Tagged, limit, read_cursor, write_cursor};
use super::{Shared, State};
use axum::extract::State as Extract;
use chrono::{DateTime, NaiveDate, Utc};
use essor_app::clients::{self as app, ListQuery, Listed, Matched, Narrow};
use essor_domain::growth::metrics::{arr, mrr_change_pct};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(list, super::writes::clients))
        .routes(routes!(facets))
        .routes(routes!(one, super::client_edit::change, super::client_keeping::throw_away))
        .routes(routes!(subscriptions))
        .routes(routes!(movements))
        .routes(routes!(tickets))
        .routes(routes!(timeline))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
struct ListParams {
    /// 1 to 200; default 50.
    limit: Option<i64>,
    /// The `nextCursor` of the page before.
    cursor: Option<String>,
    /// The key of a fact that can be sorted by (`name`, `mrr`, `field.contract`), with `-` before it for descending.
    sort: Option<String>,
    /// Keys of facts to add to each client as `facts`, separated by commas.
    columns: Option<String>,
    /// MRR as of this day instead of now.
    as_of: Option<NaiveDate>,
}

/// Which clients: the same for the list, its figures and its tabs.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
pub(super) struct FilterParams {
    /// An expression, as text: `mrr >= 1000 and owner is empty`.
    #[serde(rename = "where")]
    pub(super) condition: Option<String>,
    /// all, risk, onboarding, active, paused or archived; it takes the place of `status`.
    pub(super) tab: Option<String>,
    /// A saved view, whose expression has to hold too.
    pub(super) view: Option<Uuid>,
    /// Words of the name or domain, or (from three characters on) how a person there or a tag begins.
    pub(super) q: Option<String>,
    /// active (MRR above zero), trial, churned, paused, archived, none or all; default all but archived.
    pub(super) status: Option<String>,
    /// Health classes, separated by commas.
    pub(super) health: Option<String>,
    /// Only those at risk.
    pub(super) risk: Option<bool>,
    /// The key of the risk that costs most points: `usage_down`, `invoice_late`, …
    pub(super) cause: Option<String>,
    /// A segment; `-` for clients without one.
    pub(super) segment: Option<String>,
    /// A person in charge; `-` for clients without one.
    pub(super) owner: Option<String>,
    /// A product: clients that pay for it (`active`) or ever did; amounts are then what they pay for it.
    pub(super) product: Option<String>,
}

impl FilterParams {
    /// The filter, and what narrows it.
    pub(super) fn split(self) -> (essor_app::clients::Filter, Narrow) {
        let text = |value: Option<String>| value.filter(|v| !v.trim().is_empty());
        let classes = self.health.iter().flat_map(|h| h.split(',')).filter(|h| !h.is_empty());
        let filter = essor_app::clients::Filter {
            q: text(self.q),
            status: text(self.status),
            classes: classes.map(Into::into).collect(),
            risk: self.risk.unwrap_or(false),
            cause: text(self.cause),
            segment: text(self.segment),
            owner: text(self.owner),
            product: text(self.product),
            ..Default::default()
        };
        (filter, Narrow { condition: text(self.condition), tab: text(self.tab), view: self.view })
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ClientPage {
    items: Vec<ClientBody>,
    next_cursor: Option<String>,
    total: i64,
    /// What all that match pay a month, in cents.
    sum_mrr_cents: i64,
}

/// A client in a list. Amounts in cents of the reporting currency.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClientBody {
    id: Uuid,
    external_id: String,
    name: String,
    domain: Option<String>,
    segment: Option<String>,
    industry: Option<String>,
    country: Option<String>,
    owner: Option<String>,
    /// The key of the journey's stage, `completed` once it is through; null for a client without a journey.
    stage: Option<String>,
    /// active, trial, churned, paused, archived, none (never had a subscription) or deleted (in the trash or merged).
    status: String,
    mrr_cents: i64,
    /// Against three months ago; null when that was 0.
    mrr_change_3m_pct: Option<f64>,
    /// 0–100; null when too little is known.
    health: Option<i32>,
    health_class: String,
    /// Known share of the weight, 0–1.
    health_coverage: Option<f64>,
    /// Points in 30 days.
    health_change_30d: Option<i32>,
    /// Scores over 90 days, oldest first.
    health_spark: Vec<Option<i32>>,
    /// Opportunities that are open or accepted.
    opportunities: i64,
    /// What those are worth together, each amount times its probability, in cents.
    opportunities_expected_cents: i64,
    /// The risk that costs most points.
    #[schema(value_type = Option<Object>)]
    top_risk: Option<Value>,
    last_seen_at: Option<DateTime<Utc>>,
    since_day: Option<NaiveDate>,
    /// The facts asked for with `columns`, null where they are not known. Amounts in cents.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    facts: Option<BTreeMap<String, Value>>,
    /// Why a search found it, where neither its name nor its domain says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    matched: Option<MatchedBody>,
}

/// The person or the tag by which a search found a client.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MatchedBody {
    /// contact or tag.
    by: &'static str,
    /// The person's name or address, or the tag.
    text: String,
    /// The person's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
}

impl From<Matched> for MatchedBody {
    fn from(matched: Matched) -> Self {
        match matched {
            Matched::Contact { name, email } => MatchedBody { by: "contact", text: name, email },
            Matched::Tag(text) => MatchedBody { by: "tag", text, email: None },
        }
    }
}

/// Points of a list's sparkline.
const SPARK: u64 = 14;

fn body(listed: &Listed, today: NaiveDate) -> ClientBody {
    let c = &listed.client;
    let spark = app::ascending_days(&listed.scores, today, 90, SPARK);
    let then = app::ascending_days(&listed.scores, today, 30, 2)[0];
    ClientBody {
        id: c.id,
        external_id: c.external_id.clone(),
        name: c.name.clone(),
        domain: c.domain.clone(),
        segment: c.segment.clone(),
        industry: c.industry.clone(),
        country: c.country.clone(),
        owner: c.owner.clone(),
        stage: c.stage.clone(),
        status: c.status.clone(),
        mrr_cents: listed.mrr_as_of_cents.unwrap_or(c.mrr_cents),
        mrr_change_3m_pct: mrr_change_pct(c.mrr_cents, listed.mrr_before_cents),
        health: c.health,
        health_class: c.health_class.clone(),
        health_coverage: c.health_coverage,
        health_change_30d: c.health.zip(then).map(|(now, then)| now - then),
        health_spark: spark,
        opportunities: listed.opportunities.open,
        opportunities_expected_cents: listed.opportunities.expected_cents,
        top_risk: c.top_risk.clone(),
        last_seen_at: c.last_seen_at,
        since_day: c.since.or(c.first_paid_on),
        facts: listed.facts.clone(),
        matched: listed.matched.clone().map(Into::into),
    }
}

/// Clients, filtered, sorted, a page at a time.
#[utoipa::path(get, path = "/clients", tag = "clients", params(ListParams, FilterParams), responses((status = 200, body = ClientPage)))]
async fn list(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(params): Query<ListParams>,
    Query(filter): Query<FilterParams>,
) -> Answer<Json<ClientPage>> {
    let (filter, narrow) = filter.split();
    let query = ListQuery {
        filter,
        narrow,
        sort: params.sort.filter(|sort| !sort.trim().is_empty()),
        after: read_cursor(params.cursor.as_deref())?,
        limit: limit(params.limit),
        as_of: params.as_of,
        columns: params.columns.iter().flat_map(|c| c.split(',')).filter(|c| !c.is_empty()).map(Into::into).collect(),
    };
    let page = app::list(&state.app, &actor, &query).await?;
    Ok(Json(ClientPage {
        items: page.items.iter().map(|item| body(item, page.today)).collect(),
        next_cursor: page.next.as_ref().map(write_cursor),
        total: page.total,
        sum_mrr_cents: page.sum_mrr_cents,
    }))
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FacetsBody {
    segments: Vec<FacetBody>,
    owners: Vec<FacetBody>,
    /// Products that somebody pays for today.
    products: Vec<FacetBody>,
    /// By status as the list filters it: `active` counts whoever pays, those paused by hand too.
    statuses: BTreeMap<String, i64>,
    classes: BTreeMap<String, i64>,
}

#[derive(Debug, Serialize, ToSchema)]
struct FacetBody {
    value: String,
    count: i64,
}

/// How many clients there are by segment, owner, status and health class.
#[utoipa::path(get, path = "/clients/facets", tag = "clients", responses((status = 200, body = FacetsBody)))]
async fn facets(Extract(state): Shared, Caller(actor): Caller) -> Answer<Json<FacetsBody>> {
    let (of, products) = app::facets(&state.app, &actor).await?;
    let list = |rows: Vec<(String, i64)>| rows.into_iter().map(|(value, count)| FacetBody { value, count }).collect();
    Ok(Json(FacetsBody {
        segments: list(of.segments),
        owners: list(of.owners),
        products: list(products),
        statuses: of.statuses.into_iter().collect(),
        classes: of.classes.into_iter().collect(),
    }))
}

/// A client with what its page's header shows.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ClientDetail {
    #[serde(flatten)]
    listed: ClientBody,
    /// The state of what people change, as in `ETag`.
    version: String,
    /// What people change of it, as it stands: `seats` and `since` are its own and not its subscriptions'.
    editable: super::client_edit::EditableBody,
    seats: Option<i32>,
    plan: Option<String>,
    #[schema(value_type = Object)]
    traits: Value,
    created_at: DateTime<Utc>,
    health_at: Option<DateTime<Utc>>,
    arr_cents: i64,
    subscriptions_active: usize,
    open_tickets: i64,
    contacts_count: usize,
    churned_on: Option<NaiveDate>,
    /// The next day on which one of its subscriptions renews.
    renews_on: Option<NaiveDate>,
    /// A churned client's score stops at its last day.
    frozen: bool,
    /// The client above.
    parent: Option<RelativeBody>,
    /// The clients below, churned and archived ones left out.
    children: Vec<RelativeBody>,
    /// Since when it is in the trash, or merged.
    deleted_at: Option<DateTime<Utc>>,
    /// The client that it was merged into, for good.
    merged_into: Option<Uuid>,
}

/// A client above or below another.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RelativeBody {
    id: Uuid,
    name: String,
    /// Null for a parent.
    mrr_cents: Option<i64>,
    health: Option<i32>,
    health_class: Option<String>,
}

/// One client.
#[utoipa::path(get, path = "/clients/{id}", tag = "clients", params(("id" = Uuid, Path)), responses((status = 200, body = ClientDetail, headers(("ETag" = String, description = "The state of what people change: for `If-Match`."))), (status = 404, body = super::error::Problem)))]
async fn one(Extract(state): Shared, Caller(actor): Caller, Id(id): Id) -> Answer<Tagged<ClientDetail>> {
    let page = app::one(&state.app, &actor, id).await?;
    let family = app::family(&state.app, &actor, id).await?;
    let gone = app::gone(&state.app, &actor, id).await?;
    let c = &page.listed.client;
    let none = (None, None, None);
    let relative = |id, name, (mrr_cents, health, health_class): (Option<i64>, Option<i32>, Option<String>)| {
        RelativeBody { id, name, mrr_cents, health, health_class }
    };
    let (editable, version) = app::editable(&state.app, &actor, c).await?;
    let detail = ClientDetail {
        editable: editable.into(),
        version: version.clone(),
        seats: c.seats.or(page.subscription_seats),
        renews_on: c.renews_on,
        plan: c.plan.clone(),
        traits: c.traits.clone(),
        created_at: c.created_at,
        health_at: c.health_at,
        arr_cents: arr(c.mrr_cents),
        subscriptions_active: page.subscriptions_active,
        open_tickets: page.open_tickets,
        contacts_count: page.contacts,
        churned_on: c.churned_on,
        frozen: c.churned_on.is_some() && c.health.is_some(),
        parent: family.parent.map(|(id, name)| relative(id, name, none)),
        children: family
            .children
            .into_iter()
            .map(|child| {
                relative(child.id, child.name, (Some(child.mrr_cents), child.health, Some(child.health_class)))
            })
            .collect(),
        listed: body(&page.listed, page.today),
        deleted_at: gone.deleted_at,
        merged_into: gone.merged_into,
    };
    Ok(Tagged(version, detail))
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Items<T> {
    pub(super) items: Vec<T>,
}

/// A subscription as it stands today; `amountCents` in its own currency, `mrrCents` in the reporting one.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SubscriptionBody {
    id: Uuid,
    external_id: String,
    product: String,
    plan: Option<String>,
    seats: Option<i32>,
    start_date: NaiveDate,
    end_date: Option<NaiveDate>,
    is_trial: bool,
    paused: bool,
    quantity: i64,
    amount_cents: i64,
    discount_cents: i64,
    currency: String,
    period: &'static str,
    mrr_cents: i64,
    /// active, future, ended, trial or paused.
    status: &'static str,
}

/// A client's subscriptions.
#[utoipa::path(get, path = "/clients/{id}/subscriptions", operation_id = "client_subscriptions", tag = "clients", params(("id" = Uuid, Path)), responses((status = 200, body = Items<SubscriptionBody>)))]
async fn subscriptions(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(id): Id,
) -> Answer<Json<Items<SubscriptionBody>>> {
    let items = app::subscriptions_of(&state.app, &actor, id).await?;
    let items = items
        .into_iter()
        .map(|s| SubscriptionBody {
            id: s.stored.id,
            external_id: s.stored.external_id,
            product: s.stored.product,
            plan: s.stored.plan,
            seats: s.stored.seats,
            start_date: s.stored.line.start,
            end_date: s.stored.line.end,
            is_trial: s.terms.is_trial,
            paused: s.terms.paused,
            quantity: s.terms.quantity,
            amount_cents: s.terms.amount_cents,
            discount_cents: s.terms.discount_cents,
            currency: s.terms.currency,
            period: s.terms.period.as_str(),
            mrr_cents: s.mrr_cents,
            status: s.status,
        })
        .collect();
    Ok(Json(Items { items }))
}

#[derive(Debug, Serialize, ToSchema)]
struct MovementsBody {
    items: Vec<OwnMovement>,
    /// MRR from each day on.
    points: Vec<MrrPoint>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OwnMovement {
    day: NaiveDate,
    kind: String,
    delta_cents: i64,
    mrr_after_cents: i64,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MrrPoint {
    day: NaiveDate,
    mrr_cents: i64,
}

/// A client's MRR movements, oldest first, those to come included.
#[utoipa::path(get, path = "/clients/{id}/movements", operation_id = "client_movements", tag = "clients", params(("id" = Uuid, Path)), responses((status = 200, body = MovementsBody)))]
async fn movements(Extract(state): Shared, Caller(actor): Caller, Id(id): Id) -> Answer<Json<MovementsBody>> {
    let rows = essor_app::growth::of_client(&state.app, &actor, id).await?;
    let points = rows.iter().map(|row| MrrPoint { day: row.day, mrr_cents: row.after_cents }).collect();
    let items = rows
        .into_iter()
        .map(|row| OwnMovement {
            day: row.day,
            kind: row.kind,
            delta_cents: row.delta_cents,
            mrr_after_cents: row.after_cents,
        })
        .collect();
    Ok(Json(MovementsBody { items, points }))
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TicketBody {
    id: Uuid,
    external_id: String,
    subject: Option<String>,
    priority: String,
    /// open or closed.
    status: &'static str,
    opened_at: DateTime<Utc>,
    closed_at: Option<DateTime<Utc>>,
    /// 1–5.
    satisfaction: Option<f64>,
}

/// A client's tickets, newest first, at most 200.
#[utoipa::path(get, path = "/clients/{id}/tickets", tag = "clients", params(("id" = Uuid, Path)), responses((status = 200, body = Items<TicketBody>)))]
async fn tickets(Extract(state): Shared, Caller(actor): Caller, Id(id): Id) -> Answer<Json<Items<TicketBody>>> {
    let rows = app::signals(&state.app, &actor, id, &["ticket".to_owned()], None, 200).await?;
    let now = state.app.clock.now();
    let items = rows
        .into_iter()
        .map(|s| TicketBody {
            id: s.id,
            subject: s.data.get("subject").and_then(Value::as_str).map(str::to_owned),
            priority: s.priority.unwrap_or_else(|| "normal".into()),
            status: if s.ended_at.is_some_and(|at| at <= now) { "closed" } else { "open" },
            opened_at: s.occurred_at,
            closed_at: s.ended_at,
            satisfaction: s.score,
            external_id: s.message_id,
        })
        .collect();
    Ok(Json(Items { items }))
}

#[derive(Debug, Deserialize, IntoParams)]
struct TimelineQuery {
    /// Kinds separated by commas: ticket, survey, message, payment, meeting, outcome, metric, pulse, churn_reason, note,
    /// task, opportunity, mrr, health, change.
    kinds: Option<String>,
    limit: Option<i64>,
    cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TimelineBody {
    items: Vec<TimelineItem>,
    next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TimelineItem {
    id: String,
    kind: String,
    at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    /// Whether it is a signal that a person recorded: it can be corrected and taken back.
    by_hand: bool,
    /// The person at the client that a signal is about or from.
    contact_id: Option<Uuid>,
    #[schema(value_type = Object)]
    data: Value,
}

/// Everything that happened at a client in one stream, newest first.
#[utoipa::path(get, path = "/clients/{id}/timeline", tag = "clients", params(("id" = Uuid, Path), TimelineQuery), responses((status = 200, body = TimelineBody)))]
async fn timeline(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(id): Id,
    Query(query): Query<TimelineQuery>,
) -> Answer<Json<TimelineBody>> {
    let kinds: Vec<String> =
        query.kinds.iter().flat_map(|k| k.split(',')).filter(|k| !k.is_empty()).map(Into::into).collect();
    let before = read_cursor::<app::TimelineCursor>(query.cursor.as_deref())?;
    let limit = limit(query.limit);
    let mut entries = app::timeline(&state.app, &actor, id, &kinds, before, limit + 1).await?;
    let more = entries.len() as i64 > limit;
    entries.truncate(limit as usize);
    let next_cursor = entries.last().filter(|_| more).map(|e| write_cursor(&e.cursor()));
    let items = entries
        .into_iter()
        .map(|e| TimelineItem {
            id: e.id,
            kind: e.kind,
            at: e.at,
            ended_at: e.ended_at,
            by_hand: e.by_hand,
            contact_id: e.contact_id,
            data: e.data,
        })
        .collect();
    Ok(Json(TimelineBody { items, next_cursor }))
}
