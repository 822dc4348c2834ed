//! Where a client that was there before its journey probably stands: read off how long it has been one and how it used
//! the product.

use super::template::Template;
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

/// A stage takes at least four fifths of its planned days,
const LEAST: (i64, i64) = (4, 5);
/// and use on two days in five of them: a product that is used on most working days.
const USED: (i64, i64) = (2, 5);

/// The stages up to a day, of a client since `since`. `used` are the days with use, oldest first; none when nobody sends
/// use, and then the plan alone counts. The last stage is never inferred to be over: it takes deeds, not days.
pub fn infer(template: &Template, since: NaiveDate, used: Option<&[NaiveDate]>, today: NaiveDate) -> Vec<Visit> {
    let mut out = Vec::new();
    let mut entered = since.min(today);
    let last = template.stages.len().saturating_sub(1);
    for (place, stage) in template.stages.iter().enumerate() {
        let left = if place == last { None } else { end(stage.planned_days, entered, used) };
        let left = left.filter(|left| *left <= today);
        out.push(Visit { place, entered, left });
        let Some(left) = left else { break };
        entered = left;
    }
    out
}

fn end(planned: i64, entered: NaiveDate, used: Option<&[NaiveDate]>) -> Option<NaiveDate> {
    let after = |days: i64| entered + Days::new(days.max(1).unsigned_abs());
    let Some(used) = used else { return Some(after(planned)) };
    let wanted = (planned * USED.0 / USED.1).max(1) as usize;
    let from = used.partition_point(|day| *day < entered);
    let reached = used.get(from + wanted - 1)?;
    Some((*reached).max(after(planned * LEAST.0 / LEAST.1)))
}
