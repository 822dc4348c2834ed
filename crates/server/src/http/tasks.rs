//! Tasks: one's day, and what changes them.

use super::auth::Caller;
use super::error::Answer;
use super::json::{Id, Json, Query, given, limit, parse, read_cursor, write_cursor};
use super::{Shared, State};
use axum::body::Bytes;
use axum::extract::State as Extract;
use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use essor_app::tasks::{self as app, After, ListQuery, Owner, Patch, Step, Task, TaskNew, When};
use essor_domain::identity::Action;
use essor_domain::tasks::Priority;
use essor_domain::{Code, Invalid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(change, remove)).routes(routes!(restore))
}

/// A task.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TaskBody {
    id: Uuid,
    title: String,
    note: Option<String>,
    owner_id: Option<Uuid>,
    owner_name: Option<String>,
    /// low, normal, high or urgent.
    priority: &'static str,
    due: Option<NaiveDate>,
    client_id: Option<Uuid>,
    client_name: Option<String>,
    /// hand, action or opportunity.
    origin: String,
    opportunity_id: Option<Uuid>,
    /// What the opportunity behind it is expected to bring, in cents of MRR.
    expected_cents: Option<i64>,
    done_at: Option<DateTime<Utc>>,
    done_by_name: Option<String>,
    created_at: DateTime<Utc>,
    /// Its steps, in their order.
    checklist: Vec<StepBody>,
}

/// A step of a checklist.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StepBody {
    text: String,
    #[serde(default)]
    done: bool,
}

impl From<StepBody> for Step {
    fn from(step: StepBody) -> Self {
        Step { text: step.text, done: step.done }
    }
}

impl From<Task> for TaskBody {
    fn from(t: Task) -> Self {
        let checklist = t.steps().into_iter().map(|step| StepBody { text: step.text, done: step.done }).collect();
        TaskBody {
            id: t.id,
            checklist,
            title: t.title,
            note: t.note,
            owner_id: t.owner_id,
            owner_name: t.owner_name,
            priority: Priority::of_rank(t.priority).as_str(),
            due: t.due,
            client_id: t.client_id,
            client_name: t.client_name,
            origin: t.origin,
            opportunity_id: t.opportunity_id,
            expected_cents: t.expected_cents,
            done_at: t.done_at,
            done_by_name: t.done_by_name,
            created_at: t.created_at,
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
struct TasksQuery {
    /// `me` (the default), `all`, or a person's id.
    owner: Option<String>,
    /// One client.
    client: Option<Uuid>,
    /// open (the default), overdue, today, later or done.
    when: Option<String>,
    /// 1 to 200; default 50.
    limit: Option<i64>,
    cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TasksBody {
    /// Open ones by due day and priority, done ones the newest first.
    items: Vec<TaskBody>,
    next_cursor: Option<String>,
    counts: TaskCounts,
    /// The day that overdue and today are counted from.
    today: NaiveDate,
}

/// How many tasks there are of the same owner and client.
#[derive(Debug, Serialize, ToSchema)]
struct TaskCounts {
    overdue: i64,
    today: i64,
    /// Due later, or whenever.
    later: i64,
    done: i64,
}

#[derive(Debug, Serialize, Deserialize)]
enum Cursor {
    Due(NaiveDate, i32, Uuid),
    Done(DateTime<Utc>, Uuid),
}

/// Tasks: one's own unless others are asked for.
#[utoipa::path(get, path = "/tasks", operation_id = "tasks", tag = "tasks", params(TasksQuery), responses((status = 200, body = TasksBody)))]
async fn list(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(query): Query<TasksQuery>,
) -> Answer<Json<TasksBody>> {
    actor.require(Action::Read)?;
    let owner = match query.owner.as_deref() {
        None | Some("" | "me") => Owner::Me,
        Some("all") => Owner::All,
        Some(id) => {
            let wrong = |_| Invalid::field(Code::FieldType, "owner").with("expected", "me, all or an id");
            Owner::Person(id.parse().map_err(wrong)?)
        }
    };
    let after = read_cursor::<Cursor>(query.cursor.as_deref())?.map(|cursor| match cursor {
        Cursor::Due(day, priority, id) => After::Due(day, priority, id),
        Cursor::Done(at, id) => After::Done(at, id),
    });
    let when = query.when.as_deref().map_or(Ok(When::Open), app::parse_when)?;
    let asked = ListQuery { owner, client: query.client, when, after, limit: limit(query.limit) };
    let page = app::list(&state.app, &actor, &asked).await?;
    Ok(Json(TasksBody {
        items: page.items.into_iter().map(Into::into).collect(),
        next_cursor: page.next.map(|next| {
            write_cursor(&match next {
                After::Due(day, priority, id) => Cursor::Due(day, priority, id),
                After::Done(at, id) => Cursor::Done(at, id),
            })
        }),
        counts: TaskCounts {
            overdue: page.counts.overdue,
            today: page.counts.today,
            later: page.counts.later,
            done: page.counts.done,
        },
        today: page.today,
    }))
}

/// A new task.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TaskForm {
    title: String,
    #[serde(default)]
    note: Option<String>,
    /// A member; the caller when left out.
    #[serde(default)]
    owner_id: Option<Uuid>,
    /// low, normal (the default), high or urgent.
    #[serde(default)]
    priority: Option<String>,
    #[serde(default)]
    due: Option<NaiveDate>,
    /// When no day is given: due so many business days from today; Saturdays and Sundays do not count.
    #[serde(default)]
    due_in_business_days: Option<u16>,
    /// At most 50 steps.
    #[serde(default)]
    checklist: Vec<StepBody>,
    #[serde(default)]
    client_id: Option<Uuid>,
    /// hand (the default), action or opportunity.
    #[serde(default)]
    origin: Option<String>,
    /// The opportunity that it is for: it is accepted with it, and its client is the task's.
    #[serde(default)]
    opportunity_id: Option<Uuid>,
}

/// Makes a task; one for an opportunity accepts it.
#[utoipa::path(post, path = "/tasks", operation_id = "create_task", tag = "tasks", request_body = TaskForm, responses((status = 201, body = TaskBody), (status = 422, body = super::error::Problem)))]
async fn create(Extract(state): Shared, Caller(actor): Caller, body: Bytes) -> Answer<(StatusCode, Json<TaskBody>)> {
    actor.require(Action::WriteClients)?;
    let form: TaskForm = parse(&body)?;
    let new = TaskNew {
        title: form.title,
        note: form.note,
        owner: form.owner_id,
        priority: form.priority,
        due: form.due,
        due_in_business_days: form.due_in_business_days,
        checklist: form.checklist.into_iter().map(Into::into).collect(),
        client: form.client_id,
        origin: form.origin,
        opportunity: form.opportunity_id,
    };
    Ok((StatusCode::CREATED, Json(app::create(&state.app, &actor, &new).await?.into())))
}

/// What changes; null empties a field, left out it stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TaskPatch {
    #[serde(default)]
    title: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    note: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Uuid>)]
    owner_id: Option<Option<Uuid>>,
    #[serde(default)]
    priority: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<NaiveDate>)]
    due: Option<Option<NaiveDate>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Uuid>)]
    client_id: Option<Option<Uuid>>,
    /// true notes who did it and when; false takes that back.
    #[serde(default)]
    done: Option<bool>,
    /// When no day is given: due so many business days from today.
    #[serde(default)]
    due_in_business_days: Option<u16>,
    /// The whole checklist, in its order.
    #[serde(default)]
    checklist: Option<Vec<StepBody>>,
}

/// Changes a task.
#[utoipa::path(patch, path = "/tasks/{id}", operation_id = "change_task", tag = "tasks", params(("id" = Uuid, Path)), request_body = TaskPatch, responses((status = 200, body = TaskBody), (status = 422, body = super::error::Problem)))]
async fn change(Extract(state): Shared, Caller(actor): Caller, Id(id): Id, body: Bytes) -> Answer<Json<TaskBody>> {
    actor.require(Action::WriteClients)?;
    let form: TaskPatch = parse(&body)?;
    let patch = Patch {
        title: form.title,
        note: form.note,
        owner: form.owner_id,
        priority: form.priority,
        due: form.due,
        client: form.client_id,
        done: form.done,
        due_in_business_days: form.due_in_business_days,
        checklist: form.checklist.map(|steps| steps.into_iter().map(Into::into).collect()),
    };
    Ok(Json(app::change(&state.app, &actor, id, &patch).await?.into()))
}

/// Takes a task away; it can be had back for thirty days.
#[utoipa::path(delete, path = "/tasks/{id}", operation_id = "delete_task", tag = "tasks", params(("id" = Uuid, Path)), responses((status = 204)))]
async fn remove(Extract(state): Shared, Caller(actor): Caller, Id(id): Id) -> Answer<StatusCode> {
    app::remove(&state.app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a task back that was taken away.
#[utoipa::path(post, path = "/tasks/{id}/restore", operation_id = "restore_task", tag = "tasks", params(("id" = Uuid, Path)), responses((status = 204)))]
async fn restore(Extract(state): Shared, Caller(actor): Caller, Id(id): Id) -> Answer<StatusCode> {
    app::restore(&state.app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
