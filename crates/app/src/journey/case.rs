//! One client's journey as it is read, and as it is after something has happened.

use super::ground::Ground;
use super::save::Changes;
use crate::error::Result;
use chrono::{Days, NaiveDate};
use essor_domain::expressions::{Facts, Held, Kind, Known, Source};
use essor_domain::journey::{
    Action, Alert, AlertKind, COMPLETED, Case as Look, Impact, Label, Left, Milestone, MilestoneStatus, Outcome, Plan,
    Stage, State, Tick, Verdict, evaluate,
};
use essor_domain::time::day_in;
use essor_store::journey::actions::ActionRow;
use essor_store::journey::alerts::AlertRow;
use essor_store::journey::milestones::MilestoneRow;
use essor_store::journey::visits::{Ended, VisitRow};
use essor_store::journey::{self as store, JourneyRow, Subject, actions, alerts, milestones};
use essor_store::tasks::Saved;
use essor_store::{Conn, clients_facts};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// What of a state stands in no column.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    ticks: BTreeMap<String, BTreeMap<String, Tick>>,
    left: BTreeMap<String, Left>,
}

/// Which template a journey follows, and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Course {
    pub id: Uuid,
    pub template: (Uuid, i32),
    pub state: State,
}

/// A client with its journey, if it has one.
pub(super) struct Case {
    pub subject: Subject,
    pub before: Option<JourneyRow>,
    pub course: Option<Course>,
    pub actions: Vec<ActionRow>,
    pub milestones: Vec<MilestoneRow>,
    pub alerts: Vec<AlertRow>,
    pub facts: Facts,
}

impl Course {
    pub fn of(row: &JourneyRow) -> Course {
        let kept: Kept = serde_json::from_value(row.state.clone()).unwrap_or_default();
        Course {
            id: row.id,
            template: (row.template_id, row.version),
            state: State {
                place: usize::try_from(row.place).unwrap_or(0),
                started_on: row.started_on,
                entered_on: row.entered_on,
                plan_from: row.plan_from,
                progressed_on: row.progressed_on,
                proposed_on: row.proposed_on,
                completed_on: row.completed_on,
                stage_progress: row.stage_progress,
                inferred: row.inferred,
                ticks: kept.ticks,
                left: kept.left,
            },
        }
    }
}

/// Reads some clients with all that a look at their journeys needs.
pub(super) async fn cases(conn: &impl Conn, ground: &Ground, clients: &[Uuid]) -> Result<Vec<Case>> {
    let workspace = ground.workspace;
    let mut journeys = store::of_clients(conn, workspace, clients).await?;
    let mut actions = actions::of_clients(conn, workspace, clients).await?;
    let mut milestones = milestones::of_clients(conn, workspace, clients).await?;
    let mut alerts = alerts::open_of(conn, workspace, clients).await?;
    let used: BTreeSet<(Uuid, i32)> = journeys.values().map(|row| (row.template_id, row.version)).collect();
    let current = ground.templates.current().into_iter().map(|v| (v.id, v.version));
    let sources: BTreeSet<Source> =
        used.into_iter().chain(current).filter_map(|key| ground.plans.get(&key)).flat_map(Plan::sources).collect();
    let kinds = ground.language.catalogue.facts().iter();
    let wanted: Vec<(Source, Kind)> =
        kinds.filter(|fact| sources.contains(&fact.source)).map(|fact| (fact.source, fact.kind)).collect();
    let mut held = clients_facts::of_clients(conn, workspace, ground.language.moment, &wanted, clients).await?;
    Ok(store::subjects(conn, workspace, clients)
        .await?
        .into_iter()
        .map(|subject| {
            let mut facts = Facts::default();
            for (source, value) in held.remove(&subject.id).into_iter().flatten() {
                facts.put(source, value);
            }
            let before = journeys.remove(&subject.id);
            Case {
                course: before.as_ref().map(Course::of),
                before,
                actions: actions.remove(&subject.id).unwrap_or_default(),
                milestones: milestones.remove(&subject.id).unwrap_or_default(),
                alerts: alerts.remove(&subject.id).unwrap_or_default(),
                facts,
                subject,
            }
        })
        .collect())
}

/// Who moves a client, and why.
#[derive(Debug, Clone, Default)]
pub(super) struct Hand {
    pub by: Option<Uuid>,
    pub reason: Option<String>,
}

impl Case {
    pub fn plan<'a>(&self, ground: &'a Ground) -> Option<&'a Plan> {
        ground.plans.get(&self.course.as_ref()?.template)
    }

    /// Key actions as rules see them.
    pub fn done(&self) -> Vec<Action> {
        let one = |row: &ActionRow| Action {
            stage: row.stage.clone(),
            key: row.action.clone(),
            task: row.task_id,
            due: row.due,
            done_on: row.done_on,
        };
        self.actions.iter().map(one).collect()
    }

    /// Milestones as rules see them.
    pub fn reached(&self) -> Vec<Milestone> {
        self.milestones.iter().map(milestone).collect()
    }

    /// Follows tasks: one that was done or moved says so of its key action; one that was taken away leaves it to be ticked.
    fn follow_tasks(&mut self, ground: &Ground, changes: &mut Changes) {
        let zone = ground.language.moment.zone;
        for row in self.actions.iter_mut().filter(|row| row.task_id.is_some()) {
            let was = row.clone();
            if row.task_gone.is_some() {
                (row.task_id, row.due) = (None, None);
            } else {
                (row.done_on, row.due) = (row.task_done.map(|at| day_in(zone, at)), row.task_due);
            }
            if *row != was {
                changes.actions.push(row.clone());
            }
        }
    }

    /// What is measured by key actions holds, or not, at once.
    fn note_done(&mut self) {
        let done = self.actions.iter().filter(|row| row.done_on.is_some()).map(|row| row.action.clone()).collect();
        self.facts.set(Source::Known(Known::JourneyDone), Held::Texts(done));
    }

    /// Enters the current stage: its key actions become tasks, its milestones get their days.
    pub fn enter(&mut self, ground: &Ground, changes: &mut Changes, with_tasks: bool) {
        let (Some(plan), Some(course)) = (self.plan(ground), &self.course) else { return };
        let Some(stage) = plan.template.stages.get(course.state.place) else { return };
        let begins = course.state.plan_from;
        changes.visits.push(visit(&self.subject, course, stage, None));
        for action in &stage.actions {
            let known = self.actions.iter().position(|row| row.stage == stage.key && row.action == action.key);
            // What was done once need not be done again.
            if known.is_some_and(|i| self.actions[i].done_on.is_some() || self.actions[i].task_id.is_some()) {
                continue;
            }
            let due = ground.due(action, begins);
            let mut row = ActionRow {
                client_id: self.subject.id,
                stage: stage.key.clone(),
                action: action.key.clone(),
                task_id: None,
                due: None,
                done_on: None,
                task_due: None,
                task_gone: None,
                task_done: None,
                owner_name: None,
            };
            if with_tasks {
                let owner_id = ground.who(action.owner, self.subject.owner.as_deref());
                let task = Saved {
                    id: Uuid::now_v7(),
                    title: action.label.of(ground.locale(owner_id)).to_owned(),
                    note: None,
                    owner_id,
                    priority: action.priority.rank(),
                    due: Some(due),
                    client_id: Some(self.subject.id),
                    origin: essor_domain::tasks::Origin::Journey.as_str().to_owned(),
                    opportunity_id: None,
                    done_at: None,
                    done_by: None,
                    created_by: None,
                    created_at: ground.now,
                    checklist: Vec::new(),
                };
                (row.task_id, row.due, row.task_due) = (Some(task.id), Some(due), Some(due));
                changes.tasks.push(task);
            }
            changes.actions.push(row.clone());
            match known {
                Some(i) => self.actions[i] = row,
                None => self.actions.push(row),
            }
        }
        for planned in &stage.milestones {
            let of = |row: &&mut MilestoneRow| {
                row.stage.as_deref() == Some(&stage.key) && row.key.as_deref() == Some(&planned.key)
            };
            let due = begins + Days::new(planned.day.max(0).unsigned_abs());
            let known = self.milestones.iter_mut().find(of);
            let new = MilestoneRow {
                id: known.as_ref().map_or_else(Uuid::now_v7, |row| row.id),
                client_id: self.subject.id,
                key: Some(planned.key.clone()),
                stage: Some(stage.key.clone()),
                title: serde_json::to_value(&planned.title).unwrap_or_default(),
                due,
                impact: planned.impact.as_str().to_owned(),
                critical: planned.critical,
                completed_on: None,
            };
            changes.milestones.push(new.clone());
            match known {
                Some(row) => *row = new,
                None => self.milestones.push(new),
            }
        }
    }

    /// Moves the client to a stage, or past the last one, and enters it.
    pub fn go(&mut self, ground: &Ground, changes: &mut Changes, to: usize, outcome: Outcome, hand: &Hand) {
        let Some(plan) = self.plan(ground) else { return };
        let Some(course) = &mut self.course else { return };
        let (from, entered) = (course.state.place, course.state.entered_on);
        let days = i32::try_from((ground.today - entered).num_days()).unwrap_or(i32::MAX);
        // A stay that began just now is not stored yet.
        let new = |row: &&mut VisitRow| row.client_id == self.subject.id && row.outcome.is_none();
        match changes.visits.iter_mut().find(new) {
            Some(row) => {
                (row.left_on, row.days) = (Some(ground.today), Some(days));
                (row.outcome, row.reason) = (Some(outcome.as_str().to_owned()), hand.reason.clone());
                row.user_id = hand.by;
            }
            None => changes.ended.push(Ended {
                client: self.subject.id,
                on: ground.today,
                days,
                outcome: outcome.as_str(),
                reason: hand.reason.clone(),
                by: hand.by,
            }),
        }
        course.state.go(&plan.template, to, outcome, ground.today);
        // What was skipped on the way is history too.
        let course = course.clone();
        let skipped = plan.template.stages.iter().enumerate().filter(|(place, _)| *place > from && *place < to);
        for (place, stage) in skipped {
            let state = State { place, ..course.state.clone() };
            let passing = Course { state, ..course.clone() };
            let over = Some((Outcome::Skipped, hand));
            changes.visits.push(visit(&self.subject, &passing, stage, over));
        }
        let left = plan.template.stages.get(from).map(|stage| stage.key.clone());
        for row in self.milestones.iter_mut().filter(|row| row.key.is_some() && row.stage == left) {
            if row.completed_on.is_none() && outcome == Outcome::Completed {
                row.completed_on = Some(ground.today);
                changes.milestones.push(row.clone());
            }
        }
        if outcome != Outcome::Completed {
            // Nobody will reach them any more; entering the stage again makes them anew.
            let gone = |row: &MilestoneRow| row.key.is_some() && row.stage == left && row.completed_on.is_none();
            changes
                .milestones_gone
                .extend(self.milestones.iter().filter(|row| gone(row)).map(|row| (row.client_id, row.id)));
            self.milestones.retain(|row| !gone(row));
        }
        // What is inferred gives nobody tasks.
        let with_tasks = !changes.quiet;
        self.enter(ground, changes, with_tasks);
    }

    /// Looks at the journey and notes what changed: criteria, alerts, where the client stands. With the template's leave a
    /// client whose stage is done goes on, one stage a look.
    pub fn settle(&mut self, ground: &Ground, changes: &mut Changes) {
        self.follow_tasks(ground, changes);
        self.note_done();
        let Some(plan) = self.plan(ground) else { return };
        let Some(mut verdict) = self.look(ground, plan) else { return };
        if verdict.goes_on {
            let to = self.course.as_ref().map_or(0, |course| course.state.place) + 1;
            self.go(ground, changes, to, Outcome::Completed, &Hand::default());
            changes.again.push(self.subject.id);
            match self.look(ground, plan) {
                Some(next) => verdict = next,
                None => return,
            }
        }
        self.keep(ground, changes, plan, &verdict);
    }

    fn look(&mut self, ground: &Ground, plan: &Plan) -> Option<Verdict> {
        let (actions, milestones) = (self.done(), self.reached());
        let look = Look {
            plan,
            catalogue: &ground.language.catalogue,
            facts: &self.facts,
            actions: &actions,
            milestones: &milestones,
            today: ground.today,
        };
        Some(evaluate(&mut self.course.as_mut()?.state, &look))
    }

    fn keep(&mut self, ground: &Ground, changes: &mut Changes, plan: &Plan, verdict: &Verdict) {
        let Some(course) = &self.course else { return };
        let state = &course.state;
        let today = ground.today;
        let stage = plan.template.stages.get(state.place);
        self.alert(ground, changes, &verdict.alerts);
        let course = course.clone();
        let state = &course.state;
        let missed = |row: &&MilestoneRow| milestone(row).status(today) == MilestoneStatus::Overdue;
        let overdue: Vec<&MilestoneRow> = self.milestones.iter().filter(missed).filter(|_| stage.is_some()).collect();
        let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        let kept = Kept { ticks: state.ticks.clone(), left: state.left.clone() };
        let mut row = JourneyRow {
            id: course.id,
            client_id: self.subject.id,
            template_id: course.template.0,
            version: course.template.1,
            stage: stage.map_or(COMPLETED, |stage| &stage.key).to_owned(),
            place: count(state.place),
            status: verdict.status.as_str().to_owned(),
            progress: verdict.progress,
            stage_progress: if stage.is_some() { state.stage_progress } else { 100.0 },
            started_on: state.started_on,
            entered_on: state.entered_on,
            plan_from: state.plan_from,
            expected_on: verdict.outlook.map(|outlook| outlook.expected),
            projected_on: verdict.outlook.and_then(|outlook| outlook.projected),
            progressed_on: state.progressed_on,
            proposed_on: state.proposed_on,
            completed_on: state.completed_on,
            standing_on: today,
            overdue: count(overdue.len()),
            overdue_critical: count(overdue.iter().filter(|row| row.critical).count()),
            alerts: count(verdict.alerts.len()),
            stalled: verdict.alerts.iter().any(|alert| alert.kind == AlertKind::Stalled),
            inferred: state.inferred,
            state: serde_json::to_value(&kept).unwrap_or_default(),
        };
        let stood = self.before.as_ref().filter(|old| old.standing() == row.standing());
        if let Some(old) = stood {
            row.standing_on = old.standing_on;
        } else {
            changes.health.push(self.subject.id);
        }
        let asked = self.before.as_ref().is_some_and(|old| old.proposed_on.is_some() && old.stage == row.stage);
        if let (Some(day), Some(stage), false) = (row.proposed_on, stage, asked) {
            changes.ask(&self.subject, stage, course.id, day);
        }
        if self.before.as_ref() != Some(&row) {
            changes.seen.push((self.subject.id, self.before.clone()));
            changes.journeys.push(row);
        }
    }

    /// Raises what is newly late, writes what changed of it, and resolves what no longer is.
    fn alert(&self, ground: &Ground, changes: &mut Changes, found: &[Alert]) {
        let mut open: HashMap<(&str, &str), &AlertRow> =
            self.alerts.iter().map(|row| ((row.kind.as_str(), row.subject.as_str()), row)).collect();
        for alert in found {
            let detail = serde_json::to_value(alert).unwrap_or_default();
            match open.remove(&(alert.kind.as_str(), alert.subject.as_str())) {
                Some(row) if row.detail == detail => {}
                Some(row) => changes.alerts.push(AlertRow { detail, ..row.clone() }),
                None => {
                    let row = AlertRow {
                        id: Uuid::now_v7(),
                        client_id: self.subject.id,
                        client_name: String::new(),
                        kind: alert.kind.as_str().to_owned(),
                        subject: alert.subject.clone(),
                        detail,
                        raised_on: ground.today,
                        resolved_on: None,
                    };
                    changes.raise(&row, alert, ground.today);
                    changes.alerts.push(row);
                }
            }
        }
        let over = open.into_values().map(|row| AlertRow { resolved_on: Some(ground.today), ..row.clone() });
        changes.alerts.extend(over);
    }
}

/// A stay that begins, or one that was passed over.
pub(super) fn visit(subject: &Subject, course: &Course, stage: &Stage, over: Option<(Outcome, &Hand)>) -> VisitRow {
    let state = &course.state;
    VisitRow {
        id: Uuid::now_v7(),
        journey_id: course.id,
        client_id: subject.id,
        stage: stage.key.clone(),
        place: i32::try_from(state.place).unwrap_or(0),
        planned_days: i32::try_from(stage.planned_days).unwrap_or(0),
        entered_on: state.entered_on,
        left_on: over.is_some().then_some(state.entered_on),
        days: over.is_some().then_some(0),
        outcome: over.as_ref().map(|(outcome, _)| outcome.as_str().to_owned()),
        reason: over.as_ref().and_then(|(_, hand)| hand.reason.clone()),
        user_id: over.as_ref().and_then(|(_, hand)| hand.by),
        user_name: None,
        inferred: state.inferred,
        segment: subject.segment.clone(),
    }
}

/// A stored milestone as rules see it.
pub(super) fn milestone(row: &MilestoneRow) -> Milestone {
    Milestone {
        id: row.id,
        title: label(&row.title),
        stage: row.stage.clone(),
        due: row.due,
        impact: Impact::parse(&row.impact).unwrap_or(Impact::Medium),
        critical: row.critical,
        completed_on: row.completed_on,
    }
}

/// Words as they are stored.
pub(super) fn label(json: &Value) -> Label {
    serde_json::from_value(json.clone()).unwrap_or_default()
}

/// What health makes of a journey.
trait Standing {
    fn standing(&self) -> (&str, &str, Option<NaiveDate>, i32, i32);
}

impl Standing for JourneyRow {
    fn standing(&self) -> (&str, &str, Option<NaiveDate>, i32, i32) {
        (&self.stage, &self.status, self.expected_on, self.overdue, self.overdue_critical)
    }
}
