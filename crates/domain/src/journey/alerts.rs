//! Delay alerts: what is late now. Each is named by its kind and subject, so that the same cause is the same alert.

use super::milestones::{Milestone, MilestoneStatus};
use super::progress::Outlook;
use super::state::{Action, State};
use super::template::{Label, Plan};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident $text:literal,)+) => {
        /// What is late.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum AlertKind { $($(#[$doc])* $name,)+ }

        impl AlertKind {
            /// All of them.
            pub const ALL: &'static [AlertKind] = &[$(AlertKind::$name,)+];

            /// As stored and written by the API.
            pub const fn as_str(self) -> &'static str {
                match self { $(AlertKind::$name => $text,)+ }
            }

            /// The kind that is written so.
            pub fn parse(text: &str) -> Option<AlertKind> {
                AlertKind::ALL.iter().copied().find(|kind| kind.as_str() == text)
            }
        }
    };
}

kinds! {
    /// The stage should have ended.
    StageLate "stage_late",
    /// At its pace the stage will end too late.
    StageProjectedLate "stage_projected_late",
    /// A milestone was missed.
    MilestoneOverdue "milestone_overdue",
    /// A key action of the stage should have been done.
    ActionOverdue "action_overdue",
    /// Nothing has moved for some time.
    Stalled "stalled",
}

/// Something that is late.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Alert {
    /// What kind.
    pub kind: AlertKind,
    /// What it is about: the stage's key, the milestone's id, the action's key.
    pub subject: String,
    /// The stage.
    pub stage: String,
    /// The words of what it is about.
    pub label: Label,
    /// The day that lies behind; of a projection the planned end, of a stall the last progress.
    pub due: NaiveDate,
    /// Where a projection ends.
    pub projected: Option<NaiveDate>,
    /// Whether a missed milestone is critical.
    pub critical: bool,
}

/// Everything that is late on a day: a function of what is stored, whatever order it came in.
pub fn alerts(
    plan: &Plan,
    state: &State,
    actions: &[Action],
    milestones: &[Milestone],
    outlook: Option<Outlook>,
    today: NaiveDate,
) -> Vec<Alert> {
    let (Some(stage), Some(outlook)) = (plan.template.stages.get(state.place), outlook) else { return Vec::new() };
    let alert = |kind, subject: &str, label: &Label, due| Alert {
        kind,
        subject: subject.to_owned(),
        stage: stage.key.clone(),
        label: label.clone(),
        due,
        projected: None,
        critical: false,
    };
    let mut out = Vec::new();
    if today > outlook.expected {
        out.push(alert(AlertKind::StageLate, &stage.key, &stage.label, outlook.expected));
    } else if outlook.slow {
        let late = alert(AlertKind::StageProjectedLate, &stage.key, &stage.label, outlook.expected);
        out.push(Alert { projected: outlook.projected, ..late });
    }
    for milestone in milestones.iter().filter(|m| m.status(today) == MilestoneStatus::Overdue) {
        let late = alert(AlertKind::MilestoneOverdue, &milestone.id.to_string(), &milestone.title, milestone.due);
        out.push(Alert { critical: milestone.critical, ..late });
    }
    for action in &stage.actions {
        let done = actions.iter().find(|a| a.stage == stage.key && a.key == action.key);
        if let Some(due) = done.filter(|a| a.done_on.is_none()).and_then(|a| a.due).filter(|due| *due < today) {
            out.push(alert(AlertKind::ActionOverdue, &format!("{}.{}", stage.key, action.key), &action.label, due));
        }
    }
    let still = (today - state.progressed_on.max(state.plan_from)).num_days();
    if still >= plan.template.stalled_after_days {
        out.push(alert(AlertKind::Stalled, &stage.key, &stage.label, state.progressed_on));
    }
    out
}
