//! The score: components joined by weight, with coverage, factors and risks.

use super::facts::{Facts, Feeds};
use super::profile::{Component, HealthClass, Profile};
use super::risks::{self, Found, Risk};
use super::{licence, satisfaction, support, usage};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// One thing that a component's points were read off, for the sentence `health.evidence.<key>`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// The sentence's key.
    pub key: Cow<'static, str>,
    /// What the sentence needs.
    pub params: Map<String, Value>,
}

impl Evidence {
    pub(super) fn new<const N: usize>(key: &'static str, with: [(&str, Value); N]) -> Self {
        Evidence { key: Cow::Borrowed(key), params: params(with) }
    }
}

pub(super) fn params<const N: usize>(with: [(&str, Value); N]) -> Map<String, Value> {
    with.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// A component's share in the score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Factor {
    /// Which.
    pub component: Component,
    /// 0–100; none when nothing is known of this client.
    pub score: Option<u8>,
    /// Share (0–1) of the known weight, to four digits; none when the component is not known.
    pub weight: Option<f64>,
    /// What the points were read off.
    pub evidence: Vec<Evidence>,
}

/// A client's health on a day. The score is the mean of the factors by weight, so that anyone can compute it again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// 0–100; none when too little is known.
    pub score: Option<u8>,
    /// What it means.
    pub class: HealthClass,
    /// Known weight / weight of the components that the workspace feeds (0–1), to four digits.
    pub coverage: f64,
    /// The components that the workspace feeds, in the order of [`Component::ALL`].
    pub factors: Vec<Factor>,
    /// What to worry about, the dearest first.
    pub risks: Vec<Risk>,
}

/// What a component makes of the facts.
#[derive(Debug, Default)]
pub(super) struct Scored {
    pub score: Option<u8>,
    pub evidence: Vec<Evidence>,
    pub risks: Vec<Found>,
}

/// The health of a client. Components that the workspace does not feed are left out altogether; a fed one of which
/// nothing is known for this client lowers the coverage and nothing else.
pub fn score(facts: &Facts, profile: &Profile, feeds: Feeds) -> Health {
    let scored: Vec<(Component, Scored)> = Component::ALL
        .into_iter()
        .filter_map(|component| {
            let scored = match component {
                Component::Usage => feeds.usage.then(|| usage::score(facts)),
                Component::Licence => feeds.licence.then(|| licence::score(facts)),
                Component::Support => feeds.support.then(|| support::score(facts)),
                Component::Satisfaction => feeds.satisfaction.then(|| satisfaction::score(facts)),
            };
            Some((component, scored?))
        })
        .collect();
    let weight = |component| u64::from(profile.weights.of(component));
    let fed: u64 = scored.iter().map(|(component, _)| weight(*component)).sum();
    let known: Vec<(Component, u8)> = scored.iter().filter_map(|(c, s)| Some((*c, s.score?))).collect();
    let known_weight: u64 = known.iter().map(|(component, _)| weight(*component)).sum();
    let coverage = if fed == 0 { 0.0 } else { known_weight as f64 / fed as f64 };
    // The score as it would be if one component stood elsewhere.
    let mean = |instead: Option<(Component, u8)>| {
        let sum: u64 = known
            .iter()
            .map(|(component, score)| {
                let score = instead.filter(|(c, _)| c == component).map_or(*score, |(_, score)| score);
                weight(*component) * u64::from(score)
            })
            .sum();
        let enough = known_weight > 0 && coverage >= profile.min_coverage;
        enough.then(|| ((2 * sum + known_weight) / (2 * known_weight)) as u8)
    };
    let score = mean(None);
    let lost = |component, found: &Found| match (mean(Some((component, found.better))), score) {
        (Some(then), Some(now)) => then.saturating_sub(now),
        _ => 0,
    };
    let mut factors = Vec::with_capacity(scored.len());
    let mut all_risks = Vec::new();
    for (component, part) in scored {
        all_risks.extend(part.risks.into_iter().map(|found| {
            let points_lost = lost(component, &found);
            Risk { key: Cow::Borrowed(found.key), params: found.params, since: None, points_lost }
        }));
        let share = part.score.filter(|_| known_weight > 0).map(|_| weight(component) as f64 / known_weight as f64);
        factors.push(Factor { component, score: part.score, weight: share.map(four_digits), evidence: part.evidence });
    }
    risks::sort(&mut all_risks);
    let class = HealthClass::of(score, profile);
    Health { score, class, coverage: four_digits(coverage), factors, risks: all_risks }
}

/// Short decimals come back from JSON as the same bits, so that a stored health equals the computed one.
fn four_digits(share: f64) -> f64 {
    (share * 1e4).round() / 1e4
}

#[cfg(test)]
pub(super) mod tests;
