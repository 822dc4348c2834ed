//! One Segment-compatible message: read, checked, its time corrected.
//!
//! Format: Segment's HTTP tracking API. Unknown fields are kept out; a field of the wrong type is refused with its
//! name, so that the sender can mend it.

use crate::clients::MAX_TEXT;
use crate::{Code, Invalid};
use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, Utc};
use serde_json::{Map, Value};

/// How far in the future an event may lie, for clocks that run fast.
const FUTURE: Duration = Duration::hours(1);
/// How late an event may arrive and still correct the past.
const LATE: Duration = Duration::days(400);

/// What the receiver knows about time when a message arrives.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    /// When the request was received.
    pub received_at: DateTime<Utc>,
    /// When the sender says that it sent the batch, by its own clock.
    pub sent_at: Option<DateTime<Utc>>,
}

/// What a message says.
#[derive(Debug, Clone, PartialEq)]
pub enum MessageKind {
    /// A use of the product: `track`, `page` and `screen`.
    Event {
        /// The event's name; "Viewed Pricing" for a page named "Pricing".
        name: String,
        /// Its properties as sent.
        properties: Map<String, Value>,
    },
    /// Who a user is.
    Identify {
        /// What is known of them.
        traits: Map<String, Value>,
    },
    /// Which client a user belongs to, and what is known of that client.
    Group {
        /// What is known of the client.
        traits: Map<String, Value>,
    },
    /// A user formerly known by another id.
    Alias {
        /// The former id.
        previous_id: String,
    },
}

/// A checked message, ready to be applied.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// The sender's id of the message: it counts once.
    pub message_id: String,
    /// The user: `userId`, else `anonymousId`. None only for a group without a user.
    pub user: Option<String>,
    /// Whether `user` is only an anonymous id: no contact is made of it.
    pub anonymous: bool,
    /// The client that the message names itself: `groupId` of a group call, else `context.groupId`.
    pub group: Option<String>,
    /// When it happened, corrected for the sender's clock.
    pub occurred_at: DateTime<Utc>,
    /// What it says.
    pub kind: MessageKind,
}

/// Reads one message. `default_type` is the type that the endpoint implies (`/v1/track` → `track`).
pub fn read_message(value: &Value, default_type: Option<&str>, clock: Clock) -> Result<Message, Invalid> {
    let Value::Object(fields) = value else { return Err(Invalid::new(Code::UsageNotAnObject)) };
    let message_id = text(fields, "messageId")?.ok_or_else(|| Invalid::new(Code::UsageMessageIdMissing))?;
    let kind = default_type.map(str::to_owned).or(text(fields, "type")?);
    let kind = kind.ok_or_else(|| Invalid::new(Code::UsageTypeUnknown).with("type", Value::Null))?;
    let user_id = text(fields, "userId")?;
    let anonymous = user_id.is_none();
    let user = user_id.or(text(fields, "anonymousId")?);
    let context_group = match object(fields, "context")? {
        Some(context) => text(context, "groupId").map_err(|e| e.inside("context"))?,
        None => None,
    };
    let occurred_at = occurred_at(fields, clock)?;

    let (kind, group) = match kind.as_str() {
        "track" => {
            let name = text(fields, "event")?.ok_or_else(|| Invalid::new(Code::UsageEventMissing))?;
            (MessageKind::Event { name, properties: owned(fields, "properties")? }, context_group)
        }
        "page" | "screen" => {
            let name = match text(fields, "name")? {
                Some(name) => format!("Viewed {name}"),
                None => format!("Viewed a {kind}"),
            };
            (MessageKind::Event { name, properties: owned(fields, "properties")? }, context_group)
        }
        // RudderStack's Python library sends the traits in the context alone.
        "identify" => {
            let in_context = match object(fields, "context")? {
                Some(context) if !fields.contains_key("traits") => Some(owned(context, "traits")),
                _ => None,
            };
            let traits = in_context.unwrap_or_else(|| owned(fields, "traits"));
            (MessageKind::Identify { traits: traits? }, context_group)
        }
        "group" => {
            let group = text(fields, "groupId")?.ok_or_else(|| Invalid::new(Code::UsageGroupMissing))?;
            (MessageKind::Group { traits: owned(fields, "traits")? }, Some(group))
        }
        "alias" => {
            let previous_id = text(fields, "previousId")?.ok_or_else(|| Invalid::new(Code::UsagePreviousMissing))?;
            (MessageKind::Alias { previous_id }, context_group)
        }
        other => return Err(Invalid::new(Code::UsageTypeUnknown).with("type", other)),
    };
    if user.is_none() && !matches!(kind, MessageKind::Group { .. }) {
        return Err(Invalid::new(Code::UsageUserMissing));
    }
    Ok(Message { message_id, user, anonymous, group, occurred_at, kind })
}

/// The event's time by the receiver's clock: `timestamp + (receivedAt − sentAt)`, so that a sender whose clock is
/// wrong by any constant is put right (Segment's own rule).
fn occurred_at(fields: &Map<String, Value>, clock: Clock) -> Result<DateTime<Utc>, Invalid> {
    let Some(timestamp) = instant(fields, "timestamp")?.or(instant(fields, "originalTimestamp")?) else {
        return Ok(crate::time::micros(clock.received_at));
    };
    let sent_at = match instant(fields, "sentAt")? {
        Some(sent) => Some(sent),
        None => clock.sent_at,
    };
    let skew = sent_at.map_or(Duration::zero(), |sent| clock.received_at - sent);
    let refused = |code| Err(Invalid::new(code).with("timestamp", timestamp.to_rfc3339()));
    let Some(at) = timestamp.checked_add_signed(skew) else { return refused(Code::UsageTimestampInvalid) };
    if at > clock.received_at + FUTURE {
        return refused(Code::UsageInFuture);
    }
    if at < clock.received_at - LATE {
        return refused(Code::UsageTooOld);
    }
    Ok(crate::time::micros(at))
}

/// Reads an instant as the SDKs of several languages write it: RFC 3339, or the same without zone (taken as UTC), or
/// a bare day, or milliseconds since 1970.
pub(crate) fn parse_instant(value: &Value) -> Option<DateTime<Utc>> {
    match value {
        Value::Number(ms) => DateTime::from_timestamp_millis(ms.as_i64()?),
        Value::String(text) => DateTime::parse_from_rfc3339(text)
            .map(|t| t.with_timezone(&Utc))
            .or_else(|_| text.parse::<NaiveDateTime>().map(|t| t.and_utc()))
            .or_else(|_| text.parse::<NaiveDate>().map(|d| d.and_hms_opt(0, 0, 0).unwrap_or_default().and_utc()))
            .ok(),
        _ => None,
    }
}

fn instant(fields: &Map<String, Value>, key: &str) -> Result<Option<DateTime<Utc>>, Invalid> {
    match fields.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => parse_instant(value)
            .map(Some)
            .ok_or_else(|| Invalid::field(Code::UsageTimestampInvalid, key).with("value", brief(value))),
    }
}

/// A text field; numbers are taken as their text, since many senders use numeric ids.
fn text(fields: &Map<String, Value>, key: &str) -> Result<Option<String>, Invalid> {
    let text = match fields.get(key) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        Some(_) => return Err(Invalid::field(Code::UsageFieldType, key).with("expected", "text")),
    };
    if text.is_empty() {
        return Ok(None);
    }
    if text.chars().count() > MAX_TEXT {
        return Err(Invalid::field(Code::FieldTooLong, key).with("max", MAX_TEXT));
    }
    if text.contains('\0') {
        return Err(Invalid::field(Code::UsageFieldType, key).with("expected", "text without NUL"));
    }
    Ok(Some(text))
}

fn object<'a>(fields: &'a Map<String, Value>, key: &str) -> Result<Option<&'a Map<String, Value>>, Invalid> {
    match fields.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(object)) => Ok(Some(object)),
        Some(_) => Err(Invalid::field(Code::UsageFieldType, key).with("expected", "object")),
    }
}

fn owned(fields: &Map<String, Value>, key: &str) -> Result<Map<String, Value>, Invalid> {
    Ok(object(fields, key)?.cloned().unwrap_or_default())
}

/// The value cut short for an error's parameters.
fn brief(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use serde_json::json;

    fn clock() -> Clock {
        Clock { received_at: "2026-05-01T12:00:00Z".parse().unwrap(), sent_at: None }
    }

    fn read(value: Value) -> Result<Message, Invalid> {
        read_message(&value, None, clock())
    }

    #[test]
    fn a_track_call_is_an_event() {
        let message = read(json!({
            "type": "track", "messageId": "m1", "userId": 42, "event": "Report Exported",
            "timestamp": "2026-05-01T11:59:00.123456789Z", "context": {"groupId": "acme"}, "properties": {"rows": 3}
        }))
        .unwrap();
        assert_eq!(message.user.as_deref(), Some("42"));
        assert_eq!(message.group.as_deref(), Some("acme"));
        assert_eq!(message.occurred_at, "2026-05-01T11:59:00.123456Z".parse::<DateTime<Utc>>().unwrap());
        assert!(matches!(message.kind, MessageKind::Event { ref name, .. } if name == "Report Exported"));
    }

    #[test]
    fn each_fault_has_its_code() {
        let base = |extra: Value| {
            let mut value = json!({"type": "track", "messageId": "m", "userId": "u", "event": "e"});
            for (key, item) in extra.as_object().unwrap() {
                value[key] = item.clone();
            }
            value
        };
        for (value, code) in [
            (json!([]), Code::UsageNotAnObject),
            (base(json!({"messageId": ""})), Code::UsageMessageIdMissing),
            (base(json!({"type": "beam"})), Code::UsageTypeUnknown),
            (base(json!({"userId": null})), Code::UsageUserMissing),
            (base(json!({"event": null})), Code::UsageEventMissing),
            (base(json!({"event": {}})), Code::UsageFieldType),
            (base(json!({"properties": []})), Code::UsageFieldType),
            (base(json!({"context": {"groupId": []}})), Code::UsageFieldType),
            (base(json!({"type": "group"})), Code::UsageGroupMissing),
            (base(json!({"type": "alias"})), Code::UsagePreviousMissing),
            (base(json!({"timestamp": "yesterday"})), Code::UsageTimestampInvalid),
            (base(json!({"timestamp": "2026-05-01T13:00:01Z"})), Code::UsageInFuture),
            (base(json!({"timestamp": "2025-03-01T00:00:00Z"})), Code::UsageTooOld),
            (base(json!({"event": "x".repeat(600)})), Code::FieldTooLong),
            (base(json!({"userId": "a\u{0}b"})), Code::UsageFieldType),
        ] {
            assert_eq!(read(value.clone()).unwrap_err().code, code, "{value}");
        }
    }

    #[test]
    fn a_wrong_clock_is_put_right_by_sent_at() {
        let message = read(json!({
            "type": "track", "messageId": "m", "userId": "u", "event": "e",
            "timestamp": "2031-01-01T00:00:00Z", "sentAt": "2031-01-01T00:00:10Z"
        }))
        .unwrap();
        assert_eq!(message.occurred_at, "2026-05-01T11:59:50Z".parse::<DateTime<Utc>>().unwrap());
    }

    #[test]
    fn instants_are_read_as_sdks_write_them() {
        let expected: DateTime<Utc> = "2026-05-01T10:00:00Z".parse().unwrap();
        for value in [
            json!("2026-05-01T10:00:00Z"),
            json!("2026-05-01T12:00:00+02:00"),
            json!("2026-05-01T10:00:00.000"),
            json!(1_777_629_600_000_i64),
        ] {
            assert_eq!(parse_instant(&value), Some(expected), "{value}");
        }
        assert_eq!(parse_instant(&json!(true)), None);
    }
}
