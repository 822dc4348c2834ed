//! More of what a client already uses: quotas, seats, limits, value, plans. Formulas stand in docs/opportunities.md.

use super::facts::{Facts, MetricFact};
use super::found::{Detector, Evidence, Found, number, part, percent};
use super::market::Market;
use chrono::{Days, NaiveDate};
use std::collections::{BTreeMap, BTreeSet};

/// A quota is tight above this share on every measured day; the amount brings it back here.
const TIGHT: f64 = 0.8;
/// Measured days that a quota needs over 80 %: one a week at least.
const MEASURED: usize = 4;
/// Days between the first of them and the last, which is at most a week old: the month is covered, be it measured daily
/// or weekly. Three weeks of data are not a month.
const SPAN: i64 = 28;
const FRESH: u64 = 7;
/// Seats are tight above this share.
const SEATS_TIGHT: f64 = 0.9;
/// Distinct days with a limit hit.
const HIT_DAYS: usize = 3;
/// A client on its limit needs this much more to be back at [`TIGHT`]: 1 / 0.8 − 1.
const BACK: f64 = 0.25;
/// ROI from which a client is ready for more (decisions.md: high above 200 %).
const ROI_HIGH: f64 = 2.0;
/// The clients that a plan's medians must rest on.
const PLAN_CLIENTS: i64 = 5;

/// A quota that has been over 80 % on every measured day for a month. Needed: the smallest whole limit at which the last value is
/// 80 % of it, `⌈value / 0.8⌉`; amount: MRR × (needed − limit) / limit, the price paid now per unit of limit.
/// Of several quotas the one with the largest amount.
pub(super) fn quota(facts: &Facts) -> Option<Found> {
    let mut by_name: BTreeMap<&str, BTreeMap<NaiveDate, &MetricFact>> = BTreeMap::new();
    for metric in facts.metrics.iter().filter(|m| m.limit > 0.0 && m.value.is_finite()) {
        let days = by_name.entry(&metric.name).or_default();
        // Of two measures of one day the higher use counts, whatever their order.
        let kept = days.entry(metric.day).or_insert(metric);
        if metric.value / metric.limit > kept.value / kept.limit {
            *kept = metric;
        }
    }
    by_name.into_iter().filter_map(|(name, days)| one_quota(facts, name, &days)).max_by_key(|found| found.amount_cents)
}

fn one_quota(facts: &Facts, name: &str, days: &BTreeMap<NaiveDate, &MetricFact>) -> Option<Found> {
    // Since when without a break, back from the last measure.
    let tight: Vec<(&NaiveDate, &&MetricFact)> =
        days.iter().rev().take_while(|(_, m)| m.value / m.limit > TIGHT).collect();
    let (first, last) = (tight.last()?, tight.first()?);
    let long_enough = tight.len() >= MEASURED && (*last.0 - *first.0).num_days() >= SPAN;
    if !long_enough || *last.0 + Days::new(FRESH) < facts.day {
        return None;
    }
    let MetricFact { value, limit, .. } = **last.1;
    let needed = (value * 1.25).ceil();
    let amount = part(facts.mrr_cents, (needed - limit) / limit);
    let evidence = Evidence::new(
        "quota",
        [
            ("name", name.into()),
            ("pct", percent(value / limit)),
            ("value", number(value)),
            ("limit", number(limit)),
            ("needed", number(needed)),
            ("days", ((facts.day - *first.0).num_days() + 1).into()),
        ],
    );
    Some(Found { detector: Detector::Quota, evidence: vec![evidence], amount_cents: Some(amount) })
}

/// More than 90 % of the seats in use over 28 days. Amount: the seats that bring use back to 80 %, at least one, at the
/// price paid now per seat (MRR of the lines that grant seats over their seats; without such lines MRR over seats).
pub(super) fn seats(facts: &Facts) -> Option<Found> {
    let (users, seats) = (facts.active_users28?, facts.seats.filter(|seats| *seats > 0)?);
    let share = f64::from(users) / f64::from(seats);
    if share <= SEATS_TIGHT {
        return None;
    }
    // Whole numbers: ⌈users / 0.8⌉ = ⌈5 users / 4⌉.
    let more = ((i64::from(users) * 5 + 3) / 4 - i64::from(seats)).max(1);
    let granted = facts.lines.iter().filter_map(|line| Some((line.mrr_cents, i64::from(line.seats?))));
    let (mrr, of) = granted.filter(|(_, seats)| *seats > 0).fold((0, 0), |sum, line| (sum.0 + line.0, sum.1 + line.1));
    let (mrr, of) = if of > 0 { (mrr, of) } else { (facts.mrr_cents, i64::from(seats)) };
    let evidence = Evidence::new(
        "seats",
        [("users", users.into()), ("seats", seats.into()), ("pct", percent(share)), ("more", more.into())],
    );
    let amount = part(mrr, more as f64 / of as f64);
    Some(Found { detector: Detector::Seats, evidence: vec![evidence], amount_cents: Some(amount) })
}

/// A limit hit on at least three of the last 30 days. Amount: a quarter of MRR, what brings a client that is on its
/// limit back to 80 % at the price paid now.
pub(super) fn limit_hits(facts: &Facts) -> Option<Found> {
    let days: BTreeSet<NaiveDate> = facts.limit_hits.iter().copied().collect();
    let last = days.last().filter(|_| days.len() >= HIT_DAYS)?;
    let evidence = Evidence::new("limit_hits", [("days", days.len().into()), ("lastDay", last.to_string().into())]);
    let amount_cents = Some(part(facts.mrr_cents, BACK));
    Some(Found { detector: Detector::LimitHits, evidence: vec![evidence], amount_cents })
}

/// Value delivered over 200 % of the fees of the same 365 days. Amount: the step to the next dearer plan of the main
/// line's product where there is one, else MRR × the usual expansion of this portfolio.
pub(super) fn roi(facts: &Facts, market: &Market) -> Option<Found> {
    let outcomes = facts.outcomes_cents.filter(|_| facts.fees_cents > 0)?;
    let roi = outcomes as f64 / facts.fees_cents as f64;
    if roi <= ROI_HIGH {
        return None;
    }
    let step = facts.main_line().and_then(|line| {
        let next = market.next_plan(&line.product, line.plan.as_deref()?)?;
        Some(next.unit_cents.saturating_mul(line.quantity) - line.mrr_cents).filter(|step| *step > 0)
    });
    let amount = step.unwrap_or_else(|| part(facts.mrr_cents, market.usual_expansion()));
    let evidence = Evidence::new(
        "roi",
        [("pct", percent(roi)), ("outcomesCents", outcomes.into()), ("feesCents", facts.fees_cents.into())],
    );
    Some(Found { detector: Detector::Roi, evidence: vec![evidence], amount_cents: Some(amount) })
}

/// A client whose use of 28 days reaches the median of the clients of the next dearer plan of the same product, in
/// events and, where people are named, in active people too. Both plans need five clients. Amount: the difference
/// between that plan's median price per unit and the price paid, times the units.
pub(super) fn plan_mismatch(facts: &Facts, market: &Market) -> Option<Found> {
    let line = facts.main_line()?;
    let plan = line.plan.as_deref()?;
    let own = market.plan(&line.product, plan).filter(|own| own.clients >= PLAN_CLIENTS)?;
    let next = market.next_plan(&line.product, plan).filter(|next| next.clients >= PLAN_CLIENTS)?;
    let people = match (facts.active_users28, next.users28) {
        (Some(users), Some(median)) => i64::from(users) >= median,
        _ => true,
    };
    if next.uses28 <= own.uses28 || facts.uses28 < next.uses28 || !people {
        return None;
    }
    let amount = next.unit_cents.saturating_mul(line.quantity) - line.mrr_cents;
    let evidence = Evidence::new(
        "plan_mismatch",
        [
            ("plan", plan.into()),
            ("next", next.plan.as_str().into()),
            ("uses", facts.uses28.into()),
            ("median", next.uses28.into()),
            ("own", own.uses28.into()),
        ],
    );
    (amount > 0).then_some(Found {
        detector: Detector::PlanMismatch,
        evidence: vec![evidence],
        amount_cents: Some(amount),
    })
}
