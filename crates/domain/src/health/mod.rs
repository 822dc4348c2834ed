//! Health: a client's score from 0 to 100, read off facts by published rules.
//!
//! [`score`] is the weighted mean of the components that are known, each 0–100 with its evidence. What is missing is
//! left out, never counted as 0; below the profile's coverage there is no number at all. Same facts, same bits.

mod curve;
mod facts;
mod licence;
mod profile;
mod risks;
mod satisfaction;
mod score;
mod support;
mod usage;

pub use facts::{Facts, Feeds, SurveyFact, SurveyKind, TicketFact, UsageFacts};
pub use profile::{Component, HealthClass, Profile, Weights};
pub use risks::{Risk, carry_since};
pub use score::{Evidence, Factor, Health, score};
