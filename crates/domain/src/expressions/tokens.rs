//! The words of the text form, with where they stand.

use crate::{Code, Invalid};
use chrono::NaiveDate;

/// A word, a sign or a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Word {
    /// A name or a keyword, in lower case; a point may join two.
    Name(String),
    /// A text in quotes.
    Text(String),
    /// A number.
    Number(f64),
    /// A day of the calendar.
    Day(NaiveDate),
    /// `(`, `)`, `,` or a comparison.
    Sign(&'static str),
    /// The end of the text.
    End,
}

/// A word with its place, in characters.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub word: Word,
    pub at: usize,
    pub length: usize,
}

/// The largest number that is understood: beyond it a float no longer holds each whole number.
pub(super) const MAX_NUMBER: f64 = 1e15;

/// The longest signs first.
const SIGNS: [&str; 10] = ["!=", "<>", "<=", ">=", "=", "<", ">", "(", ")", ","];

pub(super) fn refused(at: usize, length: usize, expected: &str, found: &str) -> Invalid {
    Invalid::new(Code::ExpressionsSyntax)
        .with("at", at)
        .with("length", length)
        .with("expected", expected)
        .with("found", found)
}

/// Cuts a text into words; the last is [`Word::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Invalid> {
    let chars: Vec<char> = text.chars().collect();
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(&first) = chars.get(at) {
        if first.is_whitespace() {
            at += 1;
            continue;
        }
        let (word, length) = match first {
            '"' | '\'' => quoted(&chars, at)?,
            'a'..='z' | 'A'..='Z' | '_' => name(&chars[at..]),
            '0'..='9' | '-' => number(&chars, at)?,
            _ => {
                let rest: String = chars[at..].iter().take(2).collect();
                let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign));
                let sign = sign.ok_or_else(|| refused(at, 1, "mrr, segment, (, \"…\"", &first.to_string()))?;
                (Word::Sign(if sign == "<>" { "!=" } else { sign }), sign.len())
            }
        };
        out.push(Token { word, at, length });
        at += length;
    }
    out.push(Token { word: Word::End, at: chars.len(), length: 0 });
    Ok(out)
}

fn name(chars: &[char]) -> (Word, usize) {
    let length = chars.iter().take_while(|c| c.is_ascii_alphanumeric() || ['_', '.'].contains(c)).count();
    (Word::Name(chars[..length].iter().collect::<String>().to_lowercase()), length)
}

/// A text between quotes; a backslash takes the next character as it is.
fn quoted(chars: &[char], at: usize) -> Result<(Word, usize), Invalid> {
    let mut text = String::new();
    let mut i = at + 1;
    while let Some(&c) = chars.get(i) {
        match c {
            '\\' if i + 1 < chars.len() => {
                text.push(chars[i + 1]);
                i += 1;
            }
            c if c == chars[at] => {
                if text.contains('\0') {
                    return Err(refused(at, i + 1 - at, "\"…\"", "NUL"));
                }
                return Ok((Word::Text(text), i + 1 - at));
            }
            c => text.push(c),
        }
        i += 1;
    }
    Err(refused(at, chars.len() - at, &chars[at].to_string(), ""))
}

fn number(chars: &[char], at: usize) -> Result<(Word, usize), Invalid> {
    let length = 1 + chars[at + 1..].iter().take_while(|c| c.is_ascii_alphanumeric() || ['.', '-'].contains(c)).count();
    let text: String = chars[at..at + length].iter().collect();
    let plain = text.trim_start_matches('-');
    // `2026-03-01`: the years that days may lie in have four digits.
    if plain.len() == text.len() && text.len() == 10 && text.as_bytes()[4] == b'-' {
        return match crate::time::parse_day(&text, "") {
            Ok(day) => Ok((Word::Day(day), length)),
            Err(_) => Err(refused(at, length, "2026-03-01", &text)),
        };
    }
    let form = plain.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
        && plain.split('.').count() <= 2
        && text.len() - plain.len() <= 1;
    match text.parse::<f64>() {
        Ok(number) if form && number.abs() <= MAX_NUMBER => Ok((Word::Number(number), length)),
        _ => Err(refused(at, length, "1000.50, 2026-03-01", &text)),
    }
}
