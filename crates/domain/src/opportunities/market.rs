//! What the portfolio looks like: prices and use by plan and product, the usual expansion, who left from which class.
//! Computed once a day, so that one client can be looked at without reading all the others.

use super::affinity::Affinity;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The figures that detectors compare a client with.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Market {
    /// By product and segment, and by product over all segments.
    pub products: Vec<ProductFigures>,
    /// Which products are owned together, over all clients and in each segment that is large enough.
    #[serde(default)]
    pub affinities: Vec<Affinity>,
    /// Segments that are large enough for rules of their own.
    #[serde(default)]
    pub segments: BTreeSet<String>,
    /// By product and plan.
    pub plans: Vec<PlanFigures>,
    /// Median of (gain / MRR before) over the expansions of the last 365 days; none with fewer than ten.
    pub expansion: Option<f64>,
    /// By health class: clients seen at past month-ends, and how many of them left within 90 days.
    pub left: BTreeMap<String, Sample>,
}

/// How many were looked at, and of how many it was true.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// Looked at.
    pub seen: i64,
    /// True of.
    pub hits: i64,
}

/// What a product brings in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProductFigures {
    /// Product.
    pub product: String,
    /// Segment; none over all.
    pub segment: Option<String>,
    /// Clients that have it.
    pub clients: i64,
    /// Median MRR of its lines, in cents.
    pub mrr_cents: i64,
}

/// What a plan costs and how it is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanFigures {
    /// Product.
    pub product: String,
    /// Plan.
    pub plan: String,
    /// Clients on it.
    pub clients: i64,
    /// Median monthly price of one unit, in cents.
    pub unit_cents: i64,
    /// Median events of 28 days.
    pub uses28: i64,
    /// Median active people of 28 days; none where events name nobody.
    pub users28: Option<i64>,
}

/// The usual expansion until there are ten to learn from: a tenth.
const EXPANSION: f64 = 0.1;
/// Clients of a segment that a product's figures must rest on.
const PRODUCT_CLIENTS: i64 = 3;

impl Market {
    /// What an expansion usually adds to a client's MRR, as a share of it.
    pub fn usual_expansion(&self) -> f64 {
        self.expansion.unwrap_or(EXPANSION)
    }

    /// The group whose rules hold for a client: its segment where that is large enough, else all clients.
    pub fn group_of<'a>(&self, segment: Option<&'a str>) -> Option<&'a str> {
        segment.filter(|segment| self.segments.contains(*segment))
    }

    /// A plan's figures.
    pub fn plan(&self, product: &str, plan: &str) -> Option<&PlanFigures> {
        self.plans.iter().find(|figures| figures.product == product && figures.plan == plan)
    }

    /// The next dearer plan of the same product, by the median price of a unit.
    pub fn next_plan(&self, product: &str, plan: &str) -> Option<&PlanFigures> {
        let own = self.plan(product, plan)?.unit_cents;
        let dearer = self.plans.iter().filter(|figures| figures.product == product && figures.unit_cents > own);
        dearer.min_by_key(|figures| (figures.unit_cents, figures.plan.as_str()))
    }

    /// The product that most clients of a segment have and this one has not; by name among equals.
    pub fn best_product(&self, segment: Option<&str>, owned: &BTreeSet<&str>) -> Option<&ProductFigures> {
        let best = |segment: Option<&str>, least: i64| {
            self.products
                .iter()
                .filter(|p| {
                    p.segment.as_deref() == segment && p.clients >= least && !owned.contains(p.product.as_str())
                })
                .max_by_key(|p| (p.clients, std::cmp::Reverse(p.product.as_str())))
        };
        segment.and_then(|segment| best(Some(segment), PRODUCT_CLIENTS)).or_else(|| best(None, 1))
    }
}

/// The lower median of some numbers; none of none.
pub fn median<T: Ord + Copy>(mut values: Vec<T>) -> Option<T> {
    values.sort_unstable();
    values.get(values.len().checked_sub(1)? / 2).copied()
}
