//! Amounts, currencies and exchange rates, and the one place where a price becomes a monthly value.
//!
//! Everything is integer arithmetic with a single rounding (half-even) at the very end, so that the period and the
//! exchange rate cannot each lose half a cent.

use crate::{Code, Invalid};
use serde::{Deserialize, Serialize};

/// The largest amount per period and unit, in minor units.
pub const MAX_AMOUNT_CENTS: i64 = 10_000_000_000_000;

/// The largest monthly value of one line, in minor units: beyond it the value is held there, so that the sum over
/// thousands of lines still fits 64 bits. [`check_line`] refuses such a line beforehand.
pub const MAX_MONTHLY_CENTS: i64 = 1_000_000_000_000_000;

/// ISO 4217 codes of money in circulation and of the accounting units contracts are written in (CLF, UYW…), sorted.
/// Metals, test codes and bank units are left out. ANG and BGN, withdrawn in 2025 and 2026, stay: contracts that
/// began in them are still in the books.
#[rustfmt::skip]
const CURRENCIES: [&str; 166] = [
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BHD", "BIF",
    "BMD", "BND", "BOB", "BOV", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHE", "CHF", "CHW", "CLF",
    "CLP", "CNY", "COP", "COU", "CRC", "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR",
    "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS",
    "INR", "IQD", "IRR", "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT",
    "LAK", "LBP", "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR",
    "MWK", "MXN", "MXV", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP",
    "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE",
    "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD", "TZS",
    "UAH", "UGX", "USD", "USN", "UYI", "UYU", "UYW", "UZS", "VED", "VES", "VND", "VUV", "WST", "XAF", "XCD", "XCG",
    "XOF", "XPF", "YER", "ZAR", "ZMW", "ZWG",
];

/// Refuses an amount (minor units) that is negative or above [`MAX_AMOUNT_CENTS`].
pub fn check_amount(cents: i64, field: &str) -> Result<(), Invalid> {
    if cents < 0 {
        return Err(Invalid::field(Code::GrowthAmountNegative, field));
    }
    if cents > MAX_AMOUNT_CENTS {
        return Err(Invalid::field(Code::GrowthAmountTooLarge, field).with("max", MAX_AMOUNT_CENTS));
    }
    Ok(())
}

/// Refuses a currency that is not an ISO 4217 code in upper case.
pub fn check_currency(code: &str, field: &str) -> Result<(), Invalid> {
    if CURRENCIES.binary_search(&code).is_ok() {
        return Ok(());
    }
    Err(Invalid::field(Code::GrowthCurrencyUnknown, field).with("currency", code))
}

/// How many decimal digits the minor unit of a currency has (ISO 4217): EUR 2, JPY 0, KWD 3, CLF 4.
pub fn minor_digits(currency: &str) -> u32 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "UYI" | "VND"
        | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        "CLF" | "UYW" => 4,
        _ => 2,
    }
}

/// How often an amount is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// Every day: 365/12 a month.
    Day,
    /// Every week: 52/12 a month.
    Week,
    /// Every month.
    Month,
    /// Every three months: 1/3 a month.
    Quarter,
    /// Every year: 1/12 a month.
    Year,
}

impl Period {
    /// All periods, shortest first.
    pub const ALL: [Period; 5] = [Period::Day, Period::Week, Period::Month, Period::Quarter, Period::Year];

    /// As stored and written by the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Period::Day => "day",
            Period::Week => "week",
            Period::Month => "month",
            Period::Quarter => "quarter",
            Period::Year => "year",
        }
    }

    /// The period that is written so.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Period::ALL
            .into_iter()
            .find(|period| period.as_str() == text)
            .ok_or_else(|| Invalid::field(Code::GrowthPeriodUnknown, "period").with("period", text))
    }

    /// Periods in a month, as an exact fraction (decisions.md, Money).
    const fn per_month(self) -> (i128, i128) {
        match self {
            Period::Day => (365, 12),
            Period::Week => (52, 12),
            Period::Month => (1, 1),
            Period::Quarter => (1, 3),
            Period::Year => (1, 12),
        }
    }
}

/// A dated exchange rate: units of the reporting currency for one unit of the other (whole units, not cents), in
/// billionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RateE9(pub i64);

impl RateE9 {
    /// One for one: the rate of a currency against itself.
    pub const ONE: RateE9 = RateE9(1_000_000_000);

    /// The rate rounded to a billionth; refused unless it is then positive, and at most a thousand million.
    pub fn from_f64(rate: f64) -> Result<Self, Invalid> {
        let billionths = (rate * 1e9).round();
        // NaN is in no range.
        if (1.0..=1e18).contains(&billionths) {
            return Ok(RateE9(billionths as i64));
        }
        Err(Invalid::field(Code::GrowthRateInvalid, "rate"))
    }

    /// The rate as the interface shows it.
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / 1e9
    }
}

/// One recurring charge, as priced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// Amount per period and unit, in minor units of `currency`.
    pub amount_cents: i64,
    /// Units.
    pub quantity: i64,
    /// How often it is charged.
    pub period: Period,
    /// Discount on the whole line per period, in minor units of `currency`.
    pub discount_cents: i64,
    /// ISO 4217.
    pub currency: &'a str,
    /// The frozen rate; not looked at when `currency` is the reporting currency.
    pub rate: RateE9,
}

/// The monthly value in the same currency: (amount × quantity − discount, never below 0) × periods in a month,
/// rounded half-even once, in minor units. At most [`MAX_MONTHLY_CENTS`].
///
/// ```
/// use essor_domain::growth::money::{Period, monthly_cents};
/// // Three seats at 100.00 a year, 10.00 off the line: 290.00 / 12 = 24.1666…
/// assert_eq!(monthly_cents(10_000, 3, Period::Year, 1_000), 2_417);
/// ```
pub fn monthly_cents(amount_cents: i64, quantity: i64, period: Period, discount_cents: i64) -> i64 {
    let line = Line { amount_cents, quantity, period, discount_cents, currency: "", rate: RateE9::ONE };
    monthly_cents_converted(&line, "")
}

/// The monthly value in minor units of the reporting currency. Period and exchange rate are applied as one exact
/// fraction, so that only one rounding (half-even) happens. At most [`MAX_MONTHLY_CENTS`].
pub fn monthly_cents_converted(line: &Line<'_>, reporting: &str) -> i64 {
    exact_monthly(line, reporting).map_or(MAX_MONTHLY_CENTS, |cents| cents.min(MAX_MONTHLY_CENTS))
}

/// An amount that is due once, in minor units of the reporting currency, rounded half-even; at most
/// [`MAX_MONTHLY_CENTS`].
///
/// ```
/// use essor_domain::growth::money::{RateE9, converted};
/// // 100.00 USD at 0.92105.
/// assert_eq!(converted(10_000, "USD", RateE9(921_050_000), "EUR"), 9_210);
/// assert_eq!(converted(10_000, "EUR", RateE9::ONE, "EUR"), 10_000);
/// ```
pub fn converted(amount_cents: i64, currency: &str, rate: RateE9, reporting: &str) -> i64 {
    let line = Line { amount_cents, quantity: 1, period: Period::Month, discount_cents: 0, currency, rate };
    monthly_cents_converted(&line, reporting)
}

/// Refuses a line whose monthly value would not be exact because it is beyond [`MAX_MONTHLY_CENTS`].
pub fn check_line(line: &Line<'_>, reporting: &str, field: &str) -> Result<(), Invalid> {
    match exact_monthly(line, reporting) {
        Some(cents) if cents <= MAX_MONTHLY_CENTS => Ok(()),
        _ => Err(Invalid::field(Code::GrowthAmountTooLarge, field).with("max", MAX_AMOUNT_CENTS)),
    }
}

/// `None` when a number on the way does not fit. The divisor is below 10^15, so that a product over 10^38 can only
/// belong to a value far beyond the ceiling: holding it there is right.
fn exact_monthly(line: &Line<'_>, reporting: &str) -> Option<i64> {
    let charged = i128::from(line.amount_cents) * i128::from(line.quantity) - i128::from(line.discount_cents);
    let (mut numerator, mut divisor) = line.period.per_month();
    if line.currency != reporting {
        numerator = numerator.checked_mul(line.rate.0.max(0).into())?;
        numerator = numerator.checked_mul(10_i128.pow(minor_digits(reporting)))?;
        divisor *= 1_000_000_000 * 10_i128.pow(minor_digits(line.currency));
    }
    let cents = div_half_even(charged.max(0).checked_mul(numerator)?, divisor);
    i64::try_from(cents).ok()
}

/// A non-negative number divided by a positive one, a half going to the even neighbour.
pub(super) fn div_half_even(numerator: i128, divisor: i128) -> i128 {
    let (quotient, rest) = (numerator / divisor, numerator % divisor);
    match (rest * 2).cmp(&divisor) {
        std::cmp::Ordering::Less => quotient,
        std::cmp::Ordering::Equal => quotient + quotient % 2,
        std::cmp::Ordering::Greater => quotient + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_outside_their_range_are_refused() {
        for (cents, code) in [
            (-1, Some(Code::GrowthAmountNegative)),
            (i64::MIN, Some(Code::GrowthAmountNegative)),
            (0, None),
            (MAX_AMOUNT_CENTS, None),
            (MAX_AMOUNT_CENTS + 1, Some(Code::GrowthAmountTooLarge)),
        ] {
            assert_eq!(check_amount(cents, "amountCents").err().map(|e| e.code), code, "{cents}");
        }
    }

    #[test]
    fn currencies_are_sorted_upper_case_and_known() {
        assert!(CURRENCIES.is_sorted_by(|a, b| a < b));
        assert!(CURRENCIES.iter().all(|c| c.len() == 3 && c.bytes().all(|b| b.is_ascii_uppercase())));
        for (code, known) in
            [("EUR", true), ("JPY", true), ("eur", false), ("EURO", false), ("", false), ("XAU", false), ("DEM", false)]
        {
            assert_eq!(check_currency(code, "currency").is_ok(), known, "{code}");
        }
    }

    #[test]
    fn periods_read_what_they_write() {
        for period in Period::ALL {
            assert_eq!(Period::parse(period.as_str()), Ok(period));
        }
        assert_eq!(Period::parse("Month").err().map(|e| e.code), Some(Code::GrowthPeriodUnknown));
    }

    #[test]
    fn rates_are_positive_and_finite() {
        for (rate, read) in [
            (1.0, Some(1_000_000_000)),
            (1.1, Some(1_100_000_000)),
            (0.006_25, Some(6_250_000)),
            (1e9, Some(1_000_000_000_000_000_000)),
            (1.000_001e9, None),
            (1e-10, None),
            (0.0, None),
            (-1.0, None),
            (f64::NAN, None),
            (f64::INFINITY, None),
        ] {
            assert_eq!(RateE9::from_f64(rate).ok().map(|r| r.0), read, "{rate}");
        }
    }

    #[test]
    fn one_half_goes_to_the_even_cent_in_every_period() {
        for (amount, quantity, period, discount, monthly) in [
            (5_000, 1, Period::Month, 0, 5_000),
            (5_000, 3, Period::Month, 0, 15_000),
            (5_000, 0, Period::Month, 0, 0),
            (5_000, 1, Period::Month, 6_000, 0), // a discount larger than the line gives nothing back
            (5_000, 2, Period::Month, 1_500, 8_500),
            (18, 1, Period::Year, 0, 2), // 1.5 → 2
            (30, 1, Period::Year, 0, 2), // 2.5 → 2
            (42, 1, Period::Year, 0, 4), // 3.5 → 4
            (6, 1, Period::Year, 0, 0),  // 0.5 → 0
            (7, 1, Period::Year, 0, 1),  // 0.583…
            (100, 1, Period::Quarter, 0, 33),
            (200, 1, Period::Quarter, 0, 67),
            (10_000, 1, Period::Week, 0, 43_333),
            (1_000, 1, Period::Day, 0, 30_417), // 30,416.66…
            (6, 1, Period::Day, 0, 182),        // 182.5 → 182
            (18, 1, Period::Day, 0, 548),       // 547.5 → 548
        ] {
            assert_eq!(monthly_cents(amount, quantity, period, discount), monthly, "{amount}×{quantity} {period:?}");
        }
    }

    #[test]
    fn conversion_knows_minor_units_and_rounds_once() {
        for (amount, period, currency, rate, reporting, monthly) in [
            (10_000, Period::Month, "USD", 0.9, "EUR", 9_000),
            (10_000, Period::Month, "JPY", 0.006_25, "EUR", 6_250), // 10,000 yen = 62.50
            (6_250, Period::Month, "EUR", 160.0, "JPY", 10_000),    // 62.50 = 10,000 yen
            (10_000, Period::Month, "KWD", 3.0, "EUR", 3_000),      // 10.000 dinars = 30.00
            (3_000, Period::Month, "EUR", 0.333_333_333, "KWD", 10_000),
            (10_000, Period::Year, "JPY", 0.006, "EUR", 500),
            // 17 cents a year at 1.06: 1.50166… → 2; rounded twice it would be 1 × 1.06 → 1.
            (17, Period::Year, "USD", 1.06, "EUR", 2),
            // The rate is not looked at within one currency.
            (10_000, Period::Month, "EUR", 2.0, "EUR", 10_000),
        ] {
            let rate = RateE9::from_f64(rate).unwrap_or(RateE9::ONE);
            let line = Line { amount_cents: amount, quantity: 1, period, discount_cents: 0, currency, rate };
            assert_eq!(monthly_cents_converted(&line, reporting), monthly, "{amount} {currency} → {reporting}");
        }
    }

    #[test]
    fn a_line_too_large_is_refused_and_never_wraps() {
        let line = Line {
            amount_cents: MAX_AMOUNT_CENTS,
            quantity: 10_000_000,
            period: Period::Day,
            discount_cents: 0,
            currency: "CLF",
            rate: RateE9(1_000_000_000_000_000_000),
        };
        assert_eq!(monthly_cents_converted(&line, "UYW"), MAX_MONTHLY_CENTS);
        let refused = check_line(&line, "UYW", "amountCents").err().map(|e| e.code);
        assert_eq!(refused, Some(Code::GrowthAmountTooLarge));
        assert_eq!(check_line(&Line { amount_cents: 1, quantity: 1, ..line }, "CLF", "amountCents"), Ok(()));
    }
}
