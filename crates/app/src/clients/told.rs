//! What the audit log keeps of writes about clients: of one thing what changed, of many how many and the first ids.

use crate::Actor;
use crate::audit::{Entry, listed, record};
use crate::error::Result;
use chrono::{DateTime, Utc};
use essor_domain::growth::ledger::Subscription;
use essor_store::clients::{self, Upserted};
use essor_store::clients_fields;
use essor_store::subscriptions::Stored;
use essor_store::{Tx, Workspace};
use serde_json::{Value, json};
use uuid::Uuid;

/// Records an upsert. `one` is what changed of a single thing, before and after; many are counted.
pub(super) async fn upserted(
    tx: &Tx,
    actor: &Actor,
    now: DateTime<Utc>,
    (operation, kind): (&str, &str),
    done: &[Upserted],
    one: Option<(Value, Value)>,
) -> Result<()> {
    let entry = match (done, one) {
        ([row], Some((before, after))) => {
            let name = after.get("name").and_then(Value::as_str).unwrap_or(&row.external_id).to_owned();
            Entry::of(operation).on(kind, row.id).named(name).change(before, after)
        }
        _ => {
            let created = done.iter().filter(|row| row.created).count();
            let ids = done.iter().map(|row| row.external_id.as_str());
            Entry::of(operation).about(kind).with(listed(created, done.len() - created, ids))
        }
    };
    record(tx, actor, now, entry).await
}

/// A client as its source may say it; empty when there is none.
pub(super) async fn client(tx: &Tx, workspace: Workspace, id: Option<Uuid>) -> Result<Value> {
    let Some(id) = id else { return Ok(json!({})) };
    let Some(c) = clients::get(tx, workspace, id).await? else { return Ok(json!({})) };
    Ok(json!({
        "externalId": c.external_id,
        "name": c.name,
        "domain": c.domain,
        "segment": c.segment,
        "industry": c.industry,
        "country": c.country,
        "owner": c.owner,
        "plan": c.plan,
        "seats": c.seats,
        "since": c.since,
        "traits": c.traits,
        "archived": c.archived,
        "paused": c.paused,
        "fields": fields(tx, workspace, id).await?,
        "tags": clients_fields::tags_of(tx, workspace, &[id]).await?.remove(&id).unwrap_or_default(),
    }))
}

/// What a client has in the workspace's own fields, by their keys.
async fn fields(tx: &Tx, workspace: Workspace, id: Uuid) -> Result<Value> {
    let fields = clients_fields::fields(tx, workspace).await?;
    let kinds = fields.iter().map(|field| (field.id, field.kind())).collect();
    let values = clients_fields::values_of(tx, workspace, &[id], &kinds).await?.remove(&id).unwrap_or_default();
    let shown = |field: &clients_fields::Field| Some((field.key.clone(), super::shown(values.get(&field.id)?)));
    Ok(Value::Object(fields.iter().filter_map(shown).collect()))
}

/// A contact, the same way.
pub(super) async fn contact(tx: &Tx, workspace: Workspace, id: Option<Uuid>) -> Result<Value> {
    let Some(id) = id else { return Ok(json!({})) };
    let Some(c) = clients::contact(tx, workspace, id).await? else { return Ok(json!({})) };
    Ok(json!({
        "externalId": c.external_id,
        "client": c.client_id,
        "name": c.name,
        "email": c.email,
        "role": c.role,
        "title": c.title,
        "leftOn": c.left_on,
        "consent": c.consent,
        "consentOn": c.consent_on,
    }))
}

/// A subscription with its newest terms.
pub(super) fn subscription(stored: &Stored) -> Value {
    let line: &Subscription = &stored.line;
    let terms = line.phases.iter().max_by_key(|phase| phase.from).map(|phase| &phase.terms);
    json!({
        "externalId": stored.external_id,
        "client": stored.client_id,
        "product": stored.product,
        "plan": stored.plan,
        "seats": stored.seats,
        "startDate": line.start,
        "endDate": line.end,
        "amountCents": terms.map(|t| t.amount_cents),
        "currency": terms.map(|t| t.currency.as_str()),
        "period": terms.map(|t| t.period.as_str()),
        "quantity": terms.map(|t| t.quantity),
        "discountCents": terms.map(|t| t.discount_cents),
        "isTrial": terms.map(|t| t.is_trial),
        "paused": terms.map(|t| t.paused),
    })
}
