//! Rebuilds a client's rollups and presence from its raw events: after a change of the workspace's zone, which moves
//! events to other civil days.

use crate::error::Result;
use crate::events::{DomainEvent, emit};
use crate::{App, identity};
use chrono::{Datelike, NaiveDate};
use essor_domain::time::{day_in, month_start, parse_zone};
use essor_store::{Workspace, usage as store};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Counts a client's raw events anew, in one transaction during which nothing else is counted.
pub async fn repair(app: &App, workspace: Workspace, client: Uuid) -> Result<()> {
    let tx = app.db.begin().await?;
    store::lock(&tx, workspace).await?;
    let zone = parse_zone(&identity::workspace_row(&tx, workspace).await?.timezone)?;
    let mut counts: BTreeMap<(NaiveDate, String), i64> = BTreeMap::new();
    let mut marks: BTreeMap<(String, NaiveDate, String), i32> = BTreeMap::new();
    let mut after = None;
    loop {
        let page = store::raw_page(&tx, workspace, client, after, 5_000).await?;
        let Some(last) = page.last() else { break };
        after = Some((last.occurred_at, last.message_key));
        for event in page {
            let day = day_in(zone, event.occurred_at);
            *counts.entry((day, event.event.clone())).or_default() += event.count;
            if let Some(user) = event.user_key {
                for name in [event.event.clone(), String::new()] {
                    *marks.entry((name, month_start(day), user.clone())).or_default() |= 1 << day.day0();
                }
            }
        }
    }
    store::clear_counts(&tx, workspace, client).await?;
    essor_store::health::late::clear(&tx, workspace, client).await?;
    let counts = counts.into_iter().map(|((day, event), n)| (client, day, event, n)).collect();
    store::add_rollups(&tx, workspace, counts).await?;
    let marks = marks.into_iter().map(|((event, month, user), days)| (client, month, event, user, days)).collect();
    store::add_presence(&tx, workspace, marks).await?;
    emit(&tx, workspace, app.clock.now(), &[DomainEvent::UsageReceived(vec![client])]).await?;
    tx.commit().await?;
    Ok(())
}
