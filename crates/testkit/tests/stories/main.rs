//! Stories told end to end, each on SQLite and on PostgreSQL.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

mod demo;
mod health;
mod identity;
mod imports;
mod jobs;
mod money;
mod usage;
mod work;
