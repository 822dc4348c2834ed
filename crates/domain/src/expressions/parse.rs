//! Reads the text form: `or` binds less than `and`, `and` less than `not`.

use super::tokens::{Token, Word, refused, tokens};
use super::{Condition, Expression, MAX_CONDITIONS, MAX_DAYS, MAX_DEPTH, Op, Place, Value, When, too_deep, too_many};
use crate::Invalid;

type Result<T> = std::result::Result<T, Invalid>;

pub(super) fn parse(text: &str) -> Result<(Expression, Vec<Place>)> {
    let mut parser = Parser { tokens: tokens(text)?, next: 0, places: Vec::new() };
    if parser.peek() == &Word::End {
        return Ok((Expression::default(), Vec::new()));
    }
    let expression = parser.any(1)?;
    if parser.peek() != &Word::End {
        return Err(parser.expected("and, or"));
    }
    Ok((expression, parser.places))
}

struct Parser {
    tokens: Vec<Token>,
    next: usize,
    places: Vec<Place>,
}

impl Parser {
    fn token(&self) -> &Token {
        &self.tokens[self.next.min(self.tokens.len() - 1)]
    }

    fn peek(&self) -> &Word {
        &self.token().word
    }

    fn expected(&self, what: &str) -> Invalid {
        let token = self.token();
        let found = match &token.word {
            Word::Name(name) => name.clone(),
            Word::Text(text) => format!("\"{text}\""),
            Word::Number(number) => number.to_string(),
            Word::Day(day) => day.to_string(),
            Word::Sign(sign) => (*sign).to_owned(),
            Word::End => "…".to_owned(),
        };
        refused(token.at, token.length, what, &found)
    }

    /// Takes a keyword when it is the next word.
    fn keyword(&mut self, keyword: &str) -> bool {
        let is = matches!(self.peek(), Word::Name(name) if name == keyword);
        self.next += usize::from(is);
        is
    }

    fn sign(&mut self, sign: &str) -> bool {
        let is = matches!(self.peek(), Word::Sign(found) if *found == sign);
        self.next += usize::from(is);
        is
    }

    fn any(&mut self, depth: usize) -> Result<Expression> {
        let mut items = vec![self.all(depth)?];
        while self.keyword("or") {
            items.push(self.all(depth)?);
        }
        Ok(Expression::Any(items))
    }

    fn all(&mut self, depth: usize) -> Result<Expression> {
        let mut items = vec![self.unary(depth)?];
        while self.keyword("and") {
            items.push(self.unary(depth)?);
        }
        Ok(Expression::All(items))
    }

    fn unary(&mut self, depth: usize) -> Result<Expression> {
        // The depth of what is read is bounded before it is read: no text makes this recursion deep.
        if depth > MAX_DEPTH {
            return Err(too_deep());
        }
        if self.keyword("not") {
            return Ok(Expression::Not(Box::new(self.unary(depth + 1)?)));
        }
        if self.sign("(") {
            let inner = self.any(depth + 1)?;
            if !self.sign(")") {
                return Err(self.expected("and, or, )"));
            }
            return Ok(inner);
        }
        self.condition().map(Expression::Is)
    }

    fn condition(&mut self) -> Result<Condition> {
        let fact = match self.peek() {
            Word::Name(name) if !["and", "or", "in", "is", "has"].contains(&name.as_str()) => name.clone(),
            _ => return Err(self.expected("mrr, segment, not, (")),
        };
        if self.places.len() >= MAX_CONDITIONS {
            return Err(too_many());
        }
        let of_fact = self.span(self.next, self.next + 1);
        self.next += 1;
        let from = self.next;
        let op = self.op()?;
        let of_op = self.span(from, self.next);
        let from = self.next;
        let value = match op {
            Op::IsEmpty | Op::IsNotEmpty => Value::None,
            Op::In | Op::NotIn => Value::Texts(self.texts()?),
            _ => self.value()?,
        };
        let of_value = if from == self.next { of_op } else { self.span(from, self.next) };
        self.places.push(Place::Text([of_fact, of_op, of_value]));
        Ok(Condition { fact, op, value })
    }

    /// Where the words from one to before another stand.
    fn span(&self, from: usize, to: usize) -> (usize, usize) {
        let (first, last) = (&self.tokens[from], &self.tokens[to - 1]);
        (first.at, last.at + last.length - first.at)
    }

    fn op(&mut self) -> Result<Op> {
        const EXPECTED: &str = "=, !=, <, <=, >, >=, in, not in, contains, starts with, has, is empty";
        let word = self.peek().clone();
        let signs = [("=", Op::Eq), ("!=", Op::Ne), ("<", Op::Lt), ("<=", Op::Lte), (">", Op::Gt), (">=", Op::Gte)];
        let op = match &word {
            Word::Sign(sign) => signs.into_iter().find(|(text, _)| text == sign).map(|(_, op)| op),
            Word::Name(name) => match name.as_str() {
                "in" => Some(Op::In),
                "contains" => Some(Op::Contains),
                "before" => Some(Op::Lt),
                "after" => Some(Op::Gt),
                "not" | "starts" | "has" | "is" => {
                    self.next += 1;
                    return self.second(name);
                }
                _ => None,
            },
            _ => None,
        };
        let op = op.ok_or_else(|| self.expected(EXPECTED))?;
        self.next += 1;
        Ok(op)
    }

    /// What follows the first word of an operator of several.
    fn second(&mut self, first: &str) -> Result<Op> {
        match first {
            "not" => {
                if self.keyword("in") {
                    Ok(Op::NotIn)
                } else {
                    Err(self.expected("in"))
                }
            }
            "starts" => {
                if self.keyword("with") {
                    Ok(Op::StartsWith)
                } else {
                    Err(self.expected("with"))
                }
            }
            "has" => Ok(if self.keyword("not") { Op::HasNot } else { Op::Has }),
            _ => {
                let op = if self.keyword("not") { Op::IsNotEmpty } else { Op::IsEmpty };
                if self.keyword("empty") { Ok(op) } else { Err(self.expected("empty, not empty")) }
            }
        }
    }

    fn text(&mut self) -> Result<String> {
        let Word::Text(text) = self.peek() else { return Err(self.expected("\"…\"")) };
        let text = text.clone();
        self.next += 1;
        Ok(text)
    }

    fn texts(&mut self) -> Result<Vec<String>> {
        if !self.sign("(") {
            return Err(self.expected("(\"…\", \"…\")"));
        }
        let mut out = vec![self.text()?];
        while self.sign(",") {
            out.push(self.text()?);
        }
        if self.sign(")") { Ok(out) } else { Err(self.expected(",, )")) }
    }

    fn days(&mut self) -> Result<u32> {
        match *self.peek() {
            Word::Number(days) if days.fract() == 0.0 && (0.0..=f64::from(MAX_DAYS)).contains(&days) => {
                self.next += 1;
                if self.keyword("days") || self.keyword("day") { Ok(days as u32) } else { Err(self.expected("days")) }
            }
            _ => Err(self.expected("30 days")),
        }
    }

    fn value(&mut self) -> Result<Value> {
        let value = match self.peek().clone() {
            Word::Text(text) => Value::Text(text),
            Word::Day(day) => Value::Day(When::On(day)),
            Word::Number(number) => {
                let following = self.tokens.get(self.next + 1).map(|token| &token.word);
                if matches!(following, Some(Word::Name(name)) if name == "days" || name == "day") {
                    let days = self.days()?;
                    return if self.keyword("ago") {
                        Ok(Value::Day(When::DaysAgo(days)))
                    } else {
                        Err(self.expected("ago"))
                    };
                }
                Value::Number(number)
            }
            Word::Name(name) => match name.as_str() {
                "true" => Value::Flag(true),
                "false" => Value::Flag(false),
                "today" => Value::Day(When::DaysAgo(0)),
                "in" => {
                    self.next += 1;
                    return Ok(Value::Day(When::InDays(self.days()?)));
                }
                _ => return Err(self.expected("\"…\", 1000, 2026-03-01, 30 days ago, true")),
            },
            _ => return Err(self.expected("\"…\", 1000, 2026-03-01, 30 days ago, true")),
        };
        self.next += 1;
        Ok(value)
    }
}
