//! One cell as a value of its type. Amounts are read digit by digit: no floating point comes near money.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use essor_domain::time::{day_in, micros};
use serde::Deserialize;
use serde_json::{Number, Value};

/// What a cell must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Text,
    Integer,
    Number,
    Boolean,
    Date,
    Instant,
    Money,
    /// Several words, separated by `;` or `,`.
    Words,
    /// A web domain, alone or in an address.
    Host,
}

impl Kind {
    /// As refusals name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Integer => "integer",
            Kind::Number => "number",
            Kind::Boolean => "boolean",
            Kind::Date => "date",
            Kind::Instant => "instant",
            Kind::Money => "money",
            Kind::Words => "words",
            Kind::Host => "host",
        }
    }
}

/// Whether an amount is written in whole units of its currency or in minor ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Unit {
    Major,
    #[default]
    Minor,
}

/// How a file writes numbers and days.
#[derive(Debug, Clone, Copy)]
pub(super) struct Writing<'a> {
    /// `.` or `,`.
    pub decimal: char,
    /// Formats of days, tried in order.
    pub dates: &'a [String],
    /// The zone of instants that name none.
    pub zone: Tz,
    pub unit: Unit,
    /// Digits after the point of the amount's currency.
    pub minor_digits: u32,
}

/// Reads a cell that is not empty; the error says what was expected.
pub(super) fn parse(kind: Kind, text: &str, how: &Writing) -> Result<Value, String> {
    let expected = |what: &str| what.to_owned();
    match kind {
        Kind::Text => Ok(text.into()),
        Kind::Words => Ok(words(text).into()),
        Kind::Host => host(text).map(Value::from).ok_or_else(|| expected("web domain")),
        Kind::Boolean => boolean(text).map(Value::from).ok_or_else(|| expected("true or false")),
        Kind::Integer => integer(text, how.decimal).map(Value::from).ok_or_else(|| expected("whole number")),
        Kind::Number => number(text, how.decimal).map(Value::Number).ok_or_else(|| expected("number")),
        Kind::Money => {
            let digits = if how.unit == Unit::Major { how.minor_digits } else { 0 };
            amount(text, how.decimal, digits).map(Value::from).ok_or_else(|| expected("amount"))
        }
        Kind::Date => moment(text, how)
            .map(|moment| match moment {
                Moment::Day(day) => day,
                Moment::Local(at) => at.date(),
                Moment::Instant(at) => day_in(how.zone, at),
            })
            .map(|day| day.to_string().into())
            .ok_or_else(|| format!("day written {}", how.dates.join(" or "))),
        Kind::Instant => moment(text, how)
            .map(|moment| match moment {
                Moment::Day(day) => local(how.zone, day.and_time(NaiveTime::MIN)),
                Moment::Local(at) => local(how.zone, at),
                Moment::Instant(at) => at,
            })
            .map(|at| micros(at).to_rfc3339().into())
            .ok_or_else(|| format!("day written {}, with or without time", how.dates.join(" or "))),
    }
}

/// The words of a list, without blanks.
fn words(text: &str) -> Vec<String> {
    text.split([';', ',']).map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// `https://www.Acme.example/fr` → `acme.example`.
fn host(text: &str) -> Option<String> {
    let bare = text.trim().to_lowercase();
    let bare = bare.split_once("://").map_or(bare.as_str(), |(_, rest)| rest);
    let host = bare.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host).trim_end_matches('.');
    let sound = host.contains('.') && !host.contains(|c: char| c.is_whitespace() || c == '@' || c == ',');
    (sound && !host.starts_with('.')).then(|| host.to_owned())
}

fn boolean(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "t" | "1" | "1.0" | "yes" | "y" | "oui" | "o" | "vrai" | "x" => Some(true),
        "false" | "f" | "0" | "0.0" | "no" | "n" | "non" | "faux" => Some(false),
        _ => None,
    }
}

/// A whole number; `4.0` is one, as some programs write whole columns that have gaps.
fn integer(text: &str, decimal: char) -> Option<i64> {
    let (negative, whole, fraction) = digits(text, decimal)?;
    if fraction.bytes().any(|b| b != b'0') {
        return None;
    }
    let value: i64 = whole.parse().ok()?;
    Some(if negative { -value } else { value })
}

fn number(text: &str, decimal: char) -> Option<Number> {
    let (negative, whole, fraction) = digits(text, decimal)?;
    if fraction.bytes().all(|b| b == b'0')
        && let Ok(value) = whole.parse::<i64>()
    {
        return Some(Number::from(if negative { -value } else { value }));
    }
    let value: f64 = format!("{whole}.{fraction}0").parse().ok()?;
    Number::from_f64(if negative { -value } else { value })
}

/// An amount in minor units: `shift` digits after the point belong to it, what lies beyond is rounded half-even.
fn amount(text: &str, decimal: char, shift: u32) -> Option<i64> {
    let (negative, whole, fraction) = digits(text, decimal)?;
    let shift = shift as usize;
    let (kept, beyond) = fraction.split_at(fraction.len().min(shift));
    let mut value: i64 = format!("{whole}{kept}{}", "0".repeat(shift - kept.len())).parse().ok()?;
    let half = beyond.starts_with('5') && beyond[1..].bytes().all(|b| b == b'0');
    let more = beyond.as_bytes().first().is_some_and(|b| *b >= b'5');
    if more && (!half || value % 2 == 1) {
        value = value.checked_add(1)?;
    }
    Some(if negative { -value } else { value })
}

/// Sign, whole digits and fraction digits of a written number: `1 234,56 €`, `1,234.56`, `-3`. Thousands must be
/// grouped by three, so that a point that was meant as decimal is refused rather than dropped.
pub(super) fn digits(text: &str, decimal: char) -> Option<(bool, String, String)> {
    let bare = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '€' | '$' | '£'));
    let (negative, bare) = match bare.strip_prefix(['-', '−']) {
        Some(rest) => (true, rest),
        None => (false, bare.strip_prefix('+').unwrap_or(bare)),
    };
    let (whole, fraction) = bare.split_once(decimal).unwrap_or((bare, ""));
    let grouping = if decimal == ',' { '.' } else { ',' };
    let groups: Vec<&str> =
        whole.split(|c: char| c == grouping || c.is_whitespace() || matches!(c, '\'' | '’')).collect();
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let grouped = groups.len() == 1 || (groups[1..].iter().all(|g| g.len() == 3) && (1..=3).contains(&groups[0].len()));
    if !grouped || !groups.iter().all(|g| all_digits(g)) || !all_digits(fraction) {
        return None;
    }
    let whole = groups.concat();
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    Some((negative, if whole.is_empty() { "0".to_owned() } else { whole }, fraction.to_owned()))
}

/// What a cell says of time.
enum Moment {
    Day(NaiveDate),
    Local(NaiveDateTime),
    Instant(DateTime<Utc>),
}

/// A day in one of the formats, alone or followed by a time, which may name its zone.
fn moment(text: &str, how: &Writing) -> Option<Moment> {
    let sound = |day: &NaiveDate| (1900..2200).contains(&day.year());
    let parse_day = |text: &str| how.dates.iter().find_map(|f| NaiveDate::parse_from_str(text, f).ok().filter(sound));
    if let Some(day) = parse_day(text) {
        return Some(Moment::Day(day));
    }
    // The time begins after the first `T` or blank behind which there is a digit and a colon.
    let at = text.char_indices().find(|(at, c)| {
        matches!(c, 'T' | ' ')
            && text[at + 1..]
                .split_once(':')
                .is_some_and(|(hour, _)| matches!(hour.len(), 1 | 2) && hour.bytes().all(|b| b.is_ascii_digit()))
    })?;
    let day = parse_day(&text[..at.0])?;
    let clock = &text[at.0 + 1..];
    let (time, zone) = match clock.find(['Z', '+', '-']) {
        Some(at) => (clock[..at].trim(), Some(&clock[at..])),
        None => (clock.strip_suffix(" UTC").unwrap_or(clock), clock.ends_with(" UTC").then_some("Z")),
    };
    let time = ["%H:%M:%S%.f", "%H:%M"].iter().find_map(|f| NaiveTime::parse_from_str(time, f).ok())?;
    match zone {
        None => Some(Moment::Local(day.and_time(time))),
        Some(zone) => {
            // Some databases write the hours of an offset alone.
            let zone = if zone.len() == 3 { format!("{zone}:00") } else { zone.to_owned() };
            DateTime::parse_from_rfc3339(&format!("{day}T{}{zone}", time.format("%H:%M:%S%.f")))
                .ok()
                .map(|at| Moment::Instant(at.with_timezone(&Utc)))
        }
    }
}

/// A local time as an instant: the earlier of two in autumn, the first that exists in spring.
fn local(zone: Tz, at: NaiveDateTime) -> DateTime<Utc> {
    (0..=3)
        .find_map(|hours| zone.from_local_datetime(&(at + chrono::Duration::hours(hours))).earliest())
        .map_or_else(|| at.and_utc(), |at| at.with_timezone(&Utc))
}

/// A format of days in words that users know (`DD/MM/YYYY`) as the parser's own; `None` when it names no full day.
pub(super) fn date_format(words: &str) -> Option<String> {
    let format = words.replace("YYYY", "%Y").replace("MM", "%m").replace("DD", "%d");
    let whole = ["%Y", "%m", "%d"].iter().all(|part| format.matches(part).count() == 1);
    let rest = format.replace("%Y", "").replace("%m", "").replace("%d", "");
    (whole && !words.contains('%') && !rest.contains(char::is_alphanumeric)).then_some(format)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use serde_json::json;

    fn how(decimal: char, dates: &[String]) -> Writing<'_> {
        Writing { decimal, dates, zone: chrono_tz::Europe::Paris, unit: Unit::Major, minor_digits: 2 }
    }

    #[test]
    fn amounts_are_exact() {
        for (text, decimal, cents) in [
            ("1 234,56", ',', Some(123_456)),
            ("1\u{202f}234,56 €", ',', Some(123_456)),
            ("1\u{a0}234,5", ',', Some(123_450)),
            ("1.234,56", ',', Some(123_456)),
            ("1,234.56", '.', Some(123_456)),
            ("$1,234", '.', Some(123_400)),
            ("1'234.50", '.', Some(123_450)),
            ("0.1", '.', Some(10)),
            (".5", '.', Some(50)),
            ("-12.5", '.', Some(-1_250)),
            ("2.675", '.', Some(268)),
            ("2.665", '.', Some(266)),
            ("2.6651", '.', Some(267)),
            ("90071992547409.93", '.', Some(9_007_199_254_740_993)),
            // A point where a comma is the decimal sign groups thousands, and these are none.
            ("12.5", ',', None),
            ("1,23", '.', None),
            ("1 23,5", ',', None),
            ("twelve", '.', None),
            ("1.2.3", '.', None),
            ("99999999999999999999", '.', None),
            ("€", '.', None),
        ] {
            let read = parse(Kind::Money, text, &how(decimal, &[])).ok();
            assert_eq!(read, cents.map(|c: i64| json!(c)), "{text}");
        }
        let minor = Writing { unit: Unit::Minor, ..how('.', &[]) };
        assert_eq!(parse(Kind::Money, "1234", &minor), Ok(json!(1234)));
        let yen = Writing { minor_digits: 0, ..how('.', &[]) };
        assert_eq!(parse(Kind::Money, "1234", &yen), Ok(json!(1234)));
    }

    #[test]
    fn days_and_instants_follow_the_format() {
        let iso = vec![date_format("YYYY-MM-DD").unwrap()];
        let french = vec![date_format("DD/MM/YYYY").unwrap()];
        for (kind, text, formats, read) in [
            (Kind::Date, "2024-02-29", &iso, Some("2024-02-29")),
            (Kind::Date, "29/02/2024", &french, Some("2024-02-29")),
            (Kind::Date, "1/3/2024", &french, Some("2024-03-01")),
            (Kind::Date, "2024-03-01 00:00:00", &iso, Some("2024-03-01")),
            (Kind::Date, "2024-02-29T23:30:00Z", &iso, Some("2024-03-01")),
            (Kind::Date, "29/02/2024", &iso, None),
            (Kind::Date, "2023-02-29", &iso, None),
            (Kind::Date, "01/03/24", &french, None),
            (Kind::Instant, "2024-07-28", &iso, Some("2024-07-27T22:00:00+00:00")),
            (Kind::Instant, "2024-07-28 03:00:00", &iso, Some("2024-07-28T01:00:00+00:00")),
            (Kind::Instant, "28/07/2024 03:00", &french, Some("2024-07-28T01:00:00+00:00")),
            (Kind::Instant, "2024-07-28T03:00:00.5Z", &iso, Some("2024-07-28T03:00:00.500+00:00")),
            (Kind::Instant, "2024-07-28 03:00:00+02", &iso, Some("2024-07-28T01:00:00+00:00")),
            (Kind::Instant, "2024-07-28T03:00:00-05:00", &iso, Some("2024-07-28T08:00:00+00:00")),
            (Kind::Instant, "2024-07-28 03:00:00 UTC", &iso, Some("2024-07-28T03:00:00+00:00")),
            // The hour that spring leaves out, and the one that autumn has twice.
            (Kind::Instant, "2024-03-31 02:30", &iso, Some("2024-03-31T01:30:00+00:00")),
            (Kind::Instant, "2024-10-27 02:30", &iso, Some("2024-10-27T00:30:00+00:00")),
            (Kind::Instant, "2024-07-28 25:00", &iso, None),
            (Kind::Instant, "soon", &iso, None),
        ] {
            assert_eq!(parse(kind, text, &how('.', formats)).ok(), read.map(|r| json!(r)), "{text}");
        }
        for words in ["DD/MM", "%Y-%m-%d", "YYYY-MM-DD HH", "DD/DD/YYYY"] {
            assert_eq!(date_format(words), None, "{words}");
        }
    }

    #[test]
    fn lists_and_addresses_become_words_and_domains() {
        for (kind, text, value) in [
            (Kind::Words, "vip; Été ,vip,", Some(json!(["vip", "Été", "vip"]))),
            (Kind::Host, "https://www.Acme.example/fr?x=1", Some(json!("acme.example"))),
            (Kind::Host, "acme.example:8080", Some(json!("acme.example"))),
            (Kind::Host, "Acme", None),
            (Kind::Host, "ada@acme.example", None),
        ] {
            assert_eq!(parse(kind, text, &how('.', &[])).ok(), value, "{text}");
        }
    }

    #[test]
    fn numbers_and_booleans_are_read_as_programs_write_them() {
        for (kind, text, value) in [
            (Kind::Integer, "4.0", Some(json!(4))),
            (Kind::Integer, "1,000", Some(json!(1000))),
            (Kind::Integer, "4.5", None),
            (Kind::Number, "4.5", Some(json!(4.5))),
            (Kind::Number, "4.0", Some(json!(4))),
            (Kind::Number, "-0.25", Some(json!(-0.25))),
            (Kind::Boolean, "True", Some(json!(true))),
            (Kind::Boolean, "0", Some(json!(false))),
            (Kind::Boolean, "Oui", Some(json!(true))),
            (Kind::Boolean, "NON", Some(json!(false))),
            (Kind::Boolean, "maybe", None),
            (Kind::Text, "007", Some(json!("007"))),
        ] {
            assert_eq!(parse(kind, text, &how('.', &[])).ok(), value, "{text}");
        }
    }
}
