//! Moving a running journey to another version of its template: every stage has its place in the other one.

use super::state::State;
use super::template::Template;

/// The place of a stage in another template: the one of the same key, else the one at the same place, else the last.
pub fn place_of(from: &Template, place: usize, to: &Template) -> usize {
    let Some(stage) = from.stages.get(place) else { return to.stages.len() };
    to.stage(&stage.key).map_or_else(|| place.min(to.stages.len().saturating_sub(1)), |(place, _)| place)
}

/// The journey as it stands under another template. What is known of criteria and of stages that lie behind is kept by
/// key; stages that are new and lie before the current one count as skipped; dates stay.
pub fn mapped(from: &Template, state: &State, to: &Template) -> State {
    use super::state::{Left, Outcome};
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
    out
}
