//! What the demo's people did about their clients before today: which past changes were opportunities that somebody won
//! or lost, what was set aside, and the tasks of the day. In French, as everything that the demo's people wrote.

use super::draw::{Draw, Stream};
use crate::opportunities::{Detector, State};
use crate::tasks::Priority;
use chrono::{Days, NaiveDate};

/// What became of an opportunity of the past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// Found by.
    pub detector: Detector,
    /// Won, lost or dismissed.
    pub state: State,
    /// Why, where it was not won.
    pub reason: Option<&'static str>,
    /// The day on which it was found.
    pub since: NaiveDate,
    /// The day on which it was decided.
    pub decided: NaiveDate,
}

/// Positions beyond every month and day that other stories draw at.
const LANE: u64 = 1 << 60;

fn draw(seed: u64, client: &str, day: NaiveDate) -> Draw {
    // FNV-1a: the same client draws the same in every portfolio.
    let hash = client.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    let day = (day - NaiveDate::default()).num_days().unsigned_abs();
    Draw::new(seed, Stream::Change, hash, LANE | day)
}

/// The opportunity behind an expansion on a day: two in three were seen coming. Also what was tried and not won, or set
/// aside, some weeks before.
pub fn behind_expansion(seed: u64, client: &str, day: NaiveDate) -> Vec<Past> {
    let mut draw = draw(seed, client, day);
    let detector = draw.weighted(&[
        (Detector::Seats, 5),
        (Detector::PlanMismatch, 2),
        (Detector::Roi, 2),
        (Detector::Promoter, 2),
        (Detector::EarlyRenewal, 1),
    ]);
    let past = |detector, state, reason, found: u64, decided: u64| Past {
        detector,
        state,
        reason,
        since: day - Days::new(found),
        decided: day - Days::new(decided),
    };
    let mut out = Vec::new();
    if draw.chance(0.66) {
        out.push(past(detector, State::Won, None, u64::from(draw.between(6, 40)), 0));
    }
    if draw.chance(0.5) {
        let reason = draw.pick(&["price", "budget", "no_need", "no_answer"]);
        let decided = u64::from(draw.between(60, 140));
        out.push(past(Detector::LimitHits, State::Lost, Some(reason), decided + 15, decided));
        out.push(past(
            detector,
            State::Lost,
            Some(draw.pick(&["price", "budget", "no_need"])),
            decided + 33,
            decided + 12,
        ));
    }
    if draw.chance(0.2) {
        let reason = draw.pick(&["not_relevant", "already_done", "bad_timing"]);
        let decided = u64::from(draw.between(45, 120));
        out.push(past(Detector::PlanMismatch, State::Dismissed, Some(reason), decided + 5, decided));
    }
    out
}

/// The retention that failed before a departure: three in four were tried.
pub fn before_departure(seed: u64, client: &str, day: NaiveDate) -> Option<Past> {
    let mut draw = draw(seed, client, day);
    draw.chance(0.75).then(|| Past {
        detector: Detector::Retention,
        state: State::Lost,
        reason: Some(draw.pick(&["price", "competitor", "budget", "no_need", "no_answer"])),
        since: day - Days::new(u64::from(draw.between(20, 70))),
        decided: day,
    })
}

/// A task that somebody has for an opportunity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Todo {
    /// What to do.
    pub title: String,
    /// How urgent.
    pub priority: Priority,
    /// Days from today; before today it is overdue.
    pub due: i64,
}

/// The task of the `place`-th best opportunity: some are overdue, some for today, the rest for the next days.
pub fn todo(detector: Detector, client: &str, place: usize) -> Todo {
    const DUE: [i64; 10] = [0, -2, 1, 0, 3, -5, 2, 6, 9, 4];
    let title = match detector {
        Detector::Quota | Detector::LimitHits => format!("Proposer une limite plus haute à {client}"),
        Detector::Seats => format!("Proposer des sièges supplémentaires à {client}"),
        Detector::Roi => format!("Préparer le bilan de valeur de {client}"),
        Detector::PlanMismatch => format!("Présenter l’offre supérieure à {client}"),
        Detector::Retention => format!("Appeler {client} au sujet de l’usage"),
        Detector::Promoter => format!("Présenter un produit complémentaire à {client}"),
        Detector::CrossSell => format!("Proposer un produit souvent associé à {client}"),
        Detector::EarlyRenewal => format!("Préparer le renouvellement de {client}"),
        Detector::Reference => format!("Demander un témoignage à {client}"),
    };
    let priority = match detector {
        Detector::Retention if place < 2 => Priority::Urgent,
        Detector::Retention | Detector::EarlyRenewal => Priority::High,
        _ => Priority::Normal,
    };
    Todo { title, priority, due: DUE[place % DUE.len()] }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn the_past_is_the_same_each_time_and_lies_in_the_past() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 3).unwrap();
        let mut won = 0;
        for n in 0..200 {
            let client = format!("Client {n}");
            let past = behind_expansion(1, &client, day);
            assert_eq!(past, behind_expansion(1, &client, day));
            won += past.iter().filter(|p| p.state == State::Won).count();
            for item in past.into_iter().chain(before_departure(1, &client, day)) {
                assert!(item.since <= item.decided && item.decided <= day, "{item:?}");
                assert_eq!(item.reason.is_none(), item.state == State::Won, "{item:?}");
            }
        }
        assert!((100..=160).contains(&won), "{won} of 200");
    }
}
