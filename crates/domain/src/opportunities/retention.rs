//! MRR that may be lost: clients at risk, and clients whose invoices are long overdue.

use super::facts::Facts;
use super::found::{Detector, Evidence, Found};

/// An invoice late by more days than this is a reason of its own (product.md, *At risk*).
const LATE_DAYS: i64 = 30;

/// A client at risk or with an invoice over 30 days late. Amount: all of its MRR is at stake. One find for both
/// reasons, so that no amount is counted twice.
pub(super) fn retention(facts: &Facts) -> Option<Found> {
    let mut evidence = Vec::new();
    if facts.at_risk {
        evidence.push(Evidence::new("at_risk", [("score", facts.health.into())]));
        evidence.extend(facts.top_risk.clone().map(|risk| Evidence::new("risk", [("risk", risk)])));
    }
    let late: Vec<_> = facts.late_invoices.iter().filter(|i| (facts.day - i.due).num_days() > LATE_DAYS).collect();
    if !late.is_empty() {
        evidence.push(Evidence::new(
            "invoice_late",
            [
                ("count", late.len().into()),
                ("days", facts.days_late().into()),
                ("amountCents", late.iter().map(|i| i.amount_cents).sum::<i64>().into()),
            ],
        ));
    }
    let amount_cents = Some(facts.mrr_cents);
    (!evidence.is_empty()).then_some(Found { detector: Detector::Retention, evidence, amount_cents })
}
