//! Journey: whether the client is where its plan says, and which milestones were missed.

use super::curve::{CurveName, points};
use super::facts::Facts;
use super::profile::Profile;
use super::risks::{Found, GOOD};
use super::score::{Evidence, Scored, params};

/// A stage that is on time.
const ON_TIME: f64 = 100.0;
/// For how many missed milestones a critical one counts.
const CRITICAL: f64 = 2.5;

pub(super) fn score(facts: &Facts, profile: &Profile) -> Scored {
    let Some(journey) = &facts.journey else { return Scored::default() };
    let late = || profile.height(CurveName::JourneyLate, journey.days_late as f64);
    let base = if journey.at_risk { late() } else { ON_TIME };
    let critical = i64::from(journey.critical);
    let missed = (i64::from(journey.overdue) - critical) as f64 + CRITICAL * critical as f64;
    let score = points(base - profile.height(CurveName::JourneyMissed, missed));
    let label = || serde_json::to_value(&journey.label).unwrap_or_default();
    let stage = || {
        [
            ("stage", journey.stage.as_str().into()),
            ("label", label()),
            ("status", if journey.at_risk { "at_risk" } else { "active" }.into()),
            ("daysLate", journey.days_late.into()),
        ]
    };
    let missed = || [("overdue", journey.overdue.into()), ("critical", journey.critical.into())];
    let mut evidence = vec![Evidence::new("journey_stage", stage())];
    if journey.overdue > 0 {
        evidence.push(Evidence::new("journey_milestones", missed()));
    }
    let better = score.max(GOOD);
    let late = (journey.days_late > 0).then(|| Found { key: "journey_late", params: params(stage()), better });
    let milestone = (critical > 0).then(|| Found { key: "journey_milestone", params: params(missed()), better });
    Scored { score: Some(score), evidence, risks: late.into_iter().chain(milestone).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::facts::JourneyFacts;
    use crate::health::score::tests::quiet;
    use std::collections::BTreeMap;

    fn at(at_risk: bool, days_late: i64, overdue: i32, critical: i32) -> Facts {
        let label = crate::journey::Label::new("Adoption", "Adoption");
        let journey = JourneyFacts { stage: "adoption".into(), label, at_risk, days_late, overdue, critical };
        Facts { journey: Some(journey), ..quiet() }
    }

    #[test]
    fn curves_of_a_profile_say_what_delays_cost() {
        let late = (CurveName::JourneyLate, vec![(0.0, 80.0), (10.0, 0.0)]);
        let missed = (CurveName::JourneyMissed, vec![(0.0, 0.0), (1.0, 5.0), (2.5, 50.0)]);
        let profile = Profile { curves: BTreeMap::from([late, missed]), ..Profile::default() };
        for (facts, points) in [
            (at(false, 0, 0, 0), 100),
            (at(true, 0, 0, 0), 80),
            (at(true, 5, 0, 0), 40),
            (at(true, 5, 1, 0), 35),
            (at(false, 0, 1, 1), 50),
            (at(true, 30, 1, 0), 0),
        ] {
            assert_eq!(score(&facts, &profile).score, Some(points), "{:?}", facts.journey);
        }
    }

    #[test]
    fn the_built_in_curves_move_no_score() {
        // As it was computed before there were curves.
        for days in -3..60_i64 {
            for (overdue, critical) in
                (0..12).flat_map(|overdue| (0..=overdue).map(move |critical| (overdue, critical)))
            {
                for at_risk in [false, true] {
                    let base = if at_risk { 60 - days.clamp(0, 40) } else { 100 };
                    let lost = 10 * i64::from(overdue - critical) + 25 * i64::from(critical);
                    let scored = score(&at(at_risk, days, overdue, critical), &Profile::default()).score;
                    assert_eq!(scored.map(i64::from), Some((base - lost).clamp(0, 100)), "{days} {overdue} {critical}");
                }
            }
        }
    }

    #[test]
    fn delays_and_missed_milestones_cost_points() {
        for (at_risk, days_late, overdue, critical, points, risks) in [
            (false, 0, 0, 0, 100, vec![]),
            (false, 0, 1, 0, 90, vec![]),
            (true, 0, 0, 0, 60, vec![]),
            (true, 5, 0, 0, 55, vec!["journey_late"]),
            (true, 400, 0, 0, 20, vec!["journey_late"]),
            (true, 0, 1, 1, 35, vec!["journey_milestone"]),
            (true, 5, 2, 1, 20, vec!["journey_late", "journey_milestone"]),
            (true, 90, 4, 2, 0, vec!["journey_late", "journey_milestone"]),
        ] {
            let scored = score(&at(at_risk, days_late, overdue, critical), &Profile::default());
            let found: Vec<&str> = scored.risks.iter().map(|risk| risk.key).collect();
            assert_eq!((scored.score, found), (Some(points), risks), "{at_risk} {days_late} {overdue} {critical}");
        }
        assert_eq!(score(&quiet(), &Profile::default()).score, None, "without a journey nothing is known");
    }
}
