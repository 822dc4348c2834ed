//! Where a journey stood: kept when it stands otherwise, so that a past day is seen with the stage of that day.

use super::JourneyRow;
use crate::health::beliefs::{self, About, Belief, Beliefs};
use crate::{Result, Tx, Workspace};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

/// What health reads of a journey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Standing {
    pub template_id: Uuid,
    pub version: i32,
    pub stage: String,
    pub status: String,
    pub expected_on: Option<NaiveDate>,
    pub standing_on: NaiveDate,
    pub overdue: i32,
    pub overdue_critical: i32,
}

impl From<&JourneyRow> for Standing {
    fn from(row: &JourneyRow) -> Self {
        Standing {
            template_id: row.template_id,
            version: row.version,
            stage: row.stage.clone(),
            status: row.status.clone(),
            expected_on: row.expected_on,
            standing_on: row.standing_on,
            overdue: row.overdue,
            overdue_critical: row.overdue_critical,
        }
    }
}

/// Keeps where journeys stand that are about to be written otherwise.
pub(super) async fn follow(tx: &Tx, workspace: Workspace, items: &[JourneyRow], now: DateTime<Utc>) -> Result<()> {
    let clients: Vec<Uuid> = items.iter().map(|row| row.client_id).collect();
    let before = super::of_clients(tx, workspace, &clients).await?;
    let stood = items.iter().filter_map(|row| Some((Standing::from(before.get(&row.client_id)?), row)));
    let believed = stood
        .filter(|(old, row)| *old != Standing::from(*row))
        .map(|(old, row)| Belief::of(row.client_id, (About::Journey, row.id), now, &old))
        .collect();
    beliefs::keep(tx, workspace, believed).await
}

/// Where journeys stood on a day: as it was believed, or as it still is.
pub fn on(rows: HashMap<Uuid, JourneyRow>, day: NaiveDate, beliefs: &Beliefs) -> Vec<(Uuid, Standing)> {
    let stood = rows.into_values().map(|row| {
        let believed = beliefs.of::<Standing>(row.client_id, About::Journey).into_iter();
        let then = believed.filter(|(journey, _)| *journey == row.id).map(|(_, standing)| standing).next();
        (row.client_id, then.unwrap_or_else(|| Standing::from(&row)))
    });
    stood.filter(|(_, standing)| standing.standing_on <= day).collect()
}
