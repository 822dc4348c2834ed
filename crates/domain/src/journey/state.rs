//! What is stored of one client's journey, and how people and criteria move it.

use super::criteria::Evidence;
use super::template::Template;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// How a stage stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageStatus {
    /// Not begun.
    Pending,
    /// Under way.
    Active,
    /// Under way, and late or about to be.
    AtRisk,
    /// Done.
    Completed,
    /// Left out by somebody.
    Skipped,
}

impl StageStatus {
    /// As stored and written by the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            StageStatus::Pending => "pending",
            StageStatus::Active => "active",
            StageStatus::AtRisk => "at_risk",
            StageStatus::Completed => "completed",
            StageStatus::Skipped => "skipped",
        }
    }
}

/// How a stage was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Done.
    Completed,
    /// Left out.
    Skipped,
    /// Somebody took the client back to a stage before it.
    Moved,
}

impl Outcome {
    /// As stored and written by the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Outcome::Completed => "completed",
            Outcome::Skipped => "skipped",
            Outcome::Moved => "moved",
        }
    }
}

/// What is known of a criterion.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tick {
    /// Whether it is met.
    pub met: bool,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
    /// Who said so, of a manual one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Uuid>,
    /// How far it is, 0–1.
    #[serde(default)]
    pub fraction: f64,
    /// The values behind it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// The day as of which those are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked_on: Option<NaiveDate>,
}

/// A stage that lies behind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Left {
    /// Completed or skipped.
    pub outcome: Outcome,
    /// Its progress when it was left, 0–100.
    pub progress: f64,
}

/// A key action of a client.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// The stage's key.
    pub stage: String,
    /// Its own.
    pub key: String,
    /// The task that stands for it; none where nobody was given one.
    pub task: Option<Uuid>,
    /// By when.
    pub due: Option<NaiveDate>,
    /// Done on.
    pub done_on: Option<NaiveDate>,
}

/// What is stored of a journey.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// The place of the current stage; as many as there are stages once it is completed.
    pub place: usize,
    /// When the journey began.
    pub started_on: NaiveDate,
    /// When the current stage began.
    pub entered_on: NaiveDate,
    /// From when its plan counts: later than `entered_on` where the stage was inferred, for nobody is late on a plan that
    /// nobody had.
    pub plan_from: NaiveDate,
    /// The last day on which the stage's progress rose, or the stage began.
    pub progressed_on: NaiveDate,
    /// Since when somebody is asked whether to go on.
    pub proposed_on: Option<NaiveDate>,
    /// Whether somebody took the client back to this stage: it goes on when a person says so, until a required criterion
    /// does not hold.
    pub held: bool,
    /// When all stages lay behind.
    pub completed_on: Option<NaiveDate>,
    /// The current stage's progress, 0–100.
    pub stage_progress: f64,
    /// Whether the current stage was read off tenure and use.
    pub inferred: bool,
    /// Criteria by stage and key.
    pub ticks: BTreeMap<String, BTreeMap<String, Tick>>,
    /// The stages that lie behind, by key.
    pub left: BTreeMap<String, Left>,
}

impl State {
    /// A journey that begins with a stage on a day.
    pub fn begun(place: usize, day: NaiveDate) -> State {
        State {
            place,
            started_on: day,
            entered_on: day,
            plan_from: day,
            progressed_on: day,
            proposed_on: None,
            held: false,
            completed_on: None,
            stage_progress: 0.0,
            inferred: false,
            ticks: BTreeMap::new(),
            left: BTreeMap::new(),
        }
    }

    /// What is known of a criterion.
    pub fn tick(&self, stage: &str, key: &str) -> Option<&Tick> {
        self.ticks.get(stage)?.get(key)
    }

    /// Goes to a stage, or past the last one. Forwards, the current stage is left with `outcome` and those in between are
    /// skipped; back, the stages from there on are to be done again.
    pub fn go(&mut self, template: &Template, to: usize, outcome: Outcome, day: NaiveDate) {
        let to = to.min(template.stages.len());
        for (place, stage) in template.stages.iter().enumerate() {
            if place >= to {
                self.left.remove(&stage.key);
            } else if place == self.place {
                self.left.insert(stage.key.clone(), Left { outcome, progress: self.stage_progress });
            } else if place > self.place {
                self.left.insert(stage.key.clone(), Left { outcome: Outcome::Skipped, progress: 0.0 });
            }
        }
        // What held before somebody took the client back may hold still: going on at once would undo what they did.
        self.held = to < self.place;
        self.place = to;
        self.inferred = false;
        self.begin(day);
        self.completed_on = (to == template.stages.len()).then_some(day);
    }

    /// The current stage begins on a day.
    pub(super) fn begin(&mut self, day: NaiveDate) {
        (self.entered_on, self.plan_from, self.progressed_on) = (day, day, day);
        (self.proposed_on, self.stage_progress) = (None, 0.0);
    }
}
