//! What people change of a client by hand: the fields, what a change may say, and the version that tells whether
//! somebody else was faster.

use super::fold;
use super::inputs::{check_tags, place, required, tidy_tags, word};
use crate::time::check_day;
use crate::{Code, Invalid};
use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What changes of a client; an inner none empties the field, left out it stays.
#[derive(Debug, Clone, Default, PartialEq)]
#[allow(missing_docs, reason = "each field is that of the client")]
pub struct ClientPatch {
    pub name: Option<String>,
    pub domain: Option<Option<String>>,
    pub segment: Option<Option<String>>,
    pub industry: Option<Option<String>>,
    pub country: Option<Option<String>>,
    pub owner: Option<Option<String>>,
    pub plan: Option<Option<String>>,
    pub seats: Option<Option<i32>>,
    pub since: Option<Option<NaiveDate>>,
    pub paused: Option<bool>,
    pub archived: Option<bool>,
    /// The client above this one.
    pub parent_id: Option<Option<Uuid>>,
    /// Exactly these tags.
    pub tags: Option<Vec<String>>,
    /// Values of the workspace's own fields by their keys; null empties one.
    pub fields: Map<String, Value>,
}

/// A client as people may change it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each field is that of the client")]
pub struct Editable {
    pub name: String,
    pub domain: Option<String>,
    pub segment: Option<String>,
    pub industry: Option<String>,
    pub country: Option<String>,
    pub owner: Option<String>,
    pub plan: Option<String>,
    pub seats: Option<i32>,
    pub since: Option<NaiveDate>,
    pub paused: bool,
    pub archived: bool,
    /// The client above this one.
    pub parent_id: Option<Uuid>,
    /// What that client is called; whoever renames it does not change this one.
    pub parent_name: Option<String>,
    /// In the order of their folded words.
    pub tags: Vec<String>,
    /// What it has in the workspace's own fields, by their keys.
    pub fields: BTreeMap<String, Value>,
}

impl ClientPatch {
    /// Refuses what cannot be stored.
    pub fn check(&self) -> Result<(), Invalid> {
        if let Some(name) = &self.name {
            required(name, "name")?;
        }
        place(self.domain.as_ref().and_then(Option::as_deref))?;
        for (text, field) in [
            (&self.segment, "segment"),
            (&self.industry, "industry"),
            (&self.country, "country"),
            (&self.owner, "owner"),
            (&self.plan, "plan"),
        ] {
            word(text.as_ref().and_then(Option::as_deref), field)?;
        }
        if self.seats.flatten().is_some_and(|s| !(0..=10_000_000).contains(&s)) {
            return Err(Invalid::field(Code::FieldRange, "seats").with("min", 0).with("max", 10_000_000));
        }
        check_tags(self.tags.as_deref().unwrap_or_default())?;
        self.since.flatten().map_or(Ok(()), |day| check_day(day, "since"))
    }
}

/// A text that was typed: blank is none.
fn typed(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// A tag that is there in other letters is the same tag, and keeps its writing.
fn same_writing(held: &[String], tags: Vec<String>) -> Vec<String> {
    let known: BTreeMap<String, &String> = held.iter().map(|tag| (fold(tag), tag)).collect();
    tags.into_iter().map(|tag| known.get(&fold(&tag)).map_or(tag, |held| (*held).clone())).collect()
}

/// Values with some changed; null takes one away.
fn fields_with(mut held: BTreeMap<String, Value>, patch: Map<String, Value>) -> BTreeMap<String, Value> {
    for (key, value) in patch {
        if value.is_null() {
            held.remove(&key);
        } else {
            held.insert(key, value);
        }
    }
    held
}

impl Editable {
    /// The same with a change applied.
    #[must_use]
    pub fn with(self, patch: ClientPatch) -> Editable {
        let text = |now: Option<String>, then: Option<Option<String>>| then.map_or(now, typed);
        Editable {
            name: patch.name.map_or(self.name, |name| name.trim().to_owned()),
            domain: text(self.domain, patch.domain).map(|domain| domain.to_lowercase()),
            segment: text(self.segment, patch.segment),
            industry: text(self.industry, patch.industry),
            country: text(self.country, patch.country),
            owner: text(self.owner, patch.owner),
            plan: text(self.plan, patch.plan),
            seats: patch.seats.unwrap_or(self.seats),
            since: patch.since.unwrap_or(self.since),
            paused: patch.paused.unwrap_or(self.paused),
            archived: patch.archived.unwrap_or(self.archived),
            parent_id: patch.parent_id.unwrap_or(self.parent_id),
            parent_name: self.parent_name,
            tags: patch.tags.map_or_else(|| self.tags.clone(), |tags| same_writing(&self.tags, tidy_tags(&tags))),
            fields: fields_with(self.fields, patch.fields),
        }
    }

    /// Names this state: the same fields have the same version, whatever else of the client has moved since (its MRR, its
    /// score). Sixteen hexadecimal digits.
    pub fn version(&self) -> String {
        let named_by_itself = Editable { parent_name: None, ..self.clone() };
        let text = serde_json::to_string(&named_by_itself).unwrap_or_default();
        blake3::hash(text.as_bytes()).to_hex()[..16].to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acme() -> Editable {
        Editable {
            name: "Acme".into(),
            domain: None,
            segment: Some("SMB".into()),
            industry: None,
            country: None,
            owner: Some("Léa".into()),
            plan: None,
            seats: Some(5),
            since: None,
            paused: false,
            archived: false,
            parent_id: None,
            parent_name: None,
            tags: vec!["Été".into(), "vip".into()],
            fields: BTreeMap::from([("contract".into(), "annual".into())]),
        }
    }

    #[test]
    fn left_out_stays_null_empties_and_blank_is_null() {
        let patch = ClientPatch {
            domain: Some(Some(" Acme.EXAMPLE ".into())),
            segment: Some(None),
            owner: Some(Some("  ".into())),
            ..ClientPatch::default()
        };
        let after = acme().with(patch);
        assert_eq!(after, Editable { domain: Some("acme.example".into()), segment: None, owner: None, ..acme() });
    }

    #[test]
    fn a_version_follows_the_fields_alone() {
        assert_eq!(acme().version(), acme().with(ClientPatch::default()).version());
        let mut seen = std::collections::HashSet::from([acme().version()]);
        for patch in [
            ClientPatch { name: Some("Acme SA".into()), ..ClientPatch::default() },
            ClientPatch { segment: Some(None), ..ClientPatch::default() },
            ClientPatch { industry: Some(Some("SMB".into())), ..ClientPatch::default() },
            ClientPatch { seats: Some(Some(6)), ..ClientPatch::default() },
            ClientPatch { paused: Some(true), ..ClientPatch::default() },
            ClientPatch { archived: Some(true), ..ClientPatch::default() },
            ClientPatch { parent_id: Some(Some(Uuid::from_u128(1))), ..ClientPatch::default() },
            ClientPatch { tags: Some(vec!["vip".into()]), ..ClientPatch::default() },
            ClientPatch { fields: Map::from_iter([("contract".into(), Value::Null)]), ..ClientPatch::default() },
        ] {
            assert!(seen.insert(acme().with(patch.clone()).version()), "{patch:?}");
        }
        assert_eq!(acme().version().len(), 16);
        let named = Editable { parent_name: Some("Group".into()), ..acme() };
        assert_eq!(named.version(), acme().version(), "what its parent is called is the parent's");
    }

    #[test]
    fn tags_are_the_same_whatever_their_letters() {
        let patch = |tags: &[&str]| ClientPatch {
            tags: Some(tags.iter().map(|tag| (*tag).to_owned()).collect()),
            ..ClientPatch::default()
        };
        assert_eq!(acme().with(patch(&["VIP ", "ete", " ", "vip"])), acme());
        assert_eq!(acme().with(patch(&["b", "A"])).tags, ["A", "b"]);
        assert_eq!(patch(&["x".repeat(61).as_str()]).check().err().map(|e| e.code), Some(Code::FieldTooLong));
    }

    #[test]
    fn what_cannot_be_stored_names_its_field() {
        for (patch, field) in [
            (ClientPatch { name: Some("  ".into()), ..ClientPatch::default() }, "name"),
            (ClientPatch { domain: Some(Some("x".repeat(513))), ..ClientPatch::default() }, "domain"),
            (ClientPatch { seats: Some(Some(-1)), ..ClientPatch::default() }, "seats"),
            (ClientPatch { since: Some(NaiveDate::from_ymd_opt(1800, 1, 1)), ..ClientPatch::default() }, "since"),
        ] {
            let refused = patch.check().err().map(|e| e.params["field"].clone());
            assert_eq!(refused, Some(field.into()), "{patch:?}");
        }
        assert_eq!(ClientPatch::default().check(), Ok(()));
    }
}
