//! Engagement: how long ago and how often one spoke with the client, and whether its champion is still there.

use super::curve::{CurveName, curve, points};
use super::facts::Facts;
use super::profile::Profile;
use super::risks::{Found, GOOD};
use super::score::{Evidence, Scored, params};

/// Exchanges of 28 days / those usual before, one added to each → points.
const RHYTHM: [(f64, f64); 4] = [(0.0, 15.0), (0.5, 50.0), (1.0, 90.0), (1.5, 100.0)];
/// Exchanges needed in the 62 days before the last 28 for a rhythm.
const MIN_RHYTHM: i32 = 2;
/// Silence of so many days is a risk.
const SILENT: i64 = 60;

pub(super) fn score(facts: &Facts, profile: &Profile) -> Scored {
    let exchanges = facts.exchanges.clone().unwrap_or_default();
    let last = exchanges.last_day.map(|day| facts.days_since(day).max(0));
    let gone = facts.champion_gone();
    let champion = facts.champion.as_ref().map(|champion| if champion.present > 0 { 100.0 } else { 0.0 });
    // Nobody spoke with a young client yet, and nobody is named: nothing is known.
    let silence = last.or_else(|| facts.settled_days());
    if silence.is_none() && champion.is_none() {
        return Scored::default();
    }
    let mut parts: Vec<(f64, f64)> = Vec::new();
    let mut evidence = Vec::new();
    let mut risks = Vec::new();
    if let Some(days) = silence {
        parts.push((0.6, profile.height(CurveName::EngagementRecency, days as f64)));
        let key = if last.is_some() { "exchange_last" } else { "exchange_never" };
        evidence.push(Evidence::new(key, [("days", days.into())]));
    }
    if exchanges.prior62 >= MIN_RHYTHM {
        let usual = f64::from(exchanges.prior62) / 62.0 * 28.0;
        parts.push((0.25, curve(&RHYTHM, (f64::from(exchanges.last28) + 1.0) / (usual + 1.0))));
        evidence.push(Evidence::new(
            "exchange_rhythm",
            [("last28", exchanges.last28.into()), ("usual28", (usual.round() as i64).into())],
        ));
    }
    if let Some(points) = champion {
        parts.push((0.15, points));
        match gone {
            Some(day) => evidence.push(Evidence::new("champion_left", [("day", day.to_string().into())])),
            None => evidence.push(Evidence::new(
                "champion_present",
                [("count", facts.champion.as_ref().map_or(0, |champion| champion.present).into())],
            )),
        }
    }
    let weight: f64 = parts.iter().map(|(weight, _)| weight).sum();
    let score = points(parts.iter().map(|(weight, value)| weight * value).sum::<f64>() / weight);
    if let Some(days) = silence.filter(|days| *days >= SILENT) {
        let params = params([("days", days.into())]);
        risks.push(Found { key: "engagement_silent", params, better: score.max(GOOD) });
    }
    if let Some(day) = gone {
        let params = params([("day", day.to_string().into())]);
        risks.push(Found { key: "champion_left", params, better: score.max(GOOD) });
    }
    Scored { score: Some(score), evidence, risks }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::facts::{ChampionFacts, ExchangeFacts};
    use crate::health::score::tests::{day, quiet};

    #[test]
    fn recency_rhythm_and_champion_become_points() {
        let spoke = |ago: i64, last28, prior62| Some(ExchangeFacts { last_day: Some(day(-ago)), last28, prior62 });
        let champion = |present, left: Option<i64>| Some(ChampionFacts { present, left_on: left.map(day) });
        for (name, exchanges, champion, points, risks) in [
            ("never spoken with, for a year", None, None, Some(0), vec!["engagement_silent"]),
            ("yesterday", spoke(1, 1, 0), None, Some(100), vec![]),
            ("a month ago", spoke(30, 0, 1), None, Some(80), vec![]),
            ("two months ago", spoke(60, 0, 1), None, Some(50), vec!["engagement_silent"]),
            // 0.6 × 100 + 0.25 × 90, over 0.85.
            ("as often as usual", spoke(2, 4, 9), None, Some(97), vec![]),
            ("far less than usual", spoke(25, 1, 31), None, Some(67), vec![]),
            ("with a champion", spoke(60, 0, 1), champion(1, Some(-400)), Some(60), vec!["engagement_silent"]),
            ("whose champion left", spoke(1, 1, 0), champion(0, Some(-20)), Some(80), vec!["champion_left"]),
        ] {
            let scored = score(&Facts { exchanges, champion, ..quiet() }, &Profile::default());
            assert_eq!(scored.score, points, "{name}");
            assert_eq!(scored.risks.iter().map(|risk| risk.key).collect::<Vec<_>>(), risks, "{name}");
        }
        let young = Facts { since: Some(day(-10)), ..quiet() };
        assert_eq!(score(&young, &Profile::default()).score, None);
    }
}
