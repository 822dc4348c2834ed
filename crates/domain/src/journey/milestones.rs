//! Milestones: dated things to reach, and how late they are.

use super::template::Label;
use crate::{Code, Invalid};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A milestone is due soon from so many days before its day on.
pub const DUE_SOON_DAYS: i64 = 7;

/// What missing a milestone would cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Impact {
    /// Little.
    Low,
    /// Something.
    Medium,
    /// Much.
    High,
}

impl Impact {
    /// As stored and written by the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Impact::Low => "low",
            Impact::Medium => "medium",
            Impact::High => "high",
        }
    }

    /// The impact that is written so.
    pub fn parse(text: &str) -> Result<Impact, Invalid> {
        [Impact::Low, Impact::Medium, Impact::High]
            .into_iter()
            .find(|impact| impact.as_str() == text)
            .ok_or_else(|| Invalid::field(Code::FieldType, "impact").with("expected", "low, medium, high"))
    }
}

/// A milestone of one client.
#[derive(Debug, Clone, PartialEq)]
pub struct Milestone {
    /// Its id.
    pub id: Uuid,
    /// Its words.
    pub title: Label,
    /// The stage that it belongs to, if any.
    pub stage: Option<String>,
    /// By when.
    pub due: NaiveDate,
    /// What missing it would cost.
    pub impact: Impact,
    /// Whether missing it puts the journey at risk.
    pub critical: bool,
    /// Reached on.
    pub completed_on: Option<NaiveDate>,
}

/// How a milestone stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MilestoneStatus {
    /// Later.
    Upcoming,
    /// Within seven days.
    DueSoon,
    /// Missed so far.
    Overdue,
    /// Reached.
    Completed,
}

impl MilestoneStatus {
    /// As the API writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            MilestoneStatus::Upcoming => "upcoming",
            MilestoneStatus::DueSoon => "due_soon",
            MilestoneStatus::Overdue => "overdue",
            MilestoneStatus::Completed => "completed",
        }
    }
}

/// Refuses a day before the stage of a milestone begins; `begins` is the earliest that would be right.
pub fn check_due(due: NaiveDate, begins: NaiveDate) -> Result<(), Invalid> {
    if due >= begins {
        return Ok(());
    }
    let refused = Invalid::field(Code::JourneyMilestoneEarly, "due").with("value", due.to_string());
    Err(refused.with("way", "dated").with("min", begins.to_string()))
}

impl Milestone {
    /// How it stands on a day.
    pub fn status(&self, today: NaiveDate) -> MilestoneStatus {
        let left = (self.due - today).num_days();
        match self.completed_on {
            Some(_) => MilestoneStatus::Completed,
            None if left < 0 => MilestoneStatus::Overdue,
            None if left <= DUE_SOON_DAYS => MilestoneStatus::DueSoon,
            None => MilestoneStatus::Upcoming,
        }
    }

    /// How many days late it was reached, or is so far.
    pub fn days_late(&self, today: NaiveDate) -> i64 {
        (self.completed_on.unwrap_or(today) - self.due).num_days().max(0)
    }
}
