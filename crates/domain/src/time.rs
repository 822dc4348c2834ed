//! Civil days in the workspace's zone and instants cut to what both databases keep.

use crate::{Code, Invalid};
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, SubsecRound, TimeZone, Utc};
use chrono_tz::Tz;
use std::collections::BTreeSet;

/// The instant cut to microseconds: PostgreSQL keeps no more, and both engines must answer alike.
pub fn micros(at: DateTime<Utc>) -> DateTime<Utc> {
    at.trunc_subsecs(6)
}

/// The civil day of an instant in a zone.
pub fn day_in(zone: Tz, at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

/// The first instant after the civil day in a zone: where "end of that day" lies.
pub fn end_of_day(zone: Tz, day: NaiveDate) -> DateTime<Utc> {
    let next = day + Days::new(1);
    let midnight = next.and_hms_opt(0, 0, 0).unwrap_or_default();
    // A zone that springs forward at midnight has no such instant: take the first one that exists.
    (0..=3)
        .find_map(|h| zone.from_local_datetime(&(midnight + chrono::Duration::hours(h))).earliest())
        .map_or_else(|| midnight.and_utc(), |t| t.with_timezone(&Utc))
}

/// The last day of the month of `day`.
pub fn month_end(day: NaiveDate) -> NaiveDate {
    month_start(day) + Months::new(1) - Days::new(1)
}

/// The first day of the month of `day`.
pub fn month_start(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.day0()))
}

/// The same day some months earlier, or the last day of that shorter month.
pub fn months_before(day: NaiveDate, months: u32) -> NaiveDate {
    day - Months::new(months)
}

/// The day that lies some business days after another: Saturdays, Sundays and the workspace's holidays do not count.
pub fn business_days_after(day: NaiveDate, count: u16, holidays: &BTreeSet<NaiveDate>) -> NaiveDate {
    let mut at = day;
    let mut left = count;
    while left > 0 {
        at = at + Days::new(1);
        left -= u16::from(at.weekday().number_from_monday() <= 5 && !holidays.contains(&at));
    }
    at
}

/// Reads a zone by its IANA name.
pub fn parse_zone(name: &str) -> Result<Tz, Invalid> {
    name.parse().map_err(|_| Invalid::field(Code::IdentityTimezoneUnknown, "timezone").with("value", name))
}

/// Refuses a day outside the years 1900 to 2199: further away it is a mistake, and beyond what both databases order.
pub fn check_day(day: NaiveDate, field: &str) -> Result<(), Invalid> {
    if YEARS.contains(&day.year()) {
        Ok(())
    } else {
        Err(Invalid::field(Code::GrowthDayInvalid, field).with("value", day.to_string()))
    }
}

/// The years that days may lie in.
const YEARS: std::ops::Range<i32> = 1900..2200;

/// Reads a day written `YYYY-MM-DD`, within the years 1900 to 2199.
pub fn parse_day(text: &str, field: &str) -> Result<NaiveDate, Invalid> {
    let refused = || Invalid::field(Code::GrowthDayInvalid, field).with("value", text);
    let day: NaiveDate = text.parse().map_err(|_| refused())?;
    check_day(day, field).map_err(|_| refused())?;
    Ok(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;
    use proptest::prelude::*;

    /// Zones whose clocks change at night, at midnight, by half an hour, on other days in the south, and not at all.
    const ZONES: [Tz; 9] = [
        chrono_tz::Europe::Paris,
        chrono_tz::America::New_York,
        chrono_tz::America::Havana,
        chrono_tz::America::Santiago,
        chrono_tz::Asia::Beirut,
        chrono_tz::Africa::Cairo,
        chrono_tz::Australia::Lord_Howe,
        chrono_tz::Pacific::Auckland,
        chrono_tz::UTC,
    ];

    proptest! {
        #[test]
        fn business_days_are_counted_in_civil_days(
            // An instant of the years 2024 to 2028: all changes of the clocks of four years.
            second in 1_704_067_200_i64..1_830_297_600, zone in 0..ZONES.len(), count in 0..40_u16,
            off in prop::collection::btree_set(0..60_u64, 0..20),
        ) {
            let zone = ZONES[zone];
            let at = DateTime::from_timestamp(second, 0).unwrap_or_default();
            let from = day_in(zone, at);
            let holidays: BTreeSet<NaiveDate> = off.into_iter().map(|days| from + Days::new(days)).collect();
            let works = |day: NaiveDate| !["Sat", "Sun"].contains(&day.weekday().to_string().as_str()) && !holidays.contains(&day);
            let due = business_days_after(from, count, &holidays);
            // From midnight to midnight, whether a day has 23, 24 or 25 hours.
            let (mut now, mut left, mut walked) = (at, count, 0);
            while left > 0 {
                let day = day_in(zone, now);
                let next = end_of_day(zone, day);
                prop_assert_eq!(day_in(zone, next - Duration::microseconds(1)), day);
                prop_assert_eq!(day_in(zone, next), day + Days::new(1));
                let hours = (next - end_of_day(zone, day - Days::new(1))).num_minutes();
                prop_assert!((22 * 60..=26 * 60).contains(&hours), "{} has {} minutes", day, hours);
                now = next;
                walked += 1;
                left -= u16::from(works(day_in(zone, now)));
            }
            prop_assert_eq!(day_in(zone, now), due);
            prop_assert_eq!((due - from).num_days(), walked);
            prop_assert!(count == 0 || works(due));
        }
    }

    #[test]
    fn weekends_do_not_count() {
        // 2026-11-23 is a Monday.
        for (from, count, expected) in [
            ("2026-11-23", 0, "2026-11-23"),
            ("2026-11-23", 1, "2026-11-24"),
            ("2026-11-23", 4, "2026-11-27"),
            ("2026-11-23", 5, "2026-11-30"),
            ("2026-11-27", 1, "2026-11-30"),
            ("2026-11-28", 1, "2026-11-30"),
            ("2026-11-29", 2, "2026-12-01"),
            ("2026-12-23", 10, "2027-01-06"),
        ] {
            let day = |text: &str| text.parse::<NaiveDate>().ok();
            let found = day(from).map(|from| business_days_after(from, count, &BTreeSet::new()));
            assert_eq!(found, day(expected), "{count} after {from}");
        }
    }

    #[test]
    fn holidays_do_not_count_either() {
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        let holidays: BTreeSet<NaiveDate> =
            ["2026-05-01", "2026-05-08", "2026-05-14", "2026-05-09"].iter().filter_map(|text| day(text)).collect();
        // 2026-05-01 and 08 are Fridays, the 14th is a Thursday, the 9th a Saturday that would not have counted anyway.
        for (from, count, expected) in [
            ("2026-04-30", 0, "2026-04-30"),
            ("2026-04-30", 1, "2026-05-04"),
            ("2026-05-07", 1, "2026-05-11"),
            ("2026-05-07", 4, "2026-05-15"),
        ] {
            let found = day(from).map(|from| business_days_after(from, count, &holidays));
            assert_eq!(found, day(expected), "{count} after {from}");
        }
    }

    #[test]
    fn a_civil_day_is_a_day_when_clocks_change() {
        let zone = chrono_tz::Europe::Paris;
        // Clocks went forward on 2026-03-29 and go back on 2026-10-25: 23 and 25 hours, one day each.
        for (from, hours) in [("2026-03-29", 23), ("2026-10-25", 25), ("2026-10-26", 24)] {
            let Ok(day) = from.parse::<NaiveDate>() else { continue };
            let length = end_of_day(zone, day) - end_of_day(zone, day - Days::new(1));
            assert_eq!(length.num_hours(), hours, "{from}");
            assert_eq!(day_in(zone, end_of_day(zone, day)), day + Days::new(1));
        }
        let friday: Option<NaiveDate> = "2026-03-27".parse().ok();
        let monday = friday.map(|day| business_days_after(day, 1, &BTreeSet::new()));
        assert_eq!(monday, "2026-03-30".parse().ok());
    }
}
