//! What the detectors look at: facts of one client as of one civil day, in any order.

use crate::growth::Renewing;
use crate::health::HealthClass;
use chrono::NaiveDate;
use serde_json::Value;

/// The facts of a client on a day.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// The day that they are looked at.
    pub day: NaiveDate,
    /// MRR on that day, in cents; 0 for who does not pay.
    pub mrr_cents: i64,
    /// Health score, 0–100; none when unknown.
    pub health: Option<i32>,
    /// What that score means by the client's own profile.
    pub class: HealthClass,
    /// Below the alert threshold while paying.
    pub at_risk: bool,
    /// The risk that costs the most points of health: its key and params, for its own sentence.
    pub top_risk: Option<Value>,
    /// Commercial segment.
    pub segment: Option<String>,
    /// Seats bought: the client's own number, else the sum over its running subscriptions.
    pub seats: Option<i32>,
    /// Distinct people seen in 28 days; none where events name nobody.
    pub active_users28: Option<i32>,
    /// Events of 28 days.
    pub uses28: i64,
    /// The first day on which it paid.
    pub first_paid_on: Option<NaiveDate>,
    /// Subscriptions that count on the day and are worth something.
    pub lines: Vec<LineFact>,
    /// Metrics with a limit, of the last five weeks: of weekly measures five are among them.
    pub metrics: Vec<MetricFact>,
    /// Days of the last 30 on which an event said that a limit was hit; a day may come several times.
    pub limit_hits: Vec<NaiveDate>,
    /// Value delivered in the last 365 days, in cents; none without any outcome.
    pub outcomes_cents: Option<i64>,
    /// Recurring fees of the same 365 days, in cents.
    pub fees_cents: i64,
    /// NPS answers of the last 180 days.
    pub nps: Vec<NpsFact>,
    /// Invoices past their due day and not paid.
    pub late_invoices: Vec<InvoiceFact>,
}

/// A subscription that runs.
#[derive(Debug, Clone, PartialEq)]
pub struct LineFact {
    /// The source's id.
    pub external_id: String,
    /// Product.
    pub product: String,
    /// Plan within the product.
    pub plan: Option<String>,
    /// Monthly value in cents of the reporting currency.
    pub mrr_cents: i64,
    /// Units.
    pub quantity: i64,
    /// Seats that it grants.
    pub seats: Option<i32>,
    /// When it renews.
    pub renewing: Renewing,
}

/// A measured number with its limit.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricFact {
    /// Which number.
    pub name: String,
    /// The day on which it was measured.
    pub day: NaiveDate,
    /// What was measured.
    pub value: f64,
    /// What is allowed; above 0.
    pub limit: f64,
}

/// An answer to "would you recommend us".
#[derive(Debug, Clone, PartialEq)]
pub struct NpsFact {
    /// The day of the answer.
    pub day: NaiveDate,
    /// 0–10.
    pub score: f64,
}

/// An invoice that is late.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceFact {
    /// Its number, else the source's id.
    pub number: String,
    /// When it was due.
    pub due: NaiveDate,
    /// Amount in cents of its currency.
    pub amount_cents: i64,
}

impl Facts {
    /// The line that is worth most; of equal ones the first by its id, so that the order of facts does not matter.
    pub fn main_line(&self) -> Option<&LineFact> {
        self.lines.iter().max_by(|a, b| a.mrr_cents.cmp(&b.mrr_cents).then_with(|| b.external_id.cmp(&a.external_id)))
    }

    /// How many days the oldest late invoice is overdue.
    pub fn days_late(&self) -> i64 {
        self.late_invoices.iter().map(|invoice| (self.day - invoice.due).num_days()).max().unwrap_or(0)
    }
}
