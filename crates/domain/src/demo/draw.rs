//! Random numbers that are a pure function of what they are for.

use chrono::{Datelike, NaiveDate};

/// What a stream of draws decides. Adding a stream changes none of the others.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stream {
    Portfolio = 1,
    Names,
    People,
    Life,
    Contract,
    Change,
    Level,
    User,
    Usage,
    Ticket,
    Survey,
    Churn,
    Message,
    Payment,
    Outcome,
    Quota,
    Pulse,
    Champion,
    Tags,
}

/// Draws of one stream of one client at one position (a day, a person, an ordinal).
#[derive(Debug, Clone)]
pub(super) struct Draw {
    key: u64,
    drawn: u64,
}

/// The finaliser of splitmix64: every bit of the input moves every bit of the output.
fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

impl Draw {
    pub fn new(seed: u64, stream: Stream, client: u32, position: u64) -> Self {
        let key = [stream as u64, u64::from(client), position]
            .into_iter()
            .fold(mix(seed.wrapping_add(GOLDEN)), |key, part| mix(key.wrapping_add(GOLDEN) ^ mix(part)));
        Draw { key, drawn: 0 }
    }

    /// The draws of one civil day; `lane` tells apart what happens on it.
    pub fn on(seed: u64, stream: Stream, client: u32, day: NaiveDate, lane: u32) -> Self {
        let day = u64::from(day.num_days_from_ce().unsigned_abs());
        Draw::new(seed, stream, client, (day << 32) | u64::from(lane))
    }

    pub fn bits(&mut self) -> u64 {
        self.drawn += 1;
        mix(self.key.wrapping_add(self.drawn.wrapping_mul(GOLDEN)))
    }

    /// Uniform in [0, 1): 53 bits, exact.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// A whole number from `low` to `high`, both included.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        low + (self.bits() % u64::from(high - low + 1)) as u32
    }

    pub fn real(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[(self.bits() % from.len() as u64) as usize]
    }

    /// Picks by weight.
    pub fn weighted<T: Copy>(&mut self, from: &[(T, u32)]) -> T {
        let total: u32 = from.iter().map(|(_, weight)| weight).sum();
        let mut left = self.between(1, total);
        for (item, weight) in from {
            if left <= *weight {
                return *item;
            }
            left -= weight;
        }
        from[0].0
    }
}

/// The coordinates of client `index` in a low-discrepancy sequence (Roberts' R₅): any first N clients are spread
/// evenly over the unit cube, so that shares hold in a small portfolio too and do not depend on N.
pub(super) fn spread(seed: u64, index: u32) -> [f64; 5] {
    // The positive root of x⁶ = x + 1.
    const ROOT: f64 = 1.134_724_138_401_519_4;
    let mut shift = Draw::new(seed, Stream::Portfolio, 0, 0);
    let mut step = 1.0;
    std::array::from_fn(|_| {
        step /= ROOT;
        let at = shift.unit() + f64::from(index + 1) * step;
        at - at.floor()
    })
}

/// The standard normal quantile; `u` is held within 2.5 % and 97.5 %.
pub(super) use crate::forecast::quantile::normal;

/// e to the power of a small number, by squaring: platforms round their own `exp` differently.
pub(super) fn exp(x: f64) -> f64 {
    (0..16).fold(1.0 + x / 65_536.0, |power, _| power * power)
}
