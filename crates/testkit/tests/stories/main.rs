//! Stories told end to end, each on SQLite and on PostgreSQL.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

mod audit;
mod demo;
mod growth;
mod health;
mod identity;
mod imports;
mod jobs;
mod journey;
mod money;
mod page;
mod past;
mod people;
mod portfolio;
mod table;
mod usage;
mod work;
