//! Piecewise-linear curves: how a figure becomes points, readable at a glance and drawn as such on the page.

use crate::{Code, Invalid};
use serde::{Deserialize, Serialize};

/// A curve that a profile may change. Heights are points, 0–100; of some curves, points that are lost ([`CurveName::costs`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CurveName {
    /// Use of the last 28 days, in per cent of the client's own habit.
    UsageLevel,
    /// Active people, in per cent of the seats.
    LicenceUse,
    /// Days since the last exchange.
    EngagementRecency,
    /// Days by which a stage that is at risk is late.
    JourneyLate,
    /// Milestones missed, a critical one for two and a half → points lost.
    JourneyMissed,
    /// What open tickets weigh, by severity and age.
    SupportOpen,
    /// Tickets opened in the last 28 days, closed ones too → points lost.
    SupportRecent,
    /// Tickets reopened, open or closed in the last 90 days → points lost.
    SupportReopened,
    /// Would recommend, 0–10: detractors to 6, promoters from 9.
    SatisfactionNps,
    /// Satisfied, 1–5; marks on tickets too.
    SatisfactionCsat,
    /// Easy, 1–7.
    SatisfactionCes,
    /// Days by which the oldest unpaid invoice is late.
    PaymentsLate,
    /// Value delivered, in per cent of the fees of twelve months.
    OutcomesRoi,
    /// A person's opinion, 1–5.
    PulseValue,
}

/// At least and at most so many points.
const POINTS: std::ops::RangeInclusive<usize> = 2..=8;

impl CurveName {
    /// All curves, in the order of the components.
    pub const ALL: [CurveName; 14] = [
        CurveName::UsageLevel,
        CurveName::LicenceUse,
        CurveName::EngagementRecency,
        CurveName::JourneyLate,
        CurveName::JourneyMissed,
        CurveName::SupportOpen,
        CurveName::SupportRecent,
        CurveName::SupportReopened,
        CurveName::SatisfactionNps,
        CurveName::SatisfactionCsat,
        CurveName::SatisfactionCes,
        CurveName::PaymentsLate,
        CurveName::OutcomesRoi,
        CurveName::PulseValue,
    ];

    /// As stored and written by the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            CurveName::UsageLevel => "usage_level",
            CurveName::LicenceUse => "licence_use",
            CurveName::EngagementRecency => "engagement_recency",
            CurveName::JourneyLate => "journey_late",
            CurveName::JourneyMissed => "journey_missed",
            CurveName::SupportOpen => "support_open",
            CurveName::SupportRecent => "support_recent",
            CurveName::SupportReopened => "support_reopened",
            CurveName::SatisfactionNps => "satisfaction_nps",
            CurveName::SatisfactionCsat => "satisfaction_csat",
            CurveName::SatisfactionCes => "satisfaction_ces",
            CurveName::PaymentsLate => "payments_late",
            CurveName::OutcomesRoi => "outcomes_roi",
            CurveName::PulseValue => "pulse_value",
        }
    }

    /// The points of the built-in profile.
    pub const fn default_points(self) -> &'static [(f64, f64)] {
        match self {
            CurveName::UsageLevel => {
                &[(0.0, 0.0), (50.0, 20.0), (70.0, 42.0), (85.0, 68.0), (100.0, 88.0), (120.0, 100.0)]
            }
            CurveName::LicenceUse => &[(0.0, 0.0), (50.0, 60.0), (80.0, 100.0)],
            CurveName::EngagementRecency => &[(7.0, 100.0), (30.0, 80.0), (60.0, 50.0), (90.0, 25.0), (180.0, 0.0)],
            CurveName::JourneyLate => &[(0.0, 60.0), (40.0, 20.0)],
            CurveName::JourneyMissed => &[(0.0, 0.0), (10.0, 100.0)],
            // No ticket is good but weak evidence (some never call before they leave): the best is not 100.
            CurveName::SupportOpen => &[(0.0, 90.0), (90.0, 0.0)],
            CurveName::SupportRecent => &[(2.0, 0.0), (5.0, 8.0), (10.0, 20.0)],
            CurveName::SupportReopened => &[(0.0, 0.0), (3.0, 18.0)],
            CurveName::SatisfactionNps => &[(0.0, 0.0), (6.0, 40.0), (7.0, 65.0), (8.0, 78.0), (10.0, 100.0)],
            CurveName::SatisfactionCsat => &[(1.0, 0.0), (2.0, 20.0), (3.0, 50.0), (4.0, 80.0), (5.0, 100.0)],
            CurveName::SatisfactionCes => &[(1.0, 0.0), (4.0, 50.0), (5.0, 70.0), (7.0, 100.0)],
            CurveName::PaymentsLate => &[(0.0, 100.0), (10.0, 80.0), (30.0, 50.0), (60.0, 20.0), (90.0, 0.0)],
            CurveName::OutcomesRoi => &[(0.0, 0.0), (50.0, 35.0), (100.0, 65.0), (200.0, 90.0), (300.0, 100.0)],
            CurveName::PulseValue => &[(1.0, 0.0), (2.0, 30.0), (3.0, 60.0), (4.0, 85.0), (5.0, 100.0)],
        }
    }

    /// Whether the heights may never fall, else never rise: where more is better, and where more costs more.
    pub const fn rises(self) -> bool {
        !matches!(
            self,
            CurveName::EngagementRecency | CurveName::PaymentsLate | CurveName::JourneyLate | CurveName::SupportOpen
        )
    }

    /// Whether its heights are points that the component loses.
    pub const fn costs(self) -> bool {
        matches!(self, CurveName::JourneyMissed | CurveName::SupportRecent | CurveName::SupportReopened)
    }

    /// Refuses points that are no curve of this name: too few or many, not from left to right, turning back, outside
    /// 0–100.
    pub(super) fn check(self, points: &[(f64, f64)]) -> Result<(), Invalid> {
        let field = || format!("curves.{}", self.as_str());
        if !POINTS.contains(&points.len()) {
            let refused = Invalid::field(Code::HealthCurvePoints, field());
            return Err(refused.with("min", *POINTS.start()).with("max", *POINTS.end()));
        }
        if !points.iter().all(|(x, y)| (0.0..=1e6).contains(x) && (0.0..=100.0).contains(y)) {
            return Err(Invalid::field(Code::FieldRange, field()).with("min", 0).with("max", 100));
        }
        let onward = |pair: &[(f64, f64)]| {
            let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
            x0 < x1 && if self.rises() { y0 <= y1 } else { y0 >= y1 }
        };
        if !points.windows(2).all(onward) {
            let way = if self.costs() {
                "costing"
            } else if self.rises() {
                "rising"
            } else {
                "falling"
            };
            return Err(Invalid::field(Code::HealthCurveTurns, field()).with("way", way));
        }
        Ok(())
    }
}

/// The curve's height at `x`: straight lines between the points (sorted by x), flat outside them.
pub(super) fn curve(points: &[(f64, f64)], x: f64) -> f64 {
    let Some(&(first_x, first_y)) = points.first() else { return 0.0 };
    if x.is_nan() || x <= first_x {
        return first_y;
    }
    for pair in points.windows(2) {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        if x <= x1 {
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0);
        }
    }
    points.last().map_or(first_y, |point| point.1)
}

/// A component as a whole number of points.
pub(super) fn points(value: f64) -> u8 {
    value.clamp(0.0, 100.0).round() as u8
}

/// A ratio as a whole number of per cent, for evidence: a finer one would write history every hour.
pub(super) fn percent(ratio: f64) -> i64 {
    (ratio * 100.0).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_is_straight_between_its_points_and_flat_outside() {
        let line = [(0.0, 0.0), (0.5, 60.0), (0.8, 100.0)];
        for (x, y) in [(-1.0, 0.0), (0.0, 0.0), (0.25, 30.0), (0.5, 60.0), (0.65, 80.0), (0.8, 100.0), (9.0, 100.0)] {
            assert!((curve(&line, x) - y).abs() < 1e-9, "{x}");
        }
        assert_eq!(curve(&line, f64::NAN), 0.0);
        assert_eq!(curve(&[], 1.0), 0.0);
    }

    #[test]
    fn every_built_in_curve_is_one_that_a_profile_may_have() {
        for name in CurveName::ALL {
            assert_eq!(name.check(name.default_points()), Ok(()), "{name:?}");
        }
    }

    #[test]
    fn points_stay_within_their_range() {
        assert_eq!([-5.0, 0.49, 99.5, 1e300, f64::NAN].map(points), [0, 0, 100, 100, 0]);
    }
}
