//! Checks an expression against the catalogue and makes the rule of it: facts found, texts folded, amounts in cents, days
//! counted from today.

use super::facts::{Catalogue, Fact, Kind, Source};
use super::{Condition, Expression, Op, Part, Read, Value, When};
use crate::time::{check_day, end_of_day};
use crate::{Code, Invalid};
use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;

/// The day that a rule is made for, and the zone in which instants have their days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Today, in the zone.
    pub today: NaiveDate,
    /// The workspace's zone.
    pub zone: Tz,
}

impl Moment {
    /// The first instant of a day.
    pub fn begins(&self, day: NaiveDate) -> DateTime<Utc> {
        end_of_day(self.zone, day - Days::new(1))
    }
}

/// How two values of an order are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cmp {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Less.
    Lt,
    /// Less or equal.
    Lte,
    /// More.
    Gt,
    /// More or equal.
    Gte,
}

impl Cmp {
    fn of(op: Op) -> Option<Cmp> {
        Some(match op {
            Op::Eq => Cmp::Eq,
            Op::Ne => Cmp::Ne,
            Op::Lt | Op::Before => Cmp::Lt,
            Op::Lte => Cmp::Lte,
            Op::Gt | Op::After => Cmp::Gt,
            Op::Gte => Cmp::Gte,
            _ => return None,
        })
    }

    /// As SQL writes it.
    pub const fn sql(self) -> &'static str {
        match self {
            Cmp::Eq => "=",
            Cmp::Ne => "<>",
            Cmp::Lt => "<",
            Cmp::Lte => "<=",
            Cmp::Gt => ">",
            Cmp::Gte => ">=",
        }
    }
}

/// What is asked of one fact. Texts are folded as the fact's are.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// Not known.
    Empty,
    /// Known.
    Known,
    /// Known and one of these.
    OneOf(Vec<String>),
    /// Known and none of these.
    NoneOf(Vec<String>),
    /// Contains.
    Contains(String),
    /// Begins with.
    StartsWith(String),
    /// Compared with a number.
    Number(Cmp, f64),
    /// Compared with an amount in cents.
    Cents(Cmp, i64),
    /// Compared with a day.
    Day(Cmp, NaiveDate),
    /// From one instant to before another.
    Within(Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    /// Before one instant or not before another.
    Outside(DateTime<Utc>, DateTime<Utc>),
    /// Yes, or no.
    Flag(bool),
    /// Has it among its values.
    Has(String),
    /// Does not.
    HasNot(String),
}

/// A checked expression, for a day.
#[derive(Debug, Clone, PartialEq)]
pub enum Rule {
    /// All of these.
    All(Vec<Rule>),
    /// At least one.
    Any(Vec<Rule>),
    /// The complement.
    Not(Box<Rule>),
    /// One question about one fact.
    Is(Source, Kind, Test),
}

impl Read {
    /// Checks the expression against a catalogue; a refusal says where, what was expected and the nearest fact.
    pub fn compile(&self, catalogue: &Catalogue, moment: &Moment) -> Result<Rule, Invalid> {
        let mut index = 0;
        self.rule(&self.expression, catalogue, moment, &mut index)
    }

    fn rule(&self, of: &Expression, facts: &Catalogue, moment: &Moment, index: &mut usize) -> Result<Rule, Invalid> {
        Ok(match of {
            Expression::All(items) => {
                Rule::All(items.iter().map(|item| self.rule(item, facts, moment, index)).collect::<Result<_, _>>()?)
            }
            Expression::Any(items) => {
                Rule::Any(items.iter().map(|item| self.rule(item, facts, moment, index)).collect::<Result<_, _>>()?)
            }
            Expression::Not(inner) => Rule::Not(Box::new(self.rule(inner, facts, moment, index)?)),
            Expression::Is(condition) => {
                let here = *index;
                *index += 1;
                let Some(fact) = facts.get(&condition.fact) else {
                    return Err(self
                        .refused(Code::ExpressionsFactUnknown, here, Part::Fact)
                        .with("value", condition.fact.as_str())
                        .with("nearest", facts.nearest(&condition.fact)));
                };
                // `since > 12` has an operator of days and a value of none.
                if !fact.kind.ops().iter().any(|op| op.text() == condition.op.text()) {
                    let expected: Vec<&str> = fact.kind.ops().iter().map(|op| op.text()).collect();
                    return Err(self
                        .refused(Code::ExpressionsOperator, here, Part::Op)
                        .with("fact", fact.key.as_str())
                        .with("operator", condition.op.text())
                        .with("expected", expected.join(", ")));
                }
                let test = test(fact, condition, moment).map_err(|expected| {
                    self.refused(Code::ExpressionsValue, here, Part::Value)
                        .with("fact", fact.key.as_str())
                        .with("expected", expected)
                })?;
                Rule::Is(fact.source, fact.kind, test)
            }
        })
    }
}

/// What a condition asks; what was expected instead, when its value is none of the fact's.
fn test(fact: &Fact, condition: &Condition, moment: &Moment) -> Result<Test, String> {
    let expected = || fact.kind.sample().to_owned();
    let text = |text: &String| {
        let folded = fact.source.fold(text);
        let choices = fact.choices.as_deref().unwrap_or_default();
        let whole = !matches!(condition.op, Op::Contains | Op::StartsWith);
        if whole && fact.closed && !choices.iter().any(|choice| fact.source.fold(choice) == folded) {
            return Err(choices.iter().map(|choice| format!("\"{choice}\"")).collect::<Vec<_>>().join(", "));
        }
        Ok(folded)
    };
    let compared = Cmp::of(condition.op);
    Ok(match (condition.op, &condition.value) {
        (Op::IsEmpty, _) => Test::Empty,
        (Op::IsNotEmpty, _) => Test::Known,
        (Op::In, Value::Texts(texts)) => Test::OneOf(texts.iter().map(text).collect::<Result<_, _>>()?),
        (Op::NotIn, Value::Texts(texts)) => Test::NoneOf(texts.iter().map(text).collect::<Result<_, _>>()?),
        (Op::Contains, Value::Text(words)) => Test::Contains(text(words)?),
        (Op::StartsWith, Value::Text(words)) => Test::StartsWith(text(words)?),
        (Op::Has, Value::Text(word)) => Test::Has(text(word)?),
        (Op::HasNot, Value::Text(word)) => Test::HasNot(text(word)?),
        (op, value) => match (fact.kind, value, compared) {
            (Kind::Text | Kind::Choice | Kind::Person | Kind::Url, Value::Text(word), Some(_)) => {
                let word = vec![text(word)?];
                if op == Op::Ne { Test::NoneOf(word) } else { Test::OneOf(word) }
            }
            (Kind::Number, Value::Number(number), Some(cmp)) => Test::Number(cmp, *number),
            (Kind::Money, Value::Number(units), Some(cmp)) => Test::Cents(cmp, cents(*units).ok_or_else(expected)?),
            (Kind::Boolean, Value::Flag(flag), Some(cmp)) => Test::Flag(*flag == (cmp == Cmp::Eq)),
            (Kind::Day, Value::Day(when), Some(cmp)) => Test::Day(cmp, day(*when, moment).ok_or_else(expected)?),
            (Kind::Instant, Value::Day(when), Some(cmp)) => {
                let day = day(*when, moment).ok_or_else(expected)?;
                let (begins, ends) = (moment.begins(day), end_of_day(moment.zone, day));
                match cmp {
                    Cmp::Eq => Test::Within(Some(begins), Some(ends)),
                    Cmp::Ne => Test::Outside(begins, ends),
                    Cmp::Lt => Test::Within(None, Some(begins)),
                    Cmp::Lte => Test::Within(None, Some(ends)),
                    Cmp::Gt => Test::Within(Some(ends), None),
                    Cmp::Gte => Test::Within(Some(begins), None),
                }
            }
            _ => return Err(expected()),
        },
    })
}

/// Units of a currency as cents; an amount of a tenth of a cent is a mistake.
fn cents(units: f64) -> Option<i64> {
    let cents = (units * 100.0).round();
    ((units * 100.0 - cents).abs() < 1e-3).then_some(cents as i64)
}

fn day(when: When, moment: &Moment) -> Option<NaiveDate> {
    let day = match when {
        When::On(day) => day,
        When::DaysAgo(days) => moment.today.checked_sub_days(Days::new(days.into()))?,
        When::InDays(days) => moment.today.checked_add_days(Days::new(days.into()))?,
    };
    check_day(day, "").ok().map(|()| day)
}
