//! Cohorts by the period of the first payment: how many still pay, and how much.

use super::spend::parse_month;
use super::summary::as_of_day;
use crate::error::Result;
use crate::{Actor, App};
use chrono::{Datelike, Days, Months, NaiveDate};
use essor_domain::growth::objectives::quarter;
use essor_domain::identity::Action;
use essor_domain::time::{check_day, month_start};
use essor_domain::{Code, Invalid};
use essor_store::growth::Slice;
use essor_store::growth::cohorts::{self as store, CohortClient, Which};
use std::collections::BTreeMap;
use uuid::Uuid;

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// One month.
    Month,
    /// Three months, from January, April, July, October.
    Quarter,
}

impl Period {
    /// The period that is written so.
    pub fn parse(text: &str) -> std::result::Result<Period, Invalid> {
        match text {
            "month" => Ok(Period::Month),
            "quarter" => Ok(Period::Quarter),
            _ => Err(Invalid::field(Code::FieldType, "by").with("expected", "month or quarter").with("value", text)),
        }
    }

    /// As written by the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Period::Month => "month",
            Period::Quarter => "quarter",
        }
    }

    const fn months(self) -> u32 {
        match self {
            Period::Month => 1,
            Period::Quarter => 3,
        }
    }

    /// Periods are numbered from year nought.
    fn number(self, day: NaiveDate) -> i32 {
        (day.year() * 12 + day.month0() as i32).div_euclid(self.months() as i32)
    }

    fn first_day(self, number: i32) -> Option<NaiveDate> {
        let months = number * self.months() as i32;
        NaiveDate::from_ymd_opt(months.div_euclid(12), months.rem_euclid(12).unsigned_abs() + 1, 1)
    }

    /// The last day of the period that begins on a day.
    fn last_day(self, first: NaiveDate) -> NaiveDate {
        first + Months::new(self.months()) - Days::new(1)
    }
}

/// What a cohort still is at the end of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// The close that it is read at.
    pub day: NaiveDate,
    /// Clients that pay.
    pub clients: i64,
    /// What they pay a month, in cents.
    pub mrr_cents: i64,
}

/// Clients that first paid in one period.
#[derive(Debug, Clone)]
pub struct Cohort {
    /// The period's first day.
    pub from: NaiveDate,
    /// How many.
    pub clients: i64,
    /// What they began with, in cents.
    pub began_cents: i64,
    /// The end of their own period first, then one for each period since.
    pub cells: Vec<Cell>,
}

/// The cohorts as of a day.
#[derive(Debug, Clone)]
pub struct Cohorts {
    /// The day.
    pub as_of: NaiveDate,
    /// Reporting currency.
    pub currency: String,
    /// Oldest first; periods in which nobody began are left out.
    pub items: Vec<Cohort>,
}

/// The cohorts of the last `periods` periods, by today's knowledge, up to a day.
pub async fn cohorts(
    app: &App,
    actor: &Actor,
    slice: &Slice,
    by: Period,
    periods: u32,
    as_of: Option<NaiveDate>,
) -> Result<Cohorts> {
    let workspace = actor.require(Action::Read)?;
    let row = crate::identity::workspace_row(&app.db, workspace).await?;
    let (day, _) = as_of_day(app, &row, as_of)?;
    let last = by.number(day);
    let oldest = last - i32::try_from(periods).unwrap_or(i32::MAX) + 1;
    let since = by.first_day(oldest).unwrap_or(day);
    let mut began: BTreeMap<i32, (i64, i64)> = BTreeMap::new();
    let mut moved: BTreeMap<i32, BTreeMap<i32, (i64, i64)>> = BTreeMap::new();
    for row in store::months(&app.db, workspace, slice, since, day).await? {
        let (Some(cohort), Some(month)) = (parse_month(&row.cohort), parse_month(&row.month)) else { continue };
        let (cohort, period) = (by.number(cohort), by.number(month));
        let of = began.entry(cohort).or_default();
        of.0 += row.began;
        of.1 += row.began_cents;
        let change = moved.entry(cohort).or_default().entry(period).or_default();
        change.0 += row.clients;
        change.1 += row.cents;
    }
    let items = began
        .iter()
        .filter_map(|(number, (clients, began_cents))| {
            let changes = moved.get(number)?;
            let (mut paying, mut mrr) = (0, 0);
            let cells = (*number..=last)
                .filter_map(|period| {
                    let (clients, cents) = changes.get(&period).copied().unwrap_or_default();
                    paying += clients;
                    mrr += cents;
                    let end = by.last_day(by.first_day(period)?).min(day);
                    Some(Cell { day: end, clients: paying, mrr_cents: mrr })
                })
                .collect();
            Some(Cohort { from: by.first_day(*number)?, clients: *clients, began_cents: *began_cents, cells })
        })
        .collect();
    Ok(Cohorts { as_of: day, currency: row.currency, items })
}

/// Which cell of the triangle.
#[derive(Debug, Clone)]
pub struct CellQuery {
    /// Any day of the cohort's period; all cohorts when left out.
    pub cohort: Option<NaiveDate>,
    /// How long periods are.
    pub by: Period,
    /// The close to read at; the day of the whole when left out.
    pub at: Option<NaiveDate>,
    /// Leaves out the clients that pay nothing then.
    pub paying: bool,
}

/// The clients behind a cell, by name, after a cursor; with how many there are.
pub async fn cohort_clients(
    app: &App,
    actor: &Actor,
    slice: &Slice,
    cell: &CellQuery,
    after: Option<(String, Uuid)>,
    limit: i64,
) -> Result<(Vec<CohortClient>, i64)> {
    let workspace = actor.require(Action::Read)?;
    let row = crate::identity::workspace_row(&app.db, workspace).await?;
    let (at, _) = as_of_day(app, &row, cell.at)?;
    let range = match cell.cohort {
        None => (at - Months::new(12 * 200), at),
        Some(day) => {
            check_day(day, "cohort")?;
            let first = match cell.by {
                Period::Month => month_start(day),
                Period::Quarter => quarter(day).0,
            };
            (first, cell.by.last_day(first))
        }
    };
    let which = Which { began: range, until: at, paying: cell.paying };
    Ok(store::clients(&app.db, workspace, slice, which, after, limit).await?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn periods_are_numbered_and_found_again() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (by, on, first, last) in [
            (Period::Month, "2026-02-14", "2026-02-01", "2026-02-28"),
            (Period::Quarter, "2026-12-31", "2026-10-01", "2026-12-31"),
            (Period::Quarter, "2024-01-01", "2024-01-01", "2024-03-31"),
        ] {
            let found = by.first_day(by.number(day(on))).unwrap();
            assert_eq!((found, by.last_day(found)), (day(first), day(last)));
        }
    }
}
