//! Writes what has changed of journeys, and tells who should know.

use super::case::Hand;
use super::ground::Ground;
use crate::error::Result;
use crate::events::{DomainEvent, JourneyAlert, emit};
use crate::jobs::{HEALTH_SCORE, JOURNEY_EVALUATE};
use crate::notifications::{Notice, To, notify};
use chrono::NaiveDate;
use essor_domain::journey::{Alert, AlertKind, Outcome, Stage};
use essor_domain::notifications::Kind;
use essor_store::journey::actions::{self, ActionRow};
use essor_store::journey::alerts::{self, AlertRow};
use essor_store::journey::milestones::{self, MilestoneRow};
use essor_store::journey::visits::{self, Ended, VisitRow};
use essor_store::journey::{self as store, JourneyRow, Subject};
use essor_store::tasks::{self, Saved};
use essor_store::{Tx, health, jobs};
use serde_json::json;
use std::collections::HashSet;
use uuid::Uuid;

/// What has changed of some journeys.
#[derive(Default)]
pub(super) struct Changes {
    pub journeys: Vec<JourneyRow>,
    /// What was read of those, to see whether somebody else was faster.
    pub seen: Vec<(Uuid, Option<JourneyRow>)>,
    pub visits: Vec<VisitRow>,
    pub ended: Vec<Ended>,
    pub actions: Vec<ActionRow>,
    pub tasks: Vec<Saved>,
    /// Tasks that nobody is to do any more, by client.
    pub tasks_gone: Vec<(Uuid, Uuid)>,
    pub milestones: Vec<MilestoneRow>,
    pub milestones_gone: Vec<(Uuid, Uuid)>,
    pub alerts: Vec<AlertRow>,
    /// Which of those are new.
    pub raised: HashSet<Uuid>,
    /// Clients whose health looks at something else now.
    pub health: Vec<Uuid>,
    /// Clients to look at again at once: they have just gone on.
    pub again: Vec<Uuid>,
    pub notices: Vec<Notice>,
    /// Nobody is told of what an inferred journey finds at its beginning.
    pub quiet: bool,
}

impl Changes {
    /// Tells of an alert that is new.
    pub fn raise(&mut self, row: &AlertRow, alert: &Alert, today: NaiveDate) {
        let late = match alert.kind {
            AlertKind::StageProjectedLate => alert.projected.map_or(0, |end| (end - alert.due).num_days()),
            _ => (today - alert.due).num_days(),
        };
        self.raised.insert(row.id);
        self.notices.push(Notice {
            kind: Kind::JourneyAlert,
            client: Some(row.client_id),
            subject: Some(row.id),
            key: format!("journey:{}", row.id),
            params: json!({"alert": alert.kind, "stage": alert.stage, "label": alert.label, "daysLate": late}),
            to: To::InCharge,
        });
    }

    /// Asks whether a client goes on.
    pub fn ask(&mut self, subject: &Subject, stage: &Stage, journey: Uuid, day: NaiveDate) {
        self.notices.push(Notice {
            kind: Kind::JourneyAsk,
            client: Some(subject.id),
            subject: Some(journey),
            key: format!("journey:{journey}:{}:{day}", stage.key),
            params: json!({"stage": stage.key, "label": stage.label}),
            to: To::InCharge,
        });
    }

    /// Ends the stay that a client is in since a day.
    pub fn end(&mut self, subject: &Subject, on: NaiveDate, since: NaiveDate, outcome: Outcome, hand: &Hand) {
        let days = i32::try_from((on - since).num_days()).unwrap_or(i32::MAX);
        // One that began just now is not stored yet.
        let new = |row: &&mut VisitRow| row.client_id == subject.id && row.outcome.is_none();
        match self.visits.iter_mut().find(new) {
            Some(row) => {
                (row.left_on, row.days) = (Some(on), Some(days));
                (row.outcome, row.reason) = (Some(outcome.as_str().to_owned()), hand.reason.clone());
                row.user_id = hand.by;
            }
            None => self.ended.push(Ended {
                client: subject.id,
                on,
                days,
                outcome: outcome.as_str(),
                reason: hand.reason.clone(),
                by: hand.by,
            }),
        }
    }

    fn touched(&self) -> Vec<Uuid> {
        let of = self.journeys.iter().map(|row| row.client_id);
        let of = of.chain(self.actions.iter().map(|row| row.client_id));
        let of = of.chain(self.milestones.iter().map(|row| row.client_id));
        let of = of.chain(self.milestones_gone.iter().map(|(client, _)| *client));
        let of = of.chain(self.alerts.iter().map(|row| row.client_id));
        let mut out: Vec<Uuid> = of.collect();
        out.sort_unstable();
        out.dedup();
        out
    }

    /// Leaves out all that is of some clients.
    fn without(&mut self, clients: &HashSet<Uuid>) {
        let gone = |id: &Uuid| clients.contains(id);
        self.journeys.retain(|row| !gone(&row.client_id));
        self.visits.retain(|row| !gone(&row.client_id));
        self.ended.retain(|row| !gone(&row.client));
        self.actions.retain(|row| !gone(&row.client_id));
        self.tasks.retain(|row| !row.client_id.as_ref().is_some_and(gone));
        self.tasks_gone.retain(|(client, _)| !gone(client));
        self.milestones.retain(|row| !gone(&row.client_id));
        self.milestones_gone.retain(|(client, _)| !gone(client));
        self.alerts.retain(|row| !gone(&row.client_id));
        self.health.retain(|id| !gone(id));
        self.again.retain(|id| !gone(id));
        self.notices.retain(|notice| !notice.client.as_ref().is_some_and(gone));
    }

    /// Under the lock: what was read may be gone, or somebody else may have written since. Theirs stands, and the client
    /// is looked at again.
    pub async fn recheck(&mut self, tx: &Tx, ground: &Ground) -> Result<()> {
        let clients: Vec<Uuid> = self.touched();
        let there: HashSet<Uuid> =
            store::subjects(tx, ground.workspace, &clients).await?.into_iter().map(|subject| subject.id).collect();
        let gone: HashSet<Uuid> = clients.iter().filter(|id| !there.contains(*id)).copied().collect();
        let stands = store::of_clients(tx, ground.workspace, &clients).await?;
        let stale: HashSet<Uuid> =
            self.seen.iter().filter(|(id, read)| stands.get(id) != read.as_ref()).map(|(id, _)| *id).collect();
        self.without(&gone);
        self.without(&stale);
        self.again.extend(stale.into_iter().filter(|id| there.contains(id)));
        Ok(())
    }
}

/// Writes changes in the caller's transaction, which holds the journeys' lock.
pub(super) async fn save(tx: &Tx, ground: &Ground, changes: Changes) -> Result<()> {
    let (workspace, now) = (ground.workspace, ground.now);
    let touched = changes.touched();
    for ended in &changes.ended {
        visits::end(tx, workspace, ended).await?;
    }
    store::save(tx, workspace, &changes.journeys, now).await?;
    visits::insert(tx, workspace, &changes.visits).await?;
    tasks::insert(tx, workspace, &changes.tasks, now).await?;
    let withdrawn: Vec<Uuid> = changes.tasks_gone.iter().map(|(_, task)| *task).collect();
    tasks::withdraw(tx, workspace, &withdrawn, now).await?;
    // The last word on an action that changed twice.
    let mut known = HashSet::new();
    let mut last: Vec<ActionRow> = changes.actions.into_iter().rev().collect();
    last.retain(|row| known.insert((row.client_id, row.stage.clone(), row.action.clone())));
    actions::save(tx, workspace, &last).await?;
    let mut known = HashSet::new();
    let mut last: Vec<MilestoneRow> = changes.milestones.into_iter().rev().collect();
    last.retain(|row| known.insert(row.id));
    milestones::save(tx, workspace, &last, now).await?;
    for (client, id) in &changes.milestones_gone {
        milestones::delete(tx, workspace, *client, *id).await?;
    }
    // What is over is written first: the same cause may come again at once.
    let (over, open): (Vec<AlertRow>, Vec<AlertRow>) =
        changes.alerts.into_iter().partition(|row| row.resolved_on.is_some());
    let alert =
        |row: &AlertRow| JourneyAlert { client: row.client_id, kind: row.kind.clone(), subject: row.subject.clone() };
    let resolved = over.iter().map(|row| DomainEvent::JourneyAlertResolved(alert(row)));
    let raised = open.iter().filter(|row| changes.raised.contains(&row.id));
    let raised = raised.map(|row| DomainEvent::JourneyAlertRaised(alert(row)));
    emit(tx, workspace, now, &resolved.chain(raised).collect::<Vec<_>>()).await?;
    alerts::save(tx, workspace, &over, now).await?;
    alerts::save(tx, workspace, &open, now).await?;
    if !changes.journeys.is_empty() {
        health::feed(tx, workspace, &[("journey", ground.today, ground.today)]).await?;
    }
    let key = |ids: &[Uuid]| ids.iter().map(Uuid::to_string).collect::<Vec<_>>();
    jobs::enqueue(tx, workspace, HEALTH_SCORE, key(&changes.health), now).await?;
    jobs::enqueue(tx, workspace, JOURNEY_EVALUATE, key(&changes.again), now).await?;
    if !touched.is_empty() {
        emit(tx, workspace, now, &[DomainEvent::JourneyChanged(touched)]).await?;
    }
    let mut of: Vec<Uuid> = changes.tasks.iter().filter_map(|task| task.client_id).collect();
    of.extend(changes.tasks_gone.iter().map(|(client, _)| *client));
    if !of.is_empty() {
        of.sort_unstable();
        of.dedup();
        emit(tx, workspace, now, &[DomainEvent::TasksChanged(of)]).await?;
    }
    if !changes.quiet {
        notify(tx, workspace, now, changes.notices).await?;
    }
    Ok(())
}
