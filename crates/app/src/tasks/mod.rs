//! Tasks: made by hand, by a quick action or for an opportunity; one's day; done, taken away and had back.

mod list;
mod write;

pub use essor_domain::tasks::Step;
pub use essor_store::tasks::{After, Counts, Task, When};
pub use list::{ListQuery, Owner, Page, list, parse_when};
pub(crate) use write::business_day;
pub use write::{Patch, TaskNew, change, create, remove, restore};

/// How long a task that was taken away can be had back, in days.
pub const KEPT_DAYS: i64 = 30;
