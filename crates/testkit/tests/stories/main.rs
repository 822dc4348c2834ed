//! Stories told end to end, each on SQLite and on PostgreSQL.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

mod health;
mod money;
mod usage;
