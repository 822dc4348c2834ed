//! Licence use: people active in the last 28 days against the seats bought.

use super::curve::{CurveName, percent, points};
use super::facts::Facts;
use super::profile::Profile;
use super::risks::{Found, GOOD};
use super::score::{Evidence, Scored, params};

pub(super) fn score(facts: &Facts, profile: &Profile) -> Scored {
    let (Some(users), Some(seats)) = (facts.active_users28, facts.seats.filter(|seats| *seats > 0)) else {
        return Scored::default();
    };
    let users = users.max(0);
    if users == 0 && facts.used().is_none() && facts.settled_days().is_none() {
        return Scored::default();
    }
    let share = f64::from(users) / f64::from(seats);
    let score = points(profile.height(CurveName::LicenceUse, share * 100.0));
    let with = || [("users", users.into()), ("seats", seats.into()), ("pct", percent(share).into())];
    let low = share < 0.5;
    Scored {
        score: Some(score),
        evidence: vec![Evidence::new("licence_use", with())],
        risks: low.then(|| Found { key: "licence_low", params: params(with()), better: GOOD }).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::score::tests::{day, quiet};

    #[test]
    fn seats_in_use_become_points() {
        for (users, seats, points, low) in [
            (Some(0), Some(10), Some(0), true),
            (Some(25), Some(100), Some(30), true),
            (Some(5), Some(10), Some(60), false),
            (Some(65), Some(100), Some(80), false),
            (Some(8), Some(10), Some(100), false),
            (Some(30), Some(10), Some(100), false),
            (Some(3), Some(0), None, false),
            (Some(3), None, None, false),
            (None, Some(10), None, false),
        ] {
            let facts = Facts { active_users28: users, seats, ..quiet() };
            let scored = score(&facts, &Profile::default());
            assert_eq!((scored.score, !scored.risks.is_empty()), (points, low), "{users:?} of {seats:?}");
        }
    }

    #[test]
    fn nobody_yet_is_not_held_against_a_client_of_ten_days() {
        let facts = Facts { active_users28: Some(0), seats: Some(10), since: Some(day(-10)), ..quiet() };
        assert_eq!(score(&facts, &Profile::default()).score, None);
        assert_eq!(score(&Facts { active_users28: Some(1), ..facts }, &Profile::default()).score, Some(12));
    }
}
