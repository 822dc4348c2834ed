//! The damped drift by hand, and what must hold of any history.
#![allow(clippy::unwrap_used, reason = "tests")]
use super::*;
use proptest::prelude::*;

fn of(closes: &[i64]) -> History<'_> {
    History { closes, now: closes.last().copied().unwrap_or(0), first_step: 1.0 }
}

#[test]
fn too_little_history_says_how_much_there_is() {
    assert_eq!(forecast(&of(&[]), 6), Err(0));
    assert_eq!(forecast(&of(&[0, 0, 10, 20, 30]), 6), Err(3), "months before the first client do not count");
    assert_eq!(forecast(&of(&[5; 7]), 6), Err(7));
    assert!(forecast(&of(&[5; 8]), 6).is_ok());
}

#[test]
fn a_level_stays_level_and_certain() {
    let said = forecast(&of(&[10_000; 12]), 6).unwrap();
    for fan in &said.months {
        assert_eq!([fan.at(0.05), fan.at(0.5), fan.at(0.95)], [10_000; 3]);
    }
}

#[test]
fn a_steady_drift_goes_on_and_fades() {
    let closes: Vec<i64> = (0..30).map(|month| 100_000 + 1_000 * month).collect();
    let said = forecast(&of(&closes), 12).unwrap();
    // The least damping of the grid fits a straight line best: Σ φ^i of 1,000 a month.
    assert_eq!(said.phi, 0.98);
    let last = *closes.last().unwrap() as f64;
    let first = said.months[0].middle - last;
    assert!((850.0..=1_000.0).contains(&first), "{first}");
    let steps: Vec<f64> = said.months.windows(2).map(|pair| pair[1].middle - pair[0].middle).collect();
    assert!(steps.windows(2).all(|pair| pair[1] < pair[0] && pair[1] > 0.0), "each month adds a little less");
}

#[test]
fn the_damped_sum_by_hand() {
    let trend = Trend { phi: 0.5, beta: 0.1, slope: 100.0 };
    assert_eq!(trend.path(1.0, 3), [50.0, 75.0, 87.5]);
    assert_eq!(trend.path(0.5, 2), [25.0, 50.0], "half of the first month is over");
}

#[test]
fn coverage_is_counted_over_the_forecasts_that_could_be_checked() {
    let closes: Vec<i64> = (0..20).map(|month| 100_000 + 900 * month + if month % 2 == 0 { 700 } else { 0 }).collect();
    let record = forecast(&of(&closes), 3).unwrap().reliability;
    // Made at closes 8 to 17 of 20, each held against the one three months later.
    assert_eq!((record.horizon, record.origins), (3, 10));
    assert_eq!(record.band80.of, 10);
    assert!(record.band50.inside <= record.band80.inside);
}

#[test]
fn what_comes_later_does_not_reach_back() {
    let mut closes: Vec<i64> = (0..24).map(|month| 50_000 + 400 * month).collect();
    let before = Backtest::run(&closes[..12], 3).spreads(11, 3);
    closes[20] *= 3;
    assert_eq!(Backtest::run(&closes, 3).spreads(11, 3), before);
}

proptest! {
    #[test]
    fn percentiles_are_ordered_and_never_negative(
        closes in prop::collection::vec(0..2_000_000_i64, 8..40),
        step in 0.01..1.0_f64,
        horizon in 1..25_usize,
    ) {
        let history = History { closes: &closes, now: closes[closes.len() - 1], first_step: step };
        let Ok(said) = forecast(&history, horizon) else { return Ok(()) };
        prop_assert_eq!(said.months.len(), horizon);
        let levels = [0.05, 0.1, 0.15, 0.25, 0.35, 0.5, 0.55, 0.75, 0.85, 0.9, 0.95];
        let mut widest = 0.0;
        for fan in &said.months {
            let amounts = levels.map(|p| fan.at(p));
            prop_assert!(amounts.is_sorted(), "{:?}", amounts);
            prop_assert!(amounts[0] >= 0);
            prop_assert!(fan.middle.is_finite() && fan.spread.is_finite());
            let width = fan.spread * super::super::quantile::student(0.9, fan.degrees);
            prop_assert!(width >= widest - 1e-6, "{} after {}", width, widest);
            widest = width;
        }
        prop_assert_eq!(forecast(&history, horizon), Ok(said), "the same months, the same answer");
    }

    #[test]
    fn the_scale_of_the_amounts_does_not_matter(closes in prop::collection::vec(1_000..900_000_i64, 8..30)) {
        let tenfold: Vec<i64> = closes.iter().map(|cents| cents * 16).collect();
        let (one, many) = (forecast(&of(&closes), 6).unwrap(), forecast(&of(&tenfold), 6).unwrap());
        for (a, b) in one.months.iter().zip(&many.months) {
            prop_assert!((a.middle * 16.0 - b.middle).abs() <= 1e-6 * b.middle.max(1.0));
        }
    }
}
