//! From a point and a spread to any percentile, with polynomials and square roots only: the same bits on every machine.

/// The standard normal quantile by the central ratio of polynomials of P. J. Acklam (2003), relative error below
/// 1.15e-9; `p` is held within 2.5 % and 97.5 %, where it is valid.
pub fn normal(p: f64) -> f64 {
    let q = p.clamp(0.025, 0.975) - 0.5;
    let r = q * q;
    let top = ((((-39.696_830_286_653_76 * r + 220.946_098_424_520_5) * r - 275.928_510_446_968_7) * r
        + 138.357_751_867_269)
        * r
        - 30.664_798_066_147_16)
        * r
        + 2.506_628_277_459_239;
    let bottom = ((((-54.476_098_798_224_06 * r + 161.585_836_858_040_9) * r - 155.698_979_859_886_6) * r
        + 66.801_311_887_719_72)
        * r
        - 13.280_681_552_885_72)
        * r
        + 1.0;
    q * top / bottom
}

/// Student's quantile with `degrees` of freedom by the expansion of Fisher and Cornish (Abramowitz & Stegun 26.7.5):
/// wider than the normal one, because the spread itself is known from few misses. At least 3 degrees.
pub fn student(p: f64, degrees: usize) -> f64 {
    let z = normal(p);
    let v = degrees.max(3) as f64;
    let z2 = z * z;
    let g1 = z * (z2 + 1.0) / 4.0;
    let g2 = z * ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0;
    let g3 = z * (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0;
    z + g1 / v + g2 / (v * v) + g3 / (v * v * v)
}

/// What a month may bring: a middle, and how far from it misses have been.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fan {
    /// The median, in minor units; not below nought.
    pub middle: f64,
    /// Root mean square of the misses, in minor units.
    pub spread: f64,
    /// Degrees of freedom: misses seen less one.
    pub degrees: usize,
}

impl Fan {
    /// The amount that is passed with probability 1 − `p`, in minor units; never negative. `p` within 2.5 % and 97.5 %.
    pub fn at(&self, p: f64) -> i64 {
        (self.middle + self.spread * student(p, self.degrees)).max(0.0).round() as i64
    }

    /// The probability of reaching or passing a target, held within 3 % and 97 %: misses say little about the tails.
    pub fn chance(&self, target: f64) -> f64 {
        let (mut low, mut high) = (0.03, 0.97);
        for _ in 0..40 {
            let p = f64::midpoint(low, high);
            if self.middle + self.spread * student(p, self.degrees) < target { low = p } else { high = p }
        }
        1.0 - f64::midpoint(low, high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_tables() {
        for (p, z) in [(0.5, 0.0), (0.75, 0.674_490), (0.9, 1.281_552), (0.95, 1.644_854), (0.05, -1.644_854)] {
            assert!((normal(p) - z).abs() < 1e-5, "{p}");
        }
        for (p, degrees, t) in [(0.95, 5, 2.015), (0.9, 10, 1.372), (0.75, 3, 0.765), (0.95, 30, 1.697)] {
            assert!((student(p, degrees) - t).abs() < 0.03, "{p} with {degrees}: {}", student(p, degrees));
        }
    }

    #[test]
    fn the_chance_of_the_median_is_one_half() {
        let fan = Fan { middle: 100_000.0, spread: 5_000.0, degrees: 12 };
        assert!((fan.chance(100_000.0) - 0.5).abs() < 1e-6);
        assert!((fan.chance(fan.at(0.85) as f64) - 0.15).abs() < 1e-3);
        assert_eq!((fan.chance(1.0) * 100.0).round() / 100.0, 0.97);
        assert_eq!((fan.chance(1e12) * 100.0).round() / 100.0, 0.03);
    }
}
