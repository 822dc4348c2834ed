//! The audit log's rules: what an entry's hash covers, and what of a change is kept.
//!
//! Entries of a workspace form a chain: each hash covers the one before. Names, values and addresses stand beside the
//! chain in a payload of which it covers a salted digest only, so that erasing them leaves the chain whole and says
//! nothing about what they were.

mod change;

pub use change::{bounded, changed};

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A BLAKE3 hash.
pub type Digest = [u8; 32];

/// What stands before a workspace's first entry.
pub const START: Digest = [0; 32];

/// What the chain covers of an entry: ids and words, nothing personal.
#[derive(Debug, Clone, Copy)]
pub struct Link<'a> {
    /// The workspace.
    pub workspace: Uuid,
    /// The entry's number in its workspace, from 1.
    pub seq: i64,
    /// When it happened, to the microsecond.
    pub at: DateTime<Utc>,
    /// `person`, `token` or `system`.
    pub actor_kind: &'a str,
    /// The person or token.
    pub actor_id: Option<Uuid>,
    /// `api`, `cli` or `system`: the way the call came.
    pub origin: &'a str,
    /// What was done: `members.role`.
    pub operation: &'a str,
    /// The kind of what it was done to: `member`.
    pub object_kind: &'a str,
    /// Its id, when it is one thing.
    pub object_id: Option<&'a str>,
    /// The request, as in the log.
    pub request_id: &'a str,
    /// [`payload_digest`] of the payload.
    pub payload: &'a [u8],
}

impl Link<'_> {
    /// The entry's hash over the one before. Each field is preceded by its length, so that no two entries are written
    /// alike.
    pub fn hash(&self, previous: &[u8]) -> Digest {
        let mut hasher = blake3::Hasher::new();
        let mut field = |bytes: &[u8]| {
            hasher.update(&(bytes.len() as u64).to_le_bytes());
            hasher.update(bytes);
        };
        field(b"essor audit 1");
        field(previous);
        field(self.workspace.as_bytes());
        field(&self.seq.to_le_bytes());
        field(&self.at.timestamp_micros().to_le_bytes());
        field(self.actor_kind.as_bytes());
        field(self.actor_id.as_ref().map_or(&[], |id| id.as_bytes().as_slice()));
        field(self.origin.as_bytes());
        field(self.operation.as_bytes());
        field(self.object_kind.as_bytes());
        field(self.object_id.unwrap_or_default().as_bytes());
        field(self.request_id.as_bytes());
        field(self.payload);
        *hasher.finalize().as_bytes()
    }
}

/// What the chain covers of a payload. Without the salt, which is erased with it, a guess cannot be checked.
pub fn payload_digest(salt: &Digest, body: &str) -> Digest {
    *blake3::keyed_hash(salt, body.as_bytes()).as_bytes()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use proptest::prelude::*;

    fn link<'a>(operation: &'a str, object_kind: &'a str, payload: &'a [u8]) -> Link<'a> {
        Link {
            workspace: Uuid::nil(),
            seq: 1,
            at: "2026-06-17T12:00:00Z".parse().unwrap(),
            actor_kind: "person",
            actor_id: None,
            origin: "api",
            operation,
            object_kind,
            object_id: None,
            request_id: "r",
            payload,
        }
    }

    #[test]
    fn audit_every_part_of_an_entry_moves_its_hash() {
        let payload = [7; 32];
        let base = link("members.role", "member", &payload);
        let id = Uuid::from_u128(1);
        let others = [
            Link { workspace: id, ..base },
            Link { seq: 2, ..base },
            Link { at: base.at + chrono::Duration::microseconds(1), ..base },
            Link { actor_kind: "token", ..base },
            Link { actor_id: Some(id), ..base },
            Link { origin: "cli", ..base },
            Link { operation: "members.remove", ..base },
            Link { object_kind: "token", ..base },
            Link { object_id: Some("x"), ..base },
            Link { request_id: "s", ..base },
            Link { payload: &[8; 32], ..base },
        ];
        let mut seen: Vec<Digest> = others.iter().map(|other| other.hash(&START)).collect();
        seen.push(base.hash(&START));
        seen.push(base.hash(&[1; 32]));
        let count = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), count);
        assert_eq!(base.hash(&START), base.hash(&START));
    }

    proptest! {
        #[test]
        fn audit_text_does_not_flow_from_one_field_into_the_next(a in "[a-z]{0,6}", b in "[a-z]{0,6}", cut in 0usize..6) {
            let whole = format!("{a}{b}");
            let cut = cut.min(whole.len());
            let (c, d) = whole.split_at(cut);
            let (one, two) = (link(&a, &b, &[]).hash(&START), link(c, d, &[]).hash(&START));
            prop_assert_eq!(one == two, a == c);
        }

        #[test]
        fn audit_a_payload_is_covered_with_its_salt(body in ".{0,40}", other in ".{0,40}", salt in any::<[u8; 32]>()) {
            let digest = payload_digest(&salt, &body);
            prop_assert_eq!(digest == payload_digest(&salt, &other), body == other);
            let mut pepper = salt;
            pepper[0] ^= 1;
            prop_assert_ne!(digest, payload_digest(&pepper, &body));
        }
    }
}
