//! Two clients become one: every fact is kept, the ledger is computed anew, and the other's external id leads to the
//! survivor from then on.

use super::super::told;
use crate::audit::{Entry, record};
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::growth::recompute_ledgers;
use crate::{Actor, App};
use essor_domain::clients::{Editable, MERGED_FIELDS, merged};
use essor_domain::expressions::Held;
use essor_domain::identity::Action;
use essor_domain::time::{day_in, parse_zone};
use essor_domain::{Code, Invalid};
use essor_store::clients::{self as store, Client, edit, gone, held};
use essor_store::clients_fields::{self, Field};
use essor_store::health::family;
use essor_store::{Conn, Tx, Workspace, usage};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// One of two clients that are compared.
#[derive(Debug, Clone)]
pub struct Side {
    /// The client.
    pub client: Client,
    /// What people change of it.
    pub editable: Editable,
    /// Its own fields, by their keys.
    pub fields: BTreeMap<String, Value>,
    /// How many rows each table has of it.
    pub counts: BTreeMap<&'static str, i64>,
}

/// Two clients side by side, before they become one.
#[derive(Debug, Clone)]
pub struct Compared {
    /// Who stays.
    pub keep: Side,
    /// Who goes.
    pub other: Side,
    /// Why they cannot become one.
    pub obstacle: Option<Code>,
}

/// Compares two clients, and says what of the other would move.
pub async fn merge_preview(app: &App, actor: &Actor, id: Uuid, with: Uuid) -> Result<Compared> {
    let workspace = actor.require(Action::Read)?;
    let fields = clients_fields::fields(&app.db, workspace).await?;
    Ok(Compared {
        keep: side(&app.db, workspace, id, &fields).await?,
        other: side(&app.db, workspace, with, &fields).await?,
        obstacle: obstacle(&app.db, workspace, id, with).await?,
    })
}

async fn side(conn: &impl Conn, workspace: Workspace, id: Uuid, fields: &[Field]) -> Result<Side> {
    let client = store::get(conn, workspace, id).await?.ok_or_else(Error::not_found)?;
    let values = values(conn, workspace, id, fields).await?;
    let shown = |field: &Field| Some((field.key.clone(), super::super::shown(values.get(&field.id)?)));
    let fields: BTreeMap<String, Value> = fields.iter().filter_map(shown).collect();
    let tags = clients_fields::tags_of(conn, workspace, &[id]).await?.remove(&id).unwrap_or_default();
    Ok(Side {
        editable: edit::editable(&client, family::parent(conn, workspace, id).await?, tags, fields.clone()),
        fields,
        counts: held::counts(conn, workspace, id).await?,
        client,
    })
}

async fn values(conn: &impl Conn, workspace: Workspace, id: Uuid, fields: &[Field]) -> Result<HashMap<Uuid, Held>> {
    let kinds = fields.iter().map(|field| (field.id, field.kind())).collect();
    Ok(clients_fields::values_of(conn, workspace, &[id], &kinds).await?.remove(&id).unwrap_or_default())
}

/// Why two clients cannot become one.
async fn obstacle(conn: &impl Conn, workspace: Workspace, a: Uuid, b: Uuid) -> Result<Option<Code>> {
    if a == b {
        return Ok(Some(Code::ClientsMergeSelf));
    }
    for id in [a, b] {
        let client = store::get(conn, workspace, id).await?.ok_or_else(Error::not_found)?;
        if client.archived || client.status == "deleted" {
            return Ok(Some(Code::ClientsMergeGone));
        }
    }
    let parents = family::all_parents(conn, workspace).await?;
    let above = |from: Uuid, who: Uuid| {
        let up = std::iter::successors(parents.get(&from), |id| parents.get(id));
        up.take(parents.len()).any(|id| *id == who)
    };
    Ok((above(a, b) || above(b, a)).then_some(Code::ClientsMergeFamily))
}

/// Brings everything of `with` to `id`, which stays. `take` names the fields whose value is the other's; where only one
/// of the two has a value, it is kept anyway.
pub async fn merge(app: &App, actor: &Actor, id: Uuid, with: Uuid, take: &[String]) -> Result<()> {
    let workspace = actor.require(Action::MergeClients)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    // No message and no subscription comes in between.
    usage::lock(&tx, workspace).await?;
    let (first, second) = if id < with { (id, with) } else { (with, id) };
    for side in [first, second] {
        if !edit::hold(&tx, workspace, side).await? {
            return Err(Error::not_found());
        }
    }
    if let Some(code) = obstacle(&tx, workspace, id, with).await? {
        return Err(code.into());
    }
    let fields = clients_fields::fields(&tx, workspace).await?;
    check(take, &fields)?;
    let keep = store::get(&tx, workspace, id).await?.ok_or_else(Error::not_found)?;
    let other = store::get(&tx, workspace, with).await?.ok_or_else(Error::not_found)?;
    let before = json!({
        "survivor": told::client(&tx, workspace, Some(id)).await?,
        "merged": told::client(&tx, workspace, Some(with)).await?,
        "mrrCents": [keep.mrr_cents, other.mrr_cents],
        "moved": held::counts(&tx, workspace, with).await?,
    });

    let names: Vec<&str> = take.iter().map(String::as_str).collect();
    let alone = |client: &Client| edit::editable(client, None, Vec::new(), BTreeMap::new());
    let after = merged(&alone(&keep), &alone(&other), &names);
    edit::update(&tx, workspace, id, &after, now).await?;
    gone::set_traits(&tx, workspace, id, &both(&keep.traits, &other.traits)).await?;
    own_fields(&tx, workspace, (id, with), &fields, take).await?;
    tags(&tx, workspace, id, with).await?;
    let parents = family::all_parents(&tx, workspace).await?;
    if let (None, Some(parent)) = (parents.get(&id), parents.get(&with)) {
        family::set_parent(&tx, workspace, id, Some(*parent), now).await?;
    }
    family::set_parent(&tx, workspace, with, None, now).await?;
    let row = crate::identity::workspace_row(&tx, workspace).await?;
    let today = day_in(parse_zone(&row.timezone)?, now);
    held::merge(&tx, workspace, with, id, today).await?;
    gone::add_alias(&tx, workspace, &other.external_id, id, now).await?;
    gone::set_gone(&tx, workspace, with, gone::Gone { deleted_at: Some(now), merged_into: Some(id) }).await?;

    recompute_ledgers(&tx, workspace, &row.currency, &[id, with], today, now).await?;
    gone::raise_epoch(&tx, workspace).await?;
    let above = family::parents_of(&tx, workspace, &[id]).await?;
    let touched: Vec<Uuid> = [id].into_iter().chain(above).chain(parents.get(&with).copied()).collect();
    let happened = [
        DomainEvent::ClientsChanged(touched),
        DomainEvent::MrrChanged(vec![id]),
        DomainEvent::TasksChanged(vec![id]),
        DomainEvent::NotesChanged(vec![id]),
        DomainEvent::OpportunitiesChanged(vec![id]),
    ];
    emit(&tx, workspace, now, &happened).await?;
    let now_is = told::client(&tx, workspace, Some(id)).await?;
    let entry = Entry::of("clients.merge").on("client", id).named(&after.name).was(before).with(now_is);
    record(&tx, actor, now, entry).await?;
    Ok(tx.commit().await?)
}

/// Refuses a name that is no field's.
fn check(take: &[String], fields: &[Field]) -> Result<()> {
    let known = |name: &str| {
        let own = name.strip_prefix("field.");
        MERGED_FIELDS.contains(&name) || own.is_some_and(|key| fields.iter().any(|field| field.key == key))
    };
    match take.iter().find(|name| !known(name)) {
        Some(name) => {
            Err(Invalid::field(Code::FieldType, "take").with("expected", "fields").with("value", name.as_str()).into())
        }
        None => Ok(()),
    }
}

/// What sources say of both: the survivor's word counts where both have one.
fn both(keep: &Value, other: &Value) -> Value {
    let mut out: Map<String, Value> = other.as_object().cloned().unwrap_or_default();
    out.extend(keep.as_object().cloned().unwrap_or_default());
    Value::Object(out)
}

async fn own_fields(
    tx: &Tx,
    workspace: Workspace,
    (id, with): (Uuid, Uuid),
    fields: &[Field],
    take: &[String],
) -> Result<()> {
    let (mine, theirs) = (values(tx, workspace, id, fields).await?, values(tx, workspace, with, fields).await?);
    for field in fields {
        let Some(held) = theirs.get(&field.id) else { continue };
        let taken = take.iter().any(|name| name.strip_prefix("field.") == Some(field.key.as_str()));
        if taken || !mine.contains_key(&field.id) {
            clients_fields::set_values(tx, workspace, field.id, &[(id, Some(held.clone()))]).await?;
        }
        clients_fields::set_values(tx, workspace, field.id, &[(with, None)]).await?;
    }
    Ok(())
}

async fn tags(tx: &Tx, workspace: Workspace, id: Uuid, with: Uuid) -> Result<()> {
    let tags = clients_fields::tags_of(tx, workspace, &[with]).await?.remove(&with).unwrap_or_default();
    for tag in &tags {
        clients_fields::tag(tx, workspace, tag, &[id]).await?;
    }
    Ok(clients_fields::set_tags_of(tx, workspace, &[(with, Vec::new())]).await?)
}
