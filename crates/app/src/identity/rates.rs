//! The workspace's exchange rates. Amounts are converted at the rate in force when they take effect and then frozen, so
//! a new rate never makes a movement.

use crate::audit::{Entry, record};
use crate::error::Result;
use crate::events::{DomainEvent, emit};
use crate::{Actor, App};
use chrono::NaiveDate;
use essor_domain::growth::money::{RateE9, check_currency};
use essor_domain::identity::Action;
use essor_domain::time::parse_day;
use essor_domain::{Code, Invalid};
use essor_store::identity::rates::{self as store, RateRow};
use std::collections::HashSet;

const MOST: usize = 5_000;
const LARGEST: f64 = 1e6;

/// A rate as given.
#[derive(Debug, Clone)]
pub struct RateInput {
    /// The foreign currency.
    pub currency: String,
    /// The first day on which it is in force, `YYYY-MM-DD`.
    pub from: String,
    /// Units of the reporting currency for one unit.
    pub rate: f64,
}

/// A rate as shown.
#[derive(Debug, Clone, PartialEq)]
pub struct RateShown {
    /// The foreign currency.
    pub currency: String,
    /// The first day on which it is in force.
    pub from: NaiveDate,
    /// Units of the reporting currency for one unit.
    pub rate: f64,
}

pub(super) fn shown(row: RateRow) -> RateShown {
    RateShown { currency: row.currency, from: row.from_day, rate: RateE9(row.rate_e9).to_f64() }
}

/// All rates, by currency and day.
pub async fn rates(app: &App, actor: &Actor) -> Result<Vec<RateShown>> {
    let workspace = actor.require(Action::Read)?;
    Ok(store::list(&app.db, workspace).await?.into_iter().map(shown).collect())
}

/// Puts these rates in place of all others.
pub async fn put_rates(app: &App, actor: &Actor, inputs: &[RateInput]) -> Result<()> {
    let workspace = actor.require(Action::ManageWorkspace)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let row = super::workspace_row(&tx, workspace).await?;
    let (before, after) = (store::list(&tx, workspace).await?, checked(inputs, &row.currency)?);
    store::replace(&tx, workspace, &after).await?;
    emit(&tx, workspace, now, &[DomainEvent::WorkspaceChanged]).await?;
    let entry = Entry::of("workspaces.rates").on("workspace", workspace.0).named(row.name);
    record(&tx, actor, now, entry.change(said(&before), said(&after))).await?;
    Ok(tx.commit().await?)
}

/// Rates by what they are rates of: a change then shows which.
fn said(rates: &[RateRow]) -> serde_json::Value {
    let fields = rates.iter().map(|rate| {
        (format!("{} {}", rate.currency, rate.from_day), serde_json::Value::from(RateE9(rate.rate_e9).to_f64()))
    });
    serde_json::Value::Object(fields.collect())
}

fn checked(inputs: &[RateInput], reporting: &str) -> std::result::Result<Vec<RateRow>, Invalid> {
    if inputs.len() > MOST {
        return Err(Invalid::field(Code::ListTooLong, "rates").with("max", MOST));
    }
    let mut seen = HashSet::new();
    let mut rows = Vec::with_capacity(inputs.len());
    for (i, input) in inputs.iter().enumerate() {
        let row = check_one(input, reporting).map_err(|invalid| invalid.inside(&format!("rates[{i}]")))?;
        if !seen.insert((input.currency.as_str(), row.from_day)) {
            return Err(Invalid::field(Code::BadRequest, format!("rates[{i}]")).with("detail", "the same day twice"));
        }
        rows.push(row);
    }
    Ok(rows)
}

fn check_one(input: &RateInput, reporting: &str) -> std::result::Result<RateRow, Invalid> {
    check_currency(&input.currency, "currency")?;
    if input.currency == reporting {
        return Err(Invalid::field(Code::GrowthRateInvalid, "currency"));
    }
    let from_day = parse_day(&input.from, "from")?;
    // Written so that NaN is refused too.
    if !(input.rate > 0.0 && input.rate <= LARGEST) {
        return Err(Invalid::field(Code::GrowthRateInvalid, "rate"));
    }
    Ok(RateRow { currency: input.currency.clone(), from_day, rate_e9: RateE9::from_f64(input.rate)?.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(currency: &str, from: &str, rate: f64) -> RateInput {
        RateInput { currency: currency.into(), from: from.into(), rate }
    }

    #[test]
    fn identity_rates_are_positive_dated_and_once_a_day() {
        let good =
            [input("USD", "2026-01-01", 0.92), input("USD", "2026-02-01", 0.93), input("GBP", "2026-01-01", 1e6)];
        let rows = checked(&good, "EUR").expect("good");
        assert_eq!(rows[0].rate_e9, 920_000_000);
        assert_eq!(rows[2].rate_e9, 1_000_000_000_000_000);
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e6 + 1.0, 1e-10] {
            let refused = checked(&[input("USD", "2026-01-01", bad)], "EUR").expect_err("bad");
            assert_eq!((refused.code, &refused.params["field"]), (Code::GrowthRateInvalid, &"rates[0].rate".into()));
        }
        assert!(checked(&[input("EUR", "2026-01-01", 1.0)], "EUR").is_err(), "its own rate");
        assert!(checked(&[input("US", "2026-01-01", 1.0)], "EUR").is_err());
        assert!(checked(&[input("USD", "1 Jan", 1.0)], "EUR").is_err());
        assert!(checked(&[good[0].clone(), good[0].clone()], "EUR").is_err());
    }
}
