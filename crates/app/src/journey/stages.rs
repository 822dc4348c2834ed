//! Entering stages and leaving them: the tasks, milestones and stays that come and go with that.

use super::case::{Case, Course, Hand};
use super::ground::Ground;
use super::save::Changes;
use chrono::{Days, NaiveDate};
use essor_domain::journey::{KeyAction, MilestonePlan, Outcome, Stage, State};
use essor_store::journey::Subject;
use essor_store::journey::actions::ActionRow;
use essor_store::journey::milestones::MilestoneRow;
use essor_store::journey::visits::VisitRow;
use essor_store::tasks::Saved;
use std::collections::BTreeSet;
use uuid::Uuid;

impl Case {
    /// Enters the current stage: its key actions become tasks, its milestones get their days.
    pub fn enter(&mut self, ground: &Ground, changes: &mut Changes, with_tasks: bool) {
        let (Some(plan), Some(course)) = (self.plan(ground), &self.course) else { return };
        let Some(stage) = plan.template.stages.get(course.state.place) else { return };
        changes.visits.push(visit(&self.subject, course, stage, None));
        let begins = course.state.plan_from;
        self.make_actions(ground, changes, stage, &stage.actions, begins, with_tasks);
        self.make_milestones(changes, stage, &stage.milestones, begins);
    }

    /// The current stage is planned otherwise than `before`: what is new of it comes. What was there stays as it is, and
    /// what people took away stays away.
    pub fn replan(&mut self, ground: &Ground, changes: &mut Changes, before: &Stage, with_tasks: bool) {
        let (Some(plan), Some(course)) = (self.plan(ground), &self.course) else { return };
        let Some(stage) = plan.template.stages.get(course.state.place) else { return };
        let begins = course.state.plan_from;
        let new = |key: &str| !before.actions.iter().any(|action| action.key == key);
        let actions: Vec<KeyAction> = stage.actions.iter().filter(|action| new(&action.key)).cloned().collect();
        self.make_actions(ground, changes, stage, &actions, begins, with_tasks);
        let known = |key: &str| {
            let there = |row: &MilestoneRow| {
                row.stage.as_deref() == Some(stage.key.as_str()) && row.key.as_deref() == Some(key)
            };
            before.milestones.iter().any(|planned| planned.key == key) || self.milestones.iter().any(there)
        };
        let new: Vec<MilestonePlan> = stage.milestones.iter().filter(|planned| !known(&planned.key)).cloned().collect();
        self.make_milestones(changes, stage, &new, begins);
    }

    fn make_actions(
        &mut self,
        ground: &Ground,
        changes: &mut Changes,
        stage: &Stage,
        actions: &[KeyAction],
        begins: NaiveDate,
        with_tasks: bool,
    ) {
        for action in actions {
            let known = self.actions.iter().position(|row| row.stage == stage.key && row.action == action.key);
            // What was done once need not be done again.
            if known.is_some_and(|i| self.actions[i].done_on.is_some() || self.actions[i].task_id.is_some()) {
                continue;
            }
            let due = ground.due(action, begins);
            let mut row = ActionRow::new(self.subject.id, &stage.key, &action.key);
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
    }

    fn make_milestones(&mut self, changes: &mut Changes, stage: &Stage, planned: &[MilestonePlan], begins: NaiveDate) {
        for planned in planned {
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
        changes.end(&self.subject, ground.today, entered, outcome, hand);
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
            // Of a stage that is left out, and of those that are to be done again: entering one makes both anew.
            let after: BTreeSet<&str> =
                plan.template.stages.iter().skip(to + 1).map(|stage| stage.key.as_str()).collect();
            self.drop_open(ground, changes, |stage| {
                Some(stage) == left.as_deref() || (to < from && after.contains(stage))
            });
        }
        // What is inferred gives nobody tasks.
        let with_tasks = !changes.quiet;
        self.enter(ground, changes, with_tasks);
    }

    /// Drops the open milestones of stages, which nobody will reach any more, and takes back the tasks of their open key
    /// actions, which nobody is to do any more.
    pub fn drop_open(&mut self, ground: &Ground, changes: &mut Changes, of: impl Fn(&str) -> bool) {
        let gone = |row: &MilestoneRow| {
            row.key.is_some() && row.completed_on.is_none() && row.stage.as_deref().is_some_and(&of)
        };
        let (dropped, kept) = std::mem::take(&mut self.milestones).into_iter().partition(gone);
        self.milestones = kept;
        changes.milestones_gone.extend(Vec::into_iter(dropped).map(|row: MilestoneRow| (row.client_id, row.id)));
        // A task that was done since the last look is done.
        self.follow_tasks(ground, changes);
        for row in self.actions.iter_mut().filter(|row| row.done_on.is_none() && of(&row.stage)) {
            let Some(task) = row.task_id.take() else { continue };
            (row.due, row.task_due, row.owner_name) = (None, None, None);
            changes.tasks_gone.push((row.client_id, task));
            changes.actions.push(row.clone());
        }
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
        // Nobody stayed in what was passed over.
        days: None,
        outcome: over.as_ref().map(|(outcome, _)| outcome.as_str().to_owned()),
        reason: over.as_ref().and_then(|(_, hand)| hand.reason.clone()),
        user_id: over.as_ref().and_then(|(_, hand)| hand.by),
        user_name: None,
        inferred: state.inferred,
        segment: subject.segment.clone(),
    }
}
