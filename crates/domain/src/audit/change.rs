//! What an entry keeps of a change: the fields that differ, within bounds.

use serde_json::{Map, Value};

/// The longest text kept of a value, in characters.
const MAX_TEXT: usize = 200;
/// The most fields kept of an object, and items of a list.
const MAX_FIELDS: usize = 40;
/// How deep values are kept; what lies deeper is cut.
const MAX_DEPTH: usize = 3;
/// Fields whose values are never kept, whatever sent them.
const SECRET: [&str; 4] = ["password", "secret", "token", "key"];

/// The fields that differ between two objects, before and after; `None` when nothing does. A field that is missing is
/// one that is null.
pub fn changed(before: &Value, after: &Value) -> Option<(Value, Value)> {
    let empty = Map::new();
    let (old, new) = (before.as_object().unwrap_or(&empty), after.as_object().unwrap_or(&empty));
    let (mut was, mut is) = (Map::new(), Map::new());
    for key in old.keys().chain(new.keys().filter(|key| !old.contains_key(*key))) {
        let (from, to) = (old.get(key).unwrap_or(&Value::Null), new.get(key).unwrap_or(&Value::Null));
        if from != to {
            was.insert(key.clone(), from.clone());
            is.insert(key.clone(), to.clone());
        }
    }
    (!was.is_empty()).then_some((Value::Object(was), Value::Object(is)))
}

/// The same value within bounds: long texts and lists are cut, values of secrets left out.
pub fn bounded(value: &Value) -> Value {
    at_depth(value, 0)
}

fn at_depth(value: &Value, depth: usize) -> Value {
    match value {
        Value::String(text) => short(text),
        Value::Array(_) | Value::Object(_) if depth >= MAX_DEPTH => "…".into(),
        Value::Array(items) => {
            let mut kept: Vec<Value> = items.iter().take(MAX_FIELDS).map(|item| at_depth(item, depth + 1)).collect();
            if items.len() > MAX_FIELDS {
                kept.push("…".into());
            }
            kept.into()
        }
        Value::Object(fields) => {
            let kept = fields.iter().take(MAX_FIELDS).map(|(key, value)| {
                let kept = if is_secret(key) { "…".into() } else { at_depth(value, depth + 1) };
                (key.chars().take(MAX_TEXT).collect(), kept)
            });
            Value::Object(kept.collect())
        }
        other => other.clone(),
    }
}

fn short(text: &str) -> Value {
    match text.char_indices().nth(MAX_TEXT) {
        Some((at, _)) => format!("{}…", &text[..at]).into(),
        None => text.into(),
    }
}

/// Whether a field's name ends in a word for a secret: `newPassword`, `write_key`.
fn is_secret(key: &str) -> bool {
    let key = key.to_lowercase();
    SECRET.iter().any(|word| key.ends_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn audit_only_what_differs_is_kept() {
        let table = [
            (
                json!({"role": "member"}),
                json!({"role": "manager"}),
                Some((json!({"role": "member"}), json!({"role": "manager"}))),
            ),
            (json!({"a": 1, "b": 2}), json!({"a": 1, "b": 3}), Some((json!({"b": 2}), json!({"b": 3})))),
            (json!({"a": 1}), json!({"a": 1}), None),
            (json!({}), json!({"a": null}), None),
            (json!({}), json!({"a": 1}), Some((json!({"a": null}), json!({"a": 1})))),
            (json!({"a": 1}), json!({}), Some((json!({"a": 1}), json!({"a": null})))),
        ];
        for (before, after, expected) in table {
            assert_eq!(changed(&before, &after), expected, "{before} {after}");
        }
    }

    #[test]
    fn audit_secrets_and_long_values_are_not_kept() {
        let kept = bounded(&json!({"newPassword": "x", "write_key": "y", "name": "n".repeat(500), "keys": 2}));
        assert_eq!(kept["newPassword"], "…");
        assert_eq!(kept["write_key"], "…");
        assert_eq!(kept["keys"], 2);
        assert_eq!(kept["name"].as_str().map(|text| text.chars().count()), Some(201));
        assert_eq!(bounded(&json!([[[[1]]]])), json!([[["…"]]]));
    }

    proptest! {
        #[test]
        fn audit_what_is_kept_is_small(names in prop::collection::vec(".{0,300}", 0..100)) {
            let value = json!({"names": names});
            let kept = bounded(&value);
            prop_assert!(kept["names"].as_array().is_some_and(|items| items.len() <= MAX_FIELDS + 1));
            prop_assert!(kept.to_string().chars().count() < (MAX_FIELDS + 1) * (MAX_TEXT * 6 + 4) + 100);
            prop_assert_eq!(bounded(&kept), kept.clone(), "cut once, cut for good");
        }
    }
}
