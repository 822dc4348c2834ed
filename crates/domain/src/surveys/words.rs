//! The two languages of a survey, and the words that a survey has unless somebody writes others.

use super::SurveyKind;

/// A language in which people are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Locale {
    /// French.
    Fr,
    /// English.
    En,
}

/// Countries whose people are asked in French while nothing else is known of them.
const FRENCH: [&str; 8] = ["fr", "france", "mc", "monaco", "re", "gp", "mq", "gf"];

impl Locale {
    /// As stored and written by the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Locale::Fr => "fr",
            Locale::En => "en",
        }
    }

    /// The language that a word names: `fr`, `fr-CA`, `French`, `français`, `en_GB`; another one is none of ours.
    pub fn parse(text: &str) -> Option<Locale> {
        let text = text.trim().to_lowercase();
        match text.split(['-', '_', ';']).next().unwrap_or_default() {
            "fr" | "fra" | "fre" | "french" | "français" | "francais" => Some(Locale::Fr),
            "en" | "eng" | "english" | "anglais" => Some(Locale::En),
            _ => None,
        }
    }

    /// The language of a person: what a source says of it, else that of their company's country.
    pub fn of_person(said: Option<&str>, country: Option<&str>) -> Option<Locale> {
        let country = country.map(|name| name.trim().to_lowercase()).filter(|name| !name.is_empty());
        let theirs = || country.map(|name| if FRENCH.contains(&name.as_str()) { Locale::Fr } else { Locale::En });
        said.and_then(Locale::parse).or_else(theirs)
    }

    /// The first of a browser's languages (`Accept-Language`) that is one of ours; English when none is.
    pub fn of_browser(accepted: &str) -> Locale {
        accepted.split(',').find_map(Locale::parse).unwrap_or(Locale::En)
    }

    /// The one of two texts that is in this language.
    pub fn pick<T>(self, fr: T, en: T) -> T {
        match self {
            Locale::Fr => fr,
            Locale::En => en,
        }
    }
}

/// The question of a survey for which nobody wrote another.
pub const fn question(kind: SurveyKind, locale: Locale) -> &'static str {
    match (kind, locale) {
        (SurveyKind::Nps, Locale::Fr) => "Quelle est la probabilité que vous nous recommandiez à un collègue ?",
        (SurveyKind::Nps, Locale::En) => "How likely are you to recommend us to a colleague?",
        (SurveyKind::Csat, Locale::Fr) => "Dans quelle mesure êtes-vous satisfait de nos services ?",
        (SurveyKind::Csat, Locale::En) => "How satisfied are you with our service?",
        (SurveyKind::Ces, Locale::Fr) => "Avec quelle facilité avez-vous obtenu ce que vous attendiez de nous ?",
        (SurveyKind::Ces, Locale::En) => "How easy was it to get what you needed from us?",
    }
}

/// What is asked beside it, unless somebody wrote another.
pub const fn follow_up(locale: Locale) -> &'static str {
    match locale {
        Locale::Fr => "Quelle est la raison principale de votre note ?",
        Locale::En => "What is the main reason for your score?",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_asked_in_their_language() {
        for (said, country, expected) in [
            (Some("fr-CA"), Some("Canada"), Some(Locale::Fr)),
            (Some("en_US"), Some("FR"), Some(Locale::En)),
            (Some("Français"), None, Some(Locale::Fr)),
            (Some("de"), Some("France"), Some(Locale::Fr)),
            (Some("de"), None, None),
            (None, Some("fr"), Some(Locale::Fr)),
            (None, Some("Germany"), Some(Locale::En)),
            (None, Some(" "), None),
            (None, None, None),
        ] {
            assert_eq!(Locale::of_person(said, country), expected, "{said:?} {country:?}");
        }
        for (accepted, expected) in [
            ("fr-FR,fr;q=0.9,en;q=0.8", Locale::Fr),
            ("de-DE, en;q=0.5, fr;q=0.4", Locale::En),
            ("de", Locale::En),
            ("", Locale::En),
        ] {
            assert_eq!(Locale::of_browser(accepted), expected, "{accepted}");
        }
    }
}
