//! People at a client as somebody writes them by hand: their part there, and what they have agreed to.

use super::fold;
use super::inputs::short;
use crate::time::check_day;
use crate::{Code, Invalid};
use chrono::NaiveDate;

/// The parts that a person can have at a client. Any other word that a source sends for one is a job title.
pub const ROLES: [&str; 7] =
    ["champion", "decision_maker", "user", "billing", "technical", "executive_sponsor", "detractor"];

/// The part that a word means, however it is written; none when it is no part.
pub fn part_of(word: &str) -> Option<&'static str> {
    let word = fold(word.trim()).replace([' ', '-'], "_");
    ROLES.into_iter().find(|role| *role == word)
}

/// What a person says about being written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// They agreed.
    Given,
    /// They refused, or took it back.
    Refused,
}

impl Consent {
    /// As stored and written by the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Consent::Given => "given",
            Consent::Refused => "refused",
        }
    }

    /// The consent that is written so; `unknown` is none.
    pub fn parse(text: &str) -> Result<Option<Consent>, Invalid> {
        match text {
            "given" => Ok(Some(Consent::Given)),
            "refused" => Ok(Some(Consent::Refused)),
            "unknown" => Ok(None),
            _ => Err(Invalid::field(Code::ClientsConsentUnknown, "consent").with("value", text)),
        }
    }
}

/// What changes of a person; an inner none empties the field, left out it stays.
#[derive(Debug, Clone, Default, PartialEq)]
#[allow(missing_docs, reason = "each field is that of the contact")]
pub struct ContactPatch {
    pub name: Option<Option<String>>,
    pub email: Option<Option<String>>,
    pub role: Option<Option<String>>,
    pub title: Option<Option<String>>,
    pub left_on: Option<Option<NaiveDate>>,
    /// given, refused or unknown.
    pub consent: Option<String>,
    /// Since when; the day of the change when left out.
    pub consent_on: Option<Option<NaiveDate>>,
}

impl ContactPatch {
    /// Refuses what cannot be stored.
    pub fn check(&self) -> Result<(), Invalid> {
        for (text, field) in
            [(&self.name, "name"), (&self.email, "email"), (&self.role, "role"), (&self.title, "title")]
        {
            short(text.as_ref().and_then(Option::as_deref), field)?;
        }
        if let Some(Some(email)) = &self.email
            && !email.trim().is_empty()
            && !is_email(email.trim())
        {
            return Err(Invalid::field(Code::IdentityEmailInvalid, "email"));
        }
        for (day, field) in [(self.left_on, "leftOn"), (self.consent_on, "consentOn")] {
            day.flatten().map_or(Ok(()), |day| check_day(day, field))?;
        }
        self.consent.as_deref().map_or(Ok(()), |consent| Consent::parse(consent).map(|_| ()))
    }
}

/// One `@` with something on both sides and no white space: whether it is really somebody's, only a letter tells.
fn is_email(text: &str) -> bool {
    let mut parts = text.split('@');
    let both = matches!((parts.next(), parts.next(), parts.next()), (Some(a), Some(b), None) if !a.is_empty() && b.contains('.'));
    both && !text.chars().any(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::ContactInput;

    #[test]
    fn a_job_is_no_part() {
        for (role, title, part, job) in [
            (Some("Champion"), None, Some("champion"), None),
            (Some(" decision-maker "), Some("CTO"), Some("decision_maker"), Some("CTO")),
            (Some("CTO"), None, None, Some("CTO")),
            (Some("CTO"), Some("Directrice"), None, Some("Directrice")),
            (Some("  "), Some(" "), None, None),
            (None, None, None, None),
        ] {
            let said = ContactInput {
                role: role.map(str::to_owned),
                title: title.map(str::to_owned),
                ..ContactInput::default()
            };
            assert_eq!(said.part_and_title(), (part, job), "{role:?} {title:?}");
        }
    }

    #[test]
    fn a_person_is_checked_field_by_field() {
        let email = |text: &str| ContactPatch { email: Some(Some(text.into())), ..ContactPatch::default() };
        for (patch, field) in [
            (email("ada@acme.example"), None),
            (email(" "), None),
            (email("ada"), Some("email")),
            (email("a b@c.d"), Some("email")),
            (email("a@b@c.d"), Some("email")),
            (ContactPatch { consent: Some("maybe".into()), ..ContactPatch::default() }, Some("consent")),
            (ContactPatch { consent: Some("unknown".into()), ..ContactPatch::default() }, None),
            (
                ContactPatch { left_on: Some(NaiveDate::from_ymd_opt(1, 1, 1)), ..ContactPatch::default() },
                Some("leftOn"),
            ),
            (ContactPatch { title: Some(Some("x".repeat(600))), ..ContactPatch::default() }, Some("title")),
        ] {
            let refused = patch.check().err().and_then(|e| e.params["field"].as_str().map(str::to_owned));
            assert_eq!(refused.as_deref(), field, "{patch:?}");
        }
    }
}
