//! Foresight: how well a profile would have foretold who left, measured on the past.

use chrono::NaiveDate;

/// How far ahead a score is asked to look.
pub const HORIZON_DAYS: i64 = 90;

/// A client as it stood on a past day, and whether it left within [`HORIZON_DAYS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Past {
    /// The score on that day, 0–100.
    pub score: u8,
    /// Whether it left.
    pub churned: bool,
}

/// How well scores told those who left from those who stayed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Foresight {
    /// Area under the ROC curve, 0–1: the chance that of one client that left and one that stayed, the one that left had
    /// the lower score. 0.5 is a coin. None unless both kinds are there.
    pub auc: Option<f64>,
    /// How many of the cases left.
    pub churned: usize,
    /// How many stayed.
    pub stayed: usize,
    /// Median days between the alert and the end, over the clients that left and were warned of.
    pub lead_days: Option<i64>,
    /// Clients that stood below the alert when they left.
    pub warned: usize,
    /// Clients that left.
    pub left: usize,
}

/// The area under the ROC curve as the Mann–Whitney statistic; equal scores count half. None unless somebody left and
/// somebody stayed.
pub fn auc(past: &[Past]) -> Option<f64> {
    let mut counts = [[0_u64; 2]; 101];
    for case in past {
        counts[usize::from(case.score.min(100))][usize::from(case.churned)] += 1;
    }
    area(&counts)
}

/// The same from how many stayed and how many left, by score.
pub(super) fn area(counts: &[[u64; 2]; 101]) -> Option<f64> {
    let (mut pairs, mut below, mut all) = (0_u128, 0_u64, 0_u64);
    for [stayed, churned] in counts {
        // Twice the pairs, so that ties stay whole.
        pairs += u128::from(*stayed) * (2 * u128::from(below) + u128::from(*churned));
        below += churned;
        all += stayed;
    }
    (below > 0 && all > 0).then(|| pairs as f64 / (2 * u128::from(below) * u128::from(all)) as f64)
}

/// For how many days before it left a client stood below the alert, without a break: none when it did not when it left.
/// `scores` oldest first; each holds until the next.
pub fn warned_days(scores: &[(NaiveDate, Option<u8>)], left_on: NaiveDate, alert: u8) -> Option<i64> {
    let before = scores.iter().rev().filter(|(day, _)| *day < left_on);
    let since = before.take_while(|(_, score)| score.is_some_and(|score| score < alert)).last()?;
    Some((left_on - since.0).num_days())
}

/// All of it: the cases, and for each client that left its [`warned_days`].
pub fn foresight(past: &[Past], leads: &[Option<i64>]) -> Foresight {
    let mut warned: Vec<i64> = leads.iter().flatten().copied().collect();
    warned.sort_unstable();
    let churned = past.iter().filter(|case| case.churned).count();
    Foresight {
        auc: auc(past),
        churned,
        stayed: past.len() - churned,
        lead_days: warned.get(warned.len() / 2).copied(),
        warned: warned.len(),
        left: leads.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::score::tests::day;
    use proptest::prelude::*;

    fn cases(churned: &[u8], stayed: &[u8]) -> Vec<Past> {
        let of = |scores: &[u8], churned| scores.iter().map(move |score| Past { score: *score, churned }).collect();
        let (mut all, stayed): (Vec<Past>, Vec<Past>) = (of(churned, true), of(stayed, false));
        all.extend(stayed);
        all
    }

    #[test]
    fn the_area_is_the_share_of_pairs_in_order() {
        for (churned, stayed, area) in [
            (&[10, 20][..], &[80, 90][..], Some(1.0)),
            (&[80], &[10, 20], Some(0.0)),
            (&[50], &[50], Some(0.5)),
            // 40 < 50, 40 < 70, 60 > 50, 60 < 70.
            (&[40, 60], &[50, 70], Some(0.75)),
            (&[], &[50], None),
            (&[50], &[], None),
        ] {
            assert_eq!(auc(&cases(churned, stayed)), area, "{churned:?} {stayed:?}");
        }
    }

    #[test]
    fn a_warning_counts_from_the_last_fall_below_the_alert() {
        let scores = [(-200, 50), (-150, 80), (-60, 58), (-40, 30)].map(|(at, score)| (day(at), Some(score)));
        assert_eq!(warned_days(&scores, day(0), 60), Some(60));
        assert_eq!(warned_days(&scores, day(0), 40), Some(40));
        assert_eq!(warned_days(&scores, day(0), 20), None);
        assert_eq!(warned_days(&scores, day(-100), 60), None, "it stood well when it left");
        assert_eq!(warned_days(&[], day(0), 60), None);
        assert_eq!(foresight(&[], &[Some(10), None, Some(60), Some(20)]).lead_days, Some(20));
    }

    proptest! {
        /// The histogram against the definition, pair by pair.
        #[test]
        fn the_area_equals_its_definition(
            churned in prop::collection::vec(0..=100_u8, 1..30), stayed in prop::collection::vec(0..=100_u8, 1..30),
        ) {
            let pairs = churned.iter().flat_map(|c| stayed.iter().map(move |s| match c.cmp(s) {
                std::cmp::Ordering::Less => 1.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Greater => 0.0,
            }));
            let expected = pairs.sum::<f64>() / (churned.len() * stayed.len()) as f64;
            let area = auc(&cases(&churned, &stayed)).unwrap_or(-1.0);
            prop_assert!((area - expected).abs() < 1e-9, "{area} {expected}");
        }
    }
}
