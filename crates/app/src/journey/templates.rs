//! Templates: which one a client's journey follows, their versions, and saving one.

use crate::audit::{self, Entry};
use crate::clients::Language;
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::{Actor, App};
use chrono::{DateTime, Utc};
use essor_domain::identity::Action;
use essor_domain::journey::{Label, Template};
use essor_domain::{Code, Invalid};
use essor_store::journey::{self as store, templates as rows};
use essor_store::{Conn, Workspace};
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

/// A version of a template.
#[derive(Debug, Clone)]
pub struct Version {
    /// The template's id; the built-in one has the workspace's.
    pub id: Uuid,
    /// 0 is the built-in template as Essor brings it.
    pub version: i32,
    /// What is planned.
    pub template: Template,
    /// Who made it.
    pub by: Option<String>,
    /// When; none for the built-in one.
    pub at: Option<DateTime<Utc>>,
    /// Whether new journeys no longer follow it.
    pub deleted: bool,
    /// Running journeys that follow this version.
    pub clients: i64,
}

/// All versions of all templates of a workspace.
#[derive(Debug, Clone)]
pub struct Templates {
    built_in: Uuid,
    versions: Vec<Version>,
}

impl Templates {
    /// Reads them.
    pub async fn load(conn: &impl Conn, workspace: Workspace) -> Result<Templates> {
        let mut versions = vec![Version {
            id: workspace.0,
            version: 0,
            template: Template::built_in(),
            by: None,
            at: None,
            deleted: false,
            clients: 0,
        }];
        for row in rows::all(conn, workspace).await? {
            let Ok(template) = serde_json::from_value(row.body) else { continue };
            versions.push(Version {
                id: row.id,
                version: row.version,
                template,
                by: row.created_by_name,
                at: Some(row.created_at),
                deleted: row.deleted_at.is_some(),
                clients: 0,
            });
        }
        Ok(Templates { built_in: workspace.0, versions })
    }

    /// One template in place of the built-in one.
    #[cfg(test)]
    pub(super) fn of_one(workspace: Workspace, template: Template) -> Templates {
        let version = Version { id: workspace.0, version: 0, template, by: None, at: None, deleted: false, clients: 0 };
        Templates { built_in: workspace.0, versions: vec![version] }
    }

    /// The same with how many journeys follow each.
    async fn counted(mut self, conn: &impl Conn, workspace: Workspace) -> Result<Templates> {
        let counts: HashMap<(Uuid, i32), i64> = store::by_version(conn, workspace).await?;
        for version in &mut self.versions {
            version.clients = counts.get(&(version.id, version.version)).copied().unwrap_or(0);
        }
        Ok(self)
    }

    /// The newest version of each template that serves new journeys, the built-in one first.
    pub fn current(&self) -> Vec<&Version> {
        let newest = |v: &&Version| !self.versions.iter().any(|o| o.id == v.id && o.version > v.version);
        let mut out: Vec<&Version> = self.versions.iter().filter(newest).filter(|v| !v.deleted).collect();
        out.sort_by_key(|v| (v.id != self.built_in, v.id));
        out
    }

    /// A version.
    pub fn version(&self, id: Uuid, version: i32) -> Option<&Version> {
        self.versions.iter().find(|v| v.id == id && v.version == version)
    }

    /// The newest version of a template.
    pub fn latest(&self, id: Uuid) -> Option<&Version> {
        self.versions.iter().filter(|v| v.id == id).max_by_key(|v| v.version)
    }

    /// All versions of a template, the newest first.
    pub fn versions_of(&self, id: Uuid) -> Vec<&Version> {
        let mut out: Vec<&Version> = self.versions.iter().filter(|v| v.id == id).collect();
        out.reverse();
        out
    }

    /// All versions that there are.
    pub fn all(&self) -> &[Version] {
        &self.versions
    }

    /// The words of a stage as the newest version that knows it has them; none when no version does.
    pub fn label(&self, stage: &str) -> Option<&Label> {
        self.versions.iter().rev().find_map(|v| v.template.stage(stage)).map(|(_, stage)| &stage.label)
    }

    /// What everybody follows who has no template of their segment.
    pub fn usual(&self) -> &Version {
        self.latest(self.built_in).unwrap_or(&self.versions[0])
    }

    /// Whether a template is the built-in one.
    pub fn is_built_in(&self, id: Uuid) -> bool {
        id == self.built_in
    }

    /// The template of a client's segment.
    pub fn of_segment(&self, segment: Option<&str>) -> &Version {
        let own = |v: &&Version| segment.is_some() && v.template.segment.as_deref() == segment;
        self.current().into_iter().find(own).unwrap_or_else(|| self.usual())
    }
}

/// The templates, with how many journeys follow each version.
pub async fn templates(app: &App, actor: &Actor) -> Result<Templates> {
    let workspace = actor.require(Action::Read)?;
    Templates::load(&app.db, workspace).await?.counted(&app.db, workspace).await
}

/// The templates once it is known that one of them, in this version if one is asked for, exists.
pub async fn template(app: &App, actor: &Actor, id: Uuid, version: Option<i32>) -> Result<(Templates, Version)> {
    let templates = templates(app, actor).await?;
    let found = match version {
        Some(version) => templates.version(id, version),
        None => templates.latest(id),
    };
    let found = found.cloned().ok_or_else(Error::not_found)?;
    Ok((templates, found))
}

/// A template as it would be kept; a refusal names the field. Nothing is.
pub async fn check_template(app: &App, actor: &Actor, draft: &Template) -> Result<Template> {
    let workspace = actor.require(Action::Read)?;
    let language = Language::of(app, workspace).await?;
    let checked = draft.checked(&language.catalogue, &language.moment).map_err(|refused| refused.inside("template"))?;
    actor.trail.settle();
    Ok(checked)
}

/// Makes a template.
pub async fn new_template(app: &App, actor: &Actor, draft: &Template) -> Result<Uuid> {
    actor.require(Action::ManageModels)?;
    save(app, actor, Uuid::now_v7(), true, draft).await
}

/// Makes the next version of a template; one that says the same stays.
pub async fn save_template(app: &App, actor: &Actor, id: Uuid, draft: &Template) -> Result<Uuid> {
    actor.require(Action::ManageModels)?;
    save(app, actor, id, false, draft).await
}

async fn save(app: &App, actor: &Actor, id: Uuid, new: bool, draft: &Template) -> Result<Uuid> {
    let workspace = actor.workspace;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    store::lock(&tx, workspace).await?;
    let row = crate::identity::workspace_row(&tx, workspace).await?;
    let language = Language::read(&tx, &row, now).await?;
    let templates = Templates::load(&tx, workspace).await?;
    let before = templates.latest(id).filter(|version| !version.deleted);
    if !new && before.is_none() {
        return Err(Error::not_found());
    }
    let checked = draft.checked(&language.catalogue, &language.moment).map_err(|refused| refused.inside("template"))?;
    // The built-in one is everybody's.
    let checked = if templates.is_built_in(id) { Template { segment: None, ..checked } } else { checked };
    let taken = |v: &&Version| v.id != id && v.template.segment.is_some() && v.template.segment == checked.segment;
    if templates.current().iter().any(taken) {
        let refused = Invalid::field(Code::JourneySegmentTaken, "template.segment");
        return Err(refused.with("value", checked.segment.clone()).into());
    }
    let told = |template: &Template| json!({"template": serde_json::to_value(template).unwrap_or_default()});
    let was = before.map_or(Value::Null, |version| told(&version.template));
    if before.is_none_or(|version| version.template != checked) {
        let body = serde_json::to_value(&checked).unwrap_or_default();
        rows::insert(&tx, workspace, id, body, actor.user_id(), now).await?;
        emit(&tx, workspace, now, &[DomainEvent::JourneyChanged(Vec::new())]).await?;
    }
    let entry = Entry::of("journey.template").on("journey_template", id).named(checked.name.en.clone());
    audit::record(&tx, actor, now, entry.change(was, told(&checked))).await?;
    tx.commit().await?;
    Ok(id)
}

/// Takes a template away from new journeys; running ones keep theirs.
pub async fn delete_template(app: &App, actor: &Actor, id: Uuid) -> Result<()> {
    let workspace = actor.require(Action::ManageModels)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let templates = Templates::load(&tx, workspace).await?;
    if templates.is_built_in(id) {
        return Err(Code::JourneyTemplateBuiltIn.into());
    }
    let found = templates.latest(id).ok_or_else(Error::not_found)?;
    if !rows::delete(&tx, workspace, id, now).await? {
        return Err(Error::not_found());
    }
    emit(&tx, workspace, now, &[DomainEvent::JourneyChanged(Vec::new())]).await?;
    let entry = Entry::of("journey.template_delete").on("journey_template", id).named(found.template.name.en.clone());
    audit::record(&tx, actor, now, entry).await?;
    Ok(tx.commit().await?)
}
