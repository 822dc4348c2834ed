//! Sentences of refusals in a reader's language, for what leaves as a file: those of the interface.

use serde_json::{Map, Value};
use std::sync::LazyLock;

/// A language of readers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// French.
    #[default]
    Fr,
    /// English.
    En,
}

/// By language, the sentences that every page has and those of features.
static WORDS: LazyLock<[[Value; 2]; 2]> = LazyLock::new(|| {
    let read = |text| serde_json::from_str::<Value>(text).unwrap_or_default();
    let of = |common, features| [read(common)["errors"].take(), read(features)];
    [
        of(include_str!("../../../../web/src/i18n/fr.json"), include_str!("../../../../web/src/i18n/errors/fr.json")),
        of(include_str!("../../../../web/src/i18n/en.json"), include_str!("../../../../web/src/i18n/errors/en.json")),
    ]
});

/// The sentence of a code with its parameters; the code itself when there is none.
pub fn sentence(language: Language, code: &str, params: &Map<String, Value>) -> String {
    let words = &WORDS[usize::from(language == Language::En)];
    let of = |key: &str| words.iter().find_map(|errors| errors[key].as_str());
    let way = params.get("way").and_then(Value::as_str).map(|way| format!("{code}_{way}"));
    let said = way.and_then(|key| of(&key)).or_else(|| of(code));
    let Some(said) = said else { return code.to_owned() };
    let mut out = String::new();
    let mut rest = said;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, after)) = after.split_once("}}") else { break };
        out.push_str(before);
        match params.get(name.trim()) {
            Some(Value::String(text)) => out.push_str(text),
            Some(Value::Null) | None => {}
            Some(other) => out.push_str(&other.to_string()),
        }
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use serde_json::json;

    #[test]
    fn a_refusal_is_said_in_two_languages() {
        let params = json!({"column": "Depuis", "value": "hier", "expected": "day", "way": "date"});
        let said = |language| sentence(language, "connectors_cell_invalid", params.as_object().unwrap());
        assert!(
            said(Language::Fr).contains("« hier »") && said(Language::Fr).contains("date"),
            "{}",
            said(Language::Fr)
        );
        assert!(said(Language::En).contains("“hier”") && said(Language::En).contains("date"), "{}", said(Language::En));
        assert_eq!(sentence(Language::Fr, "no_such_code", &Map::new()), "no_such_code");
    }
}
