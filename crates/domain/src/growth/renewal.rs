//! When a contract line renews: the one definition that lists, figures and detectors share.

use super::ledger::{Subscription, Terms, mrr_on, stretches};
use super::money::Period;
use chrono::{Datelike, NaiveDate};

/// What of a line says when it renews.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Renewing {
    /// First day.
    pub start: NaiveDate,
    /// First day on which it no longer counts, if that is known.
    pub end: Option<NaiveDate>,
    /// Paid by the year.
    pub yearly: bool,
}

impl Renewing {
    /// The next renewal after a day on which the line runs: its end; without one, of a line paid by the year, the next
    /// anniversary of its start. A line that is paid more often and has no end goes on by itself and never renews.
    pub fn after(self, day: NaiveDate) -> Option<NaiveDate> {
        if self.start > day {
            return None;
        }
        match self.end {
            Some(end) => Some(end).filter(|end| *end > day),
            None if self.yearly => self.anniversary(day),
            None => None,
        }
    }

    /// The next anniversary; 29 February is kept on 1 March.
    fn anniversary(self, day: NaiveDate) -> Option<NaiveDate> {
        let on = |year: i32| self.start.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 3, 1));
        on(day.year()).filter(|on| *on > day).or_else(|| on(day.year() + 1))
    }
}

impl Subscription {
    /// The terms in force on a day; none before the first.
    pub fn terms(&self, day: NaiveDate) -> Option<&Terms> {
        let known = self.phases.iter().filter(|phase| phase.from <= day);
        known.max_by_key(|phase| (phase.from, phase.known_on)).map(|phase| &phase.terms)
    }

    /// What says when the line renews, by the terms in force on a day.
    pub fn renewing(&self, day: NaiveDate) -> Option<Renewing> {
        let yearly = self.terms(day)?.period == Period::Year;
        Some(Renewing { start: self.start, end: self.end, yearly })
    }

    /// The next renewal after a day; none of a line that is worth nothing on it.
    pub fn renewal(&self, day: NaiveDate, reporting: &str) -> Option<NaiveDate> {
        self.renewing(day)?.after(day).filter(|_| mrr_on(&stretches(self, reporting), day) > 0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::growth::ledger::Phase;
    use crate::growth::money::RateE9;
    use chrono::Days;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_line_renews_on_its_end_or_its_anniversary() {
        for (start, end, yearly, on, renewal) in [
            // An end is the renewal, of whatever period.
            ("2025-01-10", Some("2026-08-01"), false, "2026-06-15", Some("2026-08-01")),
            ("2025-01-10", Some("2028-08-01"), true, "2026-06-15", Some("2028-08-01")),
            // Without one, a line paid by the year has its anniversary; on that day the next one is a year away.
            ("2025-01-10", None, true, "2026-06-15", Some("2027-01-10")),
            ("2025-07-10", None, true, "2026-06-15", Some("2026-07-10")),
            ("2025-07-10", None, true, "2026-07-10", Some("2027-07-10")),
            ("2026-06-15", None, true, "2026-06-15", Some("2027-06-15")),
            ("2024-02-29", None, true, "2026-02-28", Some("2026-03-01")),
            ("2024-02-29", None, true, "2027-12-01", Some("2028-02-29")),
            // One that is paid more often goes on by itself.
            ("2025-01-10", None, false, "2026-06-15", None),
            // What has not begun or is over does not renew.
            ("2026-06-16", None, true, "2026-06-15", None),
            ("2026-06-16", Some("2026-08-01"), false, "2026-06-15", None),
            ("2025-01-10", Some("2026-06-15"), true, "2026-06-15", None),
        ] {
            let line = Renewing { start: day(start), end: end.map(day), yearly };
            assert_eq!(line.after(day(on)), renewal.map(day), "{line:?} on {on}");
        }
    }

    #[test]
    fn the_terms_in_force_say_how_it_is_paid_and_whether_it_counts() {
        let phase = |from: &str, period, edit: fn(&mut Terms)| {
            let mut terms = Terms {
                amount_cents: 12_000,
                currency: "EUR".into(),
                period,
                quantity: 1,
                discount_cents: 0,
                discount_until: None,
                is_trial: false,
                paused: false,
                rate: RateE9(1_000_000_000),
            };
            edit(&mut terms);
            Phase { from: day(from), known_on: day(from), terms }
        };
        let line = Subscription {
            start: day("2025-01-10"),
            end: None,
            end_known_on: None,
            phases: vec![
                phase("2025-01-10", Period::Year, |terms| terms.is_trial = true),
                phase("2025-02-10", Period::Month, |_| ()),
                phase("2025-03-10", Period::Year, |_| ()),
                phase("2026-03-10", Period::Year, |terms| terms.paused = true),
            ],
        };
        for (on, renewal) in [
            ("2025-01-09", None),
            ("2025-02-09", None),
            ("2025-02-10", None),
            ("2025-03-10", Some("2026-01-10")),
            ("2026-02-01", Some("2027-01-10")),
            ("2026-03-10", None),
        ] {
            assert_eq!(line.renewal(day(on), "EUR"), renewal.map(day), "{on}");
        }
    }

    proptest! {
        #[test]
        fn a_renewal_lies_ahead_and_stays_until_it_is_reached(
            began in 0_u64..4_000,
            lasts in proptest::option::of(0_u64..4_000),
            yearly: bool,
            on in 0_u64..8_000,
        ) {
            let zero = day("2012-02-25");
            let start = zero + Days::new(began);
            let line = Renewing { start, end: lasts.map(|days| start + Days::new(days)), yearly };
            let today = zero + Days::new(on);
            if let Some(next) = line.after(today) {
                prop_assert!(next > today && start <= today);
                prop_assert!(line.end.is_some() || (next - today).num_days() <= 366);
                prop_assert_eq!(line.after(next - Days::new(1)), Some(next));
                prop_assert!(line.after(next) != Some(next));
            } else {
                prop_assert!(start > today || line.end.map_or(!yearly, |end| end <= today));
            }
        }
    }
}
