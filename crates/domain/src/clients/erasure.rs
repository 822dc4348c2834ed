//! Forgetting a person: the words by which texts name them, what is left in their place, and the digests by which they
//! are known again without being remembered.

use serde_json::{Map, Value};

/// What stands where a person was named.
pub const ERASED: &str = "[…]";

/// The facts of a signal on which figures rest: what is left of one when its person is forgotten.
const FACTS: [&str; 13] = [
    "survey",
    "score",
    "satisfaction",
    "channel",
    "direction",
    "amountCents",
    "currency",
    "dueDate",
    "value",
    "limit",
    "priority",
    "status",
    "sentiment",
];

/// What a digest is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Named {
    /// A client, by its external id.
    Client,
    /// A person, by their external id.
    Contact,
    /// A person, by their e-mail address.
    Email,
    /// A client, by its web domain.
    Domain,
}

impl Named {
    const fn as_str(self) -> &'static str {
        match self {
            Named::Client => "client",
            Named::Contact => "contact",
            Named::Email => "email",
            Named::Domain => "domain",
        }
    }
}

/// The digest of a name under a salt: who has the name and the salt finds it again, nobody else reads the name off it.
/// Addresses and domains are compared without case.
pub fn tombstone(salt: &[u8; 32], named: Named, text: &str) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_keyed(salt);
    hasher.update(named.as_str().as_bytes());
    hasher.update(b"\0");
    match named {
        Named::Email | Named::Domain => hasher.update(text.trim().to_lowercase().as_bytes()),
        Named::Client | Named::Contact => hasher.update(text.as_bytes()),
    };
    *hasher.finalize().as_bytes()
}

/// The words by which free text names a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// Found anywhere in a text between two signs: addresses, full names.
    pub anywhere: Vec<String>,
    /// Found only as a whole value of JSON: external ids, which may be as short as a number.
    pub whole: Vec<String>,
}

impl Words {
    /// The words of a person. A name counts when it has at least two words: one alone is many people's. It is looked for
    /// as it is written, and with the family name first, with a comma or without.
    pub fn of(external_ids: &[&str], emails: &[&str], names: &[&str]) -> Words {
        let full = names.iter().map(|name| name.trim()).filter(|name| name.split_whitespace().count() > 1);
        let full: Vec<String> = full.flat_map(spellings).collect();
        let mut anywhere: Vec<String> = emails.iter().map(|email| email.trim().to_owned()).collect();
        // As keys of search have it.
        anywhere.extend(full.iter().map(|name| super::fold(name)));
        anywhere.extend(full);
        // An external id with an @ is an address by another word.
        anywhere.extend(external_ids.iter().filter(|id| id.contains('@')).map(|id| (*id).to_owned()));
        anywhere.retain(|word| word.chars().count() > 3);
        anywhere.sort_unstable();
        anywhere.dedup();
        Words { anywhere, whole: external_ids.iter().map(|id| (*id).to_owned()).filter(|id| !id.is_empty()).collect() }
    }

    /// The text without the person; none when it does not name them.
    pub fn erase(&self, text: &str) -> Option<String> {
        let mut out = text.to_owned();
        for word in &self.anywhere {
            out = without(&out, word);
        }
        (out != text).then_some(out)
    }

    /// The same within JSON, keys too.
    pub fn erase_json(&self, value: &Value) -> Option<Value> {
        let out = self.within(value);
        (out != *value).then_some(out)
    }

    fn within(&self, value: &Value) -> Value {
        match value {
            Value::String(text) if self.whole.contains(text) => ERASED.into(),
            Value::String(text) => self.erase(text).map_or_else(|| value.clone(), Value::String),
            Value::Array(items) => items.iter().map(|item| self.within(item)).collect(),
            Value::Object(map) => Value::Object(
                map.iter()
                    .map(|(key, item)| (self.erase(key).unwrap_or_else(|| key.clone()), self.within(item)))
                    .collect(),
            ),
            other => other.clone(),
        }
    }
}

/// A full name as people write it: as it is, and turned round at each blank, since nobody knows where the family name
/// begins.
fn spellings(name: &str) -> Vec<String> {
    let words: Vec<&str> = name.split_whitespace().collect();
    let mut out = vec![name.to_owned(), words.join(" ")];
    for at in 1..words.len() {
        let (first, last) = (words[..at].join(" "), words[at..].join(" "));
        out.extend([format!("{last} {first}"), format!("{last}, {first}")]);
    }
    out
}

/// A text without a word, whatever the case it is written in; not within a longer word, nor an address within a longer one.
fn without(text: &str, word: &str) -> String {
    let lower = |c: char| c.to_lowercase().next().unwrap_or(c);
    let (chars, wanted): (Vec<char>, Vec<char>) = (text.chars().collect(), word.chars().map(lower).collect());
    let part = |c: Option<&char>| c.is_some_and(|c| c.is_alphanumeric());
    // In an address a dot joins what stands on both sides of it.
    let joins = |c: Option<&char>| c.is_some_and(|c| word.contains('@') && *c == '.');
    let goes_on = |at: usize| part(chars.get(at)) || (joins(chars.get(at)) && part(chars.get(at + 1)));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = at + wanted.len();
        let here = end <= chars.len() && chars[at..end].iter().map(|c| lower(*c)).eq(wanted.iter().copied());
        let before = |n: usize| at.checked_sub(n).and_then(|i| chars.get(i));
        let came_on = part(before(1)) || (joins(before(1)) && part(before(2)));
        if here && !came_on && !goes_on(end) {
            out.push_str(ERASED);
            at = end;
        } else {
            out.push(chars[at]);
            at += 1;
        }
    }
    out
}

/// What is left of a signal's data when its person is forgotten: the facts that figures rest on.
#[must_use]
pub fn facts_of_signal(data: &Value) -> Value {
    let kept: Map<String, Value> = data
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(key, _)| FACTS.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    Value::Object(kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_person_is_known_again_by_their_digest_alone() {
        let (salt, other) = ([7; 32], [8; 32]);
        let digest = tombstone(&salt, Named::Email, "Ada@Acme.Example ");
        assert_eq!(digest, tombstone(&salt, Named::Email, "ada@acme.example"));
        assert_ne!(digest, tombstone(&salt, Named::Contact, "ada@acme.example"));
        assert_ne!(digest, tombstone(&other, Named::Email, "ada@acme.example"));
        assert_ne!(tombstone(&salt, Named::Contact, "U1"), tombstone(&salt, Named::Contact, "u1"));
    }

    #[test]
    fn texts_lose_the_person_and_nothing_else() {
        let words = Words::of(&["42", "ada@old.example"], &["ada@acme.example"], &["Ada Lovelace", "Ada"]);
        for (text, left) in [
            ("Called ADA LOVELACE today.", Some("Called […] today.")),
            ("ada@acme.example, va.ada@acme.example.org", Some("[…], va.ada@acme.example.org")),
            ("xada@acme.example", None),
            ("Ada called; 42 seats", None),
            ("<ada@old.example>", Some("<[…]>")),
            ("LOVELACE Ada; Lovelace, Ada", Some("[…]; […]")),
            ("Lovelace and Ada", None),
        ] {
            assert_eq!(words.erase(text).as_deref(), left, "{text}");
        }
        let json = json!({"by": "42", "seats": 42, "note": "n° 42", "cc": ["Ada Lovelace"], "ada@acme.example": 1});
        let left = json!({"by": "[…]", "seats": 42, "note": "n° 42", "cc": ["[…]"], "[…]": 1});
        assert_eq!(words.erase_json(&json), Some(left));
        assert_eq!(words.erase_json(&json!({"seats": 42})), None);
    }

    #[test]
    fn a_signal_keeps_its_facts() {
        let data = json!({"survey": "nps", "score": 3, "comment": "Ask Ada", "text": "…", "from": "ada@acme.example"});
        assert_eq!(facts_of_signal(&data), json!({"survey": "nps", "score": 3}));
        assert_eq!(facts_of_signal(&json!(null)), json!({}));
    }
}
