//! What a detector finds, and the three lists in which it is shown.

use crate::growth::money::MAX_MONTHLY_CENTS;
use crate::{Code, Invalid};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The three lists of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum List {
    /// More of what the client already uses.
    Expansion,
    /// MRR that may be lost.
    Retention,
    /// A good moment to talk: a promoter, a product that goes with what it has, a renewal, a reference.
    Conversation,
}

impl List {
    /// All lists, in the order of the page.
    pub const ALL: [List; 3] = [List::Expansion, List::Retention, List::Conversation];

    /// As stored and written by the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            List::Expansion => "expansion",
            List::Retention => "retention",
            List::Conversation => "conversation",
        }
    }

    /// The list that is written so.
    pub fn parse(text: &str) -> Result<List, Invalid> {
        List::ALL
            .into_iter()
            .find(|list| list.as_str() == text)
            .ok_or_else(|| Invalid::field(Code::OpportunitiesListUnknown, "list").with("value", text))
    }
}

/// What finds an opportunity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detector {
    /// A quota over 80 % on every measured day for a month.
    Quota,
    /// Over 90 % of the seats in use.
    Seats,
    /// A limit hit on three days of 30 or more.
    LimitHits,
    /// Value delivered over twice the fees.
    Roi,
    /// Use like that of the clients of the next dearer plan.
    PlanMismatch,
    /// A client at risk, or with an invoice over 30 days late.
    Retention,
    /// A promoter who does not have every product.
    Promoter,
    /// A product that those who own what the client owns have more often than others.
    CrossSell,
    /// A renewal within 90 days at a healthy client.
    EarlyRenewal,
    /// A promoter in good health for a year or more: somebody to vouch for us.
    Reference,
}

impl Detector {
    /// All detectors, in the order in which they are listed.
    pub const ALL: [Detector; 10] = [
        Detector::Quota,
        Detector::Seats,
        Detector::LimitHits,
        Detector::Roi,
        Detector::PlanMismatch,
        Detector::Retention,
        Detector::Promoter,
        Detector::CrossSell,
        Detector::EarlyRenewal,
        Detector::Reference,
    ];

    /// As stored and written by the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Detector::Quota => "quota",
            Detector::Seats => "seats",
            Detector::LimitHits => "limit_hits",
            Detector::Roi => "roi",
            Detector::PlanMismatch => "plan_mismatch",
            Detector::Retention => "retention",
            Detector::Promoter => "promoter",
            Detector::CrossSell => "cross_sell",
            Detector::EarlyRenewal => "early_renewal",
            Detector::Reference => "reference",
        }
    }

    /// The detector that is written so.
    pub fn parse(text: &str) -> Option<Detector> {
        Detector::ALL.into_iter().find(|detector| detector.as_str() == text)
    }

    /// The list in which its finds are shown.
    pub const fn list(self) -> List {
        match self {
            Detector::Quota | Detector::Seats | Detector::LimitHits | Detector::Roi | Detector::PlanMismatch => {
                List::Expansion
            }
            Detector::Retention => List::Retention,
            Detector::Promoter | Detector::CrossSell | Detector::EarlyRenewal | Detector::Reference => {
                List::Conversation
            }
        }
    }
}

/// A fact that a find rests on, for the sentence `opportunity.evidence.<key>`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The sentence's key.
    pub key: String,
    /// What the sentence needs. Names ending in `Cents` are amounts, in `Pct` percentages, in `Day` days.
    pub params: Map<String, Value>,
}

impl Evidence {
    pub(super) fn new<const N: usize>(key: &str, params: [(&str, Value); N]) -> Self {
        let params = params.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Evidence { key: key.to_owned(), params }
    }
}

/// What a detector found at a client.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Which detector.
    pub detector: Detector,
    /// What it rests on, the weightiest first.
    pub evidence: Vec<Evidence>,
    /// MRR that could be gained or lost, in cents; none where there is no amount to name.
    pub amount_cents: Option<i64>,
}

/// A share in whole percent.
pub(super) fn percent(share: f64) -> Value {
    ((share * 100.0).round() as i64).into()
}

/// A number of a source: whole where it is whole, so that both databases give back what was stored.
pub(super) fn number(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 9e15 { (value as i64).into() } else { value.into() }
}

/// A fraction of an amount in cents, rounded half-even once; within 0 and the largest monthly value.
pub(super) fn part(cents: i64, share: f64) -> i64 {
    ((cents as f64 * share).round_ties_even() as i64).clamp(0, MAX_MONTHLY_CENTS)
}
