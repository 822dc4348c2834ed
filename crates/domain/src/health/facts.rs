//! What a score is computed from: counts and dated facts, gathered for one client and one civil day.

use super::curve::percent;
use super::profile::Component;
use crate::clients::TicketPriority;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

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
    /// Days with an event from D-29 to D.
    #[serde(default)]
    pub active_days30: i32,
    /// Distinct event names from D-29 to D.
    #[serde(default)]
    pub events30: i32,
    /// The first day with an event, ever.
    pub first_day: Option<NaiveDate>,
    /// The last day with an event, not after D.
    pub last_day: Option<NaiveDate>,
}

impl UsageFacts {
    /// The facts as of a day from daily counts (day, event, count), those after it left out; none without any use. The
    /// store computes the same in SQL; this is for days on which some counts are to be taken off first.
    pub fn of_counts(counts: &[(NaiveDate, String, i64)], day: NaiveDate) -> Option<Self> {
        let counts: Vec<(i64, &str, i64)> = counts
            .iter()
            .map(|(at, event, count)| ((day - *at).num_days(), event.as_str(), *count))
            .filter(|(ago, _, count)| *ago >= 0 && *count > 0)
            .collect();
        let within = |newest: i64, oldest: i64| counts.iter().filter(move |(ago, ..)| (newest..=oldest).contains(ago));
        let sum = |newest, oldest| within(newest, oldest).map(|(.., count)| count).sum();
        let days = |newest, oldest| within(newest, oldest).map(|(ago, ..)| ago).collect::<BTreeSet<_>>().len() as i32;
        let names = |newest, oldest| within(newest, oldest).map(|(_, e, _)| e).collect::<BTreeSet<_>>().len() as i32;
        let ago = |days: i64| day - chrono::Duration::days(days);
        Some(UsageFacts {
            today: sum(0, 0),
            last7: sum(0, 6),
            last28: sum(0, 27),
            on_day7: sum(7, 7),
            on_day28: sum(28, 28),
            prior62: sum(28, 89),
            active_days28: days(0, 27),
            active_days_prior62: days(28, 89),
            events28: names(0, 27),
            events90: names(0, 89),
            active_days30: days(0, 29),
            events30: names(0, 29),
            first_day: Some(ago(counts.iter().map(|(ago, ..)| *ago).max()?)),
            last_day: counts.iter().map(|(ago, ..)| *ago).min().map(ago),
        })
    }
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

/// What was said and when: messages and meetings up to the day D of [`Facts::day`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExchangeFacts {
    /// The day of the last message or meeting.
    pub last_day: Option<NaiveDate>,
    /// Exchanges from D-27 to D.
    pub last28: i32,
    /// Exchanges from D-89 to D-28.
    pub prior62: i32,
}

/// The contacts whose role is *champion*.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChampionFacts {
    /// How many are there.
    pub present: i32,
    /// The day on which the last one left, if any did.
    pub left_on: Option<NaiveDate>,
}

/// An invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvoiceFact {
    /// To be paid by the end of this day.
    pub due: NaiveDate,
    /// Paid on; none while open.
    pub paid: Option<NaiveDate>,
    /// Its amount, in cents of the reporting currency.
    pub cents: i64,
}

/// Value delivered and fees, over the twelve months up to the day; cents of the reporting currency.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OutcomeFacts {
    /// Value delivered.
    pub value_cents: i64,
    /// Fees.
    pub fees_cents: i64,
}

impl OutcomeFacts {
    /// Value delivered in per cent of the fees; none without fees.
    pub fn roi_pct(&self) -> Option<i64> {
        (self.fees_cents > 0).then(|| percent(self.value_cents.max(0) as f64 / self.fees_cents as f64))
    }
}

/// What a person thought of the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PulseFact {
    /// Given on.
    pub day: NaiveDate,
    /// 1 (lost) to 5 (enthusiastic).
    pub value: u8,
}

/// The clients under a parent, by their scores of the day.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChildrenFacts {
    /// How many clients have this parent, churned and archived ones left out.
    pub count: i32,
    /// How many of them have a score.
    pub scored: i32,
    /// Mean of their scores by MRR (unweighted when none pays), to one digit; none when no child has a score.
    pub mean: Option<f64>,
    /// The lowest score among them.
    pub lowest: Option<u8>,
    /// Whose it is.
    pub lowest_name: Option<String>,
}

/// Where the client stands on its journey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JourneyFacts {
    /// The stage's key.
    pub stage: String,
    /// Its name.
    pub label: crate::journey::Label,
    /// Whether it is late, about to be, or a critical milestone was missed.
    pub at_risk: bool,
    /// Days past the stage's planned end.
    pub days_late: i64,
    /// Milestones that were missed.
    pub overdue: i32,
    /// Of those, the critical ones.
    pub critical: i32,
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
    /// Distinct users of the 30 days up to `day`: journeys measure by them.
    #[serde(default)]
    pub active_users30: Option<i32>,
    /// Seats bought.
    pub seats: Option<i32>,
    /// Tickets that are open or were closed in the last 180 days; more do no harm.
    pub tickets: Vec<TicketFact>,
    /// Answers of the last 180 days; more do no harm.
    pub surveys: Vec<SurveyFact>,
    /// Messages and meetings; none when there never was any.
    #[serde(default)]
    pub exchanges: Option<ExchangeFacts>,
    /// Champions; none when the client never had one.
    #[serde(default)]
    pub champion: Option<ChampionFacts>,
    /// Invoices that are open, or were paid in the last 180 days; more do no harm.
    #[serde(default)]
    pub invoices: Vec<InvoiceFact>,
    /// Value delivered; none when no outcome is known of the last twelve months.
    #[serde(default)]
    pub outcomes: Option<OutcomeFacts>,
    /// The last opinion of a person.
    #[serde(default)]
    pub pulse: Option<PulseFact>,
    /// The clients under this one; none when it is nobody's parent.
    #[serde(default)]
    pub children: Option<ChildrenFacts>,
    /// Its journey; none without one, and once it is through.
    #[serde(default)]
    pub journey: Option<JourneyFacts>,
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

    /// By how many days the oldest unpaid invoice is late; 0 when none is.
    pub fn late_days(&self) -> i64 {
        self.unpaid().map(|invoice| self.days_since(invoice.due)).max().unwrap_or(0)
    }

    /// The invoices that are late: due before the day, and not paid by its end.
    pub(super) fn unpaid(&self) -> impl Iterator<Item = &InvoiceFact> {
        let open = |invoice: &&InvoiceFact| invoice.paid.is_none_or(|paid| paid > self.day);
        self.invoices.iter().filter(open).filter(|invoice| invoice.due < self.day)
    }

    /// Whether every champion that the client had has left.
    pub(super) fn champion_gone(&self) -> Option<NaiveDate> {
        self.champion.as_ref().filter(|champion| champion.present == 0)?.left_on
    }

    /// Days since the client came, when it has had more than a fortnight to begin. Nothing is held against a younger
    /// one, nor against one of unknown age.
    pub(super) fn settled_days(&self) -> Option<i64> {
        self.since.map(|since| self.days_since(since)).filter(|days| *days > 14)
    }
}

/// The components that this workspace feeds at all: a source seen in the last 180 days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Feeds {
    /// Usage events.
    pub usage: bool,
    /// Seats, with usage by person.
    pub licence: bool,
    /// Messages and meetings.
    pub engagement: bool,
    /// Support tickets.
    pub support: bool,
    /// Survey answers or marks on tickets.
    pub satisfaction: bool,
    /// Invoices.
    pub payments: bool,
    /// Value delivered.
    pub outcomes: bool,
    /// Opinions.
    pub pulse: bool,
    /// Journeys.
    pub journey: bool,
}

impl Feeds {
    /// Whether a component is fed. Children are a matter of each client, not of a source.
    pub const fn of(&self, component: Component) -> bool {
        match component {
            Component::Usage => self.usage,
            Component::Licence => self.licence,
            Component::Engagement => self.engagement,
            Component::Support => self.support,
            Component::Satisfaction => self.satisfaction,
            Component::Payments => self.payments,
            Component::Outcomes => self.outcomes,
            Component::Pulse => self.pulse,
            Component::Journey => self.journey,
            Component::Sentiment | Component::Children => false,
        }
    }
}
