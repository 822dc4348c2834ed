//! Signals: dated facts about a client that are not product usage.

use super::inputs::{required, short};
use crate::growth::money;
use crate::{Code, Invalid};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What kind of fact a signal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignalKind {
    /// A support ticket: `data.subject`, `data.priority`, `data.satisfaction` (1–5); `endedAt` when closed.
    Ticket,
    /// A survey answer: `data.survey` (nps, csat, ces), `data.score`, `data.comment`.
    Survey,
    /// An e-mail, note, call or chat: `data.channel`, `data.direction` (in, out), `data.subject`, `data.text`.
    Message,
    /// An invoice: `data.amountCents`, `data.currency`, `data.dueDate`, `data.number`; `occurredAt` when it was issued,
    /// `endedAt` when it was paid.
    Payment,
    /// A meeting: `data.subject`; `endedAt` at its end.
    Meeting,
    /// Value delivered to the client: `data.amountCents`, `data.currency`, `data.label`.
    Outcome,
    /// A custom number of the day: `data.name`, `data.value`; with `data.limit` it is a quota.
    Metric,
    /// What a person thinks of the client: `data.value` (1–5), `data.note`.
    Pulse,
    /// Why a client left: `data.reason`, `data.comment`. MRR decides who churned, not this.
    ChurnReason,
}

impl SignalKind {
    /// All kinds.
    pub const ALL: [SignalKind; 9] = [
        SignalKind::Ticket,
        SignalKind::Survey,
        SignalKind::Message,
        SignalKind::Payment,
        SignalKind::Meeting,
        SignalKind::Outcome,
        SignalKind::Metric,
        SignalKind::Pulse,
        SignalKind::ChurnReason,
    ];

    /// As stored and written by the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            SignalKind::Ticket => "ticket",
            SignalKind::Survey => "survey",
            SignalKind::Message => "message",
            SignalKind::Payment => "payment",
            SignalKind::Meeting => "meeting",
            SignalKind::Outcome => "outcome",
            SignalKind::Metric => "metric",
            SignalKind::Pulse => "pulse",
            SignalKind::ChurnReason => "churn_reason",
        }
    }

    /// The kind that is written so.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        SignalKind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| Invalid::field(Code::ClientsSignalKindUnknown, "kind").with("kind", text))
    }
}

/// How urgent a ticket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketPriority {
    /// Can wait.
    Low,
    /// The default; also what "medium" means.
    Normal,
    /// Hurts.
    High,
    /// Blocks.
    Urgent,
}

impl TicketPriority {
    /// The priority that a source means; unknown words are normal.
    pub fn parse(text: &str) -> Self {
        match text.trim().to_ascii_lowercase().as_str() {
            "urgent" | "critical" | "blocker" | "p1" => TicketPriority::Urgent,
            "high" | "major" | "p2" => TicketPriority::High,
            "low" | "minor" | "p4" => TicketPriority::Low,
            _ => TicketPriority::Normal,
        }
    }

    /// As stored and written by the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            TicketPriority::Low => "low",
            TicketPriority::Normal => "normal",
            TicketPriority::High => "high",
            TicketPriority::Urgent => "urgent",
        }
    }
}

/// A signal as a source sends it. `kind` with `message_id` is the key: sent twice it counts once, sent with
/// other content it corrects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignalInput {
    /// What it is.
    pub kind: String,
    /// The source's own identifier.
    pub message_id: String,
    /// The client it is about.
    pub client_external_id: String,
    /// The person it is about or from.
    #[serde(default)]
    pub contact_external_id: Option<String>,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// When it ended: a ticket closed.
    #[serde(default)]
    pub ended_at: Option<DateTime<Utc>>,
    /// When the source knew it; receipt when left out.
    #[serde(default)]
    pub known_at: Option<DateTime<Utc>>,
    /// The facts of its kind.
    #[serde(default)]
    pub data: Map<String, Value>,
}

impl SignalInput {
    /// Refuses what cannot be stored or scored.
    pub fn check(&self) -> Result<SignalKind, Invalid> {
        let kind = SignalKind::parse(&self.kind)?;
        required(&self.message_id, "messageId")?;
        required(&self.client_external_id, "clientExternalId")?;
        short(self.contact_external_id.as_deref(), "contactExternalId")?;
        for (at, field) in
            [(Some(self.occurred_at), "occurredAt"), (self.ended_at, "endedAt"), (self.known_at, "knownAt")]
        {
            at.map_or(Ok(()), |at| crate::time::check_day(at.date_naive(), field))?;
        }
        if self.ended_at.is_some_and(|end| end < self.occurred_at) {
            return Err(Invalid::field(Code::GrowthRangeInvalid, "endedAt"));
        }
        match kind {
            SignalKind::Ticket => self.number("satisfaction", 1.0, 5.0, false)?,
            SignalKind::Survey => {
                let max = match self.data.get("survey").and_then(Value::as_str) {
                    Some("nps") => 10.0,
                    Some("csat") => 5.0,
                    Some("ces") => 7.0,
                    _ => {
                        return Err(Invalid::field(Code::FieldType, "data.survey").with("expected", "nps, csat or ces"));
                    }
                };
                self.number("score", if max > 9.0 { 0.0 } else { 1.0 }, max, true)?;
            }
            SignalKind::Message => {
                self.word("channel", &["email", "note", "call", "chat"])?;
                self.word("direction", &["in", "out"])?;
            }
            SignalKind::Payment => {
                self.amount()?;
                self.due_date()?;
            }
            SignalKind::Outcome => self.amount()?,
            SignalKind::Metric => {
                required(self.data.get("name").and_then(Value::as_str).unwrap_or_default(), "data.name")?;
                self.number("value", -1e15, 1e15, true)?;
                // A limit of nothing would make every use a use beyond it.
                self.number("limit", f64::MIN_POSITIVE, 1e15, false)?;
            }
            SignalKind::Pulse => self.number("value", 1.0, 5.0, true)?,
            SignalKind::Meeting | SignalKind::ChurnReason => {}
        }
        Ok(kind)
    }

    /// The name and the value of a metric.
    pub fn metric(&self) -> Option<(&str, f64)> {
        let of = |key: &str| self.data.get(key).filter(|_| self.kind == SignalKind::Metric.as_str());
        Some((of("name").and_then(Value::as_str)?, of("value").and_then(Value::as_f64)?))
    }

    /// The amount of an invoice or an outcome, in minor units of [`SignalInput::currency`].
    pub fn amount_cents(&self) -> Option<i64> {
        self.data.get("amountCents").and_then(Value::as_i64)
    }

    /// The currency of the amount; the reporting currency when left out.
    pub fn currency(&self) -> Option<&str> {
        self.data.get("currency").and_then(Value::as_str)
    }

    /// The day by whose end an invoice has to be paid.
    pub fn due_date(&self) -> Result<Option<NaiveDate>, Invalid> {
        if self.kind != SignalKind::Payment.as_str() {
            return Ok(None);
        }
        let text = self.data.get("dueDate").and_then(Value::as_str);
        let text = text.ok_or_else(|| Invalid::field(Code::FieldRequired, "data.dueDate"))?;
        let day = text.parse::<NaiveDate>();
        let day = day.map_err(|_| Invalid::field(Code::FieldType, "data.dueDate").with("expected", "YYYY-MM-DD"))?;
        crate::time::check_day(day, "data.dueDate")?;
        Ok(Some(day))
    }

    fn amount(&self) -> Result<(), Invalid> {
        match self.data.get("amountCents") {
            None | Some(Value::Null) => return Err(Invalid::field(Code::FieldRequired, "data.amountCents")),
            Some(value) if value.as_i64().is_none() => {
                return Err(Invalid::field(Code::FieldType, "data.amountCents").with("expected", "integer"));
            }
            Some(_) => money::check_amount(self.amount_cents().unwrap_or_default(), "data.amountCents")?,
        }
        self.currency().map_or(Ok(()), |code| money::check_currency(code, "data.currency"))
    }

    fn word(&self, key: &str, words: &[&str]) -> Result<(), Invalid> {
        match self.data.get(key) {
            None | Some(Value::Null) => Ok(()),
            Some(Value::String(word)) if words.contains(&word.as_str()) => Ok(()),
            Some(_) => Err(Invalid::field(Code::FieldType, format!("data.{key}")).with("expected", words.join(", "))),
        }
    }

    fn number(&self, key: &str, min: f64, max: f64, needed: bool) -> Result<(), Invalid> {
        let field = format!("data.{key}");
        match self.data.get(key) {
            None | Some(Value::Null) if !needed => Ok(()),
            None | Some(Value::Null) => Err(Invalid::field(Code::FieldRequired, field)),
            Some(value) => match value.as_f64() {
                Some(n) if (min..=max).contains(&n) => Ok(()),
                Some(_) => Err(Invalid::field(Code::FieldRange, field).with("min", min).with("max", max)),
                None => Err(Invalid::field(Code::FieldType, field).with("expected", "number")),
            },
        }
    }
}

/// The longest key of a metric, in characters.
const MAX_METRIC_KEY: usize = 100;

/// How expressions write the name of a metric, after `metric.`: lower case, without accents, with `_` for whatever stands
/// between words. Names that come to the same key are one metric. A letter that is not Latin is written by its number.
///
/// ```
/// use essor_domain::clients::metric_key;
/// assert_eq!(metric_key("Espace utilisé (Go)"), "espace_utilise_go");
/// assert_eq!(metric_key("api.calls"), "api_calls");
/// assert_eq!(metric_key("量"), "u91cf");
/// ```
pub fn metric_key(name: &str) -> String {
    let mut key = String::new();
    let mut gap = false;
    for c in super::fold(name).chars() {
        let word = match c {
            c if c.is_ascii_alphanumeric() => c.to_string(),
            c if c.is_alphanumeric() => format!("u{:x}", u32::from(c)),
            _ => {
                gap = !key.is_empty();
                continue;
            }
        };
        if key.len() + word.len() + usize::from(gap) > MAX_METRIC_KEY {
            break;
        }
        if std::mem::take(&mut gap) {
            key.push('_');
        }
        key.push_str(&word);
    }
    // A name of signs alone.
    if key.is_empty() { "_".to_owned() } else { key }
}

/// The longest note of an opinion, in characters.
const MAX_NOTE: usize = 2_000;

/// Refuses an opinion outside 1–5, or with too long a note.
pub fn check_pulse(value: u8, note: Option<&str>) -> Result<(), Invalid> {
    if !(1..=5).contains(&value) {
        return Err(Invalid::field(Code::FieldRange, "value").with("min", 1).with("max", 5));
    }
    if note.is_some_and(|note| note.chars().count() > MAX_NOTE) {
        return Err(Invalid::field(Code::FieldTooLong, "note").with("max", MAX_NOTE));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use serde_json::json;

    #[test]
    fn each_kind_asks_for_its_facts() {
        for (kind, data, refused) in [
            ("payment", json!({"amountCents": 12_000, "dueDate": "2026-03-01"}), None),
            ("payment", json!({"amountCents": 12_000, "currency": "USD", "dueDate": "2026-03-01"}), None),
            ("payment", json!({"amountCents": 12_000}), Some((Code::FieldRequired, "data.dueDate"))),
            ("payment", json!({"amountCents": 1, "dueDate": "1.3.26"}), Some((Code::FieldType, "data.dueDate"))),
            ("payment", json!({"dueDate": "2026-03-01"}), Some((Code::FieldRequired, "data.amountCents"))),
            ("payment", json!({"amountCents": 1.5}), Some((Code::FieldType, "data.amountCents"))),
            ("payment", json!({"amountCents": -1}), Some((Code::GrowthAmountNegative, "data.amountCents"))),
            (
                "outcome",
                json!({"amountCents": 5, "currency": "ZZZ"}),
                Some((Code::GrowthCurrencyUnknown, "data.currency")),
            ),
            ("outcome", json!({"amountCents": 5, "label": "Temps gagné"}), None),
            ("metric", json!({"name": "storage", "value": 46, "limit": 50}), None),
            ("metric", json!({"value": 46}), Some((Code::FieldRequired, "data.name"))),
            ("metric", json!({"name": "storage"}), Some((Code::FieldRequired, "data.value"))),
            ("metric", json!({"name": "s", "value": 1, "limit": 0}), Some((Code::FieldRange, "data.limit"))),
            ("message", json!({"channel": "email", "direction": "in", "text": "Bonjour"}), None),
            ("message", json!({"channel": "pigeon"}), Some((Code::FieldType, "data.channel"))),
            ("message", json!({"direction": 1}), Some((Code::FieldType, "data.direction"))),
            ("meeting", json!({}), None),
            ("pulse", json!({"value": 6}), Some((Code::FieldRange, "data.value"))),
            ("pulse", json!({"value": 4, "note": "Va bien"}), None),
            ("survey", json!({"survey": "nps", "score": 11}), Some((Code::FieldRange, "data.score"))),
            ("ticket", json!({"satisfaction": "good"}), Some((Code::FieldType, "data.satisfaction"))),
        ] {
            let input: SignalInput = serde_json::from_value(json!({
                "kind": kind, "messageId": "m", "clientExternalId": "c", "occurredAt": "2026-02-01T10:00:00Z",
                "data": data,
            }))
            .unwrap();
            let found = input.check().err().map(|e| (e.code, e.params["field"].as_str().unwrap().to_owned()));
            assert_eq!(found, refused.map(|(code, field)| (code, field.to_owned())), "{kind} {data}");
        }
    }

    #[test]
    fn names_of_metrics_become_keys() {
        for (name, key) in [
            ("storage", "storage"),
            ("  Storage  ", "storage"),
            ("API-calls / jour", "api_calls_jour"),
            ("30d_use", "30d_use"),
            ("__a__", "a"),
            ("Œuvres", "oeuvres"),
            ("%", "_"),
            ("数 量", "u6570_u91cf"),
        ] {
            assert_eq!(metric_key(name), key, "{name}");
        }
        assert_eq!(metric_key(&"abc ".repeat(200)).len(), 99, "no gap at its end");
    }

    #[test]
    fn kinds_read_back() {
        for kind in SignalKind::ALL {
            assert_eq!(SignalKind::parse(kind.as_str()), Ok(kind));
        }
    }
}
