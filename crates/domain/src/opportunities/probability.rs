//! How likely: beta-binomial, so that a few results move the figure a little and many move it far.
//!
//! A prior Beta(a, b) stands for a + b results of which a were good. After w good and l bad ones the probability is
//! (a + w) / (a + b + w + l): inside (0, 1) always, up with each good result, down with each bad one.

use super::found::Detector;
use super::market::{Market, Sample};
use serde::{Deserialize, Serialize};

/// Results of a detector in a segment so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Odds {
    /// Won.
    pub won: i64,
    /// Lost.
    pub lost: i64,
}

/// The prior of each detector: what is believed before the first result. Eight results outweigh it.
const fn prior(detector: Detector) -> (f64, f64) {
    match detector {
        // A hard bound is a strong reason to buy more.
        Detector::Quota | Detector::Seats => (3.0, 3.0),
        Detector::LimitHits | Detector::Roi | Detector::Promoter => (2.0, 4.0),
        Detector::PlanMismatch | Detector::CrossSell => (2.0, 6.0),
        Detector::EarlyRenewal => (4.0, 2.0),
        Detector::Reference => (3.0, 3.0),
        // Of the clients about to leave, one in three is kept by working on it.
        Detector::Retention => (2.0, 4.0),
    }
}

fn posterior((a, b): (f64, f64), good: i64, bad: i64) -> f64 {
    let (good, bad) = (good.max(0) as f64, bad.max(0) as f64);
    (a + good) / (a + b + good + bad)
}

/// How likely an opportunity of a detector is won, after the results of its segment. Of retention: how likely a client
/// that would leave is kept, once somebody works on it.
pub fn success(detector: Detector, odds: Odds) -> f64 {
    posterior(prior(detector), odds.won, odds.lost)
}

/// What is believed of a health class before this workspace has a history: the share that leaves within 90 days.
/// Excellent 2 %, good 4 %, watch 10 %, critical 25 %, unknown 10 %.
fn prior_of_class(class: &str) -> (f64, f64) {
    match class {
        "excellent" => (1.0, 49.0),
        "good" => (1.0, 24.0),
        "critical" => (4.0, 12.0),
        _ => (2.0, 18.0),
    }
}

/// How likely a client is lost within 90 days: the share of the clients of its health class at past month-ends that
/// were, smoothed. A client with an invoice over 30 days late counts as critical at least. Holds until there is a model
/// of churn.
pub fn loss(market: &Market, class: &str, long_late: bool) -> f64 {
    let of = |class: &str| {
        let Sample { seen, hits } = market.left.get(class).copied().unwrap_or_default();
        posterior(prior_of_class(class), hits, seen - hits)
    };
    let own = of(class);
    if long_late { own.max(of("critical")) } else { own }
}

/// How likely working on a client keeps what would be lost: it would leave, and it is won. What is kept of a client that
/// would have stayed anyway is no merit of the work.
pub fn kept(loss: f64, odds: Odds) -> f64 {
    loss * success(Detector::Retention, odds)
}

/// Amount × probability in cents, rounded half-even once; 0 without an amount.
pub fn expected_cents(amount_cents: Option<i64>, probability: f64) -> i64 {
    (amount_cents.unwrap_or(0) as f64 * probability).round_ties_even() as i64
}
