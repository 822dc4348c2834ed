//! Storage of Essor on SQLite and PostgreSQL through one code path.
//!
//! SQL and the connection pools are private to this crate; `engine` holds all that differs between the two databases.
//! Every repository function takes a [`Workspace`]; the few that cross workspaces live in `jobs`, `events` and
//! `identity` and say so.

mod db;
mod engine;
mod error;
mod migrations;
mod restore;

pub mod audit;
pub mod clients;
pub mod clients_bulk;
pub mod clients_facts;
pub mod clients_fields;
pub mod clients_list;
pub mod clients_reassign;
pub mod clients_views;
pub mod connectors;
pub mod events;
mod expressions;
pub mod growth;
pub mod health;
pub mod identity;
pub mod jobs;
pub mod journey;
pub mod measures;
pub mod notifications;
pub mod opportunities;
mod row_json;
pub mod signals;
pub mod subscriptions;
pub mod surveys;
pub mod tasks;
pub mod usage;

pub use db::{Conn, Db, Tx, Workspace, backup};
pub use engine::Engine;
pub use error::{Error, Result};
pub use migrations::{SCHEMA_VERSION, is_current, migrate};
pub use restore::restore;

pub(crate) use db::{all, all_as, list, one, one_as};
