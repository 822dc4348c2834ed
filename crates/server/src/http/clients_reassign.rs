//! The clients of somebody who leaves or is away, dealt out to colleagues.

use super::auth::Caller;
use super::clients_bulk::{RunBody, StartedBody};
use super::error::Answer;
use super::json::{Json, parse};
use super::{Shared, State};
use axum::body::Bytes;
use axum::extract::State as Extract;
use axum::http::StatusCode;
use chrono::NaiveDate;
use essor_app::clients::bulk::{self as app, Reassign};
use essor_domain::identity::Action;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(preview)).routes(routes!(list, start))
}

/// Whose clients go, to whom and how.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ReassignForm {
    /// The person as clients name them: a member's name or e-mail, or the name of somebody who is no member any more.
    from: String,
    /// Members, among whom the clients are shared.
    receivers: Vec<Uuid>,
    /// count (as many clients to each, the default) or mrr (as much MRR to each).
    #[serde(default)]
    deal: Option<String>,
    /// Segments whose clients all go to one member.
    #[serde(default)]
    segments: Vec<SegmentRule>,
    /// Whether the person's open tasks go too: those of a client with it, the others in turn. True when left out.
    #[serde(default)]
    tasks: Option<bool>,
    /// The day on which what is still with the receivers comes back by itself; for good when left out.
    #[serde(default)]
    returns_on: Option<NaiveDate>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SegmentRule {
    segment: String,
    receiver: Uuid,
}

impl From<ReassignForm> for Reassign {
    fn from(form: ReassignForm) -> Self {
        Reassign {
            from: form.from,
            receivers: form.receivers,
            deal: form.deal.unwrap_or_else(|| "count".into()),
            segments: form.segments.into_iter().map(|rule| (rule.segment, rule.receiver)).collect(),
            tasks: form.tasks.unwrap_or(true),
            returns_on: form.returns_on,
        }
    }
}

/// What a reassignment would do. Amounts in cents a month.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ReassignBody {
    /// The member whose clients go; null when it is none.
    from_user_id: Option<Uuid>,
    clients: i64,
    mrr_cents: i64,
    tasks: i64,
    receivers: Vec<ReassignShare>,
}

/// What a colleague would receive, and what they have now.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ReassignShare {
    user_id: Uuid,
    name: String,
    clients: i64,
    mrr_cents: i64,
    tasks: i64,
    holds_clients: i64,
    holds_mrr_cents: i64,
}

/// What a reassignment would do; it changes nothing.
#[utoipa::path(post, path = "/clients/reassignments/preview", operation_id = "preview_reassignment", tag = "clients", request_body = ReassignForm, responses((status = 200, body = ReassignBody), (status = 422, body = super::error::Problem)))]
async fn preview(Extract(state): Shared, Caller(actor): Caller, body: Bytes) -> Answer<Json<ReassignBody>> {
    actor.require(Action::WriteClients)?;
    let form: ReassignForm = parse(&body)?;
    let shares = app::preview_reassign(&state.app, &actor, &form.into()).await?;
    let share = |share: app::Share| ReassignShare {
        user_id: share.user_id,
        name: share.name,
        clients: share.clients,
        mrr_cents: share.mrr_cents,
        tasks: share.tasks,
        holds_clients: share.holds_clients,
        holds_mrr_cents: share.holds_mrr_cents,
    };
    Ok(Json(ReassignBody {
        from_user_id: shares.from_user,
        clients: shares.clients,
        mrr_cents: shares.mrr_cents,
        tasks: shares.tasks,
        receivers: shares.receivers.into_iter().map(share).collect(),
    }))
}

/// Begins a reassignment; a job makes it. It is a run of `/clients/bulk`: its progress, its rows and its way back are
/// there.
#[utoipa::path(post, path = "/clients/reassignments", operation_id = "start_reassignment", tag = "clients", request_body = ReassignForm, responses((status = 202, body = StartedBody), (status = 422, body = super::error::Problem)))]
async fn start(Extract(state): Shared, Caller(actor): Caller, body: Bytes) -> Answer<(StatusCode, Json<StartedBody>)> {
    actor.require(Action::WriteClients)?;
    let form: ReassignForm = parse(&body)?;
    let id = app::reassign(&state.app, &actor, &form.into()).await?;
    Ok((StatusCode::ACCEPTED, Json(StartedBody { id })))
}

#[derive(Debug, Serialize, ToSchema)]
struct ReassignmentsBody {
    items: Vec<RunBody>,
}

/// The last twenty reassignments, the newest first; `action.returnsOn` is the day on which one comes back by itself.
#[utoipa::path(get, path = "/clients/reassignments", operation_id = "reassignments", tag = "clients", responses((status = 200, body = ReassignmentsBody)))]
async fn list(Extract(state): Shared, Caller(actor): Caller) -> Answer<Json<ReassignmentsBody>> {
    let items = app::reassignments(&state.app, &actor).await?;
    Ok(Json(ReassignmentsBody { items: items.into_iter().map(Into::into).collect() }))
}
