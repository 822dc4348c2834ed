//! Walking the chain: each entry's hash over the one before, each payload's digest, and the end where it should be.

use crate::error::Result;
use crate::{Actor, App};
use chrono::{DateTime, Utc};
use essor_domain::audit::{Digest, Link, START, payload_digest};
use essor_domain::identity::Action;
use essor_store::Workspace;
use essor_store::audit::{self as store, EntryRow};
use serde::Serialize;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// How many entries are read at once.
const STEP: i64 = 1_000;

/// What a walk found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// How many entries the chain has.
    pub entries: i64,
    /// The number of the last entry that is as it was written.
    pub verified_seq: i64,
    /// When that entry was written: until then the chain is whole.
    pub verified_until: Option<DateTime<Utc>>,
    /// How many payloads have been erased, in what was walked.
    pub erased: i64,
    /// The number of the first entry that is not as it was written, or is missing.
    pub broken_seq: Option<i64>,
    /// What is wrong with it: `missing`, `hash`, `payload` or `end`.
    pub broken_reason: Option<&'static str>,
}

/// How far the chain of each workspace was found whole by this process. Kept in memory, where nobody who writes to the
/// database reaches it; a new process walks from the beginning once.
#[derive(Debug, Default)]
pub(crate) struct Marks(Mutex<HashMap<Uuid, Mark>>);

#[derive(Debug, Clone)]
struct Mark {
    seq: i64,
    hash: Vec<u8>,
    until: Option<DateTime<Utc>>,
    erased: i64,
}

impl Default for Mark {
    fn default() -> Self {
        Mark { seq: 0, hash: START.to_vec(), until: None, erased: 0 }
    }
}

/// Verifies the chain of the actor's workspace: what came since the last time, or with `full` from its beginning.
pub async fn verify(app: &App, actor: &Actor, full: bool) -> Result<Verdict> {
    let workspace = actor.require(Action::ReadAudit)?;
    let db = app.db.primary();
    let kept = |marks: &Marks| marks.0.lock().unwrap_or_else(PoisonError::into_inner).get(&workspace.0).cloned();
    let mut mark = if full { Mark::default() } else { kept(&app.marks).unwrap_or_default() };
    // Read before the walk: what is appended meanwhile is left to the next one.
    let head = store::head(&db, workspace).await?;
    let end = head.as_ref().map_or(0, |head| head.seq);
    let mut broken = None;
    'walk: while mark.seq < end {
        let rows = store::after(&db, workspace, mark.seq, STEP.min(end - mark.seq)).await?;
        if rows.is_empty() {
            broken = Some((mark.seq + 1, "missing"));
        }
        for row in &rows {
            if let Err(reason) = step(workspace, &mut mark, row) {
                broken = Some((mark.seq + 1, reason));
                break 'walk;
            }
        }
        if broken.is_some() {
            break;
        }
    }
    if broken.is_none() && head.is_some_and(|head| head.seq != mark.seq || head.hash != mark.hash) {
        broken = Some((mark.seq.max(1), "end"));
    }
    // A chain without a head has no entries either; both come in one transaction.
    if end == 0 && !store::after(&db, workspace, 0, 1).await?.is_empty() && store::head(&db, workspace).await?.is_none()
    {
        broken = Some((1, "end"));
    }
    let verdict = Verdict {
        entries: end,
        verified_seq: mark.seq,
        verified_until: mark.until,
        erased: mark.erased,
        broken_seq: broken.map(|(seq, _)| seq),
        broken_reason: broken.map(|(_, reason)| reason),
    };
    let mut marks = app.marks.0.lock().unwrap_or_else(PoisonError::into_inner);
    if broken.is_none() {
        marks.insert(workspace.0, mark);
    } else {
        // Mended or not, the next walk looks at everything.
        marks.remove(&workspace.0);
    }
    Ok(verdict)
}

/// One entry further, or what is wrong with it.
fn step(workspace: Workspace, mark: &mut Mark, row: &EntryRow) -> std::result::Result<(), &'static str> {
    if row.seq != mark.seq + 1 {
        return Err("missing");
    }
    let link = Link {
        workspace: workspace.0,
        seq: row.seq,
        at: row.at,
        actor_kind: &row.actor_kind,
        actor_id: row.actor_id,
        origin: &row.origin,
        operation: &row.operation,
        object_kind: &row.object_kind,
        object_id: row.object_id.as_deref(),
        request_id: &row.request_id,
        payload: &row.payload_digest,
    };
    if link.hash(&mark.hash).as_slice() != row.hash {
        return Err("hash");
    }
    let salt = row.salt.as_deref().map(Digest::try_from);
    match (salt, &row.body, row.erased_at) {
        (Some(Ok(salt)), Some(body), None) if payload_digest(&salt, body).as_slice() == row.payload_digest => {}
        (None, None, Some(_)) => mark.erased += 1,
        _ => return Err("payload"),
    }
    *mark = Mark { seq: row.seq, hash: row.hash.clone(), until: Some(row.at), erased: mark.erased };
    Ok(())
}
