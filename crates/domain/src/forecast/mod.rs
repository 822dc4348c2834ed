//! Forecasting of MRR: a damped drift whose interval is what it has missed by in the past.

pub mod drift;
pub mod quantile;
pub mod split;

pub use drift::{Forecast, History, Inside, MIN_CLOSES, Reliability, VERIFIABLE, forecast};
pub use quantile::Fan;
