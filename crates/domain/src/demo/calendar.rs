//! The French working year: what share of an ordinary day's work is done on a day.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// Whether the day is a Saturday or Sunday.
pub(super) fn weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// How busy a day is against an ordinary Tuesday.
pub(super) fn activity(day: NaiveDate) -> f64 {
    if weekend(day) {
        return 0.05;
    }
    if holiday(day) {
        return 0.08;
    }
    let week = match day.weekday() {
        Weekday::Mon => 0.96,
        Weekday::Wed => 0.93,
        Weekday::Fri => 0.85,
        _ => 1.0,
    };
    let season = match (day.month(), day.day()) {
        (7, 14..) => 0.88,
        (8, 1..=25) => 0.75,
        (8, _) => 0.9,
        (12, 24..) | (1, 1..=2) => 0.6,
        _ => 1.0,
    };
    week * season
}

/// French public holidays.
fn holiday(day: NaiveDate) -> bool {
    let fixed = matches!(
        (day.month(), day.day()),
        (1, 1) | (5, 1) | (5, 8) | (7, 14) | (8, 15) | (11, 1) | (11, 11) | (12, 25)
    );
    // Easter Monday, Ascension, Whit Monday.
    fixed || easter(day.year()).is_some_and(|sunday| [1, 39, 50].iter().any(|n| sunday + Days::new(*n) == day))
}

/// Easter Sunday (Meeus' Gregorian computus).
fn easter(year: i32) -> Option<NaiveDate> {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    NaiveDate::from_ymd_opt(year, (n / 31).unsigned_abs(), (n % 31 + 1).unsigned_abs())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn moving_feasts_are_where_the_church_puts_them() {
        for (year, day) in [(2024, "2024-03-31"), (2025, "2025-04-20"), (2026, "2026-04-05"), (2027, "2027-03-28")] {
            assert_eq!(easter(year), Some(day.parse().unwrap()));
        }
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert!(holiday(day("2026-05-14")) && holiday(day("2026-05-25")) && !holiday(day("2026-05-26")));
        assert!(activity(day("2026-08-11")) < activity(day("2026-06-09")));
    }
}
