//! Operations and jobs of Essor.
//!
//! HTTP, command line and jobs all call the operations here, so permissions, validation and events cannot be
//! forgotten by one of them. A verb per file; time is passed in through [`Clock`].

pub mod audit;
pub mod clients;
pub mod clock;
pub mod connectors;
pub mod demo;
pub mod error;
pub mod events;
pub mod forecast;
pub mod growth;
pub mod health;
pub mod identity;
pub mod jobs;
pub mod journey;
pub mod live;
pub mod notifications;
pub mod opportunities;
pub mod permissions;
pub mod tasks;
pub mod usage;

pub use clock::{Clock, FixedClock, SystemClock};
pub use error::{Error, Result};
pub use permissions::{Actor, ActorKind};

use essor_store::Db;
use std::sync::Arc;

/// What operations need: the database, the clock and the address under which people reach this Essor.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub db: Db,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The address in links, without a slash at its end.
    pub public_url: Arc<str>,
    /// The way the call under way came, for what signs somebody in and has no actor yet.
    pub trail: audit::Trail,
    /// Bounds password hashing, which takes 19 MiB and 80 ms each time.
    pub(crate) hashing: Arc<tokio::sync::Semaphore>,
    /// How far the audit's chains were found whole.
    pub(crate) marks: Arc<audit::Marks>,
}

impl App {
    /// An application over a database that has been migrated.
    pub fn new(db: Db, clock: Arc<dyn Clock>, public_url: &str) -> Self {
        App {
            db,
            clock,
            public_url: public_url.trim_end_matches('/').into(),
            trail: audit::Trail::system(),
            hashing: Arc::new(tokio::sync::Semaphore::new(2)),
            marks: Arc::default(),
        }
    }

    /// The same application for a call that came this way.
    #[must_use]
    pub fn on(&self, trail: audit::Trail) -> Self {
        App { trail, ..self.clone() }
    }
}
