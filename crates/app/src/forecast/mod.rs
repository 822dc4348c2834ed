//! The forecast of MRR: from the ledger's month-ends to months to come, whole and in parts that add up.

mod parts;
mod read;

pub use parts::{OTHER, Part};
pub(crate) use read::chances;
pub use read::{Forecasted, LEVELS, MonthAhead, forecast};
