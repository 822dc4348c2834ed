//! Why a score moved between two days: what each component brought or took.

use super::profile::Component;
use super::score::Health;

/// One component's part in a change of score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Move {
    /// Which; none is the vetoes.
    pub component: Option<Component>,
    /// Its points before, 0–100.
    pub before: Option<u8>,
    /// Its points after.
    pub after: Option<u8>,
    /// What it brought to the score, to one digit. The parts of a change add up to it.
    pub points: f64,
}

/// What each component brought between two scores, the largest part first; empty unless both days have a score.
///
/// A component's share of a score is weight × points; a component that appears or disappears also shifts the weights of
/// the others, which is part of what *they* are said to bring. What rounding leaves over goes to the largest part.
pub fn moves(before: &Health, after: &Health) -> Vec<Move> {
    let (Some(then), Some(now)) = (before.score, after.score) else { return Vec::new() };
    let share = |health: &Health, component| {
        let factor = health.factors.iter().find(|factor| factor.component == component)?;
        Some((factor.score?, factor.weight? * f64::from(factor.score?)))
    };
    let veto = |health: &Health| health.caps.iter().map(|cap| cap.cap.min(cap.mean)).min();
    let held = |health: &Health| {
        let mean = health.caps.first().map_or(0, |cap| cap.mean);
        veto(health).map_or(0.0, |capped| f64::from(capped) - f64::from(mean))
    };
    let mut parts: Vec<(Move, i64)> = Vec::new();
    for component in Component::ALL {
        let (was, is) = (share(before, component), share(after, component));
        if was.is_some() || is.is_some() {
            let points = is.map_or(0.0, |part| part.1) - was.map_or(0.0, |part| part.1);
            let part = Move {
                component: Some(component),
                before: was.map(|part| part.0),
                after: is.map(|part| part.0),
                points: 0.0,
            };
            parts.push((part, tenths(points)));
        }
    }
    let vetoes = held(after) - held(before);
    if vetoes != 0.0 {
        let part = Move { component: None, before: veto(before), after: veto(after), points: 0.0 };
        parts.push((part, tenths(vetoes)));
    }
    let rest = (i64::from(now) - i64::from(then)) * 10 - parts.iter().map(|part| part.1).sum::<i64>();
    parts.sort_by_key(|part| std::cmp::Reverse(part.1.abs()));
    if let Some(largest) = parts.first_mut() {
        largest.1 += rest;
    }
    parts.into_iter().map(|(part, tenths)| Move { points: tenths as f64 / 10.0, ..part }).collect()
}

fn tenths(points: f64) -> i64 {
    (points * 10.0).round() as i64
}
