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
pub mod mail;
pub mod notifications;
pub mod opportunities;
pub mod permissions;
mod secrets;
pub mod surveys;
pub mod tasks;
pub mod usage;

pub use clock::{Clock, FixedClock, SystemClock};
pub use error::{Error, Result};
pub use permissions::{Actor, ActorKind};

use essor_store::Db;
use std::path::Path;
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
    /// Where files lie that are not the database's.
    pub data_dir: Arc<Path>,
    /// The way the call under way came, for what signs somebody in and has no actor yet.
    pub trail: audit::Trail,
    /// The folder for what is kept beside the database.
    pub(crate) keeping: Arc<clients::Keeping>,
    /// Bounds password hashing, which takes 19 MiB and 80 ms each time.
    pub(crate) hashing: Arc<tokio::sync::Semaphore>,
    /// How far the audit's chains were found whole.
    pub(crate) marks: Arc<audit::Marks>,
    /// What links that are shown again are made from.
    pub(crate) secret: secrets::Secret,
    /// Sends e-mail, where a server for it was named.
    pub(crate) mailer: Option<Arc<mail::Mailer>>,
}

impl App {
    /// An application over a database that has been migrated.
    pub fn new(db: Db, clock: Arc<dyn Clock>, public_url: &str) -> Self {
        App {
            db,
            clock,
            public_url: public_url.trim_end_matches('/').into(),
            data_dir: Path::new("essor-data").into(),
            trail: audit::Trail::system(),
            keeping: Arc::default(),
            hashing: Arc::new(tokio::sync::Semaphore::new(2)),
            marks: Arc::default(),
            secret: secrets::Secret::default(),
            mailer: None,
        }
    }

    /// The same application with a directory for what is kept beside the database: files, and what was erased.
    #[must_use]
    pub fn in_dir(self, data_dir: &Path) -> Self {
        App { data_dir: data_dir.into(), keeping: Arc::new(clients::Keeping::in_folder(data_dir)), ..self }
    }

    /// The same application with the secret of this installation. Without one, links made by this process are known to
    /// it alone.
    #[must_use]
    pub fn with_secret(self, secret: &str) -> Self {
        App { secret: secrets::Secret::of(secret), ..self }
    }

    /// The same application with a server for e-mail.
    #[must_use]
    pub fn with_mailer(self, mailer: Option<mail::Mailer>) -> Self {
        App { mailer: mailer.map(Arc::new), ..self }
    }

    /// The same application for a call that came this way.
    #[must_use]
    pub fn on(&self, trail: audit::Trail) -> Self {
        App { trail, ..self.clone() }
    }
}
