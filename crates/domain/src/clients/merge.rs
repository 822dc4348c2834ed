//! Two clients that are one: which value of each field is kept.

use super::Editable;

/// The fields of a client that a merge chooses between, as the API writes them.
pub const MERGED_FIELDS: [&str; 9] =
    ["name", "domain", "segment", "industry", "country", "owner", "plan", "seats", "since"];

/// The survivor after a merge: its own values, the other's where it has none or where `take` names the field. Tags and own
/// fields are rows of their own, which are merged where they are kept.
#[must_use]
pub fn merged(keep: &Editable, other: &Editable, take: &[&str]) -> Editable {
    fn pick<T: Clone>(mine: &Option<T>, theirs: &Option<T>, taken: bool) -> Option<T> {
        if taken { theirs.clone().or_else(|| mine.clone()) } else { mine.clone().or_else(|| theirs.clone()) }
    }
    let taken = |field: &str| take.contains(&field);
    Editable {
        name: if taken("name") { other.name.clone() } else { keep.name.clone() },
        domain: pick(&keep.domain, &other.domain, taken("domain")),
        segment: pick(&keep.segment, &other.segment, taken("segment")),
        industry: pick(&keep.industry, &other.industry, taken("industry")),
        country: pick(&keep.country, &other.country, taken("country")),
        owner: pick(&keep.owner, &other.owner, taken("owner")),
        plan: pick(&keep.plan, &other.plan, taken("plan")),
        seats: pick(&keep.seats, &other.seats, taken("seats")),
        since: pick(&keep.since, &other.since, taken("since")),
        paused: keep.paused,
        archived: keep.archived,
        parent_id: keep.parent_id,
        parent_name: keep.parent_name.clone(),
        tags: keep.tags.clone(),
        fields: keep.fields.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(name: &str, segment: Option<&str>, seats: Option<i32>) -> Editable {
        Editable {
            name: name.into(),
            domain: None,
            segment: segment.map(Into::into),
            industry: None,
            country: None,
            owner: None,
            plan: None,
            seats,
            since: None,
            paused: false,
            archived: false,
            parent_id: None,
            parent_name: None,
            tags: Vec::new(),
            fields: Default::default(),
        }
    }

    #[test]
    fn nothing_that_one_has_is_lost_to_a_blank() {
        let (a, b) = (client("A", Some("SMB"), None), client("B", None, Some(7)));
        assert_eq!(merged(&a, &b, &[]), client("A", Some("SMB"), Some(7)));
        assert_eq!(merged(&a, &b, &["name", "segment"]), client("B", Some("SMB"), Some(7)), "a blank is no value");
        let c = client("C", Some("Mid"), Some(9));
        assert_eq!(merged(&a, &c, &["segment"]), client("A", Some("Mid"), Some(9)));
    }
}
