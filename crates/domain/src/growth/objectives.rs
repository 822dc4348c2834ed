//! Objectives: a target for a metric at a date, how far it has come, and whether that is fast enough.

use crate::{Code, Invalid};
use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

macro_rules! metrics {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $unit:ident, $better:ident;)+) => {
        /// What an objective can be about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub enum ObjectiveMetric { $($(#[$doc])* $name,)+ }

        impl ObjectiveMetric {
            /// All metrics, in the order in which they are offered.
            pub const ALL: &'static [ObjectiveMetric] = &[$(ObjectiveMetric::$name,)+];

            /// As stored and written by the API.
            pub const fn as_str(self) -> &'static str {
                match self { $(ObjectiveMetric::$name => $text,)+ }
            }

            /// What its values are counted in.
            pub const fn unit(self) -> Unit {
                match self { $(ObjectiveMetric::$name => Unit::$unit,)+ }
            }

            /// Where one wants it to go.
            pub const fn better(self) -> Direction {
                match self { $(ObjectiveMetric::$name => Direction::$better,)+ }
            }
        }
    };
}

metrics! {
    /// MRR at the close of the day.
    Mrr = "mrr", Cents, Up;
    /// Twelve times that.
    Arr = "arr", Cents, Up;
    /// Clients with MRR.
    ActiveClients = "activeClients", Number, Up;
    /// MRR / paying clients.
    Arpa = "arpa", Cents, Up;
    /// MRR of first-time clients since the objective's start.
    NewMrr = "newMrr", Cents, Up;
    /// MRR gained on paying clients since the start.
    ExpansionMrr = "expansionMrr", Cents, Up;
    /// All movements since the start, gains less losses.
    NetNewMrr = "netNewMrr", Cents, Up;
    /// Clients that paid for the first time since the start.
    NewClients = "newClients", Number, Up;
    /// Unweighted mean of the scores of active clients.
    MeanHealth = "meanHealth", Score, Up;
    /// Active clients at risk.
    AtRiskClients = "atRiskClients", Number, Down;
    /// Net revenue retention over twelve months.
    Nrr = "nrr", Ratio, Up;
    /// Gross revenue retention over twelve months.
    Grr = "grr", Ratio, Up;
    /// Churn of clients over twelve months.
    LogoChurn = "logoChurn", Ratio, Down;
    /// Churn of revenue over twelve months.
    RevenueChurn = "revenueChurn", Ratio, Down;
    /// Churn of revenue a month, over twelve months.
    MonthlyChurn = "monthlyChurn", Ratio, Down;
    /// MRR gained / MRR lost over twelve months.
    QuickRatio = "quickRatio", Times, Up;
    /// Lifetime value of a client, over twelve months.
    Ltv = "ltv", Cents, Up;
    /// What winning a client costs, over twelve months.
    Cac = "cac", Cents, Down;
    /// Months until a client has brought in what winning it cost.
    Payback = "payback", Months, Down;
    /// Lifetime value / what winning it costs.
    LtvCac = "ltvCac", Times, Up;
    /// The NPS of the answers of ninety days.
    Nps = "nps", Nps, Up;
    /// The share of satisfied answers among those of ninety days.
    Csat = "csat", Ratio, Up;
    /// The mean of the CES answers of ninety days.
    Ces = "ces", Ces, Up;
}

/// The answers of so many days, the day itself the last, say what surveys say.
pub const ANSWER_DAYS: u64 = 90;

impl ObjectiveMetric {
    /// The metric that is written so.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        ObjectiveMetric::ALL
            .iter()
            .copied()
            .find(|metric| metric.as_str() == text)
            .ok_or_else(|| Invalid::field(Code::GrowthMetricUnknown, "metric").with("value", text))
    }

    /// Whether it counts what has happened since the objective's start, and so begins at nought.
    pub const fn is_flow(self) -> bool {
        matches!(
            self,
            ObjectiveMetric::NewMrr
                | ObjectiveMetric::ExpansionMrr
                | ObjectiveMetric::NetNewMrr
                | ObjectiveMetric::NewClients
        )
    }

    /// Whether it compares two closes twelve months apart.
    pub const fn is_retention(self) -> bool {
        matches!(
            self,
            ObjectiveMetric::Nrr | ObjectiveMetric::Grr | ObjectiveMetric::LogoChurn | ObjectiveMetric::RevenueChurn
        )
    }

    /// Refuses a target that the metric can never have.
    pub fn check_target(self, target: f64) -> Result<(), Invalid> {
        let (min, max) = match self.unit() {
            Unit::Cents if self == ObjectiveMetric::NetNewMrr => (-1e15, 1e15),
            Unit::Cents => (0.0, 1e15),
            Unit::Number => (0.0, 1e9),
            Unit::Times | Unit::Months => (0.0, 1e4),
            Unit::Score => (0.0, 100.0),
            Unit::Nps => (-100.0, 100.0),
            Unit::Ces => (1.0, 7.0),
            // Net retention may pass 100 %; the others are shares.
            Unit::Ratio if self == ObjectiveMetric::Nrr => (0.0, 10.0),
            Unit::Ratio => (0.0, 1.0),
        };
        // Written so that NaN is refused too.
        if target >= min && target <= max {
            Ok(())
        } else {
            Err(Invalid::field(Code::FieldRange, "target").with("min", min).with("max", max))
        }
    }
}

/// What the values of a metric are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Minor units of the reporting currency.
    Cents,
    /// A fraction: 0.85 is 85 %.
    Ratio,
    /// A count.
    Number,
    /// 0 to 100.
    Score,
    /// How many times one amount is another.
    Times,
    /// Months, and parts of one.
    Months,
    /// −100 to 100: a share of promoters less one of detractors.
    Nps,
    /// 1 to 7.
    Ces,
}

impl Unit {
    /// As written by the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Unit::Cents => "cents",
            Unit::Ratio => "ratio",
            Unit::Number => "number",
            Unit::Score => "score",
            Unit::Times => "times",
            Unit::Months => "months",
            Unit::Nps => "nps",
            Unit::Ces => "ces",
        }
    }
}

/// Which way an objective wants a metric to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is better.
    Up,
    /// Less is better.
    Down,
}

impl Direction {
    /// As stored and written by the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Direction::Up => "up",
            Direction::Down => "down",
        }
    }

    /// The direction that is written so.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "up" => Ok(Direction::Up),
            "down" => Ok(Direction::Down),
            _ => Err(Invalid::field(Code::FieldType, "direction").with("expected", "up or down").with("value", text)),
        }
    }

    /// Whether a value meets a target.
    pub fn meets(self, value: f64, target: f64) -> bool {
        match self {
            Direction::Up => value >= target,
            Direction::Down => value <= target,
        }
    }

    /// Refuses a target that asks for nothing, or for the other way.
    pub fn check(self, start: f64, target: f64) -> Result<(), Invalid> {
        if start == target {
            return Err(Invalid::field(Code::GrowthObjectiveTargetEqual, "target").with("start", start));
        }
        if self.meets(start, target) {
            return Err(Invalid::field(Code::GrowthObjectiveDirection, "target")
                .with("start", start)
                .with("direction", self.as_str()));
        }
        Ok(())
    }
}

/// What an objective aims at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Aim {
    /// Which way.
    pub direction: Direction,
    /// The metric's value on the start's day.
    pub start: f64,
    /// What it shall be.
    pub target: f64,
    /// The day on which the start value was read.
    pub start_day: NaiveDate,
    /// The last day on which reaching counts as in time.
    pub due_day: NaiveDate,
}

/// Where an objective stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Its start lies ahead.
    Planned,
    /// As far as linear time asks, or further.
    OnTrack,
    /// Less far than that.
    Behind,
    /// The target was met, on a day that is recorded.
    Reached,
    /// The due day has passed without.
    Missed,
    /// The metric has no value today.
    Unknown,
}

impl State {
    /// As written by the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            State::Planned => "planned",
            State::OnTrack => "on_track",
            State::Behind => "behind",
            State::Reached => "reached",
            State::Missed => "missed",
            State::Unknown => "unknown",
        }
    }
}

/// How far a value has come from the start to the target, in per cent, within 0 and 100; the same for both directions,
/// since start and target carry the sign. Where start and target are one, met or not.
///
/// From 40 clients at risk down to 20, at 25: three quarters of the way.
/// ```
/// use essor_domain::growth::objectives::{Direction, progress_pct};
/// assert_eq!(progress_pct(Direction::Down, 40.0, 20.0, 25.0), 75.0);
/// assert_eq!(progress_pct(Direction::Up, 100.0, 200.0, 150.0), 50.0);
/// assert_eq!(progress_pct(Direction::Up, 100.0, 200.0, 80.0), 0.0);
/// assert_eq!(progress_pct(Direction::Up, 100.0, 200.0, 260.0), 100.0);
/// ```
pub fn progress_pct(direction: Direction, start: f64, target: f64, value: f64) -> f64 {
    if direction.meets(value, target) {
        return 100.0;
    }
    // Met at the start already, and lost since: there is no way to measure.
    if direction.meets(start, target) {
        return 0.0;
    }
    (100.0 * (value - start) / (target - start)).clamp(0.0, 100.0)
}

/// How far linear time asks it to be at the end of a day, in per cent: none on the start's day, all on the due day.
///
/// ```
/// use essor_domain::growth::objectives::pace_pct;
/// let day = |text: &str| text.parse().expect("a day");
/// assert_eq!(pace_pct(day("2026-10-01"), day("2026-12-31"), day("2026-11-15")), 100.0 * 45.0 / 91.0);
/// ```
pub fn pace_pct(start: NaiveDate, due: NaiveDate, today: NaiveDate) -> f64 {
    let whole = (due - start).num_days();
    if whole <= 0 {
        return if today >= due { 100.0 } else { 0.0 };
    }
    (100.0 * (today - start).num_days() as f64 / whole as f64).clamp(0.0, 100.0)
}

/// Where an objective stands on a day, from the value then and whether it had been reached by then.
pub fn state(aim: &Aim, value: Option<f64>, reached: bool, today: NaiveDate) -> State {
    if reached {
        return State::Reached;
    }
    if today > aim.due_day {
        return State::Missed;
    }
    if today < aim.start_day {
        return State::Planned;
    }
    let Some(value) = value else { return State::Unknown };
    let progress = progress_pct(aim.direction, aim.start, aim.target, value);
    if progress >= pace_pct(aim.start_day, aim.due_day, today) { State::OnTrack } else { State::Behind }
}

/// The first day, from the start to the due day, whose value meets the target. `days` in order.
pub fn first_reached(aim: &Aim, days: &[(NaiveDate, f64)]) -> Option<(NaiveDate, f64)> {
    days.iter()
        .copied()
        .find(|(day, value)| (aim.start_day..=aim.due_day).contains(day) && aim.direction.meets(*value, aim.target))
}

/// The first and the last day of the calendar quarter of a day.
pub fn quarter(day: NaiveDate) -> (NaiveDate, NaiveDate) {
    let month = day.month0() / 3 * 3 + 1;
    let first = NaiveDate::from_ymd_opt(day.year(), month, 1).unwrap_or(day);
    (first, first + Months::new(3) - Days::new(1))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn aim(direction: Direction, start: f64, target: f64) -> Aim {
        Aim { direction, start, target, start_day: day("2026-10-01"), due_day: day("2026-12-31") }
    }

    #[test]
    fn states_in_both_directions() {
        let up = aim(Direction::Up, 100.0, 200.0);
        let down = aim(Direction::Down, 40.0, 20.0);
        for (aim, value, reached, today, expected) in [
            (&up, Some(150.0), false, "2026-11-15", State::OnTrack),
            (&up, Some(149.0), false, "2026-11-16", State::Behind),
            (&up, Some(90.0), true, "2026-11-16", State::Reached),
            (&up, Some(199.0), false, "2027-01-01", State::Missed),
            (&up, None, false, "2026-11-16", State::Unknown),
            (&up, None, false, "2026-09-30", State::Planned),
            (&down, Some(30.0), false, "2026-11-15", State::OnTrack),
            (&down, Some(41.0), false, "2026-11-15", State::Behind),
            (&down, Some(21.0), false, "2026-12-31", State::Behind),
        ] {
            assert_eq!(state(aim, value, reached, day(today)), expected, "{value:?} on {today}");
        }
    }

    #[test]
    fn reaching_counts_within_the_period_only() {
        let up = aim(Direction::Up, 100.0, 200.0);
        let days = [("2026-09-30", 250.0), ("2026-10-20", 199.0), ("2026-11-02", 201.0), ("2026-11-03", 300.0)];
        let days: Vec<_> = days.map(|(on, value)| (day(on), value)).to_vec();
        assert_eq!(first_reached(&up, &days), Some((day("2026-11-02"), 201.0)));
        assert_eq!(first_reached(&up, &[(day("2027-01-01"), 900.0)]), None);
    }

    #[test]
    fn a_target_must_ask_for_something() {
        assert_eq!(Direction::Up.check(1.0, 1.0).unwrap_err().code, Code::GrowthObjectiveTargetEqual);
        assert_eq!(Direction::Up.check(2.0, 1.0).unwrap_err().code, Code::GrowthObjectiveDirection);
        assert_eq!(Direction::Down.check(1.0, 2.0).unwrap_err().code, Code::GrowthObjectiveDirection);
        Direction::Down.check(2.0, 1.0).unwrap();
        assert!(ObjectiveMetric::Mrr.check_target(f64::NAN).is_err());
        assert!(ObjectiveMetric::Grr.check_target(1.2).is_err());
        ObjectiveMetric::Nrr.check_target(1.2).unwrap();
        ObjectiveMetric::LtvCac.check_target(3.5).unwrap();
        ObjectiveMetric::Nps.check_target(-20.0).unwrap();
        for (metric, beyond) in
            [(ObjectiveMetric::Nps, 101.0), (ObjectiveMetric::Csat, 1.01), (ObjectiveMetric::Ces, 0.5)]
        {
            assert!(metric.check_target(beyond).is_err(), "{metric:?}");
            assert_eq!(metric.better(), Direction::Up);
        }
        assert!(ObjectiveMetric::MonthlyChurn.check_target(1.2).is_err());
        for down in [ObjectiveMetric::MonthlyChurn, ObjectiveMetric::Cac, ObjectiveMetric::Payback] {
            assert_eq!(down.better(), Direction::Down);
        }
        for metric in ObjectiveMetric::ALL {
            assert_eq!(ObjectiveMetric::parse(metric.as_str()).unwrap(), *metric);
        }
    }

    #[test]
    fn quarters_are_those_of_the_calendar() {
        assert_eq!(quarter(day("2026-11-23")), (day("2026-10-01"), day("2026-12-31")));
        assert_eq!(quarter(day("2024-02-29")), (day("2024-01-01"), day("2024-03-31")));
    }

    proptest! {
        #[test]
        fn progress_is_a_share_and_full_exactly_when_met(start in -1e9..1e9_f64, target in -1e9..1e9_f64, value in -1e9..1e9_f64) {
            for direction in [Direction::Up, Direction::Down] {
                let progress = progress_pct(direction, start, target, value);
                prop_assert!((0.0..=100.0).contains(&progress));
                if direction.meets(value, target) { prop_assert_eq!(progress, 100.0); }
            }
        }

        #[test]
        fn coming_closer_is_never_less(start in 0.0..1e6_f64, way in 1.0..1e6_f64, a in 0.0..1e6_f64, b in 0.0..1e6_f64) {
            let (low, high) = (a.min(b), a.max(b));
            let up = |value| progress_pct(Direction::Up, start, start + way, value);
            prop_assert!(up(low) <= up(high));
            let down = |value| progress_pct(Direction::Down, start, start - way, value);
            prop_assert!(down(low) >= down(high));
        }
    }
}
