//! Signals: dated facts about a client that are not product usage.

use super::inputs::{required, short};
use crate::{Code, Invalid};
use chrono::{DateTime, Utc};
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
    /// An e-mail, note, call or chat.
    Message,
    /// A payment or invoice.
    Payment,
    /// A meeting.
    Meeting,
    /// Value delivered.
    Outcome,
    /// A custom number of the day.
    Metric,
    /// Why a client left: `data.reason`, `data.comment`. MRR decides who churned, not this.
    ChurnReason,
}

impl SignalKind {
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
            SignalKind::ChurnReason => "churn_reason",
        }
    }

    /// The kind that is written so.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        [
            SignalKind::Ticket,
            SignalKind::Survey,
            SignalKind::Message,
            SignalKind::Payment,
            SignalKind::Meeting,
            SignalKind::Outcome,
            SignalKind::Metric,
            SignalKind::ChurnReason,
        ]
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
            _ => {}
        }
        Ok(kind)
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
