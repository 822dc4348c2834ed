//! The one language of conditions on clients: views, filters and bulk selections are written in it.
//!
//! An [`Expression`] is a tree. It is read from text ([`Read::text`]) or from JSON ([`Read::tree`]), printed back
//! ([`Expression::text`], [`Expression::tree`]), and checked against a [`Catalogue`] of facts into a [`Rule`]. A rule
//! answers for one client's [`Facts`] ([`Rule::holds`]); the store writes the same rule as SQL. The day and the zone are
//! passed in, so that "30 days ago" means the same on both roads.
//!
//! A fact that is not known satisfies no comparison, not even `!=`; `is empty` asks for it. `not` is the plain
//! complement: `not owner = "Léa"` holds for clients without an owner, `owner != "Léa"` does not.

mod compile;
mod evaluate;
mod facts;
mod json;
mod parse;
mod print;
#[cfg(test)]
mod tests;
mod tokens;

pub use compile::{Cmp, Moment, Rule, Test};
pub use evaluate::Facts;
pub use facts::{Catalogue, Fact, Held, Kind, Known, Source};

use crate::{Code, Invalid};
use chrono::NaiveDate;

/// The longest text of an expression, in characters.
pub const MAX_CHARS: usize = 2_048;
/// How deep groups and negations may stand in one another.
pub const MAX_DEPTH: usize = 32;
/// The most conditions.
pub const MAX_CONDITIONS: usize = 100;
/// The furthest day counted from today, in days.
pub const MAX_DAYS: u32 = 36_500;

/// What is asked of a client.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// All of these; an empty one holds for everybody.
    All(Vec<Expression>),
    /// At least one of these.
    Any(Vec<Expression>),
    /// The complement.
    Not(Box<Expression>),
    /// One condition.
    Is(Condition),
}

/// A fact compared with a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// The fact's key: `mrr`, `field.contract`.
    pub fact: String,
    /// How it is compared.
    pub op: Op,
    /// With what; [`Value::None`] for questions that take no value.
    pub value: Value,
}

/// What a fact is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing: `is empty`.
    None,
    /// A text.
    Text(String),
    /// Several texts.
    Texts(Vec<String>),
    /// A number; an amount in units of the reporting currency.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// A day.
    Day(When),
}

/// A day, on the calendar or counted from today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// On the calendar.
    On(NaiveDate),
    /// So many days before today; 0 is today.
    DaysAgo(u32),
    /// So many days after today.
    InDays(u32),
}

macro_rules! ops {
    ($($(#[$doc:meta])* $name:ident $key:literal $text:literal,)+) => {
        /// How a fact is compared.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Op { $($(#[$doc])* $name,)+ }

        impl Op {
            /// All of them.
            pub const ALL: &'static [Op] = &[$(Op::$name,)+];

            /// As the tree writes it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Op::$name => $key,)+ }
            }

            /// As the text writes it.
            pub const fn text(self) -> &'static str {
                match self { $(Op::$name => $text,)+ }
            }
        }
    };
}

ops! {
    /// Equal.
    Eq "eq" "=",
    /// Known and not equal.
    Ne "ne" "!=",
    /// Less.
    Lt "lt" "<",
    /// Less or equal; for days, on that day or before.
    Lte "lte" "<=",
    /// More.
    Gt "gt" ">",
    /// More or equal; for days, on that day or after.
    Gte "gte" ">=",
    /// One of several.
    In "in" "in",
    /// Known and none of several.
    NotIn "notIn" "not in",
    /// Contains the text.
    Contains "contains" "contains",
    /// Begins with the text.
    StartsWith "startsWith" "starts with",
    /// Has it among its values.
    Has "has" "has",
    /// Does not have it among its values.
    HasNot "hasNot" "has not",
    /// Is not known.
    IsEmpty "isEmpty" "is empty",
    /// Is known.
    IsNotEmpty "isNotEmpty" "is not empty",
    /// Before the day.
    Before "before" "<",
    /// After the day.
    After "after" ">",
}

impl Op {
    /// The operator that the tree writes so.
    pub fn parse(text: &str) -> Option<Op> {
        Op::ALL.iter().copied().find(|op| op.as_str() == text)
    }
}

impl Default for Expression {
    fn default() -> Self {
        Expression::All(Vec::new())
    }
}

impl Expression {
    /// Whether it holds for everybody.
    pub fn is_all(&self) -> bool {
        matches!(self, Expression::All(items) if items.is_empty())
    }

    /// The one form of what means the same: groups without conditions are left out, groups of one are what they hold,
    /// days are compared by before and after, and in no days is today.
    #[must_use]
    pub fn normal(self) -> Expression {
        self.tidy().unwrap_or_default()
    }

    fn tidy(self) -> Option<Expression> {
        let group = |items: Vec<Expression>, make: fn(Vec<Expression>) -> Expression| {
            let mut items: Vec<Expression> = items.into_iter().filter_map(Expression::tidy).collect();
            if items.len() > 1 { Some(make(items)) } else { items.pop() }
        };
        match self {
            Expression::All(items) => group(items, Expression::All),
            Expression::Any(items) => group(items, Expression::Any),
            Expression::Not(inner) => inner.tidy().map(|inner| Expression::Not(Box::new(inner))),
            Expression::Is(Condition { fact, op, value }) => {
                let value = match value {
                    Value::Day(When::InDays(0)) => Value::Day(When::DaysAgo(0)),
                    value => value,
                };
                let op = match (op, &value) {
                    (Op::Lt, Value::Day(_)) => Op::Before,
                    (Op::Gt, Value::Day(_)) => Op::After,
                    (Op::Before | Op::After, Value::Day(_)) => op,
                    (Op::Before, _) => Op::Lt,
                    (Op::After, _) => Op::Gt,
                    (op, _) => op,
                };
                Some(Expression::Is(Condition { fact, op, value }))
            }
        }
    }

    /// How deep it is: a condition alone is 1.
    pub fn depth(&self) -> usize {
        match self {
            Expression::All(items) | Expression::Any(items) => {
                1 + items.iter().map(Expression::depth).max().unwrap_or(0)
            }
            Expression::Not(inner) => 1 + inner.depth(),
            Expression::Is(_) => 1,
        }
    }
}

/// Where a condition was read: what a refusal points at.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    /// Beginnings and lengths, in characters, of the fact, the operator and the value.
    Text([(usize, usize); 3]),
    /// The way to it in the tree: `all[1].not`.
    Path(String),
}

/// The part of a condition that a refusal is about.
#[derive(Debug, Clone, Copy)]
enum Part {
    Fact,
    Op,
    Value,
}

/// An expression as it was read, in its normal form, with where its conditions stand.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// What was read.
    pub expression: Expression,
    places: Vec<Place>,
}

impl Read {
    /// Reads the text form.
    pub fn text(text: &str) -> Result<Read, Invalid> {
        if text.chars().count() > MAX_CHARS {
            return Err(Invalid::new(Code::ExpressionsTooLong).with("max", MAX_CHARS));
        }
        let (expression, places) = parse::parse(text)?;
        Read { expression: expression.normal(), places }.bounded()
    }

    /// Reads the tree form.
    pub fn tree(tree: &serde_json::Value) -> Result<Read, Invalid> {
        let (expression, places) = json::read(tree)?;
        let read = Read { expression: expression.normal(), places }.bounded()?;
        if read.expression.text().chars().count() > MAX_CHARS {
            return Err(Invalid::new(Code::ExpressionsTooLong).with("max", MAX_CHARS));
        }
        Ok(read)
    }

    fn bounded(self) -> Result<Read, Invalid> {
        if self.expression.depth() > MAX_DEPTH {
            return Err(too_deep());
        }
        Ok(self)
    }

    /// A refusal of part of the condition read as number `index`.
    fn refused(&self, code: Code, index: usize, part: Part) -> Invalid {
        match self.places.get(index) {
            Some(Place::Text(spans)) => {
                let (at, length) = spans[part as usize];
                Invalid::new(code).with("at", at).with("length", length)
            }
            Some(Place::Path(path)) => Invalid::new(code).with("path", path.as_str()),
            None => Invalid::new(code),
        }
    }
}

fn too_deep() -> Invalid {
    Invalid::new(Code::ExpressionsTooDeep).with("max", MAX_DEPTH)
}

fn too_many() -> Invalid {
    Invalid::new(Code::ExpressionsTooMany).with("max", MAX_CONDITIONS)
}
