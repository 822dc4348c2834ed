//! The workspace's dated exchange rates, to convert an amount once, at the rate of its day.

use crate::error::Result;
use chrono::NaiveDate;
use essor_domain::growth::money::{RateE9, converted};
use essor_domain::{Code, Invalid};
use essor_store::{Conn, Workspace};

/// The reporting currency and what others are worth in it.
pub struct Rates {
    /// The reporting currency.
    pub currency: String,
    rates: Vec<(String, NaiveDate, RateE9)>,
}

impl Rates {
    /// The rates of a workspace that reports in `currency`.
    pub async fn load(conn: &impl Conn, workspace: Workspace, currency: String) -> Result<Self> {
        let rows = essor_store::identity::rates::list(conn, workspace).await?;
        let rates = rows.into_iter().map(|row| (row.currency, row.from_day, RateE9(row.rate_e9))).collect();
        Ok(Rates { currency, rates })
    }

    /// Rates for tests.
    #[cfg(test)]
    pub fn of(currency: &str, rates: Vec<(String, NaiveDate, RateE9)>) -> Self {
        Rates { currency: currency.to_owned(), rates }
    }

    /// The dated rate in force on a day; `field` is named when there is none.
    pub fn at(&self, currency: &str, day: NaiveDate, field: &str) -> std::result::Result<RateE9, Invalid> {
        if currency == self.currency {
            return Ok(RateE9::ONE);
        }
        self.rates
            .iter()
            .filter(|(code, from, _)| code == currency && *from <= day)
            .max_by_key(|(_, from, _)| *from)
            .map(|(_, _, rate)| *rate)
            .ok_or_else(|| {
                Invalid::field(Code::GrowthRateMissing, field).with("currency", currency).with("day", day.to_string())
            })
    }

    /// An amount of a day in minor units of the reporting currency.
    pub fn convert(
        &self,
        cents: i64,
        currency: &str,
        day: NaiveDate,
        field: &str,
    ) -> std::result::Result<i64, Invalid> {
        Ok(converted(cents, currency, self.at(currency, day, field)?, &self.currency))
    }
}
