//! The text form, so that reading it again gives the same tree.

use super::{Condition, Expression, Value, When};
use std::fmt::Write;

impl Expression {
    /// The text form; of an expression in its normal form, the one that is read back as it.
    pub fn text(&self) -> String {
        let mut out = String::new();
        write(self, &mut out, true);
        out
    }
}

fn write(expression: &Expression, out: &mut String, outermost: bool) {
    match expression {
        Expression::All(items) | Expression::Any(items) => {
            if !outermost {
                out.push('(');
            }
            let word = if matches!(expression, Expression::All(_)) { " and " } else { " or " };
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push_str(word);
                }
                write(item, out, false);
            }
            if !outermost {
                out.push(')');
            }
        }
        Expression::Not(inner) => {
            out.push_str("not ");
            write(inner, out, false);
        }
        Expression::Is(condition) => condition.write(out),
    }
}

impl Condition {
    fn write(&self, out: &mut String) {
        let _ = write!(out, "{} {}", self.fact, self.op.text());
        match &self.value {
            Value::None => {}
            Value::Text(text) => {
                out.push(' ');
                quote(text, out);
            }
            Value::Texts(texts) => {
                out.push_str(" (");
                for (i, text) in texts.iter().enumerate() {
                    if i > 0 {
                        out.push_str(", ");
                    }
                    quote(text, out);
                }
                out.push(')');
            }
            Value::Number(number) => {
                let _ = write!(out, " {number}");
            }
            Value::Flag(flag) => {
                let _ = write!(out, " {flag}");
            }
            Value::Day(When::On(day)) => {
                let _ = write!(out, " {day}");
            }
            Value::Day(When::DaysAgo(0)) => out.push_str(" today"),
            Value::Day(When::DaysAgo(days)) => {
                let _ = write!(out, " {days} {} ago", noun(*days));
            }
            Value::Day(When::InDays(days)) => {
                let _ = write!(out, " in {days} {}", noun(*days));
            }
        }
    }
}

fn noun(days: u32) -> &'static str {
    if days == 1 { "day" } else { "days" }
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        if ['"', '\\'].contains(&c) {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
}
