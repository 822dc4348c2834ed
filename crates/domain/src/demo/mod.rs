//! The demo portfolio: a believable B2B software vendor's clients, made from a seed and nothing else.
//!
//! Clients are made one at a time, so that 100,000 of them can be streamed, and every random stream is keyed by the
//! client's own number: client 7 of a portfolio of 120 is client 7 of a portfolio of 100,000 (only the volume of use
//! and of messages differs, see [`DemoSpec::light`]). Shares over the portfolio (segments, arrivals, churn, moods) come from a
//! low-discrepancy sequence over the client's number rather than from dice, so that a small demo looks as it should
//! for every seed. No platform mathematics is used: the same seed gives the same bits everywhere.

mod calendar;
mod draw;
pub mod growth;
pub mod journeys;
mod life;
mod names;
mod relations;
mod signals;
mod subscriptions;
mod tags;
#[cfg(test)]
mod tests;
mod usage;
pub mod work;

use crate::clients::{ClientInput, ContactInput, SignalInput, SubscriptionInput};
use chrono::NaiveDate;
use life::Life;

/// The currency of every amount of the demo.
pub const CURRENCY: &str = "EUR";

/// Above this many clients the use of the product is thinned out.
const LIGHT_ABOVE: u32 = 2_000;

/// What portfolio to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoSpec {
    /// All clients, churned ones included.
    pub clients: u32,
    /// How many months the story spans; older clients began before.
    pub months: u32,
    /// Another seed, another portfolio.
    pub seed: u64,
    /// The last day, included: "today" of the demo.
    pub until: NaiveDate,
}

impl DemoSpec {
    /// Whether use is thinned out: the last 120 days only, and at most two events of three users a weekday; of messages,
    /// invoices and outcomes the last 120 days.
    pub fn light(&self) -> bool {
        self.clients > LIGHT_ABOVE
    }
}

/// One client with all that is known of it, ready to be stored through the ordinary operations.
#[derive(Debug, Clone, PartialEq)]
pub struct DemoClient {
    /// The account.
    pub client: ClientInput,
    /// The words that its account manager put on it.
    pub tags: Vec<&'static str>,
    /// Its people; the first ones use the product most.
    pub contacts: Vec<ContactInput>,
    /// The successive states of each subscription, in order, each with `effective_date` and `known_at`.
    pub subscriptions: Vec<Vec<SubscriptionInput>>,
    /// Use of the product, by day, then user, then event.
    pub usage: Vec<DemoUsageDay>,
    /// Tickets, survey answers, messages, meetings, invoices, outcomes, quotas, opinions and the reason of a departure, by
    /// time.
    pub signals: Vec<SignalInput>,
}

/// How often one person did one thing on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoUsageDay {
    /// The civil day.
    pub day: NaiveDate,
    /// What was done.
    pub event: String,
    /// Who: the index in [`DemoClient::contacts`].
    pub user: u16,
    /// How often, at least once.
    pub count: u32,
}

/// Makes client number `index` (from 0) of the portfolio.
pub fn client(spec: &DemoSpec, index: u32) -> DemoClient {
    let life = Life::of(spec, index);
    let identity = names::identity(spec.seed, index, life.segment);
    let story = subscriptions::story(&life);
    let mut contacts = names::contacts(&life, &identity, story.users);
    relations::champion(&life, &mut contacts);
    let usage = usage::days(spec, &life, &story);
    let mut signals = signals::signals(&life, &contacts);
    signals.extend(relations::signals(&life, &story, &contacts, spec.light()));
    signals.sort_by(|a, b| (a.occurred_at, &a.message_id).cmp(&(b.occurred_at, &b.message_id)));
    let client = ClientInput {
        external_id: life.external_id(),
        name: Some(identity.name),
        domain: Some(identity.domain),
        segment: Some(life.segment.name().to_owned()),
        industry: Some(identity.industry.to_owned()),
        country: Some(identity.country.to_owned()),
        owner: Some(identity.owner.to_owned()),
        plan: Some(life.segment.plan().to_owned()),
        seats: Some(story.seats),
        since: Some(life.start),
        parent_external_id: relations::parent(&life, |other| Life::of(spec, other)),
        traits: identity.traits,
        archived: None,
        paused: None,
        fields: Default::default(),
        tags: None,
    };
    DemoClient { client, tags: tags::of(spec.seed, index), contacts, subscriptions: story.states, usage, signals }
}

/// The account managers, among whom the clients are shared.
pub fn owners() -> &'static [&'static str] {
    &names::OWNERS
}

/// Every event that the demo's clients can send.
pub fn events() -> impl Iterator<Item = &'static str> {
    usage::EVENTS.iter().map(|event| event.name)
}
