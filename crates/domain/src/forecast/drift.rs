//! A damped drift of MRR, with an interval from a rolling-origin backtest on the same month-ends.
//!
//! The point forecast is the damped trend of Gardner & McKenzie (1985, *Forecasting trends in time series*, Management
//! Science 31) with the level at the last value known: `y(T+h) = y(T) + b·(φ + φ² + … + φ^h)`, where the trend `b`
//! follows the monthly changes, `b(t) = φ·b(t−1) + β·(y(t) − y(t−1) − φ·b(t−1))`. No season. The pair (φ, β) is the one
//! of a small grid with the smallest squared one-step errors on the months that were known.
//!
//! The interval of the h-th month is what forecasts made h months ahead have missed by: at each past month-end the same
//! forecast is made from the months before it alone, and its misses, as shares of the MRR of that day, give a root mean
//! square in which a miss counts half as much after twelve months. It is not let shrink with h, and is read with
//! Student's quantiles. Nothing here uses the platform's own mathematics beyond square roots: same months, same bits.

use super::quantile::Fan;

/// Month-ends that a backtested forecast needs before it.
const MIN_TRAIN: usize = 4;
/// Month-ends that a forecast needs: four to learn from, four to be held against.
pub const MIN_CLOSES: usize = 8;
/// Past forecasts that a check of the coverage needs.
pub const VERIFIABLE: usize = 24;
/// How much lighter a miss counts for each month that it is older: half after twelve, since a company that grows comes
/// to miss by smaller shares.
const FADE: f64 = 0.943_874_312_681_693_5;
/// Misses that a month's own spread needs.
const MIN_MISSES: usize = 3;

const PHI: [f64; 5] = [0.8, 0.85, 0.9, 0.95, 0.98];
const BETA: [f64; 4] = [0.05, 0.1, 0.2, 0.35];

/// What is known when a forecast is made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct History<'a> {
    /// MRR at the month-ends that are over, oldest first, in minor units.
    pub closes: &'a [i64],
    /// MRR at the moment of forecasting; the last close on a month's last day.
    pub now: i64,
    /// How much of a month lies between now and the first month-end to forecast: above 0, at most 1.
    pub first_step: f64,
}

/// How often past forecasts held the amount that came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Inside {
    /// Times inside, or reached.
    pub inside: usize,
    /// Of how many.
    pub of: usize,
}

/// How far the model's own past bears out what it says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reliability {
    /// Months ahead that were checked.
    pub horizon: usize,
    /// Past forecasts that could be held against what came.
    pub origins: usize,
    /// The 50 % interval.
    pub band50: Inside,
    /// The 80 % interval.
    pub band80: Inside,
    /// The amount said to be reached with 85 %.
    pub reached85: Inside,
    /// The median.
    pub reached50: Inside,
}

/// A forecast.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// The month-ends to come, the next one first.
    pub months: Vec<Fan>,
    /// Damping of the trend per month.
    pub phi: f64,
    /// Weight of the latest change in the trend.
    pub beta: f64,
    /// The trend: what the last month would add undamped, in minor units.
    pub trend: f64,
    /// Month-ends that it was learned from.
    pub closes: usize,
    /// Its record.
    pub reliability: Reliability,
}

#[derive(Clone, Copy)]
struct Trend {
    phi: f64,
    beta: f64,
    slope: f64,
}

/// The month-ends from the first one with MRR on.
fn since_first(closes: &[i64]) -> &[i64] {
    let first = closes.iter().position(|cents| *cents > 0).unwrap_or(closes.len());
    &closes[first..]
}

/// How many month-ends a history counts: those from the first one with MRR.
pub fn usable(closes: &[i64]) -> usize {
    since_first(closes).len()
}

/// Follows the changes with one pair of parameters; returns the last trend and the sum of squared one-step errors.
fn follow(closes: &[i64], phi: f64, beta: f64) -> (f64, f64) {
    let change = |t: usize| (closes[t] - closes[t - 1]) as f64;
    let known = closes.len() - 1;
    let first = known.min(3);
    let mut slope = (1..=first).map(change).sum::<f64>() / first.max(1) as f64;
    let mut squares = 0.0;
    for t in 1..=known {
        let error = change(t) - phi * slope;
        squares += error * error;
        slope = phi * slope + beta * error;
    }
    (slope, squares)
}

fn fit(closes: &[i64]) -> Trend {
    let mut best = (f64::INFINITY, Trend { phi: PHI[2], beta: BETA[1], slope: 0.0 });
    for phi in PHI {
        for beta in BETA {
            let (slope, squares) = follow(closes, phi, beta);
            if squares < best.0 {
                best = (squares, Trend { phi, beta, slope });
            }
        }
    }
    best.1
}

impl Trend {
    /// What the trend adds by each month-end, the first one being `first_step` of a month away.
    fn path(self, first_step: f64, months: usize) -> Vec<f64> {
        let mut power = self.phi;
        let mut sum = self.slope * power * first_step;
        let mut out = Vec::with_capacity(months);
        for _ in 0..months {
            out.push(sum);
            power *= self.phi;
            sum += self.slope * power;
        }
        out
    }
}

/// The misses of past forecasts: `misses[t][h−1]` is what the forecast from close `t` missed by, h months later, as a
/// share of the MRR at `t`. Each is made from the closes up to `t` alone.
struct Backtest {
    misses: Vec<Vec<f64>>,
}

impl Backtest {
    fn run(closes: &[i64], horizon: usize) -> Backtest {
        let misses = (0..closes.len())
            .map(|t| {
                if t + 1 < MIN_TRAIN || closes[t] <= 0 {
                    return Vec::new();
                }
                let level = closes[t] as f64;
                let path = fit(&closes[..=t]).path(1.0, horizon);
                let later = closes[t + 1..].iter().zip(path);
                later.map(|(came, added)| (*came as f64 - (level + added).max(0.0)) / level).collect()
            })
            .collect();
        Backtest { misses }
    }

    /// The spread of each month ahead and its degrees of freedom, from what was known at close `last`.
    fn spreads(&self, last: usize, horizon: usize) -> Vec<(f64, usize)> {
        let mut out: Vec<(f64, usize)> = Vec::with_capacity(horizon);
        for h in 1..=horizon {
            let (mut weight, mut count, mut sum, mut sum2, mut squares) = (1.0, 0, 0.0, 0.0, 0.0);
            // The newest first, each a little lighter than the one after it.
            for t in (0..last.saturating_sub(h - 1)).rev() {
                if let Some(miss) = self.misses[t].get(h - 1) {
                    count += 1;
                    sum += weight;
                    sum2 += weight * weight;
                    squares += weight * miss * miss;
                }
                weight *= FADE;
            }
            let before = out.last().copied();
            out.push(match before {
                _ if count >= MIN_MISSES => {
                    let spread = (squares / sum).sqrt();
                    let degrees = ((sum * sum / sum2) as usize).saturating_sub(1);
                    let (least, most) = before.unwrap_or((0.0, usize::MAX));
                    (spread.max(least), degrees.min(most))
                }
                // Too few forecasts have been this far ahead: the spread grows as a random walk's would.
                Some((spread, degrees)) => (spread * (h as f64 / (h - 1) as f64).sqrt(), degrees),
                None => (0.0, MIN_MISSES),
            });
        }
        out
    }
}

/// The fans of the months ahead of `level`.
fn fans(level: f64, path: &[f64], spreads: &[(f64, usize)], first_step: f64) -> Vec<Fan> {
    let mut before = 0.0;
    path.iter()
        .zip(spreads)
        .enumerate()
        .map(|(k, (added, (spread, degrees)))| {
            // Between two month-ends: part of the way from one spread to the next.
            let share = if k == 0 { spread * first_step.sqrt() } else { before + (spread - before) * first_step };
            before = *spread;
            Fan { middle: (level + added).max(0.0), spread: share * level.max(0.0), degrees: *degrees }
        })
        .collect()
}

/// Forecasts the next `horizon` month-ends. With fewer than [`MIN_CLOSES`] month-ends there is none, and the answer says
/// how many there are.
pub fn forecast(history: &History<'_>, horizon: usize) -> Result<Forecast, usize> {
    let closes = since_first(history.closes);
    if closes.len() < MIN_CLOSES {
        return Err(closes.len());
    }
    let horizon = horizon.max(1);
    let first_step = history.first_step.clamp(0.0, 1.0);
    let backtest = Backtest::run(closes, horizon);
    let trend = fit(closes);
    let spreads = backtest.spreads(closes.len() - 1, horizon);
    let months = fans(history.now as f64, &trend.path(first_step, horizon), &spreads, first_step);
    Ok(Forecast {
        months,
        phi: trend.phi,
        beta: trend.beta,
        trend: trend.slope,
        closes: closes.len(),
        reliability: check(closes, &backtest, horizon),
    })
}

/// Makes the whole forecast again at each past month-end, interval included, and holds its last month against what came.
fn check(closes: &[i64], backtest: &Backtest, horizon: usize) -> Reliability {
    let mut out = Reliability { horizon, ..Reliability::default() };
    for t in MIN_CLOSES - 1..closes.len().saturating_sub(horizon) {
        if closes[t] <= 0 {
            continue;
        }
        let path = fit(&closes[..=t]).path(1.0, horizon);
        let said = fans(closes[t] as f64, &path, &backtest.spreads(t, horizon), 1.0);
        let (Some(fan), came) = (said.last(), closes[t + horizon]) else { continue };
        let count = |what: &mut Inside, inside: bool| {
            what.of += 1;
            what.inside += usize::from(inside);
        };
        out.origins += 1;
        count(&mut out.band50, (fan.at(0.25)..=fan.at(0.75)).contains(&came));
        count(&mut out.band80, (fan.at(0.1)..=fan.at(0.9)).contains(&came));
        count(&mut out.reached85, came >= fan.at(0.15));
        count(&mut out.reached50, came >= fan.at(0.5));
    }
    out
}

#[cfg(test)]
mod tests;
