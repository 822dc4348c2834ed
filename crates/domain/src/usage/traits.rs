//! Segment's traits as fields of clients and contacts: the reserved names of its specification, and what vendors of
//! business software send beside them. Whatever is not a field stays a trait.

use crate::clients::{ClientInput, ContactInput, MAX_DOMAIN, MAX_TEXT, MAX_WORD, fold};
use serde_json::{Map, Value};

/// The client that a `group` call describes.
pub fn client_of_group(group: &str, traits: &Map<String, Value>) -> ClientInput {
    let domain = text(traits, &["domain", "website"]).map(|site| {
        let bare = site.split("//").last().unwrap_or(&site);
        bare.split('/').next().unwrap_or(bare).trim_start_matches("www.").to_lowercase()
    });
    ClientInput {
        external_id: group.to_owned(),
        name: text(traits, &["name", "companyName", "company"]),
        domain: domain.filter(|d| !d.is_empty() && d.chars().count() <= MAX_DOMAIN),
        segment: word(text(traits, &["segment", "tier"])),
        industry: word(text(traits, &["industry"])),
        country: word(text(traits, &["country"]).or_else(|| nested(traits, "address", "country"))),
        owner: word(text(traits, &["owner", "accountManager", "csm"])),
        plan: word(text(traits, &["plan"])),
        seats: whole(traits, &["seats", "licenses", "seatCount"]),
        traits: traits.clone(),
        ..Default::default()
    }
}

/// The contact that an `identify` call describes, at a client if one is known.
pub fn contact_of_user(user: &str, client: Option<&str>, traits: &Map<String, Value>) -> ContactInput {
    let name = text(traits, &["name"]).or_else(|| {
        let parts = [text(traits, &["firstName", "first_name"]), text(traits, &["lastName", "last_name"])];
        let name = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        (!name.is_empty()).then_some(name)
    });
    ContactInput {
        external_id: user.to_owned(),
        client_external_id: client.map(str::to_owned),
        name,
        email: text(traits, &["email"]),
        role: text(traits, &["role"]),
        title: text(traits, &["title", "jobTitle", "job_title", "position"]),
        left_on: None,
        traits: traits.clone(),
    }
}

/// The first of some traits that is a usable text.
fn text(traits: &Map<String, Value>, keys: &[&str]) -> Option<String> {
    keys.iter().find_map(|key| match traits.get(*key)? {
        Value::String(text) => clean(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

fn nested(traits: &Map<String, Value>, outer: &str, inner: &str) -> Option<String> {
    clean(traits.get(outer)?.get(inner)?.as_str()?)
}

fn clean(text: &str) -> Option<String> {
    let text: String = text.trim().chars().filter(|c| !c.is_control()).take(MAX_TEXT).collect();
    (!text.is_empty()).then_some(text)
}

/// Longer than a word may be, it is one of the traits and nothing else.
fn word(text: Option<String>) -> Option<String> {
    text.filter(|text| text.chars().count() <= MAX_WORD && fold(text).chars().count() <= MAX_WORD)
}

fn whole(traits: &Map<String, Value>, keys: &[&str]) -> Option<i32> {
    keys.iter().find_map(|key| {
        match traits.get(*key)? {
            Value::Number(number) => number.as_i64().and_then(|n| i32::try_from(n).ok()),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
        .filter(|seats| (0..=10_000_000).contains(seats))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use serde_json::json;

    #[test]
    fn reserved_traits_become_fields() {
        let traits = json!({"name": "Acmé\n", "website": "https://www.acme.example/fr", "plan": "pro", "seats": "12",
            "address": {"country": "FR"}, "beta": true});
        let client = client_of_group("g1", traits.as_object().unwrap());
        assert_eq!(client.name.as_deref(), Some("Acmé"));
        assert_eq!(client.domain.as_deref(), Some("acme.example"));
        assert_eq!(client.seats, Some(12));
        assert_eq!(client.country.as_deref(), Some("FR"));
        assert_eq!(client.traits["beta"], true);
        assert!(client.check().is_ok());
        let person = json!({"firstName": "Zoé", "lastName": "Petit", "email": "z@acme.example", "title": 3});
        let contact = contact_of_user("u1", Some("g1"), person.as_object().unwrap());
        assert_eq!(contact.name.as_deref(), Some("Zoé Petit"));
        assert_eq!((contact.role.as_deref(), contact.title.as_deref()), (None, Some("3")));
    }

    #[test]
    fn odd_traits_are_left_aside() {
        let traits = json!({"name": {"a": 1}, "seats": -4, "website": "https://", "plan": null});
        let client = client_of_group("g", traits.as_object().unwrap());
        assert_eq!((client.name, client.seats, client.domain, client.plan), (None, None, None, None));
    }
}
