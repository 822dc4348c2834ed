//! Clients as sources describe them: created and updated by external id.

use super::{Client, STATUS_SQL, get, gone};
use crate::clients_fields::key;
use crate::health::seats;
use crate::{Result, Tx, Workspace, vals};
use chrono::{DateTime, Utc};
use essor_domain::clients::{ClientInput, fold};
use sea_orm::FromQueryResult;
use serde_json::Value as Json;
use std::collections::HashMap;
use uuid::Uuid;

/// What an upsert did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upserted {
    /// The row's id.
    pub id: Uuid,
    /// The source's id.
    pub external_id: String,
    /// Whether it is new.
    pub created: bool,
}

#[derive(FromQueryResult)]
pub(super) struct Returned {
    id: Uuid,
    external_id: String,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<Returned> for Upserted {
    fn from(row: Returned) -> Self {
        Upserted { id: row.id, created: row.created_at == row.updated_at, external_id: row.external_id }
    }
}

/// Creates or updates clients by external id, in order; an external id that comes twice is applied twice. Fields left
/// out keep what is stored; traits are merged key by key. The external id of a merged client reaches its survivor, and
/// says there what nobody has said yet.
pub async fn upsert(
    tx: &Tx,
    workspace: Workspace,
    inputs: &[ClientInput],
    now: DateTime<Utc>,
) -> Result<Vec<Upserted>> {
    let names: Vec<&str> = inputs.iter().map(|input| input.external_id.as_str()).collect();
    let aliases = gone::aliases(tx, workspace, &names).await?;
    if aliases.is_empty() {
        return write(tx, workspace, inputs, now).await;
    }
    let mut led = inputs.to_vec();
    for input in &mut led {
        if let Some((id, survivor)) = aliases.get(&input.external_id)
            && let Some(client) = get(tx, workspace, *id).await?
        {
            *input = beside(input, &client, survivor);
        }
    }
    let done = write(tx, workspace, &led, now).await?;
    // The caller knows each by the name that it gave.
    let named = done.into_iter().zip(inputs);
    Ok(named.map(|(row, input)| Upserted { external_id: input.external_id.clone(), ..row }).collect())
}

/// What a source that knows a client by a former id adds to it: only what is blank.
fn beside(input: &ClientInput, client: &Client, survivor: &str) -> ClientInput {
    let blank = |said: &Option<String>, stands: &Option<String>| said.clone().filter(|_| stands.is_none());
    let traits = input.traits.iter().filter(|(key, _)| client.traits.get(key.as_str()).is_none());
    ClientInput {
        external_id: survivor.to_owned(),
        name: None,
        domain: blank(&input.domain, &client.domain),
        segment: blank(&input.segment, &client.segment),
        industry: blank(&input.industry, &client.industry),
        country: blank(&input.country, &client.country),
        owner: blank(&input.owner, &client.owner),
        plan: blank(&input.plan, &client.plan),
        seats: input.seats.filter(|_| client.seats.is_none()),
        since: input.since.filter(|_| client.since.is_none()),
        traits: traits.map(|(key, value)| (key.clone(), value.clone())).collect(),
        archived: None,
        paused: None,
        ..input.clone()
    }
}

async fn write(tx: &Tx, workspace: Workspace, inputs: &[ClientInput], now: DateTime<Utc>) -> Result<Vec<Upserted>> {
    let merge = tx.engine().json_merge("clients.traits", "excluded.traits");
    let tail = format!(
        " ON CONFLICT (workspace_id, external_id) DO UPDATE SET \
         name = CASE WHEN excluded.name = excluded.external_id THEN clients.name ELSE excluded.name END, \
         name_key = CASE WHEN excluded.name = excluded.external_id THEN clients.name_key ELSE excluded.name_key END, \
         domain = COALESCE(excluded.domain, clients.domain), segment = COALESCE(excluded.segment, clients.segment), \
         industry = COALESCE(excluded.industry, clients.industry), country = COALESCE(excluded.country, clients.country), \
         owner = COALESCE(excluded.owner, clients.owner), plan = COALESCE(excluded.plan, clients.plan), \
         seats = COALESCE(excluded.seats, clients.seats), since = COALESCE(excluded.since, clients.since), \
         {}, traits = {merge}, updated_at = excluded.updated_at RETURNING id, external_id, created_at, updated_at",
        ["segment", "industry", "country", "owner", "plan"]
            .map(|word| {
                format!(
                    "{word}_key = CASE WHEN excluded.{word} IS NULL THEN clients.{word}_key ELSE excluded.{word}_key END"
                )
            })
            .join(", ")
    );
    let mut out = Vec::with_capacity(inputs.len());
    for chunk in distinct_runs(inputs, |input| input.external_id.as_str()) {
        believed(tx, workspace, chunk, now).await?;
        let rows = chunk
            .iter()
            .map(|c| {
                let name = c.name.as_deref().filter(|n| !n.trim().is_empty()).unwrap_or(&c.external_id);
                vals![
                    Uuid::now_v7(),
                    workspace.0,
                    c.external_id.as_str(),
                    name,
                    fold(name),
                    c.domain.as_ref().map(|domain| domain.to_lowercase()),
                    c.segment.clone(),
                    c.industry.clone(),
                    c.country.clone(),
                    c.owner.clone(),
                    c.plan.clone(),
                    c.seats,
                    c.since,
                    clean(Json::Object(c.traits.clone())),
                    false,
                    false,
                    "none",
                    0_i64,
                    false,
                    "unknown",
                    false,
                    now,
                    now,
                    key(c.segment.as_deref()),
                    key(c.industry.as_deref()),
                    key(c.country.as_deref()),
                    key(c.owner.as_deref()),
                    key(c.plan.as_deref()),
                ]
            })
            .collect();
        let head = "INSERT INTO clients (id, workspace_id, external_id, name, name_key, domain, segment, industry, \
            country, owner, plan, seats, since, traits, archived, paused, status, mrr_cents, trial, health_class, at_risk, \
            created_at, updated_at, segment_key, industry_key, country_key, owner_key, plan_key)";
        let mut by_id: HashMap<String, Upserted> = HashMap::new();
        for row in tx.insert_many(head, &tail, rows).await? {
            let row: Upserted = Returned::from_query_result(&row, "")?.into();
            by_id.insert(row.external_id.clone(), row);
        }
        let fresh = out.len();
        out.extend(chunk.iter().filter_map(|input| by_id.remove(&input.external_id)));
        if chunk.iter().any(|input| input.segment.is_some() || input.owner.is_some()) {
            let ids: Vec<Uuid> = out[fresh..].iter().map(|row| row.id).collect();
            crate::growth::slices::follow(tx, workspace, &ids).await?;
        }
        for input in chunk.iter().filter(|c| c.archived.is_some() || c.paused.is_some()) {
            tx.run(
                "UPDATE clients SET archived = COALESCE($1, archived), paused = COALESCE($2, paused) \
                 WHERE workspace_id = $3 AND external_id = $4",
                vals![input.archived, input.paused, workspace.0, input.external_id.as_str()],
            )
            .await?;
            tx.run(
                &format!("UPDATE clients SET status = {STATUS_SQL} WHERE workspace_id = $1 AND external_id = $2"),
                vals![workspace.0, input.external_id.as_str()],
            )
            .await?;
        }
    }
    Ok(out)
}

/// Keeps what clients said of their seats and their beginning where they are about to say something else.
async fn believed(tx: &Tx, workspace: Workspace, inputs: &[ClientInput], now: DateTime<Utc>) -> Result<()> {
    let told: HashMap<&str, &ClientInput> = inputs
        .iter()
        .filter(|input| input.seats.is_some() || input.since.is_some())
        .map(|input| (input.external_id.as_str(), input))
        .collect();
    let keys = told.keys().map(|id| (*id).into()).collect();
    let before = seats::own(tx, workspace, "external_id", keys).await?;
    let after = |own: &seats::Own| told.get(own.external_id()).map(|input| own.with(input.seats, input.since));
    let changes = before.into_iter().filter_map(|own| Some((own.clone(), after(&own)?))).collect();
    seats::follow(tx, workspace, changes, now).await
}

/// Splits a list into the longest runs in which no key comes twice: `ON CONFLICT` may touch a row once a statement.
pub(crate) fn distinct_runs<'a, T>(items: &'a [T], key: impl Fn(&'a T) -> &'a str) -> Vec<&'a [T]> {
    let mut out = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let mut start = 0;
    for (i, item) in items.iter().enumerate() {
        if !seen.insert(key(item)) {
            out.push(&items[start..i]);
            start = i;
            seen.clear();
            seen.insert(key(item));
        }
    }
    if start < items.len() {
        out.push(&items[start..]);
    }
    out
}

/// JSON without NUL characters, which PostgreSQL's `jsonb` cannot hold.
pub(crate) fn clean(value: Json) -> Json {
    match value {
        Json::String(text) if text.contains('\0') => Json::String(text.replace('\0', "")),
        Json::Array(items) => Json::Array(items.into_iter().map(clean).collect()),
        Json::Object(map) => Json::Object(map.into_iter().map(|(k, v)| (k.replace('\0', ""), clean(v))).collect()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_have_no_key_twice() {
        let items = ["a", "b", "a", "c", "c"];
        let runs = distinct_runs(&items, |item| item);
        assert_eq!(runs, vec![&items[0..2], &items[2..4], &items[4..5]]);
        assert!(distinct_runs(&[] as &[&str], |item| item).is_empty());
    }
}
