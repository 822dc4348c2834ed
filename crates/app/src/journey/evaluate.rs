//! The job: looks at journeys after facts, tasks and days have passed, and begins those of new clients.

use super::case::{Case, Course, cases};
use super::ground::Ground;
use super::save::{Changes, save};
use crate::App;
use crate::error::Result;
use chrono::{DateTime, NaiveDate, Utc};
use essor_domain::journey::State;
use essor_domain::time::day_in;
use essor_store::Tx;
use essor_store::identity::workspaces::WorkspaceRow;
use essor_store::journey::{self as store, JourneyRow};
use uuid::Uuid;

/// A client is new for so many days: one that was there before Essor heard of it begins no journey by itself.
const NEW_DAYS: i64 = 30;

/// What a look at many journeys found, before it is written: reading takes long and must not hold SQLite's write lock.
pub struct Look {
    ground: Ground,
    changes: Changes,
}

/// Looks at the journeys of some clients.
pub async fn work(app: &App, row: &WorkspaceRow, clients: &[Uuid], now: DateTime<Utc>) -> Result<Look> {
    let db = app.db.primary();
    let ground = Ground::read(&db, row, now).await?;
    let mut changes = Changes::default();
    for mut case in cases(&db, &ground, clients).await? {
        if rests(&case) {
            continue;
        }
        if case.course.is_none() && ground.auto_start && is_new(&case, &ground) {
            begin(&mut case, &ground, &mut changes);
        }
        case.settle(&ground, &mut changes);
    }
    Ok(Look { ground, changes })
}

impl Look {
    /// Writes it in the job's transaction.
    pub async fn save(mut self, tx: &Tx) -> Result<()> {
        store::lock(tx, self.ground.workspace).await?;
        self.changes.recheck(tx, &self.ground).await?;
        save(tx, &self.ground, self.changes).await
    }
}

/// Whether a client lies in the trash and nothing is open about it any more: it is left as it is until it comes back.
fn rests(case: &Case) -> bool {
    let quiet = |row: &JourneyRow| row.alerts == 0 && row.expected_on.is_none();
    case.subject.status == "deleted" && case.alerts.is_empty() && case.before.as_ref().is_none_or(quiet)
}

/// Whether a client has just come: it pays or tries, and neither Essor nor its own story knows it for longer.
pub(super) fn is_new(case: &Case, ground: &Ground) -> bool {
    let subject = &case.subject;
    let created = day_in(ground.language.moment.zone, subject.created_at);
    let since = subject.since.or(subject.first_paid_on).unwrap_or(created);
    let recent = |day: NaiveDate| (0..=NEW_DAYS).contains(&(ground.today - day).num_days());
    ["active", "trial"].contains(&subject.status.as_str()) && recent(created) && recent(since)
}

/// Begins the first stage of a new client on the day on which Essor heard of it.
fn begin(case: &mut Case, ground: &Ground, changes: &mut Changes) {
    let version = ground.templates.of_segment(case.subject.segment.as_deref());
    let day = day_in(ground.language.moment.zone, case.subject.created_at).min(ground.today);
    case.course =
        Some(Course { id: Uuid::now_v7(), template: (version.id, version.version), state: State::begun(0, day) });
    case.enter(ground, changes, true);
}
