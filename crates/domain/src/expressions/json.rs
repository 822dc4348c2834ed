//! The tree form: `{"all":[…]}`, `{"any":[…]}`, `{"not":{…}}`, `{"fact":"mrr","op":"gte","value":1000}`.

use super::tokens::MAX_NUMBER;
use super::{Condition, Expression, MAX_CONDITIONS, MAX_DAYS, MAX_DEPTH, Op, Place, Value, When, too_deep, too_many};
use crate::{Code, Invalid};
use serde_json::{Map, Value as Json, json};

impl Expression {
    /// The tree form.
    pub fn tree(&self) -> Json {
        let group = |items: &[Expression]| items.iter().map(Expression::tree).collect::<Vec<_>>();
        match self {
            Expression::All(items) => json!({"all": group(items)}),
            Expression::Any(items) => json!({"any": group(items)}),
            Expression::Not(inner) => json!({"not": inner.tree()}),
            Expression::Is(Condition { fact, op, value }) => {
                let mut out = json!({"fact": fact, "op": op.as_str()});
                if let Some(value) = written(value) {
                    out["value"] = value;
                }
                out
            }
        }
    }
}

fn written(value: &Value) -> Option<Json> {
    Some(match value {
        Value::None => return None,
        Value::Text(text) => json!(text),
        Value::Texts(texts) => json!(texts),
        // Whole numbers are written without a point.
        Value::Number(number) if number.fract() == 0.0 => json!(*number as i64),
        Value::Number(number) => json!(number),
        Value::Flag(flag) => json!(flag),
        Value::Day(When::On(day)) => json!({"day": day}),
        Value::Day(When::DaysAgo(days)) => json!({"daysAgo": days}),
        Value::Day(When::InDays(days)) => json!({"inDays": days}),
    })
}

pub(super) fn read(tree: &Json) -> Result<(Expression, Vec<Place>), Invalid> {
    let mut places = Vec::new();
    let expression = node(tree, String::new(), 1, &mut places)?;
    Ok((expression, places))
}

fn broken(path: &str, expected: &str) -> Invalid {
    Invalid::new(Code::ExpressionsTree).with("path", path).with("expected", expected)
}

fn node(tree: &Json, path: String, depth: usize, places: &mut Vec<Place>) -> Result<Expression, Invalid> {
    if depth > MAX_DEPTH {
        return Err(too_deep());
    }
    let Some(object) = tree.as_object() else { return Err(broken(&path, "{\"all\":[…]}")) };
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    for (name, make) in [("all", Expression::All as fn(_) -> _), ("any", Expression::Any as fn(_) -> _)] {
        if let Some(items) = object.get(name) {
            let Some(items) = items.as_array() else { return Err(broken(&below(name), "[…]")) };
            // Empty groups count too: a list of a million of them is no expression.
            if items.len() > MAX_CONDITIONS {
                return Err(too_many());
            }
            let read = |(i, item)| node(item, below(&format!("{name}[{i}]")), depth + 1, places);
            return items.iter().enumerate().map(read).collect::<Result<Vec<_>, _>>().map(make);
        }
    }
    if let Some(inner) = object.get("not") {
        return node(inner, below("not"), depth + 1, places).map(|inner| Expression::Not(Box::new(inner)));
    }
    if places.len() >= MAX_CONDITIONS {
        return Err(too_many());
    }
    let condition = condition(object, &path)?;
    places.push(Place::Path(path));
    Ok(Expression::Is(condition))
}

fn condition(object: &Map<String, Json>, path: &str) -> Result<Condition, Invalid> {
    let text =
        |key: &str| object.get(key).and_then(Json::as_str).ok_or_else(|| broken(path, "{\"fact\",\"op\",\"value\"}"));
    let named = text("fact")?;
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ['_', '.'].contains(&c);
    // A fact that the text form could not name.
    if !named.starts_with(|c: char| c.is_ascii_lowercase()) || !named.chars().all(known) || named.len() > 100 {
        return Err(Invalid::new(Code::ExpressionsFactUnknown)
            .with("path", path)
            .with("value", named)
            .with("nearest", ""));
    }
    let op = Op::parse(text("op")?).ok_or_else(|| broken(path, "eq, ne, lt, lte, gt, gte, in, notIn, contains, …"))?;
    let value =
        value(object.get("value")).ok_or_else(|| broken(path, "\"…\", 1000, {\"day\":\"2026-03-01\"}, true"))?;
    let value = match (op, value) {
        (Op::IsEmpty | Op::IsNotEmpty, _) => Value::None,
        (Op::In | Op::NotIn, Value::Text(text)) => Value::Texts(vec![text]),
        (Op::In | Op::NotIn, texts @ Value::Texts(_)) => texts,
        (op, Value::Texts(_) | Value::None) if !matches!(op, Op::In | Op::NotIn) => {
            return Err(broken(path, "\"…\", 1000, {\"day\":\"2026-03-01\"}, true"));
        }
        (Op::In | Op::NotIn, _) => return Err(broken(path, "[\"…\"]")),
        (_, value) => value,
    };
    Ok(Condition { fact: named.to_owned(), op, value })
}

fn value(json: Option<&Json>) -> Option<Value> {
    let text = |json: &Json| json.as_str().filter(|text| !text.contains('\0')).map(str::to_owned);
    Some(match json {
        None | Some(Json::Null) => Value::None,
        Some(Json::Bool(flag)) => Value::Flag(*flag),
        Some(Json::Number(number)) => Value::Number(number.as_f64().filter(|n| n.abs() <= MAX_NUMBER)?),
        Some(json @ Json::String(_)) => Value::Text(text(json)?),
        Some(Json::Array(items)) if !items.is_empty() => {
            Value::Texts(items.iter().map(text).collect::<Option<Vec<_>>>()?)
        }
        Some(Json::Array(_)) => return None,
        Some(Json::Object(object)) => {
            let days = |key: &str| object.get(key).and_then(Json::as_u64).and_then(|days| u32::try_from(days).ok());
            let near = |days: &u32| *days <= MAX_DAYS;
            let on = object.get("day").and_then(Json::as_str).and_then(|day| crate::time::parse_day(day, "").ok());
            let ago = || days("daysAgo").filter(near).map(When::DaysAgo);
            let ahead = || days("inDays").filter(near).map(When::InDays);
            Value::Day(on.map(When::On).or_else(ago).or_else(ahead)?)
        }
    })
}
