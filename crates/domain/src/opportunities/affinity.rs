//! What similar clients own: association rules "who has A also has B", learnt once a day over the clients that pay.
//!
//! *Support* is how many have both, *confidence* P(B|A), *lift* P(B|A) / P(B). A rule is kept when even the lower end of
//! the 95 % Wilson interval of its confidence is above the base rate P(B): two of three clients prove nothing, so that
//! rare pairs do not win over common ones. Sources of the thresholds stand in docs/opportunities.md.

use super::market::median;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Paying clients that a segment needs for rules of its own; below, those of all clients hold.
pub const SEGMENT_CLIENTS: i64 = 30;
/// Clients that must have both products.
const SUPPORT: i64 = 5;
/// The quantile of the 95 % interval.
const Z: f64 = 1.96;
/// Products that are compared, those with the most owners: pairs grow with their square.
const PRODUCTS: usize = 60;

/// Who has `from` also has `to`, more often than others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Affinity {
    /// The product that is owned.
    pub from: String,
    /// The product that goes with it.
    pub to: String,
    /// Among the clients of this segment; none among all.
    pub segment: Option<String>,
    /// Clients that pay.
    pub clients: i64,
    /// Of them, owners of `to`.
    pub base: i64,
    /// Of them, owners of `from`.
    pub owners: i64,
    /// Of those, owners of `to` too.
    pub both: i64,
    /// Median MRR of `to` at those who have both, in cents.
    pub mrr_cents: i64,
}

impl Affinity {
    /// P(to).
    pub fn base_rate(&self) -> f64 {
        self.base as f64 / self.clients.max(1) as f64
    }

    /// P(to|from) / P(to).
    pub fn lift(&self) -> f64 {
        self.both as f64 / self.owners.max(1) as f64 / self.base_rate()
    }

    /// The lift that the counts prove: with the lower end of the confidence's interval.
    pub fn proven_lift(&self) -> f64 {
        wilson_low(self.both, self.owners) / self.base_rate()
    }

    fn holds(&self) -> bool {
        self.both >= SUPPORT && self.proven_lift() > 1.0 && self.mrr_cents > 0
    }
}

/// The lower end of the 95 % Wilson score interval of a share; 0 of nothing.
pub fn wilson_low(hits: i64, of: i64) -> f64 {
    if of <= 0 {
        return 0.0;
    }
    let (n, p) = (of as f64, hits.clamp(0, of) as f64 / of as f64);
    let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    ((p + Z * Z / (2.0 * n) - half) / (1.0 + Z * Z / n)).max(0.0)
}

/// What a paying client owns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Basket<'a> {
    /// Commercial segment.
    pub segment: Option<&'a str>,
    /// MRR by product, in cents; above 0.
    pub products: BTreeMap<&'a str, i64>,
}

/// The rules that hold, over all clients and in each segment that is large enough, and which segments those are.
pub fn affinities(baskets: &[Basket<'_>]) -> (Vec<Affinity>, BTreeSet<String>) {
    let mut owners: BTreeMap<&str, i64> = BTreeMap::new();
    let mut sizes: BTreeMap<&str, i64> = BTreeMap::new();
    for basket in baskets {
        basket.products.keys().for_each(|product| *owners.entry(product).or_default() += 1);
        basket.segment.into_iter().for_each(|segment| *sizes.entry(segment).or_default() += 1);
    }
    let mut common: Vec<(&str, i64)> = owners.into_iter().collect();
    common.sort_by_key(|(product, owners)| (std::cmp::Reverse(*owners), *product));
    let common: BTreeSet<&str> = common.into_iter().take(PRODUCTS).map(|(product, _)| product).collect();

    let mut out = among(baskets.iter(), &common, None);
    let mut large = BTreeSet::new();
    for (segment, _) in sizes.into_iter().filter(|(_, size)| *size >= SEGMENT_CLIENTS) {
        out.extend(among(baskets.iter().filter(|basket| basket.segment == Some(segment)), &common, Some(segment)));
        large.insert(segment.to_owned());
    }
    (out, large)
}

fn among<'a>(
    baskets: impl Iterator<Item = &'a Basket<'a>>,
    common: &BTreeSet<&str>,
    segment: Option<&str>,
) -> Vec<Affinity> {
    let mut clients = 0;
    let mut base: BTreeMap<&str, i64> = BTreeMap::new();
    // From and to → what `to` is worth at those who have both.
    let mut pairs: BTreeMap<(&str, &str), Vec<i64>> = BTreeMap::new();
    for basket in baskets {
        clients += 1;
        let owned: Vec<(&str, i64)> =
            basket.products.iter().filter(|(p, _)| common.contains(**p)).map(|(p, cents)| (*p, *cents)).collect();
        for (to, cents) in &owned {
            *base.entry(to).or_default() += 1;
            for (from, _) in owned.iter().filter(|(from, _)| from != to) {
                pairs.entry((from, to)).or_default().push(*cents);
            }
        }
    }
    pairs
        .into_iter()
        .map(|((from, to), cents)| Affinity {
            from: from.to_owned(),
            to: to.to_owned(),
            segment: segment.map(str::to_owned),
            clients,
            base: base.get(to).copied().unwrap_or(0),
            owners: base.get(from).copied().unwrap_or(0),
            both: cents.len() as i64,
            mrr_cents: median(cents).unwrap_or(0),
        })
        .filter(Affinity::holds)
        .collect()
}
