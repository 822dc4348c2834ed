//! The clock, passed in so that any run can be replayed.

use chrono::{DateTime, Utc};
use std::sync::Mutex;

/// Tells what time it is.
pub trait Clock: Send + Sync {
    /// Now, cut to microseconds, as both databases keep it.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        essor_domain::time::micros(Utc::now())
    }
}

/// A clock that stands where it was set: for tests and reproducible demos.
#[derive(Debug)]
pub struct FixedClock(Mutex<DateTime<Utc>>);

impl FixedClock {
    /// A clock that shows `at`.
    pub fn new(at: DateTime<Utc>) -> Self {
        FixedClock(Mutex::new(essor_domain::time::micros(at)))
    }

    /// Moves the hands.
    pub fn set(&self, at: DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = essor_domain::time::micros(at);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
