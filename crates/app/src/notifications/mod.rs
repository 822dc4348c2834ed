//! Notifications: who is told what, once.

mod notify;
mod react;
mod read;

pub(crate) use notify::member_of;
pub use notify::{Notice, To, notify};
pub use react::react;
pub use read::{Inbox, mark, page, prefer, preferences};

/// How long notifications are kept, in days.
pub const KEPT_DAYS: i64 = 90;
