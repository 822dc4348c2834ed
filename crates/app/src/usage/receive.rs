//! From the bytes of a request to checked messages: one that is bad never sinks its batch.

use crate::error::Result;
use chrono::{DateTime, Utc};
use essor_domain::usage::{Clock, Message, read_message};
use essor_domain::{Code, Invalid};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// The most that a batch may hold once unzipped.
pub const MAX_BATCH_BYTES: usize = 8 * 1024 * 1024;
/// The most that one event may hold.
pub const MAX_EVENT_BYTES: usize = 32 * 1024;

/// What a request was sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endpoint {
    /// `/v1/batch` and `/v1/import`: a list of messages, each with its type.
    Batch,
    /// `/v1/track` and the like: one message of that type.
    One(&'static str),
}

/// A message as received: checked, or with the reason why not.
#[derive(Debug, Clone)]
pub struct Item {
    /// The message, or its refusal.
    pub message: std::result::Result<Message, Invalid>,
    /// As sent, for the quarantine.
    pub raw: String,
    /// The type that the endpoint implied.
    pub default_type: Option<&'static str>,
}

#[derive(Deserialize)]
struct BatchBody<'a> {
    #[serde(borrow)]
    batch: Vec<&'a RawValue>,
    #[serde(rename = "sentAt", default)]
    sent_at: Option<Value>,
    /// What holds for every message that does not say otherwise.
    #[serde(default)]
    context: Option<Map<String, Value>>,
}

/// Reads the body of a request. Only a body that is not JSON at all, or without a list, is refused whole.
pub fn read_body(endpoint: Endpoint, body: &[u8], received_at: DateTime<Utc>) -> Result<Vec<Item>> {
    let not_json = |error: serde_json::Error| {
        Invalid::new(Code::UsageInvalidJson).with("detail", error.to_string().chars().take(160).collect::<String>())
    };
    match endpoint {
        Endpoint::One(kind) => {
            let raw: &RawValue = serde_json::from_slice(body).map_err(not_json)?;
            Ok(vec![read_one(raw.get(), Some(kind), Clock { received_at, sent_at: None }, None)])
        }
        Endpoint::Batch => {
            let batch: BatchBody<'_> = serde_json::from_slice(body).map_err(not_json)?;
            let sent_at = batch.sent_at.as_ref().and_then(Value::as_str).and_then(|text| text.parse().ok());
            let clock = Clock { received_at, sent_at };
            let context = batch.context.as_ref();
            Ok(batch.batch.into_iter().map(|raw| read_one(raw.get(), None, clock, context)).collect())
        }
    }
}

/// Reads one message from its text.
pub(super) fn read_one(
    raw: &str,
    default_type: Option<&'static str>,
    clock: Clock,
    context: Option<&Map<String, Value>>,
) -> Item {
    let message = if raw.len() > MAX_EVENT_BYTES {
        Err(Invalid::new(Code::UsageTooLarge).with("bytes", raw.len()).with("max", MAX_EVENT_BYTES))
    } else {
        match serde_json::from_str::<Value>(raw) {
            Ok(mut value) => {
                if let (Some(context), Value::Object(fields)) = (context, &mut value) {
                    fields.entry("context").or_insert_with(|| Value::Object(context.clone()));
                }
                read_message(&value, default_type, clock)
            }
            Err(_) => Err(Invalid::new(Code::UsageInvalidJson)),
        }
    };
    // What is kept for a person to look at is cut to what an event may hold.
    let raw = match &message {
        Ok(_) => String::new(),
        Err(_) => raw.chars().filter(|c| *c != '\0').take(MAX_EVENT_BYTES).collect(),
    };
    Item { message, raw, default_type }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-05-01T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_bad_event_never_sinks_its_batch() {
        let body = br#"{"batch":[
            {"type":"track","messageId":"1","userId":"u","event":"e"}, 42, {"type":"track"},
            {"type":"track","messageId":"2","userId":"u","event":"e","timestamp":"2026-05-01T11:00:00Z"}]}"#;
        let items = read_body(Endpoint::Batch, body, now()).unwrap();
        assert_eq!(items.iter().filter(|i| i.message.is_ok()).count(), 2);
        assert_eq!(items[1].message.as_ref().unwrap_err().code, Code::UsageNotAnObject);
        assert_eq!(items[1].raw, "42");
    }

    #[test]
    fn a_body_that_is_not_json_is_refused_whole() {
        for body in [&b"{"[..], b"[]", b"{\"batch\": 3}", b"\xff\xfe", b""] {
            assert_eq!(read_body(Endpoint::Batch, body, now()).unwrap_err().code(), Code::UsageInvalidJson);
        }
    }

    #[test]
    fn an_event_too_large_is_set_aside() {
        let body = format!(r#"{{"messageId":"1","userId":"u","event":"{}"}}"#, "x".repeat(40_000));
        let items = read_body(Endpoint::One("track"), body.as_bytes(), now()).unwrap();
        assert_eq!(items[0].message.as_ref().unwrap_err().code, Code::UsageTooLarge);
        assert!(items[0].raw.len() <= MAX_EVENT_BYTES);
    }
}
