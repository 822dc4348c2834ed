//! The log as it is read: newest first, a page at a time.

use super::entry::Payload;
use crate::error::Result;
use crate::{Actor, App};
use chrono::{DateTime, Days, NaiveDate, Utc};
use essor_domain::identity::Action;
use essor_domain::time::{check_day, end_of_day, parse_zone};
use essor_domain::{Code, Invalid};
use essor_store::audit::{self as store, EntryRow, Filter};
use serde_json::Value;
use uuid::Uuid;

/// An entry as shown.
#[derive(Debug, Clone)]
pub struct EntryShown {
    /// Its number in the workspace, from 1.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// `person`, `token` or `system`.
    pub actor_kind: String,
    /// The person or token.
    pub actor_id: Option<Uuid>,
    /// Their name then; none for the machine, and none once erased.
    pub actor_name: Option<String>,
    /// `api`, `cli` or `system`.
    pub origin: String,
    /// What was done: `members.role`.
    pub operation: String,
    /// The kind of what it was done to.
    pub object_kind: String,
    /// Its id, when it is one thing.
    pub object_id: Option<String>,
    /// Its name then.
    pub object_name: Option<String>,
    /// The fields that changed, as they were.
    pub before: Option<Value>,
    /// The fields that changed, as they became.
    pub after: Option<Value>,
    /// Where from.
    pub address: Option<String>,
    /// What the browser said of itself.
    pub agent: Option<String>,
    /// The request, as in the log.
    pub request_id: String,
    /// The hash, in hexadecimal.
    pub hash: String,
    /// When names and values were erased.
    pub erased_at: Option<DateTime<Utc>>,
}

/// A page of the log before a number, and how many entries there are in all.
pub async fn list(
    app: &App,
    actor: &Actor,
    filter: &Filter,
    before: Option<i64>,
    limit: i64,
) -> Result<(Vec<EntryShown>, i64)> {
    let workspace = actor.require(Action::ReadAudit)?;
    let rows = store::page(&app.db, workspace, filter, before, limit).await?;
    let total = store::head(&app.db, workspace).await?.map_or(0, |head| head.seq);
    Ok((rows.into_iter().map(shown).collect(), total))
}

/// The instants of a range of days in the workspace's zone, for a [`Filter`]: from the beginning of the first day,
/// before the end of the last.
pub async fn days(
    app: &App,
    actor: &Actor,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
) -> Result<(Option<DateTime<Utc>>, Option<DateTime<Utc>>)> {
    let workspace = actor.require(Action::ReadAudit)?;
    if from.is_none() && to.is_none() {
        return Ok((None, None));
    }
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        return Err(Invalid::field(Code::GrowthRangeInvalid, "to").into());
    }
    from.map_or(Ok(()), |day| check_day(day, "from"))?;
    to.map_or(Ok(()), |day| check_day(day, "to"))?;
    let zone = parse_zone(&crate::identity::workspace_row(&app.db, workspace).await?.timezone)?;
    Ok((from.map(|day| end_of_day(zone, day - Days::new(1))), to.map(|day| end_of_day(zone, day))))
}

fn shown(row: EntryRow) -> EntryShown {
    let payload: Payload = row.body.as_deref().and_then(|body| serde_json::from_str(body).ok()).unwrap_or_default();
    EntryShown {
        seq: row.seq,
        at: row.at,
        actor_kind: row.actor_kind,
        actor_id: row.actor_id,
        actor_name: Some(payload.who).filter(|who| !who.is_empty()),
        origin: row.origin,
        operation: row.operation,
        object_kind: row.object_kind,
        object_id: row.object_id,
        object_name: payload.name,
        before: payload.before,
        after: payload.after,
        address: payload.address,
        agent: payload.agent,
        request_id: row.request_id,
        hash: row.hash.iter().map(|byte| format!("{byte:02x}")).collect(),
        erased_at: row.erased_at,
    }
}
