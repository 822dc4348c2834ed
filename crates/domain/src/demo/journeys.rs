//! Since when the demo's people follow each client's journey.

use chrono::{Datelike, Months, NaiveDate};

/// Months from one review with a client to the next.
const REVIEW: u32 = 3;

/// The day of a client's last quarterly review, counted from its start: a stage that was under way then has its plan from
/// there. Reviews are spread over the quarter as beginnings are over the years, so that plans do not all end on one day.
pub fn followed_since(start: NaiveDate, today: NaiveDate) -> NaiveDate {
    let months = (today.year() - start.year()) * 12 + today.month() as i32 - start.month() as i32;
    let review = |n: u32| start.checked_add_months(Months::new(n * REVIEW)).filter(|day| *day <= today);
    let last = u32::try_from(months).unwrap_or(0) / REVIEW;
    review(last).or_else(|| review(last.saturating_sub(1))).unwrap_or(start).min(today)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_last_review_is_whole_quarters_after_the_start() {
        for (start, today, since) in [
            ("2026-06-15", "2026-06-15", "2026-06-15"),
            ("2026-06-01", "2026-06-15", "2026-06-01"),
            ("2026-03-15", "2026-06-15", "2026-06-15"),
            ("2026-03-16", "2026-06-15", "2026-03-16"),
            ("2024-11-30", "2026-02-28", "2026-02-28"),
            ("2024-11-30", "2026-02-27", "2025-11-30"),
            ("2020-01-20", "2026-06-15", "2026-04-20"),
            ("2026-07-01", "2026-06-15", "2026-06-15"),
        ] {
            assert_eq!(followed_since(day(start), day(today)), day(since), "{start} {today}");
        }
    }

    proptest! {
        #[test]
        fn a_review_lies_within_the_last_quarter(ago in 0_u64..6_000, on in 0_u64..2_000) {
            let today = day("2024-01-01") + chrono::Days::new(on);
            let start = today - chrono::Days::new(ago);
            let since = followed_since(start, today);
            prop_assert!(start <= since && since <= today);
            prop_assert!((today - since).num_days() <= 92);
        }
    }
}
