//! Outcomes: the value that the client got, against what it paid, over twelve months.

use super::curve::{CurveName, points};
use super::facts::Facts;
use super::profile::Profile;
use super::risks::{Found, GOOD};
use super::score::{Evidence, Scored, params};

/// Nothing is held against a client that has had less time to get something out of it.
const TIME_TO_VALUE: i64 = 180;

pub(super) fn score(facts: &Facts, profile: &Profile) -> Scored {
    let Some(outcomes) = &facts.outcomes else { return Scored::default() };
    let Some(pct) = outcomes.roi_pct() else { return Scored::default() };
    let score = points(profile.height(CurveName::OutcomesRoi, pct as f64));
    let with = || {
        [("pct", pct.into()), ("valueCents", outcomes.value_cents.into()), ("feesCents", outcomes.fees_cents.into())]
    };
    let low = pct < 100 && facts.settled_days().is_some_and(|days| days >= TIME_TO_VALUE);
    Scored {
        score: Some(score),
        evidence: vec![Evidence::new("roi", with())],
        risks: low
            .then(|| Found { key: "roi_low", params: params(with()), better: score.max(GOOD) })
            .into_iter()
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::facts::OutcomeFacts;
    use crate::health::score::tests::quiet;

    #[test]
    fn value_against_fees_becomes_points() {
        for (value_cents, fees_cents, points, low) in [
            (0, 100_000, Some(0), true),
            (50_000, 100_000, Some(35), true),
            (100_000, 100_000, Some(65), false),
            (250_000, 100_000, Some(95), false),
            (900_000, 100_000, Some(100), false),
            (100_000, 0, None, false),
        ] {
            let outcomes = Some(OutcomeFacts { value_cents, fees_cents });
            let scored = score(&Facts { outcomes, ..quiet() }, &Profile::default());
            assert_eq!((scored.score, !scored.risks.is_empty()), (points, low), "{value_cents} / {fees_cents}");
        }
        assert_eq!(score(&quiet(), &Profile::default()).score, None, "unknown, not 0");
    }
}
