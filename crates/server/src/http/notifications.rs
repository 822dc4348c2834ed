//! One's notifications: the sheet, marking, preferences.

use super::auth::{Caller, SessionToken};
use super::error::Answer;
use super::json::{Json, Query, limit, read_cursor, write_cursor};
use super::{Shared, State};
use axum::extract::State as Extract;
use chrono::{DateTime, Utc};
use essor_app::notifications as app;
use essor_domain::notifications::Kind;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(mark)).routes(routes!(preferences, prefer))
}

#[derive(Debug, Deserialize, IntoParams)]
struct NotificationsQuery {
    /// 1 to 200; default 50.
    limit: Option<i64>,
    cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct NotificationsBody {
    /// Newest first.
    items: Vec<NotificationBody>,
    next_cursor: Option<String>,
    /// How many are unread, of all.
    unread: i64,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct NotificationBody {
    id: Uuid,
    /// health_fell, invoice_late, task_assigned, opportunity_found or objective_reached.
    kind: String,
    /// Whether it asks for something to be done, or only informs.
    asks: bool,
    client_id: Option<Uuid>,
    client_name: Option<String>,
    /// The opportunity, task, invoice or objective that it is about.
    subject_id: Option<Uuid>,
    #[schema(value_type = Object)]
    params: Value,
    created_at: DateTime<Utc>,
    read_at: Option<DateTime<Utc>>,
}

/// What one was told in this workspace; a token was told nothing.
#[utoipa::path(get, path = "/notifications", operation_id = "notifications", tag = "notifications", params(NotificationsQuery), responses((status = 200, body = NotificationsBody)))]
async fn list(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(query): Query<NotificationsQuery>,
) -> Answer<Json<NotificationsBody>> {
    let before = read_cursor(query.cursor.as_deref())?;
    let inbox = app::page(&state.app, &actor, before, limit(query.limit)).await?;
    let items = inbox.items.into_iter().map(|n| NotificationBody {
        id: n.id,
        asks: Kind::parse(&n.kind).is_ok_and(Kind::asks),
        kind: n.kind,
        client_id: n.client_id,
        client_name: n.client_name,
        subject_id: n.subject_id,
        params: n.params,
        created_at: n.created_at,
        read_at: n.read_at,
    });
    Ok(Json(NotificationsBody {
        items: items.collect(),
        next_cursor: inbox.next.map(|next| write_cursor(&next)),
        unread: inbox.unread,
    }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MarkForm {
    /// At most 200; all when left out or empty.
    #[serde(default)]
    ids: Vec<Uuid>,
    /// false marks them as unread again.
    #[serde(default = "yes")]
    read: bool,
}

const fn yes() -> bool {
    true
}

#[derive(Debug, Serialize, ToSchema)]
struct UnreadBody {
    unread: i64,
}

/// Marks some or all of one's notifications as read, or as unread.
#[utoipa::path(post, path = "/notifications/read", operation_id = "mark_notifications", tag = "notifications", request_body = MarkForm, responses((status = 200, body = UnreadBody)))]
async fn mark(
    Extract(state): Shared,
    Caller(actor): Caller,
    _: SessionToken,
    Json(form): Json<MarkForm>,
) -> Answer<Json<UnreadBody>> {
    Ok(Json(UnreadBody { unread: app::mark(&state.app, &actor, &form.ids, form.read).await? }))
}

/// Which kinds one is told of.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PreferencesBody {
    kinds: Vec<PreferenceBody>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PreferenceBody {
    kind: String,
    in_app: bool,
}

fn shown(kinds: Vec<(Kind, bool)>) -> Json<PreferencesBody> {
    let kinds = kinds.into_iter().map(|(kind, in_app)| PreferenceBody { kind: kind.as_str().to_owned(), in_app });
    Json(PreferencesBody { kinds: kinds.collect() })
}

/// Which kinds one is told of in this workspace.
#[utoipa::path(get, path = "/notifications/preferences", operation_id = "notification_preferences", tag = "notifications", responses((status = 200, body = PreferencesBody)))]
async fn preferences(Extract(state): Shared, Caller(actor): Caller) -> Answer<Json<PreferencesBody>> {
    Ok(shown(app::preferences(&state.app, &actor).await?))
}

/// Turns kinds on or off; those left out stay as they are.
#[utoipa::path(put, path = "/notifications/preferences", operation_id = "set_notification_preferences", tag = "notifications", request_body = PreferencesBody, responses((status = 200, body = PreferencesBody)))]
async fn prefer(
    Extract(state): Shared,
    Caller(actor): Caller,
    _: SessionToken,
    Json(form): Json<PreferencesBody>,
) -> Answer<Json<PreferencesBody>> {
    let wishes: Vec<(String, bool)> = form.kinds.into_iter().map(|item| (item.kind, item.in_app)).collect();
    Ok(shown(app::prefer(&state.app, &actor, &wishes).await?))
}
