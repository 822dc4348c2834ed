//! Saved views of the table: segments, private or shared.

use super::asked::Language;
use super::sorted::sort_of;
use crate::audit::{Entry, record};
use crate::error::{Error, Result};
use crate::{Actor, App};
use essor_domain::expressions::{Read, Rule};
use essor_domain::identity::Action;
use essor_domain::{Code, Invalid};
use essor_store::clients::Filter;
use essor_store::clients_list;
use essor_store::clients_views::{self as store, View};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// The longest name, in characters.
const MAX_NAME: usize = 80;
/// The most columns.
const MAX_COLUMNS: usize = 60;
/// The most views that one person sees.
const MAX_VIEWS: usize = 200;

/// A view as it is saved.
#[derive(Debug, Clone, Default)]
pub struct Saved {
    /// Its name.
    pub name: Option<String>,
    /// Seen by everybody.
    pub shared: Option<bool>,
    /// Its expression, as text.
    pub condition: Option<String>,
    /// Its sort; an inner none is the list's own.
    pub sort: Option<Option<String>>,
    /// Its columns: key and width in pixels.
    pub columns: Option<Vec<(String, Option<i32>)>>,
    /// table or cards.
    pub layout: Option<String>,
    /// Its place, from 0.
    pub position: Option<i32>,
}

/// A view with what it holds today.
#[derive(Debug, Clone)]
pub struct Shown {
    /// As stored.
    pub view: View,
    /// Whether the caller made it.
    pub mine: bool,
    /// Its expression as a tree; none when it no longer reads.
    pub tree: Option<Json>,
    /// How many clients it holds; none when it names a fact that is gone.
    pub count: Option<i64>,
}

/// Whether a caller sees a view.
pub(super) fn sees(actor: &Actor, view: &View) -> bool {
    view.shared || mine(actor, view)
}

fn mine(actor: &Actor, view: &View) -> bool {
    view.user_id.is_some() && view.user_id == actor.user_id()
}

/// The views that the caller sees, with their counts, which one walk over the clients gives.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Shown>> {
    let workspace = actor.require(Action::Read)?;
    let views = store::list(&app.db, workspace, actor.user_id()).await?;
    shown(app, actor, views).await
}

async fn shown(app: &App, actor: &Actor, views: Vec<View>) -> Result<Vec<Shown>> {
    let workspace = actor.workspace;
    let language = Language::of(app, workspace).await?;
    let rules: Vec<Option<Rule>> = views.iter().map(|view| language.rule(&view.condition, "where").ok()).collect();
    let asked: Vec<&Rule> = rules.iter().flatten().collect();
    let filter = Filter { moment: Some(language.moment), ..Filter::default() };
    let mut counts = clients_list::counts(&app.db, workspace, &filter, language.moment, &asked).await?.into_iter();
    let items = views.into_iter().zip(rules).map(|(view, rule)| Shown {
        mine: mine(actor, &view),
        tree: Read::text(&view.condition).ok().map(|read| read.expression.tree()),
        count: rule.and_then(|_| counts.next()),
        view,
    });
    Ok(items.collect())
}

fn apply(view: &mut View, saved: &Saved, language: &Language) -> Result<()> {
    if let Some(name) = &saved.name {
        view.name = name.trim().to_owned();
        if view.name.chars().count() > MAX_NAME {
            return Err(Invalid::field(Code::FieldTooLong, "name").with("max", MAX_NAME).into());
        }
        if view.name.contains('\0') {
            return Err(Invalid::field(Code::FieldType, "name").with("expected", "text without NUL").into());
        }
    }
    if view.name.is_empty() {
        return Err(Invalid::field(Code::FieldRequired, "name").into());
    }
    if let Some(shared) = saved.shared {
        view.shared = shared;
    }
    if let Some(text) = &saved.condition {
        language.rule(text, "where")?;
        view.condition = Read::text(text)?.expression.text();
    }
    if let Some(sort) = &saved.sort {
        let sort = sort.as_deref().filter(|sort| !sort.is_empty());
        sort.map_or(Ok(()), |sort| sort_of(language, sort).map(|_| ()))?;
        view.sort = sort.map(str::to_owned);
    }
    if let Some(columns) = &saved.columns {
        if columns.len() > MAX_COLUMNS {
            return Err(Invalid::field(Code::ListTooLong, "columns").with("max", MAX_COLUMNS).into());
        }
        let mut out = Vec::new();
        for (key, width) in columns {
            language.fact(key, "columns")?;
            out.push(match width {
                Some(width) => json!({"key": key, "width": (*width).clamp(40, 2_000)}),
                None => json!({"key": key}),
            });
        }
        view.columns = out.into();
    }
    if let Some(layout) = &saved.layout {
        if !["table", "cards"].contains(&layout.as_str()) {
            return Err(Invalid::field(Code::FieldType, "layout").with("expected", "table, cards").into());
        }
        view.layout.clone_from(layout);
    }
    if let Some(position) = saved.position {
        view.position = position.clamp(0, 10_000);
    }
    Ok(())
}

fn told(view: &View) -> Json {
    json!({
        "name": view.name, "shared": view.shared, "where": view.condition, "sort": view.sort, "columns": view.columns,
        "layout": view.layout, "position": view.position,
    })
}

/// Saves a new view. A private one is a member's own; sharing asks for who may shape models. A token has no views of its
/// own: what it saves is shared.
pub async fn create(app: &App, actor: &Actor, saved: &Saved) -> Result<Shown> {
    let workspace = actor.require(Action::WriteClients)?;
    let shared = saved.shared.unwrap_or(false) || actor.user_id().is_none();
    if shared {
        actor.require(Action::ManageModels)?;
    }
    let language = Language::of(app, workspace).await?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let seen = store::list(&tx, workspace, actor.user_id()).await?;
    if seen.len() >= MAX_VIEWS {
        return Err(Invalid::field(Code::ListTooLong, "views").with("max", MAX_VIEWS).into());
    }
    let mut view = View {
        id: Uuid::now_v7(),
        user_id: actor.user_id(),
        name: String::new(),
        shared,
        condition: String::new(),
        sort: None,
        columns: json!([]),
        layout: "table".into(),
        position: seen.last().map_or(0, |last| last.position + 1),
    };
    apply(&mut view, &Saved { shared: Some(shared), ..saved.clone() }, &language)?;
    store::put(&tx, workspace, &view, now).await?;
    let entry = Entry::of("clients.views.create").on("view", view.id).named(&view.name).with(told(&view));
    record(&tx, actor, now, entry).await?;
    tx.commit().await?;
    shown(app, actor, vec![view]).await?.pop().ok_or_else(Error::not_found)
}

/// A view that the caller may change: their own, or a shared one for who may share.
async fn changeable(actor: &Actor, tx: &essor_store::Tx, id: Uuid) -> Result<View> {
    let view = store::get(tx, actor.workspace, id).await?.filter(|view| sees(actor, view));
    let view = view.ok_or_else(Error::not_found)?;
    if view.shared {
        actor.require(Action::ManageModels)?;
    }
    Ok(view)
}

/// Changes a view.
pub async fn change(app: &App, actor: &Actor, id: Uuid, saved: &Saved) -> Result<Shown> {
    let workspace = actor.require(Action::WriteClients)?;
    if saved.shared == Some(true) {
        actor.require(Action::ManageModels)?;
    }
    let language = Language::of(app, workspace).await?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let before = changeable(actor, &tx, id).await?;
    let mut view = before.clone();
    apply(&mut view, saved, &language)?;
    // Taken back from everybody it has to be somebody's.
    if !view.shared && view.user_id.is_none() {
        view.user_id = actor.user_id();
    }
    store::put(&tx, workspace, &view, now).await?;
    let entry = Entry::of("clients.views.update").on("view", id).named(&view.name);
    record(&tx, actor, now, entry.change(told(&before), told(&view))).await?;
    tx.commit().await?;
    shown(app, actor, vec![view]).await?.pop().ok_or_else(Error::not_found)
}

/// Deletes a view; saved again it is a new one.
pub async fn remove(app: &App, actor: &Actor, id: Uuid) -> Result<()> {
    let workspace = actor.require(Action::WriteClients)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let view = changeable(actor, &tx, id).await?;
    store::delete(&tx, workspace, id).await?;
    let entry = Entry::of("clients.views.delete").on("view", id).named(&view.name).was(told(&view));
    record(&tx, actor, now, entry).await?;
    Ok(tx.commit().await?)
}
