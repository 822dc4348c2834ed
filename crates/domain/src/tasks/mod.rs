//! Tasks: what somebody has to do, by when and how urgently, mostly for a client.

use crate::{Code, Invalid};
use serde::{Deserialize, Serialize};

/// How urgent a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Before everything else.
    Urgent,
    /// Soon.
    High,
    /// In its turn.
    Normal,
    /// When there is time.
    Low,
}

impl Priority {
    /// All priorities, the most urgent first: their place is how they are stored and sorted.
    pub const ALL: [Priority; 4] = [Priority::Urgent, Priority::High, Priority::Normal, Priority::Low];

    /// As written by the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Priority::Urgent => "urgent",
            Priority::High => "high",
            Priority::Normal => "normal",
            Priority::Low => "low",
        }
    }

    /// The priority that is written so.
    pub fn parse(text: &str) -> Result<Priority, Invalid> {
        Priority::ALL
            .into_iter()
            .find(|priority| priority.as_str() == text)
            .ok_or_else(|| Invalid::field(Code::TasksPriorityUnknown, "priority").with("value", text))
    }

    /// 0 for urgent to 3 for low.
    pub const fn rank(self) -> i32 {
        self as i32
    }

    /// The priority of a rank; beyond the last one, low.
    pub fn of_rank(rank: i32) -> Priority {
        Priority::ALL.into_iter().find(|priority| priority.rank() == rank).unwrap_or(Priority::Low)
    }
}

/// Where a task comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Written by somebody.
    Hand,
    /// One of the best next moves, done in one click.
    Action,
    /// An opportunity that was accepted.
    Opportunity,
    /// A key action of the client's journey.
    Journey,
}

impl Origin {
    /// As stored and written by the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Origin::Hand => "hand",
            Origin::Action => "action",
            Origin::Opportunity => "opportunity",
            Origin::Journey => "journey",
        }
    }

    /// The origin that is written so.
    pub fn parse(text: &str) -> Result<Origin, Invalid> {
        [Origin::Hand, Origin::Action, Origin::Opportunity, Origin::Journey]
            .into_iter()
            .find(|origin| origin.as_str() == text)
            .ok_or_else(|| Invalid::field(Code::TasksOriginUnknown, "origin").with("value", text))
    }
}

/// The longest title, in characters.
pub const MAX_TITLE: usize = 200;
/// The longest note, in characters.
pub const MAX_NOTE: usize = 2_000;

/// The most steps that a task has.
pub const MAX_STEPS: usize = 50;
/// The furthest that a task is due in business days.
pub const MAX_BUSINESS_DAYS: u16 = 400;

/// A step of a task's checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What to do.
    pub text: String,
    /// Whether it is done.
    #[serde(default)]
    pub done: bool,
}

/// Refuses an endless checklist and steps that say nothing; returns it trimmed.
pub fn check_steps(steps: &[Step]) -> Result<Vec<Step>, Invalid> {
    if steps.len() > MAX_STEPS {
        return Err(Invalid::field(Code::ListTooLong, "checklist").with("max", MAX_STEPS));
    }
    let one = |(i, step): (usize, &Step)| {
        let text = text(&step.text, &format!("checklist[{i}].text"), MAX_TITLE)?;
        Ok(Step { text, done: step.done })
    };
    steps.iter().enumerate().map(one).collect()
}

/// Refuses a due day further away than anybody plans.
pub fn check_business_days(days: u16) -> Result<u16, Invalid> {
    if days > MAX_BUSINESS_DAYS {
        let refused = Invalid::field(Code::FieldRange, "dueInBusinessDays");
        return Err(refused.with("min", 0).with("max", MAX_BUSINESS_DAYS));
    }
    Ok(days)
}

/// Refuses an empty or overlong title; returns it trimmed.
pub fn check_title(title: &str) -> Result<String, Invalid> {
    text(title, "title", MAX_TITLE)
}

/// Refuses an overlong note; an empty one is none.
pub fn check_note(note: &str, field: &str) -> Result<Option<String>, Invalid> {
    if note.trim().is_empty() { Ok(None) } else { text(note, field, MAX_NOTE).map(Some) }
}

fn text(text: &str, field: &str, max: usize) -> Result<String, Invalid> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Invalid::field(Code::FieldRequired, field));
    }
    if text.chars().count() > max {
        return Err(Invalid::field(Code::FieldTooLong, field).with("max", max));
    }
    // PostgreSQL cannot store it.
    if text.contains('\0') {
        return Err(Invalid::field(Code::FieldType, field).with("expected", "text without NUL"));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn priorities_are_sorted_as_they_are_stored() {
        for (rank, priority) in Priority::ALL.into_iter().enumerate() {
            assert_eq!(priority.rank(), rank as i32);
            assert_eq!(Priority::of_rank(rank as i32), priority);
            assert_eq!(Priority::parse(priority.as_str()), Ok(priority));
        }
        assert_eq!(Priority::of_rank(9), Priority::Low);
        assert_eq!(Priority::parse("asap").err().map(|e| e.code), Some(Code::TasksPriorityUnknown));
    }

    #[test]
    fn a_checklist_is_short_and_says_something() {
        let step = |text: &str| Step { text: text.into(), done: true };
        assert_eq!(check_steps(&[step("  Call ")]), Ok(vec![step("Call")]));
        assert_eq!(check_steps(&[]), Ok(vec![]));
        let refused = check_steps(&[step("a"), step("  ")]).err().map(|e| e.params["field"].clone());
        assert_eq!(refused, Some("checklist[1].text".into()));
        let many = vec![step("a"); MAX_STEPS + 1];
        assert_eq!(check_steps(&many).err().map(|e| e.code), Some(Code::ListTooLong));
        assert!(check_business_days(MAX_BUSINESS_DAYS).is_ok() && check_business_days(MAX_BUSINESS_DAYS + 1).is_err());
    }

    #[test]
    fn titles_and_notes_are_short_texts() {
        for (title, code) in [
            ("  Call  ", None),
            ("   ", Some(Code::FieldRequired)),
            ("a\0b", Some(Code::FieldType)),
            (&"x".repeat(MAX_TITLE + 1) as &str, Some(Code::FieldTooLong)),
        ] {
            assert_eq!(check_title(title).err().map(|e| e.code), code, "{title:?}");
        }
        assert_eq!(check_title("  Call  "), Ok("Call".to_owned()));
        assert_eq!(check_note("  ", "note"), Ok(None));
        assert_eq!(check_note(" a ", "note"), Ok(Some("a".to_owned())));
    }
}
