//! Journey: whether the client is where its plan says, and which milestones were missed.

use super::facts::Facts;
use super::profile::Profile;
use super::risks::{Found, GOOD};
use super::score::{Evidence, Scored, params};

/// A stage that is on time.
const ON_TIME: i64 = 100;
/// One that is at risk; a late one loses a point a day from here,
const AT_RISK: i64 = 60;
/// but no more than these.
const LATE_MOST: i64 = 40;
/// What a missed milestone costs, and a critical one.
const MISSED: i64 = 10;
const MISSED_CRITICAL: i64 = 25;

pub(super) fn score(facts: &Facts, _: &Profile) -> Scored {
    let Some(journey) = &facts.journey else { return Scored::default() };
    let base = if journey.at_risk { AT_RISK - journey.days_late.clamp(0, LATE_MOST) } else { ON_TIME };
    let critical = i64::from(journey.critical);
    let plain = i64::from(journey.overdue) - critical;
    let score = (base - MISSED * plain - MISSED_CRITICAL * critical).clamp(0, 100) as u8;
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
            let journey = JourneyFacts {
                stage: "adoption".into(),
                label: crate::journey::Label::new("Adoption", "Adoption"),
                at_risk,
                days_late,
                overdue,
                critical,
            };
            let scored = score(&super::super::Facts { journey: Some(journey), ..quiet() }, &Profile::default());
            let found: Vec<&str> = scored.risks.iter().map(|risk| risk.key).collect();
            assert_eq!((scored.score, found), (Some(points), risks), "{at_risk} {days_late} {overdue} {critical}");
        }
        assert_eq!(score(&quiet(), &Profile::default()).score, None, "without a journey nothing is known");
    }
}
