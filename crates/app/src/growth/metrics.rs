//! The standard ratios over a period, each with the parts it is made of.

use super::spend::won_in;
use super::summary::{active_at, as_of_day, kinds_between, mrr_at};
use crate::error::Result;
use crate::{Actor, App};
use chrono::{Days, NaiveDate};
use essor_domain::growth::metrics::{self, Economics};
use essor_domain::identity::Action;
use essor_domain::time::{month_start, months_before};
use essor_store::growth::slices::day_totals_in;
use essor_store::growth::spend::{self, SpendRow};
use essor_store::growth::{self, DayTotal, Slice};

/// What a part is counted in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PartValue {
    /// Cents of the reporting currency.
    Cents(Option<i64>),
    /// How many.
    Count(i64),
    /// A fraction; none where nobody has said it.
    Ratio(Option<f64>),
}

/// A figure that a metric is made of.
#[derive(Debug, Clone)]
pub struct MetricPart {
    /// What it is; the interface translates it.
    pub key: &'static str,
    /// How much.
    pub value: PartValue,
}

/// A metric with its parts.
#[derive(Debug, Clone)]
pub struct Metric {
    /// Which: mrr, arr, nrr, grr, logoChurn, revenueChurn, quickRatio, arpa, monthlyChurn, ltv, cac, payback, ltvCac.
    pub key: &'static str,
    /// The value; none when the denominator is empty.
    pub value: Option<f64>,
    /// `cents`, `ratio` (a fraction), `number` or `months`.
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

/// The first days of the months whose spend counts up to a day: months that are over, since the current one has not spent
/// all that it will, nor won all.
pub(super) fn months_of_spend(to: NaiveDate, months: u32) -> (NaiveDate, NaiveDate) {
    let last = month_start(to + Days::new(1));
    (months_before(last, months), last)
}

/// What winning and keeping clients over the months up to a day is computed from. `spent` is the spend of any months:
/// that of the whole company, of which a part of the portfolio has none.
pub(super) fn economics(
    days: &[DayTotal],
    margin_bp: Option<i32>,
    spent: &[SpendRow],
    (to, months): (NaiveDate, u32),
) -> Economics {
    let from = months_before(to, months);
    let [_, _, _, churn, _] = kinds_between(days, from, to).map(|(_, cents)| cents);
    let mut out = Economics {
        mrr_cents: mrr_at(days, to),
        paying: active_at(days, to),
        margin_bp: margin_bp.map(i64::from),
        churned_cents: -churn,
        openings_cents: (1..=months).map(|back| mrr_at(days, months_before(to, back))).sum(),
        ..Economics::default()
    };
    let (first, last) = months_of_spend(to, months);
    for row in spent.iter().filter(|row| row.month >= first && row.month < last) {
        out.spend_cents = out.spend_cents.saturating_add(row.cents);
        out.won += won_in(days, row.month);
    }
    out
}

/// The standard metrics of a part of the portfolio over the `months` months up to a day.
pub async fn metrics(
    app: &App,
    actor: &Actor,
    slice: &Slice,
    as_of: Option<NaiveDate>,
    months: u32,
) -> Result<Metrics> {
    let workspace = actor.require(Action::Read)?;
    let row = crate::identity::workspace_row(&app.db, workspace).await?;
    let (to, _) = as_of_day(app, &row, as_of)?;
    let from = months_before(to, months);
    let days = day_totals_in(&app.db, workspace, slice, to).await?;
    let opening = (mrr_at(&days, from), active_at(&days, from));
    let kept = growth::retention(&app.db, workspace, slice, (from, to), opening).await?;
    let (first, last) = months_of_spend(to, months);
    let spent =
        if slice.is_all() { spend::list(&app.db, workspace, first, last - Days::new(1)).await? } else { Vec::new() };
    let of = economics(&days, spend::margin(&app.db, workspace).await?, &spent, (to, months));
    let (mrr, paying) = (mrr_at(&days, to), active_at(&days, to));
    let [new, expansion, contraction, churn, reactivation] = kinds_between(&days, from, to).map(|(_, cents)| cents);
    let money = |key, cents| MetricPart { key, value: PartValue::Cents(Some(cents)) };
    let count = |key, value| MetricPart { key, value: PartValue::Count(value) };
    let ratio = |key, value| MetricPart { key, value: PartValue::Ratio(value) };
    let maybe = |key, cents| MetricPart { key, value: PartValue::Cents(cents) };
    let margin = of.margin_bp.map(|bp| bp as f64 / 10_000.0);
    let arpa = metrics::arpa(mrr, paying);
    let churned = metrics::monthly_revenue_churn(of.churned_cents, of.openings_cents);
    let (ltv, cac) = (metrics::ltv(&of), metrics::cac(&of));
    let spent = if of.won > 0 || of.spend_cents > 0 { Some(of.spend_cents) } else { None };
    let cents = |value: Option<i64>| value.map(|cents| cents as f64);
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
        metric("arpa", cents(arpa), "cents", vec![money("mrr", mrr), count("payingClients", paying)]),
        metric(
            "monthlyChurn",
            churned,
            "ratio",
            vec![money("churned", -of.churned_cents), money("monthOpenings", of.openings_cents)],
        ),
        metric(
            "ltv",
            cents(ltv),
            "cents",
            vec![maybe("arpa", arpa), ratio("grossMargin", margin), ratio("monthlyChurn", churned)],
        ),
        metric("cac", cents(cac), "cents", vec![maybe("spend", spent), count("wonClients", of.won)]),
        metric(
            "payback",
            metrics::payback_months(&of),
            "months",
            vec![maybe("cac", cac), maybe("arpa", arpa), ratio("grossMargin", margin)],
        ),
        metric("ltvCac", metrics::ltv_per_cac(ltv, cac), "number", vec![maybe("ltv", ltv), maybe("cac", cac)]),
    ];
    Ok(Metrics { as_of: to, from, currency: row.currency, items })
}
