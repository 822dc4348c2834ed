//! A forecast in parts: each by the same method, then reconciled with the whole.

use super::read::{Calendar, MonthAhead};
use chrono::NaiveDate;
use essor_domain::forecast::split::share_out;
use essor_domain::forecast::{History, forecast as run};
use std::collections::BTreeMap;

/// The most parts that a chart shows; the smaller ones stand together as [`OTHER`].
const MOST: usize = 6;
/// The key of the parts that are not shown apart.
pub const OTHER: &str = "other";
/// Where the median stands among the percentiles.
const MEDIAN: usize = 5;

/// A segment or product.
#[derive(Debug, Clone)]
pub struct Part {
    /// Its name; none for clients without one.
    pub name: Option<String>,
    /// Whether it is the smaller ones together.
    pub other: bool,
    /// MRR now, in cents.
    pub now_cents: i64,
    /// The month-ends that were over, in cents: over all parts they add up to the whole.
    pub history: Vec<(NaiveDate, i64)>,
    /// The median of the months to come, in cents: over all parts they add up to the median of the whole.
    pub months: Vec<(NaiveDate, i64)>,
}

/// The largest parts, and the others together.
pub(super) fn parts(
    calendar: &Calendar,
    rows: Vec<(String, NaiveDate, i64)>,
    whole: &[MonthAhead],
    horizon: usize,
) -> Vec<Part> {
    let mut lines: BTreeMap<String, Vec<(NaiveDate, i64)>> = BTreeMap::new();
    for (part, day, cents) in rows {
        lines.entry(part).or_default().push((day, cents));
    }
    let mut all: Vec<(Option<String>, bool, Vec<i64>, i64)> = lines
        .into_iter()
        .map(|(name, line)| {
            let (closes, now) = calendar.closes(&line);
            ((!name.is_empty()).then_some(name), false, closes, now)
        })
        .filter(|(_, _, closes, now)| *now != 0 || closes.iter().any(|cents| *cents != 0))
        .collect();
    all.sort_by(|a, b| b.3.cmp(&a.3).then_with(|| a.0.cmp(&b.0)));
    if all.len() > MOST {
        let rest = all.split_off(MOST - 1);
        let mut other = (None, true, vec![0; calendar.over.len()], 0);
        for (_, _, closes, now) in rest {
            other.2.iter_mut().zip(closes).for_each(|(sum, cents)| *sum += cents);
            other.3 += now;
        }
        all.push(other);
    }
    // What each part alone would become; one with too little history keeps its level.
    let alone: Vec<Vec<i64>> = all
        .iter()
        .map(|(_, _, closes, now)| {
            let history = History { closes, now: *now, first_step: calendar.first_step };
            match run(&history, horizon) {
                Ok(model) => model.months.iter().map(|fan| fan.at(0.5)).collect(),
                Err(_) => vec![(*now).max(0); horizon],
            }
        })
        .collect();
    let mut months: Vec<Vec<(NaiveDate, i64)>> = vec![Vec::new(); all.len()];
    for (k, month) in whole.iter().enumerate() {
        let weights: Vec<i64> = alone.iter().map(|line| line[k]).collect();
        for (line, cents) in months.iter_mut().zip(share_out(month.amounts[MEDIAN], &weights)) {
            line.push((month.day, cents));
        }
    }
    all.into_iter()
        .zip(months)
        .map(|((name, other, closes, now_cents), months)| Part {
            name,
            other,
            now_cents,
            history: calendar.over.iter().copied().zip(closes).collect(),
            months,
        })
        .collect()
}
