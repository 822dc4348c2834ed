//! What a rule says of one client.

use super::compile::{Cmp, Rule, Test};
use super::facts::{Held, Source};
use std::collections::HashMap;

/// What is known of one client, texts folded.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts(HashMap<Source, Held>);

impl Facts {
    /// What is known of a fact.
    pub fn get(&self, source: Source) -> Option<&Held> {
        self.0.get(&source)
    }

    /// Notes a fact in place of what was known.
    pub fn set(&mut self, source: Source, held: Held) {
        self.0.remove(&source);
        self.put(source, held);
    }

    /// Notes a fact. Blank texts and empty lists are not known.
    pub fn put(&mut self, source: Source, held: Held) {
        let held = match held {
            Held::Text(text) => Held::Text(source.fold(&text)),
            Held::Texts(texts) => Held::Texts(texts.iter().map(|text| source.fold(text)).collect()),
            held => held,
        };
        let blank = match &held {
            Held::Text(text) => text.is_empty(),
            Held::Texts(texts) => texts.is_empty(),
            _ => false,
        };
        if !blank {
            self.0.insert(source, held);
        }
    }
}

impl Rule {
    /// Whether a client satisfies it.
    pub fn holds(&self, facts: &Facts) -> bool {
        match self {
            Rule::All(rules) => rules.iter().all(|rule| rule.holds(facts)),
            Rule::Any(rules) => rules.iter().any(|rule| rule.holds(facts)),
            Rule::Not(rule) => !rule.holds(facts),
            Rule::Is(source, _, test) => test.holds(facts.0.get(source)),
        }
    }

    /// The facts that it reads.
    pub fn sources(&self, out: &mut Vec<Source>) {
        match self {
            Rule::All(rules) | Rule::Any(rules) => rules.iter().for_each(|rule| rule.sources(out)),
            Rule::Not(rule) => rule.sources(out),
            Rule::Is(source, ..) => out.push(*source),
        }
    }
}

impl Test {
    fn holds(&self, held: Option<&Held>) -> bool {
        match (self, held) {
            (Test::Empty, held) => held.is_none(),
            (Test::Known, held) => held.is_some(),
            (Test::HasNot(word), held) => !Test::Has(word.clone()).holds(held),
            (Test::OneOf(words), Some(Held::Text(text))) => words.contains(text),
            (Test::NoneOf(words), Some(Held::Text(text))) => !words.contains(text),
            (Test::Contains(part), Some(Held::Text(text))) => text.contains(part.as_str()),
            (Test::StartsWith(part), Some(Held::Text(text))) => text.starts_with(part.as_str()),
            (Test::Number(cmp, other), Some(Held::Number(number))) => cmp.holds(number, other),
            (Test::Cents(cmp, other), Some(Held::Cents(cents))) => cmp.holds(cents, other),
            (Test::Day(cmp, other), Some(Held::Day(day))) => cmp.holds(day, other),
            (Test::Within(from, to), Some(Held::Instant(at))) => {
                from.is_none_or(|from| *at >= from) && to.is_none_or(|to| *at < to)
            }
            (Test::Outside(from, to), Some(Held::Instant(at))) => at < from || at >= to,
            (Test::Flag(flag), Some(Held::Flag(held))) => flag == held,
            (Test::Has(word), Some(Held::Texts(texts))) => texts.contains(word),
            _ => false,
        }
    }
}

impl Cmp {
    fn holds<T: PartialOrd>(self, one: &T, other: &T) -> bool {
        match self {
            Cmp::Eq => one == other,
            Cmp::Ne => one != other,
            Cmp::Lt => one < other,
            Cmp::Lte => one <= other,
            Cmp::Gt => one > other,
            Cmp::Gte => one >= other,
        }
    }
}
