//! Who changed what: one entry per operation, written in the operation's own transaction.
//!
//! [`record`] is an operation's last line before its commit. A request that changed something without recording it is
//! recorded by [`record_request`] when it is answered, in fewer words: nothing goes unseen because it was forgotten.

mod entry;
mod erase;
mod read;
mod request;
mod trail;
mod verify;

pub use entry::{Entry, listed, record};
pub use erase::erase;
pub use essor_store::audit::Filter;
pub use read::{EntryShown, days, list};
pub use request::record_request;
pub use trail::Trail;
pub(crate) use verify::Marks;
pub use verify::{Verdict, verify};
