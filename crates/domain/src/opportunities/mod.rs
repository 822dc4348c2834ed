//! Opportunities: what could be gained or must be kept at a client, each with its evidence, its amount of MRR and how
//! likely it is. Detectors are pure functions of a client's facts and of what the portfolio looks like.

mod affinity;
mod conversation;
mod cross_sell;
mod expansion;
mod facts;
mod found;
mod market;
mod probability;
mod reconcile;
mod retention;
mod state;
#[cfg(test)]
mod tests;

pub use affinity::{Affinity, Basket, SEGMENT_CLIENTS, affinities, wilson_low};
pub use cross_sell::{Gap, gaps};
pub use facts::{Facts, InvoiceFact, LineFact, MetricFact, NpsFact};
pub use found::{Detector, Evidence, Found, List};
pub use market::{Market, PlanFigures, ProductFigures, Sample, median};
pub use probability::{Odds, expected_cents, kept, loss, success};
pub use reconcile::{Change, Row, reconcile};
pub use state::{DISMISSED_FOR, LOST_FOR, State};

/// Names of usage events that say that a limit was hit, unless the workspace names others.
pub const LIMIT_EVENTS: [&str; 2] = ["limit_reached", "Limit Reached"];

/// Everything that the detectors find at one client, at most one of each detector, in the order of [`Detector::ALL`].
pub fn detect(facts: &Facts, market: &Market) -> Vec<Found> {
    // Who pays nothing can neither grow nor be kept: winning them back is another matter.
    if facts.mrr_cents <= 0 {
        return Vec::new();
    }
    [
        expansion::quota(facts),
        expansion::seats(facts),
        expansion::limit_hits(facts),
        expansion::roi(facts, market),
        expansion::plan_mismatch(facts, market),
        retention::retention(facts),
        conversation::promoter(facts, market),
        cross_sell::cross_sell(facts, market),
        conversation::early_renewal(facts, market),
        conversation::reference(facts),
    ]
    .into_iter()
    .flatten()
    .collect()
}
