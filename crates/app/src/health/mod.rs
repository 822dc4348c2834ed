//! Health: scores computed from stored facts, recorded with what they were computed from.

mod facts;
mod read;
mod score;

pub use read::{HealthPage, UsagePage, page, usage};
pub use score::{Fresh, assess_all, rebuild, record_day, save, score_all};
