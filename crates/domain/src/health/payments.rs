//! Payments: the invoice that is late, and the habit of paying late.

use super::curve::{CurveName, curve, points};
use super::facts::Facts;
use super::profile::Profile;
use super::risks::{Found, GOOD};
use super::score::{Evidence, Scored, params};
use serde_json::{Map, Value};

/// Mean days late of the invoices paid in the last 180 days → points lost.
const HABIT: [(f64, f64); 3] = [(3.0, 0.0), (15.0, 8.0), (45.0, 20.0)];
/// Invoices paid so long ago are forgotten.
const MEMORY_DAYS: i64 = 180;
/// An invoice is a risk from so many days late on, or from the veto's: before, it is in the post.
const RISKY: i64 = 10;

pub(super) fn score(facts: &Facts, profile: &Profile) -> Scored {
    // How late each invoice of the last months was paid; those paid in time are 0 days late.
    let paid: Vec<i64> = facts
        .invoices
        .iter()
        .filter_map(|invoice| {
            let paid = invoice.paid.filter(|paid| *paid <= facts.day && facts.days_since(*paid) <= MEMORY_DAYS)?;
            Some((paid - invoice.due).num_days().max(0))
        })
        .collect();
    let open = facts.invoices.iter().filter(|invoice| invoice.paid.is_none_or(|paid| paid > facts.day)).count();
    if paid.is_empty() && open == 0 {
        return Scored::default();
    }
    let late = facts.late_days();
    let mean = if paid.is_empty() { 0.0 } else { paid.iter().sum::<i64>() as f64 / paid.len() as f64 };
    let score = points(profile.height(CurveName::PaymentsLate, late as f64) - curve(&HABIT, mean));
    let mut evidence = Vec::new();
    let mut risks = Vec::new();
    if late > 0 {
        evidence.push(Evidence { key: "invoices_late".into(), params: self::late(facts) });
        if late >= RISKY.min(profile.vetoes.invoice_days.into()) {
            risks.push(Found { key: "invoice_late", params: self::late(facts), better: score.max(GOOD) });
        }
    } else {
        evidence.push(Evidence::new("invoices_fine", [("open", open.into())]));
    }
    if !paid.is_empty() {
        let with = [("count", paid.len().into()), ("meanDays", (mean.round() as i64).into())];
        evidence.push(Evidence::new("invoices_habit", with));
    }
    Scored { score: Some(score), evidence, risks }
}

/// What is late: how many invoices, by how many days, how much.
pub(super) fn late(facts: &Facts) -> Map<String, Value> {
    let cents: i128 = facts.unpaid().map(|invoice| i128::from(invoice.cents)).sum();
    let cents = i64::try_from(cents).unwrap_or(i64::MAX);
    let count = facts.unpaid().count();
    params([("count", count.into()), ("days", facts.late_days().into()), ("amountCents", cents.into())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::facts::InvoiceFact;
    use crate::health::score::tests::{day, quiet};

    #[test]
    fn lateness_becomes_points() {
        let open = |due: i64| InvoiceFact { due: day(due), paid: None, cents: 120_000 };
        let paid = |due: i64, on: i64| InvoiceFact { paid: Some(day(on)), ..open(due) };
        for (name, invoices, points, late, risky) in [
            ("no invoice", vec![], None, 0, false),
            ("paid in time", vec![paid(-20, -25)], Some(100), 0, false),
            ("open, not due", vec![open(5)], Some(100), 0, false),
            ("due today", vec![open(0)], Some(100), 0, false),
            ("five days late", vec![open(-5)], Some(90), 5, false),
            ("thirty days late", vec![open(-30), open(-2)], Some(50), 30, true),
            ("ninety days late", vec![open(-90)], Some(0), 90, true),
            ("always a fortnight late", vec![paid(-60, -45), paid(-30, -15)], Some(92), 0, false),
            ("paid too long ago", vec![paid(-400, -300)], None, 0, false),
            ("paid tomorrow is open today", vec![paid(-30, 1)], Some(50), 30, true),
        ] {
            let facts = Facts { invoices, ..quiet() };
            let scored = score(&facts, &Profile::default());
            assert_eq!((scored.score, facts.late_days(), !scored.risks.is_empty()), (points, late, risky), "{name}");
        }
    }
}
