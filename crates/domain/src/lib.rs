//! Rules and types of Essor: no I/O, no clock, no async, no database.
//!
//! One folder a feature; the same word names the feature in every layer. Time and randomness are passed in,
//! so that any answer can be computed again from the same facts.

pub mod audit;
pub mod clients;
pub mod demo;
pub mod error;
pub mod expressions;
pub mod forecast;
pub mod growth;
pub mod health;
pub mod identity;
pub mod journey;
pub mod notifications;
pub mod opportunities;
pub mod surveys;
pub mod tasks;
pub mod time;
pub mod usage;

pub use error::{Code, Invalid};
