//! One client's journey as it is read, and as it is after something has happened.

use super::ground::Ground;
use super::save::Changes;
use crate::error::Result;
use chrono::NaiveDate;
use essor_domain::expressions::{Facts, Held, Kind, Known, Source};
use essor_domain::journey::{
    Action, Alert, AlertKind, COMPLETED, Case as Look, Impact, Label, Left, Milestone, MilestoneStatus, Outcome, Plan,
    State, Tick, Verdict, evaluate, followed,
};
use essor_domain::time::day_in;
use essor_store::journey::actions::ActionRow;
use essor_store::journey::alerts::AlertRow;
use essor_store::journey::milestones::MilestoneRow;
use essor_store::journey::{self as store, JourneyRow, Subject, actions, alerts, milestones};
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
    held: bool,
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
                held: kept.held,
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
    pub fn follow_tasks(&mut self, ground: &Ground, changes: &mut Changes) {
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

    /// Notes what criteria and tasks say now, before a person decides on it.
    pub fn refresh(&mut self, ground: &Ground, changes: &mut Changes) {
        self.follow_tasks(ground, changes);
        self.note_done();
        if let Some(plan) = self.plan(ground) {
            self.look(ground, plan);
        }
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

    /// What there is to say of the journey; of a client that is not followed, nothing that is late.
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
        let state = &mut self.course.as_mut()?.state;
        let verdict = evaluate(state, &look);
        Some(if followed(&self.subject.status) { verdict } else { verdict.suspended(state) })
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
        let counts = stage.is_some() && followed(&self.subject.status);
        let overdue: Vec<&MilestoneRow> = self.milestones.iter().filter(missed).filter(|_| counts).collect();
        let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        let kept = Kept { ticks: state.ticks.clone(), left: state.left.clone(), held: state.held };
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
        // Who took the client back knows what holds, and need not be asked at once.
        if let (Some(day), Some(stage), false) = (row.proposed_on, stage, asked || state.held) {
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
