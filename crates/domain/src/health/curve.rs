//! Piecewise-linear curves: how a figure becomes points, readable at a glance and drawn as such on the page.

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
    fn points_stay_within_their_range() {
        assert_eq!([-5.0, 0.49, 99.5, 1e300, f64::NAN].map(points), [0, 0, 100, 100, 0]);
    }
}
