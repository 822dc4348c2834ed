//! Good moments to talk: a promoter who lacks a product, a renewal that comes near, a client who could vouch for us.

use super::facts::{Facts, LineFact, NpsFact};
use super::found::{Detector, Evidence, Found, number, part};
use super::market::Market;
use crate::health::HealthClass;
use chrono::{Days, NaiveDate};
use std::collections::BTreeSet;

/// An answer from which somebody is a promoter.
const PROMOTER: f64 = 9.0;
/// How far ahead a renewal is talked about.
const RENEWAL_DAYS: u64 = 90;
/// Days of custom that a reference needs.
const REFERENCE_DAYS: u64 = 365;

/// The last answer, if it is a promoter's; of one day the lowest counts.
fn promoter_answer(facts: &Facts) -> Option<&NpsFact> {
    let last = facts.nps.iter().max_by(|a, b| a.day.cmp(&b.day).then_with(|| b.score.total_cmp(&a.score)))?;
    (last.score >= PROMOTER).then_some(last)
}

fn answered(answer: &NpsFact) -> Evidence {
    Evidence::new("promoter", [("score", number(answer.score)), ("answerDay", answer.day.to_string().into())])
}

/// A promoter of the last 180 days who lacks a product that others own. Named is the product that most clients of the
/// same segment own (of all segments where fewer than three do); amount: the median MRR of its lines there.
pub(super) fn promoter(facts: &Facts, market: &Market) -> Option<Found> {
    let answer = promoter_answer(facts)?;
    let owned: BTreeSet<&str> = facts.lines.iter().map(|line| line.product.as_str()).collect();
    let product = market.best_product(facts.segment.as_deref(), &owned)?;
    let lacks = Evidence::new(
        "lacks_product",
        [("product", product.product.as_str().into()), ("clients", product.clients.into())],
    );
    Some(Found {
        detector: Detector::Promoter,
        evidence: vec![answered(answer), lacks],
        amount_cents: Some(product.mrr_cents),
    })
}

/// A subscription that renews within 90 days, at a client in good health or better. Amount: MRR to renew × the usual
/// expansion of this portfolio, what such a talk usually adds.
pub(super) fn early_renewal(facts: &Facts, market: &Market) -> Option<Found> {
    if !matches!(facts.class, HealthClass::Good | HealthClass::Excellent) {
        return None;
    }
    let until = facts.day + Days::new(RENEWAL_DAYS);
    let due: Vec<(NaiveDate, &LineFact)> = facts
        .lines
        .iter()
        .filter_map(|line| Some((line.renewing.after(facts.day)?, line)))
        .filter(|(day, _)| *day <= until)
        .collect();
    let (day, line) = due.iter().min_by_key(|(day, line)| (*day, line.external_id.as_str()))?;
    let mrr: i64 = due.iter().map(|(_, line)| line.mrr_cents).sum();
    let evidence = Evidence::new(
        if line.renewing.end.is_some() { "ends_soon" } else { "renews_soon" },
        [
            ("product", line.product.as_str().into()),
            ("renewalDay", day.to_string().into()),
            ("count", due.len().into()),
            ("mrrCents", mrr.into()),
        ],
    );
    let amount = part(mrr, market.usual_expansion());
    Some(Found { detector: Detector::EarlyRenewal, evidence: vec![evidence], amount_cents: Some(amount) })
}

/// A promoter in excellent health who has paid for a year or more. There is no amount to name.
pub(super) fn reference(facts: &Facts) -> Option<Found> {
    let answer = promoter_answer(facts)?;
    let since = facts.first_paid_on.filter(|first| *first + Days::new(REFERENCE_DAYS) <= facts.day)?;
    let health = facts.health.filter(|_| facts.class == HealthClass::Excellent)?;
    let stands = Evidence::new("stands", [("score", health.into()), ("sinceDay", since.to_string().into())]);
    Some(Found { detector: Detector::Reference, evidence: vec![answered(answer), stands], amount_cents: None })
}
