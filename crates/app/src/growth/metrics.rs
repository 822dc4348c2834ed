//! The standard ratios over a period, each with the parts it is made of.

use super::summary::{active_at, as_of_day, kinds_between, mrr_at};
use crate::error::Result;
use crate::{Actor, App};
use chrono::NaiveDate;
use essor_domain::growth::metrics;
use essor_domain::identity::Action;
use essor_domain::time::months_before;
use essor_store::growth;

/// A figure that a metric is made of.
#[derive(Debug, Clone)]
pub struct MetricPart {
    /// What it is; the interface translates it.
    pub key: &'static str,
    /// Cents or a count.
    pub value: i64,
    /// Whether `value` is cents.
    pub is_money: bool,
}

/// A metric with its parts.
#[derive(Debug, Clone)]
pub struct Metric {
    /// Which: mrr, arr, nrr, grr, logoChurn, revenueChurn, quickRatio, arpa.
    pub key: &'static str,
    /// The value; none when the denominator is empty.
    pub value: Option<f64>,
    /// `cents`, `ratio` (a fraction) or `number`.
    pub unit: &'static str,
    /// What it is computed from.
    pub parts: Vec<MetricPart>,
}

/// All metrics of a period.
#[derive(Debug, Clone)]
pub struct Metrics {
    /// The close at which the period ends.
    pub as_of: NaiveDate,
    /// The close at which it starts.
    pub from: NaiveDate,
    /// Reporting currency.
    pub currency: String,
    /// The metrics.
    pub items: Vec<Metric>,
}

/// The standard metrics over the `months` months up to a day.
pub async fn metrics(app: &App, actor: &Actor, as_of: Option<NaiveDate>, months: u32) -> Result<Metrics> {
    let workspace = actor.require(Action::Read)?;
    let row = crate::identity::workspace_row(&app.db, workspace).await?;
    let (to, _) = as_of_day(app, &row, as_of)?;
    let from = months_before(to, months);
    let days = growth::day_totals(&app.db, workspace, to).await?;
    let kept = growth::retention(&app.db, workspace, from, to).await?;
    let (mrr, paying) = (mrr_at(&days, to), active_at(&days, to));
    let [new, expansion, contraction, churn, reactivation] = kinds_between(&days, from, to).map(|(_, cents)| cents);
    let money = |key, value| MetricPart { key, value, is_money: true };
    let count = |key, value| MetricPart { key, value, is_money: false };
    let metric = |key, value, unit, parts| Metric { key, value, unit, parts };
    let items = vec![
        metric(
            "mrr",
            Some(mrr as f64),
            "cents",
            vec![
                money("openingMrr", mrr_at(&days, from)),
                money("new", new),
                money("expansion", expansion),
                money("contraction", contraction),
                money("churn", churn),
                money("reactivation", reactivation),
            ],
        ),
        metric("arr", Some(metrics::arr(mrr) as f64), "cents", vec![money("mrr", mrr)]),
        metric(
            "nrr",
            metrics::nrr(kept.opening, kept.closing_of_opening),
            "ratio",
            vec![money("opening", kept.opening), money("closingOfOpening", kept.closing_of_opening)],
        ),
        metric(
            "grr",
            metrics::grr(kept.opening, kept.sum_of_min),
            "ratio",
            vec![money("opening", kept.opening), money("sumOfMin", kept.sum_of_min)],
        ),
        metric(
            "logoChurn",
            metrics::logo_churn(kept.churned_clients, kept.opening_clients),
            "ratio",
            vec![count("openingClients", kept.opening_clients), count("churnedClients", kept.churned_clients)],
        ),
        metric(
            "revenueChurn",
            metrics::revenue_churn(kept.churned_opening, kept.opening),
            "ratio",
            vec![money("opening", kept.opening), money("churnedOpening", kept.churned_opening)],
        ),
        metric(
            "quickRatio",
            metrics::quick_ratio(new, expansion, reactivation, contraction, churn),
            "number",
            vec![
                money("new", new),
                money("expansion", expansion),
                money("reactivation", reactivation),
                money("contraction", contraction),
                money("churn", churn),
            ],
        ),
        metric(
            "arpa",
            metrics::arpa(mrr, paying).map(|cents| cents as f64),
            "cents",
            vec![money("mrr", mrr), count("payingClients", paying)],
        ),
    ];
    Ok(Metrics { as_of: to, from, currency: row.currency, items })
}
