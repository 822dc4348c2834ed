//! The score: components joined by weight, with coverage, factors and risks.

use super::facts::{Facts, Feeds};
use super::profile::{Component, HealthClass, Profile};
use super::risks::{self, Found, Risk};
use super::{children, engagement, journey, licence, outcomes, payments, pulse, satisfaction, support, usage};
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

/// A client's health on a day. The score is the mean of the factors by weight, at most the lowest cap, so that anyone can
/// compute it again.
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
    /// The vetoes that hold, whether or not they lower the score.
    #[serde(default)]
    pub caps: Vec<Cap>,
}

/// A veto: the score is at most `cap` while the risk of the same key stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cap {
    /// The key of the risk that is the reason.
    pub key: Cow<'static, str>,
    /// The most that the score can be.
    pub cap: u8,
    /// The mean of the components, which the score would be without any veto.
    pub mean: u8,
}

/// What a component makes of the facts.
#[derive(Debug, Default)]
pub(super) struct Scored {
    pub score: Option<u8>,
    pub evidence: Vec<Evidence>,
    pub risks: Vec<Found>,
}

/// The vetoes of a profile that hold for a client: the key of the risk, and the cap.
fn vetoes(facts: &Facts, profile: &Profile) -> Vec<(&'static str, u8)> {
    let vetoes = &profile.vetoes;
    let late = facts.late_days() >= i64::from(vetoes.invoice_days);
    let invoice = vetoes.invoice_cap.filter(|_| late).map(|cap| ("invoice_late", cap));
    let gone = facts.champion_gone().is_some();
    let champion = vetoes.champion_cap.filter(|_| gone).map(|cap| ("champion_left", cap));
    invoice.into_iter().chain(champion).collect()
}

fn veto_params(facts: &Facts, key: &str) -> Map<String, Value> {
    match facts.champion_gone().filter(|_| key == "champion_left") {
        Some(day) => params([("day", day.to_string().into())]),
        None => payments::late(facts),
    }
}

/// The health of a client. Components that the workspace does not feed, or that weigh nothing, are left out altogether; a
/// fed one of which nothing is known for this client lowers the coverage and nothing else.
pub fn score(facts: &Facts, profile: &Profile, feeds: Feeds) -> Health {
    let scored: Vec<(Component, Scored)> = Component::ALL
        .into_iter()
        .filter(|component| match component {
            Component::Children => facts.children.as_ref().is_some_and(|children| children.mean.is_some()),
            component => feeds.of(*component) && profile.weights.of(*component) > 0,
        })
        .map(|component| {
            let scored = match component {
                Component::Usage => usage::score(facts, profile),
                Component::Licence => licence::score(facts, profile),
                Component::Engagement => engagement::score(facts, profile),
                Component::Support => support::score(facts, profile),
                Component::Satisfaction => satisfaction::score(facts, profile),
                Component::Payments => payments::score(facts, profile),
                Component::Outcomes => outcomes::score(facts, profile),
                Component::Pulse => pulse::score(facts, profile),
                Component::Children => children::score(facts, profile.alert),
                Component::Journey => journey::score(facts, profile),
                // Its feature brings its facts.
                Component::Sentiment => Scored::default(),
            };
            (component, scored)
        })
        .collect();
    let weight = |component| u64::from(profile.weights.of(component));
    let fed: u64 = scored.iter().map(|(component, _)| weight(*component)).sum();
    let known: Vec<(Component, u8)> = scored.iter().filter_map(|(c, s)| Some((*c, s.score?))).collect();
    let known_weight: u64 = known.iter().map(|(component, _)| weight(*component)).sum();
    let coverage = if fed == 0 { 0.0 } else { known_weight as f64 / fed as f64 };
    // The mean as it would be if one component stood elsewhere.
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
    let vetoes = vetoes(facts, profile);
    let capped = |mean: Option<u8>, without: &str| {
        let caps = vetoes.iter().filter(|(key, _)| *key != without).map(|(_, cap)| *cap);
        mean.map(|mean| caps.fold(mean, u8::min))
    };
    let uncapped = mean(None);
    let score = capped(uncapped, "");
    let lost = |component, found: &Found| match (capped(mean(Some((component, found.better))), found.key), score) {
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
    // A veto is a reason to worry even where its component does not count.
    for (key, _) in &vetoes {
        if !all_risks.iter().any(|risk| risk.key == *key) {
            let points_lost = match (capped(uncapped, key), score) {
                (Some(then), Some(now)) => then.saturating_sub(now),
                _ => 0,
            };
            let params = veto_params(facts, key);
            all_risks.push(Risk { key: Cow::Borrowed(key), params, since: None, points_lost });
        }
    }
    risks::sort(&mut all_risks);
    let class = HealthClass::of(score, profile);
    let cap = |(key, cap): (&'static str, u8)| Some(Cap { key: Cow::Borrowed(key), cap, mean: uncapped? });
    let caps = vetoes.into_iter().filter_map(cap).collect();
    Health { score, class, coverage: four_digits(coverage), factors, risks: all_risks, caps }
}

/// Short decimals come back from JSON as the same bits, so that a stored health equals the computed one.
fn four_digits(share: f64) -> f64 {
    (share * 1e4).round() / 1e4
}

#[cfg(test)]
pub(super) mod tests;
