//! What a score is computed from: counts and dated facts, gathered for one client and one civil day.

use crate::clients::TicketPriority;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Counts of usage events around the day D of [`Facts::day`]. Windows hold whole civil days, both ends included.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UsageFacts {
    /// Events on D, so far.
    pub today: i64,
    /// Events from D-6 to D.
    pub last7: i64,
    /// Events from D-27 to D.
    pub last28: i64,
    /// Events on D-7: with it the seven days that ended yesterday are known too.
    pub on_day7: i64,
    /// Events on D-28.
    pub on_day28: i64,
    /// Events of the 62 days before the last 28: from D-89 to D-28.
    pub prior62: i64,
    /// Days with an event from D-27 to D.
    pub active_days28: i32,
    /// Days with an event from D-89 to D-28.
    pub active_days_prior62: i32,
    /// Distinct event names from D-27 to D.
    pub events28: i32,
    /// Distinct event names from D-89 to D.
    pub events90: i32,
    /// The first day with an event, ever.
    pub first_day: Option<NaiveDate>,
    /// The last day with an event, not after D.
    pub last_day: Option<NaiveDate>,
}

/// A support ticket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TicketFact {
    /// Opened on.
    pub opened: NaiveDate,
    /// Closed on; none while open.
    pub closed: Option<NaiveDate>,
    /// How urgent.
    pub priority: TicketPriority,
    /// The client's mark for the answer, 1–5.
    pub satisfaction: Option<f64>,
    /// Closed and opened again at least once.
    pub reopened: bool,
}

/// The three kinds of survey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SurveyKind {
    /// Would you recommend us, 0–10.
    Nps,
    /// How satisfied are you, 1–5.
    Csat,
    /// How easy was it, 1–7, 7 the easiest.
    Ces,
}

impl SurveyKind {
    /// As stored and written by the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            SurveyKind::Nps => "nps",
            SurveyKind::Csat => "csat",
            SurveyKind::Ces => "ces",
        }
    }

    /// The kind that is written so.
    pub fn parse(text: &str) -> Option<Self> {
        [SurveyKind::Nps, SurveyKind::Csat, SurveyKind::Ces].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// One answer to a survey.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SurveyFact {
    /// Answered on.
    pub day: NaiveDate,
    /// Which survey.
    pub kind: SurveyKind,
    /// The answer, in the range of its kind.
    pub score: f64,
}

/// All that is known of one client on one day. The order of the lists does not matter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Facts {
    /// The civil day in the workspace's zone; it need not be over.
    pub day: NaiveDate,
    /// Client since.
    pub since: Option<NaiveDate>,
    /// Usage; none, or without a `first_day`, when there never was any.
    pub usage: Option<UsageFacts>,
    /// Distinct users of the 28 days up to `day`.
    pub active_users28: Option<i32>,
    /// Seats bought.
    pub seats: Option<i32>,
    /// Tickets that are open or were closed in the last 180 days; more do no harm.
    pub tickets: Vec<TicketFact>,
    /// Answers of the last 180 days; more do no harm.
    pub surveys: Vec<SurveyFact>,
}

impl Facts {
    /// Days since `then`, negative when it lies ahead.
    pub(super) fn days_since(&self, then: NaiveDate) -> i64 {
        (self.day - then).num_days()
    }

    /// The usage, if there ever was any.
    pub(super) fn used(&self) -> Option<&UsageFacts> {
        self.usage.as_ref().filter(|usage| usage.first_day.is_some() || usage.last28 > 0 || usage.prior62 > 0)
    }

    /// Days since the client came, when it has had more than a fortnight to begin. Nothing is held against a younger
    /// one, nor against one of unknown age.
    pub(super) fn settled_days(&self) -> Option<i64> {
        self.since.map(|since| self.days_since(since)).filter(|days| *days > 14)
    }
}

/// The components that this workspace feeds at all: a source seen in the last 180 days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Feeds {
    /// Usage events.
    pub usage: bool,
    /// Seats, with usage by person.
    pub licence: bool,
    /// Support tickets.
    pub support: bool,
    /// Survey answers or marks on tickets.
    pub satisfaction: bool,
}
