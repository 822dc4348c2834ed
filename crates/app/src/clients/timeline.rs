//! Everything that happened at a client in one stream: signals, MRR movements, changes of health.

use super::read::{client, signals};
use crate::error::Result;
use crate::{Actor, App};
use chrono::{DateTime, Utc};
use essor_domain::time::{end_of_day, parse_zone};
use essor_store::{growth, health};
use serde_json::{Value, json};
use uuid::Uuid;

/// One entry of the stream.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Unique within the client; entries of one instant are ordered by it.
    pub id: String,
    /// A signal's kind, `mrr` or `health`.
    pub kind: String,
    /// When.
    pub at: DateTime<Utc>,
    /// When it ended: a ticket closed.
    pub ended_at: Option<DateTime<Utc>>,
    /// The facts of its kind.
    pub data: Value,
}

/// A client's stream, newest first, before a cursor, of some kinds or all.
pub async fn timeline(
    app: &App,
    actor: &Actor,
    id: Uuid,
    kinds: &[String],
    before: Option<(DateTime<Utc>, String)>,
    limit: i64,
) -> Result<Vec<Entry>> {
    client(app, actor, id).await?;
    let wanted = |kind: &str| kinds.is_empty() || kinds.iter().any(|k| k == kind);
    let row = crate::identity::workspace_row(&app.db, actor.workspace).await?;
    let zone = parse_zone(&row.timezone)?;
    let now = app.clock.now();
    let mut out: Vec<Entry> = Vec::new();

    let signal_kinds: Vec<String> =
        kinds.iter().filter(|k| !["mrr", "health"].contains(&k.as_str())).cloned().collect();
    if kinds.is_empty() || !signal_kinds.is_empty() {
        // The cursor's id may be of another kind: signals of the same instant are read again and dropped below.
        let cursor = before.as_ref().map(|(at, _)| (*at, Uuid::max()));
        let rows = signals(app, actor, id, &signal_kinds, cursor, limit + 50).await?;
        out.extend(rows.into_iter().map(|s| Entry {
            id: s.id.to_string(),
            kind: s.kind,
            at: s.occurred_at,
            ended_at: s.ended_at,
            data: s.data,
        }));
    }
    if wanted("mrr") {
        for row in growth::of_client(&app.db, actor.workspace, id).await? {
            let at = end_of_day(zone, row.day) - chrono::Duration::days(1);
            if at <= now {
                out.push(Entry {
                    id: format!("mrr-{}", row.day),
                    kind: "mrr".into(),
                    at,
                    ended_at: None,
                    data: json!({"kind": row.kind, "deltaCents": row.delta_cents, "afterCents": row.after_cents}),
                });
            }
        }
    }
    if wanted("health") {
        out.extend(health_entries(app, actor, id).await?);
    }
    out.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
    if let Some((at, last)) = before {
        out.retain(|entry| (entry.at, &entry.id) < (at, &last));
    }
    out.truncate(limit as usize);
    Ok(out)
}

/// Changes of the score of at least five points, recorded on their day: smaller ones are noise in a stream of events.
async fn health_entries(app: &App, actor: &Actor, id: Uuid) -> Result<Vec<Entry>> {
    const WORTH_TELLING: i32 = 5;
    let rows = health::points(&app.db, actor.workspace, id).await?;
    let mut out = Vec::new();
    let mut told: Option<i32> = None;
    for (at, score, recomputed) in rows {
        let Some(score) = score else { continue };
        match told {
            Some(before) if (score - before).abs() >= WORTH_TELLING => {
                out.push(Entry {
                    id: format!("health-{}", at.timestamp_micros()),
                    kind: "health".into(),
                    at,
                    ended_at: None,
                    data: json!({"from": before, "to": score, "recomputed": recomputed}),
                });
                told = Some(score);
            }
            None => told = Some(score),
            _ => {}
        }
    }
    Ok(out)
}
