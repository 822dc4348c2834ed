//! Acquisition spend by month, entered by hand, and the gross margin.

use super::summary::as_of_day;
use crate::audit::{self, Entry};
use crate::error::Result;
use crate::events::{DomainEvent, emit};
use crate::{Actor, App};
use chrono::NaiveDate;
use essor_domain::growth::metrics::{Economics, cac};
use essor_domain::growth::money::check_amount;
use essor_domain::identity::Action;
use essor_domain::time::{check_day, month_end, month_start, months_before};
use essor_domain::{Code, Invalid};
use essor_store::growth::spend::{self as store, SpendRow};
use essor_store::growth::{self, DayTotal};
use essor_store::{Tx, Workspace};
use serde_json::{Map, Value};
use std::collections::HashSet;

/// The most months that one call writes.
const MOST: usize = 120;

/// A month's spend as people enter it.
#[derive(Debug, Clone)]
pub struct SpendInput {
    /// `YYYY-MM`.
    pub month: String,
    /// Cents; none takes the month's spend away.
    pub amount_cents: Option<i64>,
    /// ISO 4217; the reporting currency when left out, and no other.
    pub currency: Option<String>,
}

/// A month with what was spent and won in it.
#[derive(Debug, Clone)]
pub struct SpendMonth {
    /// The month's first day.
    pub month: NaiveDate,
    /// Spend in cents; none where nobody has said it.
    pub amount_cents: Option<i64>,
    /// Clients that paid for the first time.
    pub won: i64,
    /// Cost of each, in cents.
    pub cac_cents: Option<i64>,
}

/// The months and the margin.
#[derive(Debug, Clone)]
pub struct Spend {
    /// Reporting currency.
    pub currency: String,
    /// Gross margin in hundredths of a per cent.
    pub margin_bp: Option<i32>,
    /// Oldest first, the current month last.
    pub months: Vec<SpendMonth>,
}

/// Clients that paid for the first time within a month.
pub(super) fn won_in(days: &[DayTotal], month: NaiveDate) -> i64 {
    let last = month_end(month);
    days.iter().filter(|d| d.day >= month && d.day <= last && d.kind == "new").map(|d| d.movements).sum()
}

/// The spend of the last `months` months, the current one among them.
pub async fn spend(app: &App, actor: &Actor, months: u32) -> Result<Spend> {
    let workspace = actor.require(Action::Read)?;
    let row = crate::identity::workspace_row(&app.db, workspace).await?;
    let (today, _) = as_of_day(app, &row, None)?;
    let this = month_start(today);
    let first = months_before(this, months.saturating_sub(1));
    let entered = store::list(&app.db, workspace, first, this).await?;
    let days = growth::day_totals(&app.db, workspace, today).await?;
    let months = (0..months)
        .rev()
        .map(|back| {
            let month = months_before(this, back);
            let amount_cents = entered.iter().find(|row| row.month == month).map(|row| row.cents);
            let won = won_in(&days, month);
            let of = |spend_cents| Economics { spend_cents, won, ..Economics::default() };
            SpendMonth { month, amount_cents, won, cac_cents: amount_cents.and_then(|cents| cac(&of(cents))) }
        })
        .collect();
    Ok(Spend { currency: row.currency, margin_bp: store::margin(&app.db, workspace).await?, months })
}

/// What to do to the margin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum MarginChange {
    /// Leave it.
    Keep,
    /// Say it, in per cent; none takes it away.
    Set(Option<f64>),
}

/// Writes the spend of some months and the margin, all or none.
pub async fn put_spend(app: &App, actor: &Actor, inputs: &[SpendInput], margin: MarginChange) -> Result<()> {
    let workspace = actor.require(Action::ManageModels)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let row = crate::identity::workspace_row(&tx, workspace).await?;
    let (today, _) = as_of_day(app, &row, None)?;
    let months = checked(inputs, &row.currency, today)?;
    let margin_bp = match margin {
        MarginChange::Set(Some(pct)) => Some(check_margin(pct)?),
        _ => None,
    };
    let kept: Vec<SpendRow> =
        months.iter().filter_map(|(month, cents)| cents.map(|cents| SpendRow { month: *month, cents })).collect();
    let before = told(&tx, workspace, &months).await?;
    store::put(&tx, workspace, &kept, now).await?;
    for (month, _) in months.iter().filter(|(_, cents)| cents.is_none()) {
        store::remove(&tx, workspace, *month).await?;
    }
    if margin != MarginChange::Keep {
        store::set_margin(&tx, workspace, margin_bp, now).await?;
    }
    emit(&tx, workspace, now, &[DomainEvent::SpendChanged]).await?;
    let entry = Entry::of("spend.set").about("spend").change(before, told(&tx, workspace, &months).await?);
    audit::record(&tx, actor, now, entry).await?;
    Ok(tx.commit().await?)
}

/// What the audit log keeps: the spend of each month that was written, and the margin.
async fn told(tx: &Tx, workspace: Workspace, months: &[Month]) -> Result<Value> {
    let mut out = Map::new();
    let first_and_last = months.iter().map(|(month, _)| *month).min().zip(months.iter().map(|(month, _)| *month).max());
    if let Some((first, last)) = first_and_last {
        let stand = store::list(tx, workspace, first, last).await?;
        for (month, _) in months {
            let cents = stand.iter().find(|row| row.month == *month).map(|row| row.cents);
            out.insert(month.format("%Y-%m").to_string(), cents.into());
        }
    }
    let margin = store::margin(tx, workspace).await?;
    out.insert("grossMarginPct".into(), margin.map(|bp| f64::from(bp) / 100.0).into());
    Ok(out.into())
}

fn check_margin(pct: f64) -> std::result::Result<i32, Invalid> {
    // Written so that NaN is refused too; a margin of nought would make every lifetime worthless.
    if pct > 0.0 && pct <= 100.0 {
        Ok((pct * 100.0).round() as i32)
    } else {
        Err(Invalid::field(Code::FieldRange, "grossMarginPct").with("min", 0).with("max", 100))
    }
}

type Month = (NaiveDate, Option<i64>);

fn checked(inputs: &[SpendInput], reporting: &str, today: NaiveDate) -> std::result::Result<Vec<Month>, Invalid> {
    if inputs.len() > MOST {
        return Err(Invalid::field(Code::ListTooLong, "months").with("max", MOST));
    }
    let mut seen = HashSet::new();
    let mut out = Vec::with_capacity(inputs.len());
    for (i, input) in inputs.iter().enumerate() {
        let month = check_one(input, reporting, today).map_err(|refused| refused.inside(&format!("months[{i}]")))?;
        if !seen.insert(month) {
            return Err(
                Invalid::field(Code::BadRequest, format!("months[{i}].month")).with("detail", "the same month twice")
            );
        }
        out.push((month, input.amount_cents));
    }
    Ok(out)
}

fn check_one(input: &SpendInput, reporting: &str, today: NaiveDate) -> std::result::Result<NaiveDate, Invalid> {
    let refused = || Invalid::field(Code::GrowthMonthInvalid, "month").with("value", input.month.clone());
    let month = parse_month(&input.month).ok_or_else(refused)?;
    check_day(month, "month").map_err(|_| refused())?;
    if month > today {
        return Err(refused());
    }
    if let Some(currency) = input.currency.as_deref().filter(|currency| *currency != reporting) {
        return Err(Invalid::field(Code::GrowthSpendCurrency, "currency")
            .with("currency", currency)
            .with("reporting", reporting));
    }
    if let Some(cents) = input.amount_cents {
        check_amount(cents, "amountCents")?;
    }
    Ok(month)
}

/// The first day of a month written `YYYY-MM`.
pub fn parse_month(text: &str) -> Option<NaiveDate> {
    let written = text.len() == 7 && text.is_ascii();
    if written { format!("{text}-01").parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn input(month: &str, amount_cents: Option<i64>, currency: Option<&str>) -> SpendInput {
        SpendInput { month: month.into(), amount_cents, currency: currency.map(Into::into) }
    }

    #[test]
    fn spend_is_by_month_in_the_reporting_currency() {
        let today = "2026-11-22".parse().unwrap();
        let ok = checked(&[input("2026-11", Some(10), Some("EUR")), input("2026-10", None, None)], "EUR", today);
        assert_eq!(ok.unwrap()[0], ("2026-11-01".parse().unwrap(), Some(10)));
        for (bad, code, field) in [
            (input("2026-12", Some(1), None), Code::GrowthMonthInvalid, "months[0].month"),
            (input("2026-1", Some(1), None), Code::GrowthMonthInvalid, "months[0].month"),
            (input("nov. 26", Some(1), None), Code::GrowthMonthInvalid, "months[0].month"),
            (input("2026-11", Some(1), Some("USD")), Code::GrowthSpendCurrency, "months[0].currency"),
            (input("2026-11", Some(-1), None), Code::GrowthAmountNegative, "months[0].amountCents"),
        ] {
            let refused = checked(&[bad], "EUR", today).unwrap_err();
            assert_eq!((refused.code, &refused.params["field"]), (code, &field.into()));
        }
        let twice = [input("2026-10", Some(1), None), input("2026-10", Some(2), None)];
        assert!(checked(&twice, "EUR", today).is_err());
        for bad in [0.0, -1.0, 100.5, f64::NAN] {
            assert!(check_margin(bad).is_err());
        }
        assert_eq!(check_margin(77.55).unwrap(), 7_755);
    }
}
