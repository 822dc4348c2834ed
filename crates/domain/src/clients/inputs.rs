//! What a source says of clients, contacts and subscriptions, checked before anything is stored.

use super::{fold, part_of};
use crate::growth::money;
use crate::time::check_day;
use crate::{Code, Invalid};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The longest text that a name or identifier may have, in characters.
pub const MAX_TEXT: usize = 512;
/// The longest word that clients are divided by (segment, owner, plan, …), in characters, as written and folded: one
/// index holds five of them.
pub const MAX_WORD: usize = 100;
/// The longest tag, in characters.
pub const MAX_TAG: usize = 60;
/// The most tags of a client.
pub const MAX_TAGS: usize = 50;
/// The longest domain, in characters: that of the domain name system.
pub const MAX_DOMAIN: usize = 253;

/// A client account as a source knows it; fields left out keep what is stored.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClientInput {
    /// The source's own identifier: the key of the upsert.
    pub external_id: String,
    /// Display name; the external id when a new client has none.
    #[serde(default)]
    pub name: Option<String>,
    /// Web domain, without scheme.
    #[serde(default)]
    pub domain: Option<String>,
    /// Commercial segment ("PME", "Grand compte").
    #[serde(default)]
    pub segment: Option<String>,
    /// Industry.
    #[serde(default)]
    pub industry: Option<String>,
    /// Country, ISO 3166 alpha-2 by habit; kept as given.
    #[serde(default)]
    pub country: Option<String>,
    /// The person in charge, by name or e-mail.
    #[serde(default)]
    pub owner: Option<String>,
    /// Plan or offer.
    #[serde(default)]
    pub plan: Option<String>,
    /// Seats bought; the denominator of licence use.
    #[serde(default)]
    pub seats: Option<i32>,
    /// Client since this day.
    #[serde(default)]
    pub since: Option<NaiveDate>,
    /// The client above this one, by its external id; empty for none.
    #[serde(default)]
    pub parent_external_id: Option<String>,
    /// Everything else that the source says, kept as it came and merged key by key.
    #[serde(default)]
    pub traits: Map<String, Value>,
    /// Set aside: left out of lists and totals, once it no longer pays.
    #[serde(default)]
    pub archived: Option<bool>,
    /// Paused by hand.
    #[serde(default)]
    pub paused: Option<bool>,
    /// Values of the workspace's own fields by their keys; null empties one, those left out keep what they have.
    #[serde(default)]
    pub fields: Map<String, Value>,
    /// Exactly these tags; left out they stay.
    #[serde(default)]
    pub tags: Option<Vec<String>>,
}

impl ClientInput {
    /// Refuses what cannot be stored.
    pub fn check(&self) -> Result<(), Invalid> {
        required(&self.external_id, "externalId")?;
        for (text, field) in [(&self.name, "name"), (&self.parent_external_id, "parentExternalId")] {
            short(text.as_deref(), field)?;
        }
        place(self.domain.as_deref())?;
        for (text, field) in [
            (&self.segment, "segment"),
            (&self.industry, "industry"),
            (&self.country, "country"),
            (&self.owner, "owner"),
            (&self.plan, "plan"),
        ] {
            word(text.as_deref(), field)?;
        }
        if self.seats.is_some_and(|s| !(0..=10_000_000).contains(&s)) {
            return Err(Invalid::field(Code::FieldRange, "seats").with("min", 0).with("max", 10_000_000));
        }
        check_tags(self.tags.as_deref().unwrap_or_default())?;
        self.since.map_or(Ok(()), |day| check_day(day, "since"))
    }
}

/// Refuses tags that cannot be stored.
pub fn check_tags(tags: &[String]) -> Result<(), Invalid> {
    if tags.len() > MAX_TAGS {
        return Err(Invalid::field(Code::ListTooLong, "tags").with("max", MAX_TAGS));
    }
    tags.iter().try_for_each(|tag| within(Some(tag.trim()), "tags", MAX_TAG))
}

/// Tags as they are kept: without blanks around them, each once whatever its case and accents, in the order of their
/// folded words.
pub fn tidy_tags(tags: &[String]) -> Vec<String> {
    let by_key: std::collections::BTreeMap<String, &str> =
        tags.iter().rev().map(|tag| (fold(tag), tag.trim())).filter(|(key, _)| !key.is_empty()).collect();
    by_key.into_values().map(str::to_owned).collect()
}

/// A person at a client.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ContactInput {
    /// The source's own identifier: the key of the upsert (Segment's `userId`).
    pub external_id: String,
    /// The client they belong to.
    #[serde(default)]
    pub client_external_id: Option<String>,
    /// Display name.
    #[serde(default)]
    pub name: Option<String>,
    /// E-mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// Their part at the client; `champion` is who carries the product there. Any other word is taken for a title.
    #[serde(default)]
    pub role: Option<String>,
    /// Job title.
    #[serde(default)]
    pub title: Option<String>,
    /// The day on which they left the client.
    #[serde(default)]
    pub left_on: Option<NaiveDate>,
    /// Everything else, merged key by key.
    #[serde(default)]
    pub traits: Map<String, Value>,
}

impl ContactInput {
    /// Refuses what cannot be stored.
    pub fn check(&self) -> Result<(), Invalid> {
        required(&self.external_id, "externalId")?;
        for (text, field) in [
            (&self.client_external_id, "clientExternalId"),
            (&self.name, "name"),
            (&self.email, "email"),
            (&self.role, "role"),
            (&self.title, "title"),
        ] {
            short(text.as_deref(), field)?;
        }
        self.left_on.map_or(Ok(()), |day| check_day(day, "leftOn"))
    }

    /// The part that the source gives them and their job title. Sources call a job a role: such a word is a title, so
    /// that it never takes the place of a part that somebody chose. A title that is said beside it counts.
    pub fn part_and_title(&self) -> (Option<&'static str>, Option<&str>) {
        fn said(text: &Option<String>) -> Option<&str> {
            text.as_deref().map(str::trim).filter(|text| !text.is_empty())
        }
        let part = said(&self.role).and_then(part_of);
        let job = said(&self.role).filter(|_| part.is_none());
        (part, said(&self.title).or(job))
    }
}

/// A recurring contract line. Sent again with another amount, quantity or state it becomes a *change* from
/// `effective_date` on; what held before that day keeps its value.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SubscriptionInput {
    /// The source's own identifier: the key of the upsert.
    pub external_id: String,
    /// The client that pays.
    pub client_external_id: String,
    /// Product or offer.
    pub product: String,
    /// Plan within the product.
    #[serde(default)]
    pub plan: Option<String>,
    /// First day that counts.
    pub start_date: NaiveDate,
    /// First day that no longer counts; none while it runs.
    #[serde(default)]
    pub end_date: Option<NaiveDate>,
    /// Amount per period and unit, in minor units of `currency`; never negative.
    pub amount_cents: i64,
    /// ISO 4217; the workspace's own when left out.
    #[serde(default)]
    pub currency: Option<String>,
    /// `month` (default), `year`, `quarter`, `week` or `day`.
    #[serde(default)]
    pub period: Option<String>,
    /// Units; 1 when left out.
    #[serde(default)]
    pub quantity: Option<i64>,
    /// Seats that it grants.
    #[serde(default)]
    pub seats: Option<i32>,
    /// A trial is not MRR.
    #[serde(default)]
    pub is_trial: bool,
    /// Paused is not MRR; past due is.
    #[serde(default)]
    pub paused: bool,
    /// Recurring discount on the whole line per period, in minor units of `currency`.
    #[serde(default)]
    pub discount_cents: Option<i64>,
    /// First day on which the discount no longer holds.
    #[serde(default)]
    pub discount_until: Option<NaiveDate>,
    /// From when this state holds: the start when new, today when it changes something.
    #[serde(default)]
    pub effective_date: Option<NaiveDate>,
    /// When the source knew it; receipt when left out.
    #[serde(default)]
    pub known_at: Option<DateTime<Utc>>,
}

impl SubscriptionInput {
    /// Refuses what cannot be stored or would not reconcile.
    pub fn check(&self) -> Result<(), Invalid> {
        required(&self.external_id, "externalId")?;
        required(&self.client_external_id, "clientExternalId")?;
        required(&self.product, "product")?;
        short(self.plan.as_deref(), "plan")?;
        money::check_amount(self.amount_cents, "amountCents")?;
        money::check_amount(self.discount_cents.unwrap_or(0), "discountCents")?;
        if !(0..=10_000_000).contains(&self.quantity.unwrap_or(1)) {
            return Err(Invalid::field(Code::FieldRange, "quantity").with("min", 0).with("max", 10_000_000));
        }
        for (day, field) in [
            (Some(self.start_date), "startDate"),
            (self.end_date, "endDate"),
            (self.discount_until, "discountUntil"),
            (self.effective_date, "effectiveDate"),
            (self.known_at.map(|at| at.date_naive()), "knownAt"),
        ] {
            day.map_or(Ok(()), |day| check_day(day, field))?;
        }
        if let Some(currency) = &self.currency {
            money::check_currency(currency, "currency")?;
        }
        if let Some(period) = &self.period {
            money::Period::parse(period)?;
        }
        if let Some(end) = self.end_date.filter(|end| *end < self.start_date) {
            return Err(Invalid::field(Code::GrowthSubscriptionEndsBeforeStart, "endDate")
                .with("startDate", self.start_date.to_string())
                .with("endDate", end.to_string()));
        }
        if self.effective_date.is_some_and(|day| day < self.start_date) {
            return Err(Invalid::field(Code::GrowthChangeBeforeStart, "effectiveDate")
                .with("startDate", self.start_date.to_string()));
        }
        Ok(())
    }
}

/// Refuses an empty or overlong text.
pub(crate) fn required(text: &str, field: &str) -> Result<(), Invalid> {
    if text.trim().is_empty() {
        return Err(Invalid::field(Code::FieldRequired, field));
    }
    short(Some(text), field)
}

/// Refuses an overlong text, and NUL, which PostgreSQL cannot store.
pub(crate) fn short(text: Option<&str>, field: &str) -> Result<(), Invalid> {
    within(text, field, MAX_TEXT)
}

/// The same for a domain.
pub(crate) fn place(text: Option<&str>) -> Result<(), Invalid> {
    within(text, "domain", MAX_DOMAIN)
}

/// The same for a word that clients are divided by.
pub fn word(text: Option<&str>, field: &str) -> Result<(), Invalid> {
    within(text, field, MAX_WORD)?;
    within(text.map(fold).as_deref(), field, MAX_WORD)
}

fn within(text: Option<&str>, field: &str, max: usize) -> Result<(), Invalid> {
    let Some(text) = text else { return Ok(()) };
    if text.chars().count() > max {
        return Err(Invalid::field(Code::FieldTooLong, field).with("max", max));
    }
    if text.contains('\0') {
        return Err(Invalid::field(Code::FieldType, field).with("expected", "text without NUL"));
    }
    Ok(())
}
