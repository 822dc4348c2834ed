//! What people are told when something happens: called with every event, in its transaction.

use super::{Notice, To, notify};
use crate::error::Result;
use crate::events::DomainEvent;
use chrono::{DateTime, Utc};
use essor_domain::notifications::{Alarm, Kind, alarm};
use essor_store::notifications as store;
use essor_store::{Tx, Workspace};
use serde_json::json;
use uuid::Uuid;

/// Tells people of scores that fell below the alert threshold: once, until the score was well above it again.
pub async fn react(tx: &Tx, workspace: Workspace, now: DateTime<Utc>, happened: &[DomainEvent]) -> Result<()> {
    let (mut fell, mut well): (Vec<(Uuid, i32, i32)>, Vec<Uuid>) = (Vec::new(), Vec::new());
    for event in happened {
        let DomainEvent::HealthChanged { client, from, to } = event else { continue };
        match (alarm(*from, *to), from, to) {
            (Alarm::Raise, Some(from), Some(to)) => fell.push((*client, *from, *to)),
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
