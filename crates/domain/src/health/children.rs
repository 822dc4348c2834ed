//! Children: a parent's score rests on those of its own clients, by what they pay.

use super::curve::points;
use super::facts::Facts;
use super::risks::{Found, GOOD};
use super::score::{Evidence, Scored, params};

/// A child below the alert of its parent's profile is a risk of the parent.
pub(super) fn score(facts: &Facts, alert: u8) -> Scored {
    let Some(children) = &facts.children else { return Scored::default() };
    let Some(mean) = children.mean.filter(|mean| mean.is_finite()) else { return Scored::default() };
    // As shown: short decimals come back from JSON as the same bits.
    let mean = (mean.clamp(0.0, 100.0) * 10.0).round() / 10.0;
    let score = points(mean);
    let evidence = Evidence::new(
        "children_mean",
        [("count", children.count.into()), ("scored", children.scored.into()), ("mean", mean.into())],
    );
    let low = children.lowest.filter(|lowest| *lowest < alert).map(|lowest| Found {
        key: "child_low",
        params: params([("name", children.lowest_name.clone().unwrap_or_default().into()), ("score", lowest.into())]),
        better: score.max(GOOD),
    });
    Scored { score: Some(score), evidence: vec![evidence], risks: low.into_iter().collect() }
}
