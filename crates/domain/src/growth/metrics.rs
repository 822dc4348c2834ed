//! The figures of growth, one function each (product.md, Money and metrics). A ratio with an empty denominator is
//! `None`: shown as a dash, never as 0 or infinity. Ratios are fractions (0.85 = 85 %); only names in `pct` are
//! percentages.

use super::ledger::{Movement, MovementKind};
use super::money::div_half_even;
use serde::{Deserialize, Serialize};

fn ratio(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// Annual recurring revenue: 12 × MRR, in minor units.
///
/// ```
/// assert_eq!(essor_domain::growth::metrics::arr(1_250_000), 15_000_000);
/// ```
pub fn arr(mrr_cents: i64) -> i64 {
    mrr_cents.saturating_mul(12)
}

/// Net revenue retention: Σ closing / Σ opening over the clients of the opening. Clients that were not paying at the
/// opening count in neither sum.
///
/// Opening 1,000: one client of 600 grew to 750, one of 300 fell to 200, one of 100 left: 950 / 1,000.
/// ```
/// assert_eq!(essor_domain::growth::metrics::nrr(1_000, 750 + 200 + 0), Some(0.95));
/// assert_eq!(essor_domain::growth::metrics::nrr(0, 0), None);
/// ```
pub fn nrr(opening_cents: i64, closing_of_opening_clients_cents: i64) -> Option<f64> {
    ratio(closing_of_opening_clients_cents, opening_cents)
}

/// Gross revenue retention: Σ min(closing, opening) / Σ opening over the clients of the opening; growth does not help.
///
/// The same three clients: (600 + 200 + 0) / 1,000.
/// ```
/// assert_eq!(essor_domain::growth::metrics::grr(1_000, 600 + 200 + 0), Some(0.8));
/// ```
pub fn grr(opening_cents: i64, sum_of_min_cents: i64) -> Option<f64> {
    ratio(sum_of_min_cents, opening_cents)
}

/// Logo churn: clients of the opening that pay nothing at the closing / clients of the opening.
///
/// ```
/// assert_eq!(essor_domain::growth::metrics::logo_churn(1, 4), Some(0.25));
/// ```
pub fn logo_churn(churned: i64, opening: i64) -> Option<f64> {
    ratio(churned, opening)
}

/// Revenue churn: opening MRR of the clients that left / opening MRR.
///
/// The same three clients: 100 / 1,000.
/// ```
/// assert_eq!(essor_domain::growth::metrics::revenue_churn(100, 1_000), Some(0.1));
/// ```
pub fn revenue_churn(churned_opening_cents: i64, opening_cents: i64) -> Option<f64> {
    ratio(churned_opening_cents, opening_cents)
}

/// Quick ratio: (new + expansion + reactivation) / (contraction + churn). Magnitudes: the sign is not looked at.
///
/// ```
/// use essor_domain::growth::metrics::quick_ratio;
/// assert_eq!(quick_ratio(500, 250, 50, 100, 100), Some(4.0));
/// assert_eq!(quick_ratio(500, 250, 50, -100, -100), Some(4.0));
/// assert_eq!(quick_ratio(500, 0, 0, 0, 0), None);
/// ```
pub fn quick_ratio(new: i64, expansion: i64, reactivation: i64, contraction: i64, churn: i64) -> Option<f64> {
    let sum = |parts: &[i64]| parts.iter().fold(0_i64, |sum, part| sum.saturating_add(part.saturating_abs()));
    ratio(sum(&[new, expansion, reactivation]), sum(&[contraction, churn]))
}

/// Average revenue per account: MRR / paying clients, in minor units, rounded half-even.
///
/// ```
/// use essor_domain::growth::metrics::arpa;
/// assert_eq!(arpa(100_000, 3), Some(33_333));
/// assert_eq!(arpa(5, 2), Some(2));
/// assert_eq!(arpa(0, 0), None);
/// ```
pub fn arpa(mrr_cents: i64, paying: i64) -> Option<i64> {
    if paying <= 0 {
        return None;
    }
    i64::try_from(div_half_even(mrr_cents.max(0).into(), paying.into())).ok()
}

/// What acquiring and keeping clients is computed from, over some months. Amounts in minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Economics {
    /// MRR at the closing.
    pub mrr_cents: i64,
    /// Clients that pay it.
    pub paying: i64,
    /// Gross margin in hundredths of a per cent (8,000 = 80 %); none while nobody has said it.
    pub margin_bp: Option<i64>,
    /// MRR lost to churn over the months, as a magnitude.
    pub churned_cents: i64,
    /// The MRR at the opening of each month, summed.
    pub openings_cents: i64,
    /// Acquisition spend of the months that have one.
    pub spend_cents: i64,
    /// Clients that paid for the first time in those same months.
    pub won: i64,
}

/// Monthly revenue churn over several months: MRR lost to churn / Σ of the months' opening MRR, as a fraction.
///
/// Three months that opened at 1,000, 1,020 and 980 and lost 60 in all lost 2 % a month.
/// ```
/// use essor_domain::growth::metrics::monthly_revenue_churn;
/// assert_eq!(monthly_revenue_churn(60, 1_000 + 1_020 + 980), Some(0.02));
/// assert_eq!(monthly_revenue_churn(60, 0), None);
/// ```
pub fn monthly_revenue_churn(churned_cents: i64, openings_cents: i64) -> Option<f64> {
    ratio(churned_cents.saturating_abs(), openings_cents)
}

/// Lifetime value: ARPA × gross margin / monthly revenue churn, in minor units, rounded half-even once.
///
/// 100 clients pay 50,000.00 a month (ARPA 500.00), margin 80 %, churn 2 % a month: 500 × 0.8 / 0.02 = 20,000.00.
/// ```
/// use essor_domain::growth::metrics::{Economics, ltv};
/// let mut of = Economics {
///     mrr_cents: 5_000_000, paying: 100, margin_bp: Some(8_000), churned_cents: 60, openings_cents: 3_000,
///     ..Economics::default()
/// };
/// assert_eq!(ltv(&of), Some(2_000_000));
/// of.churned_cents = 0;
/// assert_eq!(ltv(&of), None, "nobody leaves: no lifetime can be told");
/// of = Economics { margin_bp: None, churned_cents: 60, ..of };
/// assert_eq!(ltv(&of), None, "no margin has been said");
/// ```
pub fn ltv(of: &Economics) -> Option<i64> {
    let margin = i128::from(of.margin_bp?);
    let churned = i128::from(of.churned_cents.saturating_abs());
    if of.paying <= 0 || churned == 0 || of.openings_cents <= 0 {
        return None;
    }
    let part = i128::from(of.mrr_cents.max(0)).checked_mul(margin)?.checked_mul(of.openings_cents.into())?;
    let whole = i128::from(of.paying).checked_mul(10_000)?.checked_mul(churned)?;
    i64::try_from(div_half_even(part, whole)).ok()
}

/// Cost of acquiring a client: spend of the months that have one / clients won in those months, in minor units, rounded
/// half-even. Clients that come back are not won.
///
/// 24,000.00 over the quarter, 16 new clients: 1,500.00 each.
/// ```
/// use essor_domain::growth::metrics::{Economics, cac};
/// assert_eq!(cac(&Economics { spend_cents: 2_400_000, won: 16, ..Economics::default() }), Some(150_000));
/// assert_eq!(cac(&Economics { spend_cents: 2_400_000, won: 0, ..Economics::default() }), None);
/// ```
pub fn cac(of: &Economics) -> Option<i64> {
    if of.won <= 0 {
        return None;
    }
    i64::try_from(div_half_even(of.spend_cents.max(0).into(), of.won.into())).ok()
}

/// Payback in months: CAC / (ARPA × gross margin), from the exact quotients.
///
/// CAC 1,500.00, ARPA 500.00, margin 80 %: 1,500 / 400 = 3.75 months.
/// ```
/// use essor_domain::growth::metrics::{Economics, payback_months};
/// let of = Economics {
///     mrr_cents: 5_000_000, paying: 100, margin_bp: Some(8_000), spend_cents: 2_400_000, won: 16,
///     ..Economics::default()
/// };
/// assert_eq!(payback_months(&of), Some(3.75));
/// assert_eq!(payback_months(&Economics { mrr_cents: 0, ..of }), None);
/// ```
pub fn payback_months(of: &Economics) -> Option<f64> {
    let earned = of.mrr_cents as f64 * of.margin_bp? as f64;
    (of.won > 0 && of.paying > 0 && earned > 0.0)
        .then(|| of.spend_cents.max(0) as f64 * of.paying as f64 * 10_000.0 / (of.won as f64 * earned))
}

/// LTV / CAC.
///
/// ```
/// use essor_domain::growth::metrics::ltv_per_cac;
/// assert_eq!(ltv_per_cac(Some(2_000_000), Some(500_000)), Some(4.0));
/// assert_eq!(ltv_per_cac(Some(2_000_000), Some(0)), None);
/// ```
pub fn ltv_per_cac(ltv_cents: Option<i64>, cac_cents: Option<i64>) -> Option<f64> {
    ratio(ltv_cents?, cac_cents?)
}

/// Change of MRR against an earlier close, in per cent (8.5 = 8.5 %).
///
/// ```
/// use essor_domain::growth::metrics::mrr_change_pct;
/// assert_eq!(mrr_change_pct(108_500, 100_000), Some(8.5));
/// assert_eq!(mrr_change_pct(75_000, 100_000), Some(-25.0));
/// assert_eq!(mrr_change_pct(75_000, 0), None);
/// ```
pub fn mrr_change_pct(now_cents: i64, previous_cents: i64) -> Option<f64> {
    ratio(now_cents.saturating_sub(previous_cents).saturating_mul(100), previous_cents)
}

/// Sums of movements by kind, in minor units, signed: contraction and churn are not positive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MovementTotals {
    /// First-time clients.
    pub new: i64,
    /// Growth of paying clients.
    pub expansion: i64,
    /// Shrinking of paying clients.
    pub contraction: i64,
    /// Clients that left.
    pub churn: i64,
    /// Clients that came back.
    pub reactivation: i64,
}

impl MovementTotals {
    /// The sum of some movements.
    pub fn of<'a>(movements: impl IntoIterator<Item = &'a Movement>) -> Self {
        let mut totals = MovementTotals::default();
        for movement in movements {
            totals.add(movement.kind, movement.delta_cents);
        }
        totals
    }

    /// Adds one signed change.
    pub fn add(&mut self, kind: MovementKind, delta_cents: i64) {
        *match kind {
            MovementKind::New => &mut self.new,
            MovementKind::Expansion => &mut self.expansion,
            MovementKind::Contraction => &mut self.contraction,
            MovementKind::Churn => &mut self.churn,
            MovementKind::Reactivation => &mut self.reactivation,
        } += delta_cents;
    }

    /// The sum of one kind.
    pub const fn get(&self, kind: MovementKind) -> i64 {
        match kind {
            MovementKind::New => self.new,
            MovementKind::Expansion => self.expansion,
            MovementKind::Contraction => self.contraction,
            MovementKind::Churn => self.churn,
            MovementKind::Reactivation => self.reactivation,
        }
    }

    /// The whole change.
    pub const fn net(&self) -> i64 {
        self.new + self.expansion + self.contraction + self.churn + self.reactivation
    }

    /// Whether opening + movements = closing, to the cent.
    pub const fn reconciles(&self, opening_cents: i64, closing_cents: i64) -> bool {
        opening_cents + self.net() == closing_cents
    }

    /// The [quick ratio](quick_ratio) of these movements.
    pub fn quick_ratio(&self) -> Option<f64> {
        quick_ratio(self.new, self.expansion, self.reactivation, self.contraction, self.churn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_add_up_by_kind_and_reconcile() {
        let mut totals = MovementTotals::default();
        for (kind, delta) in MovementKind::ALL.into_iter().zip([500, 250, -100, -50, 40]) {
            totals.add(kind, delta);
            assert_eq!(totals.get(kind), delta, "{kind:?}");
        }
        assert_eq!(totals.net(), 640);
        assert!(totals.reconciles(1_000, 1_640));
        assert!(!totals.reconciles(1_000, 1_641));
        assert_eq!(totals.quick_ratio(), Some(790.0 / 150.0));
    }

    #[test]
    fn an_empty_denominator_has_no_ratio() {
        assert_eq!([nrr(0, 10), grr(0, 0), logo_churn(0, 0), revenue_churn(0, 0), mrr_change_pct(1, 0)], [None; 5]);
        assert_eq!(arpa(10, 0), None);
        assert_eq!(MovementTotals::default().quick_ratio(), None);
    }
}
