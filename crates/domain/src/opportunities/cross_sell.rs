//! What could be sold to a client because clients like it own it: every such product with its evidence, and the best of
//! them as an opportunity.

use super::affinity::Affinity;
use super::facts::Facts;
use super::found::{Detector, Evidence, Found, number};
use super::market::Market;
use std::collections::{BTreeMap, BTreeSet};

#[cfg(test)]
mod tests;

/// A product that a client lacks and that goes with what it has.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// The product.
    pub product: String,
    /// Who has what this client has also has it.
    pub evidence: Evidence,
    /// The median MRR of the product at those, in cents.
    pub amount_cents: i64,
    /// The lift that the counts prove.
    proven: f64,
}

/// Every product that goes with what a client has, the one with the highest proven lift first; each by its strongest
/// rule. The rules are those of the client's segment where it is large enough to have any, else those of all clients.
pub fn gaps(facts: &Facts, market: &Market) -> Vec<Gap> {
    if facts.mrr_cents <= 0 {
        return Vec::new();
    }
    let owned: BTreeSet<&str> = facts.lines.iter().map(|line| line.product.as_str()).collect();
    let segment = market.group_of(facts.segment.as_deref());
    let mut best: BTreeMap<&str, &Affinity> = BTreeMap::new();
    for rule in market.affinities.iter().filter(|rule| rule.segment.as_deref() == segment) {
        if !owned.contains(rule.from.as_str()) || owned.contains(rule.to.as_str()) {
            continue;
        }
        let kept = best.entry(&rule.to).or_insert(rule);
        if stronger(rule, kept) {
            *kept = rule;
        }
    }
    let mut out: Vec<Gap> = best.into_values().map(gap).collect();
    out.sort_by(|a, b| b.proven.total_cmp(&a.proven).then_with(|| a.product.cmp(&b.product)));
    out
}

/// By proven lift, then support, then name: the order of rules does not matter.
fn stronger(a: &Affinity, b: &Affinity) -> bool {
    let order = a.proven_lift().total_cmp(&b.proven_lift());
    order.then(a.both.cmp(&b.both)).then_with(|| b.from.cmp(&a.from)).is_gt()
}

fn gap(rule: &Affinity) -> Gap {
    let evidence = Evidence::new(
        "owned_together",
        [
            ("product", rule.to.as_str().into()),
            ("from", rule.from.as_str().into()),
            ("segment", rule.segment.as_deref().into()),
            ("both", rule.both.into()),
            ("owners", rule.owners.into()),
            ("base", rule.base.into()),
            ("clients", rule.clients.into()),
            ("lift", number((rule.lift() * 10.0).round() / 10.0)),
        ],
    );
    Gap { product: rule.to.clone(), evidence, amount_cents: rule.mrr_cents, proven: rule.proven_lift() }
}

/// The first of the gaps.
pub(super) fn cross_sell(facts: &Facts, market: &Market) -> Option<Found> {
    let gap = gaps(facts, market).into_iter().next()?;
    Some(Found { detector: Detector::CrossSell, evidence: vec![gap.evidence], amount_cents: Some(gap.amount_cents) })
}
