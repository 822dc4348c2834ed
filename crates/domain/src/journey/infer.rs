//! Where a client that was there before its journey probably stands: read off how long it has been one, how it used the
//! product, and what is measured of it now.

use super::template::Plan;
use crate::expressions::{Facts, Known, Source};
use chrono::{Days, NaiveDate};

/// A stage that a client was, or is, in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// The stage's place.
    pub place: usize,
    /// Entered on.
    pub entered: NaiveDate,
    /// Left on; none for the last one.
    pub left: Option<NaiveDate>,
}

/// What is known of a client's use, in a workspace that is sent use.
#[derive(Debug, Clone, Copy)]
pub struct Used<'a> {
    /// The days with use, oldest first.
    pub days: &'a [NaiveDate],
    /// Since when any client's use is known: what was before, nobody can tell.
    pub known_from: NaiveDate,
    /// What is measured of the client today.
    pub facts: &'a Facts,
}

/// A stage takes at least four fifths of its planned days,
const LEAST: (i64, i64) = (4, 5);
/// and use on two days in five of them: a product that is used on most working days.
const USED: (i64, i64) = (2, 5);

/// The stages up to a day, of a client since `since`; without use the plan alone counts. Nobody is past a stage that asks
/// for something which is measured and does not hold. The last stage is never inferred to be over: it takes deeds, not days.
pub fn infer(plan: &Plan, since: NaiveDate, used: Option<Used<'_>>, today: NaiveDate) -> Vec<Visit> {
    let stages = &plan.template.stages;
    let mut out = Vec::new();
    let mut entered = since.min(today);
    let last = stages.len().saturating_sub(1);
    let open = used.map_or(last, |used| first_open(plan, used.facts).min(last));
    for (place, stage) in stages.iter().enumerate().take(open + 1) {
        let left = if place == open { None } else { end(stage.planned_days, entered, used) };
        let left = left.filter(|left| *left <= today);
        out.push(Visit { place, entered, left });
        let Some(left) = left else { break };
        entered = left;
    }
    out
}

fn end(planned: i64, entered: NaiveDate, used: Option<Used<'_>>) -> Option<NaiveDate> {
    let after = |days: i64| entered + Days::new(days.max(1).unsigned_abs());
    let Some(Used { days, known_from, .. }) = used else { return Some(after(planned)) };
    // Before use was sent a stage went as planned.
    let seen = planned.min((after(planned) - known_from).num_days());
    let wanted = seen * USED.0 / USED.1;
    if seen <= 0 {
        return Some(after(planned));
    }
    let from = days.partition_point(|day| *day < entered);
    let reached = days.get(from + usize::try_from(wanted.max(1)).ok()? - 1)?;
    Some((*reached).max(after(planned * LEAST.0 / LEAST.1)))
}

/// The first stage that nobody of whom this is measured has left: something that it requires does not hold. What had to
/// hold only once may have held, and deeds may have been done that nobody noted.
fn first_open(plan: &Plan, facts: &Facts) -> usize {
    let deeds = Source::Known(Known::JourneyDone);
    let open = |place: &usize| {
        let criteria = plan.template.stages[*place].criteria.iter();
        criteria.zip(plan.rules.get(*place).into_iter().flatten()).any(|(criterion, rule)| {
            let Some(rule) = rule.as_ref().filter(|_| criterion.required && !criterion.once) else { return false };
            let mut sources = Vec::new();
            rule.sources(&mut sources);
            !sources.is_empty() && !sources.contains(&deeds) && !rule.holds(facts)
        })
    };
    let stages = plan.template.stages.len();
    (0..stages).find(open).unwrap_or(stages)
}
