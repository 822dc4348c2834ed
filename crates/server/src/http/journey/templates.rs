//! Templates: what is planned, its versions, what moving running journeys to a new one changes.

use super::super::auth::Caller;
use super::super::error::{Answer, Failure, Problem};
use super::super::json::{Id, Json, Query, parse};
use super::super::{Shared, State};
use super::bodies::{DurationsBody, LabelBody, tenth};
use axum::body::Bytes;
use axum::extract::State as Extract;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use essor_app::Actor;
use essor_app::journey::{self as app, Durations, Templates, Version};
use essor_domain::identity::Action;
use essor_domain::journey::{
    Advance, Criterion, Impact, KeyAction, MilestonePlan, OwnerRole, Stage, Template, Weights,
};
use essor_domain::tasks::Priority;
use essor_domain::{Code, Invalid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(check))
        .routes(routes!(show, save, remove))
        .routes(routes!(preview))
        .routes(routes!(migrate))
}

/// A journey as it is planned.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TemplateBody {
    name: LabelBody,
    /// The segment that it is for; null for everybody without a template of their own.
    #[serde(default)]
    segment: Option<String>,
    /// auto (the client goes on once all required criteria hold) or ask.
    advance: String,
    stalled_after_days: i64,
    weights: TemplateWeights,
    /// In their order.
    stages: Vec<TemplateStage>,
}

/// What criteria and key actions weigh in a stage's progress: 100 together.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TemplateWeights {
    criteria: i64,
    actions: i64,
}

/// A stage.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TemplateStage {
    key: String,
    label: LabelBody,
    #[serde(default)]
    description: LabelBody,
    planned_days: i64,
    #[serde(default)]
    criteria: Vec<TemplateCriterion>,
    #[serde(default)]
    actions: Vec<TemplateAction>,
    #[serde(default)]
    milestones: Vec<TemplateMilestone>,
}

/// A condition of success.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TemplateCriterion {
    key: String,
    label: LabelBody,
    /// What is measured; null when a person ticks it.
    #[serde(default)]
    expression: Option<String>,
    #[serde(default)]
    required: bool,
    /// It stays met once it was.
    #[serde(default)]
    once: bool,
    /// Its share beside the other criteria; 1 when left out.
    #[serde(default = "one")]
    weight: i64,
}

const fn one() -> i64 {
    1
}

/// A task that entering the stage makes.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TemplateAction {
    key: String,
    label: LabelBody,
    /// in_charge, client or managers.
    owner: String,
    /// Due so many days after the stage begins.
    due_days: i64,
    /// Business days.
    #[serde(default)]
    business: bool,
    /// low, normal, high or urgent.
    #[serde(default = "normal")]
    priority: String,
}

fn normal() -> String {
    Priority::Normal.as_str().to_owned()
}

/// A milestone that entering the stage makes.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TemplateMilestone {
    key: String,
    title: LabelBody,
    /// Due so many days after the stage begins.
    day: i64,
    /// low, medium or high.
    impact: String,
    #[serde(default)]
    critical: bool,
}

impl From<Template> for TemplateBody {
    fn from(t: Template) -> Self {
        TemplateBody {
            name: t.name.into(),
            segment: t.segment,
            advance: if t.advance == Advance::Ask { "ask" } else { "auto" }.to_owned(),
            stalled_after_days: t.stalled_after_days,
            weights: TemplateWeights { criteria: t.weights.criteria, actions: t.weights.actions },
            stages: t.stages.into_iter().map(stage_body).collect(),
        }
    }
}

fn stage_body(stage: Stage) -> TemplateStage {
    TemplateStage {
        key: stage.key,
        label: stage.label.into(),
        description: stage.description.into(),
        planned_days: stage.planned_days,
        criteria: stage
            .criteria
            .into_iter()
            .map(|c| TemplateCriterion {
                key: c.key,
                label: c.label.into(),
                expression: c.expression,
                required: c.required,
                once: c.once,
                weight: c.weight,
            })
            .collect(),
        actions: stage
            .actions
            .into_iter()
            .map(|a| TemplateAction {
                key: a.key,
                label: a.label.into(),
                owner: a.owner.as_str().to_owned(),
                due_days: a.due_days,
                business: a.business,
                priority: a.priority.as_str().to_owned(),
            })
            .collect(),
        milestones: stage
            .milestones
            .into_iter()
            .map(|m| TemplateMilestone {
                key: m.key,
                title: m.title.into(),
                day: m.day,
                impact: m.impact.as_str().to_owned(),
                critical: m.critical,
            })
            .collect(),
    }
}

fn one_of<T: Copy>(text: &str, field: String, words: &[(&str, T)]) -> Result<T, Failure> {
    let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
    found.ok_or_else(|| Invalid::field(Code::FieldType, field).with("expected", known.join(", ")).into())
}

impl TemplateBody {
    /// The template; words that are none of those listed are refused with their field.
    fn template(self) -> Result<Template, Failure> {
        let advance = [("auto", Advance::Auto), ("ask", Advance::Ask)];
        Ok(Template {
            name: self.name.into(),
            segment: self.segment,
            advance: one_of(&self.advance, "template.advance".to_owned(), &advance)?,
            stalled_after_days: self.stalled_after_days,
            weights: Weights { criteria: self.weights.criteria, actions: self.weights.actions },
            stages: self
                .stages
                .into_iter()
                .enumerate()
                .map(|(i, stage)| stage.stage(&format!("template.stages[{i}]")))
                .collect::<Result<_, _>>()?,
        })
    }
}

impl TemplateStage {
    fn stage(self, field: &str) -> Result<Stage, Failure> {
        let owners = [OwnerRole::InCharge, OwnerRole::Client, OwnerRole::Managers].map(|role| (role.as_str(), role));
        let priorities = Priority::ALL.map(|priority| (priority.as_str(), priority));
        let impacts = [Impact::Low, Impact::Medium, Impact::High].map(|impact| (impact.as_str(), impact));
        let criterion = |c: TemplateCriterion| Criterion {
            key: c.key,
            label: c.label.into(),
            expression: c.expression,
            required: c.required,
            once: c.once,
            weight: c.weight,
        };
        let action = |(i, a): (usize, TemplateAction)| {
            Ok(KeyAction {
                key: a.key,
                label: a.label.into(),
                owner: one_of(&a.owner, format!("{field}.actions[{i}].owner"), &owners)?,
                due_days: a.due_days,
                business: a.business,
                priority: one_of(&a.priority, format!("{field}.actions[{i}].priority"), &priorities)?,
            })
        };
        let milestone = |(i, m): (usize, TemplateMilestone)| {
            Ok(MilestonePlan {
                key: m.key,
                title: m.title.into(),
                day: m.day,
                impact: one_of(&m.impact, format!("{field}.milestones[{i}].impact"), &impacts)?,
                critical: m.critical,
            })
        };
        Ok(Stage {
            key: self.key,
            label: self.label.into(),
            description: self.description.into(),
            planned_days: self.planned_days,
            criteria: self.criteria.into_iter().map(criterion).collect(),
            actions: self.actions.into_iter().enumerate().map(action).collect::<Result<_, Failure>>()?,
            milestones: self.milestones.into_iter().enumerate().map(milestone).collect::<Result<_, Failure>>()?,
        })
    }
}

/// The templates.
#[derive(Debug, Serialize, ToSchema)]
struct TemplatesBody {
    /// The built-in one first.
    items: Vec<TemplateListed>,
}

/// A template in the list: its newest version.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TemplateListed {
    id: Uuid,
    name: LabelBody,
    segment: Option<String>,
    version: i32,
    built_in: bool,
    /// Running journeys, of all versions.
    clients: i64,
    updated_at: Option<DateTime<Utc>>,
    updated_by: Option<String>,
    stages: Vec<TemplateStageListed>,
}

/// A stage in the list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TemplateStageListed {
    key: String,
    label: LabelBody,
    planned_days: i64,
}

/// The templates.
#[utoipa::path(get, path = "/journey/templates", operation_id = "journey_templates", tag = "journey", responses((status = 200, body = TemplatesBody)))]
async fn list(Extract(state): Shared, Caller(actor): Caller) -> Answer<Json<TemplatesBody>> {
    let templates = app::templates(&state.app, &actor).await?;
    let listed = |version: &Version| TemplateListed {
        id: version.id,
        name: version.template.name.clone().into(),
        segment: version.template.segment.clone(),
        version: version.version,
        built_in: templates.is_built_in(version.id),
        clients: templates.versions_of(version.id).iter().map(|v| v.clients).sum(),
        updated_at: version.at,
        updated_by: version.by.clone(),
        stages: version
            .template
            .stages
            .iter()
            .map(|stage| TemplateStageListed {
                key: stage.key.clone(),
                label: stage.label.clone().into(),
                planned_days: stage.planned_days,
            })
            .collect(),
    };
    Ok(Json(TemplatesBody { items: templates.current().into_iter().map(listed).collect() }))
}

/// A template in one of its versions.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TemplateShown {
    id: Uuid,
    version: i32,
    built_in: bool,
    template: TemplateBody,
    /// The newest first.
    versions: Vec<TemplateVersion>,
    /// How long each stage really takes beside what is planned.
    durations: Vec<StageDurations>,
}

/// A version.
#[derive(Debug, Serialize, ToSchema)]
struct TemplateVersion {
    version: i32,
    at: Option<DateTime<Utc>>,
    by: Option<String>,
    /// Running journeys that follow it.
    clients: i64,
}

/// A stage's planned days beside the real ones.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct StageDurations {
    stage: String,
    planned_days: i64,
    #[serde(flatten)]
    real: DurationsBody,
}

async fn shown(state: &State, actor: &Actor, id: Uuid, version: Option<i32>) -> Answer<Json<TemplateShown>> {
    // A token that may only write sees what it has written.
    let reader = Actor::system(actor.workspace);
    let (templates, found): (Templates, Version) = app::template(&state.app, &reader, id, version).await?;
    let times = app::times(&state.app, &reader, found.template.segment.as_deref()).await?;
    let durations = found
        .template
        .stages
        .iter()
        .map(|stage| {
            let real = times.iter().find(|((key, ..), ..)| *key == stage.key).map(|(_, real, _)| real.clone());
            let real: Durations = real.unwrap_or_default();
            StageDurations { stage: stage.key.clone(), planned_days: stage.planned_days, real: real.into() }
        })
        .collect();
    let versions = templates
        .versions_of(id)
        .into_iter()
        .map(|v| TemplateVersion { version: v.version, at: v.at, by: v.by.clone(), clients: v.clients })
        .collect();
    Ok(Json(TemplateShown {
        id,
        version: found.version,
        built_in: templates.is_built_in(id),
        template: found.template.into(),
        versions,
        durations,
    }))
}

#[derive(Debug, Deserialize, IntoParams)]
struct TemplateQuery {
    /// A version; the newest when left out.
    version: Option<i32>,
}

/// A template.
#[utoipa::path(get, path = "/journey/templates/{id}", operation_id = "journey_template", tag = "journey", params(("id" = Uuid, Path), TemplateQuery), responses((status = 200, body = TemplateShown)))]
async fn show(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(id): Id,
    Query(query): Query<TemplateQuery>,
) -> Answer<Json<TemplateShown>> {
    actor.require(Action::Read)?;
    shown(&state, &actor, id, query.version).await
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct TemplateForm {
    template: TemplateBody,
}

/// Makes a template.
#[utoipa::path(post, path = "/journey/templates", operation_id = "create_journey_template", tag = "journey", request_body = TemplateForm, responses((status = 201, body = TemplateShown), (status = 422, body = Problem)))]
async fn create(
    Extract(state): Shared,
    Caller(actor): Caller,
    body: Bytes,
) -> Answer<(StatusCode, Json<TemplateShown>)> {
    actor.require(Action::ManageModels)?;
    let form: TemplateForm = parse(&body)?;
    let id = app::new_template(&state.app, &actor, &form.template.template()?).await?;
    Ok((StatusCode::CREATED, shown(&state, &actor, id, None).await?))
}

/// Makes the next version of a template; running journeys keep theirs.
#[utoipa::path(put, path = "/journey/templates/{id}", operation_id = "save_journey_template", tag = "journey", params(("id" = Uuid, Path)), request_body = TemplateForm, responses((status = 200, body = TemplateShown), (status = 422, body = Problem)))]
async fn save(Extract(state): Shared, Caller(actor): Caller, Id(id): Id, body: Bytes) -> Answer<Json<TemplateShown>> {
    actor.require(Action::ManageModels)?;
    let form: TemplateForm = parse(&body)?;
    let id = app::save_template(&state.app, &actor, id, &form.template.template()?).await?;
    shown(&state, &actor, id, None).await
}

/// Takes a template away from new journeys; running ones keep theirs.
#[utoipa::path(delete, path = "/journey/templates/{id}", operation_id = "delete_journey_template", tag = "journey", params(("id" = Uuid, Path)), responses((status = 204), (status = 409, body = Problem)))]
async fn remove(Extract(state): Shared, Caller(actor): Caller, Id(id): Id) -> Answer<StatusCode> {
    app::delete_template(&state.app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A template as it would be kept. Nothing is.
#[utoipa::path(post, path = "/journey/templates/check", operation_id = "check_journey_template", tag = "journey", request_body = TemplateForm, responses((status = 200, body = TemplateForm), (status = 422, body = Problem)))]
async fn check(Extract(state): Shared, Caller(actor): Caller, body: Bytes) -> Answer<Json<TemplateForm>> {
    actor.require(Action::Read)?;
    let form: TemplateForm = parse(&body)?;
    let checked = app::check_template(&state.app, &actor, &form.template.template()?).await?;
    Ok(Json(TemplateForm { template: checked.into() }))
}

/// What moving running journeys to the newest version would change.
#[derive(Debug, Serialize, ToSchema)]
struct MigrationPreview {
    version: i32,
    clients: i64,
    /// The first 200.
    changes: Vec<MigrationChange>,
    /// There are more.
    truncated: bool,
    stages: Vec<StageMove>,
}

/// What changes for a client.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MigrationChange {
    client_id: Uuid,
    client_name: String,
    from_version: i32,
    from_stage: String,
    to_stage: String,
    progress_from: f64,
    progress_to: f64,
    status_from: String,
    status_to: String,
}

/// How many clients go from one stage to another.
#[derive(Debug, Serialize, ToSchema)]
struct StageMove {
    from: String,
    to: String,
    clients: i64,
}

/// What moving running journeys to the newest version would change. Nothing does.
#[utoipa::path(post, path = "/journey/templates/{id}/preview", operation_id = "preview_migration", tag = "journey", params(("id" = Uuid, Path)), responses((status = 200, body = MigrationPreview)))]
async fn preview(Extract(state): Shared, Caller(actor): Caller, Id(id): Id) -> Answer<Json<MigrationPreview>> {
    let found = app::preview(&state.app, &actor, id).await?;
    Ok(Json(MigrationPreview {
        version: found.version,
        clients: found.clients,
        truncated: found.clients > found.changes.len() as i64,
        changes: found
            .changes
            .into_iter()
            .map(|c| MigrationChange {
                client_id: c.client,
                client_name: c.client_name,
                from_version: c.from_version,
                from_stage: c.from_stage,
                to_stage: c.to_stage,
                progress_from: tenth(c.progress_from),
                progress_to: tenth(c.progress_to),
                status_from: c.status_from,
                status_to: c.status_to,
            })
            .collect(),
        stages: found.stages.into_iter().map(|(from, to, clients)| StageMove { from, to, clients }).collect(),
    }))
}

/// How many journeys a job moves, and to which version.
#[derive(Debug, Serialize, ToSchema)]
struct MigrationStarted {
    version: i32,
    clients: i64,
}

/// Moves all running journeys of a template to its newest version; a job does it.
#[utoipa::path(post, path = "/journey/templates/{id}/migrate", operation_id = "migrate_journeys", tag = "journey", params(("id" = Uuid, Path)), responses((status = 202, body = MigrationStarted)))]
async fn migrate(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(id): Id,
) -> Answer<(StatusCode, Json<MigrationStarted>)> {
    let (version, clients) = app::migrate(&state.app, &actor, id).await?;
    Ok((StatusCode::ACCEPTED, Json(MigrationStarted { version, clients })))
}
