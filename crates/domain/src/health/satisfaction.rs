//! Satisfaction: surveys and marks on tickets, the recent ones weighing more.

use super::curve::{CurveName, points};
use super::facts::{Facts, SurveyKind};
use super::profile::Profile;
use super::risks::{Found, GOOD};
use super::score::{Evidence, Scored, params};
use chrono::NaiveDate;

/// An answer's weight halves every 60 days; after 180 days it drops out.
const MEMORY_DAYS: i64 = 180;
/// 2^(-1/60): the weight that is left after a day.
const DAILY: f64 = 0.988_514_020_352_896_2;

/// Where an answer comes from; the order is that of the evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    Survey(SurveyKind),
    Ticket,
}

impl Source {
    const ALL: [Source; 4] = [
        Source::Survey(SurveyKind::Nps),
        Source::Survey(SurveyKind::Csat),
        Source::Survey(SurveyKind::Ces),
        Source::Ticket,
    ];

    fn curve(self) -> CurveName {
        match self {
            Source::Survey(SurveyKind::Nps) => CurveName::SatisfactionNps,
            Source::Survey(SurveyKind::Ces) => CurveName::SatisfactionCes,
            Source::Survey(SurveyKind::Csat) | Source::Ticket => CurveName::SatisfactionCsat,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Source::Survey(kind) => kind.as_str(),
            Source::Ticket => "ticket",
        }
    }

    /// The best answer.
    fn max(self) -> i64 {
        match self {
            Source::Survey(SurveyKind::Nps) => 10,
            Source::Survey(SurveyKind::Ces) => 7,
            Source::Survey(SurveyKind::Csat) | Source::Ticket => 5,
        }
    }
}

/// One answer that still counts.
#[derive(Debug, Clone, Copy)]
struct Answer {
    day: NaiveDate,
    age: i64,
    source: Source,
    given: f64,
    value: f64,
    weight: f64,
}

/// Only multiplication, since powers differ in their last bit from one machine to another.
fn faded(age: i64) -> f64 {
    (0..age).fold(1.0, |weight, _| weight * DAILY)
}

fn answers(facts: &Facts, profile: &Profile) -> Vec<Answer> {
    let surveys = facts.surveys.iter().map(|answer| (answer.day, Source::Survey(answer.kind), answer.score));
    let marks = facts.tickets.iter().filter_map(|ticket| {
        let day = ticket.closed.unwrap_or(ticket.opened);
        Some((day, Source::Ticket, ticket.satisfaction?))
    });
    let mut answers: Vec<Answer> = surveys
        .chain(marks)
        .map(|(day, source, given)| (facts.days_since(day), day, source, given))
        .filter(|(age, _, _, given)| (0..=MEMORY_DAYS).contains(age) && given.is_finite())
        .map(|(age, day, source, given)| {
            let given = one_digit(given.clamp(0.0, source.max() as f64));
            Answer { day, age, source, given, value: profile.height(source.curve(), given), weight: faded(age) }
        })
        .collect();
    answers.sort_by(|a, b| (a.day, a.source).cmp(&(b.day, b.source)).then_with(|| a.given.total_cmp(&b.given)));
    answers
}

/// As shown: short decimals come back from JSON as the same bits. Adding 0 turns -0 into 0.
fn one_digit(value: f64) -> f64 {
    (value * 10.0).round() / 10.0 + 0.0
}

fn mean<'a>(answers: impl IntoIterator<Item = &'a Answer>, of: impl Fn(&Answer) -> f64) -> Option<f64> {
    let (sum, weight) = answers
        .into_iter()
        .fold((0.0, 0.0), |(sum, weight), answer| (sum + answer.weight * of(answer), weight + answer.weight));
    (weight > 0.0).then(|| sum / weight)
}

pub(super) fn score(facts: &Facts, profile: &Profile) -> Scored {
    let answers = answers(facts, profile);
    let Some(value) = mean(&answers, |answer| answer.value) else { return Scored::default() };
    let score = points(value);

    let mut evidence = Vec::new();
    let mut risks = Vec::new();
    let mut worst: Option<(f64, f64, i64)> = None;
    for source in Source::ALL {
        let of_source = || answers.iter().filter(|answer| answer.source == source);
        let (Some(given), Some(value)) = (mean(of_source(), |a| a.given), mean(of_source(), |a| a.value)) else {
            continue;
        };
        let given = one_digit(given);
        evidence.push(Evidence::new(
            "satisfaction_mean",
            [
                ("kind", source.word().into()),
                ("mean", given.into()),
                ("max", source.max().into()),
                ("count", of_source().count().into()),
                ("days", MEMORY_DAYS.into()),
            ],
        ));
        if worst.is_none_or(|(least, ..)| value < least) {
            worst = Some((value, given, source.max()));
        }
    }
    if let Some((_, given, max)) = worst.filter(|_| score < 60) {
        let params = params([("mean", given.into()), ("max", max.into())]);
        risks.push(Found { key: "satisfaction_low", params, better: GOOD });
    }
    if let Some(last) = answers.iter().rfind(|answer| answer.source != Source::Ticket) {
        evidence.push(Evidence::new(
            "survey_last",
            [("survey", last.source.word().into()), ("score", last.given.into()), ("daysAgo", last.age.into())],
        ));
    }
    let nps = Source::Survey(SurveyKind::Nps);
    if let Some(i) = answers.iter().rposition(|a| a.source == nps).filter(|i| answers[*i].given < 6.5) {
        let Answer { given, day, .. } = answers[i];
        let mut mended = answers.clone();
        mended[i].value = GOOD.into();
        let better = mean(&mended, |answer| answer.value).map_or(score, points);
        let params = params([("score", given.into()), ("day", day.to_string().into())]);
        risks.push(Found { key: "nps_detractor", params, better });
    }
    Scored { score: Some(score), evidence, risks }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::TicketPriority;
    use crate::health::facts::{SurveyFact, TicketFact};
    use crate::health::score::tests::{day, quiet};

    fn answer(kind: SurveyKind, at: i64, score: f64) -> SurveyFact {
        SurveyFact { day: day(at), kind, score }
    }

    #[test]
    fn answers_become_points() {
        use SurveyKind::*;
        for (name, surveys, points, risks) in [
            ("none", vec![], None, vec![]),
            ("a promoter", vec![answer(Nps, 0, 9.0)], Some(89), vec![]),
            ("a passive", vec![answer(Nps, -50, 8.0)], Some(78), vec![]),
            ("a detractor", vec![answer(Nps, 0, 6.0)], Some(40), vec!["satisfaction_low", "nps_detractor"]),
            ("satisfied", vec![answer(Csat, -10, 4.0)], Some(80), vec![]),
            ("not satisfied", vec![answer(Csat, -10, 2.0)], Some(20), vec!["satisfaction_low"]),
            ("easy", vec![answer(Ces, -10, 6.0)], Some(85), vec![]),
            ("too old", vec![answer(Nps, -181, 0.0)], None, vec![]),
            ("of tomorrow", vec![answer(Nps, 1, 0.0)], None, vec![]),
            // After 60 days an answer weighs half: (100 + 0.5 × 40) / 1.5.
            ("half forgotten", vec![answer(Nps, -60, 6.0), answer(Nps, 0, 10.0)], Some(80), vec![]),
            ("the last is a detractor", vec![answer(Nps, -60, 10.0), answer(Nps, 0, 6.0)], Some(60), {
                vec!["nps_detractor"]
            }),
            ("no number", vec![answer(Nps, 0, f64::NAN)], None, vec![]),
        ] {
            let scored = score(&Facts { surveys, ..quiet() }, &Profile::default());
            assert_eq!(scored.score, points, "{name}");
            assert_eq!(scored.risks.iter().map(|risk| risk.key).collect::<Vec<_>>(), risks, "{name}");
        }
    }

    #[test]
    fn marks_on_tickets_count_on_the_day_of_closing() {
        let ticket = TicketFact {
            opened: day(-200),
            closed: Some(day(-3)),
            priority: TicketPriority::Normal,
            satisfaction: Some(3.0),
            reopened: false,
        };
        let scored = score(&Facts { tickets: vec![ticket], ..quiet() }, &Profile::default());
        assert_eq!(scored.score, Some(50));
        assert_eq!(scored.evidence.len(), 1);
    }

    #[test]
    fn a_weight_halves_in_sixty_days() {
        assert!((faded(60) - 0.5).abs() < 1e-12);
        assert_eq!(faded(0), 1.0);
    }
}
