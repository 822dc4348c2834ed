//! Health: scores computed from stored facts, recorded with what they were computed from.

mod facts;
mod read;
mod score;

pub use read::{HealthPage, UsagePage, page, usage};
pub use score::{record_day, rebuild, score_clients};
