//! What people are told when something happens: called with every event, in its transaction.

use super::{Notice, To, notify};
use crate::error::Result;
use crate::events::DomainEvent;
use crate::health::Profiles;
use chrono::{DateTime, Utc};
use essor_domain::notifications::{Alarm, Kind, alarm};
use essor_store::health::history;
use essor_store::notifications as store;
use essor_store::{Tx, Workspace};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// Tells people of scores that fell below the alert threshold of their profile (once, until the score was well above it
/// again) and of objectives that were reached.
pub async fn react(tx: &Tx, workspace: Workspace, now: DateTime<Utc>, happened: &[DomainEvent]) -> Result<()> {
    reached(tx, workspace, now, happened).await?;
    let scored: Vec<Uuid> = happened
        .iter()
        .filter_map(|event| if let DomainEvent::HealthChanged { client, .. } = event { Some(*client) } else { None })
        .collect();
    if scored.is_empty() {
        return Ok(());
    }
    let profiles = Profiles::load(tx, workspace).await?;
    let segments = essor_store::clients::segments_of(tx, workspace, &scored).await?;
    let known = known_before(tx, workspace, happened).await?;
    let (mut fell, mut well): (Vec<(Uuid, i32, i32)>, Vec<Uuid>) = (Vec::new(), Vec::new());
    for event in happened {
        let DomainEvent::HealthChanged { client, from, to } = event else { continue };
        let segment = segments.get(client).and_then(Option::as_deref);
        let profile = &profiles.of(segment).profile;
        let from = from.or(known.get(client).copied());
        match (alarm(from, *to, profile.alert, profile.rearm), from, to) {
            (Alarm::Raise, Some(from), Some(to)) => fell.push((*client, from, *to)),
            (Alarm::Clear, ..) => well.push(*client),
            _ => {}
        }
    }
    store::clear(tx, workspace, &well).await?;
    let clients: Vec<Uuid> = fell.iter().map(|(client, ..)| *client).collect();
    let raised = store::raise(tx, workspace, &clients, now).await?;
    let notices = fell
        .into_iter()
        .filter(|(client, ..)| raised.contains(client))
        .map(|(client, from, to)| Notice {
            kind: Kind::HealthFell,
            client: Some(client),
            subject: None,
            key: format!("health:{client}:{}", now.timestamp_micros()),
            params: json!({"from": from, "to": to}),
            to: To::InCharge,
        })
        .collect();
    notify(tx, workspace, now, notices).await?;
    Ok(())
}

/// The last known scores of clients that have one again: for a while too little was known of them.
async fn known_before(tx: &Tx, workspace: Workspace, happened: &[DomainEvent]) -> Result<HashMap<Uuid, i32>> {
    let again = happened.iter().filter_map(|event| match event {
        DomainEvent::HealthChanged { client, from: None, to: Some(_) } => Some(*client),
        _ => None,
    });
    Ok(history::known_before(tx, workspace, &again.collect::<Vec<Uuid>>()).await?)
}

/// Tells managers of objectives that were reached.
async fn reached(tx: &Tx, workspace: Workspace, now: DateTime<Utc>, happened: &[DomainEvent]) -> Result<()> {
    let mut notices = Vec::new();
    for event in happened {
        let DomainEvent::ObjectiveReached { objective, name, .. } = event else { continue };
        notices.push(Notice {
            kind: Kind::ObjectiveReached,
            client: None,
            subject: Some(*objective),
            key: format!("objective:{objective}"),
            params: json!({"name": name}),
            to: To::Managers,
        });
    }
    notify(tx, workspace, now, notices).await?;
    Ok(())
}
