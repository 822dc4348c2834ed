//! The catalogue of facts: what can be asked of a client, shown as a column and sorted by.

use super::Op;
use crate::clients::fold;
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

/// What kind of value a fact has, which decides how it can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Words.
    Text,
    /// A number.
    Number,
    /// An amount: cents in storage, units of the reporting currency in expressions.
    Money,
    /// A civil day.
    Day,
    /// An instant, compared by its civil day in the workspace's zone.
    Instant,
    /// One word of a list.
    Choice,
    /// Several words of a list.
    Choices,
    /// Yes or no.
    Boolean,
    /// A person, by name.
    Person,
    /// A web address.
    Url,
}

impl Kind {
    /// As the API writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Number => "number",
            Kind::Money => "money",
            Kind::Day => "day",
            Kind::Instant => "instant",
            Kind::Choice => "choice",
            Kind::Choices => "choices",
            Kind::Boolean => "boolean",
            Kind::Person => "person",
            Kind::Url => "url",
        }
    }

    /// The kinds that a field of one's own may have.
    pub const OF_FIELDS: [Kind; 9] = [
        Kind::Text,
        Kind::Number,
        Kind::Money,
        Kind::Day,
        Kind::Choice,
        Kind::Choices,
        Kind::Boolean,
        Kind::Url,
        Kind::Person,
    ];

    /// The kind of a field that is written so.
    pub fn of_field(text: &str) -> Option<Kind> {
        Kind::OF_FIELDS.into_iter().find(|kind| kind.as_str() == text)
    }

    /// The operators that a fact of this kind takes.
    pub const fn ops(self) -> &'static [Op] {
        use Op::{
            After, Before, Contains, Eq, Gt, Gte, Has, HasNot, In, IsEmpty, IsNotEmpty, Lt, Lte, Ne, NotIn, StartsWith,
        };
        match self {
            Kind::Text | Kind::Choice | Kind::Person | Kind::Url => {
                &[Eq, Ne, In, NotIn, Contains, StartsWith, IsEmpty, IsNotEmpty]
            }
            Kind::Number | Kind::Money => &[Eq, Ne, Lt, Lte, Gt, Gte, IsEmpty, IsNotEmpty],
            Kind::Day | Kind::Instant => &[Eq, Ne, Before, Lte, After, Gte, IsEmpty, IsNotEmpty],
            Kind::Boolean => &[Eq, Ne, IsEmpty, IsNotEmpty],
            Kind::Choices => &[Has, HasNot, IsEmpty, IsNotEmpty],
        }
    }

    /// A value of this kind, as a text would write it.
    pub(super) const fn sample(self) -> &'static str {
        match self {
            Kind::Text | Kind::Choice | Kind::Choices | Kind::Person | Kind::Url => "\"…\"",
            Kind::Number => "10",
            Kind::Money => "1000.50",
            Kind::Day | Kind::Instant => "2026-03-01, 30 days ago, in 60 days, today",
            Kind::Boolean => "true, false",
        }
    }
}

macro_rules! known {
    ($($(#[$doc:meta])* $name:ident $key:literal $kind:ident,)+) => {
        /// A fact that every client has, or may have.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Known { $($(#[$doc])* $name,)+ }

        impl Known {
            /// All of them, in the order of the catalogue.
            pub const ALL: &'static [Known] = &[$(Known::$name,)+];

            /// As expressions, columns and sorts write it.
            pub const fn key(self) -> &'static str {
                match self { $(Known::$name => $key,)+ }
            }

            /// What kind of value it has.
            pub const fn kind(self) -> Kind {
                match self { $(Known::$name => Kind::$kind,)+ }
            }
        }
    };
}

known! {
    /// Display name.
    Name "name" Text,
    /// Web domain, in lower case.
    Domain "domain" Text,
    /// The source's identifier, compared exactly.
    ExternalId "external_id" Text,
    /// Commercial segment.
    Segment "segment" Choice,
    /// Industry.
    Industry "industry" Choice,
    /// Country.
    Country "country" Choice,
    /// The person in charge.
    Owner "owner" Person,
    /// Plan or offer.
    Plan "plan" Choice,
    /// Tags.
    Tags "tags" Choices,
    /// active, trial, churned, paused, archived or none.
    Status "status" Choice,
    /// Monthly recurring revenue.
    Mrr "mrr" Money,
    /// Twelve times the MRR.
    Arr "arr" Money,
    /// MRR against three months ago, in per cent; absent when that was nought.
    MrrChange3m "mrr_change_3m" Number,
    /// The products it pays for, compared exactly.
    Products "products" Choices,
    /// Health, 0–100; absent when too little is known.
    Health "health" Number,
    /// Points of health won or lost in thirty days; absent when either score is.
    HealthChange30d "health_change_30d" Number,
    /// excellent, good, watch, critical or unknown.
    HealthClass "health_class" Choice,
    /// The share of the weight that is known, 0–1.
    Coverage "coverage" Number,
    /// Whether the score or an invoice sounds the alarm.
    AtRisk "at_risk" Boolean,
    /// The key of the risk that costs most points.
    TopRisk "top_risk" Choice,
    /// When somebody of the client was last seen in the product.
    LastSeen "last_seen" Instant,
    /// Seats bought.
    Seats "seats" Number,
    /// Active people of thirty days over seats bought, in per cent; absent without seats.
    LicenceUse "licence_use" Number,
    /// People of the client who have not left.
    Contacts "contacts" Number,
    /// Whether one of them is a champion.
    Champion "champion" Boolean,
    /// Client since: as it was said, else the first paid day.
    Since "since" Day,
    /// When Essor first heard of it.
    Created "created" Instant,
    /// The first day with MRR.
    FirstPaid "first_paid" Day,
    /// The day on which it left; absent while it pays.
    ChurnedOn "churned_on" Day,
    /// The next day on which a subscription that runs ends.
    Renewal "renewal" Day,
    /// Tickets that are open.
    OpenTickets "open_tickets" Number,
    /// Invoices past their due day and not paid, as the last look at the client found them.
    OverdueInvoices "overdue_invoices" Number,
    /// The earliest due day among them.
    OverdueSince "overdue_since" Day,
    /// The last NPS answer, 0–10.
    Nps "nps" Number,
    /// Tasks that are not done.
    OpenTasks "open_tasks" Number,
    /// What its open and accepted opportunities are expected to bring, in MRR.
    OpenOpportunities "open_opportunities" Money,
    /// The last opinion somebody gave, 1–5; one older than ninety days no longer counts.
    Pulse "pulse" Number,
    /// The name of the client above.
    Parent "parent" Text,
    /// The key of the journey's stage, or completed; absent without a journey.
    Stage "stage" Choice,
    /// How the journey stands: active, at_risk or completed.
    JourneyStatus "journey.status" Choice,
    /// The journey's progress, 0–100.
    JourneyProgress "journey.progress" Number,
    /// The day until which the stage is planned; absent once the journey is completed.
    JourneyExpectedEnd "journey.expected_end" Day,
    /// The due day of the first milestone that is not reached.
    JourneyNextMilestone "journey.next_milestone" Day,
    /// The keys of the journey's key actions that are done.
    JourneyDone "journey.done" Choices,
    /// Days with use, of the last thirty.
    ActiveDays30d "usage.active_days_30d" Number,
    /// Distinct people who used the product in the last thirty days.
    ActiveUsers30d "usage.active_users_30d" Number,
    /// Distinct names of events in the last thirty days.
    Features30d "usage.features_30d" Number,
    /// Value delivered over fees, of twelve months; 1 when they are equal.
    Roi "client.roi" Number,
    /// The mean of the CSAT answers of the last ninety days, 0–100.
    CsatMean90d "survey.csat_mean_90d" Number,
    /// Messages and meetings of the last ninety days.
    Exchanges90d "exchange.count_90d" Number,
    /// When the last message or meeting was.
    LastExchange "exchange.last" Instant,
}

/// How texts are brought to one form before they are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Folding {
    /// Without case, accents and double spaces: [`fold`].
    Full,
    /// Without case.
    Lower,
    /// As they are.
    Exact,
}

/// What a rule reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// A built-in fact.
    Known(Known),
    /// A field of the workspace's own, by its id.
    Field(Uuid),
    /// A metric that sources send, by its id: the latest value known.
    Metric(Uuid),
}

impl Source {
    /// The form in which texts of this fact are compared.
    pub fn fold(self, text: &str) -> String {
        let folding = match self {
            Source::Known(
                Known::Domain
                | Known::Status
                | Known::HealthClass
                | Known::TopRisk
                | Known::Stage
                | Known::JourneyStatus
                | Known::JourneyDone,
            ) => Folding::Lower,
            Source::Known(Known::ExternalId | Known::Products) => Folding::Exact,
            _ => Folding::Full,
        };
        match folding {
            Folding::Full => fold(text),
            Folding::Lower => text.to_lowercase(),
            Folding::Exact => text.to_owned(),
        }
    }
}

/// A value that a client has.
#[derive(Debug, Clone, PartialEq)]
pub enum Held {
    /// Words.
    Text(String),
    /// Several.
    Texts(Vec<String>),
    /// A number.
    Number(f64),
    /// An amount in cents.
    Cents(i64),
    /// A civil day.
    Day(NaiveDate),
    /// An instant.
    Instant(DateTime<Utc>),
    /// Yes or no.
    Flag(bool),
}

/// A fact of the catalogue.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// As expressions write it: `mrr`, `field.contract`.
    pub key: String,
    /// Where it is read.
    pub source: Source,
    /// The words of a field, the name of a metric; built-in facts have theirs in the interface.
    pub label: Option<String>,
    /// What kind of value it has.
    pub kind: Kind,
    /// The words it may have, where they are listed.
    pub choices: Option<Vec<String>>,
    /// Whether no other word can be: an expression that names one is refused.
    pub closed: bool,
}

impl Fact {
    /// Whether a list can be sorted by it: what has several values has no order.
    pub fn sortable(&self) -> bool {
        self.kind != Kind::Choices
    }
}

/// All that can be asked: the built-in facts, the workspace's own fields and the metrics that its sources send.
#[derive(Debug, Clone, PartialEq)]
pub struct Catalogue {
    facts: Vec<Fact>,
}

/// The words of the facts whose words are Essor's own.
fn closed(known: Known) -> Option<Vec<String>> {
    let words: &[&str] = match known {
        Known::Status => &["active", "trial", "churned", "paused", "archived", "none"],
        Known::HealthClass => &["excellent", "good", "watch", "critical", "unknown"],
        Known::JourneyStatus => &["active", "at_risk", "completed"],
        _ => return None,
    };
    Some(words.iter().map(|word| (*word).to_owned()).collect())
}

impl Catalogue {
    /// The built-in facts with a workspace's fields: id, key, label, kind, choices.
    pub fn with(fields: impl IntoIterator<Item = (Uuid, String, String, Kind, Option<Vec<String>>)>) -> Self {
        let known = Known::ALL.iter().map(|known| {
            let choices = closed(*known);
            Fact {
                key: known.key().to_owned(),
                source: Source::Known(*known),
                label: None,
                kind: known.kind(),
                closed: choices.is_some(),
                choices,
            }
        });
        let fields = fields.into_iter().map(|(id, key, label, kind, choices)| Fact {
            key: format!("field.{key}"),
            source: Source::Field(id),
            label: Some(label),
            kind,
            choices,
            closed: false,
        });
        Catalogue { facts: known.chain(fields).collect() }
    }

    /// The same with a workspace's metrics: id, key, name.
    #[must_use]
    pub fn and_metrics(mut self, metrics: impl IntoIterator<Item = (Uuid, String, String)>) -> Self {
        self.facts.extend(metrics.into_iter().map(|(id, key, name)| Fact {
            key: format!("metric.{key}"),
            source: Source::Metric(id),
            label: Some(name),
            kind: Kind::Number,
            choices: None,
            closed: false,
        }));
        self
    }

    /// All facts, built-in ones first.
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// The fact of a key.
    pub fn get(&self, key: &str) -> Option<&Fact> {
        self.facts.iter().find(|fact| fact.key == key)
    }

    /// The key that is written most like this one: of a field or a metric another of them, where there is one.
    pub fn nearest(&self, key: &str) -> &str {
        let family = |key: &str| ["field.", "metric."].into_iter().find(|family| key.starts_with(family));
        let own = family(key);
        let far = |fact: &&Fact| (own.is_some() && family(&fact.key) != own, distance(key, &fact.key));
        self.facts.iter().min_by_key(far).map_or("", |fact| fact.key.as_str())
    }
}

/// How many letters have to be put in, taken out or changed to make one word of another. Keys are short.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, c) in one.chars().take(100).enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, d) in other.iter().enumerate() {
            let changed = before + usize::from(c != *d);
            before = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(before + 1);
        }
    }
    row[other.len()]
}
