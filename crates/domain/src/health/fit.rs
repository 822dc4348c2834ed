//! Weights fitted to who left: of the weights that can be reached by moving points from one component to another, those
//! that would have told best.
//!
//! A score is asked what the effect of a draft is asked (see [`super::foresight`]): of a client that left within the
//! horizon and one that stayed, which had the lower score. Points are moved while that area grows enough to be more than
//! chance, the best move first, so that the answer depends on the cases alone and never tells worse than the weights that
//! it started from.

use super::foresight::{Past, area, auc};
use super::profile::{Component, Weights};
use super::score::Health;

/// Clients that must have left before weights are fitted to them: below, they would only tell those few by heart.
pub const LEAST_LEFT: usize = 10;

/// Points that one step moves, the coarse steps first.
const STEPS: [u32; 3] = [20, 10, 5];
/// What the area must gain for a step to be taken: less is chance.
const LEAST_GAIN: f64 = 0.002;
/// The cases are told apart into so many parts, by client, to try the weights on clients that they have not seen.
const PARTS: usize = 5;

const COMPONENTS: usize = Component::ALL.len();

/// A client as it stood on a past day, component by component, and whether it left within the horizon.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Case {
    /// Numbers the client: one client may be the subject of several cases.
    who: usize,
    /// By component, in the order of [`Component::ALL`]: none where it is not fed, none inside where it is not known.
    parts: [Option<Option<u8>>; COMPONENTS],
    /// The lowest veto.
    cap: u8,
    churned: bool,
}

impl Case {
    /// A case of a health that was scored with [`open`], so that it holds every component.
    pub fn of(who: usize, health: &Health, churned: bool) -> Self {
        let mut parts = [None; COMPONENTS];
        for factor in &health.factors {
            parts[factor.component as usize] = Some(factor.score);
        }
        Case { who, parts, cap: health.caps.iter().map(|cap| cap.cap).min().unwrap_or(100), churned }
    }

    /// The score by some weights, as [`super::score`] would have it.
    fn score(&self, weights: &Weights, min_coverage: f64) -> Option<u8> {
        let (mut fed, mut known, mut sum) = (0_u64, 0_u64, 0_u64);
        for (component, part) in Component::ALL.into_iter().zip(self.parts) {
            let Some(score) = part else { continue };
            let weight = u64::from(weights.of(component));
            fed += weight;
            if let Some(score) = score {
                known += weight;
                sum += weight * u64::from(score);
            }
        }
        let enough = known > 0 && known as f64 / fed as f64 >= min_coverage;
        enough.then(|| (((2 * sum + known) / (2 * known)) as u8).min(self.cap))
    }
}

/// A profile that looks at every component and always comes to a number, with the vetoes and curves of another: with it
/// the cases are scored.
pub fn open(profile: &super::Profile) -> super::Profile {
    let mut open = super::Profile { min_coverage: 0.0, ..profile.clone() };
    for component in Component::ALL {
        if let Some(weight) = open.weights.of_mut(component) {
            *weight = 10;
        }
    }
    open
}

/// Weights that would have told who left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// 100 in all; those that were given where none tell better.
    pub weights: Weights,
    /// The area under the ROC curve by the weights that were given, 0–1.
    pub before: Option<f64>,
    /// The same by these weights: never less.
    pub after: Option<f64>,
    /// The area on clients that the weights were not fitted to: what to expect of clients to come.
    pub unseen: Option<f64>,
}

/// What some weights make of the cases.
#[derive(Clone, Copy, PartialEq)]
struct Told {
    area: f64,
    /// Cases with a score: those that left, those that stayed.
    scored: [u64; 2],
}

fn told<'a>(cases: impl Iterator<Item = &'a Case>, weights: &Weights, min_coverage: f64) -> Told {
    let mut counts = [[0_u64; 2]; 101];
    for case in cases {
        if let Some(score) = case.score(weights, min_coverage) {
            counts[usize::from(score)][usize::from(case.churned)] += 1;
        }
    }
    let scored = [1, 0].map(|kind| counts.iter().map(|of| of[kind]).sum());
    Told { area: area(&counts).unwrap_or(0.5), scored }
}

fn moved(weights: &Weights, from: Component, to: Component, points: u32) -> Option<Weights> {
    let mut out = *weights;
    let given = points.min(out.of(from));
    *out.of_mut(from)? -= given;
    *out.of_mut(to)? += given;
    (given > 0).then_some(out)
}

/// Moves points between the components of `may` while that tells who left better, in cases picked by `seen`. Weights
/// that leave a case without a score that had one are not looked at: not to answer is no way to be right.
fn climb(
    cases: &[Case],
    seen: impl Fn(&Case) -> bool,
    start: &Weights,
    min_coverage: f64,
    may: &[Component],
) -> Weights {
    let look = |weights: &Weights| told(cases.iter().filter(|case| seen(case)), weights, min_coverage);
    let (mut best, mut stands) = (*start, look(start));
    for points in STEPS {
        loop {
            let pairs = may.iter().flat_map(|from| may.iter().map(move |to| (*from, *to)));
            let steps = pairs.filter(|(from, to)| from != to);
            let mut next: Option<(Weights, Told)> = None;
            for weights in steps.filter_map(|(from, to)| moved(&best, from, to, points)) {
                let then = look(&weights);
                let answers = then.scored.iter().zip(stands.scored).all(|(then, now)| *then >= now);
                if answers && then.area > next.map_or(stands.area + LEAST_GAIN, |(_, next)| next.area) {
                    next = Some((weights, then));
                }
            }
            match next {
                Some(step) => (best, stands) = step,
                None => break,
            }
        }
    }
    best
}

/// Fits the weights of the components of `may` to the cases. Weights of other components stay.
pub fn fit(cases: &[Case], start: &Weights, min_coverage: f64, may: &[Component]) -> Fit {
    let weights = climb(cases, |_| true, start, min_coverage, may);
    let past = |case: &Case, weights: &Weights| {
        case.score(weights, min_coverage).map(|score| Past { score, churned: case.churned })
    };
    let area_of = |weights: &Weights| auc(&cases.iter().filter_map(|case| past(case, weights)).collect::<Vec<_>>());
    let mut unseen = Vec::with_capacity(cases.len());
    for part in 0..PARTS {
        let fitted = climb(cases, |case| case.who % PARTS != part, start, min_coverage, may);
        unseen.extend(cases.iter().filter(|case| case.who % PARTS == part).filter_map(|case| past(case, &fitted)));
    }
    Fit { weights, before: area_of(start), after: area_of(&weights), unseen: auc(&unseen) }
}

#[cfg(test)]
mod tests {
    use super::super::facts::Feeds;
    use super::super::profile::Profile;
    use super::super::score::score;
    use super::super::score::tests::{any_facts, any_feeds};
    use super::*;
    use proptest::prelude::*;

    const MAY: [Component; 4] = [Component::Usage, Component::Support, Component::Satisfaction, Component::Payments];

    fn case(who: usize, scores: [Option<u8>; 4], churned: bool) -> Case {
        let mut parts = [None; COMPONENTS];
        for (component, score) in MAY.into_iter().zip(scores) {
            parts[component as usize] = Some(score);
        }
        Case { who, parts, cap: 100, churned }
    }

    #[test]
    fn points_go_to_the_component_that_told() {
        // Payments told who left; usage, which weighs most, told nothing.
        let cases: Vec<Case> = (0..200)
            .map(|who| {
                let left = who % 8 == 0;
                let noise = |by: usize| Some(((who * by) % 101) as u8);
                let paid = if left { 10 + (who % 30) as u8 } else { 60 + (who % 40) as u8 };
                case(who, [noise(37), noise(53), noise(71), Some(paid)], left)
            })
            .collect();
        let start = Profile::default().weights;
        let found = fit(&cases, &start, 0.4, &MAY);
        assert!(found.before < Some(0.85), "{found:?}");
        assert!(found.after > Some(0.99) && found.unseen > Some(0.97), "{found:?}");
        assert!(found.weights.payments > start.payments && found.weights.usage < start.usage, "{found:?}");
        // What was not to be moved was not.
        assert_eq!((found.weights.journey, found.weights.outcomes), (start.journey, start.outcomes));
    }

    #[test]
    fn where_nothing_tells_the_weights_stay() {
        let same: Vec<Case> = (0..60).map(|who| case(who, [Some(70); 4], who % 3 == 0)).collect();
        let start = Profile::default().weights;
        let found = fit(&same, &start, 0.4, &MAY);
        assert_eq!((found.weights, found.before, found.after), (start, Some(0.5), Some(0.5)));
        let nobody = fit(&[], &start, 0.4, &MAY);
        assert_eq!((nobody.weights, nobody.before, nobody.unseen), (start, None, None));
    }

    #[test]
    fn not_to_answer_is_no_way_to_be_right() {
        // Of half of the clients only usage is known: without its weight they would have no score, and the others be told
        // apart without a fault.
        let cases: Vec<Case> = (0..80)
            .map(|who| {
                let left = who % 4 == 0;
                let told = if left { 20 } else { 90 };
                if who % 2 == 0 {
                    case(who, [Some(if left { 90 } else { 20 }), None, None, None], left)
                } else {
                    case(who, [Some(50), Some(told), Some(told), Some(told)], who % 3 == 0)
                }
            })
            .collect();
        let start = Weights { usage: 70, payments: 10, ..Profile::default().weights };
        let start = Weights { licence: 0, engagement: 0, journey: 0, sentiment: 0, outcomes: 0, ..start };
        let found = fit(&cases, &start, 0.4, &MAY);
        let answered = |weights: &Weights| cases.iter().filter(|case| case.score(weights, 0.4).is_some()).count();
        assert_eq!(answered(&found.weights), answered(&start), "{found:?}");
    }

    fn any_case() -> impl Strategy<Value = Case> {
        let part = || prop::option::weighted(0.8, 0..=100_u8);
        (0..40_usize, [part(), part(), part(), part()], any::<bool>())
            .prop_map(|(who, parts, left)| case(who, parts, left))
    }

    fn any_weights() -> impl Strategy<Value = Weights> {
        prop::collection::vec(0..=4_usize, 20).prop_map(|picks| {
            picks.into_iter().fold(NOTHING, |mut weights, pick| {
                let component = [MAY[0], MAY[1], MAY[2], MAY[3], Component::Journey][pick];
                weights.of_mut(component).into_iter().for_each(|weight| *weight += 5);
                weights
            })
        })
    }

    const NOTHING: Weights = Weights {
        usage: 0,
        licence: 0,
        engagement: 0,
        journey: 0,
        support: 0,
        satisfaction: 0,
        sentiment: 0,
        payments: 0,
        outcomes: 0,
        pulse: 0,
    };

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(150))]

        #[test]
        fn fitted_weights_never_tell_worse_and_come_to_a_hundred(
            cases in prop::collection::vec(any_case(), 0..80), start in any_weights(),
        ) {
            let found = fit(&cases, &start, 0.4, &MAY);
            prop_assert!(found.after >= found.before, "{:?}", found);
            prop_assert_eq!(found.weights.sum(), 100);
            prop_assert_eq!(found.weights.journey, start.journey);
            prop_assert_eq!(fit(&cases, &start, 0.4, &MAY), found, "the same cases, the same answer");
        }

        /// A case tells what the score itself tells, whatever the weights.
        #[test]
        fn a_case_scores_as_the_score_does(
            facts in any_facts(), feeds in any_feeds(), weights in any_weights(), left in any::<bool>(),
        ) {
            let feeds: Feeds = feeds;
            let profile = Profile { weights, ..Profile::default() };
            let case = Case::of(0, &score(&facts, &open(&profile), feeds), left);
            prop_assert_eq!(case.score(&weights, profile.min_coverage), score(&facts, &profile, feeds).score);
        }
    }
}
