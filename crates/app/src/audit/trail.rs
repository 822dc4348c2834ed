//! The way a call came: what an audit entry says beside who and what.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The longest user agent that is kept, in characters.
const MAX_AGENT: usize = 300;

/// The way a call came. Clones belong to the same call.
#[derive(Debug, Clone)]
pub struct Trail {
    /// `api`, `cli` or `system`.
    pub origin: &'static str,
    /// The request, as in the log; empty outside one.
    pub request_id: String,
    /// Where from.
    pub address: Option<IpAddr>,
    /// What the browser says of itself.
    pub agent: Option<String>,
    told: Arc<AtomicBool>,
    part: bool,
}

impl Trail {
    fn new(origin: &'static str) -> Self {
        Trail { origin, request_id: String::new(), address: None, agent: None, told: Arc::default(), part: false }
    }

    /// A request to the API, from the interface or a program.
    pub fn api(request_id: String, address: IpAddr, agent: Option<&str>) -> Self {
        let agent = agent.map(|agent| agent.chars().filter(|c| !c.is_control()).take(MAX_AGENT).collect());
        Trail { request_id, address: Some(address), agent, ..Trail::new("api") }
    }

    /// The command line.
    pub fn cli() -> Self {
        Trail::new("cli")
    }

    /// Essor itself.
    pub fn system() -> Self {
        Trail::new("system")
    }

    /// The same call, for the steps that it is made of: they are not recorded, the whole is.
    #[must_use]
    pub fn part(&self) -> Self {
        Trail { part: true, ..self.clone() }
    }

    /// Whether this is a step of something that is recorded as a whole.
    pub fn is_part(&self) -> bool {
        self.part
    }

    /// Says that what happened is recorded, or that nothing happened.
    pub fn settle(&self) {
        self.told.store(true, Ordering::Relaxed);
    }

    /// Whether it has been said.
    pub fn is_settled(&self) -> bool {
        self.told.load(Ordering::Relaxed)
    }
}
