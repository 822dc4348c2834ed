//! A client changed by hand, by one person at a time: who read an older state is told, and nothing is lost.

use crate::audit::{Entry, record};
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::{Actor, App};
use essor_domain::clients::{ClientPatch, Editable};
use essor_domain::expressions::Held;
use essor_domain::identity::Action;
use essor_domain::{Code, Invalid};
use essor_store::clients::{self as store, Client, edit};
use essor_store::clients_fields::{self, Field};
use essor_store::health::family;
use essor_store::{Conn, Workspace, usage};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The fields of a client that people change, as they stand, and the version of that state.
pub async fn editable(app: &App, actor: &Actor, client: &Client) -> Result<(Editable, String)> {
    let workspace = actor.require(Action::Read)?;
    let fields = clients_fields::fields(&app.db, workspace).await?;
    let stands = as_it_stands(&app.db, workspace, client, &fields).await?;
    let version = stands.version();
    Ok((stands, version))
}

async fn as_it_stands(conn: &impl Conn, workspace: Workspace, client: &Client, fields: &[Field]) -> Result<Editable> {
    let kinds = fields.iter().map(|field| (field.id, field.kind())).collect();
    let held = clients_fields::values_of(conn, workspace, &[client.id], &kinds).await?.remove(&client.id);
    let held = held.unwrap_or_default();
    let shown = |field: &Field| Some((field.key.clone(), super::shown(held.get(&field.id)?)));
    let values: BTreeMap<String, Value> = fields.iter().filter_map(shown).collect();
    let tags = clients_fields::tags_of(conn, workspace, &[client.id]).await?.remove(&client.id).unwrap_or_default();
    let parent = family::parent(conn, workspace, client.id).await?;
    Ok(edit::editable(client, parent, tags, values))
}

/// Changes a client that stands as `version` says; `*` stands for any. Refused when somebody was faster, with the fields
/// as they are now and their version.
pub async fn change(
    app: &App,
    actor: &Actor,
    id: Uuid,
    version: Option<&str>,
    mut patch: ClientPatch,
) -> Result<(Editable, String)> {
    let workspace = actor.require(Action::WriteClients)?;
    patch.check()?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    if patch.parent_id.is_some() {
        // Two at once could put each under the other.
        usage::lock(&tx, workspace).await?;
    }
    if !edit::hold(&tx, workspace, id).await? {
        return Err(Error::not_found());
    }
    let asked = version.ok_or(Error::from(Code::PreconditionRequired))?;
    let client = store::get(&tx, workspace, id).await?.ok_or_else(Error::not_found)?;
    let fields = clients_fields::fields(&tx, workspace).await?;
    let values = super::fields::checked(&fields, &patch.fields)?;
    patch.fields = written(&fields, &values);
    let before = as_it_stands(&tx, workspace, &client, &fields).await?;
    let stands = before.version();
    if asked != "*" && asked != stands {
        return Err(Invalid::new(Code::PreconditionFailed)
            .with("current", value(&before))
            .with("version", stands)
            .into());
    }
    let mut after = before.clone().with(patch);
    if after == before {
        actor.trail.settle();
        return Ok((before, stands));
    }
    if let Some(domain) = after.domain.as_deref().filter(|domain| before.domain.as_deref() != Some(domain)) {
        super::refuse_erased(&tx, workspace, &[(super::Named::Domain, domain, "domain".into())]).await?;
    }
    let mut touched = vec![id];
    if after.parent_id != before.parent_id {
        let (name, relatives) = super::family::put_under(&tx, workspace, id, after.parent_id, now).await?;
        after.parent_name = name;
        touched.extend(relatives);
    }
    edit::update(&tx, workspace, id, &after, now).await?;
    if after.tags != before.tags {
        clients_fields::set_tags_of(&tx, workspace, &[(id, after.tags.clone())]).await?;
    }
    clients_fields::set_fields(&tx, workspace, id, &values).await?;
    emit(&tx, workspace, now, &[DomainEvent::ClientsChanged(touched)]).await?;
    let entry = Entry::of("clients.update").on("client", id).named(&after.name);
    let namesakes = before.parent_id != after.parent_id && before.parent_name == after.parent_name;
    let entry = entry.change(told(&before, namesakes), told(&after, namesakes));
    record(&tx, actor, now, entry).await?;
    tx.commit().await?;
    let version = after.version();
    Ok((after, version))
}

/// Values as they will be shown, by the keys of their fields.
fn written(fields: &[Field], values: &[(Uuid, Option<Held>)]) -> Map<String, Value> {
    let key = |id: &Uuid| fields.iter().find(|field| field.id == *id).map(|field| field.key.clone());
    values.iter().filter_map(|(id, held)| Some((key(id)?, held.as_ref().map_or(Value::Null, super::shown)))).collect()
}

fn value(fields: &Editable) -> Value {
    serde_json::to_value(fields).unwrap_or_else(|_| json!({}))
}

/// What the log keeps of a state: the parent by its name, and by its id too where the name would not tell.
fn told(fields: &Editable, namesakes: bool) -> Value {
    let mut told = value(fields);
    if let Some(fields) = told.as_object_mut() {
        if !namesakes {
            fields.remove("parentId");
        }
        let name = fields.remove("parentName").unwrap_or_default();
        fields.insert("parent".into(), name);
    }
    told
}
