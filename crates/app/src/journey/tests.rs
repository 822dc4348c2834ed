//! What is looked at again and again, in whatever order things happen, comes to the same; and each cause is one alert.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::case::{Case, Course};
use super::ground::Ground;
use super::save::Changes;
use chrono::{DateTime, Days, NaiveDate, Utc};
use essor_domain::expressions::{Facts, Held, Known, Source};
use essor_domain::journey::{
    Advance, Alert, AlertKind, Criterion, Impact, KeyAction, Label, MilestonePlan, OwnerRole, Stage, State, Template,
    Weights,
};
use essor_domain::tasks::Priority;
use essor_store::journey::actions::ActionRow;
use essor_store::journey::alerts::AlertRow;
use essor_store::journey::milestones::MilestoneRow;
use essor_store::journey::{JourneyRow, Subject};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

const STALLED: i64 = 8;
const PLANNED: i64 = 30;
const FACTS: [Known; 3] = [Known::ActiveDays30d, Known::ActiveUsers30d, Known::Features30d];

fn begins() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 1).unwrap()
}

/// One stage of three criteria, four key actions and two milestones, and one after it.
fn template() -> Template {
    let label = |text: &str| Label::new(text, text);
    let criterion = |(i, text): (usize, &str)| Criterion {
        key: format!("c{i}"),
        label: label(text),
        expression: Some(text.to_owned()),
        required: i < 2,
        once: false,
        weight: 1 + i as i64,
    };
    let action = |(i, due): (usize, i64)| KeyAction {
        key: format!("a{i}"),
        label: label(&format!("a{i}")),
        owner: OwnerRole::InCharge,
        due_days: due,
        business: i % 2 == 0,
        priority: Priority::Normal,
    };
    let milestone = |(i, day): (usize, i64)| MilestonePlan {
        key: format!("m{i}"),
        title: label(&format!("m{i}")),
        day,
        impact: Impact::High,
        critical: i == 0,
    };
    let measured = ["usage.active_days_30d >= 10", "usage.active_users_30d >= 6", "usage.features_30d >= 3"];
    let stage = Stage {
        key: "one".into(),
        label: label("one"),
        description: label(""),
        planned_days: PLANNED,
        criteria: measured.into_iter().enumerate().map(criterion).collect(),
        actions: [3, 7, 12, 20].into_iter().enumerate().map(action).collect(),
        milestones: [10, 25].into_iter().enumerate().map(milestone).collect(),
    };
    let last = Stage { key: "two".into(), actions: Vec::new(), milestones: Vec::new(), ..stage.clone() };
    Template {
        name: label("Short"),
        segment: None,
        advance: Advance::Ask,
        stalled_after_days: STALLED,
        weights: Weights::default(),
        stages: vec![stage, last],
    }
}

/// A task as its own table has it.
#[derive(Debug, Clone, Copy, Default)]
struct Task {
    due: Option<NaiveDate>,
    done: Option<DateTime<Utc>>,
    gone: Option<DateTime<Utc>>,
}

/// One client and all that is stored of its journey.
#[derive(Default)]
struct World {
    row: Option<JourneyRow>,
    actions: Vec<ActionRow>,
    milestones: Vec<MilestoneRow>,
    open: Vec<AlertRow>,
    facts: Facts,
    tasks: BTreeMap<Uuid, Task>,
    told: BTreeSet<String>,
}

/// Something that happens to one thing: a fact, an action's task or a milestone, by its place, and what.
type Event = (usize, u8);

impl World {
    fn subject() -> Subject {
        Subject {
            id: Uuid::from_u128(1),
            name: "Acme".into(),
            segment: None,
            segment_key: None,
            owner: None,
            status: "active".into(),
            since: None,
            first_paid_on: None,
            created_at: DateTime::UNIX_EPOCH,
        }
    }

    /// Reads the client as stored, looks at it, and stores what changed as the database would.
    fn look(&mut self, ground: &Ground) -> Changes {
        let joined = |row: &ActionRow| {
            let task = row.task_id.and_then(|id| self.tasks.get(&id)).copied().unwrap_or_default();
            ActionRow { task_due: task.due, task_gone: task.gone, task_done: task.done, ..row.clone() }
        };
        let mut case = Case {
            subject: World::subject(),
            course: self.row.as_ref().map(Course::of),
            before: self.row.clone(),
            actions: self.actions.iter().map(joined).collect(),
            milestones: self.milestones.clone(),
            alerts: self.open.clone(),
            facts: self.facts.clone(),
        };
        let mut changes = Changes::default();
        if case.course.is_none() {
            let template = (ground.workspace.0, 0);
            case.course = Some(Course { id: Uuid::from_u128(2), template, state: State::begun(0, begins()) });
            case.enter(ground, &mut changes, true);
        }
        case.settle(ground, &mut changes);
        for task in &changes.tasks {
            self.tasks.insert(task.id, Task { due: task.due, ..Task::default() });
        }
        for row in &changes.actions {
            self.actions.retain(|old| old.action != row.action);
            self.actions.push(row.clone());
        }
        self.actions.sort_by(|a, b| a.action.cmp(&b.action));
        for row in &changes.milestones {
            self.milestones.retain(|old| old.id != row.id);
            self.milestones.push(row.clone());
        }
        self.milestones.sort_by_key(|row| row.title.to_string());
        let (over, open): (Vec<&AlertRow>, Vec<&AlertRow>) =
            changes.alerts.iter().partition(|row| row.resolved_on.is_some());
        self.open.retain(|row| !over.iter().any(|over| over.id == row.id));
        for row in open {
            self.open.retain(|old| old.id != row.id);
            let same = |old: &&AlertRow| (&old.kind, &old.subject) == (&row.kind, &row.subject);
            assert!(self.open.iter().find(same).is_none(), "two open alerts of one cause: {row:?}");
            self.open.push(row.clone());
        }
        for notice in &changes.notices {
            assert!(self.told.insert(notice.key.clone()) || notice.key.contains(":one:"), "told twice: {}", notice.key);
        }
        if let Some(row) = changes.journeys.last() {
            self.row = Some(row.clone());
        }
        changes
    }

    fn happen(&mut self, (what, value): Event, ground: &Ground) {
        let near = ground.today + Days::new(u64::from(value / 4 % 16)) - Days::new(5);
        match what {
            0..=2 => self.facts.set(Source::Known(FACTS[what]), Held::Number(f64::from(value % 16))),
            3..=6 => {
                let id = self.actions.get(what - 3).and_then(|row| row.task_id);
                let Some(task) = id.and_then(|id| self.tasks.get_mut(&id)).filter(|task| task.gone.is_none()) else {
                    return;
                };
                match value % 4 {
                    0 => task.done = Some(ground.now),
                    1 => task.done = None,
                    2 => task.due = Some(near),
                    _ => task.gone = Some(ground.now),
                }
            }
            _ => {
                let Some(row) = self.milestones.get_mut(what - 7) else { return };
                match value % 4 {
                    0 => row.completed_on = row.completed_on.or(Some(ground.today)),
                    1 => row.completed_on = None,
                    2 => row.due = near,
                    _ => row.critical = value < 128,
                }
            }
        }
    }

    /// What stands, whatever names it was given and whichever way it came.
    fn stands(&self) -> (Vec<String>, Value) {
        let mut open: Vec<String> = self.open.iter().map(|row| said(&row.detail)).collect();
        open.sort();
        let row = self.row.as_ref().unwrap();
        let figures = serde_json::json!([
            row.stage,
            row.status,
            row.progress,
            row.stage_progress,
            row.entered_on,
            row.expected_on,
            row.projected_on,
            row.progressed_on,
            row.proposed_on.is_some(),
            row.overdue,
            row.overdue_critical,
            row.alerts,
            row.stalled,
            row.state,
        ]);
        (open, figures)
    }

    /// What should be open, told from what is stored and by nothing that looks.
    fn causes(&self, today: NaiveDate) -> Vec<String> {
        let mut out = Vec::new();
        let mut late = |kind: AlertKind, what: &str| out.push(format!("{} {what}", kind.as_str()));
        for row in &self.actions {
            let task = row.task_id.and_then(|id| self.tasks.get(&id)).filter(|task| task.gone.is_none());
            if task.is_some_and(|task| task.done.is_none() && task.due.is_some_and(|due| due < today)) {
                late(AlertKind::ActionOverdue, &row.action);
            }
        }
        for row in self.milestones.iter().filter(|row| row.completed_on.is_none() && row.due < today) {
            late(AlertKind::MilestoneOverdue, row.title["en"].as_str().unwrap());
        }
        if (today - begins()).num_days() > PLANNED {
            late(AlertKind::StageLate, "one");
        }
        if (today - self.row.as_ref().unwrap().progressed_on).num_days() >= STALLED {
            late(AlertKind::Stalled, "one");
        }
        out.sort();
        out
    }
}

fn said(detail: &Value) -> String {
    let alert: Alert = serde_json::from_value(detail.clone()).unwrap();
    format!("{} {}", alert.kind.as_str(), alert.label.en)
}

/// Days ahead, and what happens on each: to one thing at most one thing a day.
fn days() -> impl Strategy<Value = Vec<(u64, BTreeMap<usize, u8>)>> {
    prop::collection::vec((1..6_u64, prop::collection::btree_map(0..9_usize, any::<u8>(), 0..7)), 1..9)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn whatever_the_order_of_a_day_it_comes_to_the_same(days in days(), turn in 0..9_usize, twice in any::<bool>()) {
        let (mut straight, mut turned) = (World::default(), World::default());
        let mut today = begins();
        for (ahead, events) in days {
            today = today + Days::new(ahead);
            let ground = Ground::of_one(template(), today);
            let events: Vec<Event> = events.into_iter().collect();
            straight.look(&ground);
            for event in &events {
                straight.happen(*event, &ground);
                straight.look(&ground);
            }
            let mut other = events.clone();
            other.reverse();
            if !other.is_empty() {
                let by = turn % other.len();
                other.rotate_left(by);
            }
            turned.look(&ground);
            for event in other {
                turned.happen(event, &ground);
                turned.look(&ground);
                if twice {
                    let again = turned.look(&ground);
                    prop_assert!(again.alerts.is_empty() && again.journeys.is_empty() && again.notices.is_empty());
                }
            }
            prop_assert_eq!(straight.stands(), turned.stands());
            // One open row a cause, and none without one.
            let (mut open, _) = straight.stands();
            let projected = open.iter().filter(|text| text.starts_with("stage_projected_late")).count();
            prop_assert!(projected <= usize::from((today - begins()).num_days() <= PLANNED));
            open.retain(|text| !text.starts_with("stage_projected_late"));
            prop_assert_eq!(open, straight.causes(today));
        }
    }
}
