//! Stories told end to end, each on SQLite and on PostgreSQL.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

mod audit;
mod book;
mod by_hand;
mod course;
mod demo;
mod family;
mod funnel;
mod growth;
mod health;
mod identity;
mod imports;
mod jobs;
mod journey;
mod keeping;
mod known;
mod money;
mod page;
mod past;
mod people;
mod portfolio;
mod surveys;
mod table;
mod transfer;
mod usage;
mod work;
