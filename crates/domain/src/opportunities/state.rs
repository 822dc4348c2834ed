//! The states of an opportunity and which may follow which.

use crate::{Code, Invalid};
use serde::{Deserialize, Serialize};

/// Where an opportunity stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Found, nobody has decided.
    Open,
    /// Somebody works on it.
    Accepted,
    /// Put off until a day.
    Snoozed,
    /// Not worth it, for a reason.
    Dismissed,
    /// Gained, with an amount.
    Won,
    /// Tried and not gained, for a reason.
    Lost,
    /// Its evidence was gone before anybody decided.
    Expired,
}

impl State {
    /// All states.
    pub const ALL: [State; 7] =
        [State::Open, State::Accepted, State::Snoozed, State::Dismissed, State::Won, State::Lost, State::Expired];

    /// As stored and written by the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Accepted => "accepted",
            State::Snoozed => "snoozed",
            State::Dismissed => "dismissed",
            State::Won => "won",
            State::Lost => "lost",
            State::Expired => "expired",
        }
    }

    /// The state that is written so.
    pub fn parse(text: &str) -> Result<State, Invalid> {
        State::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| Invalid::field(Code::OpportunitiesStateUnknown, "state").with("value", text))
    }

    /// Whether it still counts: a client has at most one such opportunity of a detector.
    pub const fn lives(self) -> bool {
        matches!(self, State::Open | State::Accepted | State::Snoozed)
    }

    /// Refuses a step that a person may not take: from a living state anywhere but to `expired`; back to `open` from
    /// what was decided. What expired is over: its evidence is gone.
    pub fn step(self, to: State) -> Result<(), Invalid> {
        let allowed = match (self, to) {
            (_, State::Expired) | (State::Expired, _) => false,
            (from, State::Open) => from != State::Open,
            (from, to) => from.lives() && from != to || (from, to) == (State::Snoozed, State::Snoozed),
        };
        if allowed {
            return Ok(());
        }
        Err(Invalid::field(Code::OpportunitiesStep, "state").with("from", self.as_str()).with("to", to.as_str()))
    }
}

/// Why an opportunity can be dismissed.
pub const DISMISSED_FOR: [&str; 5] = ["not_relevant", "wrong_data", "already_done", "bad_timing", "other"];
/// Why an opportunity can be lost.
pub const LOST_FOR: [&str; 6] = ["price", "budget", "competitor", "no_need", "no_answer", "other"];
