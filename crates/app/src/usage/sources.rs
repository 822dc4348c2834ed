//! The state of the sources: what each write key sent, hour by hour.

use crate::error::Result;
use crate::{Actor, App};
use chrono::{DateTime, Duration, DurationRound, Utc};
use essor_domain::identity::Action;
use essor_store::usage as store;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// What a key sent in the last 24 hours.
#[derive(Debug, Clone, Copy, Default)]
pub struct KeyCounts {
    /// Counted.
    pub accepted: i64,
    /// Seen before.
    pub duplicates: i64,
    /// Set aside.
    pub quarantined: i64,
}

/// All that the ingestion page shows.
#[derive(Debug, Clone)]
pub struct Sources {
    /// By write key, the last 24 hours.
    pub keys: HashMap<Uuid, KeyCounts>,
    /// The last 48 hours, oldest first, without gaps.
    pub hours: Vec<(DateTime<Utc>, KeyCounts)>,
    /// Events counted since the beginning.
    pub events: i64,
    /// Messages in quarantine.
    pub quarantined: i64,
    /// Events that wait for their user's client to become known.
    pub parked: i64,
}

/// The state of the workspace's sources.
pub async fn sources(app: &App, actor: &Actor) -> Result<Sources> {
    let workspace = actor.require(Action::Read)?;
    let now = app.clock.now();
    let this_hour = now.duration_trunc(Duration::hours(1)).unwrap_or(now);
    let since = this_hour - Duration::hours(47);
    let mut hours: BTreeMap<DateTime<Utc>, KeyCounts> =
        (0..48).map(|h| (since + Duration::hours(h), KeyCounts::default())).collect();
    let mut keys: HashMap<Uuid, KeyCounts> = HashMap::new();
    for row in store::source_hours(&app.db, workspace, since).await? {
        let add = |sum: &mut KeyCounts| {
            sum.accepted += row.accepted;
            sum.duplicates += row.duplicates;
            sum.quarantined += row.quarantined;
        };
        add(hours.entry(row.hour).or_default());
        if row.hour > now - Duration::hours(24) {
            add(keys.entry(row.token_id).or_default());
        }
    }
    let (events, quarantined, parked) = store::totals(&app.db, workspace).await?;
    Ok(Sources { keys, hours: hours.into_iter().collect(), events, quarantined, parked })
}
