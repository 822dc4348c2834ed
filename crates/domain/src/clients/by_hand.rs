//! Signals that a person records: what is asked of them beyond what is asked of a source.

use super::signals::{SignalInput, SignalKind};
use crate::{Code, Invalid};
use chrono::{DateTime, Utc};
use serde_json::Value;

/// How the message id of a signal begins that was recorded by hand: such a signal may be corrected and taken back by hand.
/// What a source sent is the source's to correct.
pub const BY_HAND: &str = "hand:";

/// The longest text of a signal by hand, in characters.
const MAX_TEXT: usize = 2_000;
/// The longest single line of one, in characters.
const MAX_LINE: usize = 200;

/// Refuses what a person cannot mean: an opinion, which has a door of its own, what has not happened yet, and a fact that
/// nobody could tell apart from the next for want of its words.
pub fn check_by_hand(input: &SignalInput, now: DateTime<Utc>) -> Result<(), Invalid> {
    let kind = input.check()?;
    if kind == SignalKind::Pulse {
        return Err(Invalid::field(Code::ClientsSignalKindUnknown, "kind").with("kind", &*input.kind));
    }
    for (at, field) in [(Some(input.occurred_at), "occurredAt"), (input.ended_at, "endedAt")] {
        if at.is_some_and(|at| at > now) {
            return Err(Invalid::field(Code::ClientsSignalInFuture, field));
        }
    }
    let needed = match kind {
        SignalKind::Meeting | SignalKind::Ticket => Some("subject"),
        SignalKind::Outcome => Some("label"),
        SignalKind::ChurnReason => Some("reason"),
        // A message says something, in its subject or below it.
        SignalKind::Message if text(input, "subject").trim().is_empty() => Some("text"),
        _ => None,
    };
    if let Some(key) = needed.filter(|key| text(input, key).trim().is_empty()) {
        return Err(Invalid::field(Code::FieldRequired, format!("data.{key}")));
    }
    for (key, value) in &input.data {
        let Value::String(value) = value else { continue };
        let max = if matches!(key.as_str(), "text" | "comment") { MAX_TEXT } else { MAX_LINE };
        if value.chars().count() > max {
            return Err(Invalid::field(Code::FieldTooLong, format!("data.{key}")).with("max", max));
        }
    }
    Ok(())
}

fn text<'a>(input: &'a SignalInput, key: &str) -> &'a str {
    input.data.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use serde_json::json;

    #[test]
    fn a_person_says_what_it_was_and_nothing_of_tomorrow() {
        let now = "2026-03-01T12:00:00Z".parse().unwrap();
        let (before, after) = ("2026-03-01T12:00:00Z", "2026-03-01T12:00:01Z");
        for (kind, at, end, data, refused) in [
            ("meeting", before, None, json!({"subject": "Revue"}), None),
            ("meeting", after, None, json!({"subject": "Revue"}), Some((Code::ClientsSignalInFuture, "occurredAt"))),
            ("meeting", before, Some(after), json!({"subject": "R"}), Some((Code::ClientsSignalInFuture, "endedAt"))),
            ("meeting", before, None, json!({}), Some((Code::FieldRequired, "data.subject"))),
            ("ticket", before, None, json!({"subject": " "}), Some((Code::FieldRequired, "data.subject"))),
            ("message", before, None, json!({"channel": "call", "text": "Content"}), None),
            ("message", before, None, json!({"subject": "Devis"}), None),
            ("message", before, None, json!({"channel": "call"}), Some((Code::FieldRequired, "data.text"))),
            ("outcome", before, None, json!({"amountCents": 5}), Some((Code::FieldRequired, "data.label"))),
            ("churn_reason", before, None, json!({"comment": "x"}), Some((Code::FieldRequired, "data.reason"))),
            ("metric", before, None, json!({"name": "Go"}), Some((Code::FieldRequired, "data.value"))),
            ("metric", before, None, json!({"name": "Go", "value": 3}), None),
            ("pulse", before, None, json!({"value": 3}), Some((Code::ClientsSignalKindUnknown, "kind"))),
            ("meeting", before, None, json!({"subject": "x".repeat(201)}), Some((Code::FieldTooLong, "data.subject"))),
            ("message", before, None, json!({"text": "x".repeat(2_001)}), Some((Code::FieldTooLong, "data.text"))),
            ("message", before, None, json!({"text": "x".repeat(2_000)}), None),
        ] {
            let input: SignalInput = serde_json::from_value(json!({
                "kind": kind, "messageId": "hand:1", "clientExternalId": "c", "occurredAt": at, "endedAt": end,
                "data": data,
            }))
            .unwrap();
            let found = check_by_hand(&input, now).err();
            let found = found.map(|e| (e.code, e.params["field"].as_str().unwrap().to_owned()));
            assert_eq!(found, refused.map(|(code, field)| (code, field.to_owned())), "{kind} {data}");
        }
    }
}
