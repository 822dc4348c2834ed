//! A whole Essor in one line on either engine, for stories told end to end.
//!
//! [`Essor`] is the real service on a real port over a database of its own, with a clock that the story moves;
//! [`story!`] tells one story on SQLite and on PostgreSQL. [`Process`] is the real binary, for faults that only a
//! process can have. Helpers panic with a sentence: what a story cannot do is a failed test.

mod binary;
mod build;
mod cluster;
mod database;
mod essor;
mod http;
mod live;
mod log;
mod mailbox;
mod wait;

pub use binary::{Process, binary};
pub use build::{Build, batch, client, contact, group, identify, signal, subscription, track};
pub use cluster::Cluster;
pub use database::{Database, postgres_url};
pub use essor::{Essor, Place, run};
pub use essor_store::Engine;
pub use http::{Answer, Who};
pub use live::{Listener, Message};
pub use log::{keep_log, kept_log};
pub use mailbox::{Mailbox, Received};
pub use wait::{DEADLINE, eventually};

/// Tells a story twice: `name::sqlite` and `name::postgres`. The story gets a fresh Essor with a workspace and its
/// owner; `empty` before the bars gives one in which nobody is yet, `working` one whose own worker runs the jobs, `mailing` one
/// with a mail server.
#[macro_export]
macro_rules! story {
    ($(#[$meta:meta])* $name:ident, |$essor:ident| $body:expr) => {
        $crate::story!($(#[$meta])* $name, on |$essor| $body);
    };
    ($(#[$meta:meta])* $name:ident, $how:ident |$essor:ident| $body:expr) => {
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports, reason = "a story may need none")]
            use super::*;

            async fn tell($essor: &$crate::Essor) {
                ($body).await;
            }

            #[test]
            fn sqlite() {
                $crate::run($crate::Engine::Sqlite, $crate::Essor::$how, tell);
            }

            #[test]
            fn postgres() {
                $crate::run($crate::Engine::Postgres, $crate::Essor::$how, tell);
            }
        }
    };
}
