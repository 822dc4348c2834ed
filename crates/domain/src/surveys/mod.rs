//! Surveys: what is asked, in which words, and what many answers say together.

mod words;

pub use crate::health::SurveyKind;
pub use words::{Locale, follow_up, question};

use crate::{Code, Invalid};

/// A person is asked once in so many days, whatever the survey.
pub const CONTACT_DAYS: i64 = 180;
/// A link can be answered for so many days.
pub const LINK_DAYS: i64 = 60;
/// The longest name of a survey, in characters.
pub const MAX_NAME: usize = 80;
/// The longest question, in characters.
pub const MAX_QUESTION: usize = 300;
/// The longest comment, in characters.
pub const MAX_COMMENT: usize = 2_000;

/// Answers on one side of a scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Detractors; not satisfied; hard.
    Bad,
    /// Passives; neither nor.
    Middle,
    /// Promoters; satisfied; easy.
    Good,
}

/// The kind that is written so.
pub fn kind(text: &str) -> Result<SurveyKind, Invalid> {
    SurveyKind::parse(text).ok_or_else(|| Invalid::field(Code::SurveysKindUnknown, "kind").with("value", text))
}

/// The lowest and the highest answer.
pub const fn scale(kind: SurveyKind) -> (i32, i32) {
    match kind {
        SurveyKind::Nps => (0, 10),
        SurveyKind::Csat => (1, 5),
        SurveyKind::Ces => (1, 7),
    }
}

/// On which side of its scale an answer is.
pub const fn side(kind: SurveyKind, score: i32) -> Side {
    let (middle, good) = match kind {
        SurveyKind::Nps => (7, 9),
        SurveyKind::Csat => (3, 4),
        SurveyKind::Ces => (4, 5),
    };
    if score >= good {
        Side::Good
    } else if score >= middle {
        Side::Middle
    } else {
        Side::Bad
    }
}

/// What answers say together, each score with how many gave it: the NPS (−100 to 100: the share of promoters less that of
/// detractors), the CSAT (0 to 100: the share of 4 and 5), the CES (1 to 7: the mean). Of no answer there is none.
///
/// ```
/// use essor_domain::surveys::{SurveyKind, figure};
/// // Five promoters, three passives, two detractors of ten: 50 % − 20 %.
/// assert_eq!(figure(SurveyKind::Nps, [(10, 4), (9, 1), (8, 3), (6, 1), (0, 1)]), Some(30.0));
/// // Three of four are satisfied.
/// assert_eq!(figure(SurveyKind::Csat, [(5, 2), (4, 1), (2, 1)]), Some(75.0));
/// assert_eq!(figure(SurveyKind::Ces, [(7, 1), (4, 1)]), Some(5.5));
/// assert_eq!(figure(SurveyKind::Nps, []), None);
/// ```
pub fn figure(kind: SurveyKind, counts: impl IntoIterator<Item = (i32, i64)>) -> Option<f64> {
    let (mut answers, mut good, mut bad, mut sum) = (0_i64, 0_i64, 0_i64, 0_i64);
    for (score, count) in counts {
        answers += count;
        sum += i64::from(score) * count;
        match side(kind, score) {
            Side::Good => good += count,
            Side::Middle => {}
            Side::Bad => bad += count,
        }
    }
    let of = |part: i64| part as f64 / answers as f64;
    (answers > 0).then(|| match kind {
        SurveyKind::Nps => of(good - bad) * 100.0,
        SurveyKind::Csat => of(good) * 100.0,
        SurveyKind::Ces => of(sum),
    })
}

/// The share of those asked who answered; of nobody there is none.
pub fn response_rate(asked: i64, answered: i64) -> Option<f64> {
    (asked > 0).then(|| answered as f64 / asked as f64)
}

/// Refuses a score outside the scale, and a comment that is too long.
pub fn check_answer(kind: SurveyKind, score: i32, comment: Option<&str>) -> Result<(), Invalid> {
    let (min, max) = scale(kind);
    if !(min..=max).contains(&score) {
        return Err(Invalid::field(Code::FieldRange, "score").with("min", min).with("max", max));
    }
    if comment.is_some_and(|text| text.chars().count() > MAX_COMMENT) {
        return Err(Invalid::field(Code::FieldTooLong, "comment").with("max", MAX_COMMENT));
    }
    Ok(())
}

/// A text of a survey, trimmed: there, of one line, not too long.
pub fn text(given: &str, field: &str, max: usize) -> Result<String, Invalid> {
    let text = given.trim();
    if text.is_empty() {
        return Err(Invalid::field(Code::FieldRequired, field));
    }
    if text.chars().count() > max {
        return Err(Invalid::field(Code::FieldTooLong, field).with("max", max));
    }
    if text.chars().any(char::is_control) {
        return Err(Invalid::field(Code::FieldType, field).with("expected", "text of one line"));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_formula() {
        type Case = (SurveyKind, &'static [(i32, i64)], Option<f64>);
        let table: [Case; 12] = [
            (SurveyKind::Nps, &[], None),
            (SurveyKind::Nps, &[(9, 0)], None),
            (SurveyKind::Nps, &[(9, 1), (10, 1)], Some(100.0)),
            (SurveyKind::Nps, &[(0, 1), (6, 2)], Some(-100.0)),
            (SurveyKind::Nps, &[(7, 1), (8, 5)], Some(0.0)),
            (SurveyKind::Nps, &[(10, 1), (7, 1), (6, 2)], Some(-25.0)),
            (SurveyKind::Csat, &[], None),
            (SurveyKind::Csat, &[(3, 2), (4, 1), (5, 1)], Some(50.0)),
            (SurveyKind::Csat, &[(1, 1)], Some(0.0)),
            (SurveyKind::Ces, &[], None),
            (SurveyKind::Ces, &[(1, 3), (7, 1)], Some(2.5)),
            (SurveyKind::Ces, &[(6, 4)], Some(6.0)),
        ];
        for (kind, counts, expected) in table {
            assert_eq!(figure(kind, counts.iter().copied()), expected, "{kind:?} {counts:?}");
        }
        assert_eq!((response_rate(0, 0), response_rate(4, 1)), (None, Some(0.25)));
    }

    #[test]
    fn every_answer_has_a_side() {
        let sides = |kind| {
            let (min, max) = scale(kind);
            (min..=max).map(|score| format!("{:?}", side(kind, score)).remove(0)).collect::<String>()
        };
        assert_eq!(sides(SurveyKind::Nps), "BBBBBBBMMGG");
        assert_eq!(sides(SurveyKind::Csat), "BBMGG");
        assert_eq!(sides(SurveyKind::Ces), "BBBMGGG");
    }

    #[test]
    fn answers_and_texts_are_checked() {
        let refused = |result: Result<(), Invalid>| result.err().map(|e| (e.code, e.params["field"].clone()));
        assert_eq!(refused(check_answer(SurveyKind::Nps, 0, Some("ok"))), None);
        for (kind, score) in [(SurveyKind::Nps, 11), (SurveyKind::Nps, -1), (SurveyKind::Csat, 0), (SurveyKind::Ces, 8)]
        {
            assert_eq!(refused(check_answer(kind, score, None)), Some((Code::FieldRange, "score".into())));
        }
        let long = "é".repeat(MAX_COMMENT);
        assert_eq!(refused(check_answer(SurveyKind::Ces, 7, Some(&long))), None);
        assert_eq!(
            refused(check_answer(SurveyKind::Ces, 7, Some(&format!("{long}é")))),
            Some((Code::FieldTooLong, "comment".into()))
        );
        assert_eq!(text("  Hello ", "name", 5).ok().as_deref(), Some("Hello"));
        for (given, code) in [(" ", Code::FieldRequired), ("Hello!", Code::FieldTooLong), ("a\nb", Code::FieldType)] {
            assert_eq!(text(given, "name", 5).map_err(|e| e.code), Err(code));
        }
    }
}
