//! HTTP: types and status codes live here and nowhere else.

mod audit;
pub mod auth;
mod client_edit;
mod client_erasures;
mod client_files;
mod client_keeping;
mod client_notes;
mod client_people;
mod client_signals;
mod clients;
mod clients_bulk;
mod clients_export;
mod clients_fields;
mod clients_reassign;
mod clients_table;
mod clients_views;
mod cohorts;
mod connectors;
mod demo;
pub mod error;
mod forecast;
mod growth;
mod health;
mod health_profiles;
mod identity;
mod ingestion;
mod journey;
pub mod json;
mod live;
mod metrics;
mod notifications;
mod objectives;
mod opportunities;
mod opportunities_matrix;
mod ops;
pub mod request_id;
mod router;
mod slice;
mod spend;
mod survey_page;
mod surveys;
mod surveys_results;
mod tasks;
mod trail;
mod usage;
mod words;
mod writes;

pub use ops::metrics_routes;
pub use router::{openapi, router};

use essor_app::App;
use essor_app::identity::Limits;
use essor_app::live::Live;
use essor_app::surveys::Throttle;
use essor_app::usage::Ingestor;
use std::sync::Arc;
use tokio::sync::watch;

/// The most that a body may hold on the wire.
pub const MAX_BODY: usize = 1024 * 1024;

/// What handlers share.
pub struct AppState {
    /// The operations.
    pub app: App,
    /// Takes events.
    pub ingestor: Ingestor,
    /// Tells live pages.
    pub live: Live,
    /// Sign-in limits.
    pub limits: Limits,
    /// Limits of the public pages of surveys.
    pub answers: Throttle,
    /// How often pages shared with clients are asked for.
    pub shared: essor_app::journey::Limit,
    /// Whether the public address is https: cookies are then `__Host-` and secure.
    pub secure_cookies: bool,
    /// Whether a proxy in front is believed.
    pub trusted_proxy: bool,
    /// Turns true when the process is told to end.
    pub stop: watch::Receiver<bool>,
}

/// The state as handlers get it.
pub type State = Arc<AppState>;
/// The extractor of the state.
pub type Shared = axum::extract::State<State>;
