//! The client journey: templates, where each client stands, what people and jobs change of it, the portfolio by stage.

mod board;
mod case;
mod criteria;
mod evaluate;
mod ground;
mod infer;
mod migrate;
mod milestones;
mod notes;
mod read;
mod save;
mod settings;
mod shares;
mod stages;
mod start;
mod step;
mod templates;
#[cfg(test)]
mod tests;

pub use board::{
    Alerts, Board, BoardColumn, Cards, Cohort, Durations, Funnel, Pipeline, PipelineStage, StageTimes, alerts, board,
    cards, conversions, funnel, pipeline, times,
};
pub use criteria::{set_action, set_criterion};
pub use essor_store::journey::alerts::AlertRow;
pub use essor_store::journey::board::{After, Card};
pub use essor_store::journey::notes::NoteRow;
pub use essor_store::journey::shares::ShareRow;
pub use essor_store::journey::visits::VisitRow;
pub use evaluate::work;
pub use infer::{infer_all, infer_work, start_known};
pub use migrate::{Moved, Preview, migrate, migrate_work, preview};
pub use milestones::{MilestoneNew, MilestonePatch, add_milestone, change_milestone, remove_milestone};
pub use notes::{add_note, remove_note};
pub use read::{Journey, NextStep, Shown, read, read_after};
pub use settings::{Settings, holidays, put_holidays, put_settings, settings};
pub use shares::{Limit, Shared, share, shared, tick_shared, unshare};
pub use start::start;
pub use step::{advance, move_to};
pub use templates::{
    Templates, Version, check_template, delete_template, new_template, save_template, template, templates,
};

use crate::error::Result;
use chrono::NaiveDate;
use essor_domain::health::JourneyFacts;
use essor_store::health::beliefs::Beliefs;
use essor_store::journey::standing;
use essor_store::{Conn, Workspace, journey as store};
use std::collections::HashMap;
use uuid::Uuid;

/// What health reads of some clients' journeys, as of a day: what stood then, and nothing of what only came later.
pub(crate) async fn health_facts(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
    day: NaiveDate,
    beliefs: &Beliefs,
) -> Result<HashMap<Uuid, JourneyFacts>> {
    let rows = store::of_clients(conn, workspace, clients).await?;
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let templates = Templates::load(conn, workspace).await?;
    // One that is completed or suspended has no planned end, and says nothing.
    let stood = standing::on(rows, day, beliefs).into_iter().filter(|(_, row)| row.expected_on.is_some());
    Ok(stood
        .map(|(client, row)| {
            let template = templates.version(row.template_id, row.version);
            let label = template.and_then(|v| v.template.stage(&row.stage)).map(|(_, stage)| stage.label.clone());
            let facts = JourneyFacts {
                label: label.unwrap_or_default(),
                at_risk: row.status == "at_risk",
                days_late: row.expected_on.map_or(0, |expected| (day - expected).num_days().max(0)),
                overdue: row.overdue,
                critical: row.overdue_critical,
                stage: row.stage,
            };
            (client, facts)
        })
        .collect())
}
