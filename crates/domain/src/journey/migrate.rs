//! Moving a running journey to another version of its template: every stage has its place in the other one.

use super::state::{Left, Outcome, State};
use super::template::Template;
use chrono::NaiveDate;

/// The place of a stage in another template: the one of the same key, else the one at the same place, else the last.
pub fn place_of(from: &Template, place: usize, to: &Template) -> usize {
    let Some(stage) = from.stages.get(place) else { return to.stages.len() };
    to.stage(&stage.key).map_or_else(|| place.min(to.stages.len().saturating_sub(1)), |(place, _)| place)
}

/// The journey as it stands under another template, with whether the client comes to another stage: then the one that it
/// was in is gone, and the other begins on `day`. What is known of criteria and of stages that lie behind is kept by key;
/// stages that are new and lie before the current one count as skipped; dates of a stage that is still there stay.
pub fn mapped(from: &Template, state: &State, to: &Template, day: NaiveDate) -> (State, bool) {
    let mut out = state.clone();
    out.place = place_of(from, state.place, to);
    out.left = to
        .stages
        .iter()
        .take(out.place)
        .map(|stage| {
            let new = Left { outcome: Outcome::Skipped, progress: 0.0 };
            (stage.key.clone(), state.left.get(&stage.key).cloned().unwrap_or(new))
        })
        .collect();
    let key = |template: &Template, place: usize| template.stages.get(place).map(|stage| stage.key.clone());
    let other = key(from, state.place) != key(to, out.place);
    if other {
        out.begin(day);
        out.held = false;
    }
    (out, other)
}
