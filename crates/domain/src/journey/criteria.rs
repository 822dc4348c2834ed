//! What a measured criterion says of a client: whether it holds, how far it is, and the values behind that.

use crate::expressions::{Catalogue, Cmp, Facts, Held, Rule, Source, Test};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// One condition of a criterion beside the client's value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// The fact's key.
    pub fact: String,
    /// How it is compared, as the tree of an expression writes it.
    pub op: String,
    /// With what; amounts in cents.
    pub threshold: Value,
    /// What the client has; null when it is not known.
    pub value: Value,
    /// Whether it holds.
    pub met: bool,
}

/// What a rule says of a client.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Whether it holds.
    pub met: bool,
    /// How far it is, 0–1.
    pub fraction: f64,
    /// Its conditions, in their order.
    pub evidence: Vec<Evidence>,
}

/// Looks at a rule.
pub fn measure(rule: &Rule, facts: &Facts, catalogue: &Catalogue) -> Measured {
    let mut evidence = Vec::new();
    conditions(rule, facts, catalogue, &mut evidence);
    let met = rule.holds(facts);
    Measured { met, fraction: if met { 1.0 } else { fraction(rule, facts).min(0.99) }, evidence }
}

/// All are as far as the one that is furthest from it, any as far as the nearest one. A number that has to be large is as
/// far as its share of the threshold; what has no share is there or is not.
fn fraction(rule: &Rule, facts: &Facts) -> f64 {
    match rule {
        Rule::All(rules) => rules.iter().map(|rule| fraction(rule, facts)).fold(1.0, f64::min),
        Rule::Any(rules) => rules.iter().map(|rule| fraction(rule, facts)).fold(0.0, f64::max),
        Rule::Is(source, _, test) if !rule.holds(facts) => match (test, facts.get(*source)) {
            (Test::Number(Cmp::Gte | Cmp::Gt, wanted), Some(Held::Number(held))) => share(*held, *wanted),
            (Test::Cents(Cmp::Gte | Cmp::Gt, wanted), Some(Held::Cents(held))) => share(*held as f64, *wanted as f64),
            _ => 0.0,
        },
        rule => f64::from(u8::from(rule.holds(facts))),
    }
}

fn share(held: f64, wanted: f64) -> f64 {
    if wanted > 0.0 { (held / wanted).clamp(0.0, 1.0) } else { 0.0 }
}

fn conditions(rule: &Rule, facts: &Facts, catalogue: &Catalogue, out: &mut Vec<Evidence>) {
    match rule {
        Rule::All(rules) | Rule::Any(rules) => rules.iter().for_each(|rule| conditions(rule, facts, catalogue, out)),
        Rule::Not(rule) => conditions(rule, facts, catalogue, out),
        Rule::Is(source, _, test) => {
            let (op, threshold) = written(test);
            let value = facts.get(*source).map_or(Value::Null, |held| value_of(held, test));
            out.push(Evidence {
                fact: key(*source, catalogue),
                op: op.to_owned(),
                threshold,
                value,
                met: rule.holds(facts),
            });
        }
    }
}

fn key(source: Source, catalogue: &Catalogue) -> String {
    catalogue.facts().iter().find(|fact| fact.source == source).map(|fact| fact.key.clone()).unwrap_or_default()
}

fn written(test: &Test) -> (&'static str, Value) {
    let compared = |cmp: &Cmp| match cmp {
        Cmp::Eq => "eq",
        Cmp::Ne => "ne",
        Cmp::Lt => "lt",
        Cmp::Lte => "lte",
        Cmp::Gt => "gt",
        Cmp::Gte => "gte",
    };
    match test {
        Test::Empty => ("isEmpty", Value::Null),
        Test::Known => ("isNotEmpty", Value::Null),
        Test::OneOf(words) if words.len() == 1 => ("eq", json!(words[0])),
        Test::OneOf(words) => ("in", json!(words)),
        Test::NoneOf(words) => ("notIn", json!(words)),
        Test::Contains(part) => ("contains", json!(part)),
        Test::StartsWith(part) => ("startsWith", json!(part)),
        Test::Number(cmp, number) => (compared(cmp), number_of(*number)),
        Test::Cents(cmp, cents) => (compared(cmp), json!(cents)),
        Test::Day(cmp, day) => (compared(cmp), json!(day)),
        Test::Within(Some(from), _) => ("gte", json!(from)),
        Test::Within(None, to) => ("lt", json!(to)),
        Test::Outside(from, _) => ("ne", json!(from)),
        Test::Flag(flag) => ("eq", json!(flag)),
        Test::Has(word) => ("has", json!(word)),
        Test::HasNot(word) => ("hasNot", json!(word)),
    }
}

/// A value as evidence shows it. Of a list only the word that was asked for is told.
fn value_of(held: &Held, test: &Test) -> Value {
    match held {
        Held::Text(text) => json!(text),
        Held::Texts(texts) => match test {
            Test::Has(word) | Test::HasNot(word) => json!(texts.contains(word).then_some(word)),
            _ => json!(texts),
        },
        Held::Number(number) => number_of(*number),
        Held::Cents(cents) => json!(cents),
        Held::Day(day) => json!(day),
        Held::Instant(at) => json!(at),
        Held::Flag(flag) => json!(flag),
    }
}

/// Whole numbers without a point, others to two digits: what is told must not change with the last bits.
fn number_of(number: f64) -> Value {
    let rounded = (number * 100.0).round() / 100.0;
    if rounded.fract() == 0.0 && rounded.abs() < 1e15 { json!(rounded as i64) } else { json!(rounded) }
}
