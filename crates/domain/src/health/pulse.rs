//! Pulse: what a person who knows the client thinks, while it is fresh.

use super::curve::{CurveName, points};
use super::facts::Facts;
use super::profile::Profile;
use super::risks::{Found, GOOD};
use super::score::{Evidence, Scored, params};

/// An older opinion drops out, and its weight is shared.
pub const PULSE_DAYS: i64 = 90;

pub(super) fn score(facts: &Facts, profile: &Profile) -> Scored {
    let Some(pulse) = &facts.pulse else { return Scored::default() };
    let age = facts.days_since(pulse.day);
    if !(0..=PULSE_DAYS).contains(&age) {
        return Scored::default();
    }
    let score = points(profile.height(CurveName::PulseValue, f64::from(pulse.value)));
    let with = || [("value", pulse.value.into()), ("daysAgo", age.into())];
    let low = pulse.value <= 2;
    Scored {
        score: Some(score),
        evidence: vec![Evidence::new("pulse", with())],
        risks: low
            .then(|| Found { key: "pulse_low", params: params(with()), better: score.max(GOOD) })
            .into_iter()
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::facts::PulseFact;
    use crate::health::score::tests::{day, quiet};

    #[test]
    fn an_opinion_counts_for_ninety_days() {
        for (value, ago, points, low) in [
            (5, 0, Some(100), false),
            (3, 90, Some(60), false),
            (1, 3, Some(0), true),
            (4, 91, None, false),
            (4, -1, None, false),
        ] {
            let facts = Facts { pulse: Some(PulseFact { day: day(-ago), value }), ..quiet() };
            let scored = score(&facts, &Profile::default());
            assert_eq!((scored.score, !scored.risks.is_empty()), (points, low), "{value}, {ago} days ago");
        }
    }
}
